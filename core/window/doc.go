// Package window is the fixed-window feed-forward language model (Bengio,
// Ducharme, Vincent & Jauvin 2003, without their direct connections): what
// stood between n-grams and recurrent networks.
//
//	w(t-N+1) … w(t-1) w(t)              the last N tokens, and no other
//	   │         │      │   embedding
//	   └─ x = [e; …; e; e] ─┘           concatenated, [N·E]
//	             │
//	h = tanh(W x + b)                   slot i of x meets columns i·E … of W only
//	y = U h + d,  p = softmax(y)
//
// It generalises, as an n-gram cannot: words that are used alike come to have
// embeddings that are alike. But each slot of the window has weights of its own,
// a longer window is a larger model, and what stands before the window does not
// exist.
//
// Letters as in core/rnn: T steps, B streams, E embedding, H hidden, V vocabulary;
// N is the window in tokens, R = T·B rows of a batch.
//
// A start is padded with a learned vector, row V of the embedding. A symbol
// without an id reads as zeros, as in core/rnn. Rows are independent, so that
// workers share them out; every sum over rows runs in the order of rows, whoever
// computes it, and no result depends on the number of workers.
package window
