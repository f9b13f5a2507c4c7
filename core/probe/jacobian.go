package probe

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/rnn"
)

// A layer's own recurrence is s_t = F(x_t, s_{t-1}) with s = h, of an LSTM
// s = (h, c). Its Jacobian ∂s_t/∂s_{t-1}, from a step's activations, with
// D(v) the diagonal matrix of v and W the H x H blocks of W_hh:
//
//	RNN   ∂h/∂h' = D(φ'(a)) W
//	GRU   ∂h/∂h' = D((1-z)(1-n²)) [D(r) W_n + D(nh r(1-r)) W_r] + D((h'-n) z(1-z)) W_z + D(z)
//	LSTM  ∂c/∂c' = D(f)
//	      ∂c/∂h' = D(c' f(1-f)) W_f + D(g i(1-i)) W_i + D(i(1-g²)) W_g
//	      ∂h/∂c' = D(o(1-tanh²c)) ∂c/∂c'
//	      ∂h/∂h' = D(tanh(c) o(1-o)) W_o + D(o(1-tanh²c)) ∂c/∂h'
//
// Of a layer with others above it, the loss also reaches h through them: their
// part is not in here.
type recurrence struct {
	m      *rnn.Model
	blocks []*mat.Dense // of W_hh, H x H each
	exact  *double
	layer  int
}

func newRecurrence(m *rnn.Model, layer int) *recurrence {
	r := &recurrence{m: m, layer: layer, exact: newDouble(m)}
	H, w := m.Hidden, r.exact.layers[layer].whh
	for b := range len(w) / (H * H) {
		r.blocks = append(r.blocks, mat.NewDense(H, H, w[b*H*H:(b+1)*H*H]))
	}
	return r
}

// size is the length of s.
func (r *recurrence) size() int {
	if r.m.HasMemory() {
		return 2 * r.m.Hidden
	}
	return r.m.Hidden
}

// point is the state before a step and what the step made of it.
type point struct {
	h0, c0 []float64
	stepped
}

// points runs the ids from the zero state, in float64.
func (r *recurrence) points(ids []int32) []point {
	H := r.m.Hidden
	h, c := make([][]float64, r.m.Layers), make([][]float64, r.m.Layers)
	for l := range h {
		h[l], c[l] = make([]float64, H), make([]float64, H)
	}
	var all []point
	for _, id := range ids {
		x := r.exact.embedding(id)
		for l := range r.layer + 1 {
			p := point{h0: h[l], c0: c[l], stepped: r.exact.step(l, x, h[l], c[l], nil)}
			h[l], c[l] = p.h, p.c
			x = p.h
			if l == r.layer {
				all = append(all, p)
			}
		}
	}
	return all
}

// jacobian is ∂s_t/∂s_{t-1} at a point.
func (r *recurrence) jacobian(p point) *mat.Dense {
	H := r.m.Hidden
	j := mat.NewDense(r.size(), r.size(), nil)
	switch r.m.Cell {
	case "gru":
		for i := range H {
			rr, z, n, nh := p.z[i], p.z[H+i], p.z[2*H+i], p.z[3*H+i]
			dn, dz := (1-z)*(1-n*n), (p.h0[i]-n)*z*(1-z)
			row, wr, wz, wn := j.RawRowView(i), r.blocks[0].RawRowView(i), r.blocks[1].RawRowView(i), r.blocks[2].RawRowView(i)
			for k := range row {
				row[k] = dn*(rr*wn[k]+nh*rr*(1-rr)*wr[k]) + dz*wz[k]
			}
			row[i] += z
		}
	case "lstm":
		for i := range H {
			in, f, g, o := p.z[i], p.z[H+i], p.z[2*H+i], p.z[3*H+i]
			tc := math.Tanh(p.c[i])
			out := o * (1 - tc*tc)
			h, c := j.RawRowView(i), j.RawRowView(H+i)
			wi, wf, wg, wo := r.blocks[0].RawRowView(i), r.blocks[1].RawRowView(i), r.blocks[2].RawRowView(i), r.blocks[3].RawRowView(i)
			for k := range H {
				c[k] = p.c0[i]*f*(1-f)*wf[k] + g*in*(1-in)*wi[k] + in*(1-g*g)*wg[k]
				h[k] = tc*o*(1-o)*wo[k] + out*c[k]
			}
			c[H+i], h[H+i] = f, out*f
		}
	default:
		for i := range H {
			d, row := r.slope(p, i), j.RawRowView(i)
			for k, w := range r.blocks[0].RawRowView(i) {
				row[k] = d * w
			}
		}
	}
	return j
}

// slope is the derivative of the nonlinearity that unit i's new state passes:
// tanh' of a (RNN), of n (GRU), of c (LSTM); of ReLU 1 where it is on.
func (r *recurrence) slope(p point, i int) float64 {
	H, y := r.m.Hidden, p.h[i]
	switch {
	case r.m.Cell == "gru":
		y = p.z[2*H+i]
	case r.m.HasMemory():
		y = math.Tanh(p.c[i])
	case r.m.Activation == "relu":
		if y > 0 {
			return 1
		}
		return 0
	}
	return 1 - y*y
}
