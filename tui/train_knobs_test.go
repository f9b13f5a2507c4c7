package tui

import (
	"math"
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
