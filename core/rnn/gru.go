package rnn

import "rnnscope/core/kernel"

// gruCell is the gated recurrent unit (Cho et al. 2014) in PyTorch's form: the
// reset gate acts after the product, bias included.
//
//	r = σ(W_ir x + b_ir + W_hr h' + b_hr)
//	z = σ(W_iz x + b_iz + W_hz h' + b_hz)
//	n = tanh(W_in x + b_in + r⊙(W_hn h' + b_hn))
//	h = (1-z)⊙n + z⊙h'
//
// Its blocks of z are [r z nx nh]: the two halves of n must be kept apart until
// r is known, so the third row block of W_hh goes to a fourth block of its own.
var gruCell = &cell{
	name: "gru", activation: "tanh", gates: 3, blocks: 4,
	segments: []segment{{row: 0, n: 2, col: 0}, {row: 2, n: 1, col: 3}},
	names:    []string{"r", "z", "n"},
	forward: func(k *kernel.Set, z, h0, h, _, _, _ []float32) {
		k.GRU(z, h0, h)
	},
	backward: func(k *kernel.Set, z, h0, _, _, _, dh, dh0, _ []float32) {
		k.GRUBack(z, h0, dh, dh0)
	},
}
