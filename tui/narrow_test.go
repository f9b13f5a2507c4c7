package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// In the smallest usual window what a screen says of its state is there in full.
func TestNothingIsCutAtEightyColumns(t *testing.T) {
	for _, lang := range words.Langs() {
		a := New(Config{Live: explore(t, 12), Lang: lang, Options: views.Options{Profile: views.TrueColor}, Theme: Dark})
		a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		shape := tinyShape
		shape.Batch = 32
		snap := &scope.Snapshot{Run: 1, Phase: scope.Paused, Shape: shape, Untrained: true}
		said := func(what, want string) {
			t.Helper()
			if text := ansi.Strip(a.View().Content); !strings.Contains(text, want) {
				t.Errorf("%s, %s: no %q on\n%s", lang, what, want, text)
			}
		}
		press := func(key rune) { a.press(tea.KeyPressMsg{Code: key, Text: string(key)}) }
		textAfter(a, snap)
		said("before the first update", a.words.Train.NotRead)
		said("before the first sample", "╭ "+a.words.Train.WritesYet+" ─")
		opened := *snap
		opened.Update, opened.Untrained = 400, false
		textAfter(a, &opened)
		said("opened", a.words.Train.NotReadHere)
		press('f')
		said("frozen", " "+a.words.Train.FrozenShort+" ╮")
		opened.Stream = scope.Stream{Update: 400, IDs: make([]int32, 64), Offset: 2304}
		again := opened
		textAfter(a, &again)
		press('7')
		press('b')
		said("batch", fmt.Sprintf(a.words.Corpus.Batch, 32, 64, "2,304", "7,394")+" ─")
	}
}

// The knobs of another program's run are not offered to be turned.
func TestKnobsOfAWatchedRunAreNotOffered(t *testing.T) {
	corpus, err := corpora.Open("fables", corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.New(recordedConfig(), corpus, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	a := shown(session.Watch(s, filepath.Join(t.TempDir(), "run")), 80, 24)
	hints := func() string {
		text := ansi.Strip(a.View().Content)
		return text[strings.LastIndex(text, "\n"):]
	}
	if line := hints(); strings.Contains(line, a.words.Train.More.Short) {
		t.Errorf("on the knobs the keys are %q", line)
	}
	a.press(tea.KeyPressMsg{Code: tea.KeyTab})
	if line := hints(); !strings.Contains(line, "→ "+a.words.Train.Move) {
		t.Errorf("on the next pane the keys are %q", line)
	}
}

// A run that has ended is shown with the update it ended at, which is that of its
// weights: the metrics of a long one have not every update.
func TestLastUpdateOfAWatchedRun(t *testing.T) {
	a := shown(explore(t, 12), 120, 36)
	for _, c := range []struct {
		phase scope.Phase
		want  string
	}{{scope.Interrupted, "stopped update 2,614"}, {scope.Finished, "finished update 2,614"}, {scope.Training, "training update 2,610"}} {
		a.snap = &scope.Snapshot{Phase: c.phase, Update: 2610, Watch: &scope.Watch{Weights: 2614}}
		if line := ansi.Strip(a.chrome.topLine(a)); !strings.Contains(line, c.want) {
			t.Errorf("%q is not in %q", c.want, line)
		}
	}
}

// The streams of a batch of Chinese characters stand in columns: what is read at
// once, and so both ends of the window, is one below the other, whatever narrow
// signs stand between.
func TestStreamsStandInColumns(t *testing.T) {
	c := session.Defaults()
	c.Model.Embed, c.Model.Hidden, c.Model.Layers, c.Model.Dropout = 4, 4, 1, 0
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 8, 12, 1
	a := shown(started(t, "zh", corpora.Options{}, c, true), 120, 40)
	a.open(tabIndex("corpus"))
	a.press(tea.KeyPressMsg{Code: 'b', Text: "b"})
	const before, offset = 8, 40
	a.screenOf("corpus").take(&scope.Snapshot{Run: 1, Shape: scope.Shape{Batch: c.Batch}, Stream: scope.Stream{Offset: offset, IDs: make([]int32, c.Window)}})
	s := a.screenOf("corpus").(*corpusScreen)
	s.restyle()
	a.View()
	narrow := 0
	for b := range c.Batch {
		x := s.text.area.X + 1 + len("  0 ")
		for i, token := range a.live.Text.Stream(b, c.Batch, offset-before, before+c.Window+8) {
			sign := visible(token.Text)
			if views.Width(sign) == 1 {
				narrow++
			}
			if got := s.text.canvas.Cell(x+2*i-s.text.area.X, 1+b).Text; got != sign {
				t.Fatalf("stream %d has %q in the place of token %d, %q", b, got, i, sign)
			}
		}
	}
	if narrow == 0 {
		t.Error("there is no narrow sign in the streams")
	}
}
