package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// fills are the kinds of numbers that operations are tested with.
var fills = []struct {
	name string
	draw func(r *rand.Rand) float32
}{
	{"normal", func(r *rand.Rand) float32 { return float32(r.NormFloat64()) }},
	{"wide", func(r *rand.Rand) float32 { return float32(100 * r.NormFloat64()) }},
	{"finite", anyFinite},
	{"denormal", func(r *rand.Rand) float32 { return math.Float32frombits(r.Uint32() & 0x807fffff) }},
	{"any", func(r *rand.Rand) float32 {
		special := []float32{0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.MaxFloat32, -1e-45, 88, -87.33654, tanhMax}
		if r.IntN(2) == 0 {
			return special[r.IntN(len(special))]
		}
		return float32(r.NormFloat64())
	}},
}

// buffers returns the operation's buffers for n, guarded and unaligned.
func (o *operation) buffers(r *rand.Rand, n int, draw func(r *rand.Rand) float32) []*guarded {
	var all []*guarded
	for _, size := range o.sizes {
		g := newGuarded(size*n, r.IntN(16))
		for i := range g.x {
			g.x[i] = draw(r)
		}
		all = append(all, g)
	}
	return all
}

// values returns copies of the buffers.
func values(gs []*guarded) [][]float32 {
	var b [][]float32
	for _, g := range gs {
		b = append(b, append([]float32(nil), g.x...))
	}
	return b
}

func contents(gs []*guarded) [][]float32 {
	var b [][]float32
	for _, g := range gs {
		b = append(b, g.x)
	}
	return b
}

func TestOperations(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		for _, o := range operations {
			r := rand.New(rand.NewPCG(2, 1))
			for _, fill := range fills {
				for _, n := range append(sizes, 0, 1000) {
					bs := o.buffers(r, n, fill.draw)
					want := values(bs)
					o.want(s.arithmetic(), n, want)
					o.run(s, contents(bs))
					for i, b := range bs {
						what := fmt.Sprintf("%s of %d %s: buffer %d", o.name, n, fill.name, i)
						sameValues(t, what, b.x, want[i])
						b.check(t, what)
					}
				}
			}
		}
	})
}
