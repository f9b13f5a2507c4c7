package probe

import (
	"math"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// Window is a piece of text from the zero state: the ids read (-1 is an unknown
// symbol) and what follows the last of them.
type Window struct {
	IDs    []int32
	Target int32
}

// Windows cuts the first n windows of k steps out of a text: they start at
// 0, k, 2k, … while the token after them exists.
func Windows(text rnn.Tokens, k, n int) []Window {
	var all []Window
	for at := 0; at+k < text.Len() && len(all) < n; at += k {
		ids := make([]int32, k+1)
		text.Fill(ids, at)
		all = append(all, Window{ids[:k], ids[k]})
	}
	return all
}

// flowBatch is how many windows run side by side: enough for full products,
// unless the logits of a large vocabulary take more room than flowLogits.
const (
	flowBatch  = 16
	flowLogits = 1 << 24
)

// Flow measures how far back the gradient of the last step's loss reaches in
// each window, which must be equally long. Only that loss is seeded, and not
// divided by anything.
func Flow(m *rnn.Model, windows []Window, o Control) (*scope.Flow, error) {
	f := &scope.Flow{Cell: m.Config.Cell, Hidden: m.Hidden}
	var known []Window
	for _, w := range windows {
		if w.Target < 0 {
			f.Skipped++
			continue
		}
		known = append(known, w)
	}
	f.Windows = len(known)
	if len(known) == 0 {
		return f, nil
	}
	f.Steps = len(known[0].IDs)
	h, c := make([][][]float64, m.Layers), make([][][]float64, m.Layers) // [L][K][windows]
	for l := range m.Layers {
		h[l], c[l] = grid(f.Steps, 0), grid(f.Steps, 0)
	}
	var tape *rnn.Tape
	team := o.team()
	size := max(1, min(flowBatch, flowLogits/(f.Steps*m.Vocab)))
	for at := 0; at < len(known); at += size {
		if err := o.step(at, len(known)); err != nil {
			return nil, err
		}
		batch := known[at:min(len(known), at+size)]
		if tape == nil || tape.B != len(batch) {
			tape = m.NewTape(f.Steps, len(batch), team, 0)
		}
		norms := Backflow(m, tape, lastStep(m, tape, batch))
		for l := range m.Layers {
			for k := range f.Steps {
				h[l][k] = append(h[l][k], norms.H[l][f.Steps-1-k]...)
				if norms.C != nil {
					c[l][k] = append(c[l][k], norms.C[l][f.Steps-1-k]...)
				}
			}
		}
	}
	for l := range m.Layers {
		layer := scope.FlowLayer{H: decay(h[l])}
		if m.HasMemory() {
			layer.C = decay(c[l])
		}
		f.Layers = append(f.Layers, layer)
	}
	if o.Progress != nil {
		o.Progress(len(known), len(known))
	}
	return f, nil
}

// lastStep fills the tape and seeds the loss of each window's last step.
func lastStep(m *rnn.Model, tape *rnn.Tape, batch []Window) Seed {
	for b, w := range batch {
		for s, id := range w.IDs {
			tape.IDs[s*tape.B+b] = id
		}
	}
	return func(s, b int, logits []float32, scale float32) {
		if s < tape.T-1 {
			clear(logits)
			return
		}
		m.Kernel.SoftmaxLoss(logits, int(batch[b].Target), scale)
	}
}

// decay summarises norms [K][windows].
func decay(norms [][]float64) *scope.Decay {
	d := &scope.Decay{}
	for _, step := range norms {
		sum, logs, least, most := 0.0, 0.0, math.Inf(1), math.Inf(-1)
		for _, x := range step {
			sum += x
			logs += math.Log(x)
			least, most = math.Min(least, x), math.Max(most, x)
		}
		n := float64(len(step))
		d.Arithmetic = append(d.Arithmetic, sum/n)
		d.Geometric = append(d.Geometric, math.Exp(logs/n))
		d.Least, d.Most = append(d.Least, least), append(d.Most, most)
	}
	d.Rate = Fit(d.Geometric, d.Least)
	d.HalfLife = HalfLife(d.Rate)
	return d
}

// Fit is the factor per step of norms by lag, means over windows, from the
// least-squares line through their logarithms. Lags are left out whose mean is not
// finite, or whose least norm is below scope.Faintest: from there on a gradient in
// float32 loses its digits and then stands still, or is 0, and tells nothing of how
// it falls. The rate is NaN when fewer than two lags are left.
func Fit(mean, least []float64) float64 {
	var n, x, y, xx, xy float64
	for k, v := range mean {
		if !(least[k] >= scope.Faintest) || math.IsInf(v, 0) || math.IsNaN(v) {
			continue
		}
		k, v := float64(k), math.Log(v)
		n, x, y, xx, xy = n+1, x+k, y+v, xx+k*k, xy+k*v
	}
	if n < 2 {
		return math.NaN()
	}
	return math.Exp((n*xy - x*y) / (n*xx - x*x))
}

// HalfLife is how many steps a factor per step takes to halve: +Inf when it
// does not fall.
func HalfLife(rate float64) float64 {
	switch {
	case math.IsNaN(rate):
		return rate
	case rate >= 1:
		return math.Inf(1)
	}
	return math.Ln2 / -math.Log(rate)
}

// Guide is the line start·rate^k by lag, to hold a measured decay against.
func Guide(start, rate float64, steps int) []float64 {
	line := make([]float64, steps)
	for k := range line {
		line[k] = start * math.Pow(rate, float64(k))
	}
	return line
}
