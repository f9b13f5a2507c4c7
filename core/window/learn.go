package window

import "rnnscope/core/kernel"

// Learn runs one whole pass: losses and the gradients of the mean loss over the
// scored targets. Inside the same meeting of the team, after is called for every
// worker once all gradients are there. It returns the mean loss in nats, 0 when
// nothing is scored.
func (t *Tape) Learn(after func(w int)) float64 {
	t.prepare()
	t.forget()
	n := 0
	for _, y := range t.Targets {
		if y >= 0 {
			n++
		}
	}
	t.scale, t.after = 0, after
	if n > 0 {
		t.scale = 1 / float32(n)
	}
	t.team.Run(t.jobs.learn)
	if n == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range t.Losses {
		sum += x
	}
	return sum / float64(n)
}

func (t *Tape) learn(w int) {
	t.forward(w)
	t.backward(w)
	t.team.Wait()
	t.gradients(w)
	if t.after != nil {
		t.team.Wait()
		t.after(w)
	}
}

// backward turns worker w's rows of logits into ∂L/∂logits, and takes them back
// to ∂L/∂(pre-activations) and ∂L/∂x:
//
//	∂L/∂h = ∂L/∂y·U    ∂L/∂a = ∂L/∂h ⊙ (1-h²)    ∂L/∂x = ∂L/∂a·W
func (t *Tape) backward(w int) {
	m := t.model
	lo, hi := t.rows(w)
	if lo == hi {
		return
	}
	H, V, width := m.Hidden, m.Vocab, m.Length*m.Embed
	for r := lo; r < hi; r++ {
		t.Losses[r] = m.Kernel.SoftmaxLoss(row(t.logits, r, V), int(t.Targets[r]), t.scale)
	}
	n := kernel.Consecutive(hi - lo)
	m.Kernel.Mul(n, t.logits[lo*V:], V, m.fcBack, 0, m.fcBack.Panels(), t.dh[lo*H:], H, false)
	for r := lo; r < hi; r++ {
		m.Kernel.TanhBack(row(t.dh, r, H), row(t.h, r, H))
	}
	m.Kernel.Mul(n, t.dh[lo*H:], H, m.hidBack, 0, m.hidBack.Panels(), t.dx[lo*width:], width, false)
}

// gradients computes worker w's share of ∂L/∂W of every tensor: some rows of
// each matrix, some columns of each bias, some of the dimensions of the
// embedding. Every element is one sum over the rows in order.
func (t *Tape) gradients(w int) {
	m, R, size := t.model, t.T*t.B, t.team.Size()
	E, H, V, width := m.Embed, m.Hidden, m.Vocab, m.Length*m.Embed
	k := m.Kernel
	i0, i1 := kernel.Share(V, 1, w, size)
	k.MulTNSum(i0, i1, H, R, t.logits, V, t.h, H, m.fc.Grad, H, false, t.scratch[w], m.fcB.Grad)
	i0, i1 = kernel.Share(H, 1, w, size)
	k.MulTNSum(i0, i1, width, R, t.dh, H, t.x, width, m.hidden.Grad, width, false, t.scratch[w], m.hiddenB.Grad)

	c0, c1 := kernel.Share(E, align, w, size)
	for r := 0; r < R && c0 < c1; r++ {
		for i := range m.Length {
			if id := int(t.history[r+i*t.B]); id >= 0 {
				k.Add(m.embedding.Grad[id*E+c0:id*E+c1], t.dx[r*width+i*E+c0:])
			}
		}
	}
}

// forget zeroes the embedding gradients that the last batch left, and notes
// which this one will leave. One worker does it.
func (t *Tape) forget() {
	m := t.model
	for _, id := range m.learnt {
		clear(m.embedding.Grad[int(id)*m.Embed : (int(id)+1)*m.Embed])
	}
	m.learnt = m.learnt[:0]
	for _, id := range t.history {
		if id >= 0 && !t.known[id] {
			t.known[id] = true
			m.learnt = append(m.learnt, id)
		}
	}
	for _, id := range m.learnt {
		t.known[id] = false
	}
}
