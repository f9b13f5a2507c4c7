package tui

import (
	"testing"
	"testing/synctest"
	"time"

	"rnnscope/core/scope"
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
