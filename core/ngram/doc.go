// Package ngram counts n-grams and smooths the counts into language models:
// the first rival of a network.
//
//	tokens ─ Count ─▶ Counts ─ Model(order, smoothing) ─▶ Model ─▶ State, Evaluate, Writer
//	                    │                                   │
//	                    └ contexts, counts of counts        └ discounts, mass moved
//
// One count serves every order up to its own and every smoothing. It is a trie
// in arrays, a level an order: level n holds the n-grams that occur, sorted, so
// that the continuations of a history of n-1 tokens are one range of level n.
//
//	level 1   a        b            c          every id, seen or not
//	          │ first  │
//	level 2   ab ac    ba bb        ca         word, raw count, contexts
//	          │  │     │
//	level 3   …
//
// The trie is made level by level. The positions of the text, grouped by the
// n-gram that begins there, are sorted within each group by the token that
// follows it; the groups become the histories, the runs the entries of the next
// level. Groups are independent, so that all processors work.
//
// contexts, N1+(•w₁…wₙ), is the number of different tokens seen before an
// n-gram: what Kneser and Ney count in place of occurrences. It falls out of the
// next level, each entry of which is one context of what it is without its first
// token.
//
// Every smoothing here is one line a level (model.go), so that a probability is
// a walk over the suffixes of the history, and a distribution the same walk with
// whole ranges.
package ngram
