package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// What is typed takes the place of what stood there, unless an arrow keeps it.
func TestEntry(t *testing.T) {
	key := map[string]tea.KeyPressMsg{
		"left": {Code: tea.KeyLeft}, "home": {Code: tea.KeyHome}, "backspace": {Code: tea.KeyBackspace}, "delete": {Code: tea.KeyDelete},
		"alt+d": {Code: 'd', Mod: tea.ModAlt},
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape},
	}
	for _, tc := range []struct {
		before string
		keys   string // "<x" pastes x
		want   string
		end    entered
	}{
		{"old", "n e w enter", "new", textTaken},
		{"old", "left s enter", "olsd", textTaken},
		{"old", "home a enter", "aold", textTaken},
		{"old", "backspace enter", "", textTaken},
		{"old", "delete 狗 enter", "狗", textTaken},
		{"old", "left alt+d enter", "ol", textTaken},
		{"old", "home alt+d enter", "", textTaken},
		{"old", "enter", "old", textTaken},
		{"old", "n e w esc", "old", textGivenUp},
		{"", "a b esc", "", textGivenUp},
		{"old", "<paste enter", "paste", textTaken},
		{"old", "left <er enter", "olerd", textTaken},
		{"", "<123456789 x", "12345678", stillTyping}, // there is room for eight
		{"12345678", "x", "x", stillTyping},
	} {
		e := newEntry(8)
		e.SetValue(tc.before)
		e.begin()
		end := stillTyping
		for k := range strings.FieldsSeq(tc.keys) {
			if text, ok := strings.CutPrefix(k, "<"); ok {
				if room := e.paste(text); room != min(len(text), 8) {
					t.Errorf("%q, %s: there was room for %d", tc.before, tc.keys, room)
				}
				continue
			}
			press, named := key[k]
			if !named {
				press = tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
			}
			_, end = e.press(press)
		}
		if got := e.Value(); got != tc.want || end != tc.end {
			t.Errorf("%q, then %s: %q and %d, want %q and %d", tc.before, tc.keys, got, end, tc.want, tc.end)
		}
	}
}

// A line shows where it is typed into, within its area.
func TestEntryIsDrawn(t *testing.T) {
	th := views.NewTheme(views.DarkBackground, views.Options{})
	e := newEntry(100)
	show := func() string {
		c := views.NewCanvas(12, 1)
		e.draw(c, views.Rect{X: 1, W: 10, H: 1}, "a hint that is long", th)
		return ansi.Strip(c.Render(views.Options{}))
	}
	if got := show(); !strings.Contains(got, "a hint th…") {
		t.Errorf("empty: %q", got)
	}
	e.SetValue("狗咬人\t人咬狗狗咬人")
	e.begin()
	if got := show(); !strings.Contains(got, "狗咬人 人…") || views.Width(strings.TrimRight(got, " ")) > 11 {
		t.Errorf("chosen: %q", got)
	}
	e.press(tea.KeyPressMsg{Code: tea.KeyEnd})
	if got := show(); !strings.Contains(got, "狗狗咬人") || views.Width(strings.TrimRight(got, " ")) > 11 {
		t.Errorf("at its end: %q", got)
	}
}

// A view that is clicked takes the keys from a field of the view before, and a field
// that is clicked those of the other one.
func TestLadderFieldsOutOfView(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	a.settle(t, "the ladder", func() bool { return s.now != nil })
	s.view = onSentences
	for _, k := range []string{"e", "x"} {
		a.types(k)
	}
	a.View()
	a.presses(&s.panes[7], 3, 1)
	if s.edits != fieldSecond || s.inputs[fieldFirst].on {
		t.Errorf("the field that is typed into is %d, the first one is open: %v", s.edits, s.inputs[fieldFirst].on)
	}
	a.Update(tea.MouseClickMsg{X: s.viewSpans()[onRungs].from + 1, Y: bodyTop, Button: tea.MouseLeft})
	second := s.inputs[fieldSecond].Value()
	a.types("y")
	a.types("1")
	if got := s.inputs[fieldSecond].Value(); s.view != onRungs || s.edits >= 0 || got != second || a.shown().tab().name != "train" {
		t.Errorf("view %d, field %d: %q; the screen is %s", s.view, s.edits, got, a.shown().tab().name)
	}
}

// Esc brings back what a field of the ladder had, and enter takes what is new.
func TestLadderFields(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	s.view = onSentences
	one, two := s.inputs[fieldFirst].Value(), s.inputs[fieldSecond].Value()
	for _, k := range []string{"e", "x", "tab", "y", "esc"} {
		a.types(k)
	}
	if got := s.inputs[fieldFirst].Value(); got != "x" {
		t.Errorf("the first sentence, which was typed over, is %q", got)
	}
	if got := s.inputs[fieldSecond].Value(); got != two || s.edits >= 0 {
		t.Errorf("the second, which was given up, is %q, was %q", got, two)
	}
	for _, k := range []string{"e", "right", "z", "enter"} {
		a.types(k)
	}
	if got := s.inputs[fieldFirst].Value(); got != "xz" {
		t.Errorf("%q, then %q", one, got)
	}
}
