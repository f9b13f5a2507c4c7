package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
)

// The wheel moves the cursor of the list of runs up and down; turned sideways it
// does not.
func TestWheelOverRuns(t *testing.T) {
	l := newRunList(RunsConfig{Dir: t.TempDir(), Theme: Dark})
	l.Update(runsMsg{lines: []session.RunLine{{Name: "a"}, {Name: "b"}, {Name: "c"}}})
	for _, step := range []struct {
		button tea.MouseButton
		at     string
	}{{tea.MouseWheelDown, "b"}, {tea.MouseWheelLeft, "b"}, {tea.MouseWheelRight, "b"}, {tea.MouseWheelDown, "c"}, {tea.MouseWheelUp, "b"}} {
		if l.Update(tea.MouseWheelMsg{Button: step.button}); l.at != step.at {
			t.Errorf("after %v the cursor is on %q, want %q", step.button, l.at, step.at)
		}
	}
}
