package picture

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"rnnscope/views"
)

// cells draws the cells of a canvas. It collects shapes by colour, so that
// neighbours become one: the halves of cells in a lattice, then rectangles,
// lines, dots and text.
type cells struct {
	origin point
	pitch  float64 // from a row to the next
	halves lattice
	rects  byInk[[]box]
	dots   byInk[[][2]int]
	arcs   byInk[path]
	solids byInk[path]
	texts  []*text
}

// byInk holds a T a colour.
type byInk[T any] struct {
	of    map[ink]*T
	order []ink
}

func (b *byInk[T]) at(i ink) *T {
	if b.of == nil {
		b.of = map[ink]*T{}
	}
	if b.of[i] == nil {
		b.of[i] = new(T)
		b.order = append(b.order, i)
	}
	return b.of[i]
}

// drawCells draws a canvas with its upper left corner at origin and rows that
// are pitch apart.
func drawCells(d *drawing, c *views.Canvas, origin point, pitch float64, l look) {
	w, h := c.Size()
	g := &cells{origin: origin, pitch: pitch}
	rowsOfHalves := 2
	if pitch != cellHeight {
		rowsOfHalves = 0 // rows are apart: backgrounds are rectangles
	}
	g.halves = lattice{
		at:   box{origin.x, origin.y, float64(w * cellWidth), float64(h * cellHeight)},
		cols: w, colors: make([]ink, w*h*rowsOfHalves),
	}
	for y := range h {
		var run cellRun
		for x := range w {
			at := c.Cell(x, y)
			fg, bg := cellInks(at.Style, l)
			g.background(x, y, bg)
			if at.Width == 0 {
				continue
			}
			r, n := utf8.DecodeRuneInString(at.Text)
			if at.Style.Attr&views.Underline != 0 {
				g.rect(x, y, 0, cellBase+2, float64(cellWidth*at.Width), 1, fg)
			}
			if n == len(at.Text) && g.shape(x, y, r, fg, bg) {
				run.flush(g, y)
				continue
			}
			run.add(g, x, y, at, fg)
		}
		run.flush(g, y)
	}
	g.addTo(d)
}

// cellInks returns the colours of a cell as they are drawn: the second without
// ink where it is the screen's own.
func cellInks(s views.Style, l look) (fg, bg ink) {
	fg, bg = l.text, inkOf(s.BG)
	if s.FG.Set() {
		fg = inkOf(s.FG)
	}
	if s.Attr&views.Reverse != 0 {
		if bg.a == 0 {
			bg = l.paper
		}
		fg, bg = bg, fg
	}
	if s.Attr&views.Dim != 0 {
		under := bg
		if under.a == 0 {
			under = l.paper
		}
		fg = fg.mix(under, 0.4)
	}
	return fg, bg
}

func (g *cells) background(x, y int, fill ink) {
	if len(g.halves.colors) > 0 {
		g.half(x, y, 0, fill)
		g.half(x, y, 1, fill)
		return
	}
	g.rect(x, y, 0, 0, cellWidth, cellHeight, fill)
}

// half fills the upper (0) or lower (1) half of a cell.
func (g *cells) half(x, y, k int, fill ink) {
	if len(g.halves.colors) > 0 {
		g.halves.colors[(2*y+k)*g.halves.cols+x] = fill
		return
	}
	g.rect(x, y, 0, float64(k)*cellHeight/2, cellWidth, cellHeight/2, fill)
}

// rect fills a rectangle whose corner is in a cell, given in CSS pixels from
// the cell's own. It grows the one to its left if it can.
func (g *cells) rect(x, y int, dx, dy, w, h float64, fill ink) {
	if fill.a == 0 {
		return
	}
	b := box{g.origin.x + float64(x)*cellWidth + dx, g.origin.y + float64(y)*g.pitch + dy, w, h}
	all := g.rects.at(fill)
	for i := len(*all) - 1; i >= 0 && i >= len(*all)-4; i-- {
		if last := &(*all)[i]; last.right() == b.x && last.y == b.y && last.h == b.h {
			last.w += b.w
			return
		}
	}
	*all = append(*all, b)
}

// addTo adds what was collected to a drawing, texts that look alike together.
func (g *cells) addTo(d *drawing) {
	if len(g.halves.colors) > 0 {
		d.add(&g.halves)
	}
	for _, fill := range g.rects.order {
		d.add(&rects{fill, stacked(*g.rects.of[fill])})
	}
	for _, color := range g.arcs.order {
		p := g.arcs.of[color]
		p.stroke, p.width = color, lightLine
		d.add(p)
	}
	for _, color := range g.solids.order {
		p := g.solids.of[color]
		p.fill = color
		d.add(p)
	}
	for _, color := range g.dots.order {
		d.add(&dots{
			fill: color, radius: dotRadius, pitch: dotPitch, at: *g.dots.of[color],
			origin: point{g.origin.x + dotPitch/2, g.origin.y + dotPitch/2},
		})
	}
	order := map[ink]int{}
	for _, t := range g.texts {
		if _, known := order[t.fill]; !known {
			order[t.fill] = len(order)
		}
	}
	slices.SortStableFunc(g.texts, func(a, b *text) int {
		return cmp.Or(cmp.Compare(order[a.fill], order[b.fill]), cmp.Compare(a.face, b.face), cmp.Compare(a.size, b.size))
	})
	for _, t := range g.texts {
		d.add(t)
	}
}

// stacked joins rectangles that are one below the other.
func stacked(boxes []box) []box {
	type column struct{ x, w float64 }
	above := map[column]int{} // in out
	out := boxes[:0:0]
	for _, b := range boxes {
		at, ok := above[column{b.x, b.w}]
		if ok && out[at].bottom() == b.y {
			out[at].h += b.h
			continue
		}
		above[column{b.x, b.w}] = len(out)
		out = append(out, b)
	}
	return out
}

// cellRun is a run of characters that are drawn as one text: all one cell wide
// and of scripts that every monospaced font has, or all two cells wide.
type cellRun struct {
	s     strings.Builder
	x, n  int // where it begins, and cells so far
	wide  bool
	alone bool // a character whose font nobody knows
	face  face
	fill  ink
	space bool // the last was a space
}

func (r *cellRun) add(g *cells, x, y int, at views.Cell, fill ink) {
	if at.Text == " " {
		if r.n == 0 || r.space || r.wide || r.alone || r.x+r.n != x {
			r.flush(g, y)
			return
		}
		r.space = true
		r.s.WriteByte(' ')
		r.n++
		return
	}
	f := monoRegular
	if at.Style.Attr&views.Bold != 0 {
		f += monoBold - monoRegular
	}
	if at.Style.Attr&views.Italic != 0 {
		f += monoItalic - monoRegular
	}
	first, _ := utf8.DecodeRuneInString(at.Text)
	wide := at.Width == 2
	alone := !wide && (first >= 0x530 || utf8.RuneCountInString(at.Text) > 1)
	if r.n > 0 && (r.fill != fill || r.face != f || r.wide != wide || r.alone || alone || r.x+r.n != x) {
		r.flush(g, y)
	}
	if r.n == 0 {
		r.x, r.face, r.fill, r.wide, r.alone = x, f, fill, wide, alone
	}
	r.space = false
	r.s.WriteString(at.Text)
	r.n += at.Width
}

// wideText is the size of characters two cells wide: their own width, as
// Chinese characters are square.
const wideText = 16.5

func (r *cellRun) flush(g *cells, y int) {
	n := r.n
	s := r.s.String()
	if r.space {
		s, n = s[:len(s)-1], n-1
	}
	if s != "" {
		t := &text{
			x: g.origin.x + float64(r.x)*cellWidth, y: g.origin.y + float64(y)*g.pitch + cellBase,
			size: cellText, width: float64(n) * cellWidth, face: r.face, fill: r.fill, s: plain(s), cell: cellWidth,
		}
		if r.wide {
			t.size, t.cell = wideText, 2*cellWidth
		}
		g.texts = append(g.texts, t)
	}
	*r = cellRun{}
}
