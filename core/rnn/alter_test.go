package rnn

import (
	"math"
	"slices"
	"testing"

	"rnnscope/core/kernel"
)

// edits is an alteration with one of each kind in it.
type edits struct{}

// Stream 0 is left alone; from step 2 on unit 1 of every layer is scaled, unit
// 3 of the top layer zeroed and unit 0 of layer 0 held at 0.3; at step 3
// stream 2 is given another state.
func apply[F float32 | float64](layer, step, stream int, h, c []F) {
	if stream == 0 {
		return
	}
	if step >= 2 {
		h[1] *= -1.5
		h[3] = 0
		if layer == 0 {
			h[0] = 0.3
		}
	}
	if step == 3 && stream == 2 {
		for j := range h {
			h[j] = F(j%5)/8 - 0.25
		}
		for j := range c {
			c[j] = F(j%3)/4 - 0.25
		}
	}
}

func (edits) State(layer, step, stream int, h, c []float32) { apply(layer, step, stream, h, c) }

func (edits) Gradient(layer, step, stream int, dh, dc []float32) {
	if stream == 0 {
		return
	}
	if step == 3 && stream == 2 {
		clear(dh)
		clear(dc)
	}
	if step >= 2 {
		dh[1] *= -1.5
		dh[3] = 0
		if layer == 0 {
			dh[0] = 0
		}
	}
}

// difference is for central differences of the float64 reference: their own
// error is of the order ε² = 1e-8; the rest is float32.
const difference = 2e-5

// States, logits and the gradients of the inputs under an alteration against
// the equations in float64 and their central differences; over two windows, so
// that steps are counted on.
func TestAlteredTapeEqualsReference(t *testing.T) {
	const T, B, ε = 5, 3, 1e-4
	for _, c := range configs {
		c.Dropout = 0
		t.Run(c.String(), func(t *testing.T) {
			set := kernel.Available()[0]
			m, params, x, _ := draw(t, c, set, T, B)
			team := kernel.NewTeam(2)
			defer team.Close()
			r := newReference(c, params)
			r.edit = apply[float64]
			x[T/2][B/2] = 1 // no unknown symbol: every input is perturbed
			r.forward(x, nil, nil)
			last := func(b int) float64 { // the surprisal of token 2 after the window
				each, _ := r.losses(slices.Repeat([][]int{slices.Repeat([]int{2}, B)}, T))
				return each[T-1][b]
			}

			tape := m.newTape(T, B, team, 0, 2)
			tape.Alter(edits{})
			fill(tape, x, x)
			watch := tape.Watch(1)
			tape.Backpropagate(func(s, b int, logits []float32) {
				if s == T-1 {
					set.SoftmaxLoss(logits, 2, 1)
				} else {
					clear(logits)
				}
			})
			for l := range c.Layers {
				var got, want []float64
				for s := range T {
					for b := range B {
						got, want = append(got, widen(tape.Hidden(l, s, b))...), append(want, r.h[l][s+1][b]...)
					}
				}
				compare(t, "h", got, want, single)
			}
			// Both sources of the changed state's gradient, taken back through the
			// change, are the gradient of the state as computed.
			for l := range c.Layers {
				var got, want []float64
				for s := range T {
					dh := make([]float32, c.Hidden)
					for j := range dh {
						dh[j] = watch.Layers[l].Above[s*c.Hidden+j] + watch.Layers[l].Future[s*c.Hidden+j]
					}
					edits{}.Gradient(l, s, 1, dh, nil)
					got, want = append(got, widen(dh)...), append(want, widen(tape.Gradient(l, s, 1))...)
				}
				compare(t, "∂h from above and the future", got, want, single)
			}
			// The embedding rows of all ids, perturbed one element at a time.
			got := make([]float64, c.Vocab*c.Embed)
			want := make([]float64, c.Vocab*c.Embed)
			for b := range B {
				clear(got)
				for s := range T {
					for j, d := range tape.InputGradient(s, b) {
						got[x[s][b]*c.Embed+j] += float64(d)
					}
				}
				if c.Tie {
					continue // the output's share is in the difference
				}
				for i := range want {
					e := r.p["embedding.weight"]
					old := e[i]
					e[i] = old + ε
					r.forward(x, nil, nil)
					up := last(b)
					e[i] = old - ε
					r.forward(x, nil, nil)
					want[i] = (up - last(b)) / (2 * ε)
					e[i] = old
				}
				if c.Activation == "relu" {
					compare(t, "∂x", got, want, math.Sqrt(difference)) // a kink may lie within ε
				} else {
					compare(t, "∂x", got, want, difference)
				}
			}

			// The next window goes on counting steps; a stepper counts alike.
			tape.Alter(edits{})
			tape.Reset()
			tape.Forward()
			tape.Forward()
			s := m.NewStepper()
			s.Alter(stream1{})
			for i := range 2 * T {
				logits := s.Step(x[i%T][1])
				if i >= T {
					compare(t, "logits of a stepper", widen(logits), widen(tape.Logits(i-T, 1)), single)
				}
			}
		})
	}
}

// stream1 shows a stepper what a tape's stream 1 sees.
type stream1 struct{ edits }

func (e stream1) State(layer, step, _ int, h, c []float32) { e.edits.State(layer, step, 1, h, c) }

// zero is the ablation of a unit at every step.
type zero struct{ layer, unit int }

func (z zero) State(layer, _, _ int, h, _ []float32) {
	if layer == z.layer {
		h[z.unit] = 0
	}
}

func (z zero) Gradient(layer, _, _ int, dh, _ []float32) {
	if layer == z.layer {
		dh[z.unit] = 0
	}
}

// Ablating a unit is cutting every weight that reads it: in W_hh of its own
// layer, in W_ih of the layer above, or in the output. A product with a zero
// state and one with a zero weight give the same bits.
func TestAblationIsCuttingOutgoingWeights(t *testing.T) {
	const n = 80
	for _, c := range configs {
		if c.Tie {
			continue // the output's weight is the embedding's
		}
		for layer := range c.Layers {
			m, _, x, _ := draw(t, c, kernel.Available()[0], n, 1)
			ids := make(text, n)
			for i := range ids {
				ids[i] = int32(x[i][0])
			}
			unit, s := 0, m.NewStepper()
			for _, id := range ids {
				s.Step(int(id))
			}
			for u, h := range s.Hidden(layer) { // one that is on: a rectified one may never be
				if math.Abs(float64(h)) > math.Abs(float64(s.Hidden(layer)[unit])) {
					unit = u
				}
			}
			cut := m.Clone()
			column := func(p *Tensor) {
				for i := range p.Value.Rows {
					p.Value.Data[i*p.Value.Cols+unit] = 0
				}
			}
			column(cut.layers[layer].whh)
			if layer+1 < c.Layers {
				column(cut.layers[layer+1].wih)
			} else {
				column(cut.fc)
			}
			cut.Pack()
			team := kernel.NewTeam(1)
			var got, want []float32
			keep := func(all *[]float32) func(int, []float32, float64) {
				return func(_ int, p []float32, _ float64) { *all = append(*all, p...) }
			}
			m.EvaluateAltered(ids, team, zero{layer, unit}, keep(&got), nil)
			e := cut.Evaluate(ids, team, keep(&want), nil)
			plain := m.Evaluate(ids, team, nil, nil)
			if !slices.Equal(got, want) {
				t.Errorf("%v layer %d: the ablated unit is not the cut one", c, layer)
			}
			if plain.Loss == e.Loss {
				t.Errorf("%v layer %d: cutting the unit changes nothing", c, layer)
			}
			a, b := m.NewStepper(), cut.NewStepper()
			a.Alter(zero{layer, unit})
			for i, id := range ids {
				if !slices.Equal(a.Step(int(id)), b.Step(int(id))) {
					t.Fatalf("%v layer %d: a stepper's logits differ at step %d", c, layer, i)
				}
			}
		}
	}
}

// A stepper's state moved into another goes on as the first does.
func TestStateMovesBetweenSteppers(t *testing.T) {
	for _, c := range configs {
		m, _, x, _ := draw(t, c, kernel.Available()[0], 10, 1)
		a, b := m.NewStepper(), m.NewStepper()
		for i := range 6 {
			a.Step(x[i][0])
		}
		b.Step(3)
		var s State
		a.State(&s)
		b.SetState(&s)
		for i := 6; i < 10; i++ {
			if !slices.Equal(a.Step(x[i][0]), b.Step(x[i][0])) {
				t.Fatalf("%v: step %d differs", c, i)
			}
		}
	}
}
