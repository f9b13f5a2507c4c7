package rnn

import "math"

// reference is the model in float64, straight from the equations, one element
// at a time and with nothing shared with the package: what its float32 is
// compared with, and what is itself compared with PyTorch's float64.
type reference struct {
	cell       string
	relu       bool
	V, E, H, L int
	p, g       map[string][]float64
	masks      [][][][]float64 // [L-1][T][B][H] dropout masks, nil for none
	h, c       [][][][]float64 // [L][T+1][B][H]
	gates      [][][][]float64 // [L][T][B][G·H] activations (GRU: r z n)
	dh, dabove [][][][]float64 // [L][T+1][B][H]
	dfuture    [][][][]float64 // [L][T+1][B][H]
	logits     [][][]float64   // [T][B][V]
	edit       func(l, t, b int, h, c []float64)
}

func newReference(c Config, params map[string][]float64) *reference {
	return &reference{cell: c.Cell, relu: c.Activation == "relu", V: c.Vocab, E: c.Embed, H: c.Hidden, L: c.Layers, p: params}
}

func sigma(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func array4(a, b, c, d int) [][][][]float64 {
	x := make([][][][]float64, a)
	for i := range x {
		x[i] = array3(b, c, d)
	}
	return x
}

func array3(a, b, c int) [][][]float64 {
	x := make([][][]float64, a)
	for i := range x {
		x[i] = make([][]float64, b)
		for j := range x[i] {
			x[i][j] = make([]float64, c)
		}
	}
	return x
}

// affine is W x + b for rows [lo, hi) of W.
func affine(w, b, x []float64, lo, hi int) []float64 {
	out := make([]float64, hi-lo)
	for i := lo; i < hi; i++ {
		sum := b[i]
		for j, v := range x {
			sum += w[i*len(x)+j] * v
		}
		out[i-lo] = sum
	}
	return out
}

func name(kind string, l int) string { return "rnn." + kind + "_l" + string(rune('0'+l)) }

// forward computes everything from h0, c0 ([L][B][H]; nil is zero).
func (r *reference) forward(x [][]int, h0, c0 [][][]float64) {
	T, B, H := len(x), len(x[0]), r.H
	G := map[string]int{"rnn": 1, "gru": 3, "lstm": 4}[r.cell]
	r.h, r.c, r.gates = array4(r.L, T+1, B, H), array4(r.L, T+1, B, H), array4(r.L, T, B, G*H)
	r.logits = array3(T, B, r.V)
	for l := range r.L {
		if h0 != nil {
			for b := range B {
				copy(r.h[l][0][b], h0[l][b])
				if c0 != nil {
					copy(r.c[l][0][b], c0[l][b])
				}
			}
		}
		wih, whh, bih, bhh := r.p[name("weight_ih", l)], r.p[name("weight_hh", l)], r.p[name("bias_ih", l)], r.p[name("bias_hh", l)]
		for t := range T {
			for b := range B {
				in := r.input(x, l, t, b)
				ax, ah := affine(wih, bih, in, 0, G*H), affine(whh, bhh, r.h[l][t][b], 0, G*H)
				for j := range H {
					h := r.h[l][t][b][j]
					switch r.cell {
					case "rnn":
						a := ax[j] + ah[j]
						r.gates[l][t][b][j] = a
						r.h[l][t+1][b][j] = math.Tanh(a)
						if r.relu {
							r.h[l][t+1][b][j] = math.Max(0, a)
						}
					case "gru":
						rr, z := sigma(ax[j]+ah[j]), sigma(ax[H+j]+ah[H+j])
						n := math.Tanh(ax[2*H+j] + rr*ah[2*H+j])
						g := r.gates[l][t][b]
						g[j], g[H+j], g[2*H+j] = rr, z, n
						r.h[l][t+1][b][j] = (1-z)*n + z*h
					case "lstm":
						i, f := sigma(ax[j]+ah[j]), sigma(ax[H+j]+ah[H+j])
						g, o := math.Tanh(ax[2*H+j]+ah[2*H+j]), sigma(ax[3*H+j]+ah[3*H+j])
						a := r.gates[l][t][b]
						a[j], a[H+j], a[2*H+j], a[3*H+j] = i, f, g, o
						c := f*r.c[l][t][b][j] + i*g
						r.c[l][t+1][b][j] = c
						r.h[l][t+1][b][j] = o * math.Tanh(c)
					}
				}
				if r.edit != nil {
					r.edit(l, t, b, r.h[l][t+1][b], r.c[l][t+1][b])
				}
			}
		}
	}
	for t := range T {
		for b := range B {
			copy(r.logits[t][b], affine(r.output(), r.p["fc.bias"], r.h[r.L-1][t+1][b], 0, r.V))
		}
	}
}

func (r *reference) output() []float64 {
	if w, ok := r.p["fc.weight"]; ok {
		return w
	}
	return r.p["embedding.weight"]
}

// input is what layer l reads at step t of stream b.
func (r *reference) input(x [][]int, l, t, b int) []float64 {
	if l == 0 {
		if x[t][b] < 0 {
			return make([]float64, r.E)
		}
		return r.p["embedding.weight"][x[t][b]*r.E : (x[t][b]+1)*r.E]
	}
	in := append([]float64(nil), r.h[l-1][t+1][b]...)
	if r.masks != nil {
		for j := range in {
			in[j] *= r.masks[l-1][t][b][j]
		}
	}
	return in
}

// losses returns the surprisal of every target; a negative one is 0.
func (r *reference) losses(y [][]int) (each [][]float64, mean float64) {
	n := 0
	for t := range y {
		each = append(each, make([]float64, len(y[t])))
		for b, id := range y[t] {
			if id < 0 {
				continue
			}
			top := math.Inf(-1)
			for _, v := range r.logits[t][b] {
				top = math.Max(top, v)
			}
			sum := 0.0
			for _, v := range r.logits[t][b] {
				sum += math.Exp(v - top)
			}
			each[t][b] = top + math.Log(sum) - r.logits[t][b][id]
			mean += each[t][b]
			n++
		}
	}
	return each, mean / float64(n)
}

// backward computes the gradient of the mean loss after forward.
func (r *reference) backward(x, y [][]int) {
	T, B, H := len(x), len(x[0]), r.H
	r.g = map[string][]float64{}
	for k, v := range r.p {
		r.g[k] = make([]float64, len(v))
	}
	scored := 0
	for t := range y {
		for _, id := range y[t] {
			if id >= 0 {
				scored++
			}
		}
	}
	fc := "fc.weight"
	if r.p[fc] == nil {
		fc = "embedding.weight"
	}
	r.dabove, r.dfuture, r.dh = array4(r.L, T+1, B, H), array4(r.L, T+1, B, H), array4(r.L, T+1, B, H)
	for t := range T {
		for b := range B {
			if y[t][b] < 0 {
				continue
			}
			lse := math.Inf(-1)
			for _, v := range r.logits[t][b] {
				lse = math.Max(lse, v)
			}
			sum := 0.0
			for _, v := range r.logits[t][b] {
				sum += math.Exp(v - lse)
			}
			for v := range r.V {
				d := math.Exp(r.logits[t][b][v]-lse) / sum
				if v == y[t][b] {
					d--
				}
				d /= float64(scored)
				r.g["fc.bias"][v] += d
				for j := range H {
					r.g[fc][v*H+j] += d * r.h[r.L-1][t+1][b][j]
					r.dabove[r.L-1][t+1][b][j] += d * r.p[fc][v*H+j]
				}
			}
		}
	}
	for l := r.L - 1; l >= 0; l-- {
		for b := range B {
			dc := make([]float64, H)
			for t := T - 1; t >= 0; t-- {
				dax, dah := r.cellBackward(l, t, b, dc)
				in := r.input(x, l, t, b)
				for i := range dax {
					r.g[name("bias_ih", l)][i] += dax[i]
					r.g[name("bias_hh", l)][i] += dah[i]
					for j, v := range in {
						r.g[name("weight_ih", l)][i*len(in)+j] += dax[i] * v
						d := dax[i] * r.p[name("weight_ih", l)][i*len(in)+j]
						switch {
						case l > 0 && r.masks != nil:
							r.dabove[l-1][t+1][b][j] += d * r.masks[l-1][t][b][j]
						case l > 0:
							r.dabove[l-1][t+1][b][j] += d
						case x[t][b] >= 0:
							r.g["embedding.weight"][x[t][b]*r.E+j] += d
						}
					}
					for j, v := range r.h[l][t][b] {
						r.g[name("weight_hh", l)][i*H+j] += dah[i] * v
						r.dfuture[l][t][b][j] += dah[i] * r.p[name("weight_hh", l)][i*H+j]
					}
				}
			}
		}
	}
}

// cellBackward returns the gradients of the input's and of the state's half of
// the pre-activations; dc is ∂L/∂c from the future and is moved a step back.
func (r *reference) cellBackward(l, t, b int, dc []float64) (dax, dah []float64) {
	H, G := r.H, len(r.gates[l][t][b])/r.H
	dax, dah = make([]float64, G*H), make([]float64, G*H)
	g := r.gates[l][t][b]
	for j := range H {
		dh := r.dabove[l][t+1][b][j] + r.dfuture[l][t+1][b][j]
		r.dh[l][t+1][b][j] = dh
		h0, h := r.h[l][t][b][j], r.h[l][t+1][b][j]
		switch r.cell {
		case "rnn":
			dax[j] = dh * (1 - h*h)
			if r.relu {
				dax[j] = 0
				if h > 0 {
					dax[j] = dh
				}
			}
			dah[j] = dax[j]
		case "gru":
			rr, z, n := g[j], g[H+j], g[2*H+j]
			// The state's half of n, W_hn h' + b_hn, again.
			nh := affine(r.p[name("weight_hh", l)], r.p[name("bias_hh", l)], r.h[l][t][b], 2*H+j, 2*H+j+1)[0]
			dn := dh * (1 - z) * (1 - n*n)
			dax[2*H+j], dah[2*H+j] = dn, dn*rr
			dax[j] = dn * nh * rr * (1 - rr)
			dax[H+j] = dh * (h0 - n) * z * (1 - z)
			dah[j], dah[H+j] = dax[j], dax[H+j]
			r.dfuture[l][t][b][j] += dh * z
		case "lstm":
			i, f, gg, o := g[j], g[H+j], g[2*H+j], g[3*H+j]
			tc := math.Tanh(r.c[l][t+1][b][j])
			d := dc[j] + dh*o*(1-tc*tc)
			dax[j] = d * gg * i * (1 - i)
			dax[H+j] = d * r.c[l][t][b][j] * f * (1 - f)
			dax[2*H+j] = d * i * (1 - gg*gg)
			dax[3*H+j] = dh * tc * o * (1 - o)
			dc[j] = d * f
		}
	}
	if r.cell == "lstm" {
		copy(dah, dax)
	}
	return dax, dah
}
