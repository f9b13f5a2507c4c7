package rnn

import (
	"fmt"

	"rnnscope/core/kernel"
)

// Tape is a window of T steps of B streams: its inputs and targets, and what
// the model computed for them. The state at its end is carried into the next
// window.
//
// Its fields are time-major: row t·B+b is stream b at step t.
type Tape struct {
	T, B    int
	IDs     []int32   // [T,B] inputs; -1 is an unknown symbol, whose embedding is zero
	Targets []int32   // [T,B]; -1 is not scored
	Losses  []float64 // [T,B] nats, after Learn
	Values  []float32 // [T,B,E] inputs by value, nil without; see ByValue
	Goals   []float32 // [T,B,V] targets by value, nil without

	model   *Model
	team    *kernel.Team
	parts   []*part
	scratch [][]float32                                 // of each worker
	drawn   [][]uint64                                  // likewise, random bits for dropout
	scale   float32                                     // 1/(scored targets) of the window
	after   func(w int)                                 // what Learn's caller does with the gradients
	jobs    struct{ predict, learn, score func(w int) } // made once: a closure a step would be garbage
	dropout dropout
	watch   *Watch
	alter   Alter
	start   int    // the window's first step, counted from Reset
	next    int    // that of the next window
	fixed   bool   // the embedding is not learnt
	own     bool   // Learn leaves the sums of the gradients in every copy of the model; see Spread
	spread  uint64 // the model's spreads when this tape was
}

// NewTape returns a tape for windows of T steps of B streams, computed by the
// given team. dropout is the probability of the masks, 0 for none.
func (m *Model) NewTape(T, B int, team *kernel.Team, dropout float64) *Tape {
	return m.newTape(T, B, team, dropout, m.partsOf(T, B))
}

func (m *Model) newTape(T, B int, team *kernel.Team, dropout float64, parts int) *Tape {
	if T < 1 || B < 1 {
		panic(fmt.Sprintf("rnn: NewTape: T %d, B %d", T, B))
	}
	R := T * B
	t := &Tape{
		T: T, B: B, model: m, team: team,
		IDs: make([]int32, R), Targets: make([]int32, R), Losses: make([]float64, R),
	}
	for range team.Size() {
		t.scratch = append(t.scratch, kernel.Alloc(kernel.ScratchTN))
		if dropout > 0 {
			t.drawn = append(t.drawn, apart[uint64](drawnAtOnce+kernel.BitsSpare))
		}
	}
	t.cut(parts, dropout > 0)
	t.dropout.set(dropout)
	t.jobs.predict, t.jobs.learn, t.jobs.score = t.predict, t.learn, t.scoreRows
	return t
}

// Reset sets the state that the next window starts from to zero.
func (t *Tape) Reset() {
	t.next = 0
	for _, p := range t.parts {
		for l := range p.layers {
			h, c := p.carried(l)
			clear(h)
			clear(c)
		}
	}
}

// State is the state of all streams: per layer h and c, each [B,H]; c is empty
// for cells without one.
type State struct{ H, C [][]float32 }

// State copies the state at the end of the last window, which the next one
// starts from, into s, growing it as needed.
func (t *Tape) State(s *State) {
	L := t.model.Layers
	s.H, s.C = sized(s.H, L), sized(s.C, L)
	for l := range L {
		s.H[l], s.C[l] = s.H[l][:0], s.C[l][:0]
		for _, p := range t.parts {
			h, c := p.carried(l)
			s.H[l], s.C[l] = append(s.H[l], h...), append(s.C[l], c...)
		}
	}
}

// SetState makes the next window start from s, of as many streams.
func (t *Tape) SetState(s *State) {
	H := t.model.Hidden
	for l := range t.model.Layers {
		if len(s.H[l]) != t.B*H || t.model.cell.memory && len(s.C[l]) != t.B*H {
			panic(fmt.Sprintf("rnn: SetState: layer %d has %d values, want %d", l, len(s.H[l]), t.B*H))
		}
		for _, p := range t.parts {
			h, c := p.carried(l)
			copy(h, s.H[l][p.lo*H:])
			if c != nil {
				copy(c, s.C[l][p.lo*H:])
			}
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
	p, b := t.of(b)
	return row(p.layers[layer].h, (s+1)*p.B+b, t.model.Hidden)
}

// Cell is c likewise, nil for cells without one.
func (t *Tape) Cell(layer, s, b int) []float32 {
	p, b := t.of(b)
	if p.layers[layer].c == nil {
		return nil
	}
	return row(p.layers[layer].c, (s+1)*p.B+b, t.model.Hidden)
}

// Gradient is ∂L/∂h likewise, from step 0 on, after Learn or Backpropagate.
func (t *Tape) Gradient(layer, s, b int) []float32 {
	p, b := t.of(b)
	return row(p.layers[layer].dh, (s+1)*p.B+b, t.model.Hidden)
}

// Logits is the output of step s of stream b after Forward, [V]. Learn leaves
// ∂L/∂logits in its place.
func (t *Tape) Logits(s, b int) []float32 {
	p, b := t.of(b)
	return p.output(s*p.B + b)
}

// row is row r of a matrix of n columns, some count rows from r on.
func row(x []float32, r, n int) []float32 { return x[r*n : r*n+n : r*n+n] }

func some(x []float32, r, count, n int) []float32 {
	return x[r*n : (r+count)*n : (r+count)*n]
}
