package probe

import (
	"math"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// ClippingOf clips one gradient, [n], by its norm to limit and by value to
// ±each, and says what became of it. Clipping by norm keeps the direction;
// clipping by value does not.
func ClippingOf(g []float32, limit, each float64) scope.Clipping {
	c := scope.Clipping{Norm: norm(g), Limit: limit, Each: each}
	scale := math.Min(1, limit/(c.Norm+1e-6))
	byNorm, byValue := make([]float64, len(g)), make([]float64, len(g))
	cut := 0
	for i, x := range g {
		v := float64(x)
		byNorm[i], byValue[i] = scale*v, math.Max(-each, math.Min(each, v))
		if byValue[i] != v {
			cut++
		}
	}
	c.ByNorm, c.NormAngle = compare(g, c.Norm, byNorm)
	c.ByValue, c.ValueAngle = compare(g, c.Norm, byValue)
	if len(g) > 0 {
		c.Cut = float64(cut) / float64(len(g))
	}
	return c
}

// compare is the norm of b and its angle with a in degrees, NaN when one is
// zero. By half angles: 2 atan(‖u-v‖ / ‖u+v‖) of the unit vectors, which is
// right where the cosine is 1 to the last bit.
func compare(a []float32, normA float64, b []float64) (normB, degrees float64) {
	normB = math.Sqrt(inner(b, b))
	if normA == 0 || normB == 0 {
		return normB, math.NaN()
	}
	var less, more float64
	for i, y := range b {
		u, v := float64(a[i])/normA, y/normB
		less += (u - v) * (u - v)
		more += (u + v) * (u + v)
	}
	return normB, 2 * math.Atan2(math.Sqrt(less), math.Sqrt(more)) * 180 / math.Pi
}

// GradientNorms is the global norm of the gradient of each window's mean loss
// over all parameters, as training clips it, and the gradient of the last
// window. ids and targets are [T,B] time-major a window; each starts from the
// zero state.
func GradientNorms(m *rnn.Model, ids, targets [][]int32, B int, o Control) (norms []float64, last []float32, err error) {
	work := m.Clone()
	var tape *rnn.Tape
	team := o.team()
	for i := range ids {
		if err := o.step(i, len(ids)); err != nil {
			return nil, nil, err
		}
		if T := len(ids[i]) / B; tape == nil || tape.T != T {
			tape = work.NewTape(T, B, team, 0)
		}
		copy(tape.IDs, ids[i])
		copy(tape.Targets, targets[i])
		tape.Reset()
		tape.Learn(nil)
		norms = append(norms, norm(work.Grads()))
	}
	return norms, slices.Clone(work.Grads()), nil // the model that has them is not kept
}

// HistogramOf counts values, each as often as times says, in n bins from the
// smallest to the largest, equally wide on a logarithmic axis, and how many lie
// above a threshold.
func HistogramOf(values []float64, times []int, n int, threshold float64) scope.Histogram {
	var h scope.Histogram
	least, most := math.Inf(1), 0.0
	proper := func(v float64) bool { return v > 0 && !math.IsInf(v, 0) }
	for i, v := range values {
		if times[i] == 0 {
			continue
		}
		if !proper(v) {
			h.Odd += times[i]
			continue
		}
		if v > threshold {
			h.Above += times[i]
		}
		least, most = math.Min(least, v), math.Max(most, v)
	}
	if most == 0 {
		return h
	}
	if least == most {
		least, most = least/2, most*2
	}
	width := math.Log(most/least) / float64(n)
	for i := range n + 1 {
		h.Edges = append(h.Edges, least*math.Exp(width*float64(i)))
	}
	h.Edges[n] = most
	h.Counts = make([]int, n)
	for i, v := range values {
		if proper(v) {
			h.Counts[min(n-1, max(0, int(math.Log(v/least)/width)))] += times[i]
		}
	}
	return h
}
