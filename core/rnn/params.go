package rnn

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas32"

	"rnnscope/core/kernel"
)

// Tensor is one named parameter: views of the flat weight and gradient buffers.
// A bias is one row.
type Tensor struct {
	Name   string
	Vector bool           // a bias: shape [Cols] rather than [Rows, Cols]
	Value  blas32.General // Stride = Cols
	Grad   blas32.General
	Offset int // of its first element in the flat buffers
}

// Shape is the tensor's shape as PyTorch has it.
func (t Tensor) Shape() []int {
	if t.Vector {
		return []int{t.Value.Cols}
	}
	return []int{t.Value.Rows, t.Value.Cols}
}

// layerParams are a recurrent layer's tensors: W_ih [G·H, in], W_hh [G·H, H],
// b_ih and b_hh [G·H].
type layerParams struct{ wih, whh, bih, bhh *Tensor }

// params lays the tensors out in one buffer for weights and one for gradients,
// in PyTorch's order, each on a 64-byte boundary. With tied weights fc.weight
// is the embedding itself.
type params struct {
	weights, grads []float32
	tensors        []*Tensor
	embedding      *Tensor // [V, E]
	layers         []layerParams
	fc, fcBias     *Tensor // [V, H], [V]
}

const align = 16

// lay asks for the buffers; place lets the tensors be where they are.
func (p *params) lay(c Config, gates int, l *kernel.Layout) {
	n := 0
	add := func(name string, rows, cols int) *Tensor {
		t := &Tensor{Name: name, Vector: rows == 0, Offset: n}
		rows = max(rows, 1)
		t.Value = blas32.General{Rows: rows, Cols: cols, Stride: cols}
		p.tensors = append(p.tensors, t)
		n += (rows*cols + align - 1) / align * align
		return t
	}
	p.embedding = add("embedding.weight", c.Vocab, c.Embed)
	for l := range c.Layers {
		in := c.Hidden
		if l == 0 {
			in = c.Embed
		}
		p.layers = append(p.layers, layerParams{
			wih: add(fmt.Sprintf("rnn.weight_ih_l%d", l), gates*c.Hidden, in),
			whh: add(fmt.Sprintf("rnn.weight_hh_l%d", l), gates*c.Hidden, c.Hidden),
			bih: add(fmt.Sprintf("rnn.bias_ih_l%d", l), 0, gates*c.Hidden),
			bhh: add(fmt.Sprintf("rnn.bias_hh_l%d", l), 0, gates*c.Hidden),
		})
	}
	if c.Tie {
		p.fc = p.embedding
	} else {
		p.fc = add("fc.weight", c.Vocab, c.Hidden)
	}
	p.fcBias = add("fc.bias", 0, c.Vocab)

	l.Add(&p.weights, n)
	l.Add(&p.grads, n)
}

func (p *params) place() {
	for _, t := range p.tensors {
		size := t.Value.Rows * t.Value.Cols
		t.Value.Data = p.weights[t.Offset : t.Offset+size : t.Offset+size]
		t.Grad = t.Value
		t.Grad.Data = p.grads[t.Offset : t.Offset+size : t.Offset+size]
	}
}
