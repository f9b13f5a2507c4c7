package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// pair returns the two vector sets, which must give the same bits.
func pair(t *testing.T) (a, b *Set) {
	sets := Available()
	if len(sets) < 3 {
		t.Skip("this machine or build has not both vector sets")
	}
	return sets[0], sets[1]
}

func TestVectorSetsAgreeOnOperations(t *testing.T) {
	a, b := pair(t)
	r := rand.New(rand.NewPCG(4, 1))
	for _, o := range operations {
		for _, fill := range fills {
			for _, n := range append(sizes, 2*block+9) {
				x := o.buffers(r, n, fill.draw)
				y := values(x)
				o.run(a, contents(x))
				o.run(b, y)
				for i := range y {
					sameBits(t, fmt.Sprintf("%s of %d %s: buffer %d", o.name, n, fill.name, i), x[i].x, y[i])
				}
			}
		}
	}
}

func TestVectorSetsAgreeOnReductions(t *testing.T) {
	a, b := pair(t)
	r := rand.New(rand.NewPCG(4, 2))
	for _, fill := range fills {
		for _, n := range append(sizes, block, 3*block+100) {
			x, y := make([]float32, n), make([]float32, n)
			for i := range x {
				x[i], y[i] = fill.draw(r), fill.draw(r)
			}
			what := fmt.Sprintf("%d %s", n, fill.name)
			sums := func(s *Set) []float64 {
				return []float64{s.SumSquares(x), float64(s.Dot(x, y)), s.Softmax(append([]float32(nil), x...))}
			}
			for i, got := range sums(a) {
				if want := sums(b)[i]; got != want && (got == got || want == want) {
					t.Fatalf("reduction %d of %s: %v and %v", i, what, got, want)
				}
			}
			p, q := append([]float32(nil), x...), append([]float32(nil), x...)
			a.SoftmaxLoss(p, n/2, 0.3)
			b.SoftmaxLoss(q, n/2, 0.3)
			sameBits(t, "softmax of "+what, p, q)
		}
	}
}

func TestVectorSetsAgreeOnProducts(t *testing.T) {
	a, b := pair(t)
	r := rand.New(rand.NewPCG(4, 3))
	for _, fill := range fills {
		for range 30 {
			m, k, n := sizes[r.IntN(len(sizes))], sizes[r.IntN(len(sizes))], sizes[r.IntN(len(sizes))]
			x, y, c := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
			for _, v := range [][]float32{x, y, c} {
				for i := range v {
					v[i] = fill.draw(r)
				}
			}
			run := func(s *Set, transposed bool) []float32 {
				out := append([]float32(nil), c...)
				if transposed {
					s.MulTN(0, m, n, k, x, m, y, n, out, n, true, Alloc(ScratchTN))
					return out
				}
				p := s.NewPacked(k, n)
				p.Pack(y, n, 0, p.Panels())
				s.Mul(Consecutive(m), x, k, p, 0, p.Panels(), out, n, true)
				return out
			}
			for _, transposed := range []bool{false, true} {
				sameValues(t, fmt.Sprintf("%d x %d x %d %s transposed %v", m, k, n, fill.name, transposed), run(a, transposed), run(b, transposed))
			}
		}
	}
}

// TestSplitsDoNotMatter computes one product whole and cut up in every way that
// a team of workers may cut it.
func TestSplitsDoNotMatter(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(4, 4))
		const T, B, k, n = 9, 11, 1030, 137
		a, w := make([]float32, T*B*k), make([]float32, k*n)
		normal(r, a)
		normal(r, w)
		p := s.NewPacked(k, n)
		p.Pack(w, n, 0, p.Panels())
		whole := make([]float32, T*B*n)
		s.Mul(Consecutive(T*B), a, k, p, 0, p.Panels(), whole, n, false)

		for workers := 1; workers <= 12; workers++ {
			byStream, byStep, byPanel := make([]float32, T*B*n), make([]float32, T*B*n), make([]float32, T*B*n)
			for w := range workers {
				if lo, hi := Share(B, 1, w, workers); lo < hi {
					s.Mul(Rows{T, hi - lo, B}, a[lo*k:], k, p, 0, p.Panels(), byStream[lo*n:], n, false)
					for step := range T {
						s.Mul(Consecutive(hi-lo), a[(step*B+lo)*k:], k, p, 0, p.Panels(), byStep[(step*B+lo)*n:], n, false)
					}
				}
				j0, j1 := Share(p.Panels(), 1, w, workers)
				s.Mul(Consecutive(T*B), a, k, p, j0, j1, byPanel, n, false)
			}
			what := fmt.Sprintf("%d workers by ", workers)
			sameBits(t, what+"stream", byStream, whole)
			sameBits(t, what+"step", byStep, whole)
			sameBits(t, what+"panel", byPanel, whole)
		}

		scratch := Alloc(ScratchTN)
		gradient := make([]float32, k*n)
		s.MulTN(0, k, n, T*B, a, k, whole, n, gradient, n, false, scratch)
		for workers := 2; workers <= 12; workers += 5 {
			split := make([]float32, k*n)
			for w := range workers {
				i0, i1 := Share(k, 1, w, workers)
				s.MulTN(i0, i1, n, T*B, a, k, whole, n, split, n, false, scratch)
			}
			sameBits(t, fmt.Sprintf("gradient by %d workers", workers), split, gradient)
		}
	})
}

func TestSteadyCallsAllocateNothing(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		const m, k, n = 20, 33, 65
		a, w, c := Alloc(m*k), Alloc(k*n), Alloc(m*n)
		p, scratch := s.NewPacked(k, n), Alloc(ScratchTN)
		calls := map[string]func(){
			"Pack":        func() { p.Pack(w, n, 0, p.Panels()) },
			"PackT":       func() { p.PackT(w, k, 0, p.Panels()) },
			"Mul":         func() { s.Mul(Consecutive(m), a, k, p, 0, p.Panels(), c, n, true) },
			"Mul streams": func() { s.Mul(Rows{5, 2, 4}, a, k, p, 0, p.Panels(), c, n, false) },
			"Mul one row": func() { s.Mul(Consecutive(1), a, k, p, 0, p.Panels(), c, n, false) },
			"MulTN":       func() { s.MulTN(0, k, n, m, a, k, c, n, w, n, false, scratch) },
			"SoftmaxLoss": func() { s.SoftmaxLoss(c[:n], 3, 1) },
			"Softmax":     func() { s.Softmax(c[:n]) },
			"SumSquares":  func() { s.SumSquares(c) },
			"Dot":         func() { s.Dot(a, a) },
		}
		for _, o := range operations {
			var bs [][]float32
			for _, size := range o.sizes {
				bs = append(bs, Alloc(size*n))
			}
			calls[o.name] = func() { o.run(s, bs) }
		}
		for name, call := range calls {
			if got := testing.AllocsPerRun(20, call); got != 0 {
				t.Errorf("%s allocates %v times", name, got)
			}
		}
	})
}
