package rnn

import (
	"fmt"
	"slices"
	"testing"

	"rnnscope/core/kernel"
)

// The gradient of one step's surprisal against the equations in float64, down
// to each single input: every id occurs once, so that the reference's gradient
// of the embedding has a row for each reading.
func TestBackpropagateEqualsReference(t *testing.T) {
	const T, B, at, stream = 6, 5, 4, 3
	for _, c := range configs {
		c.Vocab, c.Dropout = T*B+2, 0
		if c.Tie {
			continue // the reference adds the output's share to the embedding's gradient
		}
		t.Run(c.String(), func(t *testing.T) {
			everyTape(t, func(t *testing.T, set *kernel.Set, team *kernel.Team, parts int) {
				m, params, x, y := draw(t, c, set, T, B)
				for s := range T {
					for b := range B {
						x[s][b] = (s*B + b + 1) * 31 % c.Vocab
						if s != at || b != stream {
							y[s][b] = -1
						}
					}
				}
				r := newReference(c, params)
				r.forward(x, nil, nil)
				each, _ := r.losses(y)
				r.backward(x, y)

				for i := range m.Grads() {
					m.Grads()[i] = 9
				}
				tape := m.newTape(T, B, team, 0, parts)
				watch := tape.Watch(stream)
				fill(tape, x, y)
				var nats float64
				tape.Backpropagate(func(s, b int, logits []float32) {
					if s == at && b == stream {
						nats = set.SoftmaxLoss(logits, y[s][b], 1)
					} else {
						clear(logits)
					}
				})
				compare(t, "surprisal", []float64{nats}, []float64{each[at][stream]}, single)
				for l := range c.Layers {
					compareLayer(t, tape, watch, r, l)
				}
				var got, want []float64
				for s := range T {
					for b := range B {
						got = append(got, widen(tape.InputGradient(s, b))...)
						want = append(want, r.g["embedding.weight"][x[s][b]*c.Embed:(x[s][b]+1)*c.Embed]...)
					}
				}
				compare(t, "∂x", got, want, single)
				if slices.ContainsFunc(m.Grads(), func(g float32) bool { return g != 9 }) {
					t.Error("Backpropagate touched the gradients of weights")
				}
			})
		})
	}
}

// Seeded with the mean loss it gives what Learn does, to the bit, dropout and
// tied weights included.
func TestBackpropagateIsLearnWithoutWeights(t *testing.T) {
	const T, B = 6, 5
	for _, c := range configs {
		m, _, x, y := draw(t, c, kernel.Available()[0], T, B)
		team := kernel.NewTeam(2)
		learn, ask := m.newTape(T, B, team, c.Dropout, 2), m.newTape(T, B, team, c.Dropout, 2)
		for range 2 { // the second window carries the first's state
			fill(learn, x, y)
			fill(ask, x, y)
			learn.Learn(nil)
			ask.Backpropagate(func(s, b int, logits []float32) {
				m.Kernel.SoftmaxLoss(logits, y[s][b], learn.scale)
			})
			for l := range c.Layers {
				for r := range ask.IDs {
					if !slices.Equal(learn.Gradient(l, r/B, r%B), ask.Gradient(l, r/B, r%B)) {
						t.Errorf("%v: ∂h of layer %d, step %d, stream %d differs", c, l, r/B, r%B)
					}
				}
			}
			sum := make([]float64, c.Vocab*c.Embed)
			for r, id := range ask.IDs {
				if id >= 0 {
					for j, d := range ask.InputGradient(r/B, r%B) {
						sum[int(id)*c.Embed+j] += float64(d)
					}
				}
			}
			if !c.Tie {
				compare(t, fmt.Sprintf("%v: Σ∂x by id", c), sum, widen(m.embedding.Grad.Data), single)
			}
		}
		team.Close()
	}
}
