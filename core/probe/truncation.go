package probe

import (
	"math"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// TermsOf writes ∂L_T/∂W_hh of a layer, for the loss after the window's last
// step, as a sum of one term a step:
//
//	∂L_T/∂W_hh = Σ_t a_t ⊗ h_{t-1}     a_t = ∂L_T/∂(W_hh h_{t-1} + b_hh)
//
// No matrix is formed: ⟨a⊗h, a'⊗h'⟩ = (a·a')(h·h').
func TermsOf(m *rnn.Model, w Window, layer int) *scope.Terms {
	T := len(w.IDs)
	tape := m.NewTape(T, 1, Control{}.team(), 0)
	seed := lastStep(m, tape, []Window{w})
	tape.Backpropagate(func(s, b int, logits []float32) { seed(s, b, logits, 1) })
	a, h := make([][]float32, T), make([][]float32, T) // by lag
	for k := range T {
		s := T - 1 - k
		a[k] = tape.RecurrentGradient(nil, layer, s, 0)
		h[k] = tape.Hidden(layer, s-1, 0)
	}
	inner := grid(T, T)
	for i := range T {
		for j := range i + 1 {
			inner[i][j] = dot(a[i], a[j]) * dot(h[i], h[j])
			inner[j][i] = inner[i][j]
		}
	}
	withWhole := make([]float64, T) // ⟨term, sum⟩
	square := 0.0
	for i := range T {
		for j := range T {
			withWhole[i] += inner[i][j]
		}
		square += withWhole[i]
	}
	out := &scope.Terms{Layer: layer, Whole: root(square)}
	part, shared := 0.0, 0.0 // ‖sum of the last k‖², and its product with the whole
	for i := range T {
		n := root(inner[i][i])
		out.Norm = append(out.Norm, n)
		out.Cosine = append(out.Cosine, withWhole[i]/(n*out.Whole))
		for j := range i {
			part += 2 * inner[i][j]
		}
		part += inner[i][i]
		shared += withWhole[i]
		out.Cuts = append(out.Cuts, cut(i+1, part, shared, square))
	}
	return out
}

func root(x float64) float64 { return math.Sqrt(math.Max(0, x)) }

func dot(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}

// cut compares a part of a vector with the whole, from their inner products.
func cut(k int, part, shared, whole float64) scope.Cut {
	return scope.Cut{
		Window: k, Norm: root(part), Cosine: shared / (root(part) * root(whole)),
		CutOff: root(part-2*shared+whole) / root(whole),
	}
}

// Truncate measures what a wall every k steps does to the gradient of a
// layer's W_hh: B streams of T steps from the zero state, the mean of all their
// losses, state carried over the walls and gradient not. ids and targets are
// [T,B] time-major; Cuts come back in the order of windows, and each with the
// time its pass took and the bytes its tape holds.
func Truncate(m *rnn.Model, ids, targets []int32, B, layer int, windows []int, o Control) (*scope.Truncation, error) {
	T, team := len(ids)/B, o.team()
	work := m.Clone() // its gradients are written to
	whole, _ := truncated(work, ids, targets, T, B, T, layer, team)
	square := inner(whole, whole)
	out := &scope.Truncation{Layer: layer}
	for i, k := range windows {
		if err := o.step(i, len(windows)); err != nil {
			return nil, err
		}
		began := time.Now()
		g, bytes := truncated(work, ids, targets, T, B, min(k, T), layer, team)
		spent := time.Since(began).Seconds()
		c := cut(k, inner(g, g), inner(g, whole), square)
		c.Seconds, c.Bytes = spent, bytes
		out.Cuts = append(out.Cuts, c)
	}
	return out, nil
}

func inner(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// truncated is ∂L/∂W_hh with a wall every k steps, and what the tape holds.
func truncated(m *rnn.Model, ids, targets []int32, T, B, k, layer int, team *kernel.Team) (sum []float64, bytes int) {
	w := m.Recurrent(layer)
	sum = make([]float64, len(w.Grad.Data))
	scored := 0
	for _, y := range targets {
		if y >= 0 {
			scored++
		}
	}
	var tape *rnn.Tape
	var state rnn.State
	for at := 0; at < T; at += k {
		n := min(k, T-at)
		if tape == nil || n != tape.T {
			next := m.NewTape(n, B, team, 0)
			if tape != nil {
				tape.State(&state)
				next.SetState(&state)
			}
			tape = next
			bytes = max(bytes, tape.Bytes())
		}
		here := 0
		for r := range n * B {
			tape.IDs[r], tape.Targets[r] = ids[at*B+r], targets[at*B+r]
			if tape.Targets[r] >= 0 {
				here++
			}
		}
		tape.Learn(nil)
		share := float64(here) / float64(max(1, scored)) // Learn takes the mean over its own window
		for i, g := range w.Grad.Data {
			sum[i] += share * float64(g)
		}
	}
	return sum, bytes
}
