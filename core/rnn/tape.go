package rnn

import (
	"fmt"

	"rnnscope/core/kernel"
)

// Tape is a window of T steps of B streams: its inputs and targets, and what
// the model computed for them. The state at its end is carried into the next
// window.
//
// Rows are time-major: row t·B+b is stream b at step t. States have B rows
// more, in front: those before the window.
type Tape struct {
	T, B    int
	IDs     []int32   // [T,B] inputs; -1 is an unknown symbol, whose embedding is zero
	Targets []int32   // [T,B]; -1 is not scored
	Losses  []float64 // [T,B] nats, after Learn
	Values  []float32 // [T,B,E] inputs by value, nil without; see ByValue
	Goals   []float32 // [T,B,V] targets by value, nil without

	model  *Model
	team   *kernel.Team
	layers []layerTape
	logits []float32 // [T,B,V], rows ldv apart; ∂L/∂logits after Learn
	ldv    int       // V in whole cache lines, so that no two rows share one

	slotOf  []int32   // [V] the slot of an id, -1 when it does not occur
	ids     []int32   // [U] distinct ids, in order of first appearance
	slots   []int32   // [T,B] the slot of each row's id
	inputs  []float32 // [U,E] their embeddings
	table   []float32 // [U,Z·H] their projections b + x·W_ihᵀ
	dtable  []float32 // [U,Z·H] Σ over their rows of ∂L/∂z
	dinput  []float32 // [U,E] ∂L/∂embedding
	dx      []float32 // [T,B,E] ∂L/∂x, made by the first Backpropagate
	scratch [][]float32
	scale   float32                                     // 1/(scored targets) of the window
	after   func(w int)                                 // what Learn's caller does with the gradients
	jobs    struct{ predict, learn, score func(w int) } // made once: a closure a step would be garbage
	dropout dropout
	watch   *Watch
	alter   Alter
	start   int  // the window's first step, counted from Reset
	next    int  // that of the next window
	fixed   bool // the embedding is not learnt
}

// layerTape is one layer's share of the tape.
type layerTape struct {
	z     []float32 // [T,B,Z·H] activations; ∂L/∂(pre-activations) after Backward
	h, c  []float32 // [T+1,B,H] states, the carried ones first
	tc    []float32 // [T,B,H] tanh(c)
	raw   []float32 // [T,B,H] h as computed; nil unless states are altered
	rawC  []float32 // [T,B,H] c likewise
	dh    []float32 // [T+1,B,H] ∂L/∂h
	dc    []float32 // [B,H] ∂L/∂c of the step after
	mask  []float32 // [T,B,H] 0 or 1/(1-p); nil without dropout
	lower []float32 // [T,B,H] h⊙mask, what the layer above reads; nil without dropout
}

// NewTape returns a tape for windows of T steps of B streams, computed by the
// given team. dropout is the probability of the masks, 0 for none.
func (m *Model) NewTape(T, B int, team *kernel.Team, dropout float64) *Tape {
	if T < 1 || B < 1 {
		panic(fmt.Sprintf("rnn: NewTape: T %d, B %d", T, B))
	}
	R, H, zh, ldv := T*B, m.Hidden, m.cell.blocks*m.Hidden, (m.Vocab+align-1)/align*align
	t := &Tape{
		T: T, B: B, model: m, team: team,
		IDs: make([]int32, R), Targets: make([]int32, R), Losses: make([]float64, R),
		logits: kernel.Alloc(R * ldv), ldv: ldv,
		slotOf: make([]int32, m.Vocab+1), slots: make([]int32, R),
	}
	for i := range t.slotOf {
		t.slotOf[i] = -1
	}
	U := min(R, m.Vocab+1)
	t.ids = make([]int32, 0, U)
	t.inputs, t.dinput = kernel.Alloc(U*m.Embed), kernel.Alloc(U*m.Embed)
	t.table, t.dtable = kernel.Alloc(U*zh), kernel.Alloc(U*zh)
	for range team.Size() {
		t.scratch = append(t.scratch, kernel.Alloc(kernel.ScratchTN))
	}
	for l := range m.Layers {
		y := layerTape{
			z: kernel.Alloc(R * zh), h: kernel.Alloc((T + 1) * B * H),
			dh: kernel.Alloc((T + 1) * B * H),
		}
		if m.cell.memory {
			y.c, y.tc = kernel.Alloc((T+1)*B*H), kernel.Alloc(R*H)
			y.dc = kernel.Alloc(B * H)
		}
		if dropout > 0 && l < m.Layers-1 {
			y.mask, y.lower = kernel.Alloc(R*H), kernel.Alloc(R*H)
		}
		t.layers = append(t.layers, y)
	}
	t.dropout.set(dropout)
	t.jobs.predict, t.jobs.learn, t.jobs.score = t.predict, t.learn, t.scoreRows
	return t
}

// Reset sets the state that the next window starts from to zero.
func (t *Tape) Reset() {
	t.next = 0
	for l := range t.layers {
		y := &t.layers[l]
		n := t.B * t.model.Hidden
		clear(y.h[len(y.h)-n:])
		if y.c != nil {
			clear(y.c[len(y.c)-n:])
		}
	}
}

// State is the state of all streams: per layer h and c, each [B,H]; c is empty
// for cells without one.
type State struct{ H, C [][]float32 }

// State copies the state at the end of the last window, which the next one
// starts from, into s, growing it as needed.
func (t *Tape) State(s *State) {
	n := t.B * t.model.Hidden
	s.H, s.C = sized(s.H, len(t.layers)), sized(s.C, len(t.layers))
	for l := range t.layers {
		y := &t.layers[l]
		s.H[l] = append(s.H[l][:0], y.h[len(y.h)-n:]...)
		if y.c != nil {
			s.C[l] = append(s.C[l][:0], y.c[len(y.c)-n:]...)
		}
	}
}

// SetState makes the next window start from s, of as many streams.
func (t *Tape) SetState(s *State) {
	n := t.B * t.model.Hidden
	for l := range t.layers {
		y := &t.layers[l]
		if len(s.H[l]) != n || y.c != nil && len(s.C[l]) != n {
			panic(fmt.Sprintf("rnn: SetState: layer %d has %d values, want %d", l, len(s.H[l]), n))
		}
		copy(y.h[len(y.h)-n:], s.H[l])
		if y.c != nil {
			copy(y.c[len(y.c)-n:], s.C[l])
		}
	}
}

func sized(s [][]float32, n int) [][]float32 {
	for len(s) < n {
		s = append(s, nil)
	}
	return s[:n]
}

// Hidden is h of a layer at step s of stream b after Forward, [H]; step -1 is
// the state before the window. It is overwritten by the next window.
func (t *Tape) Hidden(layer, s, b int) []float32 {
	return t.row(t.layers[layer].h, (s+1)*t.B+b, t.model.Hidden)
}

// Cell is c likewise, nil for cells without one.
func (t *Tape) Cell(layer, s, b int) []float32 {
	if t.layers[layer].c == nil {
		return nil
	}
	return t.row(t.layers[layer].c, (s+1)*t.B+b, t.model.Hidden)
}

// Gradient is ∂L/∂h likewise, from step 0 on, after Learn or Backpropagate.
func (t *Tape) Gradient(layer, s, b int) []float32 {
	return t.row(t.layers[layer].dh, (s+1)*t.B+b, t.model.Hidden)
}

// Logits is the output of step s of stream b after Forward, [V]. Learn leaves
// ∂L/∂logits in its place.
func (t *Tape) Logits(s, b int) []float32 { return t.outputRow(s*t.B + b) }

func (t *Tape) outputRow(r int) []float32 {
	return t.logits[r*t.ldv : r*t.ldv+t.model.Vocab : r*t.ldv+t.model.Vocab]
}

func (t *Tape) row(x []float32, r, n int) []float32 { return x[r*n : r*n+n : r*n+n] }

// some is count rows of n values from row r on.
func (t *Tape) some(x []float32, r, count, n int) []float32 {
	return x[r*n : (r+count)*n : (r+count)*n]
}
