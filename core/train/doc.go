// Package train fits a language model to a text: windows from a Source, a pass
// of rnn.Tape, clipping, an optimizer, and a watch over the loss.
//
//	Source.Next ─▶ Tape.Learn ─▶ norm ─▶ clip ─▶ optimizer ─▶ Pack ─▶ Result
//	                                └─ not finite, or loss gone up: Diverged
//
// The Trainer owns the weights: nobody else reads them while a Step runs. The
// same seed gives the same losses to the bit on any number of workers. A step
// allocates nothing.
package train
