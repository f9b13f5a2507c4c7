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
	if a == nil {
		return
	}
	for _, p := range t.parts {
		for l := range p.layers {
			if y := &p.layers[l]; y.raw == nil {
				y.raw = kernel.Alloc(t.T * p.B * t.model.Hidden)
				if y.c != nil {
					y.rawC = kernel.Alloc(t.T * p.B * t.model.Hidden)
				}
			}
		}
	}
}

// alterForward notes h and c of streams lo … hi-1 as computed and lets the alteration
// change it.
func (p *part) alterForward(l, s, lo, hi int) {
	t, y, H := p.t, &p.layers[l], p.t.model.Hidden
	for b := lo; b < hi; b++ {
		r := s*p.B + b
		h := row(y.h, r+p.B, H)
		var c []float32
		if y.c != nil {
			c = row(y.c, r+p.B, H)
			copy(row(y.rawC, r, H), c)
		}
		copy(row(y.raw, r, H), h)
		t.alter.State(l, t.start+s, p.lo+b, h, c)
	}
}

// alterBackward turns the whole gradient of the changed state into that of the
// computed one.
func (p *part) alterBackward(l, s, lo, hi int) {
	t, y, H := p.t, &p.layers[l], p.t.model.Hidden
	for b := lo; b < hi; b++ {
		var dc []float32
		if y.dc != nil {
			dc = row(y.dc, b, H)
		}
		t.alter.Gradient(l, t.start+s, p.lo+b, row(y.dh, (s+1)*p.B+b, H), dc)
	}
}

// computed is h of n rows from row r on as the cell computed it, which is what its derivative
// is at.
func (p *part) computed(l, r, n int) []float32 {
	y, H := &p.layers[l], p.t.model.Hidden
	if p.t.alter != nil {
		return some(y.raw, r, n, H)
	}
	return some(y.h, r+p.B, n, H)
}

// Computed is h and c of a layer at step s of stream b as the cell computed
// them, before an alteration changed them, [H] each: what Hidden and Cell are
// without one. They are overwritten by the next window.
func (t *Tape) Computed(layer, s, b int) (h, c []float32) {
	p, own := t.of(b)
	y, r := &p.layers[layer], s*p.B+own
	switch {
	case y.c == nil:
	case t.alter != nil:
		c = row(y.rawC, r, t.model.Hidden)
	default:
		c = t.Cell(layer, s, b)
	}
	return p.computed(layer, r, 1), c
}
