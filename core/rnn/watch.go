package rnn

import "rnnscope/core/kernel"

// Watch keeps, for one stream of a tape, what the fast path overwrites: the
// pre-activations, the gates, and the two sources of ∂L/∂h. Only a tape that
// has one pays for it, a B-th of the recurrent work.
type Watch struct {
	stream int
	Layers []WatchedLayer
	spare  struct{ z, dc []float32 }
}

// WatchedLayer is one layer's share, [T,·] each.
type WatchedLayer struct {
	A      []float32 // [T,Z·H] pre-activations (a GRU's last two blocks: the halves of n)
	Z      []float32 // [T,Z·H] activations (a simple RNN's is a itself)
	Above  []float32 // [T,H] ∂L/∂h from this step's output, or from the layer above
	Future []float32 // [T,H] ∂L/∂h from the step after
}

// Watch makes the tape keep what it computes for stream b from the next window
// on; a negative b ends that. The record is overwritten by each window.
func (t *Tape) Watch(b int) *Watch {
	t.watch = nil
	if b < 0 {
		return nil
	}
	H, zh := t.model.Hidden, t.model.cell.blocks*t.model.Hidden
	w := &Watch{stream: b}
	for range t.model.Layers {
		w.Layers = append(w.Layers, WatchedLayer{
			A: kernel.Alloc(t.T * zh), Z: kernel.Alloc(t.T * zh),
			Above: kernel.Alloc(t.T * H), Future: kernel.Alloc(t.T * H),
		})
	}
	w.spare.z, w.spare.dc = kernel.Alloc(zh), kernel.Alloc(H)
	t.watch = w
	return w
}

// in says whether the watched stream is among streams lo … hi-1 of a part.
func (w *Watch) in(p *part, lo, hi int) bool {
	return w != nil && w.stream >= p.lo+lo && w.stream < p.lo+hi
}

// before notes the pre-activations of step s of layer l, after what the cell
// made of them.
func (w *Watch) before(p *part, l, s int) { w.note(w.Layers[l].A, p, l, s) }

func (w *Watch) after(p *part, l, s int) { w.note(w.Layers[l].Z, p, l, s) }

func (w *Watch) note(to []float32, p *part, l, s int) {
	z := p.zRows(p.layers[l].z, s*p.B+w.stream-p.lo, 1)
	copy(row(to, s, len(z)), z)
}

// above notes what reached layer l from above, before the future is added.
func (w *Watch) above(t *Tape, l int) {
	H := t.model.Hidden
	y := &w.Layers[l]
	for s := range t.T {
		copy(y.Above[s*H:(s+1)*H], t.Gradient(l, s, w.stream))
	}
	clear(y.Future[(t.T-1)*H:])
}

// future computes what step s of layer l sends back to step s-1, once more and
// on its own, because in the fast path it is added to what came from above.
func (w *Watch) future(p *part, packs *packed, l, s int) {
	if s == 0 {
		return
	}
	m, y, H, b := p.t.model, &p.layers[l], p.t.model.Hidden, w.stream-p.lo
	r := s*p.B + b
	z := w.spare.z
	copy(z, p.zRows(y.z, r, 1))
	out := row(w.Layers[l].Future, s-1, H)
	clear(out)
	var c0, tc, dc []float32
	if y.c != nil {
		c0, tc, dc = row(y.c, r, H), row(y.tc, r, H), w.spare.dc
		copy(dc, row(y.dc, b, H))
	}
	m.cell.backward(m.Kernel, z, row(y.h, r, H), p.computed(l, r, 1), c0, tc, row(y.dh, r+p.B, H), out, dc)
	for i, seg := range m.cell.segments {
		back := packs.layers[l].hhBack[i]
		m.Kernel.Mul(kernel.Consecutive(1), z[seg.col*H:], len(z), back, 0, back.Panels(), out, H, true)
	}
}
