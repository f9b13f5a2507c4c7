package kernel

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// Errors in units in the last place of the exact value; the worst found over
// all float32 arguments were 1.01 for exp, and for tanh 4.9 fused and 6.2 not.
const (
	expULP  = 1.1
	tanhULP = 6.5
)

// everywhere calls f with float32 arguments spread over all bit patterns.
func everywhere(f func(x []float32)) {
	const step = 9973
	x := make([]float32, 0, 4096)
	for bits := uint64(0); bits < 1<<32; bits += step {
		if x = append(x, math.Float32frombits(uint32(bits))); len(x) == cap(x) {
			f(x)
			x = x[:0]
		}
	}
	f(x)
}

func ulps(got float32, want float64) float64 {
	w := float32(math.Abs(want))
	return math.Abs(float64(got)-want) / (float64(math.Nextafter32(w, math.MaxFloat32)) - float64(w))
}

func TestExpIsAccurate(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		y := make([]float32, 4096)
		everywhere(func(x []float32) {
			s.Exp(y[:len(x)], x)
			for i, x := range x {
				if x < expLo || x > expHi || x != x {
					continue
				}
				if u := ulps(y[i], math.Exp(float64(x))); u > expULP {
					t.Fatalf("e^%g = %g, %.2f ulp from %g", x, y[i], u, math.Exp(float64(x)))
				}
			}
		})
	})
}

// TestTanhIsAccurate allows 1e-42 where |x| < 1e-35: the numerator is denormal.
func TestTanhIsAccurate(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		y := make([]float32, 4096)
		everywhere(func(x []float32) {
			s.Tanh(y[:len(x)], x)
			for i, x := range x {
				if x != x {
					continue
				}
				want := math.Tanh(float64(x))
				if !(math.Abs(float64(y[i])) <= 1) {
					t.Fatalf("|tanh(%g)| = %g > 1", x, y[i])
				}
				tiny := math.Abs(float64(x)) < 1e-35 && math.Abs(float64(y[i])-want) < 1e-42
				if u := ulps(y[i], want); u > tanhULP && !tiny {
					t.Fatalf("tanh(%g) = %g, %.2f ulp from %g", x, y[i], u, want)
				}
			}
		})
	})
}

func TestSpecialValues(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	eachSet(t, func(t *testing.T, s *Set) {
		type value struct{ x, want float32 }
		for name, c := range map[string]struct {
			f      func(dst, src []float32)
			values []value
		}{
			"tanh": {s.Tanh, []value{{inf, 1}, {-inf, -1}, {nan, nan}, {0, 0}, {8, 1}, {-1e30, -1}}},
			"exp":  {s.Exp, []value{{nan, nan}, {0, 1}, {1, math.E}}},
			"relu": {s.Relu, []value{{nan, nan}, {inf, inf}, {-inf, 0}, {-1, 0}, {2, 2}}},
			"clamp": {func(dst, src []float32) { copy(dst, src); s.Clamp(dst, 3) },
				[]value{{nan, nan}, {inf, 3}, {-inf, -3}, {-1, -1}}},
		} {
			for _, v := range c.values {
				dst := make([]float32, 17) // a whole register and a tail
				src := make([]float32, 17)
				for i := range src {
					src[i] = v.x
				}
				c.f(dst, src)
				for i, got := range dst {
					if got != v.want && (got == got || v.want == v.want) {
						t.Errorf("%s(%g) = %g at %d, want %g", name, v.x, got, i, v.want)
					}
				}
			}
		}
		var limits [2]float32
		s.Exp(limits[:], []float32{-inf, inf})
		if limits[0] < 0 || limits[0] > 1.2e-38 || limits[1] < 1.6e38 || limits[1] > 1.7e38 {
			t.Errorf("e^-∞ and e^∞ are %g", limits)
		}
		row := []float32{1, nan, 2}
		if loss := s.SoftmaxLoss(row, 0, 1); loss == loss {
			t.Errorf("the loss of a row with NaN is %g", loss)
		}
		z, h := []float32{inf, -inf, 0, inf}, []float32{0}
		c0, c, tc := []float32{5}, []float32{0}, []float32{0}
		s.LSTM(z, c0, c, tc, h)
		if z[0] != 1 || z[1] != 0 || z[3] != 1 {
			t.Errorf("σ(∞), σ(-∞), σ(∞) = %g, %g, %g", z[0], z[1], z[3])
		}
	})
}

func TestWrongLengthsPanic(t *testing.T) {
	s := portable
	room := make([]float32, 16)
	short, long := room[:3], make([]float32, 4) // the short one has room for more
	b := s.NewPacked(4, 4)
	for name, call := range map[string]func(){
		"Exp":     func() { s.Exp(long, short) },
		"Add":     func() { s.Add(long, short) },
		"AddRows": func() { s.AddRows(short, long, 2, 2) },
		"Product": func() { s.Product(long, long, short) },
		"Dot":     func() { s.Dot(long, short) },
		"Max":     func() { s.Max(room[:0]) },
		"Weigh":   func() { s.Weigh(make([]float64, 3), long, 1, 1) },
		"LSTM":    func() { s.LSTM(room[:15], long, long, long, long) },
		"GRUBack": func() { s.GRUBack(room, long, long, short) },
		"Adam":    func() { s.Adam(long, long, short, long, &testAdam) },
		"Mul":     func() { s.Mul(Consecutive(1), short, 4, b, 0, 1, long, 4, false) },
		"MulTN":   func() { s.MulTN(0, 2, 2, 2, short, 2, long, 2, long, 2, false, room) },
		"Pack":    func() { b.Pack(room[:15], 4, 0, 1) },
	} {
		func() {
			defer func() {
				if message, _ := recover().(string); !strings.HasPrefix(message, "kernel: "+name+": ") {
					t.Errorf("%s of vectors too short: panicked with %q", name, message)
				}
			}()
			call()
		}()
	}
}

// Agreement of the vector sets with the portable one: one rounding more or less
// a step. exp and tanh carry their own errors; sums of k products those of √k
// roundings; the optimizers divide by a small root.
const portableTolerance = 2e-6

func TestPortableIsClose(t *testing.T) {
	for _, s := range Available() {
		if s == portable {
			continue
		}
		r := rand.New(rand.NewPCG(6, 1))
		for _, o := range operations {
			const n = 100
			fast := o.buffers(r, n, func(r *rand.Rand) float32 { return float32(0.1 + 0.8*r.Float64()) })
			slow := values(fast)
			o.run(s, contents(fast))
			o.run(portable, slow)
			for b := range slow {
				for i, want := range slow[b] {
					if got := fast[b].x[i]; math.Abs(float64(got-want)) > portableTolerance*math.Max(1, math.Abs(float64(want))) {
						t.Errorf("%s %s: buffer %d at %d: got %g, portable %g", s.Name(), o.name, b, i, got, want)
					}
				}
			}
		}
	}
}
