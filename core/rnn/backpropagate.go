package rnn

import "rnnscope/core/kernel"

// Backpropagate runs the window in IDs forward and then the gradient of any L
// back through it, without touching a weight or its gradient: what questions
// are put with, where Learn is what training runs.
//
// seed is called once a row, in order, with the logits of step s of stream b
// [V], and replaces them by ∂L/∂logits; it clears those of a step that L does
// not read. To seed one step's surprisal -log p(y), or log p(y) with scale -1:
//
//	tape.Backpropagate(func(s, b int, logits []float32) {
//		if s == at {
//			nats = m.Kernel.SoftmaxLoss(logits, y, 1)
//		} else {
//			clear(logits)
//		}
//	})
//
// Afterwards Gradient is the whole ∂L/∂h of every layer and step, and
// InputGradient ∂L/∂x of every step. Gradients stop at the front of the window.
func (t *Tape) Backpropagate(seed func(s, b int, logits []float32)) {
	for _, p := range t.parts {
		if p.dx == nil {
			p.dx = kernel.Alloc(t.T * p.B * t.model.Embed)
		}
	}
	t.Forward()
	for r := range t.T * t.B {
		seed(r/t.B, r%t.B, t.Logits(r/t.B, r%t.B))
	}
	t.team.Run(func(w int) {
		t.backward(w)
		t.inputGradients(w)
	})
}

// inputGradients computes worker w's streams of ∂L/∂x = ∂L/∂z·W_ih, a row each.
func (t *Tape) inputGradients(w int) {
	m, back := t.model, t.packs(w).layers[0].ihBack
	E := m.Embed
	for _, p := range t.mine(w) {
		if lo, hi := t.share(w, p, p.B, 1); lo < hi {
			m.Kernel.Mul(p.rows(lo, hi), p.layers[0].z[lo*p.ldz:], p.ldz, back, 0, back.Panels(), p.dx[lo*E:], E, false)
		}
	}
}

// InputGradient is ∂L/∂x of the embedding that step s of stream b read, [E],
// after Backpropagate: of that one reading, however often the id occurs. It is
// overwritten by the next window. An unknown symbol's is that of the zeros read
// in its place.
func (t *Tape) InputGradient(s, b int) []float32 {
	p, b := t.of(b)
	return row(p.dx, s*p.B+b, t.model.Embed)
}
