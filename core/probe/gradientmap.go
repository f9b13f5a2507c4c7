package probe

import (
	"math"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// MapOf is |∂L_T/∂h_t| of every unit of a layer at every step of a window, for
// the loss after its last step, as the engine's float32 pass leaves it: what is
// below 1e-38 is 0.
func MapOf(m *rnn.Model, w Window, layer int) *scope.GradientMap {
	T := len(w.IDs)
	tape := m.NewTape(T, 1, Control{}.team(), 0)
	seed := lastStep(m, tape, []Window{w})
	tape.Backpropagate(func(s, b int, logits []float32) { seed(s, b, logits, 1) })
	out := &scope.GradientMap{Layer: layer, Hidden: m.Hidden, IDs: append([]int32(nil), w.IDs...), Target: w.Target}
	for s := range T {
		for _, g := range tape.Gradient(layer, s, 0) {
			out.Values = append(out.Values, float32(math.Abs(float64(g))))
		}
	}
	return out
}

// ValueFor is the threshold ±v at which clipping a gradient by value leaves it
// the given norm, so that the two ways of clipping can be compared at the same
// length. It is the largest element where the norm is below the limit anyway.
func ValueFor(g []float32, limit float64) float64 {
	top := 0.0
	for _, x := range g {
		top = math.Max(top, math.Abs(float64(x)))
	}
	if norm(g) <= limit {
		return top
	}
	lo, hi := 0.0, top
	const halvings = 20 // to a millionth of the largest element
	for range halvings {
		v, sum := (lo+hi)/2, 0.0
		for _, x := range g {
			y := math.Min(v, math.Abs(float64(x)))
			sum += y * y
		}
		if math.Sqrt(sum) > limit {
			hi = v
		} else {
			lo = v
		}
	}
	return hi
}
