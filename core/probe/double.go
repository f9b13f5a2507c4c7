package probe

import (
	"math"
	"slices"

	"rnnscope/core/rnn"
)

// double is a model's equations in float64, one stream at a time: what small
// differences are taken of, where float32 would drown them in rounding.
type double struct {
	m      *rnn.Model
	layers []doubleLayer
	fc, fb []float64 // [V,H], [V]
	embed  []float64 // [V,E]
}

type doubleLayer struct {
	in                 int
	wih, whh, bih, bhh []float64
}

func newDouble(m *rnn.Model) *double {
	byName := map[string][]float64{}
	for _, t := range m.Tensors() {
		byName[t.Name] = wide(t.Value.Data)
	}
	d := &double{m: m, embed: byName["embedding.weight"], fc: byName["fc.weight"], fb: byName["fc.bias"]}
	if d.fc == nil {
		d.fc = d.embed
	}
	tensors := m.Tensors()[1:] // four a layer, in PyTorch's order
	for l := range m.Layers {
		t := tensors[4*l : 4*l+4]
		d.layers = append(d.layers, doubleLayer{
			in:  t[0].Value.Cols,
			wih: byName[t[0].Name], whh: byName[t[1].Name], bih: byName[t[2].Name], bhh: byName[t[3].Name],
		})
	}
	return d
}

func wide(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// affine adds W x to out [n] and, where b is not nil, b.
func affine(out, w, b, x []float64) {
	n := len(x)
	for i := range out {
		sum := 0.0
		for j, v := range w[i*n : i*n+n] {
			sum += v * x[j]
		}
		if b != nil {
			sum += b[i]
		}
		out[i] += sum
	}
}

// place is a state that an intervention changes: h of a layer after a step, or
// c before h is made of it.
type place struct {
	layer, step int
	cell        bool
}

// stepped is what one step of one layer made: the activations (of an LSTM i f g o,
// of a GRU r z n nh, of an RNN a, [Z·H]) and the new state.
type stepped struct{ z, h, c []float64 }

// step takes one layer a step: x its input, h0 and c0 its old state. moved, if
// not nil, is added to c before h is made.
func (d *double) step(l int, x, h0, c0, moved []float64) stepped {
	y, H := &d.layers[l], d.m.Hidden
	G := len(y.whh) / (H * H)
	ax, ah := make([]float64, G*H), make([]float64, G*H)
	if x != nil {
		affine(ax, y.wih, y.bih, x)
	} else {
		copy(ax, y.bih)
	}
	affine(ah, y.whh, y.bhh, h0)
	out := stepped{h: make([]float64, H)}
	switch d.m.Cell {
	case "gru":
		out.z = make([]float64, 4*H)
		for j := range H {
			r, z, nh := logistic(ax[j]+ah[j]), logistic(ax[H+j]+ah[H+j]), ah[2*H+j]
			n := math.Tanh(ax[2*H+j] + r*nh)
			out.z[j], out.z[H+j], out.z[2*H+j], out.z[3*H+j] = r, z, n, nh
			out.h[j] = (1-z)*n + z*h0[j]
		}
	case "lstm":
		out.z, out.c = make([]float64, 4*H), make([]float64, H)
		for j := range H {
			i, f := logistic(ax[j]+ah[j]), logistic(ax[H+j]+ah[H+j])
			g, o := math.Tanh(ax[2*H+j]+ah[2*H+j]), logistic(ax[3*H+j]+ah[3*H+j])
			out.z[j], out.z[H+j], out.z[2*H+j], out.z[3*H+j] = i, f, g, o
			out.c[j] = f*c0[j] + i*g
			if moved != nil {
				out.c[j] += moved[j]
			}
			out.h[j] = o * math.Tanh(out.c[j])
		}
	default:
		out.z = make([]float64, H)
		for j := range H {
			a := ax[j] + ah[j]
			out.z[j] = a
			if d.m.Activation == "relu" {
				out.h[j] = math.Max(0, a)
			} else {
				out.h[j] = math.Tanh(a)
			}
		}
	}
	return out
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// states are those of all layers before a step.
type states struct {
	step int
	h, c [][]float64 // [L][H]
}

// begin are the states before the first step: zero.
func (d *double) begin() states {
	s := states{h: make([][]float64, d.m.Layers), c: make([][]float64, d.m.Layers)}
	for l := range s.h {
		s.h[l], s.c[l] = make([]float64, d.m.Hidden), make([]float64, d.m.Hidden)
	}
	return s
}

// at are the states that a tape has before a step of its first stream.
func (d *double) at(tape *rnn.Tape, step int) states {
	s := d.begin()
	if s.step = step; step == 0 {
		return s
	}
	for l := range s.h {
		s.h[l] = wide(tape.Hidden(l, step-1, 0))
		if c := tape.Cell(l, step-1, 0); c != nil {
			s.c[l] = wide(c)
		}
	}
	return s
}

// goOn are the outputs after a window, from the states before one of its steps.
func (d *double) goOn(w Window, from states, at place, moved []float64) []float64 {
	h, c := slices.Clone(from.h), slices.Clone(from.c)
	for i, id := range w.IDs[from.step:] {
		s, x := from.step+i, d.embedding(id)
		for l := range h {
			here := s == at.step && l == at.layer && moved != nil
			var inside []float64
			if here && at.cell {
				inside = moved
			}
			out := d.step(l, x, h[l], c[l], inside)
			if here && !at.cell {
				for j, v := range moved {
					out.h[j] += v
				}
			}
			h[l], c[l] = out.h, out.c
			x = out.h
		}
	}
	logits := make([]float64, d.m.Vocab)
	affine(logits, d.fc, d.fb, h[len(h)-1])
	return logits
}

// embedding is what the first layer reads for an id, nil for an unknown symbol.
func (d *double) embedding(id int32) []float64 {
	if id < 0 {
		return nil
	}
	E := d.m.Embed
	return d.embed[int(id)*E : (int(id)+1)*E]
}

// surprisal is -log softmax(logits)[y].
func surprisal(logits []float64, y int) float64 {
	top := math.Inf(-1)
	for _, v := range logits {
		top = math.Max(top, v)
	}
	sum := 0.0
	for _, v := range logits {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum) - logits[y]
}
