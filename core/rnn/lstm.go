package rnn

import "rnnscope/core/kernel"

// lstmCell is the long short-term memory (Hochreiter & Schmidhuber 1997, with
// the forget gate of Gers et al. 2000), in PyTorch's gate order, no peepholes:
//
//	i = σ(ai)   f = σ(af)   g = tanh(ag)   o = σ(ao)
//	c = f⊙c' + i⊙g
//	h = o⊙tanh(c)
//
// Its blocks of z are [i f g o].
var lstmCell = &cell{
	name: "lstm", activation: "tanh", gates: 4, blocks: 4,
	segments: []segment{{row: 0, n: 4, col: 0}},
	memory:   true,
	names:    []string{"i", "f", "g", "o"},
	forward: func(k *kernel.Set, z, _, h, c0, c, tc []float32) {
		k.LSTM(z, c0, c, tc, h)
	},
	backward: func(k *kernel.Set, z, _, _, c0, tc, dh, _, dc []float32) {
		k.LSTMBack(z, c0, tc, dh, dc)
	},
}
