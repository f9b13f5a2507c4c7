package rnn

import "rnnscope/core/kernel"

// Stepper runs a model one token at a time, for sampling. It reads the packed
// weights: nobody may change them meanwhile.
type Stepper struct {
	m       *Model
	z, tc   []float32
	h, c, u []float32 // [L,H], and the new state of a layer [H]
	logits  []float32
	alter   Alter
	step    int // tokens read since Reset

	table []float32 // [V,Z·H] what the first layer makes of each id, nil if that is much
	as    []uint64  // [V] the packing that the id's row of the table is of, 0 for none
}

// mostTable is how many floats a stepper keeps of input projections.
const mostTable = 1 << 20

// NewStepper returns a stepper in the zero state.
func (m *Model) NewStepper() *Stepper {
	H := m.Hidden
	zh := m.cell.blocks * H
	s := &Stepper{
		m: m, z: kernel.Alloc(zh), tc: kernel.Alloc(H), u: kernel.Alloc(H),
		h: kernel.Alloc(m.Layers * H), c: kernel.Alloc(m.Layers * H), logits: kernel.Alloc(m.Vocab),
	}
	if m.Vocab*zh <= mostTable {
		s.table, s.as = kernel.Alloc(m.Vocab*zh), make([]uint64, m.Vocab)
	}
	return s
}

// Vocab is V.
func (s *Stepper) Vocab() int { return s.m.Vocab }

// Reset returns to the zero state.
func (s *Stepper) Reset() { clear(s.h); clear(s.c); s.step = 0 }

// Alter makes a change the states of every step from the next on, as stream 0;
// nil ends that.
func (s *Stepper) Alter(a Alter) { s.alter = a }

// State copies the state into dst, as one stream's.
func (s *Stepper) State(dst *State) {
	dst.H, dst.C = sized(dst.H, s.m.Layers), sized(dst.C, s.m.Layers)
	for l := range s.m.Layers {
		dst.H[l] = append(dst.H[l][:0], s.Hidden(l)...)
		if s.m.cell.memory {
			dst.C[l] = append(dst.C[l][:0], s.Cell(l)...)
		}
	}
}

// SetState makes the next Step start from src, of one stream.
func (s *Stepper) SetState(src *State) {
	for l := range s.m.Layers {
		if len(src.H[l]) != s.m.Hidden || s.m.cell.memory && len(src.C[l]) != s.m.Hidden {
			panic("rnn: SetState: a state of another size")
		}
		copy(s.Hidden(l), src.H[l])
		if s.m.cell.memory {
			copy(s.Cell(l), src.C[l])
		}
	}
}

// Hidden and Cell are the state of a layer, [H]; the next Step overwrites
// them. Cell is zeros for cells without memory.
func (s *Stepper) Hidden(layer int) []float32 {
	return s.h[layer*s.m.Hidden : (layer+1)*s.m.Hidden]
}
func (s *Stepper) Cell(layer int) []float32 { return s.c[layer*s.m.Hidden : (layer+1)*s.m.Hidden] }

// Step reads the token id (-1 is an unknown symbol, whose embedding is zero)
// and returns the logits of the next, [V], which the next Step overwrites.
func (s *Stepper) Step(id int) []float32 {
	s.Read(id)
	m, fc := s.m, s.packs().fcFwd
	m.Kernel.MulFrom(m.fcBias.Value.Data, kernel.Consecutive(1), s.Hidden(m.Layers-1), m.Hidden, fc, s.logits, m.Vocab)
	return s.logits
}

// Read is Step for a token after which nothing is to be predicted.
func (s *Stepper) Read(id int) {
	m, H, one := s.m, s.m.Hidden, kernel.Consecutive(1)
	s.project(id)
	for l := range m.layers {
		pack, h, c := &s.packs().layers[l], s.Hidden(l), s.Cell(l)
		if l > 0 {
			s.input(l, s.Hidden(l-1), s.z)
		}
		for i, seg := range m.cell.segments {
			p := pack.hhFwd[i]
			m.Kernel.Mul(one, h, H, p, 0, p.Panels(), s.z[seg.col*H:], len(s.z), true)
		}
		m.cell.forward(m.Kernel, s.z, h, s.u, c, c, s.tc)
		copy(h, s.u)
		if s.alter != nil {
			if !m.cell.memory {
				c = nil
			}
			s.alter.State(l, s.step, 0, h, c)
		}
	}
	s.step++
}

func (s *Stepper) packs() *packed { return s.m.copies[0] }

// project sets z to what the first layer makes of a token, once for each id as
// long as the weights are the same.
func (s *Stepper) project(id int) {
	m, zh := s.m, len(s.z)
	if id < 0 {
		copy(s.z, s.packs().layers[0].bias)
		return
	}
	x := m.embedding.Value.Data[id*m.Embed : (id+1)*m.Embed]
	if s.table == nil {
		s.input(0, x, s.z)
		return
	}
	row := s.table[id*zh : (id+1)*zh]
	if s.as[id] != m.times {
		s.input(0, x, row)
		s.as[id] = m.times
	}
	copy(s.z, row)
}

// input sets z to b + x·W_ihᵀ of layer l.
func (s *Stepper) input(l int, x, z []float32) {
	pack := &s.packs().layers[l]
	copy(z, pack.bias)
	s.m.Kernel.Mul(kernel.Consecutive(1), x, len(x), pack.ihFwd, 0, pack.ihFwd.Panels(), z, len(z), true)
}
