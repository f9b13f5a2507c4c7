package ngram

import (
	"maps"
	"slices"
)

// CountOfCount says how many n-grams have one count.
type CountOfCount struct {
	R int64 // the count
	N int64 // n-grams that have it
}

// tally is n_r, the number of n-grams with count r, for r = 0 … most. <s> by
// itself is no n-gram: it is never predicted.
func (c *Counts) tally(order int, count []uint32, most int) []int64 {
	n := make([]int64, most+1)
	if order == 1 {
		count = count[:c.Vocab]
	}
	for _, r := range count {
		if int(r) <= most {
			n[r]++
		}
	}
	n[0] = 0 // ids that no text has are no n-grams
	return n
}

// CountsOfCounts are the numbers of n-grams of an order with each count, by
// count; with contexts, those of the numbers of contexts, which are known below
// the highest order.
func (c *Counts) CountsOfCounts(order int, contexts bool) []CountOfCount {
	count := c.levels[order].raw
	if contexts {
		count = c.levels[order].contexts
	}
	if order == 1 && count != nil {
		count = count[:c.Vocab]
	}
	n := map[uint32]int64{}
	for _, r := range count {
		if r > 0 {
			n[r]++
		}
	}
	var all []CountOfCount
	for _, r := range slices.Sorted(maps.Keys(n)) {
		all = append(all, CountOfCount{int64(r), n[r]})
	}
	return all
}
