package views

import "math"

// dots is a raster of two columns by four rows of dots a cell, drawn with the
// braille characters:
//
//	0 3     bit of each dot in the character's
//	1 4     number above U+2800
//	2 5
//	6 7
//
// Column 0 is at the left, row 0 at the top. A cell has one colour, that of
// the pen that touched it last.
type dots struct {
	w, h int // cells
	mask []uint8
	pen  []uint8
}

var dotBit = [4][2]uint8{{1 << 0, 1 << 3}, {1 << 1, 1 << 4}, {1 << 2, 1 << 5}, {1 << 6, 1 << 7}}

// reset makes d empty, w columns by h rows of cells.
func (d *dots) reset(w, h int) {
	d.w, d.h = w, h
	if cap(d.mask) < w*h {
		d.mask, d.pen = make([]uint8, w*h), make([]uint8, w*h)
	}
	d.mask, d.pen = d.mask[:w*h], d.pen[:w*h]
	clear(d.mask)
	clear(d.pen)
}

// size returns the number of columns and rows of dots.
func (d *dots) size() (w, h int) { return 2 * d.w, 4 * d.h }

// set draws a dot; one outside of the raster is not drawn.
func (d *dots) set(x, y int, pen uint8) {
	if x < 0 || y < 0 || x >= 2*d.w || y >= 4*d.h {
		return
	}
	at := y/4*d.w + x/2
	d.mask[at] |= dotBit[y%4][x%2]
	d.pen[at] = pen
}

// dash is the columns of dots, of any eight, where a line is drawn.
type dash uint8

const solid dash = 0xff

// line draws a straight line between two points, given in dots. What is
// outside of the raster is cut off, however far away the points are.
func (d *dots) line(x0, y0, x1, y1 float64, pen uint8, pattern dash) {
	w, h := d.size()
	x0, y0, x1, y1, ok := clipLine(x0, y0, x1, y1, float64(w-1), float64(h-1))
	if !ok {
		return
	}
	steps := int(math.Ceil(max(math.Abs(x1-x0), math.Abs(y1-y0), 1)))
	dx, dy := (x1-x0)/float64(steps), (y1-y0)/float64(steps)
	for i := range steps + 1 {
		x, y := int(math.Round(x0+float64(i)*dx)), int(math.Round(y0+float64(i)*dy))
		if pattern>>(x%8)&1 != 0 {
			d.set(x, y, pen)
		}
	}
}

// clipLine returns the part of a line from (0, 0) to (right, bottom), as Liang
// and Barsky do it: each border moves the end that is beyond it. The outermost
// dots reach almost half a dot beyond their centres.
func clipLine(x0, y0, x1, y1, right, bottom float64) (cx0, cy0, cx1, cy1 float64, ok bool) {
	const reach = 0.499
	dx, dy := x1-x0, y1-y0
	enter, leave := 0.0, 1.0
	for _, border := range [4]struct{ step, room float64 }{
		{-dx, x0 + reach}, {dx, right + reach - x0}, {-dy, y0 + reach}, {dy, bottom + reach - y0},
	} {
		switch at := border.room / border.step; {
		case border.step == 0:
			if border.room < 0 {
				return 0, 0, 0, 0, false
			}
		case border.step < 0:
			enter = math.Max(enter, at)
		default:
			leave = math.Min(leave, at)
		}
	}
	if !(enter <= leave) {
		return 0, 0, 0, 0, false
	}
	return x0 + enter*dx, y0 + enter*dy, x0 + leave*dx, y0 + leave*dy, true
}

// under adds the dots of e to the cells where d has some.
func (d *dots) under(e *dots) {
	for i, mask := range e.mask {
		if d.mask[i] != 0 {
			d.mask[i] |= mask
		}
	}
}

// draw puts the dots on c with the style of each pen and leaves cells without
// dots as they are.
func (d *dots) draw(c *Canvas, x, y int, styles []Style) {
	for i, mask := range d.mask {
		if mask != 0 {
			c.Set(x+i%d.w, y+i/d.w, 0x2800+rune(mask), styles[d.pen[i]])
		}
	}
}
