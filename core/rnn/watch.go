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
	for range t.layers {
		w.Layers = append(w.Layers, WatchedLayer{
			A: kernel.Alloc(t.T * zh), Z: kernel.Alloc(t.T * zh),
			Above: kernel.Alloc(t.T * H), Future: kernel.Alloc(t.T * H),
		})
	}
	w.spare.z, w.spare.dc = kernel.Alloc(zh), kernel.Alloc(H)
	t.watch = w
	return w
}

// in says whether the watched stream is among lo … hi-1.
func (w *Watch) in(lo, hi int) bool { return w != nil && w.stream >= lo && w.stream < hi }

// before notes the pre-activations of step s of layer l, after what the cell
// made of them.
func (w *Watch) before(t *Tape, l, s int) {
	zh := t.model.cell.blocks * t.model.Hidden
	copy(w.Layers[l].A[s*zh:(s+1)*zh], t.row(t.layers[l].z, s*t.B+w.stream, zh))
}

func (w *Watch) after(t *Tape, l, s int) {
	zh := t.model.cell.blocks * t.model.Hidden
	copy(w.Layers[l].Z[s*zh:(s+1)*zh], t.row(t.layers[l].z, s*t.B+w.stream, zh))
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
func (w *Watch) future(t *Tape, l, s int) {
	if s == 0 {
		return
	}
	m, y, H := t.model, &t.layers[l], t.model.Hidden
	r := s*t.B + w.stream
	z := w.spare.z
	copy(z, t.row(y.z, r, len(z)))
	out := t.row(w.Layers[l].Future, s-1, H)
	clear(out)
	var c0, tc, dc []float32
	if y.c != nil {
		c0, tc, dc = t.row(y.c, r, H), t.row(y.tc, r, H), w.spare.dc
		copy(dc, t.row(y.dc, w.stream, H))
	}
	m.cell.backward(m.Kernel, z, t.row(y.h, r, H), t.computed(l, r, 1), c0, tc, t.row(y.dh, r+t.B, H), out, dc)
	for i, seg := range m.cell.segments {
		p := m.packs[l].hhBack[i]
		m.Kernel.Mul(kernel.Consecutive(1), z[seg.col*H:], len(z), p, 0, p.Panels(), out, H, true)
	}
}
