package ngram

import "sync/atomic"

// countContexts fills in the contexts of all levels but the last. An n-gram
// that begins with <s> has no other context than the beginning of a line; its
// occurrences are counted instead, as KenLM does (Heafield et al. 2013).
func (c *Counts) countContexts(stopped func() bool) bool {
	for n := 1; n < c.Order; n++ {
		c.levels[n].contexts = make([]uint32, c.levels[n].len())
	}
	whole := c.suffixes(func(n int, _ []uint32, link []uint32) bool {
		contexts := c.levels[n-1].contexts
		over(c.threads, len(link), func(from, to int) {
			for _, suffix := range link[from:to] {
				atomic.AddUint32(&contexts[suffix], 1)
			}
		})
		return !stopped()
	})
	if whole && c.Lines {
		from := uint32(c.Vocab) // <s> comes last, and so does all that begins with it
		for n := 1; n < c.Order; n++ {
			copy(c.levels[n].contexts[from:], c.levels[n].raw[from:])
			from = c.levels[n].first[from]
		}
	}
	return whole
}

// suffixes visits levels 2 to the last with, for each entry, the entry on the
// level before of the same n-gram without its first token, and the same for the
// entries of the level before; all of them exist. It ends when visit returns
// false.
func (c *Counts) suffixes(visit func(n int, before, link []uint32) bool) (whole bool) {
	var before []uint32 // of level 1 there is none: the suffix is the empty history
	for n := 2; n <= c.Order; n++ {
		l, parents := &c.levels[n], &c.levels[n-1]
		link := make([]uint32, l.len())
		over(c.threads, parents.len(), func(from, to int) {
			for g := from; g < to; g++ {
				e, end := parents.of(uint32(g))
				if n == 2 {
					for ; e < end; e++ {
						link[e] = uint32(l.word[e])
					}
					continue
				}
				// Both ranges ascend, so that each search begins where the last ended.
				words := parents.word
				at, last := c.levels[n-2].of(before[g])
				for ; e < end; e++ {
					at = search(words, at, last, l.word[e])
					link[e] = at
				}
			}
		})
		if !visit(n, before, link) {
			return false
		}
		before = link
	}
	return true
}
