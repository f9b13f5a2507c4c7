package probe

import (
	"math"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// ForgettingOf holds the measured cell gradient of an LSTM's layer against what
// its forget gates alone predict, over windows of equal length: the rest comes
// and goes by way of h. Windows whose target is unknown are left out; nil for
// other cells and when none is left.
func ForgettingOf(m *rnn.Model, windows []Window, layer int, o Control) (*scope.Forgetting, error) {
	if !m.HasMemory() {
		return nil, nil
	}
	out := &scope.Forgetting{Layer: layer}
	H, n := m.Hidden, 0
	var measured, predicted []float64 // sums of logarithms
	for i, w := range windows {
		if w.Target < 0 {
			continue
		}
		if err := o.step(i, len(windows)); err != nil {
			return nil, err
		}
		T := len(w.IDs)
		if measured == nil {
			measured, predicted = make([]float64, T), make([]float64, T)
		}
		n++
		tape := m.NewTape(T, 1, o.team(), 0)
		var factors [][]float64
		seed := lastStep(m, tape, []Window{w})
		norms := Backflow(m, tape, func(s, b int, logits []float32, scale float32) {
			if s == 0 {
				factors = cellFactors(m, tape)
			}
			seed(s, b, logits, scale)
		})
		// ∂L/∂c_T up to a factor, which Backflow knows: its direction is enough.
		tape.Reset()
		tape.Backpropagate(func(s, b int, logits []float32) { seed(s, b, logits, 1) })
		dc, f := make([]float64, H), factors[layer]
		sum := 0.0
		for j, dh := range tape.Gradient(layer, T-1, 0) {
			dc[j] = float64(dh) * f[(T-1)*2*H+j]
			sum += dc[j] * dc[j]
		}
		scale := 0.0
		if sum > 0 {
			scale = norms.C[layer][T-1][0] / math.Sqrt(sum)
		}
		for k := range T {
			measured[k] += math.Log(norms.C[layer][T-1-k][0])
			predicted[k] += math.Log(scale * math.Sqrt(inner(dc, dc)))
			for j := range dc {
				dc[j] *= f[(T-1-k)*2*H+H+j]
			}
		}
	}
	if n == 0 {
		return nil, nil
	}
	for k := range measured {
		out.Measured = append(out.Measured, math.Exp(measured[k]/float64(n)))
		out.Predicted = append(out.Predicted, math.Exp(predicted[k]/float64(n)))
	}
	return out, nil
}
