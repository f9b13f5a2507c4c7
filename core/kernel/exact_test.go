package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// sizes are those that break kernels: one short of, at and past the widths of
// registers, panels and tiles.
var sizes = []int{1, 2, 5, 15, 16, 17, 31, 32, 33, 63, 65, 100, 257}

// eachSet runs a test for every set of this machine.
func eachSet(t *testing.T, f func(t *testing.T, s *Set)) {
	for _, s := range Available() {
		t.Run(s.Name(), func(t *testing.T) { f(t, s) })
	}
}

// arithmetic is how a set computes x·y + z: the vector sets with one rounding,
// the portable one with two.
type arithmetic func(x, y, z float32) float32

func (s *Set) arithmetic() arithmetic {
	if s == portable {
		return func(x, y, z float32) float32 { return float32(x*y) + z }
	}
	return fma32
}

// fused says that x·y is not rounded.
func (fma arithmetic) fused() bool { return fma(0.1, 10, -1) != 0 }

// fma32 is x·y + z rounded once. The product of two float32 is exact in
// float64; the sum is rounded there to odd, after which rounding it again to
// float32 is the same as rounding the exact sum.
func fma32(x, y, z float32) float32 {
	p, q := float64(x)*float64(y), float64(z)
	s := p + q
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return float32(s)
	}
	v := s - p
	lost := (p - (s - v)) + (q - v) // the exact sum is s + lost
	if lost != 0 && math.Float64bits(s)&1 == 0 {
		s = math.Nextafter(s, s+math.Copysign(math.Inf(1), lost))
	}
	return float32(s)
}

func TestReferenceFMAIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		x, y, z := anyFinite(r), anyFinite(r), anyFinite(r)
		exact := new(big.Float).SetPrec(1200).Mul(big.NewFloat(float64(x)), big.NewFloat(float64(y)))
		want, _ := exact.Add(exact, big.NewFloat(float64(z))).Float32()
		if got := fma32(x, y, z); got != want {
			t.Fatalf("fma32(%g, %g, %g) = %g, exact %g", x, y, z, got, want)
		}
	}
}

// anyFinite draws from all finite numbers, each exponent alike.
func anyFinite(r *rand.Rand) float32 {
	for {
		if x := math.Float32frombits(r.Uint32()); x-x == 0 {
			return x
		}
	}
}

// normal fills x with normal deviates.
func normal(r *rand.Rand, x []float32) {
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
}

// guard is what surrounds every buffer of a test: a NaN that no kernel makes.
var guard = math.Float32frombits(0x7fabcdef)

// guarded is n floats between guards, off floats past a 64-byte boundary.
type guarded struct {
	x   []float32
	all []float32
	at  int // of x in all
}

func newGuarded(n, off int) *guarded {
	const margin = 64
	g := &guarded{all: Alloc(n + off + 2*margin), at: margin + off}
	for i := range g.all {
		g.all[i] = guard
	}
	g.x = g.all[g.at : g.at+n : g.at+n]
	return g
}

// check reports guards that were overwritten.
func (g *guarded) check(t *testing.T, what string) {
	t.Helper()
	for i, v := range g.all {
		if (i < g.at || i >= g.at+len(g.x)) && math.Float32bits(v) != math.Float32bits(guard) {
			t.Fatalf("%s: wrote %g at %d, outside of its %d floats", what, v, i-g.at, len(g.x))
		}
	}
}

// sameBits reports the first difference between two results.
func sameBits(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if g, w := got[i], want[i]; math.Float32bits(g) != math.Float32bits(w) {
			t.Fatalf("%s at %d: got %s, want %s", what, i, bitsOf(g), bitsOf(w))
		}
	}
}

// sameValues is sameBits where any NaN is as good as another, but a guard.
func sameValues(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		g, w := math.Float32bits(got[i]), math.Float32bits(want[i])
		if g != w && (got[i] == got[i] || want[i] == want[i] || w == math.Float32bits(guard)) {
			t.Fatalf("%s at %d: got %s, want %s", what, i, bitsOf(got[i]), bitsOf(want[i]))
		}
	}
}

func bitsOf(x float32) string { return fmt.Sprintf("%g (%08x)", x, math.Float32bits(x)) }
