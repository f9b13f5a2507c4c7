package tui

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// A snapshot from before the last turn of a knob does not turn it back; one
// that the trainer still tells after a while does, for then it has refused.
func TestKnobsKeepWhatIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := explore(t, 12)
		live.Start(true)
		defer func() { live.Quit(); live.Wait() }()
		a := shown(live, 120, 36)
		knobs := &a.screens[0].(*trainScreen).knobs
		told := func(window int) {
			knobs.take(&scope.Snapshot{Run: 1, Knobs: scope.Knobs{LR: 0.002, Clip: 5, Window: window}})
		}
		told(16)
		knobs.at = 2
		knobs.turn(1)
		knobs.turn(1)
		for _, step := range []struct{ told, want int }{{16, 32}, {24, 32}, {32, 32}, {24, 24}} {
			told(step.told)
			if knobs.asked.Window != step.want {
				t.Errorf("the trainer tells %d: the knob shows %d, want %d", step.told, knobs.asked.Window, step.want)
			}
		}
		knobs.turn(1)
		time.Sleep(heed + time.Second)
		told(24)
		if knobs.asked.Window != 24 {
			t.Errorf("the knob shows %d long after the trainer stayed at 24", knobs.asked.Window)
		}
	})
}

// Perplexities one below the other have as many digits.
func TestPerplexitiesInFourDigits(t *testing.T) {
	for ppl, want := range map[float64]string{
		1: "1.000", 7.05: "7.050", 6.3274: "6.327", 9.99996: "10.00", 72.96: "72.96", 123.44: "123.4", 4711.2: "4711", 123456.7: "123457",
		1e10: "> 1e9", math.Inf(1): "> 1e9",
	} {
		if got := pplText(ppl); got != want {
			t.Errorf("%v: %q, want %q", ppl, got, want)
		}
	}
	if got := pplText(math.NaN()); got != "NaN" {
		t.Error(got)
	}
}

// Lines that are closer than rows have their names one above the other, held
// together by a bracket; the others stand in their line's row.
func TestNamesOfLines(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	snap := &scope.Snapshot{Run: 1, Update: 100, Phase: scope.Training, Shape: tinyShape, Rivals: []scope.Rival{{Order: 2, Loss: 2}, {Order: 3, Loss: 1.01}, {Order: 4, Loss: 1}}}
	for u := range int64(100) {
		snap.Losses.Add(u+1, 3-float64(u)/50)
	}
	text := textAfter(a, snap)
	var signs []string
	for _, name := range []string{"uniform ln V", "2-gram 2", "3-gram 1.01", "mkn 4-gram 1"} {
		before, _, ok := strings.Cut(text, name)
		if !ok {
			t.Fatalf("no %q in\n%s", name, text)
		}
		r, _ := utf8.DecodeLastRuneInString(before)
		signs = append(signs, string(r))
	}
	if got := strings.Join(signs, ""); got != "  ┌└" {
		t.Errorf("before the names stands %q in\n%s", got, text)
	}
	at := func(name string) int { before, _, _ := strings.Cut(text, name); return strings.Count(before, "\n") }
	if at("3-gram 1.01")+1 != at("mkn 4-gram 1") {
		t.Errorf("the names are not one above the other:\n%s", text)
	}
}

// In the smallest usual window every line of a generated text is named with a figure,
// in both languages, and none is in the colour of a curve; where there is room, the floor
// says that it is the validation text's.
func TestEveryLineOfATextIsNamed(t *testing.T) {
	for _, lang := range words.Langs() {
		a := New(Config{Live: unstarted(t, recordedConfig(), "agreement"), Lang: lang, Options: views.Options{Profile: views.TrueColor}, Theme: Dark})
		a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		snap := &scope.Snapshot{Run: 1, Update: 100, Phase: scope.Training, Shape: scope.Shape{Cell: "lstm", Layers: 1, Hidden: 12, Vocab: a.live.Text.Vocab()}, Valid: []scope.Validation{{Update: 50, Loss: 1.5}}}
		for order, loss := range []float64{1.334, 1.335, 1.311} {
			snap.Rivals = append(snap.Rivals, scope.Rival{Order: order + 2, Loss: loss})
		}
		for u := range int64(100) {
			snap.Losses.Add(u+1, 3-float64(u)/60)
		}
		text := textAfter(a, snap)
		p := &a.screens[0].(*trainScreen).chart
		if len(p.names) != 6 {
			t.Fatalf("%s: %d lines, want a uniform guess, three n-grams, floor and forgets", lang, len(p.names))
		}
		for _, n := range p.names {
			if !slices.ContainsFunc([]int{2, 3, 4}, func(d int) bool { return strings.Contains(text, n.short+" "+digits(n.value, d)) }) {
				t.Errorf("%s: no %q with its figure on\n%s", lang, n.short, text)
			}
			for _, s := range p.chart.Series {
				if s.Style == n.style && s.Shape != views.Points {
					t.Errorf("%s: %s is in the colour of %s", lang, n.short, s.Name)
				}
			}
		}
		a.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
		if full := a.words.Train.Floor + " 1.256"; !strings.Contains(ansi.Strip(a.View().Content), full) || !strings.Contains(full, a.words.Train.Valid) {
			t.Errorf("%s: no %q", lang, full)
		}
	}
}

// Where there is no room beside the plot, names stand in it, short ones.
func TestShortNamesInANarrowPlot(t *testing.T) {
	a := shown(explore(t, 12), 60, 24)
	snap := &scope.Snapshot{Run: 1, Update: 100, Phase: scope.Training, Shape: tinyShape, Rivals: []scope.Rival{{Order: 2, Loss: 2}}}
	for u := range int64(100) {
		snap.Losses.Add(u+1, 1+float64(u)/100)
	}
	if text := textAfter(a, snap); !strings.Contains(text, "uniform") || strings.Contains(text, "uniform ln V") || !strings.Contains(text, "2-gram") {
		t.Errorf("no short names on\n%s", text)
	}
}

// Turns of one knob in a row are one mark of the chart.
func TestTurnsInARow(t *testing.T) {
	p := &chartPane{t: &trainScreen{snap: &scope.Snapshot{Update: 1000}}}
	s := &scope.Snapshot{Changes: []scope.Change{
		{Update: 100, What: "lr", From: 1, To: 2}, {Update: 102, What: "lr", From: 2, To: 3}, {Update: 104, What: "lr", From: 3, To: 4},
		{Update: 105, What: "clip", From: 5, To: 1}, {Update: 200, What: "clip", From: 1, To: 2}, {Update: 201, What: "clip", From: 2, To: 1}, {Update: 300, What: "clip", From: 1, To: 5}, {Update: 301, What: "lr", From: 4, To: 1},
	}}
	want := []scope.Change{
		{Update: 104, What: "lr", From: 1, To: 4}, {Update: 105, What: "clip", From: 5, To: 1}, {Update: 300, What: "clip", From: 1, To: 5},
		{Update: 301, What: "lr", From: 4, To: 1},
	}
	s.Changes = slices.Insert(s.Changes, 6, scope.Change{Update: 202, What: "clip", From: 1, To: 1.5}, scope.Change{Update: 203, What: "clip", From: 1.5, To: 1})
	if got := p.turns(s); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// A dark theme on a light terminal, or the other way round, has its background
// drawn; the terminal's own is left alone.
func TestOtherThemeHasItsBackground(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 80, 24)
	for i := range 4 {
		if painted := a.View().BackgroundColor != nil; painted != (i%2 == 1) {
			t.Errorf("after %d changes of the theme the background is drawn: %v", i, painted)
		}
		a.otherTheme()
	}
}
