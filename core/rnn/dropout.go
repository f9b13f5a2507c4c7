package rnn

import (
	"math"
	"math/rand/v2"
)

// dropout draws the masks between layers (Zaremba et al. 2014; inverted, so
// that nothing changes at evaluation). Each stream of each layer of each
// window has a generator of its own, so that neither the number of workers nor
// a resumed run changes a mask.
//
// A mask element takes sixteen random bits: the probability is rounded to
// 1/65536, and the scale is that of the rounded one.
type dropout struct {
	threshold uint32 // dropped when the sixteen bits are below it
	scale     float32
	seed      uint64
	window    uint64 // number of windows drawn so far
}

func (d *dropout) set(p float64) {
	d.threshold = uint32(math.Round(p * 65536))
	d.scale = float32(65536 / (65536 - float64(d.threshold)))
}

// SeedDropout says which masks the next window draws: those of the window of
// that number under seed.
func (t *Tape) SeedDropout(seed, window uint64) { t.dropout.seed, t.dropout.window = seed, window }

// drawnAtOnce is how many numbers, each for four elements, a generator draws at once.
const drawnAtOnce = 256

// fill draws the masks of streams lo … hi-1 of a part at layer l and applies them.
// The elements of a stream, row after row, take its generator's bits in order; bits
// is room for them.
func (d *dropout) fill(p *part, l, lo, hi int, bits []uint64) {
	y, H, T := &p.layers[l], p.t.model.Hidden, p.t.T
	k := p.t.model.Kernel
	for b := lo; b < hi; b++ {
		var g rand.PCG
		g.Seed(d.seed+uint64(l)<<32, streamDropout+d.window<<20+uint64(p.lo+b))
		at, have, left := 0, 0, T*H // the next element in bits, how many are there, and how many are wanted still
		for s := range T {
			mask, lower, h := row(y.mask, s*p.B+b, H), row(y.lower, s*p.B+b, H), row(y.h, (s+1)*p.B+b, H)
			for j := 0; j < H; {
				if at == have {
					count := min(drawnAtOnce, (left+3)/4)
					for i := range count {
						bits[i] = g.Uint64()
					}
					at, have = 0, 4*count
				}
				n := min(H-j, have-at)
				k.Drop(lower[j:j+n], mask[j:], h[j:], bits, at, d.threshold, d.scale)
				j, at, left = j+n, at+n, left-n
			}
		}
	}
}
