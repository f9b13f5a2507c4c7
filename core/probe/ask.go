package probe

import (
	"errors"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// Ask is how a question is put. The zero value asks the model as it is, on one
// thread, to the end.
type Ask struct {
	Changes  scope.Changes         // interventions under which it is asked
	Stop     func() bool           // polled often; true ends the question with ErrStopped
	Progress func(done, total int) // both are called on the asker's goroutine
	Threads  int                   // 0 is one; answers do not depend on it
}

// ErrStopped is what a question that Stop ended returns.
var ErrStopped = errors.New("the question was stopped")

func (a Ask) stopped() bool { return a.Stop != nil && a.Stop() }

func (a Ask) progress(done, total int) {
	if a.Progress != nil {
		a.Progress(done, total)
	}
}

func (a Ask) team() *kernel.Team { return kernel.NewTeam(max(1, a.Threads)) }

// Check says what is wrong with interventions for a model, in a user's words.
func Check(m *rnn.Model, changes scope.Changes) error {
	for _, u := range changes.Units {
		switch {
		case u.Layer < 0 || u.Layer >= m.Layers:
			return say.Errorf("there is no layer %d: this model's layers are 0 to %d", u.Layer, m.Layers-1)
		case u.Unit < 0 || u.Unit >= m.Hidden:
			return say.Errorf("layer %d has no unit %d: its units are 0 to %d", u.Layer, u.Unit, m.Hidden-1)
		}
	}
	for _, s := range changes.States {
		fits := len(s.H) == m.Layers && (!m.HasMemory() || len(s.C) == m.Layers)
		for l := 0; fits && l < m.Layers; l++ {
			fits = len(s.H[l]) == m.Hidden && (!m.HasMemory() || len(s.C[l]) == m.Hidden)
		}
		if !fits {
			return say.Errorf("the state put in place is not of a model of this size")
		}
	}
	return nil
}

// Alter is interventions as tapes and steppers take them; nil when there are
// none. The error is Check's.
func Alter(m *rnn.Model, changes scope.Changes) (rnn.Alter, error) {
	if err := Check(m, changes); err != nil {
		return nil, err
	}
	if changes.None() {
		return nil, nil
	}
	return alteration{changes}, nil
}

// alteration carries out interventions, on every stream alike.
type alteration struct{ scope.Changes }

func (a alteration) State(layer, step, _ int, h, c []float32) {
	for _, s := range a.States {
		if s.Step == step {
			copy(h, s.H[layer])
			if c != nil {
				copy(c, s.C[layer])
			}
		}
	}
	for _, u := range a.Units {
		if acts(u, layer, step) {
			h[u.Unit] = shifted(u, h[u.Unit])
		}
	}
}

// Gradient: of scale·h + shift the gradient is scaled; through a state that was
// replaced nothing flows.
func (a alteration) Gradient(layer, step, _ int, dh, dc []float32) {
	for _, u := range a.Units {
		if acts(u, layer, step) {
			dh[u.Unit] *= u.Scale
		}
	}
	for _, s := range a.States {
		if s.Step == step {
			clear(dh)
			clear(dc)
		}
	}
}

func acts(u scope.UnitChange, layer, step int) bool {
	return u.Layer == layer && step >= u.From && (u.To <= 0 || step < u.To)
}

// shifted: a scale of 0 sets the unit whatever its value, NaN included.
func shifted(u scope.UnitChange, h float32) float32 {
	if u.Scale == 0 {
		return u.Shift
	}
	return float32(u.Scale*h) + u.Shift
}
