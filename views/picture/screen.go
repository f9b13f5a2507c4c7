package picture

import (
	"io"
	"strings"

	"rnnscope/views"
)

// Screen is a picture of a terminal's screen or a part of it, cell by cell, with
// the colours the canvas has. Lines, blocks, braille and geometric characters
// are shapes, which meet without seams in every viewer; the others are text,
// each run held to its columns whatever font the viewer has.
//
// A cell is 9 by 18 CSS pixels, and Page's Width and Height are not used. With
// Window there is a frame with a title bar around the cells, and Title is in it;
// without, Title is for those who do not see the picture. Subtitle and Caption
// are not drawn.
type Screen struct {
	Page
	Canvas *views.Canvas
	Window bool
}

// The size of a cell and its text, in CSS pixels. A monospaced font's
// characters are about 0.6 of its size wide.
const (
	cellWidth  = 9
	cellHeight = 18
	cellText   = 15
	cellBase   = 14 // the baseline, from the cell's top
)

// The frame of a window, in CSS pixels.
const (
	windowBar    = 34
	windowMargin = 12
	windowRadius = 9
)

// draw lays the screen out. The theme's own colours are used where a canvas has
// none, also those of a terminal with few.
func (s *Screen) draw() *drawing {
	l := s.look()
	c := s.Canvas
	if c == nil {
		c = views.NewCanvas(0, 0)
	}
	w, h := c.Size()
	origin := point{windowMargin, windowMargin}
	if s.Window {
		origin.y = windowBar + windowMargin/2
	}
	p := s.Page
	p.Width, p.Height = 0, 0
	d := p.blank(l, 0, 0, 0)
	d.w, d.h = 2*windowMargin+float64(w*cellWidth), origin.y+windowMargin+float64(h*cellHeight)
	if s.Window {
		s.window(d, l)
	}
	drawCells(d, c, origin, cellHeight, l)
	return d
}

// window draws a frame with a title bar.
func (s *Screen) window(d *drawing, l look) {
	d.background = ink{}
	rounded := func(x, y, w, h, r float64) *path {
		k := r * (1 - circleReach)
		p := &path{}
		p.move(x+r, y)
		p.line(x+w-r, y)
		p.curve(point{x + w - k, y}, point{x + w, y + k}, point{x + w, y + r})
		p.line(x+w, y+h-r)
		p.curve(point{x + w, y + h - k}, point{x + w - k, y + h}, point{x + w - r, y + h})
		p.line(x+r, y+h)
		p.curve(point{x + k, y + h}, point{x, y + h - k}, point{x, y + h - r})
		p.line(x, y+r)
		p.curve(point{x, y + k}, point{x + k, y}, point{x + r, y})
		p.close()
		return p
	}
	frame := rounded(0.5, 0.5, d.w-1, d.h-1, windowRadius)
	frame.fill, frame.stroke, frame.width = l.paper, l.frame, 1
	d.add(frame)
	buttons := &path{fill: l.frame}
	for i := range 3 {
		buttons.circle(20+18*float64(i), windowBar/2, 5.5)
	}
	d.add(buttons)
	title := fit(s.Title, sans, subtitleSize, d.w-160)
	d.writeCenter(d.w/2, windowBar/2+4.5, title, sans, subtitleSize, l.dim)
}

// WriteSVG writes the screen with its text as text.
func (s *Screen) WriteSVG(w io.Writer) error { return writeSVG(s.draw(), w) }

// WritePNG writes the screen; outside of a window's corners it is transparent.
func (s *Screen) WritePNG(w io.Writer) error { return writePNG(s.draw(), w) }

// Missing returns the characters that no font at hand has.
func (s *Screen) Missing() []rune { return s.draw().missing() }

// WriteCSV writes one row a run of cells that look alike: where it is, in cells
// from the upper left corner, its text, its colours as #rrggbb (empty: the
// terminal's own) and its attributes.
func (s *Screen) WriteCSV(w io.Writer) error {
	t := newTable(w, "row (cells)", "column (cells)", "width (cells)", "text", "foreground", "background", "attributes")
	if s.Canvas == nil {
		return t.end()
	}
	columns, rows := s.Canvas.Size()
	for y := range rows {
		for x := 0; x < columns; {
			start, style := x, s.Canvas.Cell(x, y).Style
			var text strings.Builder
			for ; x < columns; x++ {
				at := s.Canvas.Cell(x, y)
				if at.Style != style {
					break
				}
				text.WriteString(at.Text)
			}
			t.row(whole(y), whole(start), whole(x-start), field(text.String()), hex(style.FG), hex(style.BG), attributes(style.Attr))
		}
	}
	return t.end()
}

func hex(c views.Color) string {
	if !c.Set() {
		return ""
	}
	return string(paint(nil, "", inkOf(c))[3:10])
}

func attributes(a views.Attr) string {
	var names []string
	for i, name := range []string{"bold", "dim", "italic", "underline", "reverse"} {
		if a&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}
