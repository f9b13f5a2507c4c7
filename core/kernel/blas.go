package kernel

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// BLAS returns gonum's float32 routines with this set's kernels in place of
// the ones that matter: Sgemm, Sgemv, and of vectors without gaps Saxpy, Sdot,
// Snrm2 and Sscal. To have gonum's blas32 package use them:
//
//	blas32.Use(set.BLAS())
//
// It may be used by many goroutines at once; none of its routines starts one.
func (s *Set) BLAS() blas.Float32 {
	b := &blasKernels{set: s}
	b.workspaces.New = func() any {
		return &workspace{packed: s.NewPacked(blasK, blasN), a: Alloc(blasM * blasK)}
	}
	return b
}

// Blocks of Sgemm: B is packed blasK x blasN at a time, a transposed A is turned
// blasM x blasK at a time.
const blasM, blasK, blasN = 252, 256, 1024

// blasKernels falls back to gonum's routines for gaps between elements and for
// wrong arguments, which gonum reports in its own words.
type blasKernels struct {
	gonum.Implementation
	set        *Set
	workspaces sync.Pool
}

type workspace struct {
	packed *Packed
	a      []float32
}

// covers says that x holds rows of n values, ld apart.
func covers(x []float32, rows, n, ld int) bool {
	return ld >= max(1, n) && len(x) >= (rows-1)*ld+n
}

// Sgemm computes C = alpha·op(A)·op(B) + beta·C. Where beta is 0 the old C is
// not read, and where alpha is 0 A and B are not.
func (b *blasKernels) Sgemm(tA, tB blas.Transpose, m, n, k int, alpha float32, a []float32, lda int, bm []float32, ldb int, beta float32, c []float32, ldc int) {
	turnA, turnB := tA != blas.NoTrans, tB != blas.NoTrans
	rowsA, colsA, rowsB, colsB := m, k, k, n
	if turnA {
		rowsA, colsA = k, m
	}
	if turnB {
		rowsB, colsB = n, k
	}
	if !valid(tA) || !valid(tB) || m <= 0 || n <= 0 || k <= 0 ||
		!covers(a, rowsA, colsA, lda) || !covers(bm, rowsB, colsB, ldb) || !covers(c, m, n, ldc) {
		b.Implementation.Sgemm(tA, tB, m, n, k, alpha, a, lda, bm, ldb, beta, c, ldc)
		return
	}
	for i := 0; i < m && beta != 1; i++ {
		b.times(c[i*ldc:i*ldc+n], beta)
	}
	if alpha == 0 {
		return
	}
	w := b.workspaces.Get().(*workspace)
	defer b.workspaces.Put(w)
	for j := 0; j < n; j += blasN {
		for q := 0; q < k; q += blasK {
			p := w.packed
			p.K, p.N = min(blasK, k-q), min(blasN, n-j)
			panels := p.Panels()
			if turnB {
				clear(p.panel(panels - 1)) // of what lay there before
				p.PackT(bm[j*ldb+q:], ldb, 0, panels)
			} else {
				p.Pack(bm[q*ldb+j:], ldb, 0, panels)
			}
			if alpha != 1 {
				b.set.Scale(p.data[:panels*p.nr*p.K], alpha)
			}
			if !turnA {
				b.set.Mul(Consecutive(m), a[q:], lda, p, 0, panels, c[j:], ldc, true)
				continue
			}
			for i := 0; i < m; i += blasM {
				rows := min(blasM, m-i)
				b.set.transpose(w.a, blasK, a[q*lda+i:], lda, p.K, rows)
				b.set.Mul(Consecutive(rows), w.a, blasK, p, 0, panels, c[i*ldc+j:], ldc, true)
			}
		}
	}
}

func valid(t blas.Transpose) bool {
	return t == blas.NoTrans || t == blas.Trans || t == blas.ConjTrans
}

// times multiplies x by beta; by 0 without reading it.
func (b *blasKernels) times(x []float32, beta float32) {
	if beta == 0 {
		clear(x)
	} else {
		b.set.Scale(x, beta)
	}
}

// Sgemv computes y = alpha·op(A)·x + beta·y.
func (b *blasKernels) Sgemv(tA blas.Transpose, m, n int, alpha float32, a []float32, lda int, x []float32, incX int, beta float32, y []float32, incY int) {
	lenX, lenY := n, m
	if tA != blas.NoTrans {
		lenX, lenY = m, n
	}
	if !valid(tA) || m <= 0 || n <= 0 || incX != 1 || incY != 1 || !covers(a, m, n, lda) || len(x) < lenX || len(y) < lenY {
		b.Implementation.Sgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY)
		return
	}
	if beta != 1 {
		b.times(y[:lenY], beta)
	}
	if alpha == 0 {
		return
	}
	for i := range m {
		if row := a[i*lda : i*lda+n]; tA == blas.NoTrans {
			y[i] += float32(alpha * b.set.Dot(row, x))
		} else {
			b.set.Axpy(y[:n], alpha*x[i], row)
		}
	}
}

// Saxpy adds alpha·x to y.
func (b *blasKernels) Saxpy(n int, alpha float32, x []float32, incX int, y []float32, incY int) {
	if n <= 0 || incX != 1 || incY != 1 || len(x) < n || len(y) < n || alpha == 0 {
		b.Implementation.Saxpy(n, alpha, x, incX, y, incY)
		return
	}
	b.set.Axpy(y[:n], alpha, x)
}

// Sdot returns Σ x·y.
func (b *blasKernels) Sdot(n int, x []float32, incX int, y []float32, incY int) float32 {
	if n <= 0 || incX != 1 || incY != 1 || len(x) < n || len(y) < n {
		return b.Implementation.Sdot(n, x, incX, y, incY)
	}
	return b.set.Dot(x[:n], y)
}

// Snrm2 returns √Σ x². The squares of float32 neither overflow nor vanish in
// float64, so that nothing needs scaling.
func (b *blasKernels) Snrm2(n int, x []float32, incX int) float32 {
	if n <= 0 || incX != 1 || len(x) < n {
		return b.Implementation.Snrm2(n, x, incX)
	}
	return float32(math.Sqrt(b.set.SumSquares(x[:n])))
}

// Sscal multiplies x by alpha.
func (b *blasKernels) Sscal(n int, alpha float32, x []float32, incX int) {
	if n <= 0 || incX != 1 || len(x) < n || alpha == 0 {
		b.Implementation.Sscal(n, alpha, x, incX)
		return
	}
	b.set.Scale(x[:n], alpha)
}
