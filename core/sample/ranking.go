package sample

import (
	"math"
	"math/bits"
	"slices"
)

// ranking sorts the tokens by logit, largest first and ties by id, only as far
// as somebody asks (incremental quicksort: Paredes & Navarro 2006).
//
// A token is one number whose ascending order is the order wanted: in the
// upper half the logit's bits, turned so that larger logits come first, in the
// lower half the id. Keys differ, so the order does not depend on how they
// were sorted.
//
//	keys  [ sorted │ < border │ < border │ …  ]
//	       0 … done  borders, innermost last
type ranking struct {
	keys    []uint64
	done    int
	borders []int // every key before a border is below every key from it on
}

// reset makes a ranking of logits of which nothing is sorted yet.
func (r *ranking) reset(logits []float32) {
	r.keys = slices.Grow(r.keys[:0], len(logits))[:len(logits)]
	for id, z := range logits {
		r.keys[id] = key(z, id)
	}
	r.done = 0
	r.borders = append(r.borders[:0], len(logits))
}

// key is ascending as z descends, then as id ascends.
func key(z float32, id int) uint64 {
	b := math.Float32bits(z + 0) // -0 becomes 0, its equal
	// Ascending as z does: negative numbers have all bits turned, others the
	// sign.
	b ^= uint32(int32(b)>>31) | 1<<31
	return uint64(^b)<<32 | uint64(uint32(id))
}

// at is the id of the token at a rank, 0 the first.
func (r *ranking) at(rank int) int {
	for rank >= r.done {
		r.extend()
	}
	return int(uint32(r.keys[rank]))
}

// find is the id of the first token, in order of rank, at which the sum of the
// tokens' weights exceeds depth, or of the last of any weight. It sorts only what
// lies about there; nothing may be sorted before.
func (r *ranking) find(w []float64, depth float64) int {
	weight := func(key uint64) float64 { return w[uint32(key)] }
	lo, hi, sum := 0, len(r.keys), 0.0
	// A limit as in extend.
	for limit := 2 * bits.Len(uint(hi)); hi-lo > few && limit > 0; limit-- {
		n, part := weighed(r.keys[lo:hi], w, hi-lo == len(r.keys))
		n += lo
		if sum+part > depth {
			hi = n
		} else {
			lo, sum = n, sum+part
		}
	}
	slices.Sort(r.keys[lo:hi])
	at := lo
	for at < hi-1 {
		if sum += weight(r.keys[at]); sum > depth {
			break
		}
		at++
	}
	if weight(r.keys[at]) == 0 { // rounding has put depth past the last sum
		slices.Sort(r.keys)
		at, _ = slices.BinarySearchFunc(r.keys, 0, func(k uint64, _ int) int {
			if weight(k) > 0 {
				return -1
			}
			return 1
		})
		at = max(0, at-1)
	}
	return int(uint32(r.keys[at]))
}

// weighed parts keys in two and returns how many come first and what they weigh.
// Half of a few keys are on either side of the pivot in no order that a processor
// could guess: then it takes no branches. Of all the many, few are before the first.
func weighed(keys []uint64, w []float64, all bool) (n int, sum float64) {
	if all && len(keys) > many {
		n = partition(keys, early(keys))
		for _, k := range keys[:n] {
			sum += w[uint32(k)]
		}
		return n, sum
	}
	border := median(keys[0], keys[len(keys)/2], keys[len(keys)-1])
	for i, k := range keys {
		_, before := bits.Sub64(k, border, 0)
		keys[i], keys[n] = keys[n], k
		n += int(before)
		sum += math.Float64frombits(math.Float64bits(w[uint32(k)]) & -before)
	}
	return n, sum
}

const (
	few  = 12   // keys that are sorted at once
	many = 1024 // keys of which few are likely to be asked for
)

// extend sorts the keys up to the innermost border, putting further borders
// before it until few are left.
func (r *ranking) extend() {
	last := len(r.borders) - 1
	lo, hi := r.done, r.borders[last]
	// When borders come too close to each other the pivots were badly chosen,
	// and a plain sort is the way out.
	for limit := last + 2*bits.Len(uint(hi-lo)); hi-lo > few && last < limit; last++ {
		pivot := median(r.keys[lo], r.keys[(lo+hi)/2], r.keys[hi-1])
		if lo == 0 && hi-lo > many {
			pivot = early(r.keys[lo:hi])
		}
		hi = lo + partition(r.keys[lo:hi], pivot)
		r.borders = append(r.borders, hi)
	}
	slices.Sort(r.keys[lo:hi])
	r.done = hi
	r.borders = r.borders[:last]
}

func median(a, b, c uint64) uint64 { return max(min(a, b), min(max(a, b), c)) }

// early is a key that only about a twentieth of the keys are below: the second
// of a sample. In a large vocabulary the draw rarely goes deeper, and the one
// pass over all keys then moves few of them.
func early(keys []uint64) uint64 {
	const size = 40
	first, second := uint64(math.MaxUint64), uint64(math.MaxUint64)
	for i := range size {
		switch k := keys[i*len(keys)/size]; {
		case k < first:
			first, second = k, first
		case k < second:
			second = k
		}
	}
	return second
}

// partition reorders keys so that the first n are at most the pivot and the
// others at least (Hoare 1962). With one key below the pivot, which is a key
// itself, and one not below it, 0 < n < len(keys).
func partition(keys []uint64, pivot uint64) (n int) {
	i, j := 0, len(keys)-1
	for {
		for keys[i] < pivot {
			i++
		}
		for keys[j] > pivot {
			j--
		}
		if i >= j {
			return i
		}
		keys[i], keys[j] = keys[j], keys[i]
		i++
		j--
	}
}
