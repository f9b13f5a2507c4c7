package probe

import (
	"math"

	"rnnscope/core/rnn"
)

// Norms are the 2-norms of a gradient at every step of a tape, [L][T][B]; C is
// nil for cells without a cell state. Squares are summed in float64.
type Norms struct{ H, C [][][]float64 }

// Seed sets scale·∂L/∂logits of a row, as rnn.Tape.Backpropagate asks for it.
type Seed func(s, b int, logits []float32, scale float32)

// The pass back is float32, whose range ends at 1e-38. It is linear in its
// seed, so that a seed multiplied by a power of two, which is exact, moves the
// range: below small, norms are taken from a pass that is shifted up, and where
// numbers overflow from one that is shifted down. Norms are then right from
// about 1e-55 to 1e55, and smaller ones are too small rather than too large.
const (
	small = 1e-25
	shift = 80
)

// Backflow runs the tape's window from the zero state and L back through it.
// Dropout must be off.
func Backflow(m *rnn.Model, tape *rnn.Tape, seed Seed) Norms {
	n := backflow(m, tape, seed, 0)
	weak, broken := n.any(func(x float64) bool { return x < small }), n.any(func(x float64) bool { return !(x <= math.MaxFloat32) })
	if weak {
		n.take(backflow(m, tape, seed, shift), func(x, other float64) bool { return x < small && other <= math.MaxFloat32 })
	}
	if broken {
		n.take(backflow(m, tape, seed, -shift), func(x, other float64) bool { return !(x <= math.MaxFloat32) })
	}
	return n
}

// backflow is one pass with the seed multiplied by 2^exponent.
func backflow(m *rnn.Model, tape *rnn.Tape, seed Seed, exponent int) Norms {
	scale, back := float32(math.Ldexp(1, exponent)), math.Ldexp(1, -exponent)
	var gates [][]float64 // of each layer: o⊙(1-tanh²c) and f, [T][B][2H]
	T, B, H := tape.T, tape.B, m.Hidden
	tape.Reset()
	first := true
	tape.Backpropagate(func(s, b int, logits []float32) {
		if first && m.HasMemory() {
			gates = cellFactors(m, tape)
		}
		first = false
		seed(s, b, logits, scale)
	})
	n := Norms{}
	for l := range m.Layers {
		h := grid(T, B)
		for s := range T {
			for b := range B {
				h[s][b] = back * norm(tape.Gradient(l, s, b))
			}
		}
		n.H = append(n.H, h)
		if m.HasMemory() {
			n.C = append(n.C, cellNorms(tape, l, gates[l], H, back))
		}
	}
	return n
}

// cellFactors keeps what the cell gradient's recursion needs of an LSTM's
// activations, which the pass back overwrites.
func cellFactors(m *rnn.Model, tape *rnn.Tape) [][]float64 {
	H := m.Hidden
	var all [][]float64
	for l := range m.Layers {
		factors := make([]float64, tape.T*tape.B*2*H)
		for r := range tape.T * tape.B {
			s, b := r/tape.B, r%tape.B
			z, c := tape.Activations(l, s, b), tape.Cell(l, s, b)
			for j := range H {
				tc := math.Tanh(float64(c[j]))
				factors[r*2*H+j] = float64(z[3*H+j]) * (1 - tc*tc)
				factors[r*2*H+H+j] = float64(z[H+j])
			}
		}
		all = append(all, factors)
	}
	return all
}

// cellNorms is ‖∂L/∂c‖ of layer l, in float64 from ∂L/∂h:
//
//	∂L/∂c_t = ∂L/∂h_t ⊙ o_t⊙(1-tanh²c_t) + ∂L/∂c_{t+1} ⊙ f_{t+1}
//
// The other ways from c_t to the future pass h_t.
func cellNorms(tape *rnn.Tape, l int, factors []float64, H int, back float64) [][]float64 {
	c := grid(tape.T, tape.B)
	dc := make([]float64, H)
	for b := range tape.B {
		clear(dc)
		for s := tape.T - 1; s >= 0; s-- {
			r := s*tape.B + b
			sum := 0.0
			for j, dh := range tape.Gradient(l, s, b) {
				dc[j] += float64(dh) * factors[r*2*H+j]
				sum += dc[j] * dc[j]
			}
			c[s][b] = back * math.Sqrt(sum)
			for j := range dc {
				dc[j] *= factors[r*2*H+H+j]
			}
		}
	}
	return c
}

func (n Norms) any(is func(float64) bool) bool {
	for _, part := range [][][][]float64{n.H, n.C} {
		for _, layer := range part {
			for _, step := range layer {
				for _, x := range step {
					if is(x) {
						return true
					}
				}
			}
		}
	}
	return false
}

// take replaces norms by those of another pass where better says so.
func (n Norms) take(other Norms, better func(x, other float64) bool) {
	for p, part := range [][][][]float64{n.H, n.C} {
		from := [][][][]float64{other.H, other.C}[p]
		for l := range part {
			for s := range part[l] {
				for b, x := range part[l][s] {
					if better(x, from[l][s][b]) {
						part[l][s][b] = from[l][s][b]
					}
				}
			}
		}
	}
}

func grid(n, m int) [][]float64 {
	x := make([][]float64, n)
	for i := range x {
		x[i] = make([]float64, m)
	}
	return x
}

// norm is the 2-norm, summed in float64.
func norm(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}
