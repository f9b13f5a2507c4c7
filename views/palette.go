package views

import (
	"image/color"

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

// The arms of the palettes, from the background outwards. The lightness of an
// arm's colours must leave the background's steadily: those that do not, on the
// background that a terminal happens to have, are left out.
var (
	darkMagnitude  = []Color{RGB(0x33, 0x2a, 0x7c), RGB(0x2b, 0x6f, 0x9e), RGB(0x2f, 0xb0, 0x91), RGB(0xa9, 0xdc, 0x5d), RGB(0xfd, 0xf3, 0xa5)}
	lightMagnitude = []Color{RGB(0xc9, 0xe8, 0xb4), RGB(0x5f, 0xc0, 0xa6), RGB(0x2a, 0x84, 0x9d), RGB(0x2f, 0x4a, 0x8a), RGB(0x2a, 0x12, 0x52)}
	darkNegative   = []Color{RGB(0x10, 0x3a, 0x78), RGB(0x1f, 0x74, 0xd1), RGB(0x7f, 0xc4, 0xff)}
	darkPositive   = []Color{RGB(0x66, 0x29, 0x06), RGB(0xc0, 0x5a, 0x08), RGB(0xff, 0xb2, 0x5c)}
	lightNegative  = []Color{RGB(0xa8, 0xd2, 0xf5), RGB(0x2f, 0x86, 0xd6), RGB(0x08, 0x3a, 0x85)}
	lightPositive  = []Color{RGB(0xfb, 0xcb, 0x8d), RGB(0xd9, 0x78, 0x14), RGB(0x74, 0x30, 0x04)}
)

// The same for the sixteen colours that the user has chosen.
var (
	darkMagnitude16  = []uint8{0, 4, 6, 14, 15}
	lightMagnitude16 = []uint8{15, 14, 6, 4, 0}
	darkNegative16   = []uint8{0, 4, 12, 14}
	darkPositive16   = []uint8{0, 1, 3, 11}
	lightNegative16  = []uint8{15, 14, 12, 4}
	lightPositive16  = []uint8{15, 11, 3, 1}
)

// newSequential returns the palette for magnitudes on t's background.
func newSequential(t *Theme) *Palette {
	arm := t.arm(darkMagnitude16, darkMagnitude, 256)
	if !t.Dark {
		arm = t.arm(lightMagnitude16, lightMagnitude, 256)
	}
	p := &Palette{}
	copy(p.Colors[:], arm)
	p.setInk(t)
	return p
}

// newDiverging returns the palette for signed values on t's background: blue
// below zero, orange above. Entries 127 and 128 are both the neutral colour.
func newDiverging(t *Theme) *Palette {
	negative, positive := t.arm(darkNegative16, darkNegative, 128), t.arm(darkPositive16, darkPositive, 128)
	if !t.Dark {
		negative, positive = t.arm(lightNegative16, lightNegative, 128), t.arm(lightPositive16, lightPositive, 128)
	}
	p := &Palette{Signed: true}
	for i := range 128 {
		p.Colors[127-i], p.Colors[128+i] = negative[i], positive[i]
	}
	p.setInk(t)
	return p
}

// arm returns n colours from the background to the last of the given ones.
func (t *Theme) arm(indices []uint8, colors []Color, n int) []Color {
	out := make([]Color, n)
	switch t.Profile {
	case NoColor:
		return out
	case ANSI16:
		for i := range out {
			out[i] = Indexed(indices[i*len(indices)/n])
		}
		return out
	}
	controls := []color.Color{t.Background}
	for _, c := range colors {
		if l, last := c.Luminance(), controls[len(controls)-1].(Color).Luminance(); t.Dark && l > last || !t.Dark && l < last {
			controls = append(controls, c)
		}
	}
	if !t.Dark {
		for i, j := 0, len(controls)-1; i < j; i, j = i+1, j-1 {
			controls[i], controls[j] = controls[j], controls[i]
		}
	}
	scale, err := moreland.NewLuminance(controls)
	if err != nil {
		panic("views: palette: " + err.Error())
	}
	scale.SetMin(0)
	scale.SetMax(1)
	for i := range out {
		v := float64(i) / float64(n-1)
		if !t.Dark {
			v = 1 - v
		}
		c, err := scale.At(v)
		if err != nil {
			panic("views: palette: " + err.Error())
		}
		r, g, b, _ := c.RGBA()
		out[i] = RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8)).To(t.Profile)
		if i > 0 && t.Profile == ANSI256 && (out[i].lab().l > out[i-1].lab().l) != t.Dark {
			out[i] = out[i-1] // the nearest colour would go back towards the background
		}
	}
	return out
}

// setInk chooses what is legible on each colour.
func (p *Palette) setInk(t *Theme) {
	for i, c := range p.Colors {
		switch {
		case t.Profile == NoColor:
		case c.Luminance() < darkBelow:
			p.ink[i] = RGB(0xff, 0xff, 0xff).To(t.Profile)
		default:
			p.ink[i] = RGB(0, 0, 0).To(t.Profile)
		}
	}
}
