package rnn

import "rnnscope/core/kernel"

// begin counts the window, and prepares the parts that several workers share.
func (t *Tape) begin() {
	t.start, t.next = t.next, t.next+t.T
	if !t.whole() {
		for _, p := range t.parts {
			p.prepare()
		}
	}
}

// prepare takes the part's inputs and targets from the tape's, numbers its
// distinct ids, and copies the carried state to the front. One worker does it.
func (p *part) prepare() {
	t := p.t
	for s := range t.T {
		copy(p.targets[s*p.B:(s+1)*p.B], t.Targets[s*t.B+p.lo:])
	}
	if t.Values == nil {
		p.number()
	}
	n := p.B * t.model.Hidden
	for l := range p.layers {
		y := &p.layers[l]
		h, c := p.carried(l)
		copy(y.h[:n], h)
		copy(y.c, c)
	}
}

// number gives each distinct id of the part's window a slot.
func (p *part) number() {
	for _, id := range p.ids {
		p.slotOf[id+1] = -1
	}
	p.ids = p.ids[:0]
	for s := range p.t.T {
		for b, id := range p.t.IDs[s*p.t.B+p.lo:][:p.B] {
			slot := p.slotOf[id+1]
			if slot < 0 {
				slot = int32(len(p.ids))
				p.slotOf[id+1] = slot
				p.ids = append(p.ids, id)
			}
			p.slots[s*p.B+b] = slot
		}
	}
}

// project computes worker w's share of the tables of input projections of the
// distinct ids: b + x·W_ihᵀ, once for each id however often it occurs.
func (t *Tape) project(w int) {
	m, packs := t.model, t.packs(w)
	pack, embedding := &packs.layers[0], m.embedding.of(m.flat(packs))
	E := m.Embed
	for _, p := range t.mine(w) {
		if t.whole() {
			p.prepare()
		}
		lo, hi := t.share(w, p, len(p.ids), 1)
		if lo == hi {
			continue
		}
		for u := lo; u < hi && t.Values == nil; u++ {
			x := row(p.inputs, u, E)
			if id := int(p.ids[u]); id >= 0 {
				copy(x, embedding[id*E:])
			} else {
				clear(x)
			}
		}
		t.fromBias(pack, kernel.Consecutive(hi-lo), p.inputs[lo*E:], E, p.table[lo*p.ldz:], p.ldz)
	}
}

// fromBias computes z = b + x·W_ihᵀ, rows of z ldz apart. Blocks of z that W_ih does not
// reach, a GRU's last, are b.
func (t *Tape) fromBias(pack *layerPack, rows kernel.Rows, x []float32, ldx int, z []float32, ldz int) {
	zh, n := len(pack.bias), pack.ihFwd.N
	if n < zh {
		for g := range rows.Groups {
			for r := g * rows.Stride; r < g*rows.Stride+rows.Count; r++ {
				copy(z[r*ldz+n:r*ldz+zh], pack.bias[n:])
			}
		}
	}
	t.model.Kernel.MulFrom(pack.bias, rows, x, ldx, pack.ihFwd, z, ldz)
}

// packs is the packed weights that worker w reads.
func (t *Tape) packs(w int) *packed {
	c, _, _ := group(w, t.team.Size(), len(t.model.copies))
	return t.model.copies[c]
}

// forward runs worker w's streams through all layers, then its rows through
// the output.
func (t *Tape) forward(w int) {
	t.through(w, t.model.Layers)
	if t.narrow() {
		t.team.Wait()
	}
	t.output(w)
}

// through runs worker w's streams through the first n layers.
func (t *Tape) through(w, n int) {
	for _, p := range t.mine(w) {
		lo, hi := t.share(w, p, p.B, 1)
		for l := 0; l < n && lo < hi; l++ {
			p.layerForward(w, l, lo, hi)
		}
	}
}

// output computes worker w's rows of the logits.
func (t *Tape) output(w int) {
	m, packs := t.model, t.packs(w)
	H, bias := m.Hidden, m.fcBias.of(m.flat(packs))
	for _, p := range t.mine(w) {
		if first, rows := t.outputs(w, p); rows.Count > 0 {
			m.Kernel.MulFrom(bias, rows, p.top()[first*H:], H, packs.fcFwd, p.logits[first*p.ldv:], p.ldv)
		}
	}
}

// top is h of the last layer, [T,B,H].
func (p *part) top() []float32 {
	return p.layers[len(p.layers)-1].h[p.B*p.t.model.Hidden:]
}

// narrow says that some workers have no stream of their own; then the rows of
// the output, which need no order in time, are cut among all of them. Of two parts
// the first has fewer streams, or as many.
func (t *Tape) narrow() bool { return t.parts[0].B*len(t.parts) < t.team.Size() }

// outputs is worker w's share of the output's rows of a part, from row first on:
// those of its streams, or if the tape is narrow an equal part of all.
func (t *Tape) outputs(w int, p *part) (first int, rows kernel.Rows) {
	if t.narrow() {
		lo, hi := t.share(w, p, t.T*p.B, 1)
		return lo, kernel.Consecutive(hi - lo)
	}
	lo, hi := t.share(w, p, p.B, 1)
	return lo, p.rows(lo, hi)
}

// layerForward takes streams lo … hi-1 through layer l, as worker w.
func (p *part) layerForward(w, l, lo, hi int) {
	packs := p.t.packs(w)
	if l > 0 {
		p.inputForward(packs, l, lo, hi)
	}
	for s := range p.t.T {
		p.stepForward(packs, l, s, lo, hi)
	}
	if p.layers[l].mask != nil {
		p.t.dropout.fill(p, l, lo, hi, p.t.drawn[w])
	}
}

// inputForward computes z = b + x·W_ihᵀ of layer l > 0 for streams lo … hi-1 at
// all steps.
func (p *part) inputForward(packs *packed, l, lo, hi int) {
	pack, H := &packs.layers[l], p.t.model.Hidden
	p.t.fromBias(pack, p.rows(lo, hi), p.input(l)[lo*H:], H, p.layers[l].z[lo*p.ldz:], p.ldz)
}

// input is what layer l > 0 reads: the states of the layer below, dropped out
// if they are, [T,B,H].
func (p *part) input(l int) []float32 {
	below := &p.layers[l-1]
	if below.lower != nil {
		return below.lower
	}
	return below.h[p.B*p.t.model.Hidden:]
}

// stepForward takes streams lo … hi-1 of layer l through step s.
func (p *part) stepForward(packs *packed, l, s, lo, hi int) {
	t, m, y, pack := p.t, p.t.model, &p.layers[l], &packs.layers[l]
	H := m.Hidden
	if l == 0 && t.Values == nil {
		for r := s*p.B + lo; r < s*p.B+hi; r++ {
			copy(p.zRows(y.z, r, 1), p.zRows(p.table, int(p.slots[r]), 1))
		}
	}
	before := y.h[(s*p.B+lo)*H:]
	for i, seg := range m.cell.segments {
		m.Kernel.MulAgain(s, kernel.Consecutive(hi-lo), before, H, pack.hhFwd[i], y.z[(s*p.B+lo)*p.ldz+seg.col*H:], p.ldz, true)
	}
	watched := t.watch.in(p, lo, hi)
	if watched {
		t.watch.before(p, l, s)
	}
	for b := lo; b < hi; {
		r, n := s*p.B+b, p.atOnce(hi-b)
		var c0, c, tc []float32
		if y.c != nil {
			c0, c, tc = row(y.c, r, H), row(y.c, r+p.B, H), row(y.tc, r, H)
		}
		m.cell.forward(m.Kernel, p.zRows(y.z, r, n), some(y.h, r, n, H), some(y.h, r+p.B, n, H), c0, c, tc)
		b += n
	}
	if watched {
		t.watch.after(p, l, s)
	}
	if t.alter != nil {
		p.alterForward(l, s, lo, hi)
	}
}

// loss turns worker w's logits into the gradient of the mean loss over the
// window and notes each row's loss.
func (t *Tape) loss(w int) {
	V := t.model.Vocab
	for _, p := range t.mine(w) {
		first, rows := t.outputs(w, p)
		for g := range rows.Groups {
			lo := first + g*rows.Stride
			hi := lo + rows.Count
			if t.Goals == nil {
				t.model.Kernel.SoftmaxLosses(p.logits[lo*p.ldv:], V, p.ldv, p.targets[lo:hi], t.scale, p.losses[lo:hi], t.scratch[w])
				continue
			}
			for r := lo; r < hi; r++ {
				p.losses[r] = squares(p.output(r), row(t.Goals, p.line(r), V), p.targets[r] >= 0, t.scale)
			}
		}
	}
}

// noted brings the losses of the parts' rows to where the tape's are.
func (t *Tape) noted() {
	for _, p := range t.parts {
		for s := range t.T {
			copy(t.Losses[s*t.B+p.lo:], p.losses[s*p.B:(s+1)*p.B])
		}
	}
}

// scored counts the targets of the window.
func (t *Tape) scored() int {
	n := 0
	for _, y := range t.Targets {
		if y >= 0 {
			n++
		}
	}
	return n
}

// Forward computes states and logits of the window in IDs, from the state that
// the last one left.
func (t *Tape) Forward() {
	t.begin()
	t.team.Run(t.jobs.predict)
}

func (t *Tape) predict(w int) {
	t.project(w)
	t.meet()
	t.forward(w)
}

// ForwardTo is Forward up to a layer: states of the layers above and logits are
// left as they were, and their carried states with them.
func (t *Tape) ForwardTo(layer int) {
	t.begin()
	t.team.Run(func(w int) {
		t.project(w)
		t.meet()
		t.through(w, layer+1)
	})
}
