// Package rnn is the recurrent language model and its backpropagation through
// time, in PyTorch's conventions: the lecture's class
//
//	embedding ─▶ recurrent layers (RNN, GRU or LSTM) ─ dropout between ─▶ linear ─▶ softmax
//
// with the same tensor names, the same shapes and gate orders, both biases, so
// that weights move between the two untouched and numbers can be compared.
//
// The letters used throughout, after which shapes are written:
//
//	T time steps of a window      B streams of the batch (row t·B+b: time-major)
//	E embedding size   H hidden size   L layers   V vocabulary
//	G blocks of H rows in a weight matrix: RNN 1, GRU 3 (r z n), LSTM 4 (i f g o)
//	Z blocks of H in a step's activations: as G, but GRU 4 (r z nx nh)
//	R = T·B rows of a window      U distinct ids of a window, or of a part of one
//
// A Model is the weights. A Tape is what one window leaves behind: its states,
// activations and gradients, in one part or two that have some streams each. One
// training step, each worker of a team on its own streams and then on its own rows
// of the weight gradients:
//
//	ids ─ project ──▶ table of the U distinct input projections
//	      forward ──▶ z, h, c of every layer and step, logits
//	      loss ─────▶ nats per row; logits become ∂L/∂logits
//	      backward ─▶ z becomes ∂L/∂(pre-activations), dh becomes ∂L/∂h
//	      gradients ▶ ∂L/∂W of every tensor, summed over the rows of each part
//	      total ────▶ the sum of the parts, and ∂L/∂embedding
//
// after which whoever trains moves the weights and packs them; see Own.
//
// How n workers share a window of a batch of B:
//
//	project            U/n distinct ids each
//	forward, backward  B/n streams each, through all steps without meeting; with
//	                   more workers than streams the others wait, and meet them for
//	                   the output's R rows, of which everybody takes R/n
//	gradients          rows of every weight matrix, columns of every bias: of the
//	                   parts of their streams alone, where there are two parts
//	total              chunks of the flat gradients, columns of the embedding
//	norm, optimizer    chunks of the flat weights
//	packing            panels of 32 columns; with two parts of a small model, each
//	                   part's workers pack all of them for themselves
//
// and of a model that is smaller still, each part's workers do everything from the total
// on for themselves, on a copy of all weights and what goes with them.
//
// They meet nine times a step, six times where each part is one worker's, and three times
// where each also moves a copy of its own. So the time falls with n as long as B/n
// streams make a good tile, six or more; from B on only the outer products, the output
// and the optimizer gain, which are most of the work when V is large.
//
// No result depends on the number of workers: the shapes alone say how many parts
// there are, and every sum runs over the rows of a part in the order of time, then
// stream, and over the parts in theirs, whoever computes it.
package rnn
