package rnn

import (
	"rnnscope/core/kernel"
)

// Model is a language model's weights, and the packed copies of them that the
// products read. Whoever changes weights calls Pack afterwards.
type Model struct {
	Config
	Kernel *kernel.Set
	cell   *cell
	params
	copies  []*packed // the first is always there; see Spread
	spreads uint64    // how often a tape was spread
	times   uint64    // how often the weights were packed
}

// packed is the weights as the products read them. The first copy's flat buffers are the
// model's; others have their own, or none and are packed from the model's.
type packed struct {
	weights, grads []float32
	learnt         []int32  // ids whose rows of ∂embedding the last window set
	_              [64]byte // what a worker writes here is on no other's cache line

	layers []layerPack
	fcFwd  *kernel.Packed // H x V: logits = h·fcᵀ
	fcBack *kernel.Packed // V x H: ∂L/∂h = ∂L/∂logits·fc
}

// layerPack is a layer's weights as its products read them. bias is what a
// step's z [Z·H] starts from.
type layerPack struct {
	ihFwd, ihBack *kernel.Packed   // in x G·H, G·H x in
	hhFwd, hhBack []*kernel.Packed // per segment: H x n·H, n·H x H
	bias          []float32
}

// New returns a model of zeros. The error is Config.Validate's.
func New(c Config, set *kernel.Set) (*Model, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	cell, err := cellOf(c)
	if err != nil {
		return nil, err
	}
	m := &Model{Config: c, Kernel: set, cell: cell}
	var memory kernel.Layout
	m.params.lay(c, cell.gates, &memory)
	m.copies = []*packed{m.layPacked(&memory)}
	memory.Alloc()
	m.params.place()
	first := m.copies[0]
	first.weights, first.grads, first.learnt = m.weights, m.grads, apart[int32](c.Vocab)[:0]
	return m, nil
}

// layPacked asks for the memory of packed weights.
func (m *Model) layPacked(memory *kernel.Layout) *packed {
	all := &packed{layers: make([]layerPack, m.Layers)}
	for l, p := range m.layers {
		pack, k, n := &all.layers[l], p.wih.Value.Cols, p.wih.Value.Rows
		pack.ihFwd, pack.ihBack = memory.Packed(m.Kernel, k, n), memory.Packed(m.Kernel, n, k)
		memory.Add(&pack.bias, m.cell.blocks*m.Hidden)
		for _, s := range m.cell.segments {
			pack.hhFwd = append(pack.hhFwd, memory.Packed(m.Kernel, m.Hidden, s.n*m.Hidden))
			pack.hhBack = append(pack.hhBack, memory.Packed(m.Kernel, s.n*m.Hidden, m.Hidden))
		}
	}
	all.fcFwd, all.fcBack = memory.Packed(m.Kernel, m.Hidden, m.Vocab), memory.Packed(m.Kernel, m.Vocab, m.Hidden)
	return all
}

// fewPacked is up to how many packed weights the workers of a part pack a copy for
// themselves: packing twice is cheap then, and where two cores have no cache in
// common, reading what another has packed is not. Up to fewMoved of all weights they
// also learn by themselves: all of them sum and move all weights, to the same bits, and
// wait for nobody from the gradients on.
const (
	fewPacked = 1 << 17
	fewMoved  = 1 << 16
)

// Spread gives the tape's model packed weights for each of the tape's parts, if
// they are few, else one copy for all: what is best for whoever changes the weights
// after every window of this tape. Where they are fewer still, each copy is learnt by
// itself; see Own. It comes after ByValue.
func (t *Tape) Spread() {
	m, n := t.model, 1
	if len(m.weights)-m.unsummed() <= fewPacked {
		n = min(len(t.parts), t.team.Size())
	}
	t.own = n > 1 && len(m.weights) <= fewMoved
	t.parts[0].grads = nil // the model's, or if every copy has sums of its own none of those
	m.spreads++
	t.spread = m.spreads
	if n == len(m.copies) {
		return
	}
	for len(m.copies) < n {
		var memory kernel.Layout // a piece for each: no two workers share a line
		c := m.layPacked(&memory)
		if t.own {
			memory.Add(&c.weights, len(m.weights))
			memory.Add(&c.grads, len(m.grads))
			c.learnt = apart[int32](m.Vocab)[:0]
		}
		memory.Alloc()
		m.copies = append(m.copies, c)
	}
	clear(m.copies[n:])
	m.copies = m.copies[:n]
	m.Pack()
}

// group cuts size workers into n groups, some of them empty if n is more: worker w is in
// group c, as one of count.
func group(w, size, n int) (c, worker, count int) {
	c = w * n / size
	first, end := (c*size+n-1)/n, ((c+1)*size+n-1)/n
	return c, w - first, end - first
}

// Tensors lists the parameters in PyTorch's order.
func (m *Model) Tensors() []*Tensor { return m.tensors }

// Weights is the flat buffer of all parameters, Grads that of their gradients;
// tensors start on 64-byte boundaries with zeros between them.
func (m *Model) Weights() []float32 { return m.weights }
func (m *Model) Grads() []float32   { return m.grads }

// Size is the number of parameters.
func (m *Model) Size() int {
	n := 0
	for _, t := range m.tensors {
		n += t.Value.Rows * t.Value.Cols
	}
	return n
}

// Gates names the activations that a trace of this model's cell shows.
func (m *Model) Gates() []string { return m.cell.names }

// HasMemory says whether the cell has a cell state c beside h.
func (m *Model) HasMemory() bool { return m.cell.memory }

// Clone copies the weights into a model of its own.
func (m *Model) Clone() *Model {
	c, err := New(m.Config, m.Kernel)
	if err != nil {
		panic("rnn: Clone: " + err.Error())
	}
	copy(c.weights, m.weights)
	c.Pack()
	return c
}

// Activated is a simple RNN of the same weights with another activation, which
// a bare file of weights cannot tell.
func (m *Model) Activated(activation string) (*Model, error) {
	c := m.Config
	c.Activation = activation
	other, err := New(c, m.Kernel)
	if err != nil {
		return nil, err
	}
	copy(other.weights, m.weights)
	other.Pack()
	return other, nil
}

// Pack brings everything that is made of the weights up to date.
func (m *Model) Pack() {
	m.times++
	for i, c := range m.copies {
		if i > 0 && c.weights != nil {
			copy(c.weights, m.weights)
		}
		m.packInto(c, 0, 1)
	}
}

// Version is another number whenever the weights have been packed.
func (m *Model) Version() uint64 { return m.times }

// flat is what a copy is packed from, the model's weights or its own.
func (m *Model) flat(c *packed) []float32 {
	if c.weights == nil {
		return m.weights
	}
	return c.weights
}

// of is a tensor's part of flat weights.
func (t *Tensor) of(weights []float32) []float32 {
	return weights[t.Offset : t.Offset+t.Value.Rows*t.Value.Cols]
}

// packInto packs worker w's share of a copy that size workers pack.
func (m *Model) packInto(to *packed, w, size int) {
	flat := m.flat(to)
	for l, p := range m.layers {
		pack, h := &to.layers[l], m.Hidden
		packBoth(pack.ihFwd, pack.ihBack, p.wih.of(flat), p.wih.Value.Cols, w, size)
		for i, s := range m.cell.segments {
			packBoth(pack.hhFwd[i], pack.hhBack[i], p.whh.of(flat)[s.row*h*h:], h, w, size)
		}
		if w == 0 {
			clear(pack.bias)
			copy(pack.bias, p.bih.of(flat))
			for _, s := range m.cell.segments {
				m.Kernel.Add(pack.bias[s.col*h:(s.col+s.n)*h], p.bhh.of(flat)[s.row*h:])
			}
		}
	}
	packBoth(to.fcFwd, to.fcBack, m.fc.of(flat), m.Hidden, w, size)
}

// packBoth packs a weight matrix [N, K] for x·Wᵀ and for d·W.
func packBoth(fwd, back *kernel.Packed, weight []float32, ld, w, size int) {
	j0, j1 := kernel.Share(fwd.Panels(), 1, w, size)
	fwd.PackT(weight, ld, j0, j1)
	j0, j1 = kernel.Share(back.Panels(), 1, w, size)
	back.Pack(weight, ld, j0, j1)
}
