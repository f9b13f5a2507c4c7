package views

import (
	"image/color"
	"math"
)

// Color is a colour of a cell: none (the zero value, what the terminal uses by
// default), a 24-bit colour, or one of the 256 indexed colours.
type Color uint32

const (
	rgbColor     Color = 1 << 24
	indexedColor Color = 2 << 24
)

// RGB returns a 24-bit colour.
func RGB(r, g, b uint8) Color {
	return rgbColor | Color(r)<<16 | Color(g)<<8 | Color(b)
}

// Indexed returns colour i of the terminal's table. The first sixteen are the
// user's own choice, the others are the same everywhere.
func Indexed(i uint8) Color { return indexedColor | Color(i) }

// Set says whether c is a colour at all.
func (c Color) Set() bool { return c != 0 }

// RGB returns the parts of c; of an indexed colour those that xterm shows, of
// none black.
func (c Color) RGB() (r, g, b uint8) {
	if c&indexedColor != 0 {
		c = xterm[uint8(c)]
	}
	return uint8(c >> 16), uint8(c >> 8), uint8(c)
}

// RGBA makes a Color an image/color.Color; none is transparent.
func (c Color) RGBA() (r, g, b, a uint32) {
	if !c.Set() {
		return 0, 0, 0, 0
	}
	r8, g8, b8 := c.RGB()
	return color.RGBA{R: r8, G: g8, B: b8, A: 0xff}.RGBA()
}

// Index is the number of an indexed colour; ok is false for others.
func (c Color) Index() (i uint8, ok bool) { return uint8(c), c&indexedColor != 0 }

// Luminance returns the relative luminance of c, 0 for black and 1 for white
// (WCAG 2.2): the background of a terminal is dark below about 0.18.
func (c Color) Luminance() float64 {
	r, g, b := c.RGB()
	return 0.2126*linear[r] + 0.7152*linear[g] + 0.0722*linear[b]
}

// lightness returns CIELAB's L*, from 0 for black to 100 for white: equal steps
// of it look equally large.
func (c Color) lightness() float64 {
	y := c.Luminance()
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

// dark says whether white has more contrast to c than black: where the two are
// equal, (0.05+y)/0.05 = 1.05/(0.05+y).
func (c Color) dark() bool { return c.Luminance() < 0.179 }

// To returns c as a terminal of profile p can show it: the nearest indexed
// colour by OKLab distance where 24 bits are not available, and no colour where
// there is none. The search takes about 0.4 µs; a theme has done it for its own
// colours. Indexed colours of a smaller table stay what they are.
func (c Color) To(p Profile) Color {
	switch {
	case p == NoColor || !c.Set():
		return 0
	case p == TrueColor:
		return c
	case p == ANSI256:
		if c&indexedColor != 0 {
			return c
		}
		return Indexed(nearest(c.lab(), 16, 256))
	case c&indexedColor != 0 && uint8(c) < 16:
		return c
	}
	return Indexed(nearest(c.lab(), 0, 16))
}

// nearest returns the indexed colour from lo to hi-1 that looks most like want.
func nearest(want lab, lo, hi int) uint8 {
	best, at := math.Inf(1), lo
	for i := lo; i < hi; i++ {
		if d := want.distance(xtermLab[i]); d < best {
			best, at = d, i
		}
	}
	return uint8(at)
}

// lab is a colour in OKLab (B. Ottosson, "A perceptual color space for image
// processing", 2020): l is lightness from 0 to 1, a runs from green to red, b
// from blue to yellow.
type lab struct{ l, a, b float64 }

// distance is the square of how different two colours look.
func (p lab) distance(q lab) float64 {
	l, a, b := p.l-q.l, p.a-q.a, p.b-q.b
	return l*l + a*a + b*b
}

func (c Color) lab() lab {
	r8, g8, b8 := c.RGB()
	r, g, b := linear[r8], linear[g8], linear[b8]
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return lab{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// linear is the light of each sRGB byte.
var linear = func() (t [256]float64) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = v / 12.92
		} else {
			t[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return t
}()

// xterm holds the indexed colours as xterm shows them: sixteen, a 6x6x6 cube,
// 24 greys.
var xterm = func() (t [256]Color) {
	for i, v := range [16]uint32{
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	} {
		t[i] = rgbColor | Color(v)
	}
	level := [6]uint8{0, 95, 135, 175, 215, 255}
	for i := range 216 {
		t[16+i] = RGB(level[i/36], level[i/6%6], level[i%6])
	}
	for i := range 24 {
		v := uint8(8 + 10*i)
		t[232+i] = RGB(v, v, v)
	}
	return t
}()

var xtermLab = func() (t [256]lab) {
	for i, c := range xterm {
		t[i] = c.lab()
	}
	return t
}()
