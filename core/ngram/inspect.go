package ngram

import (
	"math"

	"rnnscope/core/say"
)

// Continuation is a token that was seen after a history.
type Continuation struct {
	ID       int32
	Count    int64 // occurrences after the history
	Contexts int64 // different tokens before history and token; -1 on the highest order
}

// Beginning is the id that stands for <s> in a history; -1 of a stream.
func (c *Counts) Beginning() int32 {
	if c.Lines {
		return int32(c.Vocab)
	}
	return -1
}

// find is the entry of an n-gram, which may begin with Beginning.
func (c *Counts) find(gram []int32) (entry uint32, ok bool) {
	if len(gram) == 0 || len(gram) > c.Order {
		return 0, false
	}
	for i, id := range gram {
		if id < 0 || int(id) > c.Vocab || i > 0 && int(id) == c.Vocab {
			return 0, false
		}
		if entry, ok = c.child(i+1, entry, id); !ok {
			return 0, false
		}
	}
	return entry, c.levels[len(gram)].raw[entry] > 0
}

// Occurrences is how often an n-gram was seen and after how many different
// tokens: a word such as Francisco is seen often, but after few. contexts is -1
// for n-grams of the highest order. Of n-grams that begin with <s>, contexts are
// occurrences.
func (c *Counts) Occurrences(gram []int32) (count, contexts int64) {
	entry, ok := c.find(gram)
	if !ok {
		return 0, 0
	}
	l := &c.levels[len(gram)]
	return int64(l.raw[entry]), contextsOf(l, entry)
}

func contextsOf(l *level, entry uint32) int64 {
	if l.contexts == nil {
		return -1
	}
	return int64(l.contexts[entry])
}

// Continuations are the tokens seen after a history of less than Order tokens,
// by id; none when the history was not seen. The empty history is followed by
// every token of the text.
func (c *Counts) Continuations(history []int32) []Continuation {
	n := len(history) + 1
	if n > c.Order {
		return nil
	}
	l, from, to := &c.levels[n], uint32(0), uint32(c.Vocab)
	if n > 1 {
		node, ok := c.find(history)
		if !ok {
			return nil
		}
		from, to = c.levels[n-1].of(node)
	}
	var all []Continuation
	for e := from; e < to; e++ {
		id := int32(e)
		if n > 1 {
			id = l.word[e]
		}
		if l.raw[e] > 0 {
			all = append(all, Continuation{id, int64(l.raw[e]), contextsOf(l, e)})
		}
	}
	return all
}

// Possible is V^n, the number of n-grams there could be.
func (c *Counts) Possible(n int) float64 { return math.Pow(float64(c.Vocab), float64(n)) }

// Seen is the number of different n-grams of n tokens in the text. Those that
// begin with <s> count, <s> alone does not.
func (c *Counts) Seen(n int) int64 {
	if n > 1 {
		return int64(c.levels[n].len())
	}
	seen := int64(0)
	for _, k := range c.levels[1].raw[:c.Vocab] {
		if k > 0 {
			seen++
		}
	}
	return seen
}

// Seconds is how long counting up to an order took.
func (c *Counts) Seconds(order int) float64 { return c.elapsed[order].Seconds() }

// Bytes is the memory that the counts take.
func (c *Counts) Bytes() int64 {
	total := int64(0)
	for i := range c.levels {
		l := &c.levels[i]
		total += size(l.word) + size(l.raw) + size(l.contexts) + size(l.first)
	}
	return total
}

// GoodTuring are Katz's Good-Turing estimates for n-grams of an order: r* and
// the share d_r that is left of the counts 1, 2, …; see goodTuring. The shares
// end at the highest count that is discounted; why says what kept that from
// being 7, nothing when nothing did.
func (c *Counts) GoodTuring(order int) (adjusted, shares []float64, why say.Text) {
	return goodTuring(c.tally(order, c.levels[order].raw, katzMost+1))
}
