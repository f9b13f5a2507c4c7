package rnn

import "rnnscope/core/kernel"

// Alter changes states between the step that computes them and everything that
// reads them: the next step, the layer above, the output. Steps are counted
// from the last Reset of the tape or stepper, through all its windows. The
// workers of a tape call it side by side, each for streams of its own.
type Alter interface {
	// State changes what a layer computed for a stream at a step, h and c [H]
	// each; c is nil for cells without one.
	State(layer, step, stream int, h, c []float32)
	// Gradient is State backwards: it turns ∂L/∂h and ∂L/∂c of the changed
	// state into those of the computed one; dc is nil where c is.
	Gradient(layer, step, stream int, dh, dc []float32)
}

// Alter makes a change states of every window from the next on; nil ends that.
// Gradient is then ∂L/∂h of the states as computed, before the change.
func (t *Tape) Alter(a Alter) {
	t.alter = a
	for l := range t.layers {
		if y := &t.layers[l]; a != nil && y.raw == nil {
			y.raw = kernel.Alloc(t.T * t.B * t.model.Hidden)
			if y.c != nil {
				y.rawC = kernel.Alloc(t.T * t.B * t.model.Hidden)
			}
		}
	}
}

// alterForward notes h and c of streams lo … hi-1 as computed and lets the alteration
// change it.
func (t *Tape) alterForward(l, s, lo, hi int) {
	y, H := &t.layers[l], t.model.Hidden
	for b := lo; b < hi; b++ {
		r := s*t.B + b
		h := t.row(y.h, r+t.B, H)
		var c []float32
		if y.c != nil {
			c = t.row(y.c, r+t.B, H)
			copy(t.row(y.rawC, r, H), c)
		}
		copy(t.row(y.raw, r, H), h)
		t.alter.State(l, t.start+s, b, h, c)
	}
}

// alterBackward turns the whole gradient of the changed state into that of the
// computed one.
func (t *Tape) alterBackward(l, s, lo, hi int) {
	y, H := &t.layers[l], t.model.Hidden
	for b := lo; b < hi; b++ {
		var dc []float32
		if y.dc != nil {
			dc = t.row(y.dc, b, H)
		}
		t.alter.Gradient(l, t.start+s, b, t.row(y.dh, (s+1)*t.B+b, H), dc)
	}
}

// computed is h of n rows from row r on as the cell computed it, which is what its derivative
// is at.
func (t *Tape) computed(l, r, n int) []float32 {
	y, H := &t.layers[l], t.model.Hidden
	if t.alter != nil {
		return t.some(y.raw, r, n, H)
	}
	return t.some(y.h, r+t.B, n, H)
}

// Computed is h and c of a layer at step s of stream b as the cell computed
// them, before an alteration changed them, [H] each: what Hidden and Cell are
// without one. They are overwritten by the next window.
func (t *Tape) Computed(layer, s, b int) (h, c []float32) {
	y, r := &t.layers[layer], s*t.B+b
	switch {
	case y.c == nil:
	case t.alter != nil:
		c = t.row(y.rawC, r, t.model.Hidden)
	default:
		c = t.Cell(layer, s, b)
	}
	return t.computed(layer, r, 1), c
}
