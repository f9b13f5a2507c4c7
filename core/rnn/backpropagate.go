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
	if t.dx == nil {
		t.dx = kernel.Alloc(t.T * t.B * t.model.Embed)
	}
	t.Forward()
	for r := range t.T * t.B {
		seed(r/t.B, r%t.B, t.outputRow(r))
	}
	t.team.Run(func(w int) {
		t.backward(w)
		t.inputGradients(w)
	})
}

// inputGradients computes worker w's streams of ∂L/∂x = ∂L/∂z·W_ih, a row each.
func (t *Tape) inputGradients(w int) {
	lo, hi := t.streams(w)
	if lo == hi {
		return
	}
	m := t.model
	E, zh, back := m.Embed, m.cell.blocks*m.Hidden, m.packs[0].ihBack
	m.Kernel.Mul(t.rows(lo, hi), t.layers[0].z[lo*zh:], zh, back, 0, back.Panels(), t.dx[lo*E:], E, false)
}

// InputGradient is ∂L/∂x of the embedding that step s of stream b read, [E],
// after Backpropagate: of that one reading, however often the id occurs. It is
// overwritten by the next window. An unknown symbol's is that of the zeros read
// in its place.
func (t *Tape) InputGradient(s, b int) []float32 { return t.row(t.dx, s*t.B+b, t.model.Embed) }
