// Package sample chooses the next token.
//
//	logits ─ /T ─ exp ─▶ weights ─ top-k ─ top-p ─▶ distribution
//	                                                     │ cumulated over the tokens,
//	                                          draw u ───▶│ most probable first
//	                                                     ▼
//	                                                   token
//
// A token takes one uniform number, whatever the temperature and the cuts, and
// the order in which probabilities are cumulated is that of the logits. So two
// texts written with the same draws and two temperatures differ by temperature
// alone: the same draw picks the token at the same depth of the two
// distributions.
//
// Everything is float64 from the logits on. Tokens are sorted only as deep as
// the cuts and the draw ask; the token is the one that a full sort would give,
// because probabilities are added in the same order.
package sample

// Writer is a model that writes: it reads a token and says what it expects
// next.
type Writer interface {
	Vocab() int // V
	Reset()     // forget what was read
	// Step reads the token id, -1 for a symbol that is not in the vocabulary,
	// and returns the logits of the next, [V], which the next Step overwrites.
	Step(id int) (logits []float32)
}
