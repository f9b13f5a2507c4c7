package rnn

import "rnnscope/core/kernel"

// part is some neighbouring streams of a tape, with memory of their own, in which
// they are numbered from 0: row t·B+b is stream b at step t, and states have B
// rows more, in front: those before the window. B is the part's.
//
// A worker whose part it is shares no line of memory with another from the
// window's inputs to the sums of its gradients. That is worth a copy of those sums
// where two cores have no cache in common: there a line that another core has
// written, or only asked for ahead of time, takes a hundred nanoseconds to come, and
// rows of several workers that lie between each other have some at every step.
type part struct {
	t      *Tape
	i      int // it is parts[i]
	lo, B  int // streams lo … lo+B-1 of the tape
	layers []layerTape
	logits []float32 // [T,B,V], rows ldv apart; ∂L/∂logits after Learn
	ldv    int       // V in whole cache lines, so that no two rows share one; see stride
	ldz    int       // Z·H likewise, from row to row of z and of the tables

	targets []int32   // [T,B]
	losses  []float64 // [T,B] nats
	slotOf  []int32   // [V+1] the slot of an id, at id+1; -1 when it does not occur
	ids     []int32   // [U] distinct ids, in order of first appearance
	slots   []int32   // [T,B] the slot of each row's id
	inputs  []float32 // [U,E] their embeddings
	table   []float32 // [U,Z·H] rows ldz apart: their projections b + x·W_ihᵀ
	dtable  []float32 // [U,Z·H] likewise: Σ over their rows of ∂L/∂z
	dinput  []float32 // [U,E] ∂L/∂embedding
	dx      []float32 // [T,B,E] ∂L/∂x, made by the first Backpropagate
	grads   []float32 // Σ over the part's rows, laid out as the model's; those of part 0 are the model's unless copies of it have theirs
}

// layerTape is one layer's share of the tape.
type layerTape struct {
	z     []float32 // [T,B,Z·H] rows ldz apart: activations; ∂L/∂(pre-activations) after Backward
	h, c  []float32 // [T+1,B,H] states, the carried ones first
	tc    []float32 // [T,B,H] tanh(c)
	raw   []float32 // [T,B,H] h as computed; nil unless states are altered
	rawC  []float32 // [T,B,H] c likewise
	dh    []float32 // [T+1,B,H] ∂L/∂h
	dc    []float32 // [B,H] ∂L/∂c of the step after
	mask  []float32 // [T,B,H] 0 or 1/(1-p); nil without dropout
	lower []float32 // [T,B,H] h⊙mask, what the layer above reads; nil without dropout
}

// A batch is cut in two where its gradients, of which every part has its own, are
// few beside what its rows leave behind, and each half makes good tiles.
const (
	rowsForSum  = 4 // floats that the rows leave behind for each of a gradient
	streamsHalf = 6
)

// partsOf is into how many parts a batch is cut. It is a matter of shapes alone:
// what is summed in which order must not depend on the number of workers.
func (m *Model) partsOf(T, B int) int {
	H := m.Hidden
	states := 2 * H // h and ∂h
	if m.cell.memory {
		states *= 2 // c and tanh(c)
	}
	rows := T * B * (m.Layers*(m.cell.blocks*H+states) + m.Vocab)
	if B < 2*streamsHalf || rows < rowsForSum*(len(m.grads)-m.unsummed()) {
		return 1
	}
	return 2
}

// unsummed is how many gradients at the front of the buffer the parts have no sums
// of: the embedding's, unless it is the output's too.
func (m *Model) unsummed() int {
	if m.Tie {
		return 0
	}
	return m.layers[0].wih.Offset
}

// cut makes the tape's parts, with room for dropout's masks or without.
func (t *Tape) cut(count int, masks bool) {
	t.parts = nil
	for i := range count {
		lo, hi := kernel.Share(t.B, 1, i, count)
		t.parts = append(t.parts, t.newPart(i, lo, hi-lo, masks))
	}
}

func (t *Tape) newPart(i, lo, B int, masks bool) *part {
	m, T, R := t.model, t.T, t.T*B
	H, U := m.Hidden, min(R, m.Vocab+1)
	p := &part{
		t: t, i: i, lo: lo, B: B, ldv: stride((m.Vocab + align - 1) / align * align), ldz: stride(m.cell.blocks * H),
		targets: apart[int32](R), losses: apart[float64](R),
		slotOf: apart[int32](m.Vocab + 1), slots: apart[int32](R), ids: apart[int32](U)[:0],
		layers: make([]layerTape, m.Layers),
	}
	for i := range p.slotOf {
		p.slotOf[i] = -1
	}
	var memory kernel.Layout
	for l := range p.layers {
		y := &p.layers[l]
		memory.Add(&y.z, R*p.ldz)
		memory.Add(&y.h, (T+1)*B*H)
		memory.Add(&y.dh, (T+1)*B*H)
		if m.cell.memory {
			memory.Add(&y.c, (T+1)*B*H)
			memory.Add(&y.tc, R*H)
			memory.Add(&y.dc, B*H)
		}
		if masks && l < m.Layers-1 {
			memory.Add(&y.mask, R*H)
			memory.Add(&y.lower, R*H)
		}
	}
	memory.Add(&p.logits, R*p.ldv)
	if t.Values == nil { // else see ByValue
		memory.Add(&p.inputs, U*m.Embed)
		memory.Add(&p.dinput, U*m.Embed)
		memory.Add(&p.table, U*p.ldz)
		memory.Add(&p.dtable, U*p.ldz)
	}
	memory.Alloc()
	return p
}

// stride is how far apart rows of n floats are, a multiple of a cache line. Rows of a
// multiple of 4 KB would meet in a few sets of the caches, where products that walk down
// their columns need one line of each; a line more moves them on.
func stride(n int) int {
	if n%1024 == 0 {
		n += align
	}
	return n
}

// apart returns n zeros that share no line of memory with anything else.
func apart[E int32 | uint64 | float64](n int) []E {
	const line = 64 / 4 // elements, of the smaller ones
	return make([]E, line+n+line)[line : line+n : line+n]
}

// of returns the part of stream b and its number there.
func (t *Tape) of(b int) (*part, int) {
	for _, p := range t.parts {
		if b < p.lo+p.B {
			return p, b - p.lo
		}
	}
	panic("rnn: a tape has no such stream")
}

// mine is the parts that worker w works on. The first and the last of them it may
// share with its neighbours.
func (t *Tape) mine(w int) []*part {
	n, size := len(t.parts), t.team.Size()
	return t.parts[w*n/size : ((w+1)*n+size-1)/size]
}

// share is worker w's share of n items of a part, cut at multiples of grain. All
// parts together are shared evenly.
func (t *Tape) share(w int, p *part, n, grain int) (lo, hi int) {
	count, size, units := len(t.parts), t.team.Size(), (n+grain-1)/grain
	from, to := max(0, w*count-p.i*size), min(size, (w+1)*count-p.i*size)
	return min(n, units*from/size*grain), min(n, units*to/size*grain)
}

// whole says that every part is one worker's; then none has to wait for another
// before the sums of all parts.
func (t *Tape) whole() bool { return len(t.parts)%t.team.Size() == 0 }

// meet waits for all workers where some have a part in common.
func (t *Tape) meet() {
	if !t.whole() {
		t.team.Wait()
	}
}

// carried is the state of a layer at the end of the last window, h and c [B,H]; c
// is nil for cells without one.
func (p *part) carried(l int) (h, c []float32) {
	y, n := &p.layers[l], p.B*p.t.model.Hidden
	if y.c != nil {
		c = y.c[len(y.c)-n:]
	}
	return y.h[len(y.h)-n:], c
}

// rows is streams lo … hi-1 at all steps, from row lo on.
func (p *part) rows(lo, hi int) kernel.Rows {
	if hi-lo == p.B {
		return kernel.Consecutive(p.t.T * p.B)
	}
	return kernel.Rows{Groups: p.t.T, Count: hi - lo, Stride: p.B}
}

// atOnce is how many of n neighbouring rows one call of the cell takes.
func (p *part) atOnce(n int) int {
	if c := p.t.model.cell; c.joint && p.ldz == c.blocks*p.t.model.Hidden {
		return n
	}
	return 1
}

// zRows is n rows of z, or of a table, from row r on.
func (p *part) zRows(z []float32, r, n int) []float32 {
	end := (r+n-1)*p.ldz + p.t.model.cell.blocks*p.t.model.Hidden
	return z[r*p.ldz : end : end]
}

// output is row r of the logits.
func (p *part) output(r int) []float32 {
	V := p.t.model.Vocab
	return p.logits[r*p.ldv : r*p.ldv+V : r*p.ldv+V]
}

// line is the tape's row of the part's row r.
func (p *part) line(r int) int { return r/p.B*p.t.B + p.lo + r%p.B }

// bytes is what the part holds once it has learnt, which needs sums of gradients.
func (p *part) bytes() int {
	n := len(p.logits) + len(p.dinput) + len(p.dx) + len(p.targets) + len(p.slots) + len(p.slotOf) + cap(p.ids) + 2*len(p.losses)
	if p.t.Values == nil { // otherwise the inputs are those and the tables are z
		n += len(p.inputs) + len(p.table) + len(p.dtable)
	}
	for _, y := range p.layers {
		n += len(y.z) + len(y.h) + len(y.c) + len(y.tc) + len(y.dh) + len(y.dc) + len(y.mask) + len(y.lower) + len(y.raw) + len(y.rawC)
	}
	if p.i > 0 || p.t.own {
		n += len(p.t.model.grads)
	}
	return 4 * n
}
