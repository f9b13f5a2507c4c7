package views

import (
	"math"
	"testing"
)

// arms returns the entries of a palette from the background outwards.
func arms(p *Palette) [][]Color {
	if !p.Signed {
		return [][]Color{p.Colors[:]}
	}
	negative := make([]Color, 128)
	for i := range negative {
		negative[i] = p.Colors[127-i]
	}
	return [][]Color{negative, p.Colors[128:]}
}

// backgrounds are terminals' own: what a palette must start from.
var backgrounds = []Color{0, DarkBackground, LightBackground, RGB(0, 0, 0), RGB(0x28, 0x2c, 0x34), RGB(0x00, 0x2b, 0x36), RGB(0xfd, 0xf6, 0xe3), RGB(0x66, 0x66, 0x66), RGB(0x99, 0x99, 0x99)}

// back is how far the lightness of an arm may go back from one entry to the
// next, in OKLab: a byte's rounding, and half a step of the 6x6x6 cube
// where it is what one of the simulated visions makes of two hues.
var back = map[Profile]float64{TrueColor: 0.012, ANSI256: 0.05}

func TestPaletteLeavesTheBackgroundSteadily(t *testing.T) {
	for _, bg := range backgrounds {
		for _, o := range []Options{{}, {Profile: ANSI256}} {
			th := NewTheme(bg, o)
			for _, p := range []*Palette{th.Sequential, th.Diverging} {
				for a, arm := range arms(p) {
					if got := arm[0]; got != th.Background.To(o.Profile) {
						t.Errorf("background %06x, signed %v, arm %d starts with %x", uint32(bg)&0xffffff, p.Signed, a, uint32(got))
					}
					for i := 1; i < len(arm); i++ {
						for _, v := range vision {
							step := seen(arm[i], v.m).l - seen(arm[i-1], v.m).l
							if !th.Dark {
								step = -step
							}
							if step < -back[o.Profile] {
								t.Errorf("background %06x, profile %d, signed %v, arm %d, %s: lightness goes back by %.3f at %d", uint32(bg)&0xffffff, o.Profile, p.Signed, a, v.name, -step, i)
								return
							}
						}
					}
				}
			}
		}
	}
}

// The lightness of CIELAB is a straight line: what moreland promises, after the
// way through bytes.
func TestPaletteHasEqualSteps(t *testing.T) {
	for _, bg := range []Color{DarkBackground, LightBackground} {
		th := NewTheme(bg, Options{})
		for _, p := range []*Palette{th.Sequential, th.Diverging} {
			for a, arm := range arms(p) {
				n := len(arm)
				from, to := arm[0].lightness(), arm[n-1].lightness()
				if math.Abs(to-from) < 55 {
					t.Errorf("arm %d spans a lightness of %.0f to %.0f", a, from, to)
				}
				for i, c := range arm {
					want := from + (to-from)*float64(i)/float64(n-1)
					if got := c.lightness(); math.Abs(got-want) > 1 {
						t.Errorf("dark %v, signed %v, arm %d: L* of entry %d is %.2f, want %.2f", th.Dark, p.Signed, a, i, got, want)
					}
				}
			}
		}
	}
}

func TestSignsCanBeToldApart(t *testing.T) {
	for _, bg := range backgrounds {
		for _, o := range []Options{{}, {Profile: ANSI256}} {
			p := NewTheme(bg, o).Diverging
			for _, v := range vision {
				for _, at := range []float64{0.5, 1} {
					i := uint8(127 * at)
					if d := math.Sqrt(seen(p.Colors[127-i], v.m).distance(seen(p.Colors[128+i], v.m))); d < apart {
						t.Errorf("background %06x, profile %d, %s: -%.1f and +%.1f are %.3f apart, want %.2f", uint32(bg)&0xffffff, o.Profile, v.name, at, at, d, apart)
					}
				}
			}
		}
	}
}

func TestPaletteInkIsReadable(t *testing.T) {
	for name, th := range themes() {
		if th.Profile == NoColor || th.Profile == ANSI16 {
			continue
		}
		for _, p := range []*Palette{th.Sequential, th.Diverging} {
			for i, c := range p.Colors {
				if got := contrast(c, p.ink[i]); got < readable {
					t.Errorf("%s, entry %d: contrast %.2f", name, i, got)
				}
			}
		}
	}
}

func TestPaletteEnds(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		at   float64
		want uint8
	}{{0, 0}, {1, 255}, {-3, 0}, {7, 255}, {math.Inf(1), 255}, {math.Inf(-1), 0}, {math.NaN(), 0}} {
		if got := th.Diverging.At(tc.at); got != th.Diverging.Colors[tc.want] {
			t.Errorf("At(%v) is %x, want entry %d", tc.at, uint32(got), tc.want)
		}
	}
	if th.Diverging.Colors[127] != DarkBackground || th.Diverging.Colors[128] != DarkBackground {
		t.Error("zero is not neutral")
	}
}

func TestSixteenColorPalettes(t *testing.T) {
	for _, bg := range []Color{DarkBackground, LightBackground} {
		th := NewTheme(bg, Options{Profile: ANSI16})
		for _, p := range []*Palette{th.Sequential, th.Diverging} {
			for a, arm := range arms(p) {
				seen := map[Color]bool{arm[0]: true}
				for i := 1; i < len(arm); i++ {
					if arm[i] != arm[i-1] && seen[arm[i]] {
						t.Errorf("arm %d comes back to colour %d", a, uint8(arm[i]))
					}
					seen[arm[i]] = true
				}
				if len(seen) < 4 {
					t.Errorf("arm %d has %d colours", a, len(seen))
				}
			}
		}
	}
}

func TestQuantised(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, n := range []int{2, 5, 16, 256} {
		q := th.Sequential.Quantised(n)
		seen := map[Color]int{}
		for _, c := range q.Colors {
			seen[c]++
		}
		if len(seen) != n || q.Colors[0] != th.Sequential.Colors[0] || q.Colors[255] != th.Sequential.Colors[255] {
			t.Errorf("%d: %d colours from %x to %x", n, len(seen), uint32(q.Colors[0]), uint32(q.Colors[255]))
		}
	}
	if q := th.Diverging.Quantised(9); q.Colors[127] != th.Background || q.Colors[128] != th.Background {
		t.Error("zero of a quantised diverging palette is not neutral")
	}
}
