package probe

import (
	"math"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// SourcesOf splits ∂L/∂h of a layer at every step of a window into what came
// from this step's output (from the layer above, below the top) and what came
// from the step after. targets [K] are what follows each step; L is the mean
// loss over them, as in training, and a target of -1 is not scored. The two are
// computed apart from the sum that they are held against.
func SourcesOf(m *rnn.Model, ids, targets []int32, layer int) *scope.Sources {
	T, H := len(ids), m.Hidden
	tape := m.NewTape(T, 1, Control{}.team(), 0)
	watch := tape.Watch(0)
	copy(tape.IDs, ids)
	scored := 0
	for _, y := range targets {
		if y >= 0 {
			scored++
		}
	}
	tape.Backpropagate(func(s, _ int, logits []float32) {
		m.Kernel.SoftmaxLoss(logits, int(targets[s]), 1/float32(max(1, scored)))
	})
	out := &scope.Sources{Layer: layer}
	var off, top float64
	for s := range T {
		above, future := watch.Layers[layer].Above[s*H:(s+1)*H], watch.Layers[layer].Future[s*H:(s+1)*H]
		whole := tape.Gradient(layer, s, 0)
		for j, w := range whole {
			off = math.Max(off, math.Abs(float64(above[j])+float64(future[j])-float64(w)))
			top = math.Max(top, math.Abs(float64(w)))
		}
		out.Steps = append(out.Steps, scope.Source{
			Above: norm(above), Future: norm(future), Whole: norm(whole), Cosine: cosine(above, future),
		})
	}
	if top > 0 {
		out.Residual = off / top
	}
	return out
}

// cosine of the angle between two vectors; NaN when one is zero.
func cosine(a, b []float32) float64 {
	dot, n := 0.0, norm(a)*norm(b)
	for i, x := range a {
		dot += float64(x) * float64(b[i])
	}
	if n == 0 {
		return math.NaN()
	}
	return dot / n
}

// epsilon moves the state by this much of a unit in a central difference: in
// float64 its error, ε² times the third derivative, is then below 1e-9.
const epsilon = 1e-4

// noise is what rounding may do to a central difference: a loss is known to about
// the unit in the last place of the logits and of log Σ exp that it is made of,
// whatever they are, and its errors are divided by ε. Of models as drawn, and with
// weights up to four times as large, the error stayed below a third of this.
func (d *double) noise(w Window) float64 {
	size := math.Log(float64(d.m.Vocab))
	for _, v := range d.logits(w, place{}, nil) {
		size = math.Max(size, math.Abs(v))
	}
	const ulp = 1.0 / (1 << 52)
	return 4 * size * ulp / epsilon
}

// CheckGradient holds ∂L_T/∂h_{T-k} of a layer against central differences in
// float64, at the given lags, along the gradient's own direction: the derivative
// there is the gradient's norm.
func CheckGradient(m *rnn.Model, w Window, layer int, lags []int, o Control) (*scope.Differences, error) {
	tape := m.NewTape(len(w.IDs), 1, o.team(), 0)
	seed := lastStep(m, tape, []Window{w})
	tape.Backpropagate(func(s, b int, logits []float32) { seed(s, b, logits, 1) })
	exact := newDouble(m)
	d := &scope.Differences{Layer: layer, Epsilon: epsilon, Noise: exact.noise(w)}
	for i, k := range lags {
		if err := o.step(i, len(lags)); err != nil {
			return nil, err
		}
		at := place{layer: layer, step: len(w.IDs) - 1 - k}
		g := wide(tape.Gradient(layer, at.step, 0))
		size := norm(tape.Gradient(layer, at.step, 0))
		central := 0.0
		if size > 0 {
			central = exact.central(w, at, g, size)
		}
		d.Lags = append(d.Lags, k)
		d.Gradient, d.Central = append(d.Gradient, size), append(d.Central, central)
		d.Worst = math.Max(d.Worst, d.Apart(i))
	}
	return d, nil
}

// central is the derivative of the loss along g/size.
func (d *double) central(w Window, at place, g []float64, size float64) float64 {
	up, down := make([]float64, len(g)), make([]float64, len(g))
	for j, v := range g {
		up[j], down[j] = epsilon*v/size, -epsilon*v/size
	}
	return (d.loss(w, at, up) - d.loss(w, at, down)) / (2 * epsilon)
}
