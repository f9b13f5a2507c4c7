package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// hinted are the keys of the screen in view that the bottom line has.
func (a *App) hinted() []string {
	a.chrome.stale, a.stale, a.note = true, true, note{}
	a.View()
	var keys []string
	for _, k := range a.chrome.acts {
		if k.tab != "" {
			keys = append(keys, k.keys[0])
		}
	}
	return keys
}

// body is the screen in view without the lines around it.
func (a *App) body() string {
	a.stale, a.note, a.overlay = true, note{}, nil
	lines := strings.Split(a.View().Content, "\n")
	return strings.Join(lines[bodyTop:len(lines)-1], "\n")
}

// A key that the bottom line of screen 2 has does something in the view that is
// shown, and each view has its own.
func TestHintsOfInspect(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 12, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The keys are here.", "The keys is here."))
	i.settle("both sentences", func() bool { return i.s.ready() && i.s.page.Sentences[1].Len() > 0 })
	i.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	lines := map[string]bool{}
	for view := range i.s.views {
		show := func() {
			i.overlay = nil
			i.run(i.s.stop())
			i.run(i.s.turnTo(view))
			i.run(i.s.to(3))
			if i.s.editing >= 0 {
				i.run(i.press(key("esc")))
			}
			i.run(i.s.undo())
			i.settle("the view", func() bool { return i.s.ready() && i.s.page.Busy == nil })
		}
		show()
		keys := i.hinted()
		lines[strings.Join(keys, " ")] = true
		for _, name := range keys {
			if slices.Contains([]string{"tab", "right", "f", "e", "b"}, name) { // as in every view
				continue
			}
			show()
			before := i.body()
			i.run(i.press(key(name)))
			i.settle("what "+name+" does in "+i.s.shown().name(i.s.words()), func() bool { return i.body() != before })
		}
	}
	if len(lines) < 6 {
		t.Errorf("the views have only %d different lines of keys: %v", len(lines), lines)
	}
}

// [ and ] are in the bottom line of every screen where they do something, one name for
// both, in both languages; where all do not have room they give way.
func TestHintsOfBrackets(t *testing.T) {
	for lang, want := range map[words.Lang][2]string{
		words.English: {"[  ] move chart", "[  ] 10 tokens"},
		words.Chinese: {"[  ] 移动图", "[  ] 10 个词元"},
	} {
		for _, ascii := range []bool{false, true} {
			a := shownRun(t, 200, 40, lang, Dark, views.Options{ASCII: ascii}, 1)
			line := func() string { a.hinted(); return plainText(a.chrome.help) }
			if got := line(); strings.Contains(got, "]") {
				t.Errorf("%s: nothing is zoomed, but the line is %q", lang, got)
			}
			a.Update(key("+"))
			if !a.chrome.stale {
				t.Errorf("%s: the line of before stays", lang)
			}
			if got := line(); !strings.Contains(got, want[0]) {
				t.Errorf("%s, zoomed: %q is not in %q", lang, want[0], got)
			}
			a.open(tabIndex("inspect"))
			if got := line(); !strings.Contains(got, want[1]) {
				t.Errorf("%s, screen 2: %q is not in %q", lang, want[1], got)
			}
			for columns := 60; columns < 200; columns++ {
				a.Update(tea.WindowSizeMsg{Width: columns, Height: 24})
				got := a.hinted()
				if slices.Contains(got, "[") && !slices.Contains(got, "]") || slices.Contains(got, "]") && !slices.Contains(got, "a") {
					t.Errorf("%s, in %d columns: %q", lang, columns, got)
				}
			}
		}
	}
}

// The timeline says what it is where there is room, in the help too, and its marks are
// where the mouse finds them.
func TestTimelineHasAName(t *testing.T) {
	for lang, want := range map[words.Lang][2]string{
		words.English: {"look back ├", "The line right of the tabs"},
		words.Chinese: {"回看 ├", "标签右侧的线上"},
	} {
		a := shownRun(t, 80, 30, lang, Dark, views.Options{}, 1)
		snap := *a.snap
		snap.Past = []int64{0, 1, 10, 100}
		a.snap = &snap
		for columns := 60; columns <= 200; columns++ {
			a.Update(tea.WindowSizeMsg{Width: columns, Height: 30})
			line := strings.Split(plainText(a.View().Content), "\n")[1]
			if named := strings.Contains(line, want[0]); columns == 80 && named || columns >= 120 && !named {
				t.Errorf("%s, %d columns: %q", lang, columns, line)
			}
			for i, x := range a.chrome.times {
				if cellAt(line, x) != "•" {
					t.Errorf("%s, %d columns: mark %d is not in column %d of %q", lang, columns, i, x, line)
				}
			}
		}
		h := newHelp(a)
		h.build()
		if text := plainText(strings.Join(h.lines, "\n")); !strings.Contains(text, want[1]) {
			t.Errorf("%s: the help has no %q", lang, want[1])
		}
	}
}

// cellAt is the character in a column of a line.
func cellAt(line string, x int) string {
	for _, r := range line {
		if x <= 0 {
			return string(r)
		}
		x -= views.Width(string(r))
	}
	return ""
}

// So it is on screen 5.
func TestHintsOfTheLadder(t *testing.T) {
	a, s := ladderApp(t, "fables", 160, 40, words.English)
	s.raced(t)
	for view, want := range [ladderViews][]string{
		{"space", "v", "a", "m", "enter"},
		{"space", "v", "left", "right", "[", "]"},
		{"v", "left", "right", "e", "t", "+"},
		{"space", "v", "left", "right", "e", "c"},
		{"space", "v", "left", "right", "e", "E"},
	} {
		s.turnTo(view)
		a.settle(t, "an answer", func() bool {
			return [ladderViews]bool{true, s.wins.answer != nil, s.bench.answer != nil, s.demo.answer != nil, s.pair.answer != nil}[view]
		})
		if got := a.hinted(); !slices.Equal(got, want) {
			t.Errorf("view %d has the keys %q, want %q", view, got, want)
		}
		for _, name := range a.hinted() {
			s.turnTo(view)
			if s.edits >= 0 {
				s.rest()
			}
			if name == "space" || name == "m" { // the networks train on, and A may be it already
				continue
			}
			if first := view == onWins || view == onSentences; name == "left" && first || name == "right" && !first { // it is at that end
				continue
			}
			before := a.body()
			a.Update(key(name))
			a.settle(t, fmt.Sprintf("what %s does in view %d", name, view), func() bool { return a.body() != before })
		}
	}
}

// A window of 80 columns has room for all of them, in both languages.
func TestHintsOfTheLadderFit(t *testing.T) {
	a, s := ladderApp(t, "fables", 160, 24, words.English)
	a.settle(t, "the rungs", func() bool { return s.now != nil && s.now.Tokens > 0 })
	for _, lang := range words.Langs() {
		a.lang, a.words = lang, words.For(lang)
		for view := range ladderViews {
			s.turnTo(view)
			a.Update(tea.WindowSizeMsg{Width: 160, Height: 24})
			want := a.hinted()
			a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			if got := a.hinted(); !slices.Equal(got, want) {
				t.Errorf("%s: of %q view %d has %q", lang, want, view, got)
			}
			if line := plainText(a.chrome.help); views.Width(line) > 80 {
				t.Errorf("%s: view %d has a line of %d columns: %q", lang, view, views.Width(line), line)
			}
		}
	}
}
