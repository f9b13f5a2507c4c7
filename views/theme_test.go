package views

import (
	"fmt"
	"math"
	"testing"
)

// vision turns linear sRGB into what a person without one kind of cone sees:
// G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A Physiologically-based
// Model for Simulation of Color Vision Deficiency", 2009, severity 1.0.
var vision = []struct {
	name string
	m    [3][3]float64
}{
	{"full colour vision", [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
	{"protanopia", [3][3]float64{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
	{"deuteranopia", [3][3]float64{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
	{"tritanopia", [3][3]float64{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
}

// encode turns linear light into an sRGB byte.
func encode(v float64) uint8 {
	if v <= 0.0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - 0.055
	}
	return uint8(math.Round(255 * min(max(v, 0), 1)))
}

// seen returns c as a person with that vision sees it.
func seen(c Color, m [3][3]float64) lab {
	r, g, b := c.RGB()
	in := [3]float64{linear[r], linear[g], linear[b]}
	var out [3]uint8
	for i, row := range m {
		out[i] = encode(row[0]*in[0] + row[1]*in[1] + row[2]*in[2])
	}
	return RGB(out[0], out[1], out[2]).lab()
}

// contrast is WCAG 2.2's contrast ratio, 1 to 21.
func contrast(a, b Color) float64 {
	x, y := a.Luminance()+0.05, b.Luminance()+0.05
	return max(x, y) / min(x, y)
}

// themes are those that a terminal can get, by name.
func themes() map[string]*Theme {
	out := map[string]*Theme{}
	for _, bg := range []struct {
		name string
		c    Color
	}{{"dark", DarkBackground}, {"light", LightBackground}} {
		for _, p := range []struct {
			name string
			o    Options
		}{{"true", Options{}}, {"256", Options{Profile: ANSI256}}, {"16", Options{Profile: ANSI16}}, {"none", Options{Profile: NoColor}}, {"ascii", Options{ASCII: true, Profile: NoColor}}} {
			out[bg.name+"-"+p.name] = NewTheme(bg.c, p.o)
		}
	}
	return out
}

// readable is the contrast that WCAG 2.2 asks of text (AA), faint that of what
// is not text.
const readable, faint = 4.5, 3.0

func TestThemeIsReadable(t *testing.T) {
	for name, th := range themes() {
		if th.Profile == NoColor || th.Profile == ANSI16 {
			continue // the user's own colours
		}
		for _, s := range []struct {
			name string
			Style
			want float64
		}{
			{"Dim", th.Dim, readable}, {"Accent", th.Accent, readable}, {"Good", th.Good, readable}, {"Warn", th.Warn, readable},
			{"Bad", th.Bad, readable}, {"Cursor", th.Cursor, readable}, {"NotFinite", th.NotFinite, readable},
			{"Series[0]", th.Series[0], faint}, {"Series[1]", th.Series[1], faint}, {"Series[2]", th.Series[2], faint},
			{"Series[3]", th.Series[3], faint}, {"Series[4]", th.Series[4], faint}, {"Series[5]", th.Series[5], faint},
		} {
			if got := contrast(s.FG, th.Background); got < s.want {
				t.Errorf("%s: contrast of %s is %.2f, want %.1f", name, s.name, got, s.want)
			}
		}
	}
}

// apart is how different two colours must look that mean different things, in
// OKLab, where black and white are 1 apart and a difference of 0.02 is just seen.
const apart = 0.1

func TestSeriesCanBeToldApart(t *testing.T) {
	for name, th := range themes() {
		if th.Profile == NoColor || th.Profile == ANSI16 {
			continue
		}
		for _, v := range vision {
			for i := range th.Series {
				for j := range i {
					if d := math.Sqrt(seen(th.Series[i].FG, v.m).distance(seen(th.Series[j].FG, v.m))); d < apart {
						t.Errorf("%s, %s: series %d and %d are %.3f apart, want %.2f", name, v.name, j, i, d, apart)
					}
				}
			}
		}
	}
}

func TestSeriesOfSixteenColorsDiffer(t *testing.T) {
	for _, bg := range []Color{DarkBackground, LightBackground} {
		seen := map[Color]bool{}
		for _, s := range NewTheme(bg, Options{Profile: ANSI16}).Series {
			if seen[s.FG] || !s.FG.Set() {
				t.Errorf("colour %x twice or not at all", uint32(s.FG))
			}
			seen[s.FG] = true
		}
	}
}

func TestThemeWithoutColor(t *testing.T) {
	th := NewTheme(DarkBackground, Options{Profile: NoColor})
	if s := fmt.Sprintf("%+v %+v %+v", th.Accent, th.Series, th.Sequential.Colors); NewTheme(LightBackground, Options{Profile: NoColor}).Accent.FG.Set() || th.Accent.FG.Set() || th.Series[3].FG.Set() || th.Sequential.At(1).Set() {
		t.Error("a colour in a theme without colours: " + s)
	}
}

func TestThemeTellsDarkFromLight(t *testing.T) {
	for _, tc := range []struct {
		name string
		c    Color
		dark bool
	}{
		{"unknown", 0, true}, {"black", RGB(0, 0, 0), true}, {"Solarized dark", RGB(0x00, 0x2b, 0x36), true}, {"One Dark", RGB(0x28, 0x2c, 0x34), true},
		{"Solarized light", RGB(0xfd, 0xf6, 0xe3), false}, {"white", RGB(255, 255, 255), false},
	} {
		if got := NewTheme(tc.c, Options{}).Dark; got != tc.dark {
			t.Errorf("%s: dark %v, want %v", tc.name, got, tc.dark)
		}
	}
}
