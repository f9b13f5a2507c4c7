package views

import (
	"image/color"
	"math"
	"testing"
)

// The reference values are white and the primaries of sRGB as other
// implementations (CSS Color 4's oklab(), bevy_color) have them.
func TestLabReference(t *testing.T) {
	for _, tc := range []struct {
		c    Color
		want lab
	}{
		{RGB(255, 255, 255), lab{1, 0, 0}},
		{RGB(0, 0, 0), lab{0, 0, 0}},
		{RGB(255, 0, 0), lab{0.62796, 0.22486, 0.12585}},
		{RGB(0, 255, 0), lab{0.86644, -0.23389, 0.17950}},
		{RGB(0, 0, 255), lab{0.45201, -0.03246, -0.31153}},
	} {
		got := tc.c.lab()
		if math.Abs(got.l-tc.want.l) > 1e-4 || math.Abs(got.a-tc.want.a) > 1e-4 || math.Abs(got.b-tc.want.b) > 1e-4 {
			t.Errorf("%06x: got %v, want %v", uint32(tc.c)&0xffffff, got, tc.want)
		}
	}
}

func TestToProfile(t *testing.T) {
	for _, tc := range []struct {
		name string
		c    Color
		p    Profile
		want Color
	}{
		{"none stays none", 0, ANSI16, 0},
		{"no colour", RGB(1, 2, 3), NoColor, 0},
		{"24 bits", RGB(1, 2, 3), TrueColor, RGB(1, 2, 3)},
		{"a colour of the cube", RGB(0x5f, 0x87, 0xd7), ANSI256, Indexed(16 + 36*1 + 6*2 + 4)},
		{"a grey", RGB(0x58, 0x58, 0x58), ANSI256, Indexed(240)},
		{"the user's sixteen are nobody's nearest of 256", RGB(0xcd, 0, 0), ANSI256, Indexed(160)},
		{"red of sixteen", RGB(250, 5, 5), ANSI16, Indexed(9)},
		{"indexed to sixteen", Indexed(196), ANSI16, Indexed(9)},
		{"one of sixteen stays", Indexed(3), ANSI16, Indexed(3)},
		{"indexed of 256 stays", Indexed(3), ANSI256, Indexed(3)},
	} {
		if got := tc.c.To(tc.p); got != tc.want {
			t.Errorf("%s: got %x, want %x", tc.name, uint32(got), uint32(tc.want))
		}
	}
}

func TestColorIsAnImageColor(t *testing.T) {
	if got := color.RGBAModel.Convert(Indexed(196)); got != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("Indexed(196) is %v", got)
	}
	if _, _, _, a := Color(0).RGBA(); a != 0 {
		t.Error("none is not transparent")
	}
}
