package views

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/palette/moreland"
)

// Palette is a table of 256 colours for values of a scale. A sequential palette
// starts at the background, for magnitudes; a diverging one has it in the
// middle, for values with a sign. Along each arm CIELAB's lightness changes in
// equal steps (or never back, where a terminal has few colours), so that equal
// differences look equally large, and order survives without hue.
type Palette struct {
	Signed bool
	Colors [256]Color
	ink    [256]Color // black or white: what is legible on Colors
}

// At returns the colour of t, from 0 at the low end of the scale to 1 at the
// high end; what is beyond takes the colour of the end.
func (p *Palette) At(t float64) Color { return p.Colors[paletteIndex(t)] }

func paletteIndex(t float64) uint8 {
	if !(t > 0) {
		return 0
	}
	return uint8(min(t, 1)*255 + 0.5)
}

// Quantised returns p with no more than n colours, each of which stands for an
// equal part of the scale; n is at least 2.
func (p *Palette) Quantised(n int) *Palette {
	n = min(max(n, 2), 256)
	q := &Palette{Signed: p.Signed}
	for i := range q.Colors {
		at := i * n / 256 * 255 / (n - 1)
		q.Colors[i], q.ink[i] = p.Colors[at], p.ink[at]
	}
	return q
}

// hue is the way of an arm from the background outwards: in 24 bits the colours
// between which it runs, of 256 those it may take, and of the sixteen that the
// user has chosen those it takes.
type hue struct {
	full     []Color
	cube, of []uint8
}

// The lightness of an arm's colours must leave the background's steadily: those
// that do not, on the background that a terminal happens to have, are left out.
var (
	darkMagnitude = hue{
		[]Color{RGB(0x33, 0x2a, 0x7c), RGB(0x2b, 0x6f, 0x9e), RGB(0x2f, 0xb0, 0x91), RGB(0xa9, 0xdc, 0x5d), RGB(0xfd, 0xf3, 0xa5)},
		[]uint8{17, 18, 19, 20, 25, 31, 36, 78, 149, 191, 228},
		[]uint8{0, 4, 6, 14, 15},
	}
	darkNegative = hue{
		[]Color{RGB(0x10, 0x3a, 0x78), RGB(0x1b, 0x66, 0xc0), RGB(0x58, 0xae, 0xff)},
		[]uint8{17, 18, 19, 25, 26, 32, 33, 75},
		[]uint8{0, 4, 12, 14},
	}
	darkPositive = hue{
		[]Color{RGB(0x66, 0x29, 0x06), RGB(0xb8, 0x58, 0x0c), RGB(0xf7, 0x9a, 0x30)},
		[]uint8{52, 88, 94, 130, 172, 208, 214},
		[]uint8{0, 1, 3, 11},
	}
	lightMagnitude = hue{
		[]Color{RGB(0xc9, 0xe8, 0xb4), RGB(0x5f, 0xc0, 0xa6), RGB(0x2a, 0x84, 0x9d), RGB(0x2f, 0x4a, 0x8a), RGB(0x2a, 0x12, 0x52)},
		[]uint8{230, 194, 158, 122, 79, 37, 31, 25, 20, 19, 18},
		[]uint8{15, 14, 6, 4, 0},
	}
	lightNegative = hue{
		[]Color{RGB(0xa8, 0xd2, 0xf5), RGB(0x4a, 0x9b, 0xe0), RGB(0x0b, 0x4f, 0xa8)},
		[]uint8{195, 153, 117, 75, 33, 32, 26, 25},
		[]uint8{15, 14, 12, 4},
	}
	lightPositive = hue{
		[]Color{RGB(0xfb, 0xcb, 0x8d), RGB(0xe0, 0x8a, 0x2a), RGB(0xa3, 0x45, 0x00)},
		[]uint8{230, 223, 222, 215, 214, 208, 172, 166, 130},
		[]uint8{15, 11, 3, 1},
	}
)

// newSequential returns the palette for magnitudes on t's background.
func newSequential(t *Theme) *Palette {
	magnitude := lightMagnitude
	if t.Dark {
		magnitude = darkMagnitude
	}
	p := &Palette{}
	copy(p.Colors[:], t.arm(magnitude, 256))
	p.setInk(t)
	return p
}

// newDiverging returns the palette for signed values on t's background: blue
// below zero, orange above. Entries 127 and 128 are both the neutral colour.
func newDiverging(t *Theme) *Palette {
	below, above := lightNegative, lightPositive
	if t.Dark {
		below, above = darkNegative, darkPositive
	}
	negative, positive := t.arm(below, 128), t.arm(above, 128)
	p := &Palette{Signed: true}
	for i := range 128 {
		p.Colors[127-i], p.Colors[128+i] = negative[i], positive[i]
	}
	p.setInk(t)
	return p
}

// arm returns n colours from the background to the last of a hue's.
func (t *Theme) arm(h hue, n int) []Color {
	out := make([]Color, n)
	switch t.Profile {
	case NoColor:
		return out
	case ANSI16:
		for i := range out {
			out[i] = Indexed(h.of[i*len(h.of)/n])
		}
		return out
	}
	t.interpolate(out, t.steady(t.Background, h.full))
	if t.Profile == ANSI256 {
		cube := make([]Color, len(h.cube))
		for i, k := range h.cube {
			cube[i] = Indexed(k)
		}
		nearestLightness(out, t.steady(t.Background.To(ANSI256), cube))
	}
	return out
}

// steady returns the background and those of the colours that lead away from it
// in lightness.
func (t *Theme) steady(background Color, colors []Color) []Color {
	out := []Color{background}
	for _, c := range colors {
		if d := c.Luminance() - out[len(out)-1].Luminance(); t.Dark && d > 0 || !t.Dark && d < 0 {
			out = append(out, c)
		}
	}
	return out
}

// interpolate fills out with a way through colours whose lightness changes in
// equal steps.
func (t *Theme) interpolate(out, colors []Color) {
	rising := make([]color.Color, len(colors)) // which moreland asks for
	for i, c := range colors {
		if t.Dark {
			rising[i] = c
		} else {
			rising[len(colors)-1-i] = c
		}
	}
	scale, err := moreland.NewLuminance(rising)
	if err != nil {
		panic("views: palette: " + err.Error())
	}
	scale.SetMin(0)
	scale.SetMax(1)
	last := len(out) - 1
	out[0], out[last] = colors[0], colors[len(colors)-1] // moreland rounds ends to beyond black
	for i := 1; i < last; i++ {
		v := float64(i) / float64(last)
		if !t.Dark {
			v = 1 - v
		}
		c, err := scale.At(v)
		if err != nil {
			panic("views: palette: " + err.Error())
		}
		r, g, b, _ := c.RGBA()
		out[i] = RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8))
	}
}

// nearestLightness replaces each of a way's colours with the one that is as
// light, of colours in order of lightness; the first is the background's own.
func nearestLightness(way, colors []Color) {
	k := 0
	for i, c := range way {
		for k+1 < len(colors) && math.Abs(colors[k+1].lightness()-c.lightness()) <= math.Abs(colors[k].lightness()-c.lightness()) {
			k++
		}
		way[i] = colors[k]
	}
	way[0] = colors[0]
}

// setInk chooses what is legible on each colour.
func (p *Palette) setInk(t *Theme) {
	for i, c := range p.Colors {
		switch {
		case t.Profile == NoColor:
		case c.dark():
			p.ink[i] = RGB(0xff, 0xff, 0xff).To(t.Profile)
		default:
			p.ink[i] = RGB(0, 0, 0).To(t.Profile)
		}
	}
}
