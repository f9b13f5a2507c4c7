package rnn

import "rnnscope/core/kernel"

// prepare numbers the distinct ids of the window and copies the carried state
// to its front. One worker does it.
func (t *Tape) prepare() {
	t.start, t.next = t.next, t.next+t.T
	if t.Values == nil {
		t.number()
	}
	n := t.B * t.model.Hidden
	for l := range t.layers {
		y := &t.layers[l]
		copy(y.h[:n], y.h[len(y.h)-n:])
		if y.c != nil {
			copy(y.c[:n], y.c[len(y.c)-n:])
		}
	}
}

// number gives each distinct id of the window a slot.
func (t *Tape) number() {
	for _, id := range t.ids {
		t.slotOf[id+1] = -1
	}
	t.ids = t.ids[:0]
	for r, id := range t.IDs {
		slot := t.slotOf[id+1]
		if slot < 0 {
			slot = int32(len(t.ids))
			t.slotOf[id+1] = slot
			t.ids = append(t.ids, id)
		}
		t.slots[r] = slot
	}
}

// project computes worker w's share of the table of input projections of the
// distinct ids: b + x·W_ihᵀ, once for each id however often it occurs.
func (t *Tape) project(w int) {
	m, pack := t.model, &t.model.packs[0]
	E, zh := m.Embed, len(pack.bias)
	lo, hi := kernel.Share(len(t.ids), 1, w, t.team.Size())
	for u := lo; u < hi; u++ {
		if t.Values == nil {
			x := t.row(t.inputs, u, E)
			if id := int(t.ids[u]); id >= 0 {
				copy(x, m.embedding.Value.Data[id*E:])
			} else {
				clear(x)
			}
		}
	}
	if lo < hi {
		t.fromBias(pack, kernel.Consecutive(hi-lo), t.inputs[lo*E:], E, t.table[lo*zh:])
	}
}

// fromBias computes z = b + x·W_ihᵀ. Blocks of z that W_ih does not reach, a GRU's
// last, are b.
func (t *Tape) fromBias(pack *layerPack, rows kernel.Rows, x []float32, ldx int, z []float32) {
	zh, n := len(pack.bias), pack.ihFwd.N
	if n < zh {
		for g := range rows.Groups {
			for r := g * rows.Stride; r < g*rows.Stride+rows.Count; r++ {
				copy(z[r*zh+n:(r+1)*zh], pack.bias[n:])
			}
		}
	}
	t.model.Kernel.MulFrom(pack.bias, rows, x, ldx, pack.ihFwd, z, zh)
}

// streams is worker w's share of the streams.
func (t *Tape) streams(w int) (lo, hi int) { return kernel.Share(t.B, 1, w, t.team.Size()) }

// forward runs worker w's streams through all layers, then its rows through
// the output.
func (t *Tape) forward(w int) {
	lo, hi := t.streams(w)
	for l := range t.layers {
		if lo < hi {
			t.layerForward(l, lo, hi)
		}
	}
	if t.narrow() {
		t.team.Wait()
	}
	t.output(w)
}

// output computes worker w's rows of the logits.
func (t *Tape) output(w int) {
	m := t.model
	H := m.Hidden
	first, rows := t.outputs(w)
	if rows.Groups*rows.Count == 0 {
		return
	}
	top := t.layers[len(t.layers)-1].h[t.B*H:]
	m.Kernel.MulFrom(m.fcBias.Value.Data, rows, top[first*H:], H, m.fcFwd, t.logits[first*t.ldv:], t.ldv)
}

// narrow says that some workers have no stream of their own; then the rows of
// the output, which need no order in time, are cut among all of them.
func (t *Tape) narrow() bool { return t.B < t.team.Size() }

// outputs is worker w's share of the output's rows, from row first on: those
// of its streams, or if the tape is narrow an equal part of all.
func (t *Tape) outputs(w int) (first int, rows kernel.Rows) {
	if t.narrow() {
		lo, hi := kernel.Share(t.T*t.B, 1, w, t.team.Size())
		return lo, kernel.Consecutive(hi - lo)
	}
	lo, hi := t.streams(w)
	return lo, t.rows(lo, hi)
}

// rows is streams lo … hi-1 at all steps, from row lo on.
func (t *Tape) rows(lo, hi int) kernel.Rows {
	if hi-lo == t.B {
		return kernel.Consecutive(t.T * t.B)
	}
	return kernel.Rows{Groups: t.T, Count: hi - lo, Stride: t.B}
}

// layerForward takes streams lo … hi-1 through layer l.
func (t *Tape) layerForward(l, lo, hi int) {
	if l > 0 {
		t.inputForward(l, lo, hi)
	}
	for s := range t.T {
		t.stepForward(l, s, lo, hi)
	}
	if t.layers[l].mask != nil {
		t.dropout.fill(t, l, lo, hi)
	}
}

// inputForward computes z = b + x·W_ihᵀ of layer l > 0 for streams lo … hi-1 at
// all steps.
func (t *Tape) inputForward(l, lo, hi int) {
	m, y, pack := t.model, &t.layers[l], &t.model.packs[l]
	H, zh := m.Hidden, len(pack.bias)
	t.fromBias(pack, t.rows(lo, hi), t.input(l)[lo*H:], H, y.z[lo*zh:])
}

// input is what layer l > 0 reads: the states of the layer below, dropped out
// if they are, [T,B,H].
func (t *Tape) input(l int) []float32 {
	below := &t.layers[l-1]
	if below.lower != nil {
		return below.lower
	}
	return below.h[t.B*t.model.Hidden:]
}

// stepForward takes streams lo … hi-1 of layer l through step s.
func (t *Tape) stepForward(l, s, lo, hi int) {
	m, y, pack := t.model, &t.layers[l], &t.model.packs[l]
	H, zh := m.Hidden, len(pack.bias)
	if l == 0 && t.Values == nil {
		for r := s*t.B + lo; r < s*t.B+hi; r++ {
			copy(t.row(y.z, r, zh), t.row(t.table, int(t.slots[r]), zh))
		}
	}
	before := y.h[(s*t.B+lo)*H:]
	for i, seg := range m.cell.segments {
		m.Kernel.MulAgain(s, kernel.Consecutive(hi-lo), before, H, pack.hhFwd[i], y.z[(s*t.B+lo)*zh+seg.col*H:], zh, true)
	}
	if t.watch.in(lo, hi) {
		t.watch.before(t, l, s)
	}
	for b := lo; b < hi; {
		r, n := s*t.B+b, m.cell.atOnce(hi-b)
		var c0, c, tc []float32
		if y.c != nil {
			c0, c, tc = t.row(y.c, r, H), t.row(y.c, r+t.B, H), t.row(y.tc, r, H)
		}
		m.cell.forward(m.Kernel, t.some(y.z, r, n, zh), t.some(y.h, r, n, H), t.some(y.h, r+t.B, n, H), c0, c, tc)
		b += n
	}
	if t.watch.in(lo, hi) {
		t.watch.after(t, l, s)
	}
	if t.alter != nil {
		t.alterForward(l, s, lo, hi)
	}
}

// loss turns worker w's logits into the gradient of the mean loss over the
// window and notes each row's loss.
func (t *Tape) loss(w int) {
	V := t.model.Vocab
	first, rows := t.outputs(w)
	for g := range rows.Groups {
		lo := first + g*rows.Stride
		hi := lo + rows.Count
		if t.Goals == nil {
			t.model.Kernel.SoftmaxLosses(t.logits[lo*t.ldv:], V, t.ldv, t.Targets[lo:hi], t.scale, t.Losses[lo:hi], t.scratch[w])
			continue
		}
		for r := lo; r < hi; r++ {
			t.Losses[r] = squares(t.outputRow(r), t.row(t.Goals, r, V), t.Targets[r] >= 0, t.scale)
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
	t.prepare()
	t.team.Run(t.jobs.predict)
}

func (t *Tape) predict(w int) {
	t.project(w)
	t.team.Wait()
	t.forward(w)
}

// ForwardTo is Forward up to a layer: states of the layers above and logits are
// left as they were, and their carried states with them.
func (t *Tape) ForwardTo(layer int) {
	t.prepare()
	t.team.Run(func(w int) {
		t.project(w)
		t.team.Wait()
		if lo, hi := t.streams(w); lo < hi {
			for l := range layer + 1 {
				t.layerForward(l, lo, hi)
			}
		}
	})
}
