package views

import "math"

// Strip is a text as its tokens, each coloured by a value: how surprising it
// was, what a unit did there. It is broken into lines as text is, so that words
// stay whole where they can; a token may go on in the next line. What cannot be
// seen is shown: a newline as ↵ before the line ends, a tab as ⇥, other
// controls as their pictures, marks without a letter on a circle, and what has
// no shape at all by its number.
//
// Without colours the value is the weight of the letters: faint, plain, bold,
// bold and underlined; below the middle of a diverging palette they slant.
type Strip struct {
	Tokens  []string
	Values  []float64 // from 0 to 1, a place in the palette; NaN or missing: no colour
	Palette *Palette  // nil: the theme's sequential one
	Spaces  bool      // spaces are dots
	Cursor  *int      // the token that a key acts on
	Top     int       // the line at the top of the area

	glyphs []glyph
	lines  []int32 // the first glyph of each line
	area   Rect    // of the last Draw
}

// glyph is a cluster of a token and where it is drawn.
type glyph struct {
	text    string
	token   int32
	x       int32
	width   uint8
	standIn bool // for what cannot be seen
}

// Draw draws the lines from Top on in an area.
func (s *Strip) Draw(c *Canvas, area Rect, t *Theme) {
	defer c.SetClip(c.Clip(area))
	s.area = area
	s.Layout(area.W)
	palette := s.Palette
	if palette == nil {
		palette = t.Sequential
	}
	first := max(s.Top, 0)
	for y := range max(min(area.H, len(s.lines)-first), 0) {
		for _, g := range s.line(first + y) {
			c.Text(area.X+int(g.x), area.Y+y, g.text, s.style(g, palette, t))
		}
	}
}

func (s *Strip) style(g glyph, p *Palette, t *Theme) Style {
	if s.Cursor != nil && *s.Cursor == int(g.token) {
		return t.Cursor
	}
	var st Style
	if int(g.token) < len(s.Values) {
		st = p.text(s.Values[g.token], t)
	}
	if g.standIn && t.Profile == NoColor {
		return st.With(Dim)
	}
	if g.standIn && st == (Style{}) {
		return t.Dim
	}
	return st
}

// text returns how text on the colour of v looks.
func (p *Palette) text(v float64, t *Theme) (st Style) {
	if math.IsNaN(v) {
		return st
	}
	if t.Profile != NoColor {
		i := paletteIndex(v)
		return Style{FG: p.ink[i], BG: p.Colors[i]}
	}
	if p.Signed {
		if v < 0.5 {
			st.Attr = Italic
		}
		v = max(2*v-1, 1-2*v)
	}
	weights := [...]Attr{Dim, 0, Bold, Bold | Underline}
	return st.With(weights[min(paletteIndex(v)/64, 3)])
}

// line returns the glyphs of line i.
func (s *Strip) line(i int) []glyph {
	if i+1 < len(s.lines) {
		return s.glyphs[s.lines[i]:s.lines[i+1]]
	}
	return s.glyphs[s.lines[i]:]
}

// Starts appends to dst the token that each line begins with, when the strip is
// broken into lines of w columns.
func (s *Strip) Starts(dst []int, w int) []int {
	for i := range s.Layout(w) {
		if line := s.line(i); len(line) > 0 {
			dst = append(dst, int(line[0].token))
		}
	}
	return dst
}

// At returns the token that the last Draw put at a cell of the canvas, and
// whether there is one.
func (s *Strip) At(x, y int) (token int, ok bool) {
	line := s.Top + y - s.area.Y
	if !s.area.Contains(x, y) || line < 0 || line >= len(s.lines) {
		return 0, false
	}
	for _, g := range s.line(line) {
		if at := s.area.X + int(g.x); x >= at && x < at+int(g.width) {
			return int(g.token), true
		}
	}
	return 0, false
}

// Reveal moves Top as little as shows the beginning of a token in an area of w
// columns and h rows.
func (s *Strip) Reveal(token, w, h int) {
	for i := range s.Layout(w) {
		for _, g := range s.line(i) {
			if int(g.token) == token {
				s.Top = min(max(s.Top, i-h+1), i)
				return
			}
		}
	}
}
