package picture

import (
	"io"
	"math"

	"rnnscope/views"
)

// Tokens is a text as its tokens, each coloured by a value: how probable it was,
// what a unit did there. It is laid out as views.Strip does it, in cells. What
// has no finite value has no colour. Without a size it is 820 wide and as high
// as its lines.
type Tokens struct {
	Page
	Tokens    []string
	Values    []float64 // of each token; missing: NaN
	Min, Max  float64   // the ends of the scale; when equal, 0 and 1
	Diverging bool      // for values with a sign
	Spaces    bool      // spaces are dots

	// What the tokens and values are, with their units.
	TokenName, ValueName string
}

// tokenPitch is from a line to the next, in CSS pixels.
const tokenPitch = 26

// WriteSVG writes the text as text.
func (t *Tokens) WriteSVG(w io.Writer) error { return writeSVG(t.draw(), w) }

// WritePNG writes the text as it looks.
func (t *Tokens) WritePNG(w io.Writer) error { return writePNG(t.draw(), w) }

// Missing returns the characters that no font at hand has.
func (t *Tokens) Missing() []rune { return t.draw().missing() }

// WriteCSV writes one row a token.
func (t *Tokens) WriteCSV(w io.Writer) error {
	out := newTable(w, "position", or(t.TokenName, "token"), or(t.ValueName, "value"))
	for i, s := range t.Tokens {
		v := math.NaN()
		if i < len(t.Values) {
			v = t.Values[i]
		}
		out.row(whole(i), field(s), exact(v))
	}
	return out.end()
}

func (t *Tokens) draw() *drawing {
	l := t.look()
	lo, hi := t.Min, t.Max
	if !(lo < hi) || !finite(lo) || !finite(hi) || !finite(hi-lo) {
		lo, hi = 0, 1
		if t.Diverging {
			lo = -1
		}
	}
	palette := l.theme.Sequential
	if t.Diverging {
		palette = l.theme.Diverging
	}
	strip := views.Strip{Tokens: t.Tokens, Palette: palette, Spaces: t.Spaces}
	for i := range t.Tokens {
		v := math.NaN()
		if i < len(t.Values) && finite(t.Values[i]) {
			v = (t.Values[i] - lo) / (hi - lo)
		}
		strip.Values = append(strip.Values, v)
	}
	width := within(t.Width, 820, narrowest, widest)
	columns := max(int((width-2*margin)/cellWidth), 1)
	lines := strip.Layout(columns)
	scale := 0.0 // the room of the scale; a text without values has none
	if len(t.Values) > 0 {
		scale = heatmapScale
	}
	texts := t.headHeight() + scale + t.footHeight(width)
	d := t.blank(l, width, texts+float64(lines)*tokenPitch, texts+tokenPitch)
	in := t.texts(d, l)
	if scale > 0 {
		drawScale(d, l, box{in.x, in.y, in.w, scale}, palette, lo, hi, t.ValueName, "")
	}
	room := int((in.h - scale) / tokenPitch)
	c := views.NewCanvas(columns, max(min(lines, room), 0))
	strip.Draw(c, c.Bounds(), l.theme)
	if lines > room && room > 0 { // a page of a height of its own
		c.Fill(views.Rect{X: columns - 2, Y: room - 1, W: 2, H: 1}, ' ', views.Style{})
		c.Text(columns-1, room-1, ellipsis, l.theme.Text)
	}
	drawCells(d, c, point{in.x, in.y + scale + (tokenPitch-cellHeight)/2}, tokenPitch, l)
	return d
}
