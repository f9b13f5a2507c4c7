package kernel

import (
	"slices"
	"strings"
	"testing"
	"unsafe"
)

func TestChoose(t *testing.T) {
	can := Available()
	if last := can[len(can)-1]; last != portable {
		t.Errorf("the last set is %s, not the portable one", last.Name())
	}
	for _, s := range can {
		if got, err := Choose(s.Name()); err != nil || got != s {
			t.Errorf("Choose(%q) = %v, %v", s.Name(), got, err)
		}
		if !slices.Contains(Names(), s.Name()) {
			t.Errorf("%s is not among the names", s.Name())
		}
	}
	for _, name := range []string{"", "auto"} {
		if got, err := Choose(name); err != nil || got != can[0] {
			t.Errorf("Choose(%q) = %v, %v, want %s", name, got, err, can[0].Name())
		}
	}
	if _, err := Choose("mmx"); err == nil || !strings.Contains(err.Error(), "portable") {
		t.Errorf("Choose of an unknown set: %v; want the names there are", err)
	}
}

func TestAllocIsAligned(t *testing.T) {
	for n := range 40 {
		x := Alloc(n)
		if len(x) != n || cap(x)%16 != 0 || uintptr(unsafe.Pointer(unsafe.SliceData(x)))%64 != 0 {
			t.Errorf("Alloc(%d): length %d, capacity %d, at %p", n, len(x), cap(x), unsafe.SliceData(x))
		}
	}
}

// TestPeakIsMeasured holds no more than that there is a peak: a test asserts no
// clock.
func TestPeakIsMeasured(t *testing.T) {
	if best, sustained := Available()[0].Peak(); !(sustained > 0 && best > 0) {
		t.Errorf("peak %v GFLOP/s, %v sustained", best, sustained)
	}
}
