package kernel

import (
	"testing"
	"unsafe"
)

// TestLayout holds that each vector begins on a cache line, is zero, and ends before
// the next begins, also when it is appended to.
func TestLayout(t *testing.T) {
	address := func(x []float32) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(x))) }
	for _, sizes := range [][]int{{0, 1, 16, 17, 31, 32, 33, 0}, {1000, 3 << 20, 5, 1 << 19}} {
		var l Layout
		vectors := make([][]float32, len(sizes))
		for i, n := range sizes {
			l.Add(&vectors[i], n)
		}
		packed := l.Packed(Available()[0], 5, 33)
		l.Alloc()
		for i := range vectors {
			x := vectors[i]
			if len(x) != sizes[i] {
				t.Fatalf("vector %d has %d floats, want %d", i, len(x), sizes[i])
			}
			if address(x)%64 != 0 {
				t.Errorf("vector %d of %v begins at %#x", i, sizes, address(x))
			}
			for j, v := range x[:cap(x)] {
				if v != 0 {
					t.Fatalf("float %d of vector %d is %g", j, i, v)
				}
				x[:cap(x)][j] = float32(i + 1)
			}
		}
		if got, want := len(packed.data), Available()[0].NewPacked(5, 33); got != len(want.data) {
			t.Errorf("a packed matrix has %d floats, want %d", got, len(want.data))
		}
		for _, v := range packed.data {
			if v != 0 {
				t.Fatal("a vector reaches into the packed matrix behind it")
			}
		}
		for i, x := range vectors {
			for j, v := range x {
				if v != float32(i+1) {
					t.Fatalf("float %d of vector %d is another's: %g", j, i, v)
				}
			}
		}
		if l.n != 0 || l.places != nil {
			t.Error("a layout is not empty after Alloc")
		}
	}
}
