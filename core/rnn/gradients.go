package rnn

import "rnnscope/core/kernel"

// gradients computes worker w's share of the parts' ∂L/∂W of every tensor from
// their rows of the window: some rows of each matrix, some columns of each bias.
// Every element is one sum over the part's rows in order.
func (t *Tape) gradients(w int) {
	m, H := t.model, t.model.Hidden
	zh, gates := m.cell.blocks*H, m.cell.gates*H
	if t.Values == nil {
		for _, p := range t.mine(w) {
			p.collect(t.share(w, p, zh, align))
		}
		t.meet()
	}
	for _, p := range t.mine(w) {
		R := t.T * p.B
		t.product(w, p, m.fc, m.fcBias, 0, m.Vocab, R, p.logits, p.ldv, p.top())
		for l := range p.layers {
			y, x := &p.layers[l], m.layers[l]
			for _, s := range m.cell.segments {
				t.product(w, p, x.whh, nil, s.row*H, s.n*H, R, y.z[s.col*H:], p.ldz, y.h)
			}
			// What reaches W_ih, and the biases: of the first layer by distinct id.
			d, in, n := y.z, []float32(nil), R
			if l == 0 {
				d, in, n = p.dtable, p.inputs, len(p.ids)
			} else {
				in = p.input(l)
			}
			lo, hi := t.product(w, p, x.wih, x.bih, 0, gates, n, d, p.ldz, in)
			for _, s := range m.cell.segments {
				if s.col != s.row {
					t.sum(w, p, x.bhh, s.row*H, s.n*H, n, d[s.col*H:], p.ldz)
				} else if from, to := max(lo, s.row*H), min(hi, (s.row+s.n)*H); from < to { // a block of z that has both biases
					copy(p.gradient(x.bhh)[from:to], p.gradient(x.bih)[from:to])
				}
			}
		}
		if lo, hi := t.share(w, p, len(p.ids), 1); lo < hi && !t.fixed {
			back := t.packs(w).layers[0].ihBack
			m.Kernel.Mul(kernel.Consecutive(hi-lo), p.dtable[lo*p.ldz:], p.ldz, back, 0, back.Panels(), p.dinput[lo*m.Embed:], m.Embed, false)
		}
	}
}

// gradient is the part's share of the gradient of x.
func (p *part) gradient(x *Tensor) []float32 {
	return p.grads[x.Offset : x.Offset+x.Value.Rows*x.Value.Cols]
}

// product computes worker w's share of rows first … first+rows-1 of a part's
// gradient of x: dᵀ·in over n rows, those of d ld apart. The sums of d's columns are
// those of bias, if it has one, which is as long; it returns the worker's share of them.
func (t *Tape) product(w int, p *part, x, bias *Tensor, first, rows, n int, d []float32, ld int, in []float32) (lo, hi int) {
	k, cols := t.model.Kernel, x.Value.Cols
	lo, hi = t.share(w, p, rows, 1)
	to := p.gradient(x)[first*cols:]
	if bias != nil && k.SumsAlong(cols) {
		k.MulTNSum(lo, hi, cols, n, d, ld, in, cols, to, cols, false, t.scratch[w], p.gradient(bias))
		return lo, hi
	}
	k.MulTN(lo, hi, cols, n, d, ld, in, cols, to, cols, false, t.scratch[w])
	if bias != nil {
		return t.sum(w, p, bias, 0, rows, n, d, ld)
	}
	return lo, hi
}

// sum computes worker w's share of columns first … first+cols-1 of a part's
// gradient of a bias: the sums of n rows of d, ld apart.
func (t *Tape) sum(w int, p *part, x *Tensor, first, cols, n int, d []float32, ld int) (lo, hi int) {
	if lo, hi = t.share(w, p, cols, align); lo < hi {
		to := p.gradient(x)[first+lo : first+hi]
		clear(to)
		t.model.Kernel.AddRows(to, d[lo:], ld, n)
	}
	return lo, hi
}

// collect sums columns c0 … c1-1 of the rows of ∂L/∂z by their ids.
func (p *part) collect(c0, c1 int) {
	if c0 == c1 {
		return
	}
	z, m := p.layers[0].z, p.t.model
	for u := range p.ids {
		clear(p.dtable[u*p.ldz+c0 : u*p.ldz+c1])
	}
	for r, slot := range p.slots {
		m.Kernel.Add(p.dtable[int(slot)*p.ldz+c0:int(slot)*p.ldz+c1], z[r*p.ldz+c0:])
	}
}

// Own is what one worker moves after a window: its share of a copy of the weights.
type Own struct {
	Copy           int       // its number; the first copy is the model itself
	Weights, Grads []float32 // flat, laid out as the model's and as long
	IDs            []int32   // rows of the embedding that the window set; see Rows
	Worker, Size   int       // it is worker Worker of the Size that move this copy
}

// Own is what worker w moves, from when Learn calls after. Few weights have a copy for
// each part of the tape: then workers of different copies do the same, to the bit, and
// need not wait for each other.
func (t *Tape) Own(w int) Own {
	c, worker, size := t.moves(w)
	to := t.model.copies[c]
	return Own{Copy: c, Weights: to.weights, Grads: to.grads, IDs: to.learnt, Worker: worker, Size: size}
}

// moves is the number of the copy that worker w sums and moves, and its place among
// the workers who do.
func (t *Tape) moves(w int) (c, worker, size int) {
	return group(w, t.team.Size(), t.Copies())
}

// Copies is how many copies of the weights are moved.
func (t *Tape) Copies() int {
	if t.own && t.last() {
		return len(t.model.copies)
	}
	return 1
}

// last says that no other tape has been spread since this one was.
func (t *Tape) last() bool { return t.spread == t.model.spreads }

// Gather waits for those who move the same copy of the weights. Every worker calls it.
func (t *Tape) Gather() {
	if t.Copies() < t.team.Size() { // otherwise each has one of its own
		t.team.Wait()
	}
}

// Pack brings up to date what the products read, after every copy's Own.Weights were moved
// alike. Every worker calls it, once those of its copy have met; whoever changed the
// model's weights alone calls Model.Pack.
func (t *Tape) Pack(w int) {
	m := t.model
	if !t.last() {
		if w == 0 {
			m.Pack()
		}
		return
	}
	if w == 0 {
		m.times++
	}
	c, worker, size := group(w, t.team.Size(), len(m.copies))
	m.packInto(m.copies[c], worker, size)
}

// total adds the sums of the tape's parts up, worker w's share of the copy it moves.
func (t *Tape) total(w int) {
	m := t.model
	if len(t.parts) == 1 { // its sums are the model's
		return
	}
	c, worker, size := t.moves(w)
	first := m.unsummed()
	lo, hi := kernel.Share(len(m.grads)-first, align, worker, size)
	to := m.copies[c].grads[first+lo : first+hi]
	if t.own {
		copy(to, t.parts[0].grads[first+lo:])
	}
	for _, p := range t.parts[1:] {
		m.Kernel.Add(to, p.grads[first+lo:])
	}
	if m.Tie { // embed adds to rows of the sums
		t.Gather()
	}
}

// embed adds worker w's share of ∂L/∂embedding, some columns of it: a row for each
// distinct id of each part. Rows of ids that the window does not have stay zero;
// with tied weights the output layer's gradient is there already.
func (t *Tape) embed(w int) {
	m, E := t.model, t.model.Embed
	c, worker, size := t.moves(w)
	lo, hi := kernel.Share(E, align, worker, size)
	if lo == hi || t.fixed {
		return
	}
	grads := m.copies[c].grads // the embedding is at its front
	for _, p := range t.parts {
		for u, id := range p.ids {
			if id >= 0 {
				m.Kernel.Add(grads[int(id)*E+lo:int(id)*E+hi], p.dinput[u*E+lo:])
			}
		}
	}
}

// forget zeroes the embedding gradients that the last window left in worker w's copy,
// so that only rows of the new one are set.
func (t *Tape) forget(w int) {
	c, worker, _ := t.moves(w)
	if worker > 0 {
		return
	}
	to, E := t.model.copies[c], t.model.Embed
	for _, id := range to.learnt {
		clear(to.grads[int(id)*E : (int(id)+1)*E])
	}
	to.learnt = to.learnt[:0]
}

// note lists the embedding gradients that the window sets, each id once.
func (t *Tape) note(w int) {
	c, worker, _ := t.moves(w)
	if worker > 0 || t.fixed || t.model.Tie { // with tied weights the output layer's gradient overwrites them all
		return
	}
	to := t.model.copies[c]
	for i, p := range t.parts {
		for _, id := range p.ids {
			if id >= 0 && !t.had(i, id) {
				to.learnt = append(to.learnt, id)
			}
		}
	}
}

// had says whether one of the first n parts has an id.
func (t *Tape) had(n int, id int32) bool {
	for _, p := range t.parts[:n] {
		if p.slotOf[id+1] >= 0 {
			return true
		}
	}
	return false
}

// Rows is how much of the flat buffers the embedding is, which is at their front, and how
// long a row is, in floats. Of its gradients only the rows of Own.IDs are not zero, each
// named once, in an order that does not depend on the number of workers. With tied weights
// they are like all others: length is 0.
func (m *Model) Rows() (length, row int) { return m.unsummed(), m.Embed }

// Learn runs one whole pass: states, losses and the gradients of the mean loss
// over the scored targets. Inside the same meeting of the team, after is
// called for every worker once all gradients that it moves are there; see Own. It
// returns the mean loss in nats, 0 when nothing is scored.
func (t *Tape) Learn(after func(w int)) float64 {
	t.room()
	t.begin()
	n := t.scored()
	t.scale, t.after = 0, after
	if n > 0 {
		t.scale = 1 / float32(n)
	}
	t.team.Run(t.jobs.learn)
	t.noted()
	return t.mean(n)
}

// room makes the room that Learn needs for the sums of the parts.
func (t *Tape) room() {
	for i, p := range t.parts {
		if p.grads == nil && i == 0 && !t.own {
			p.grads = t.model.grads
		} else if p.grads == nil {
			p.grads = kernel.Alloc(len(t.model.grads))
		}
	}
}

func (t *Tape) learn(w int) {
	t.forget(w)
	t.project(w)
	t.meet()
	t.forward(w)
	t.loss(w)
	t.backward(w)
	t.meet()
	t.gradients(w)
	t.team.Wait()
	t.note(w)
	t.total(w)
	t.embed(w)
	if t.after != nil {
		t.Gather()
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
