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
	for _, p := range t.mine(w) {
		lo, hi := t.share(w, p, p.B, 1)
		for l := len(p.layers) - 1; l >= 0 && lo < hi; l-- {
			p.layerBackward(t.packs(w), l, lo, hi)
		}
	}
}

// outputBack computes worker w's rows of ∂L/∂h = ∂L/∂logits·fc of the last layer.
func (t *Tape) outputBack(w int) {
	H, back := t.model.Hidden, t.packs(w).fcBack
	for _, p := range t.mine(w) {
		top := p.layers[len(p.layers)-1].dh[p.B*H:]
		if first, rows := t.outputs(w, p); rows.Count > 0 {
			t.model.Kernel.Mul(rows, p.logits[first*p.ldv:], p.ldv, back, 0, back.Panels(), top[first*H:], H, false)
		}
	}
}

// layerBackward takes streams lo … hi-1 back through layer l and, past its
// input, to the layer below.
func (p *part) layerBackward(packs *packed, l, lo, hi int) {
	t, m, y, pack := p.t, p.t.model, &p.layers[l], &packs.layers[l]
	H := m.Hidden
	if y.dc != nil {
		clear(y.dc[lo*H : hi*H])
	}
	clear(y.dh[lo*H : hi*H])
	watched := t.watch.in(p, lo, hi)
	if watched {
		t.watch.above(t, l)
	}
	for s := t.T - 1; s >= 0; s-- {
		if t.alter != nil {
			p.alterBackward(l, s, lo, hi)
		}
		if watched {
			t.watch.future(p, packs, l, s)
		}
		p.stepBackward(packs, l, s, lo, hi)
	}
	if l == 0 {
		return
	}
	below := &p.layers[l-1]
	m.Kernel.Mul(p.rows(lo, hi), y.z[lo*p.ldz:], p.ldz, pack.ihBack, 0, pack.ihBack.Panels(), below.dh[(p.B+lo)*H:], H, false)
	if below.mask != nil {
		for s := range t.T {
			a, b := (s*p.B+lo)*H, (s*p.B+hi)*H
			d := below.dh[p.B*H+a : p.B*H+b]
			m.Kernel.Product(d, d, below.mask[a:b])
		}
	}
}

// stepBackward takes streams lo … hi-1 of layer l back through step s. dh of
// the step holds what came from above; what came from the future was added by
// step s+1.
func (p *part) stepBackward(packs *packed, l, s, lo, hi int) {
	m, y, pack := p.t.model, &p.layers[l], &packs.layers[l]
	H := m.Hidden
	for b := lo; b < hi; {
		r, n := s*p.B+b, p.atOnce(hi-b)
		var c0, tc, dc []float32
		if y.c != nil {
			c0, tc, dc = row(y.c, r, H), row(y.tc, r, H), row(y.dc, b, H)
		}
		m.cell.backward(m.Kernel, p.zRows(y.z, r, n), some(y.h, r, n, H), p.computed(l, r, n), c0, tc, some(y.dh, r+p.B, n, H), some(y.dh, r, n, H), dc)
		b += n
	}
	if s == 0 {
		return
	}
	for i, seg := range m.cell.segments {
		m.Kernel.MulAgain(s, kernel.Consecutive(hi-lo), y.z[(s*p.B+lo)*p.ldz+seg.col*H:], p.ldz, pack.hhBack[i], y.dh[(s*p.B+lo)*H:], H, true)
	}
}
