package rnn

import "rnnscope/core/kernel"

// tanhCell is the simple recurrent unit (Elman 1990), the lecture's RNN:
//
//	a = W_ih x + b_ih + W_hh h' + b_hh
//	h = tanh(a)                            ∂L/∂a = ∂L/∂h ⊙ (1-h²)
//
// Its block of z keeps the pre-activation a.
var tanhCell = &cell{
	name: "rnn", activation: "tanh", gates: 1, blocks: 1,
	segments: []segment{{row: 0, n: 1, col: 0}},
	joint:    true,
	names:    []string{"a"},
	forward: func(k *kernel.Set, z, _, h, _, _, _ []float32) {
		k.Tanh(h, z)
	},
	backward: func(k *kernel.Set, z, _, h, _, _, dh, _, _ []float32) {
		copy(z, dh)
		k.TanhBack(z, h)
	},
}

// reluCell is the same with h = max(0, a); started from the identity it is the
// IRNN of Le, Jaitly & Hinton 2015.
var reluCell = &cell{
	name: "rnn", activation: "relu", gates: 1, blocks: 1,
	segments: []segment{{row: 0, n: 1, col: 0}},
	joint:    true,
	names:    []string{"a"},
	forward: func(k *kernel.Set, z, _, h, _, _, _ []float32) {
		k.Relu(h, z)
	},
	backward: func(k *kernel.Set, z, _, h, _, _, dh, _, _ []float32) {
		copy(z, dh)
		k.ReluBack(z, h)
	},
}
