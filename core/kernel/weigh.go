package kernel

import "math"

// Weigh sets w to e^x for x = (z - highest)/t, where highest is at least every z
// and t is positive, and returns Σw and Σwx, in eight lanes, block by block. It is
// the softmax of sampling, in float64, the same to the bit in every set. An x below
// -708, where float64 begins to lose digits, counts as infinitely low: its w is 0.
func (s *Set) Weigh(w []float64, z []float32, highest, t float64) (sum, moment float64) {
	check(len(w) >= len(z), "Weigh", len(z))
	for len(z) > 0 {
		n := min(block, len(z))
		a, b := s.weigh(w[:n], z[:n], highest, t)
		sum, moment = sum+a, moment+b
		w, z = w[n:], z[n:]
	}
	return sum, moment
}

// Max returns the largest of at least one value; of NaN, nothing is said.
func (s *Set) Max(x []float32) float32 {
	check(len(x) > 0, "Max", 1)
	m := s.max(x[:min(block, len(x))])
	for x = x[min(block, len(x)):]; len(x) > 0; x = x[min(block, len(x)):] {
		m = max(m, s.max(x[:min(block, len(x))]))
	}
	return m
}

func weighPortable(w []float64, z []float32, m, t float64) (sum, moment float64) {
	var sums, moments [8]float64
	for i, v := range z {
		x := max((float64(v)-m)/t, exp64Low)
		w[i] = exp64(x)
		sums[i%8] += w[i]
		moments[i%8] = math.FMA(w[i], x, moments[i%8])
	}
	for half := 4; half > 0; half /= 2 {
		for i := range half {
			sums[i] += sums[i+half]
			moments[i] += moments[i+half]
		}
	}
	return sums[0], moments[0]
}

const (
	exp64Low   = -708.0
	exp64Round = 3 << 51 // adding it rounds to an integer, which is then in the low bits
	// ln 2 as a float64 and what that leaves of it.
	ln2High    = 0x1.62e42fefa39efp-1
	ln2Low     = 0x1.abc9e3b39803fp-56
	exp64Terms = 13
)

// exp64 returns e^x for exp64Low <= x <= 0, 0 at exp64Low, to one unit in the last
// place: as 2^n·e^r, where |r| <= ½ ln 2 and e^r is the sum of the exponential
// series to r^13/13!; the next term is 4e-18 at most.
func exp64(x float64) float64 {
	if x <= exp64Low {
		return 0
	}
	n := math.FMA(x, math.Log2E, exp64Round)
	k := n - exp64Round
	r := math.FMA(-ln2Low, k, math.FMA(-ln2High, k, x))
	p := series[exp64Terms]
	for i := exp64Terms - 1; i >= 0; i-- {
		p = math.FMA(p, r, series[i])
	}
	return math.Float64frombits(math.Float64bits(p) + math.Float64bits(n)<<52)
}

// series is 1/n!.
var series = func() (c [exp64Terms + 1]float64) {
	factorial := 1.0
	for i := range c {
		c[i] = 1 / factorial
		factorial *= float64(i + 1)
	}
	return c
}()
