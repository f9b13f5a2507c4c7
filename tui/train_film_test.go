package tui

import (
	"slices"
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

// A terminal of another width keeps what was read, the newest on the right, and the
// cursor on its token.
func TestSweepKeepsWhatWasRead(t *testing.T) {
	const H = 2
	p := &sweepPane{place: -1}
	p.widen(4, H)
	read := func(id int32) {
		p.place = (p.place + 1) % p.total
		p.ids[p.place], p.ring[p.place*H] = id, float32(id)
	}
	holds := func(place int, ids ...int32) {
		t.Helper()
		if !slices.Equal(p.ids, ids) || p.place != place {
			t.Errorf("%d columns: %v, the last written %d; want %v, %d", p.total, p.ids, p.place, ids, place)
		}
		for i, id := range p.ids {
			if id >= 0 && p.ring[i*H] != float32(id) {
				t.Errorf("%d columns: the state of %d is %g", p.total, id, p.ring[i*H])
			}
		}
	}
	holds(-1, -1, -1, -1, -1)
	read(1)
	read(2)
	p.widen(6, H)
	holds(1, 1, 2, -1, -1, -1, -1)
	for id := range int32(5) {
		read(3 + id)
	}
	holds(0, 7, 2, 3, 4, 5, 6)
	p.on, p.col = true, 5 // token 6
	p.widen(3, H)
	holds(2, 5, 6, 7)
	if !p.on || p.ids[p.col] != 6 {
		t.Errorf("the cursor is on column %d", p.col)
	}
	p.col = 0
	p.widen(2, H)
	holds(1, 6, 7)
	if p.on {
		t.Error("the cursor is on a token that is no longer there")
	}
	p.widen(4, H+1) // of another model
	holds(-1, -1, -1, -1, -1)
}
