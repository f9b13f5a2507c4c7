package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/blas"
)

// bench runs f for every set of this machine and reports GFLOP/s.
func bench(b *testing.B, name string, flops float64, make func(s *Set) func()) {
	for _, s := range Available() {
		b.Run(name+"/"+s.Name(), func(b *testing.B) {
			f := make(s)
			f()
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				f()
			}
			if flops > 0 {
				b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			}
		})
	}
}

func random(n int) []float32 {
	x := Alloc(n)
	normal(rand.New(rand.NewPCG(9, uint64(n))), x)
	return x
}

// shape is rows x K x N.
type shape struct{ m, k, n int }

func (s shape) String() string { return fmt.Sprintf("%dx%dx%d", s.m, s.k, s.n) }
func (s shape) flops() float64 { return 2 * float64(s.m) * float64(s.k) * float64(s.n) }

func BenchmarkMul(b *testing.B) {
	for _, sh := range []shape{
		{16, 128, 128}, {32, 128, 512}, {50, 512, 2048}, {25, 512, 2048}, {1120, 512, 10000}, {1120, 10000, 512},
		{1600, 128, 65}, {1120, 2048, 512}, {1, 128, 512}, {1, 512, 2048}, {1, 512, 10000}, {2, 512, 2048}, {3, 512, 2048}, {5, 512, 2048},
	} {
		bench(b, sh.String(), sh.flops(), func(s *Set) func() {
			p := s.NewPacked(sh.k, sh.n)
			p.Pack(random(sh.k*sh.n), sh.n, 0, p.Panels())
			a, c := random(sh.m*sh.k), random(sh.m*sh.n)
			return func() { s.Mul(Consecutive(sh.m), a, sh.k, p, 0, p.Panels(), c, sh.n, false) }
		})
	}
}

// BenchmarkMulStreams multiplies some of 32 streams at 50 steps.
func BenchmarkMulStreams(b *testing.B) {
	const T, B, k, n = 50, 32, 128, 512
	for _, count := range []int{1, 2, 4, 8, 16} {
		bench(b, fmt.Sprintf("%dof%d", count, B), shape{T * count, k, n}.flops(), func(s *Set) func() {
			p := s.NewPacked(k, n)
			p.Pack(random(k*n), n, 0, p.Panels())
			a, c := random(T*B*k), random(T*B*n)
			return func() { s.Mul(Rows{T, count, B}, a, k, p, 0, p.Panels(), c, n, false) }
		})
	}
}

func BenchmarkMulTN(b *testing.B) {
	for _, sh := range []shape{{512, 1600, 128}, {2048, 2500, 512}, {65, 1600, 128}, {10000, 1120, 512}, {128, 1600, 128}} {
		bench(b, sh.String(), sh.flops(), func(s *Set) func() {
			x, y, c, scratch := random(sh.k*sh.m), random(sh.k*sh.n), random(sh.m*sh.n), Alloc(ScratchTN)
			return func() { s.MulTN(0, sh.m, sh.n, sh.k, x, sh.m, y, sh.n, c, sh.n, false, scratch) }
		})
	}
}

func BenchmarkPack(b *testing.B) {
	const k, n = 512, 2048
	src := random(k * n)
	for _, transposed := range []bool{false, true} {
		name := "plain"
		if transposed {
			name = "transposed"
		}
		bench(b, name, 0, func(s *Set) func() {
			p := s.NewPacked(k, n)
			b.SetBytes(4 * k * n)
			if transposed {
				return func() { p.PackT(src, k, 0, p.Panels()) }
			}
			return func() { p.Pack(src, n, 0, p.Panels()) }
		})
	}
}

func BenchmarkOperations(b *testing.B) {
	for _, o := range operations {
		for _, n := range []int{128, 4096} {
			bench(b, fmt.Sprintf("%s/%d", o.name, n), 0, func(s *Set) func() {
				var bs [][]float32
				for _, size := range o.sizes {
					bs = append(bs, Alloc(size*n))
				}
				return func() { o.run(s, bs) }
			})
		}
	}
}

func BenchmarkSoftmaxLoss(b *testing.B) {
	for _, n := range []int{27, 65, 256, 10000} {
		bench(b, fmt.Sprint(n), 0, func(s *Set) func() {
			row := random(n)
			return func() { s.SoftmaxLoss(row, n/2, 0.01) }
		})
	}
}

func BenchmarkSumSquares(b *testing.B) {
	for _, n := range []int{1000, 1 << 20} {
		bench(b, fmt.Sprint(n), 0, func(s *Set) func() {
			x := random(n)
			b.SetBytes(int64(4 * n))
			return func() { s.SumSquares(x) }
		})
	}
}

// BenchmarkSgemm includes what packing costs; the last is gonum's own.
func BenchmarkSgemm(b *testing.B) {
	for _, sh := range []shape{{64, 64, 64}, {512, 512, 512}} {
		x, y, c := random(sh.m*sh.k), random(sh.k*sh.n), random(sh.m*sh.n)
		gemm := func(f blas.Float32) func() {
			return func() { f.Sgemm(blas.NoTrans, blas.Trans, sh.m, sh.n, sh.k, 1, x, sh.k, y, sh.k, 0, c, sh.n) }
		}
		bench(b, sh.String(), sh.flops(), func(s *Set) func() { return gemm(s.BLAS()) })
		b.Run(sh.String()+"/gonum", func(b *testing.B) {
			f := gemm(reference)
			for range b.N {
				f()
			}
			b.ReportMetric(sh.flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

func BenchmarkDot(b *testing.B) {
	for _, n := range []int{100, 4096} {
		bench(b, fmt.Sprint(n), 2*float64(n), func(s *Set) func() {
			x, y := random(n), random(n)
			return func() { s.Dot(x, y) }
		})
	}
}

// BenchmarkPeak shows what the figures of the products are to be held against.
func BenchmarkPeak(b *testing.B) {
	for _, s := range Available() {
		b.Run(s.Name(), func(b *testing.B) {
			peak, held := 0.0, 0.0
			for range b.N {
				best, sustained := s.Peak()
				peak, held = max(peak, best), held+sustained/float64(b.N)
			}
			b.ReportMetric(held, "sustained-GFLOP/s")
			b.ReportMetric(peak, "GFLOP/s")
		})
	}
}
