package rnn

import (
	"math"
	"math/rand/v2"
	"testing"

	"rnnscope/core/kernel"
)

// Inputs by value that are the embeddings of some ids must give what the ids
// give; only ∂W_ih is summed in another order.
func TestValuesThatAreEmbeddingsGiveTheSame(t *testing.T) {
	const T, B = 6, 5
	for _, c := range configs {
		if c.Tie {
			continue
		}
		m, _, x, y := draw(t, c, kernel.Available()[0], T, B)
		team := kernel.NewTeam(2)
		ids, values := m.newTape(T, B, team, 0, 2), m.newTape(T, B, team, 0, 2)
		values.ByValue(true, false)
		fill(ids, x, y)
		fill(values, x, y)
		for r, id := range ids.IDs {
			if id >= 0 {
				copy(values.Values[r*c.Embed:(r+1)*c.Embed], m.embedding.Value.Data[int(id)*c.Embed:])
			}
		}
		for range 2 { // the second window carries the first's state
			want := ids.Learn(nil)
			grads := append([]float32(nil), m.Grads()...)
			if got := values.Learn(nil); got != want {
				t.Errorf("%v: loss %v by value, %v by id", c, got, want)
			}
			for _, p := range m.Tensors() {
				got, want := widen(p.Grad.Data), widen(grads[p.Offset:p.Offset+len(p.Grad.Data)])
				if p == m.embedding {
					copy(got, want) // not learnt by value
				}
				compare(t, c.String()+" ∂"+p.Name, got, want, single)
			}
		}
		team.Close()
	}
}

// numeric is for float32 gradients against central differences of a loss in
// float64: the differences are good to 1e-9.
const numeric = 1e-5

// A regression on values against the equations in float64 and their central
// differences, a mask of scored steps included.
func TestRegressionEqualsCentralDifferences(t *testing.T) {
	const T, B = 5, 4
	for _, c := range configs {
		if c.Tie {
			continue
		}
		c.Dropout = 0
		m, params, x, y := draw(t, c, kernel.Available()[0], T, B)
		team := kernel.NewTeam(2)
		tape := m.newTape(T, B, team, 0, 2)
		tape.ByValue(false, true)
		fill(tape, x, y)
		g := rand.New(rand.NewPCG(8, 1))
		for i := range tape.Goals {
			tape.Goals[i] = float32(g.NormFloat64())
		}
		loss := func() float64 {
			r := newReference(c, params)
			r.forward(x, nil, nil)
			sum, n := 0.0, 0
			for s := range T {
				for b := range B {
					if y[s][b] < 0 {
						continue
					}
					n++
					for v, o := range r.logits[s][b] {
						d := o - float64(tape.Goals[(s*B+b)*c.Vocab+v])
						sum += d * d / float64(c.Vocab)
					}
				}
			}
			return sum / float64(n)
		}
		got := tape.Learn(nil)
		compare(t, "loss", []float64{got}, []float64{loss()}, single)
		for _, p := range m.Tensors() {
			var got, want []float64
			for range 6 {
				i := g.IntN(len(p.Grad.Data))
				w, at := params[p.Name], params[p.Name][i]
				const step = 1e-4
				w[i] = at + step
				up := loss()
				w[i] = at - step
				want = append(want, (up-loss())/(2*step))
				w[i] = at
				got = append(got, float64(p.Grad.Data[i]))
			}
			top := 0.0
			for _, d := range p.Grad.Data {
				top = math.Max(top, math.Abs(float64(d)))
			}
			for i := range got {
				if math.Abs(got[i]-want[i]) > numeric*(top+1e-3) {
					t.Errorf("%v: ∂%s: got %v, central difference %v", c, p.Name, got[i], want[i])
				}
			}
		}
		team.Close()
	}
}

// A fixed embedding has no gradient and changes no other.
func TestFixedEmbeddingHasNoGradient(t *testing.T) {
	const T, B = 4, 3
	c := configs[4]
	m, _, x, y := draw(t, c, kernel.Available()[0], T, B)
	team := kernel.NewTeam(1)
	free, fixed := m.NewTape(T, B, team, 0), m.NewTape(T, B, team, 0)
	fixed.FixEmbedding()
	fill(free, x, y)
	fill(fixed, x, y)
	free.Learn(nil)
	want := append([]float32(nil), m.Grads()...)
	clear(m.embedding.Grad.Data)
	fixed.Learn(nil)
	for _, p := range m.Tensors() {
		for i, g := range p.Grad.Data {
			if p == m.embedding {
				if g != 0 {
					t.Fatalf("∂embedding[%d] is %v", i, g)
				}
			} else if g != want[p.Offset+i] {
				t.Fatalf("∂%s[%d]: %v, with a learnt embedding %v", p.Name, i, g, want[p.Offset+i])
			}
		}
	}
}

// ∂L/∂W_hh is the sum of the steps' outer products.
func TestRecurrentGradientsSumToTheWeights(t *testing.T) {
	const T, B = 6, 5
	for _, c := range configs {
		m, _, x, y := draw(t, c, kernel.Available()[0], T, B)
		tape := m.NewTape(T, B, kernel.NewTeam(1), c.Dropout)
		fill(tape, x, y)
		tape.Learn(nil)
		for l := range c.Layers {
			w := m.Recurrent(l)
			sum := make([]float64, len(w.Grad.Data))
			for s := range T {
				for b := range B {
					for i, d := range tape.RecurrentGradient(nil, l, s, b) {
						for j, h := range tape.Hidden(l, s-1, b) {
							sum[i*c.Hidden+j] += float64(d) * float64(h)
						}
					}
				}
			}
			compare(t, c.String()+" ∂"+w.Name, widen(w.Grad.Data), sum, single)
		}
		if len(m.Blocks())*c.Hidden != m.Recurrent(0).Value.Rows {
			t.Errorf("%v: blocks %v of %d rows", c, m.Blocks(), m.Recurrent(0).Value.Rows)
		}
	}
}
