package rnn

import "rnnscope/core/kernel"

// gradients computes worker w's share of ∂L/∂W of every tensor from the rows
// of the window: some rows of each matrix, some columns of each bias. Every
// element is one sum over the window's rows in order. The embedding is left to
// embed, which needs the whole of dtable.
func (t *Tape) gradients(w int) {
	m, k, H := t.model, t.model.Kernel, t.model.Hidden
	R, size := t.T*t.B, t.team.Size()
	product := func(grad []float32, cols, rows int, d []float32, ldd int, x []float32, n int) {
		i0, i1 := kernel.Share(rows, 1, w, size)
		k.MulTN(i0, i1, cols, n, d, ldd, x, cols, grad, cols, false, t.scratch[w])
	}

	top := &t.layers[len(t.layers)-1]
	product(m.fc.Grad.Data, H, m.Vocab, t.logits, t.ldv, top.h[t.B*H:], R)
	columnSums(k, m.fcBias.Grad.Data, t.logits, t.ldv, R, w, size)

	for l := range t.layers {
		y, p, zh := &t.layers[l], m.layers[l], m.cell.blocks*H
		gates := m.cell.gates * H
		for _, s := range m.cell.segments {
			product(p.whh.Grad.Data[s.row*H*H:], H, s.n*H, y.z[s.col*H:], zh, y.h, R)
		}
		if l > 0 {
			product(p.wih.Grad.Data, H, gates, y.z, zh, t.input(l), R)
			t.biases(l, y.z, R, w)
			continue
		}
		U := len(t.ids)
		if t.Values == nil { // otherwise the table is y.z
			t.collect(w)
			t.team.Wait()
		}
		product(p.wih.Grad.Data, m.Embed, gates, t.dtable, zh, t.inputs, U)
		t.biases(l, t.dtable, U, w)
	}
}

// collect sums the rows of ∂L/∂z by their slots, worker w's columns of them.
func (t *Tape) collect(w int) {
	z, zh := t.layers[0].z, t.model.cell.blocks*t.model.Hidden
	c0, c1 := kernel.Share(zh, align, w, t.team.Size())
	for u := range t.ids {
		clear(t.dtable[u*zh+c0 : u*zh+c1])
	}
	for r, slot := range t.slots {
		t.model.Kernel.Add(t.dtable[int(slot)*zh+c0:int(slot)*zh+c1], z[r*zh+c0:])
	}
}

// biases sums n rows d of ∂L/∂z into both biases of layer l, worker w's
// columns of them. Where a block of z has both, they are equal.
func (t *Tape) biases(l int, d []float32, n, w int) {
	m, H, zh := t.model, t.model.Hidden, t.model.cell.blocks*t.model.Hidden
	p, size := m.layers[l], t.team.Size()
	columnSums(m.Kernel, p.bih.Grad.Data, d, zh, n, w, size)
	for _, s := range m.cell.segments {
		columnSums(m.Kernel, p.bhh.Grad.Data[s.row*H:(s.row+s.n)*H], d[s.col*H:], zh, n, w, size)
	}
}

// columnSums sets worker w's share of sum to the sums of the columns of n rows
// of d, ld apart.
func columnSums(k *kernel.Set, sum, d []float32, ld, n, w, size int) {
	c0, c1 := kernel.Share(len(sum), align, w, size)
	if c0 == c1 {
		return
	}
	clear(sum[c0:c1])
	k.AddRows(sum[c0:c1], d[c0:], ld, n)
}

// embed computes worker w's share of ∂L/∂embedding: dtable·W_ih, one row for
// each distinct id. Rows of ids that the window does not have stay zero; with
// tied weights the output layer's gradient is there already and is added to.
func (t *Tape) embed(w int) {
	m, zh := t.model, t.model.cell.blocks*t.model.Hidden
	E, grad := m.Embed, m.embedding.Grad.Data
	lo, hi := kernel.Share(len(t.ids), 1, w, t.team.Size())
	if lo == hi || t.fixed {
		return
	}
	back := m.packs[0].ihBack
	m.Kernel.Mul(kernel.Consecutive(hi-lo), t.dtable[lo*zh:], zh, back, 0, back.Panels(), t.dinput[lo*E:], E, false)
	for u := lo; u < hi; u++ {
		id := int(t.ids[u])
		switch {
		case id < 0:
		case m.Tie:
			m.Kernel.Add(grad[id*E:id*E+E], t.row(t.dinput, u, E))
		default:
			copy(grad[id*E:id*E+E], t.row(t.dinput, u, E))
		}
	}
}

// forget zeroes the embedding gradients that the last window left, so that
// only rows of the new one are set.
func (t *Tape) forget() {
	m := t.model
	for _, id := range m.learnt {
		clear(m.embedding.Grad.Data[int(id)*m.Embed : (int(id)+1)*m.Embed])
	}
	m.learnt = m.learnt[:0]
	if t.fixed {
		return
	}
	if m.Tie {
		return // the output layer's gradient overwrites them all
	}
	for _, id := range t.ids {
		if id >= 0 {
			m.learnt = append(m.learnt, id)
		}
	}
}

// Learn runs one whole pass: states, losses and the gradients of the mean loss
// over the scored targets. Inside the same meeting of the team, after is
// called for every worker once all gradients are there. It returns the mean
// loss in nats, 0 when nothing is scored.
func (t *Tape) Learn(after func(w int)) float64 {
	t.prepare()
	t.forget()
	n := t.scored()
	t.scale, t.after = 0, after
	if n > 0 {
		t.scale = 1 / float32(n)
	}
	t.team.Run(t.jobs.learn)
	return t.mean(n)
}

func (t *Tape) learn(w int) {
	t.project(w)
	t.team.Wait()
	t.forward(w)
	t.loss(w)
	t.backward(w)
	t.team.Wait()
	t.gradients(w)
	t.team.Wait()
	t.embed(w)
	if t.after != nil {
		t.team.Wait()
		t.after(w)
	}
}

// mean is the mean of the window's losses over its n scored targets.
func (t *Tape) mean(n int) float64 {
	if n == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range t.Losses {
		sum += x
	}
	return sum / float64(n)
}
