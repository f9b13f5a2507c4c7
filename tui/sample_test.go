package tui

import (
	"math"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// Answers that come in another order than they were asked for leave what was
// asked last on the screen.
func TestSampleShowsTheNewestPage(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	a.press(tea.KeyPressMsg{Code: '4', Text: "4"})
	s := a.screenOf("sample").(*sampleScreen)
	backwards := func(keys string) {
		var answers []tea.Msg
		for _, k := range keys {
			answers = append(answers, a.press(tea.KeyPressMsg{Code: k, Text: string(k)})())
		}
		for _, m := range slices.Backward(answers) {
			a.Update(m)
		}
	}
	backwards("nnn")
	if n := len(s.page.Tokens); n != 3 {
		t.Errorf("%d of three tokens are shown", n)
	}
	backwards("ll")
	if s.page.Temperature != s.temperature {
		t.Errorf("the page of temperature %v is shown, the knob is at %v", s.page.Temperature, s.temperature)
	}
	newest := s.page
	if backwards("bn"); s.page.Seq <= newest.Seq || s.page.Branches != 2 || len(s.page.Tokens) != 4 {
		t.Errorf("page %d after %d: %d texts, the last of %d tokens", s.page.Seq, newest.Seq, s.page.Branches, len(s.page.Tokens))
	}
}

// The temperature of the one text is not turned while five stand side by side, and
// the keys that are offered are those that do something.
func TestTemperatureBesideColumns(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	press := func(r rune) {
		if _, cmd := a.Update(tea.KeyPressMsg{Code: r, Text: string(r)}); cmd != nil {
			a.Update(cmd())
		}
	}
	press('4')
	press('v')
	s := a.screenOf("sample").(*sampleScreen)
	before := s.temperature
	press('l')
	text := ansi.Strip(a.View().Content)
	if s.temperature != before || !strings.Contains(text, "temperatures 0.2 to 1.5") || !strings.Contains(text, a.words.Sample.Together) {
		t.Errorf("temperature %v, before %v, on\n%s", s.temperature, before, text)
	}
	hints := func() string {
		a.say("")
		text := ansi.Strip(a.View().Content)
		return text[strings.LastIndex(text, "\n"):]
	}
	if line := hints(); strings.Contains(line, "cooler") || strings.Contains(line, "warmer") || strings.Contains(line, "choose") || !strings.Contains(line, "v one text") {
		t.Errorf("beside the columns the keys are %q", line)
	}
	for _, k := range []tea.KeyPressMsg{{Code: tea.KeyEnter}, {Code: tea.KeyDown}} {
		a.say("")
		a.press(k)
		if a.note.text != a.words.Sample.Together || s.marked != 0 {
			t.Errorf("%s says %q and marks candidate %d, which nobody sees", k, a.note.text, s.marked)
		}
	}
	press('v')
	if line := hints(); !strings.Contains(line, "cooler") || !strings.Contains(line, "choose") || !strings.Contains(line, "v five T") {
		t.Errorf("with one text the keys are %q", line)
	}
	press('l')
	if s.temperature == before {
		t.Error("with one text again, the key does nothing")
	}
}

// What writes goes on writing when five temperatures stand side by side, and when the
// one text is back; what does not, does not.
func TestColumnsDoNotStopTheWriting(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	press := func(k string) {
		if cmd := a.press(key(k)); cmd != nil {
			a.Update(cmd())
		}
	}
	a.types("4")
	s := a.screenOf("sample").(*sampleScreen)
	a.settle(t, "a page", func() bool { return s.page != nil })
	for _, writing := range []bool{false, true} {
		if writing {
			press(" ")
		}
		for range 2 {
			press("v")
			if s.page.Writing != writing || s.compare != (len(s.page.Columns) > 0) {
				t.Errorf("after v, writing is %v, and was %v; side by side: %v, %d texts", s.page.Writing, writing, s.compare, len(s.page.Columns))
			}
		}
	}
	a.settle(t, "a longer text", func() bool { return len(s.page.Tokens) > 0 })
}

// Where the n-grams cannot be counted none writes: it is said why, and the network
// goes on.
func TestNgramThatCannotWriteSaysWhy(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	a.types("4")
	s := a.screenOf("sample").(*sampleScreen)
	a.settle(t, "a page", func() bool { return s.page != nil })
	s.ngram = true
	counting := *s.page
	counting.Counting = true
	s.turn(&counting)
	why := say.Errorf("%d tokens are too many to count: at most %d", 3_000_000_000, 2_147_483_647)
	a.Update(s.uncounted(why)())
	if text := ansi.Strip(a.View().Content); s.ngram || s.page.Counting || !strings.Contains(text, why.Error()) || strings.Contains(text, a.words.Sample.NgramCounting) {
		t.Errorf("an n-gram is to write: %v, is counted: %v, on\n%s", s.ngram, s.page.Counting, text)
	}
}

// Texts side by side have the weights that are looked at, though the author has not
// read them yet, and though the look back has not come yet.
func TestColumnsHaveTheWeightsLookedAt(t *testing.T) {
	c := session.Defaults()
	c.Model = rnn.Config{Cell: "gru", Embed: 6, Hidden: 10, Layers: 1}
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 4, 12, 1
	live := session.NewLive(sessionOn(t, "fables", corpora.Options{}, c), keptIn(t.TempDir()))
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	for range 6 {
		live.Step()
	}
	a.settle(t, "six updates", func() bool { return a.snap != nil && a.snap.Update == 6 && len(a.snap.Past) > 2 })
	a.types("4")
	s := a.screenOf("sample").(*sampleScreen)
	a.settle(t, "a page", func() bool { return s.page != nil })
	side := func() {
		if cmd := a.press(key("v")); cmd != nil {
			a.Update(cmd())
		}
	}
	for _, await := range []bool{true, false} {
		for _, k := range []string{"{", "|"} {
			a.types(k)
			if await {
				a.settle(t, "the weights", s.arrived)
			}
			side()
			a.settle(t, "columns", func() bool { return len(s.page.Columns) > 0 })
			want := looking(a.snap)
			if k == "|" {
				want = a.snap.Update
			}
			if k == "{" && want < 0 || s.page.Update != want {
				t.Errorf("after %s, awaited %v, update %d is looked at, and the columns have update %d", k, await, want, s.page.Update)
			}
			side()
		}
	}
}

// The slider of the temperature has a place for each that the arrows reach, the last
// at its end, and a press there is the way to it.
func TestTemperaturesHavePlaces(t *testing.T) {
	a := shownRun(t, 120, 36, words.English, Dark, views.Options{}, 1)
	s := a.showPage(recorded(t).Page)
	a.View()
	in := views.Rect{W: s.sliders.area.W, H: s.sliders.area.H}.Inset(1)
	row := views.Rect{X: in.X, Y: in.Y, W: in.W, H: 1}
	last := -1.0
	for _, v := range temperatures {
		s.temperature = v
		slider := s.rowsOf(in)[0]
		if at := slider.Scale.At(slider.Value); !(at > last) {
			t.Errorf("the needle of T=%v is at %v, that of the one before at %v", v, at, last)
		} else {
			last = at
		}
		s.temperature = 0.8
		track := slider.Track(row)
		x := track.X + int(math.Round(last*float64(track.W-1)))
		if s.slide(x, 0, 0, in); math.Abs(placeOf(temperatures, s.temperature)-placeOf(temperatures, v)) > 1 {
			t.Errorf("a press on the needle of T=%v makes it %v", v, s.temperature)
		}
	}
	if last != 1 || s.temperature != 5 {
		t.Errorf("the highest has its needle at %v of the slider, and a press there makes T=%v", last, s.temperature)
	}
	if between := placeOf(temperatures, 0.85); !(between > 8 && between < 9) {
		t.Errorf("0.85 stands at %v", between)
	}
}
