package views

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func labels(ticks []Tick) (out []string) {
	for _, k := range ticks {
		out = append(out, k.Label)
	}
	return out
}

func TestTicks(t *testing.T) {
	for _, tc := range []struct {
		s     Scale
		n     int
		whole bool
		want  []string
	}{
		{Scale{0, 1840, false}, 5, true, []string{"0", "500", "1,000", "1,500"}},
		{Scale{0, 20000, false}, 5, true, []string{"0", "5k", "10k", "15k", "20k"}},
		{Scale{0, 20000, false}, 9, true, []string{"0", "2.5k", "5.0k", "7.5k", "10.0k", "12.5k", "15.0k", "17.5k", "20.0k"}},
		{Scale{0, 3e6, false}, 4, true, []string{"0", "1M", "2M", "3M"}},
		{Scale{1.43, 4.14, false}, 4, false, []string{"2", "3", "4"}},
		{Scale{1.43, 1.51, false}, 5, false, []string{"1.44", "1.46", "1.48", "1.50"}},
		{Scale{-1, 1, false}, 5, false, []string{"-1.0", "-0.5", "0.0", "0.5", "1.0"}},
		{Scale{-2000, 2000, false}, 3, false, []string{"-2,000", "0", "2,000"}},
		{Scale{1, 3, false}, 9, true, []string{"1", "2", "3"}},
		{Scale{0, 2e-7, false}, 3, false, []string{"0", "1e-7", "2e-7"}},
		{Scale{1, 63, true}, 7, false, []string{"1", "2", "5", "10", "20", "50"}},
		{Scale{1, 63, true}, 4, false, []string{"1", "3", "10", "30"}},
		{Scale{1, 63, true}, 3, false, []string{"1", "10"}},
		{Scale{1, 1e6, true}, 7, true, []string{"1", "10", "100", "1,000", "10k", "100k", "1M"}},
		{Scale{1e-5, 1, true}, 3, false, []string{"1e-4", "1e-2", "1e0"}},
		{Scale{2.1, 2.9, true}, 4, false, []string{"2.2", "2.4", "2.6", "2.8"}},
		{Scale{0, 7.5e-7, false}, 4, false, []string{"0", "2e-7", "4e-7", "6e-7"}},
		{Scale{0, 1e-6, false}, 5, false, []string{"0", "2.5e-7", "5.0e-7", "7.5e-7", "1.00e-6"}},
		{Scale{0, math.Inf(1), false}, 5, false, nil},
		{Scale{0, 0, false}, 4, false, nil},
	} {
		if got := labels(tc.s.Ticks(tc.n, tc.whole)); !slices.Equal(got, tc.want) {
			t.Errorf("%+v, at most %d: %q, want %q", tc.s, tc.n, got, tc.want)
		}
	}
}

// Whatever the axis: few enough ticks, in order, on the axis, told apart by
// their labels.
func TestTicksOfAnyAxis(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		lo := g.NormFloat64() * math.Pow(10, float64(g.IntN(30)-15))
		hi := lo + math.Abs(lo)*math.Pow(10, float64(g.IntN(12)-6)) + 1e-14
		s := Scale{Min: lo, Max: hi}
		if g.IntN(2) == 0 {
			s = Scale{math.Abs(lo), math.Abs(lo) * (1 + math.Pow(10, float64(g.IntN(20)-5))), true}
		}
		n := 1 + g.IntN(20)
		ticks := s.Ticks(n, false)
		if len(ticks) > n {
			t.Fatalf("%+v: %d ticks, at most %d wanted: %q", s, len(ticks), n, labels(ticks))
		}
		if n >= 4 && len(ticks) < 2 {
			t.Fatalf("%+v: %q where %d have room", s, labels(ticks), n)
		}
		for i, k := range ticks {
			if at := s.At(k.Value); !(at > -1e-6 && at < 1+1e-6) {
				t.Fatalf("%+v: tick %v is at %v", s, k, at)
			}
			if i > 0 && (k.Value <= ticks[i-1].Value || k.Label == ticks[i-1].Label) {
				t.Fatalf("%+v: ticks %v and %v", s, ticks[i-1], k)
			}
		}
	}
}

func TestScaleThereAndBack(t *testing.T) {
	for _, s := range []Scale{{0, 1, false}, {-3, 7, false}, {1, 63, true}, {1e-9, 1e9, true}, {-largest, largest, false}} {
		for _, at := range []float64{0, 0.25, 0.5, 1, 1.5, -0.5} {
			if got := s.At(s.Value(at)); math.Abs(got-at) > 1e-9 {
				t.Errorf("%+v: %v becomes %v, which is at %v", s, at, s.Value(at), got)
			}
		}
	}
}

func TestWhatHasNoPlaceWidensNoAxis(t *testing.T) {
	for _, log := range []bool{false, true} {
		var e extent
		bad := []float64{math.NaN(), math.Inf(1), math.Inf(-1)}
		if log {
			bad = append(bad, 0, -1)
		}
		for _, v := range bad {
			e.add(v, log)
			if e.any {
				t.Errorf("log %v: %v counts", log, v)
			}
			if at := (Scale{1, 2, log}).At(v); !math.IsNaN(at) {
				t.Errorf("log %v: %v is at %v", log, v, at)
			}
		}
		for _, values := range [][]float64{{}, {5}, {5, 5}, {1e-300}, {1e300, -1e300}, {math.MaxFloat64}, {2, 2 + 1e-15}, {0}, {3, 4}} {
			var e extent
			for _, v := range values {
				e.add(v, log)
			}
			s := e.scale(log)
			if !(s.Max > s.Min) || math.IsInf(s.Max-s.Min, 0) || math.IsNaN(s.At(s.Min)) || log && s.Min <= 0 {
				t.Errorf("log %v, values %v: %+v", log, values, s)
			}
			for _, v := range values {
				if at := s.At(v); math.Abs(v) < largest && math.Abs(v) > smallest && !(log && v <= 0) && !(at >= 0 && at <= 1) {
					t.Errorf("log %v, values %v: %v is at %v of %+v", log, values, v, at, s)
				}
			}
		}
	}
}

func TestFigures(t *testing.T) {
	for _, tc := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1840, "1,840"}, {-1234567, "-1,234,567"}, {999999999, "999,999,999"}, {1e9, "1.00e9"},
		{1.62449, "1.624"}, {12.3456, "12.35"}, {123.456, "123.5"}, {1234.56, "1,235"}, {123456.7, "1.23e5"},
		{0.5, "0.5000"}, {0.01234, "0.0123"}, {0.00213, "2.13e-3"}, {-0.00213, "-2.13e-3"}, {9.9999, "10.000"},
		{math.NaN(), "NaN"}, {math.Inf(1), "+Inf"}, {math.Inf(-1), "-Inf"},
	} {
		if got := Figures(tc.v); got != tc.want {
			t.Errorf("Figures(%v) = %q, want %q", tc.v, got, tc.want)
		}
	}
}
