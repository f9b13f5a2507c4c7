package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
)

// tinyShape is that of a model that is only told of.
var tinyShape = scope.Shape{Cell: "rnn", Layers: 1, Hidden: 12, Vocab: 73}

// textAfter is the text of the screen after a snapshot.
func textAfter(a *App, s *scope.Snapshot) string {
	a.live.Snapshots.Put(s)
	a.tick(time.Now().Add(time.Duration(s.Update) * time.Second))
	return ansi.Strip(a.View().Content)
}

// What is likely to help after a divergence comes first, and the rate that is
// proposed is one that the weights gone back to were trained with.
func TestOffersAfterDivergence(t *testing.T) {
	a := shown(explore(t, 12), 120, 36)
	trouble := &scope.Trouble{Update: 190, Reason: say.Textf("loss became NaN"), Loss: 9, NormBefore: 2, Good: 100}
	norms := []float64{1, 1.5, 2, 1, 2}
	for _, c := range []struct {
		name    string
		knobs   scope.Knobs
		norm    float64
		changes []scope.Change
		want    []string // in this order
	}{
		{"rate raised since", scope.Knobs{LR: 1, Clip: 5}, 2, []scope.Change{{Update: 60, What: "lr", From: 0.1, To: 0.003}, {Update: 120, What: "lr", From: 0.003, To: 0.2}, {Update: 150, What: "lr", From: 0.2, To: 1}}, []string{"at the rate it had then, 0.003", "with clip 1"}},
		{"rate raised before", scope.Knobs{LR: 1, Clip: 1}, 2, []scope.Change{{Update: 60, What: "lr", From: 0.003, To: 1}}, []string{"with half the rate, 0.5", "with clip 0.1"}},
		{"exploded", scope.Knobs{LR: 0.002}, 500, nil, []string{"with clip 1", "with half the rate, 0.001"}},
	} {
		trouble.NormBefore = c.norm
		text := textAfter(a, &scope.Snapshot{Run: 1, Update: 190, Phase: scope.Diverged, Trouble: trouble, Knobs: c.knobs, Changes: c.changes, LastNorms: norms, Shape: tinyShape})
		for _, want := range c.want {
			at := strings.Index(text, want)
			if at < 0 {
				t.Fatalf("%s: no %q, or too early, on\n%s", c.name, want, text)
			}
			text = text[at:]
		}
	}
}

// Before there is a validation loss it is said at which update the first one comes.
func TestFirstValidationIsAnnounced(t *testing.T) {
	a := shown(explore(t, 12), 120, 36) // validates every 50 updates
	for _, c := range []struct {
		update int64
		phase  scope.Phase
		want   string
	}{{7, scope.Training, "50"}, {49, scope.Paused, "50"}, {50, scope.Validating, "50"}, {1050, scope.Training, "1,100"}} {
		want := "valid first at update " + c.want
		if text := textAfter(a, &scope.Snapshot{Run: 1, Update: c.update, Smoothed: 3, Phase: c.phase, Shape: tinyShape}); !strings.Contains(text, want) {
			t.Errorf("at update %d there is no %q on\n%s", c.update, want, text)
		}
	}
}

// What a generated text is about is said in full where it is said.
func TestScoreIsNotCut(t *testing.T) {
	c := session.Defaults()
	c.Model.Embed, c.Model.Hidden, c.Model.Layers = 4, 4, 1
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 4, 12, 1
	live := unstarted(t, c, "recall")
	title := live.Text.Phenomenon
	for _, lang := range words.Langs() {
		for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 34}, {120, 36}, {160, 48}} {
			a := New(Config{Live: live, Lang: lang, Theme: Dark})
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			text := textAfter(a, &scope.Snapshot{Run: 1, Update: 20, Smoothed: 2, Phase: scope.Training, Shape: tinyShape, Score: &scope.Score{Title: title, Right: 1}})
			want, got := fmt.Sprintf(a.words.Train.Right, "100 %", words.Say(lang, say.Phrase(title))), ""
			for _, line := range strings.Split(text, "\n") {
				_, right, _ := strings.Cut(line, "││")
				got += strings.TrimSuffix(right, "│")
			}
			if whole := strings.Contains(unbroken(got), unbroken(want)); whole != (size[1] > 24) || strings.Contains(got, "100 %") != whole {
				t.Errorf("%s, %v: %q is said in full: %v\n%s", lang, size, want, whole, text)
			}
		}
	}
}

// A run that is paused before its first update does not say that it is at work.
func TestPausedBeforeTheFirstUpdate(t *testing.T) {
	a := shown(explore(t, 12), 120, 36)
	if text := textAfter(a, &scope.Snapshot{Run: 1, Phase: scope.Starting, Shape: tinyShape}); !strings.Contains(text, a.words.Train.Waiting) {
		t.Errorf("no %q on\n%s", a.words.Train.Waiting, text)
	}
	if text := textAfter(a, &scope.Snapshot{Run: 1, Phase: scope.Paused, Shape: tinyShape}); strings.Contains(text, a.words.Train.Waiting) || !strings.Contains(text, "paused before the first update") {
		t.Errorf("while paused:\n%s", text)
	}
}
