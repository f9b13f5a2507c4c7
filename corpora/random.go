package corpora

import (
	"math/bits"
	"math/rand/v2"
)

// chooser makes the choices of a grammar: draws at random, and in the tests one
// that goes through all of them.
type chooser interface {
	below(n int) int   // one of 0 … n-1, each as likely
	chance(n int) bool // true once in n
}

// draws chooses at random from a PCG stream of math/rand/v2. Only Uint64 of it
// is used, so that a seed gives the same text in every version of Go.
type draws struct{ pcg rand.PCG }

func newDraws(seed, stream uint64) *draws { return &draws{*rand.NewPCG(seed, stream)} }

// below is Lemire's method (Fast Random Integer Generation in an Interval,
// 2019): of x·n, with x of 64 bits, the high word is the result. 2⁶⁴ values
// fall on n results unevenly unless those with a low word under 2⁶⁴ mod n are
// drawn again.
func (d *draws) below(n int) int {
	size := uint64(n)
	high, low := bits.Mul64(d.pcg.Uint64(), size)
	if low < size {
		for uneven := -size % size; low < uneven; {
			high, low = bits.Mul64(d.pcg.Uint64(), size)
		}
	}
	return int(high)
}

func (d *draws) chance(n int) bool { return d.below(n) == 0 }
