package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
)

// The key that lets the model write is offered where there is something to write
// with; elsewhere it says what is missing.
func TestWritingNeedsTrainedWeights(t *testing.T) {
	a := shown(explore(t, 12), 120, 36)
	dir := &scope.Watch{Dir: "run", Weights: -1}
	n := a.words.Notes
	for _, c := range []struct {
		name string
		snap scope.Snapshot
		want string // that the key says
	}{
		{"drawn", scope.Snapshot{Untrained: true}, n.NothingYet},
		{"opened", scope.Snapshot{}, ""},
		{"trained", scope.Snapshot{Update: 3}, ""},
		{"watched, not saved", scope.Snapshot{Update: 3, Untrained: true, Watch: dir}, n.NoneSaved},
		{"watched", scope.Snapshot{Update: 3, Watch: dir}, ""},
	} {
		c.snap.Run, c.snap.Phase, c.snap.Shape = 1, scope.Paused, tinyShape
		text := textAfter(a, &c.snap)
		if offered := strings.Contains(text, "update 100. Press a for one now."); offered != (c.want == "") {
			t.Errorf("%s: the key is offered: %v, on\n%s", c.name, offered, text)
		}
		a.say("")
		a.press(tea.KeyPressMsg{Code: 'a', Text: "a"})
		if a.note.text != c.want {
			t.Errorf("%s: the key says %q, want %q", c.name, a.note.text, c.want)
		}
	}
}

// Before a divergence the keys that go back from one say that there is none.
func TestNothingToGoBackFrom(t *testing.T) {
	a := shown(explore(t, 12), 80, 24)
	textAfter(a, &scope.Snapshot{Run: 1, Update: 5, Phase: scope.Training, Shape: tinyShape})
	for _, key := range "bB" {
		a.say("")
		a.press(tea.KeyPressMsg{Code: key, Text: string(key)})
		if text := ansi.Strip(a.View().Content); !strings.Contains(text, "training has not diverged") {
			t.Errorf("%c says nothing on\n%s", key, text)
		}
	}
}
