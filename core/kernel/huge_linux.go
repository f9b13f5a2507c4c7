package kernel

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// largePage is the size of the system's large pages, as far as this package
// knows: that of amd64 and of arm64 with pages of 4 kB.
const largePage = 2 << 20

// large asks for large pages under a buffer, whole ones of it: products walk
// through weights faster when a page table entry reaches further, and the first
// touch of each page costs less: an update of 512 units takes 2 to 3 % less time.
// The system may refuse.
func large(b []float32) {
	from := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	to := from + uintptr(len(b))*4
	from = (from + largePage - 1) &^ (largePage - 1)
	to &^= largePage - 1
	if from < to {
		all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(b))), len(b)*4)
		skip := from - uintptr(unsafe.Pointer(unsafe.SliceData(b)))
		_ = unix.Madvise(all[skip:skip+(to-from)], unix.MADV_HUGEPAGE)
	}
}

// longLayout is from how many large pages on a layout begins on one: the unused rest
// is then a quarter of it at most. It is only addresses where the memory is new; of
// memory that has been used, all is zeroed.
const longLayout = 4

// onLargePage is Alloc, long layouts from the beginning of a large page.
func onLargePage(n int) []float32 {
	const page = largePage / 4
	if n < longLayout*page {
		return Alloc(n)
	}
	b, off := make([]float32, inLines(n)+page), 0
	if r := int(uintptr(unsafe.Pointer(unsafe.SliceData(b))) % largePage / 4); r != 0 {
		off = page - r
	}
	b = b[off : off+inLines(n) : off+inLines(n)]
	large(b)
	return b[:n]
}
