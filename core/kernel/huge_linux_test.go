package kernel

import (
	"testing"
	"unsafe"
)

// Long layouts begin on a large page, and only long ones make room for that.
func TestLongLayoutsBeginOnALargePage(t *testing.T) {
	const page = largePage / 4
	for _, n := range []int{longLayout*page - 16, longLayout * page, longLayout*page + 17} {
		for range 3 {
			x := onLargePage(n)
			at := uintptr(unsafe.Pointer(&x[0]))
			if len(x) != n || at%64 != 0 || n >= longLayout*page && at%largePage != 0 {
				t.Errorf("%d floats of %d begin at %#x", len(x), n, at)
			}
		}
	}
}
