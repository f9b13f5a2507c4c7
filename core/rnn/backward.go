package rnn

import "rnnscope/core/kernel"

// backward takes worker w's rows back through the output and its streams back
// through all layers: z becomes ∂L/∂(pre-activations), dh the whole ∂L/∂h.
// Gradients stop at the front of the window (truncated backpropagation).
func (t *Tape) backward(w int) {
	t.outputBack(w)
	if t.narrow() {
		t.team.Wait()
	}
	lo, hi := t.streams(w)
	if lo == hi {
		return
	}
	for l := len(t.layers) - 1; l >= 0; l-- {
		t.layerBackward(l, lo, hi)
	}
}

// outputBack computes worker w's rows of ∂L/∂h = ∂L/∂logits·fc of the last layer.
func (t *Tape) outputBack(w int) {
	m, H := t.model, t.model.Hidden
	top := t.layers[len(t.layers)-1].dh[t.B*H:]
	first, rows := t.outputs(w)
	m.Kernel.Mul(rows, t.logits[first*t.ldv:], t.ldv, m.fcBack, 0, m.fcBack.Panels(), top[first*H:], H, false)
}

// layerBackward takes streams lo … hi-1 back through layer l and, past its
// input, to the layer below.
func (t *Tape) layerBackward(l, lo, hi int) {
	m, y, pack := t.model, &t.layers[l], &t.model.packs[l]
	H, zh := m.Hidden, len(pack.bias)
	if y.dc != nil {
		clear(y.dc[lo*H : hi*H])
	}
	clear(y.dh[lo*H : hi*H])
	watched := t.watch.in(lo, hi)
	if watched {
		t.watch.above(t, l)
	}
	for s := t.T - 1; s >= 0; s-- {
		if t.alter != nil {
			t.alterBackward(l, s, lo, hi)
		}
		if watched {
			t.watch.future(t, l, s)
		}
		t.stepBackward(l, s, lo, hi)
	}
	if l == 0 {
		return
	}
	below := &t.layers[l-1]
	m.Kernel.Mul(t.rows(lo, hi), y.z[lo*zh:], zh, pack.ihBack, 0, pack.ihBack.Panels(), below.dh[(t.B+lo)*H:], H, false)
	if below.mask != nil {
		for s := range t.T {
			a, b := (s*t.B+lo)*H, (s*t.B+hi)*H
			d := below.dh[t.B*H+a : t.B*H+b]
			m.Kernel.Product(d, d, below.mask[a:b])
		}
	}
}

// stepBackward takes streams lo … hi-1 of layer l back through step s. dh of
// the step holds what came from above; what came from the future was added by
// step s+1.
func (t *Tape) stepBackward(l, s, lo, hi int) {
	m, y, pack := t.model, &t.layers[l], &t.model.packs[l]
	H, zh := m.Hidden, len(pack.bias)
	for b := lo; b < hi; {
		r, n := s*t.B+b, m.cell.atOnce(hi-b)
		var c0, tc, dc []float32
		if y.c != nil {
			c0, tc, dc = t.row(y.c, r, H), t.row(y.tc, r, H), t.row(y.dc, b, H)
		}
		m.cell.backward(m.Kernel, t.some(y.z, r, n, zh), t.some(y.h, r, n, H), t.computed(l, r, n), c0, tc, t.some(y.dh, r+t.B, n, H), t.some(y.dh, r, n, H), dc)
		b += n
	}
	if s == 0 {
		return
	}
	for i, seg := range m.cell.segments {
		m.Kernel.MulAgain(s, kernel.Consecutive(hi-lo), y.z[(s*t.B+lo)*zh+seg.col*H:], zh, pack.hhBack[i], y.dh[(s*t.B+lo)*H:], H, true)
	}
}
