package views

// Theme is how things look on one background with what one terminal has. Text
// keeps the terminal's own colour. Where colours mean something, so do the
// words and shapes beside them.
type Theme struct {
	Options
	Dark       bool
	Background Color // the palettes' neutral end; the terminal draws it

	Text, Dim, Title, Frame, Accent Style
	Good, Warn, Bad                 Style
	Cursor                          Style // on what a key acts
	NotFinite                       Style // NaN and infinities
	Series                          [6]Style

	Sequential, Diverging *Palette
}

// The backgrounds that are assumed where a terminal does not tell its own.
var (
	DarkBackground  = RGB(0x12, 0x14, 0x19)
	LightBackground = RGB(0xff, 0xff, 0xff)
)

// swatch is a colour on a dark and on a light background, in 24 bits and as one
// of the sixteen that the user has chosen for the terminal.
type swatch struct {
	dark, light     Color
	dark16, light16 uint8
}

var (
	dimSwatch    = swatch{RGB(0x85, 0x8c, 0x9c), RGB(0x68, 0x6f, 0x7d), 7, 8}
	frameSwatch  = swatch{RGB(0x3d, 0x44, 0x52), RGB(0xc2, 0xc8, 0xd2), 8, 7}
	accentSwatch = swatch{RGB(0x7c, 0xc4, 0xff), RGB(0x00, 0x5f, 0xaf), 14, 4}
	goodSwatch   = swatch{RGB(0x45, 0xd0, 0xa4), RGB(0x00, 0x75, 0x55), 10, 2}
	warnSwatch   = swatch{RGB(0xf2, 0xb8, 0x4b), RGB(0x8f, 0x5a, 0x00), 11, 5}
	badSwatch    = swatch{RGB(0xff, 0x7a, 0x66), RGB(0xb8, 0x2e, 0x12), 9, 1}
	cursorSwatch = swatch{RGB(0xff, 0x7a, 0xe0), RGB(0xb8, 0x00, 0x90), 13, 5} // in no palette

	// The series are the result of a search, within these hues, for the largest
	// least difference over all pairs, kinds of colour vision and 24 bits or the
	// nearest of 256: 0.14 on dark and 0.10 on light, in OKLab, where black and
	// white are 1 apart.
	seriesSwatches = [6]swatch{
		{RGB(0x44, 0xaa, 0xee), RGB(0x00, 0x55, 0x88), 14, 4}, // blue
		{RGB(0xee, 0xaa, 0x55), RGB(0xaa, 0x55, 0x00), 11, 1}, // orange
		{RGB(0x44, 0xff, 0xee), RGB(0x00, 0x88, 0x77), 10, 2}, // green
		{RGB(0x99, 0x55, 0xaa), RGB(0xbb, 0x66, 0xcc), 13, 5}, // purple
		{RGB(0xff, 0xee, 0x77), RGB(0x00, 0x00, 0x00), 15, 0}, // yellow, black
		{RGB(0xdd, 0x66, 0x66), RGB(0x88, 0x33, 0x00), 9, 6},  // red
	}
)

// NewTheme returns the theme for a background, DarkBackground when it is not
// known.
func NewTheme(background Color, o Options) *Theme {
	if !background.Set() {
		background = DarkBackground
	}
	t := &Theme{Options: o, Background: background, Dark: background.dark()}
	t.Title = Style{Attr: Bold}
	t.Dim = t.style(dimSwatch)
	t.Frame = t.style(frameSwatch)
	if o.Profile == NoColor {
		t.Dim.Attr, t.Frame.Attr = Dim, Dim
	}
	t.Accent = t.style(accentSwatch)
	t.Good = t.style(goodSwatch)
	t.Warn = t.style(warnSwatch)
	t.Bad = t.style(badSwatch).With(Bold)
	t.Cursor = t.style(cursorSwatch).With(Bold | Reverse)
	t.NotFinite = t.Bad.With(Reverse)
	for i, s := range seriesSwatches {
		t.Series[i] = t.style(s)
	}
	t.Sequential, t.Diverging = newSequential(t), newDiverging(t)
	return t
}

// style returns a swatch as a foreground of this theme.
func (t *Theme) style(s swatch) Style {
	c, i := s.dark, s.dark16
	if !t.Dark {
		c, i = s.light, s.light16
	}
	if t.Profile == ANSI16 {
		c = Indexed(i)
	}
	return Style{FG: c.To(t.Profile)}
}
