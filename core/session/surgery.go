package session

import (
	"math"

	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// Surgery changes the weights of the running model by hand, between two updates.
// The optimizer keeps its moments. Heal takes the last one back.

// SetRadius scales the recurrent weights: every H x H block of every W_hh to a
// spectral radius.
func (l *Live) SetRadius(rho float64) {
	l.operate("radius", rho, func(m *rnn.Model) error { return scaleTo(m, rho) })
}

func scaleTo(m *rnn.Model, rho float64) error {
	if !(rho > 0) || math.IsInf(rho, 0) {
		return say.Errorf("the spectral radius must be a number above 0, not %v", rho)
	}
	return m.ScaleRecurrent(rho)
}

// SetForgetBias sets the bias of all forget gates of an LSTM.
func (l *Live) SetForgetBias(v float64) {
	l.operate("forget", v, func(m *rnn.Model) error {
		if m.Cell != "lstm" {
			return say.Errorf("only an LSTM has a forget gate")
		}
		m.SetForgetBias(v)
		return nil
	})
}

// Redraw draws the recurrent weights anew by a rule of rnn.ParseInit, and
// leaves all others as they are.
func (l *Live) Redraw(rule string) {
	l.operate("redraw", float64(redrawRule(rule)), func(m *rnn.Model) error {
		r, err := rnn.ParseInit(rule)
		if err != nil {
			return err
		}
		return m.InitRecurrent(r, l.s.Trainer.Seed+uint64(l.surgeries)+1)
	})
}

// redraws are the rules that a screen offers, in the order of scope.Change's
// number.
var redraws = []string{"pytorch", "orthogonal", "identity"}

// Redraws lists the rules of Redraw that a screen offers.
func Redraws() []string { return redraws }

// redrawRule is the place of a rule in Redraws, -1 for another one.
func redrawRule(rule string) int {
	for i, r := range redraws {
		if r == rule {
			return i
		}
	}
	return -1
}

// brokenRadii are the spectral radii that BreakIt tries.
var brokenRadii = []float64{1.5, 2, 3, 4, 6}

const (
	// Windows that BreakIt measures the flow over, and their steps.
	brokenWindows, brokenSteps = 4, 64
	// brokenRate is by how much the gradient must grow a step: 400-fold in 64.
	brokenRate = 1.1
)

// BreakIt makes gradients explode: it draws orthogonal recurrent weights, scales
// them to the first radius of brokenRadii at which the gradient grows from step to
// step on the way back, and takes clipping away. Of weights that have been trained
// a radius above one says little: a saturated tanh lets no gradient through, and
// a trained RNN may well have 1.7 and a gradient that halves each step. Where none
// is enough, as may be with gated cells, it is the last.
func (l *Live) BreakIt() {
	l.order(func() {
		m := l.s.Model
		before := append([]float32(nil), m.Weights()...)
		radius, err := l.broken(m)
		if err != nil {
			copy(m.Weights(), before)
			m.Pack()
			l.story.fail(err)
			return
		}
		l.before = before
		if t := l.s.Trainer; t.Clip > 0 || t.ClipValue > 0 {
			l.unclipped = [2]float64{t.Clip, t.ClipValue}
			t.Clip, t.ClipValue = 0, 0
		}
		l.altered("break", radius)
	})
}

// broken breaks a model and returns the radius that did it.
func (l *Live) broken(m *rnn.Model) (radius float64, err error) {
	seed := l.s.Trainer.Seed + uint64(l.surgeries) + 1
	if err := m.InitRecurrent(rnn.Init{Rule: "orthogonal"}, seed); err != nil {
		return 0, err
	}
	windows := probe.Windows(l.Text.corpus.Train.IDs, brokenSteps, brokenWindows)
	for _, radius = range brokenRadii {
		if err := m.ScaleRecurrent(radius); err != nil {
			return 0, err
		}
		m.Pack()
		f, err := probe.Flow(m, windows, probe.Control{})
		if err != nil {
			return 0, err
		}
		if n := len(f.Layers); n == 0 || f.Layers[n-1].H.Rate > brokenRate {
			break
		}
	}
	return radius, nil
}

// Heal puts back the weights before the last surgery, and the clipping that
// BreakIt took away.
func (l *Live) Heal() {
	l.order(func() {
		if l.before == nil {
			l.story.fail(say.Errorf("nothing was done to these weights by hand, so that there is nothing to take back"))
			return
		}
		copy(l.s.Model.Weights(), l.before)
		l.s.Model.Pack()
		l.before = nil
		if l.unclipped != ([2]float64{}) {
			l.s.Trainer.Clip, l.s.Trainer.ClipValue = l.unclipped[0], l.unclipped[1]
			l.unclipped = [2]float64{}
		}
		l.altered("heal", 1)
	})
}

// operate does something to the weights of the running model and notes it.
func (l *Live) operate(what string, to float64, do func(m *rnn.Model) error) {
	l.order(func() {
		m := l.s.Model
		before := append([]float32(nil), m.Weights()...)
		if err := do(m); err != nil {
			copy(m.Weights(), before)
			l.story.fail(err)
			return
		}
		m.Pack()
		l.before = before
		l.altered(what, to)
	})
}

// altered makes it known that the weights are others.
func (l *Live) altered(what string, to float64) {
	l.surgeries++
	l.place.Store(l.mark())
	l.story.failure = nil
	l.turned(what, math.NaN(), to)
}
