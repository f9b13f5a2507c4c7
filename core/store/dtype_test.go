package store

import (
	"math"
	"testing"
)

func TestHalf(t *testing.T) {
	for _, c := range []struct {
		bits uint16
		want float64
	}{
		{0x0000, 0}, {0x8000, math.Copysign(0, -1)},
		{0x0001, 0x1p-24}, {0x03ff, 0x1p-14 - 0x1p-24}, // smallest and largest subnormal
		{0x0400, 0x1p-14}, {0x3555, 0.333251953125}, {0x3bff, 1 - 0x1p-11}, {0x3c00, 1}, {0x3c01, 1 + 0x1p-10},
		{0xc000, -2}, {0x7bff, 65504}, {0x7c00, math.Inf(1)}, {0xfc00, math.Inf(-1)},
	} {
		if got := half(c.bits); math.Float64bits(got) != math.Float64bits(c.want) {
			t.Errorf("%#04x: got %v, want %v", c.bits, got, c.want)
		}
	}
	for _, b := range []uint16{0x7c01, 0x7e00, 0xffff} {
		if got := half(b); !math.IsNaN(got) {
			t.Errorf("%#04x: got %v, want NaN", b, got)
		}
	}
	// The positive numbers rise with their bits.
	for b := uint16(0); b < 0x7c00; b++ {
		if half(b) >= half(b+1) || half(b|0x8000) != -half(b) {
			t.Fatalf("%#04x: %v, then %v; negative %v", b, half(b), half(b+1), half(b|0x8000))
		}
	}
}

func TestBrain(t *testing.T) {
	for _, c := range []struct {
		bits uint16
		want float64
	}{{0x3f80, 1}, {0xc000, -2}, {0x3eab, 0.333984375}, {0x0001, 0x1p-133}, {0x7f7f, 0x1.fep127}, {0xff80, math.Inf(-1)}, {0, 0}} {
		if got := brain(c.bits); got != c.want {
			t.Errorf("%#04x: got %v, want %v", c.bits, got, c.want)
		}
	}
	if got := brain(0x7fc0); !math.IsNaN(got) {
		t.Errorf("0x7fc0: got %v, want NaN", got)
	}
}
