package views

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Canvas is a grid of cells. A cell holds a grapheme cluster one or two columns
// wide and a style; the second cell of a wide cluster is its continuation.
// Nothing can leave a canvas that moves a cursor or changes a terminal's state:
// control characters are drawn as their pictures.
type Canvas struct {
	w, h     int
	clip     Rect
	cells    []cell
	clusters []string // of more than one rune, see cell.glyph
	scratch  []byte
}

// cell is what a column of a row holds. A glyph is a rune, or the continuation
// of the cell to the left, or, below zero, cluster -1-glyph.
type cell struct {
	glyph  rune
	fg, bg Color
	attr   Attr
	width  uint8 // 1 or 2; 0 in a continuation
}

// Cell is a cell as others see it. Width is 2 for a wide cluster and 0 for the
// continuation to the right of it, which has no text.
type Cell struct {
	Text  string
	Width int
	Style Style
}

// Style is how a cell looks.
type Style struct {
	FG, BG Color
	Attr   Attr
}

// Attr is a set of attributes of a cell.
type Attr uint8

// The attributes of a cell.
const (
	Bold Attr = 1 << iota
	Dim
	Italic
	Underline
	Reverse
)

// With returns s with more attributes.
func (s Style) With(a Attr) Style {
	s.Attr |= a
	return s
}

// Rect is W columns by H rows of cells, the first of them at column X, row Y.
type Rect struct{ X, Y, W, H int }

// Inset returns r without a border of n cells.
func (r Rect) Inset(n int) Rect {
	return Rect{r.X + n, r.Y + n, max(r.W-2*n, 0), max(r.H-2*n, 0)}
}

// Contains says whether cell (x, y) belongs to r.
func (r Rect) Contains(x, y int) bool {
	return x >= r.X && x < r.X+r.W && y >= r.Y && y < r.Y+r.H
}

// Intersect returns the cells that belong to both.
func (r Rect) Intersect(s Rect) Rect {
	x, y := max(r.X, s.X), max(r.Y, s.Y)
	return Rect{x, y, max(min(r.X+r.W, s.X+s.W)-x, 0), max(min(r.Y+r.H, s.Y+s.H)-y, 0)}
}

// NewCanvas returns a blank canvas of w columns and h rows.
func NewCanvas(w, h int) *Canvas {
	c := &Canvas{}
	c.Reset(w, h)
	return c
}

var blank = cell{glyph: ' ', width: 1}

// Reset makes c a blank canvas of w columns and h rows without a clip. It
// allocates only when c never was as large.
func (c *Canvas) Reset(w, h int) {
	w, h = max(w, 0), max(h, 0)
	if cap(c.cells) < w*h {
		c.cells = make([]cell, w*h)
	}
	c.w, c.h, c.clip = w, h, Rect{0, 0, w, h}
	c.cells = c.cells[:w*h]
	for i := range c.cells {
		c.cells[i] = blank
	}
	clear(c.clusters)
	c.clusters = c.clusters[:0]
}

// Size returns the number of columns and rows.
func (c *Canvas) Size() (w, h int) { return c.w, c.h }

// Bounds returns all cells of c.
func (c *Canvas) Bounds() Rect { return Rect{0, 0, c.w, c.h} }

// Clip restricts drawing to the cells that belong to r as well as to the clip
// so far, which it returns for SetClip to restore.
func (c *Canvas) Clip(r Rect) (old Rect) {
	old = c.clip
	c.clip = old.Intersect(r)
	return old
}

// SetClip restricts drawing to the cells of r.
func (c *Canvas) SetClip(r Rect) { c.clip = c.Bounds().Intersect(r) }

// Cell returns what is at column x, row y; a blank outside of c.
func (c *Canvas) Cell(x, y int) Cell {
	if !c.Bounds().Contains(x, y) {
		return Cell{Text: " ", Width: 1}
	}
	at := &c.cells[y*c.w+x]
	out := Cell{Width: int(at.width), Style: Style{at.fg, at.bg, at.attr}}
	switch {
	case at.width == 0:
	case at.glyph < 0:
		out.Text = c.clusters[-1-at.glyph]
	default:
		out.Text = string(at.glyph)
	}
	return out
}

// Set draws one rune. A rune that takes no column of its own, such as a
// combining mark, is not drawn: Text attaches it to what precedes it.
func (c *Canvas) Set(x, y int, r rune, s Style) {
	if r >= 0x20 && r < 0x7f || r >= 0x2500 && r < 0x25a0 || r >= 0x2800 && r < 0x2900 {
		c.put(x, y, r, 1, s)
		return
	}
	c.scratch = utf8.AppendRune(c.scratch[:0], r)
	if _, w := ansi.FirstGraphemeCluster(c.scratch, ansi.GraphemeWidth); w > 0 || control(r) {
		c.put(x, y, visible(r), max(w, 1), s)
	}
}

// Text draws s from column x on and returns the column after its end, cut off
// at the right edge of the clip. Where an edge cuts a wide cluster its half is
// left blank. Clusters without a width of their own are dropped.
func (c *Canvas) Text(x, y int, s string, st Style) (end int) {
	right := c.clip.X + c.clip.W
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	for s != "" && x < right {
		if b := s[0]; b >= 0x20 && b < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
			c.put(x, y, rune(b), 1, st)
			s, x = s[1:], x+1
			continue
		}
		cluster, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(cluster):]
		r, n := utf8.DecodeRuneInString(cluster)
		switch {
		case control(r):
			c.put(x, y, visible(r), 1, st)
			x++
		case w <= 0:
		case n == len(cluster):
			c.put(x, y, r, min(w, 2), st)
			x += min(w, 2)
		default:
			c.clusters = append(c.clusters, cluster)
			c.put(x, y, -rune(len(c.clusters)), min(w, 2), st)
			x += min(w, 2)
		}
	}
	return min(x, right)
}

// Fill draws r in every cell of a rectangle. The rune must be one column wide.
func (c *Canvas) Fill(area Rect, r rune, s Style) {
	area = c.clip.Intersect(area)
	for y := area.Y; y < area.Y+area.H; y++ {
		for x := area.X; x < area.X+area.W; x++ {
			c.put(x, y, r, 1, s)
		}
	}
}

// Draw copies all of src to column x, row y.
func (c *Canvas) Draw(x, y int, src *Canvas) {
	for sy := range src.h {
		for sx := range src.w {
			at := src.cells[sy*src.w+sx]
			if at.width == 0 {
				continue
			}
			if at.glyph < 0 {
				c.clusters = append(c.clusters, src.clusters[-1-at.glyph])
				at.glyph = -rune(len(c.clusters))
			}
			c.put(x+sx, y+sy, at.glyph, int(at.width), Style{at.fg, at.bg, at.attr})
		}
	}
}

// put draws a glyph of w columns if it is inside the clip, and blanks the other
// half of any wide cluster that it covers one half of.
func (c *Canvas) put(x, y int, glyph rune, w int, s Style) {
	left, right := c.clip.X, c.clip.X+c.clip.W
	if y < c.clip.Y || y >= c.clip.Y+c.clip.H || x+w <= left || x >= right {
		return
	}
	if x < left || x+w > right {
		if x, w, glyph = max(x, left), 1, ' '; x >= right {
			return // the clip is empty
		}
	}
	row := c.cells[y*c.w : (y+1)*c.w]
	if row[x].width == 0 {
		row[x-1].glyph, row[x-1].width = ' ', 1
	}
	if last := &row[x+w-1]; last.width == 2 {
		row[x+w].glyph, row[x+w].width = ' ', 1
	}
	row[x] = cell{glyph, s.FG, s.BG, s.Attr, uint8(w)}
	if w == 2 {
		row[x+1] = cell{0, s.FG, s.BG, s.Attr, 0}
	}
}

// control says whether a terminal would act on r instead of drawing it.
func control(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }

// visible returns the picture of a control character, and other runes as they
// are.
func visible(r rune) rune {
	switch {
	case r >= 0 && r < 0x20:
		return '␀' + r
	case r == 0x7f:
		return '␡'
	case control(r) || !utf8.ValidRune(r):
		return utf8.RuneError
	}
	return r
}
