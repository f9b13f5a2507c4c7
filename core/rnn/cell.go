package rnn

import (
	"cmp"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// cell is the arithmetic of one kind of recurrent unit on one row (one stream
// at one step), or on several if it is joint. A step is
//
//	z = b + x·W_ihᵀ + h'·W_hhᵀ       products, in forward.go
//	h, c = forward(z, h', c')        the cell
//
// where z has blocks of H columns. Usually each of the G row blocks of both
// weights goes to the block of z of the same number; segments says where the
// row blocks of W_hh go.
type cell struct {
	name       string
	activation string
	gates      int       // G
	blocks     int       // Z
	segments   []segment // of W_hh and b_hh
	memory     bool      // has a cell state c
	joint      bool      // takes rows that lie side by side as one
	names      []string  // of the blocks of z after forward, as a trace shows them

	// forward turns pre-activations z into activations and the new state.
	forward func(k *kernel.Set, z, h0, h, c0, c, tc []float32)
	// backward turns activations z into gradients of the pre-activations.
	// dh is ∂L/∂h; what of it reaches h0 past the products is added to dh0;
	// dc is ∂L/∂c from the future and becomes ∂L/∂c0.
	backward func(k *kernel.Set, z, h0, h, c0, tc, dh, dh0, dc []float32)
}

// segment sends row blocks row … row+n-1 of W_hh to column blocks col … of z.
type segment struct{ row, n, col int }

// cells is the table of cells: a new one is a file and a line here. Tests range
// over it.
var cells = []*cell{tanhCell, reluCell, gruCell, lstmCell}

// Cells returns the names of the cells.
func Cells() []string {
	var names []string
	for _, c := range cells {
		if !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
	}
	return names
}

func cellOf(c Config) (*cell, error) {
	activation := cmp.Or(c.Activation, "tanh")
	for _, cell := range cells {
		if cell.name == c.Cell && cell.activation == activation {
			return cell, nil
		}
	}
	switch {
	case !slices.Contains(Cells(), c.Cell):
		return nil, say.Errorf("cell must be one of %v, not %q", Cells(), c.Cell)
	case c.Cell != tanhCell.name && activation == reluCell.activation:
		return nil, say.Errorf("activation %s is for the %s cell only", activation, tanhCell.name)
	}
	return nil, say.Errorf("activation must be tanh or relu, not %q", activation)
}
