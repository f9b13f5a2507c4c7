package picture

import (
	"math"
	"strings"

	"rnnscope/views"
)

// drawing is a picture as shapes, the later ones on top, in CSS pixels from the
// upper left corner. All coordinates are finite.
type drawing struct {
	w, h               float64
	scale              float64 // pixels of a PNG a CSS pixel
	title, description string  // for those who do not see it
	background         ink
	shapes             []shape
}

// shape is a rects, *path, *dots, *lattice or *text.
type shape any

// ink is a colour with its opacity; the zero ink draws nothing.
type ink struct{ r, g, b, a uint8 }

func inkOf(c views.Color) ink {
	if !c.Set() {
		return ink{}
	}
	r, g, b := c.RGB()
	return ink{r, g, b, 0xff}
}

// faint returns i with an opacity from 0 to 1.
func (i ink) faint(opacity float64) ink {
	i.a = uint8(math.Round(opacity * float64(i.a)))
	return i
}

// mix returns the opaque colour that is t of the way from i to j.
func (i ink) mix(j ink, t float64) ink {
	m := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + t*(float64(b)-float64(a)))) }
	return ink{m(i.r, j.r), m(i.g, j.g), m(i.b, j.b), 0xff}
}

type point struct{ x, y float64 }

type box struct{ x, y, w, h float64 }

func (b box) right() float64  { return b.x + b.w }
func (b box) bottom() float64 { return b.y + b.h }

func (b box) overlaps(o box) bool {
	return b.x < o.right() && o.x < b.right() && b.y < o.bottom() && o.y < b.bottom()
}

// rects are filled rectangles of one colour, whose edges snap to pixels.
type rects struct {
	fill  ink
	boxes []box
}

// path is lines and curves, filled or drawn with a pen of a width.
type path struct {
	fill, stroke ink
	width        float64
	dash         []float64 // lengths of lines and gaps in turn; nil: solid
	steps        []step
}

// step moves to, draws a line to, a cubic Bézier curve to (the last of three
// points), or closes with the kinds M, L, C and Z.
type step struct {
	kind byte
	at   [3]point
}

func (p *path) move(x, y float64) { p.steps = append(p.steps, step{kind: 'M', at: [3]point{{x, y}}}) }
func (p *path) line(x, y float64) { p.steps = append(p.steps, step{kind: 'L', at: [3]point{{x, y}}}) }
func (p *path) close()            { p.steps = append(p.steps, step{kind: 'Z'}) }
func (p *path) curve(a, b, to point) {
	p.steps = append(p.steps, step{kind: 'C', at: [3]point{a, b, to}})
}

// circleReach is how far the control points of a cubic curve that draws a
// quarter of a unit circle are from its ends, along the tangents.
const circleReach = 0.5522847498

func (p *path) circle(x, y, r float64) {
	k := r * circleReach
	p.move(x+r, y)
	p.curve(point{x + r, y + k}, point{x + k, y + r}, point{x, y + r})
	p.curve(point{x - k, y + r}, point{x - r, y + k}, point{x - r, y})
	p.curve(point{x - r, y - k}, point{x - k, y - r}, point{x, y - r})
	p.curve(point{x + k, y - r}, point{x + r, y - k}, point{x + r, y})
	p.close()
}

func (p *path) polygon(points ...point) {
	for i, q := range points {
		if i == 0 {
			p.move(q.x, q.y)
		} else {
			p.line(q.x, q.y)
		}
	}
	p.close()
}

// dots are round dots of one colour and radius at whole multiples of a pitch
// from an origin.
type dots struct {
	fill          ink
	radius, pitch float64
	origin        point
	at            [][2]int
}

// lattice is a grid of coloured cells, row by row; a cell without ink is left
// as it is.
type lattice struct {
	at     box // of the whole
	cols   int
	colors []ink
}

func (l *lattice) rows() int { return len(l.colors) / max(l.cols, 1) }

// text is one line of text, from x on, along a baseline, as wide as measured.
type text struct {
	x, y, size, width float64
	face              face
	fill              ink
	s                 string
	upwards           bool    // turned a quarter to the left about (x, y)
	cell              float64 // how wide each character's column is; 0: as wide as itself
}

// rect adds a rectangle to the last shape if that is of the same colour.
func (d *drawing) rect(b box, fill ink) {
	if b.w <= 0 || b.h <= 0 || fill.a == 0 {
		return
	}
	if n := len(d.shapes); n > 0 {
		if r, ok := d.shapes[n-1].(*rects); ok && r.fill == fill && fill.a == 0xff {
			r.boxes = append(r.boxes, b)
			return
		}
	}
	d.shapes = append(d.shapes, &rects{fill: fill, boxes: []box{b}})
}

// outline draws the edge of a rectangle with a pen inside of it.
func (d *drawing) outline(b box, pen float64, color ink) {
	pen = min(pen, b.w/2, b.h/2)
	d.rect(box{b.x, b.y, b.w, pen}, color)
	d.rect(box{b.x, b.bottom() - pen, b.w, pen}, color)
	d.rect(box{b.x, b.y + pen, pen, b.h - 2*pen}, color)
	d.rect(box{b.right() - pen, b.y + pen, pen, b.h - 2*pen}, color)
}

func (d *drawing) add(s shape) { d.shapes = append(d.shapes, s) }

// segment adds a straight line.
func (d *drawing) segment(x0, y0, x1, y1, width float64, stroke ink, dash ...float64) {
	p := &path{stroke: stroke, width: width, dash: dash}
	p.move(x0, y0)
	p.line(x1, y1)
	d.add(p)
}

// write adds a text that begins at x. Spaces at its ends are only moved over,
// as XML joins and drops spaces.
func (d *drawing) write(x, baseline float64, s string, f face, size float64, fill ink) {
	s = plain(s)
	all := measure(s, f, size)
	s = strings.TrimLeft(s, " ")
	x += all - measure(s, f, size)
	if s = strings.ReplaceAll(strings.TrimRight(s, " "), "  ", " \u00a0"); s != "" {
		d.add(&text{x: x, y: baseline, size: size, width: measure(s, f, size), face: f, fill: fill, s: s})
	}
}

// writeRight adds a text that ends at x, writeCenter one with its middle there.
func (d *drawing) writeRight(x, baseline float64, s string, f face, size float64, fill ink) {
	d.write(x-measure(plain(s), f, size), baseline, s, f, size, fill)
}

func (d *drawing) writeCenter(x, baseline float64, s string, f face, size float64, fill ink) {
	d.write(x-measure(plain(s), f, size)/2, baseline, s, f, size, fill)
}
