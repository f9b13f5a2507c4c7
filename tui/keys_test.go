package tui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// A key does one thing on a screen.
func TestKeysDoNotClash(t *testing.T) {
	for _, tab := range tabs() {
		seen := map[string]string{}
		for _, k := range actions() {
			if k.tab != "" && k.tab != tab.name {
				continue
			}
			name := k.text(words.For(words.English)).Long
			for _, key := range k.keys {
				if other, ok := seen[key]; ok {
					t.Errorf("%s: %q is both %q and %q", tab.name, key, other, name)
				}
				seen[key] = name
			}
		}
	}
}

func TestFuzzy(t *testing.T) {
	better := func(pattern, good, bad string) {
		a, ok := fuzzy(pattern, good)
		b, ok2 := fuzzy(pattern, bad)
		if !ok || ok2 && b >= a {
			t.Errorf("%q: %q has %d (%v), %q %d (%v)", pattern, good, a, ok, bad, b, ok2)
		}
	}
	better("temp", "lower temperature", "turn the empty page")
	better("lang", "Chinese or English: language", "lower top-k, and get")
	better("温度", "升高温度", "高一度")
	better("quit", "quit", "go to the quiet part")
	better("cell other", "begin anew with the other cell", "the other one")
	for _, c := range []struct{ pattern, text string }{{"xyz", "lower temperature"}, {"温温", "温度"}, {"temp zz", "temperature"}} {
		if s, ok := fuzzy(c.pattern, c.text); ok {
			t.Errorf("%q was found in %q with %d", c.pattern, c.text, s)
		}
	}
	if _, ok := fuzzy("", "anything"); !ok {
		t.Error("nothing typed does not find everything")
	}
}

// The governor takes a measure a second while too much is written, and takes
// them back one by one after some calm.
func TestGovernor(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	out := NewOutput(null)
	g := governor{output: out}
	now := time.Unix(0, 0)
	second := func(bytes int) {
		if _, err := out.Write(make([]byte, bytes)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		g.look(now)
	}
	g.look(now)
	wanted := g.interval(time.Second / 8)
	for level := 1; level <= lastLevel; level++ {
		if second(mostBytes + 1000); g.level != level {
			t.Fatalf("after %d seconds of too much the level is %d", level, g.level)
		}
	}
	if second(10 * mostBytes); g.level != lastLevel || g.interval(time.Second/8) <= wanted || g.colors() == 0 {
		t.Errorf("level %d, interval %v, %d colours", g.level, g.interval(time.Second/8), g.colors())
	}
	for range calmSeconds * lastLevel {
		second(10)
	}
	if g.level != 0 || g.interval(time.Second/8) != wanted || g.colors() != 0 {
		t.Errorf("after calm the level is %d", g.level)
	}
}

// What a terminal got is counted.
func TestOutputCounts(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	out := NewOutput(f)
	for _, frame := range []string{"changed", "", "狗"} {
		if n, err := out.Write([]byte(frame)); n != len(frame) || err != nil {
			t.Errorf("%q: %d, %v", frame, n, err)
		}
	}
	f.Close()
	if n, err := out.Write([]byte("late")); n != 0 || err == nil {
		t.Errorf("to a closed terminal %d bytes, %v", n, err)
	}
	if n, spent, writes := out.Totals(); n != 10 || writes != 4 || spent <= 0 {
		t.Errorf("%d bytes in %d writes, %v", n, writes, spent)
	}
}

// Whatever the palette lists it finds by what it shows, on the screen of the command
// too.
func TestPaletteFindsWhatItShows(t *testing.T) {
	for _, lang := range words.Langs() {
		a := shownRun(t, 100, 30, lang, Dark, views.Options{}, 1)
		for i := range tabs() {
			a.open(i)
			for n := range a.keys {
				k := &a.keys[n]
				typed := k.text(a.words).Long
				if k.tab != "" {
					typed = tabOf(k.tab).text(a.words).Name + " " + typed
				}
				p := newPalette(a)
				p.input.CharLimit = 0
				p.paste(typed)
				if !slices.Contains(p.found, k) {
					t.Errorf("%s, on screen %d: %q is not found", lang, i+1, typed)
				}
			}
		}
	}
}

// A command that is called what was typed comes before those whose description has
// it; characters apart are looked for only where nothing has what was typed.
func TestPaletteRanksNames(t *testing.T) {
	a := shownRun(t, 100, 30, words.English, Dark, views.Options{}, 1)
	for _, c := range []struct {
		typed string
		names []string // the first that are found
		all   int      // that are, 0 for whatever
	}{
		{"theme", []string{"dark/light"}, 1},
		{"Quit", []string{"quit"}, 1},
		{"pause", []string{"pause", "pause", "pause", "one update"}, 4},
		{"back", []string{"back", "back"}, 0},
		{"top-k", []string{"top-k less", "top-k more"}, 0},
		{"suspnd", []string{"suspend"}, 0},
	} {
		p := newPalette(a)
		p.paste(c.typed)
		var got []string
		for _, k := range p.found {
			got = append(got, k.text(a.words).Short)
		}
		if n := len(c.names); len(got) < n || !slices.Equal(got[:n], c.names) || c.all > 0 && len(got) != c.all {
			t.Errorf("%q finds %q, want %q first, %d in all", c.typed, got, c.names, c.all)
		}
	}
}

// It finds a command by its name in the other language too, and shows it in the
// present one.
func TestPaletteFindsByBothLanguages(t *testing.T) {
	for _, c := range []struct {
		lang         words.Lang
		typed, shown string
	}{
		{words.Chinese, "theme", "切换深色或浅色主题"},
		{words.Chinese, "temperature", "降低温度"},
		{words.Chinese, "主题", "切换深色或浅色主题"},
		{words.English, "主题", "dark or light theme"},
		{words.English, "温度", "lower temperature"},
		{words.English, "english", "Chinese or English"},
	} {
		a := shownRun(t, 100, 30, c.lang, Dark, views.Options{}, 1)
		a.Update(tea.KeyPressMsg{Code: ':', Text: ":"})
		a.overlay.paste(c.typed)
		a.stale = true
		if found := plainText(a.View().Content); !strings.Contains(found, c.shown) {
			t.Errorf("%s: %q does not find %q:\n%s", c.lang, c.typed, c.shown, found)
		}
	}
}

// The palette finds a command by a part of its name and runs it, on another
// screen too.
func TestPaletteRunsCommands(t *testing.T) {
	a := shownRun(t, 100, 30, words.English, Dark, views.Options{}, 1)
	a.Update(tea.KeyPressMsg{Code: ':', Text: ":"})
	for _, r := range "screen corpus" {
		a.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	a.View()
	a.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if a.overlay != nil || a.shown().tab().name != "corpus" {
		t.Errorf("the screen is %s, the overlay %v", a.shown().tab().name, a.overlay)
	}
	a.Update(tea.KeyPressMsg{Code: ':', Text: ":"})
	for _, r := range "log y" {
		a.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	a.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	if train := a.screenOf("train").(*trainScreen); a.shown() != screen(train) || !train.chart.logY {
		t.Error("a command of another screen did not act there")
	}
}
