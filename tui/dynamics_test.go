package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// awaitingAnswers is how long these tests wait for what must come.
const awaitingAnswers = 60 * time.Second

// exploring is an App in front of a small model that trains.
func exploring(t *testing.T, cell string, w, h int) *App {
	t.Helper()
	c := session.Defaults()
	c.Model = rnn.Config{Cell: cell, Embed: 8, Hidden: 16, Layers: 2}
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 4, 16, 1
	a := New(Config{Live: started(t, "recall", corpora.Options{}, c, false), Theme: Dark, Folder: t.TempDir()})
	a.Update(tea.WindowSizeMsg{Width: w, Height: h})
	a.View()
	return a
}

// until ticks the screen until something holds.
func (a *App) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(awaitingAnswers); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		a.Update(frameMsg(time.Now()))
		a.View()
		if ok() {
			return
		}
	}
	t.Fatalf("%s did not come; the screen is\n%s", what, a.View().Content)
}

// types presses a key.
func (a *App) types(key string) {
	codes := map[string]rune{"tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "space": tea.KeySpace}
	k := tea.KeyPressMsg{Code: codes[key]}
	if k.Code == 0 {
		r := []rune(key)[0]
		k = tea.KeyPressMsg{Code: r, Text: key}
	}
	a.Update(k)
}

var dynamicsSizes = [][2]int{{80, 24}, {120, 36}, {200, 60}}

// measuring opens screen 3 on the gradients of a run that has been paused after its
// first updates: what is measured does not rest then, to let it train.
func (a *App) measuring(t *testing.T) *gradientsScreen {
	t.Helper()
	a.types("3")
	s := a.screenOf("gradients").(*gradientsScreen)
	a.until(t, "an update", func() bool { return a.snap != nil && a.snap.Update > 0 })
	a.types("p")
	a.until(t, "the gradients", func() bool {
		return a.snap.Phase == scope.Paused && s.page != nil && s.page.Flow != nil && s.page.Update == a.snap.Update
	})
	return s
}

// Every view comes with its answer at every size, is drawn within the screen, and
// has a picture.
func TestGradientViews(t *testing.T) {
	a := exploring(t, "lstm", 80, 24)
	s := a.measuring(t)
	for _, size := range dynamicsSizes {
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		seen := map[session.View]bool{}
		for range session.ViewCount {
			view := s.view
			a.until(t, "view "+a.words.Gradients.Views[view], func() bool { return answered(s) })
			seen[view] = true
			frame := a.View().Content
			fits(t, frame, size)
			if !strings.Contains(frame, a.words.Gradients.Titles[view]) && size[0] >= 120 {
				t.Errorf("%v: view %d has no title", size, view)
			}
			f := s.figure()
			if f.what == nil {
				t.Errorf("%v: view %d has no picture", size, view)
			} else {
				pictured(f, t)
			}
			a.types("tab")
		}
		if size[1] < 30 && len(seen) != int(session.ViewCount) {
			t.Errorf("%v: tab goes through %d views", size, len(seen))
		}
	}
}

// pictured writes a picture in all its formats.
func pictured(f figure, t *testing.T) {
	t.Helper()
	var n strings.Builder
	if err := f.what.WriteCSV(&n); err != nil || n.Len() == 0 {
		t.Errorf("%s: %d bytes of CSV, %v", f.name, n.Len(), err)
	}
	n.Reset()
	if err := f.what.WriteSVG(&n); err != nil || !strings.Contains(n.String(), "</svg>") {
		t.Errorf("%s: SVG: %v", f.name, err)
	}
}

// answered says whether the chosen view has what it shows.
func answered(s *gradientsScreen) bool {
	g := s.page
	switch s.view {
	case session.MapView:
		return g.Map != nil
	case session.SourcesView:
		return g.Sources != nil
	case session.JacobiansView:
		return g.Jacobians.Answer != nil
	case session.TruncationView:
		return g.Truncation.Answer != nil
	case session.TermsView:
		return g.Terms != nil
	case session.ClippingView:
		return g.Clip != nil
	}
	return true
}

// fits says whether a frame is as large as the screen.
func fits(t *testing.T, frame string, size [2]int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != size[1] {
		t.Errorf("%v: %d rows", size, len(lines))
	}
	for y, line := range lines {
		if w := width(line); w > size[0] {
			t.Errorf("%v: row %d is %d wide", size, y, w)
		}
	}
}

// Nothing works for the screen when it is not in view, and it goes on where it
// was when it is again.
func TestGradientsRestOutOfView(t *testing.T) {
	a := exploring(t, "gru", 120, 36)
	a.types("3")
	s := a.screenOf("gradients").(*gradientsScreen)
	a.until(t, "a flow", func() bool { return s.page != nil && s.page.Flow != nil })
	a.types("1")
	at := a.snap.Update
	a.until(t, "many updates", func() bool { return a.snap.Update > at+200 })
	s.prober.Pages.Take() // what was under way when the screen was left
	at = a.snap.Update
	a.until(t, "many more updates", func() bool { return a.snap.Update > at+400 })
	if g := s.prober.Pages.Take(); g != nil {
		t.Errorf("a page of update %d came out of view", g.Update)
	}
	a.types("3")
	a.until(t, "a newer flow", func() bool { return s.page.Update > at })
}

// The knobs act on the running model, and it can be taken back.
func TestGradientSurgery(t *testing.T) {
	a := exploring(t, "lstm", 120, 36)
	a.types("3")
	s := a.screenOf("gradients").(*gradientsScreen)
	a.until(t, "an update", func() bool { return a.snap != nil && a.snap.Update > 0 })
	changed := func(what string) func() bool {
		return func() bool {
			for _, c := range a.snap.Changes {
				if c.What == what {
					return true
				}
			}
			return false
		}
	}
	for range knobRadius {
		a.types("down")
	}
	a.types("right")
	a.types("enter")
	a.until(t, "another radius", changed("radius"))
	a.types("down")
	a.types("enter")
	a.until(t, "another forget bias", changed("forget"))
	a.types("down")
	a.types("enter")
	a.until(t, "other recurrent weights", changed("redraw"))
	a.types("B")
	a.until(t, "no clipping", func() bool { return changed("break")() && a.snap.Knobs.Clip == 0 })
	a.types("H")
	a.until(t, "healing", func() bool { return changed("heal")() && a.snap.Knobs.Clip > 0 })
	if s.knobs.radius != 1.05 {
		t.Errorf("the radius knob is at %v", s.knobs.radius)
	}
}

// The networks of the ladder that screen 3 lets train rest when it no longer shows
// them, and when it is left; a race of screen 5 is left as it was.
func TestOtherCellsRestUnseen(t *testing.T) {
	a := exploring(t, "gru", 120, 36)
	l := a.screenOf("ladder").(*ladderScreen)
	for _, step := range []struct {
		keys   []string
		racing bool
	}{
		{[]string{"3", "o"}, true}, {[]string{"o"}, false}, {[]string{"o"}, true}, {[]string{"5"}, false},
		{[]string{"3"}, true}, {[]string{"o", "5", "space"}, true}, {[]string{"3", "o"}, true}, {[]string{"o"}, true}, {[]string{"5", "space"}, false},
	} {
		for _, k := range step.keys {
			a.types(k)
		}
		if l.racing != step.racing {
			t.Errorf("after %v they train: %v", step.keys, l.racing)
		}
	}
}

// What could not be done is told of each time it is asked for, and never as done.
func TestGradientsTellEachRefusal(t *testing.T) {
	a := exploring(t, "rnn", 120, 36)
	a.types("3")
	s := a.screenOf("gradients").(*gradientsScreen)
	a.until(t, "an update", func() bool { return a.snap != nil && a.snap.Update > 0 })
	s.knobs.chosen = knobForget
	for _, key := range []string{"H", "H", "enter", "enter"} {
		a.note = note{}
		if a.types(key); a.note.text != "" {
			t.Errorf("%s: %q is said before anything is known", key, a.note.text)
		}
		a.until(t, "a complaint about "+key, func() bool { return a.note.bad })
	}
	a.types("B")
	a.note = note{}
	a.types("H")
	a.until(t, "healing", func() bool { return a.note.text == s.words().Healed })
}

// Whatever keys come, in whatever order, every frame fits.
func TestDynamicsOfAnyKeys(t *testing.T) {
	keys := []string{"tab", "up", "down", "left", "right", "enter", "esc", "space", "p", "B", "H", "b", "c", "m", "r", "s", "L", "n", "o", "-", "+", "3", "6", "3", "6", "1", "?", ":", "y", "5"}
	for i, size := range append(dynamicsSizes, [2]int{60, 16}) {
		a := exploring(t, rnn.Cells()[i%3], size[0], size[1])
		g := rand.New(rand.NewPCG(uint64(i), 1))
		for n := range 150 {
			a.types(keys[g.IntN(len(keys))])
			switch g.IntN(6) {
			case 0:
				a.Update(tea.MouseClickMsg{X: g.IntN(size[0]), Y: g.IntN(size[1]), Button: tea.MouseLeft})
			case 1:
				a.Update(tea.MouseWheelMsg{X: g.IntN(size[0]), Y: g.IntN(size[1]), Button: tea.MouseWheelDown})
			}
			if n%7 == 0 {
				time.Sleep(5 * time.Millisecond)
			}
			a.Update(frameMsg(time.Now()))
			fits(t, a.View().Content, size)
			a.shown().pictures()
		}
	}
}

// The lag lab runs an experiment to its end, shows what came of it, and stops
// one.
func TestLagLabScreen(t *testing.T) {
	for _, size := range dynamicsSizes {
		a := exploring(t, "rnn", size[0], size[1])
		a.types("6")
		a.types("p")
		s := a.screenOf("laglab").(*lagLabScreen)
		if !strings.Contains(strings.Join(strings.Fields(a.View().Content), " "), "Which cell remembers") {
			t.Errorf("%v: the empty screen does not say what to do", size)
		}
		s.setup.choice = session.LagChoice{Task: "recall", Lag: "3,6", Cell: "rnn,gru", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "2", Updates: "150", Hidden: "16", Input: "onehot"}
		a.types("space")
		a.until(t, "the whole grid", func() bool { return s.page != nil && !s.page.Running && s.page.Done == 8 })
		frame := a.View().Content
		fits(t, frame, size)
		if len(s.table.rows) != 2 || len(s.table.columns) != 2 {
			t.Fatalf("%v: rows %v, columns %v", size, s.table.rows, s.table.columns)
		}
		solved := 0
		for _, state := range s.page.States {
			if state == scope.TrialSolved {
				solved++
			}
		}
		if got := strings.Count(frame, "●"); solved > 0 && got < solved {
			t.Errorf("%v: %d solved trials, %d signs", size, solved, got)
		}
		a.types("down")
		a.types("right")
		if s.table.row != 1 || s.table.col != 1 {
			t.Errorf("%v: the cursor is at %d, %d", size, s.table.row, s.table.col)
		}
		a.types("enter")
		if f := s.figure(); f.name != "lag-curve" {
			t.Errorf("%v: the picture is %q", size, f.name)
		} else {
			pictured(f, t)
		}
		if frame := a.View().Content; !strings.Contains(frame, a.words.LagLab.Curve) {
			t.Errorf("%v: enter opens no curve", size)
		}
		a.types("enter")
		if f := s.figure(); f.name != "lag-grid" {
			t.Errorf("%v: the picture is %q", size, f.name)
		} else {
			pictured(f, t)
		}
		if logs := session.LagLogs(filepath.Join(a.folder, "runs")); len(logs) != 1 {
			t.Errorf("%v: logs %v", size, logs)
		}
		// One that takes for ever is stopped.
		s.setup.choice.Task, s.setup.choice.Lag, s.setup.choice.Updates = "adding", "200", "1000000000"
		a.types("space")
		a.until(t, "a trial under way", func() bool { return s.page.Running && s.page.States[0] == scope.TrialRuns })
		a.types("space")
		a.until(t, "the end", func() bool { return !s.page.Running })
		// And the log of the first is gone on with: there is nothing left to do.
		a.types("o")
		if s.edits != editsLog || !strings.HasSuffix(s.input.Value(), ".jsonl") {
			t.Fatalf("%v: o asks for %q", size, s.input.Value())
		}
		a.types("enter")
		a.until(t, "the log", func() bool { return !s.page.Running && s.page.Before == 8 })
	}
}

// What has been done is done anew only when the key is pressed again while the
// question stands there; another experiment begins at once.
func TestLagLabAsksBeforeDoingAnew(t *testing.T) {
	a := exploring(t, "rnn", 120, 36)
	a.types("6")
	a.types("p")
	s := a.screenOf("laglab").(*lagLabScreen)
	s.setup.choice = session.LagChoice{Task: "recall", Lag: "3", Cell: "rnn", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "2", Updates: "20", Hidden: "8", Input: "onehot"}
	a.types("space")
	finished := func() bool { return s.page != nil && !s.page.Running && s.page.Done == 2 }
	a.until(t, "the grid", finished)
	logs := func() int { return len(session.LagLogs(s.logs())) }
	first := logs()
	for range 2 {
		a.types("space")
		if want := fmt.Sprintf(s.words().AskAnew, 2); a.note.text != want || s.asked.IsZero() {
			t.Errorf("the first press says %q, not %q", a.note.text, want)
		}
		s.asked = s.asked.Add(-2 * noteTime) // the question is gone
	}
	if logs() != first {
		t.Error("it begins anew without an answer")
	}
	a.types("space")
	a.types("space")
	a.until(t, "another log", func() bool { return logs() == first+1 && finished() })
	s.setup.choice.Seeds = "1"
	a.types("space")
	a.until(t, "the other experiment", func() bool { return !s.page.Running && len(s.page.Trials) == 1 && s.page.Done == 1 })
}

// Columns that there is no room for are told of, to the left as to the right.
func TestLagLabTellsOfColumnsOutOfView(t *testing.T) {
	a := exploring(t, "rnn", 80, 24)
	a.types("6")
	a.types("p")
	s := a.screenOf("laglab").(*lagLabScreen)
	s.setup.choice = session.LagChoice{Task: "recall", Lag: "1,2,3,4,5,6", Cell: "rnn", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "1", Updates: "1", Hidden: "4", Input: "onehot"}
	a.types("space")
	a.until(t, "the grid", func() bool { return s.page != nil && !s.page.Running && s.page.Done == 6 })
	header := func() string { return strings.Split(ansi.Strip(a.View().Content), "\n")[bodyTop+1] }
	if h := header(); !strings.Contains(h, "›") || strings.Contains(h, "‹") {
		t.Errorf("at the first column: %q", h)
	}
	for range 5 {
		a.types("right")
	}
	if h := header(); strings.Contains(h, "›") || !strings.Contains(h, "‹") {
		t.Errorf("at the last column: %q", h)
	}
}

// A value that cannot be is refused in words, in both languages.
func TestLagLabRefuses(t *testing.T) {
	for _, lang := range words.Langs() {
		a := exploring(t, "rnn", 120, 36)
		a.lang, a.words = lang, words.For(lang)
		a.types("6")
		s := a.screenOf("laglab").(*lagLabScreen)
		s.setup.at = setLags
		a.types("enter")
		a.types("x")
		a.types("enter")
		if !a.note.bad || strings.Contains(a.note.text, "must be") != (lang == words.English) {
			t.Errorf("%s: a lag of %q is told of by %q", lang, *s.setup.field(setLags), a.note.text)
		}
		if lecture := session.LagPresets()[0].Choice.Lag; *s.setup.field(setLags) != lecture || s.setup.preset < 0 || s.edits != editsField {
			t.Errorf("%s: the lags are %q of preset %d, and editing is %v", lang, *s.setup.field(setLags), s.setup.preset, s.edits)
		}
		a.types("space")
		a.types("esc")
		a.types("tab") // to a grid that is not there
		if !s.onSet {
			t.Errorf("%s: the keys act on an empty grid", lang)
		}
		if s.page != nil {
			t.Errorf("%s: it runs", lang)
		}
		if _, err := os.Stat(filepath.Join(a.folder, "runs")); err == nil {
			t.Errorf("%s: it left a log", lang)
		}
	}
}

// A click on another row takes the value that is typed, into its own row, if it can
// be; else the row stays to be mended.
func TestLagLabTypesIntoItsRow(t *testing.T) {
	a := exploring(t, "rnn", 120, 40)
	a.types("6")
	a.View()
	s := a.screenOf("laglab").(*lagLabScreen)
	seeds := s.setup.choice.Seeds
	clicks := func(row int) { a.presses(&s.form, 3, 1+row) }
	clicks(setLags)
	a.types("enter")
	a.types("x")
	clicks(setSeeds)
	if s.edits != editsField || s.setup.at != setLags || !a.note.bad {
		t.Errorf("with a lag that cannot be the row is %d, editing %v", s.setup.at, s.edits)
	}
	a.Update(key("backspace"))
	a.types("7")
	clicks(setLags) // where it is typed
	if s.edits != editsField {
		t.Error("a click into the field ends the typing")
	}
	s.vertical(1) // as the mouse has it in the bottom line
	clicks(setSeeds)
	if c := s.setup.choice; c.Lag != "7" || c.Seeds != seeds || s.edits != editsNothing || s.setup.at != setSeeds {
		t.Errorf("lags %q, seeds %q, were %q; the row is %d, editing %v", c.Lag, c.Seeds, seeds, s.setup.at, s.edits)
	}
	a.types("3") // is a key again
	if name := a.shown().tab().name; name != "gradients" {
		t.Errorf("3 leads to %s", name)
	}
}

// A log that cannot be gone on with is told of each time, its name stays to be
// mended, and no key acts on a grid that is not there.
func TestLagLabLogsThatAreNot(t *testing.T) {
	a := exploring(t, "rnn", 120, 36)
	a.types("6")
	s := a.screenOf("laglab").(*lagLabScreen)
	a.types("o")
	for _, name := range []string{"nosuch.jsonl", "another.jsonl"} {
		for _, r := range name {
			a.types(string(r))
		}
		a.note = note{}
		a.types("enter")
		a.settle(t, "a complaint about "+name, func() bool { return a.note.bad && strings.Contains(a.note.text, name) })
		if s.edits != editsLog || s.input.Value() != name || !s.onSet {
			t.Errorf("%q is typed, %v, keys act on the experiment: %v", s.input.Value(), s.edits, s.onSet)
		}
	}
	a.types("esc")
	if s.edits != editsNothing {
		t.Error("esc does not leave it")
	}
}

// Pictures of the new screens in a terminal without colours or Unicode fit too.
func TestDynamicsWithoutColours(t *testing.T) {
	a := exploring(t, "gru", 80, 24)
	s := a.measuring(t)
	for _, o := range []views.Options{{Profile: views.NoColor}, {Profile: views.NoColor, ASCII: true}} {
		a.options = o
		a.theme = views.NewTheme(views.DarkBackground, o)
		a.restyle()
		for range session.ViewCount {
			a.until(t, "a view", func() bool { return answered(s) })
			frame := a.View().Content
			fits(t, frame, [2]int{80, 24})
			if o.ASCII && strings.ContainsAny(frame, "▒█✂●◐▁") {
				t.Errorf("view %d is not ASCII:\n%s", s.view, frame)
			}
			a.types("tab")
		}
	}
}
