package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"rnnscope/core/task"
)

// gonum's own routines are the reference.
var reference gonum.Implementation

// blasTolerance bounds the difference of two sums of k products of normal
// deviates that were added in another order: some roundings of a sum of size √k.
func blasTolerance(k int) float64 { return 4e-7 * math.Sqrt(float64(k+1)) * math.Sqrt(float64(k+1)) }

func near(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	for i := range want {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= tolerance) && math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s at %d: got %g, gonum %g, tolerance %g", what, i, got[i], want[i], tolerance)
		}
	}
}

func TestSgemm(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(5, 1))
		b := s.BLAS()
		check := func(tA, tB blas.Transpose, m, n, k int, alpha, beta float32) {
			t.Helper()
			rowsA, colsA, rowsB, colsB := m, k, k, n
			if tA != blas.NoTrans {
				rowsA, colsA = k, m
			}
			if tB != blas.NoTrans {
				rowsB, colsB = n, k
			}
			x := newMatrix(r, rowsA, colsA, max(1, colsA)+r.IntN(3), r.IntN(16))
			y := newMatrix(r, rowsB, colsB, max(1, colsB)+r.IntN(3), r.IntN(16))
			c := newMatrix(r, m, n, max(1, n)+r.IntN(3), r.IntN(16))
			if beta == 0 {
				for i := range m {
					c.row(i)[r.IntN(n)] = float32(math.NaN())
				}
			}
			want := c.clone()
			reference.Sgemm(tA, tB, m, n, k, alpha, x.x, x.ld, y.x, y.ld, beta, want.x, want.ld)
			b.Sgemm(tA, tB, m, n, k, alpha, x.x, x.ld, y.x, y.ld, beta, c.x, c.ld)
			what := fmt.Sprintf("Sgemm %c %c %d x %d x %d alpha %g beta %g", tA, tB, m, n, k, alpha, beta)
			near(t, what, c.all, want.all, blasTolerance(k)*(1+math.Abs(float64(alpha))))
		}
		transposes := []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}
		for _, tA := range transposes {
			for _, tB := range transposes {
				for _, m := range []int{1, 2, 5, 17, 33, 65} {
					for _, k := range []int{0, 1, 16, 33} {
						n := sizes[r.IntN(len(sizes))]
						check(tA, tB, m, n, k, []float32{0, 1, -0.5}[r.IntN(3)], []float32{0, 1, 2}[r.IntN(3)])
					}
				}
				check(tA, tB, blasM+3, 33, blasK+1, 0.5, 0) // more than one block each way
				check(tA, tB, 3, blasN+5, 7, 1, 1)
				check(tA, tB, 0, 4, 4, 1, 0)
				check(tA, tB, 4, 0, 4, 1, 2)
			}
		}
	})
}

func TestSgemmLeavesOperandsAloneWhenAlphaIsZero(t *testing.T) {
	nan := float32(math.NaN())
	c := []float32{1, nan}
	available()[0].BLAS().Sgemm(blas.NoTrans, blas.NoTrans, 1, 2, 1, 0, []float32{nan}, 1, []float32{nan, nan}, 2, 0, c, 2)
	if c[0] != 0 || c[1] != 0 {
		t.Errorf("0·A·B + 0·C = %v, want zeros", c)
	}
}

func TestVectorRoutines(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(5, 2))
		b := s.BLAS()
		vector := func(n int) (x []float32) {
			x = make([]float32, n)
			normal(r, x)
			return x
		}
		for _, n := range append(sizes, 0, 64, 128, 3*block+65) {
			for _, inc := range []int{1, 2, -1} {
				what := fmt.Sprintf("%d values, increment %d", n, inc)
				size := max(1, n) * max(inc, -inc)
				x, y := vector(size), vector(size)
				want := append([]float32(nil), y...)
				reference.Saxpy(n, 0.7, x, inc, want, inc)
				b.Saxpy(n, 0.7, x, inc, y, inc)
				near(t, "Saxpy of "+what, y, want, 1e-6)
				dot := reference.Sdot(n, x, inc, y, inc)
				near(t, "Sdot of "+what, []float32{b.Sdot(n, x, inc, y, inc)}, []float32{dot}, blasTolerance(n))
				norm := 0.0 // gonum's own sum is in float32 and off by 3e-6
				for i := 0; i < n && inc > 0; i++ {
					norm += float64(x[i*inc]) * float64(x[i*inc])
				}
				norm = math.Sqrt(norm)
				tolerance := 1e-7
				if inc != 1 {
					tolerance = 1e-5
				}
				near(t, "Snrm2 of "+what, []float32{b.Snrm2(n, x, inc)}, []float32{float32(norm)}, tolerance*norm)
				for _, alpha := range []float32{0, 0.7} {
					want = append(want[:0], x...)
					reference.Sscal(n, alpha, want, inc)
					b.Sscal(n, alpha, x, inc)
					near(t, "Sscal of "+what, x, want, 0)
				}
			}
		}
		if got := b.Snrm2(3, []float32{3e30, 4e30, 0}, 1); math.Abs(float64(got)-5e30) > 1e24 {
			t.Errorf("norm of (3e30, 4e30, 0) is %g", got)
		}
	})
}

func TestSgemv(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(5, 3))
		b := s.BLAS()
		for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans} {
			for _, m := range []int{1, 5, 17, 65} {
				for _, n := range sizes {
					alpha, beta := []float32{0, 1, -0.5}[r.IntN(3)], []float32{0, 1, 2}[r.IntN(3)]
					incX, incY := 1+r.IntN(2), 1+r.IntN(2)
					a := newMatrix(r, m, n, n+r.IntN(3), r.IntN(16))
					x, y := newMatrix(r, 1, 2*max(m, n), 0, 0), newMatrix(r, 1, 2*max(m, n), 0, 0)
					if beta == 0 {
						y.x[0] = float32(math.NaN())
					}
					want, used := y.clone(), m
					if tA != blas.NoTrans {
						used = n
					}
					// gonum clears all of y that it is given, so give no more than is used.
					reference.Sgemv(tA, m, n, alpha, a.x, a.ld, x.x, incX, beta, want.x[:(used-1)*incY+1], incY)
					b.Sgemv(tA, m, n, alpha, a.x, a.ld, x.x, incX, beta, y.x[:(used-1)*incY+1], incY)
					near(t, fmt.Sprintf("Sgemv %c %d x %d alpha %g beta %g increments %d %d", tA, m, n, alpha, beta, incX, incY), y.all, want.all, blasTolerance(max(m, n)))
				}
			}
		}
	})
}

// TestWrongArguments holds that mistakes are reported as gonum reports them.
func TestWrongArguments(t *testing.T) {
	x := make([]float32, 8)
	calls := map[string]func(b blas.Float32){
		"transpose":  func(b blas.Float32) { b.Sgemm('Q', blas.NoTrans, 2, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"rows":       func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, -1, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"stride":     func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.Trans, 2, 2, 2, 1, x, 1, x, 2, 0, x, 2) },
		"short c":    func(b blas.Float32) { b.Sgemm(blas.NoTrans, blas.NoTrans, 4, 4, 1, 1, x, 1, x, 4, 0, x, 4) },
		"short y":    func(b blas.Float32) { b.Saxpy(9, 1, make([]float32, 9), 1, x, 1) },
		"increment":  func(b blas.Float32) { b.Sdot(3, x, 0, x, 1) },
		"length":     func(b blas.Float32) { b.Sscal(-1, 1, x, 1) },
		"short norm": func(b blas.Float32) { b.Snrm2(9, x, 1) },
		"short a":    func(b blas.Float32) { b.Sgemv(blas.NoTrans, 3, 3, 1, x, 3, x, 1, 0, x, 1) },
	}
	said := func(f func(b blas.Float32), b blas.Float32) (message any) {
		defer func() { message = recover() }()
		f(b)
		return nil
	}
	b := available()[0].BLAS()
	for name, f := range calls {
		if got, want := said(f, b), said(f, reference); want == nil || got != want {
			t.Errorf("%s: panicked with %v, gonum with %v", name, got, want)
		}
	}
}

func TestBLASFromManyGoroutines(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 4))
	b := available()[0].BLAS()
	const n = 70
	x, y, want := make([]float32, n*n), make([]float32, n*n), make([]float32, n*n)
	normal(r, x)
	normal(r, y)
	b.Sgemm(blas.Trans, blas.Trans, n, n, n, 0.5, x, n, y, n, 0, want, n)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		task.Go(fmt.Sprintf("product %d", g), func() {
			defer wg.Done()
			c := make([]float32, n*n)
			for range 20 {
				b.Sgemm(blas.Trans, blas.Trans, n, n, n, 0.5, x, n, y, n, 0, c, n)
				for i := range c {
					if c[i] != want[i] {
						t.Errorf("goroutine %d at %d: got %g, alone %g", g, i, c[i], want[i])
						return
					}
				}
			}
		})
	}
	wg.Wait()
}
