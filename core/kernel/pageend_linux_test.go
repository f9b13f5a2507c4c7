package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// pageEnd returns n floats after which memory ends: reading past them faults.
func pageEnd(t *testing.T, n int) []float32 {
	page := syscall.Getpagesize()
	size := (4*n + page - 1) / page * page
	all, err := syscall.Mmap(-1, 0, size+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(all) })
	if err := syscall.Mprotect(all[size:], syscall.PROT_NONE); err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&all[size-4*n])), n)
}

// TestNothingBeyondTheEndIsTouched runs every kernel on vectors that end where
// memory ends. One that goes further ends the test with a fault, and the stack
// names it.
func TestNothingBeyondTheEndIsTouched(t *testing.T) {
	eachSet(t, func(t *testing.T, s *Set) {
		r := rand.New(rand.NewPCG(7, 1))
		end := func(n int) []float32 {
			x := pageEnd(t, n)
			normal(r, x)
			return x
		}
		scratch := Alloc(ScratchTN)
		for _, n := range sizes {
			for _, o := range operations {
				var bs [][]float32
				for _, size := range o.sizes {
					bs = append(bs, end(size*n))
				}
				o.run(s, bs)
			}
			x := end(n)
			s.SumSquares(x)
			s.Dot(x, x)
			s.SoftmaxLoss(x, n-1, 1)
			weights := unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(end(2*n)))), n)
			s.Weigh(weights, x, float64(s.Max(x)), 0.8)

			m, k := 1+r.IntN(20), 1+r.IntN(40)
			a, w, c := end(m*k), end(k*n), end(m*n)
			p := s.NewPacked(k, n)
			p.Pack(w, n, 0, p.Panels())
			p.PackT(w, k, 0, p.Panels())
			s.Mul(Consecutive(m), a, k, p, 0, p.Panels(), c, n, true)
			s.MulTN(0, k, n, m, a, k, c, n, w, n, true, scratch)
			s.MulTNSum(0, k, n, m, a, k, c, n, w, n, true, scratch, end(k))
			bits := end(2 * ((n+3)/4 + BitsSpare))
			s.Drop(end(n), end(n), x, unsafe.Slice((*uint64)(unsafe.Pointer(&bits[0])), len(bits)/2), 0, 1<<15, 2)
		}
	})
}
