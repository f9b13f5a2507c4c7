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
	threshold uint64 // dropped when the sixteen bits are below it
	scale     float32
	seed      uint64
	window    uint64 // number of windows drawn so far
}

func (d *dropout) set(p float64) {
	d.threshold = uint64(math.Round(p * 65536))
	d.scale = float32(65536 / (65536 - float64(d.threshold)))
}

// SeedDropout says which masks the next window draws: those of the window of
// that number under seed.
func (t *Tape) SeedDropout(seed, window uint64) { t.dropout.seed, t.dropout.window = seed, window }

// fill draws the masks of streams lo … hi-1 of a part at layer l and applies them.
func (d *dropout) fill(p *part, l, lo, hi int) {
	y, H := &p.layers[l], p.t.model.Hidden
	for b := lo; b < hi; b++ {
		var g rand.PCG
		g.Seed(d.seed+uint64(l)<<32, streamDropout+d.window<<20+uint64(p.lo+b))
		var bits uint64
		left := 0
		for s := range p.t.T {
			mask := row(y.mask, s*p.B+b, H)
			for j := range mask {
				if left == 0 {
					bits, left = g.Uint64(), 4
				}
				mask[j] = d.scale
				if bits&0xffff < d.threshold {
					mask[j] = 0
				}
				bits >>= 16
				left--
			}
			p.t.model.Kernel.Product(row(y.lower, s*p.B+b, H), row(y.h, (s+1)*p.B+b, H), mask)
		}
	}
}
