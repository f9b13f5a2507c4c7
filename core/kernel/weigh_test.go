package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// bigExp is e^x to some 150 bits, from the series of x/2^16, squared sixteen times.
func bigExp(x float64) *big.Float {
	const halvings, terms = 16, 20
	z := new(big.Float).SetPrec(200).SetFloat64(x)
	z.SetMantExp(z, -halvings)
	sum, term := big.NewFloat(1).SetPrec(200), big.NewFloat(1).SetPrec(200)
	for n := 1; n <= terms; n++ {
		term.Mul(term, z)
		term.Quo(term, new(big.Float).SetPrec(200).SetInt64(int64(n)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

func TestExp64IsExactToTheLastPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	xs := []float64{0, math.Copysign(0, -1), -1e-300, -1e-17, -math.Ln2 / 2, -math.Ln2, -707.9999}
	for range 3000 {
		xs = append(xs, -r.Float64(), -30*r.Float64(), -708*r.Float64())
	}
	worst := 0.0
	for _, x := range xs {
		got := exp64(x)
		off := new(big.Float).Sub(bigExp(x), big.NewFloat(got))
		ulps, _ := off.Float64()
		worst = max(worst, math.Abs(ulps)/(math.Nextafter(got, math.Inf(1))-got))
	}
	if worst > 1 {
		t.Errorf("off by %.3f units in the last place, want 1 at most", worst)
	}
	for _, x := range []float64{-708, -709, -1e9, math.Inf(-1)} {
		if got := exp64(x); got != 0 {
			t.Errorf("e^%g is %g, want 0", x, got)
		}
	}
}

// All sets give the same bits, the portable one too.
func TestWeighIsTheSameInEverySet(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 2))
	for _, n := range append(sizes, 9, 4099, 2*block+5) {
		z := make([]float32, n)
		for _, spread := range []float32{0, 1, 40, 1e30} {
			for i := range z {
				z[i] = spread * float32(r.NormFloat64())
			}
			for _, T := range []float64{1, 0.8, 0.01, 5, 1e-300} {
				type result struct {
					w           []float64
					sum, moment float64
				}
				var want result
				for i, s := range append([]*Set{portable}, Available()...) {
					got := result{w: make([]float64, n)}
					got.sum, got.moment = s.Weigh(got.w, z, float64(s.Max(z)), T)
					if i == 0 {
						want = got
						continue
					}
					what := fmt.Sprintf("%s, %d logits of spread %g at temperature %g", s.Name(), n, spread, T)
					if got.sum != want.sum || got.moment != want.moment {
						t.Fatalf("%s: sums %v, %v, want %v, %v", what, got.sum, got.moment, want.sum, want.moment)
					}
					for j := range got.w {
						if math.Float64bits(got.w[j]) != math.Float64bits(want.w[j]) {
							t.Fatalf("%s: weight %d is %v, want %v", what, j, got.w[j], want.w[j])
						}
					}
				}
			}
		}
	}
}

// The sums against plain ones.
func TestWeighSums(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 3))
	eachSet(t, func(t *testing.T, s *Set) {
		for _, n := range append(sizes, block+1) {
			z, w := make([]float32, n), make([]float64, n)
			normal(r, z)
			highest := s.Max(z)
			sum, moment := s.Weigh(w, z, float64(highest), 0.7)
			wantSum, wantMoment := 0.0, 0.0
			for i, v := range z {
				if v > highest {
					t.Fatalf("%v is above the largest of %d, %v", v, n, highest)
				}
				x := (float64(v) - float64(highest)) / 0.7
				if math.Abs(w[i]-math.Exp(x)) > 1e-15*w[i] {
					t.Fatalf("weight %d of %d is %v, want %v", i, n, w[i], math.Exp(x))
				}
				wantSum += w[i]
				wantMoment += w[i] * x
			}
			if math.Abs(sum-wantSum) > 1e-13*wantSum || math.Abs(moment-wantMoment) > 1e-13*math.Abs(wantMoment) {
				t.Errorf("sums of %d are %v and %v, want %v and %v", n, sum, moment, wantSum, wantMoment)
			}
		}
	})
}

func BenchmarkWeigh(b *testing.B) {
	for _, n := range []int{65, 10000} {
		bench(b, fmt.Sprint(n), 0, func(s *Set) func() {
			z, w := random(n), make([]float64, n)
			return func() { s.Weigh(w, z, 4, 0.8) }
		})
	}
}
