package rnn

// Activations is z of a layer at step s of stream b, [Z·H], in the cell's
// blocks: a simple RNN's a, a GRU's r z n and W_hn h'+b_hn, an LSTM's i f g o.
// It is there after Forward and while Backpropagate calls its seed; the pass
// back overwrites it with ∂L/∂(pre-activations).
func (t *Tape) Activations(layer, s, b int) []float32 {
	p, b := t.of(b)
	return p.zRows(p.layers[layer].z, s*p.B+b, 1)
}

// RecurrentGradient appends to dst ∂L/∂(W_hh h' + b_hh) of a layer at step s of
// stream b, [G·H] in W_hh's order of rows, after Learn or Backpropagate. The
// step's term in ∂L/∂W_hh is its outer product with h'.
func (t *Tape) RecurrentGradient(dst []float32, layer, s, b int) []float32 {
	z, H := t.Activations(layer, s, b), t.model.Hidden
	for _, seg := range t.model.cell.segments {
		dst = append(dst, z[seg.col*H:(seg.col+seg.n)*H]...)
	}
	return dst
}

// Recurrent is W_hh of a layer, [G·H,H].
func (m *Model) Recurrent(layer int) *Tensor { return m.layers[layer].whh }

// Blocks names the blocks of H rows of W_hh, in order.
func (m *Model) Blocks() []string {
	if m.cell.gates == 1 {
		return []string{"h"}
	}
	return m.cell.names
}

// Bytes is what the tape holds beside its model once it has learnt, which grows
// with T·B.
func (t *Tape) Bytes() int {
	n := len(t.IDs) + len(t.Targets) + 2*len(t.Losses) + len(t.Values) + len(t.Goals)
	for _, s := range t.scratch {
		n += len(s)
	}
	bytes := 4 * n
	for _, d := range t.drawn {
		bytes += 8 * len(d)
	}
	for _, p := range t.parts {
		bytes += p.bytes()
	}
	return bytes
}
