package lag

import (
	"math"

	"rnnscope/core/kernel"
	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// A gradient that has fallen to a thousandth is past the predicted horizon.
const faint = 1e-3

// arrival measures before training how much of the gradient of an answer's loss
// arrives at earlier steps, over one batch of full lags: only the last graded
// step of each sequence is seeded.
func arrival(m *rnn.Model, t *problem, c scope.Trial, team *kernel.Team, r *scope.TrialResult) {
	s := newSource(t, c.Lag, c.Batch, c.Seed, streamFirst)
	s.whole = true
	tape := m.NewTape(s.T, s.B, team, 0)
	inputs, targets := s.ByValue()
	if inputs || targets {
		tape.ByValue(inputs, targets)
	}
	s.NextValues(tape.Values, tape.Goals, tape.IDs, tape.Targets)
	last := make([]int, s.B)
	for i, graded := range s.graded {
		if graded {
			last[i%s.B] = i / s.B
		}
	}
	norms := probe.Backflow(m, tape, func(step, b int, out []float32, scale float32) {
		if step != last[b] {
			clear(out)
			return
		}
		i := step*s.B + b
		if targets {
			out[0] = 2 * (out[0] - tape.Goals[i]) * scale
			return
		}
		m.Kernel.SoftmaxLoss(out, int(tape.Targets[i]), scale)
	}).H[0]
	// Geometric means by lag, and least norms, over the sequences that are as long.
	var byLag, least []float64
	for k := range s.T {
		sum, n, low := 0.0, 0, math.Inf(1)
		for b, at := range last {
			if k <= at {
				x := norms[at-k][b]
				sum += math.Log(x)
				low = min(low, x)
				n++
			}
		}
		if n < s.B {
			break // some sequences are shorter
		}
		byLag, least = append(byLag, math.Exp(sum/float64(n))), append(least, low)
	}
	r.Span = t.span(c.Lag)
	r.Ratio, r.Horizon = scope.Number(math.NaN()), scope.Number(math.Inf(1))
	if r.Span < len(byLag) {
		r.Ratio = scope.Number(byLag[r.Span] / byLag[0])
	}
	rate := probe.Fit(byLag, least)
	r.Rate = scope.Number(rate)
	switch {
	case math.IsNaN(rate):
		r.Horizon, r.Endless = r.Rate, "there are fewer than two lags to fit"
	case rate < 1:
		r.Horizon = scope.Number(math.Log(faint) / math.Log(rate))
	default:
		r.Endless = "the gradient does not fall"
	}
}
