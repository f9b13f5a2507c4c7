package picture

import (
	"math"
	"strconv"
	"strings"

	"rnnscope/views"
)

// scaleBar draws a row with what the values are, the palette between the
// numbers of its ends, and the notes as far as there is room.
func (g *heatmapDrawing) scaleBar(in box) {
	drawScale(g.drawing, g.look, in, g.palette, g.lo, g.hi, g.ValueName, strings.Join(g.notes(), " · "))
}

// drawScale draws a palette with its numbers in the upper part of a box: a name
// before it, notes after it.
func drawScale(d *drawing, l look, in box, p *views.Palette, lo, hi float64, name, notes string) {
	const high, most, entries = 12, 200, 64
	name = fit(name, sans, labelSize, in.w*0.4)
	x := in.x
	if name != "" {
		d.write(x, in.y+labelSize, name, sans, labelSize, l.text)
		x += measure(plain(name), sans, labelSize) + 14
	}
	low, top := views.Figures(lo), views.Figures(hi)
	if lo < 0 && hi > 0 {
		top = "+" + top
	}
	low, top = strings.Replace(low, "-", "−", 1), strings.Replace(top, "-", "−", 1)
	wl, wt := measure(low, sans, labelSize), measure(top, sans, labelSize)
	w := math.Floor(min(most, in.right()-x-wl-wt-16))
	if w < 32 {
		return
	}
	d.write(x, in.y+labelSize, low, sans, labelSize, l.dim)
	x = math.Round(x + wl + 8)
	bar := &lattice{at: box{x, math.Round(in.y + 1), w, high}, cols: entries}
	for i := range entries {
		bar.colors = append(bar.colors, inkOf(p.At(float64(i)/(entries-1))))
	}
	d.add(bar)
	b := bar.at
	d.outline(box{b.x - 1, b.y - 1, b.w + 2, b.h + 2}, 1, l.frame)
	if zero := x + w*(-lo)/(hi-lo); lo < 0 && hi > 0 {
		d.rect(box{math.Round(zero) - 0.5, b.bottom(), 1, 4}, l.dim)
		d.writeCenter(zero, b.bottom()+4+captionSize, "0", sans, captionSize, l.dim)
	}
	x += w + 8
	d.write(x, in.y+labelSize, top, sans, labelSize, l.dim)
	x += wt + 20
	d.write(x, in.y+labelSize, fit(notes, sans, labelSize, in.right()-x), sans, labelSize, l.dim)
}

// crosses marks the cells with what is not finite, where they are large enough.
func (g *heatmapDrawing) crosses() {
	if min(g.cw, g.ch) < 4 {
		return
	}
	p := &path{stroke: g.paper, width: min(1.5, min(g.cw, g.ch)/5)}
	for _, i := range g.bad {
		x, y := g.area.x+float64(i%g.values.cols)*g.cw, g.area.y+float64(i/g.values.cols)*g.ch
		reach := 0.25 * min(g.cw, g.ch)
		cx, cy := x+g.cw/2, y+g.ch/2
		p.move(cx-reach, cy-reach)
		p.line(cx+reach, cy+reach)
		p.move(cx+reach, cy-reach)
		p.line(cx-reach, cy+reach)
	}
	if len(p.steps) > 0 {
		g.add(p)
	}
}

// nameRows writes the labels of as many rows as have room.
func (g *heatmapDrawing) nameRows(left float64) {
	size := min(labelSize, max(g.ch*0.9, 8))
	every := max(int(math.Ceil(size*1.15/g.ch)), 1)
	every = roundEvery(every)
	for i := 0; i*g.perRow < len(g.rows); i += every {
		s := fit(g.rowLabel(g.rows[i*g.perRow]), sans, size, g.area.x-left-8)
		g.writeRight(g.area.x-6, g.area.y+(float64(i)+0.5)*g.ch+size*0.36, s, sans, size, g.dim)
	}
}

// roundEvery returns the next of 1, 2, 5, 10, 20, ... that is at least n.
func roundEvery(n int) int {
	for unit := 1; ; unit *= 10 {
		for _, m := range [...]int{1, 2, 5} {
			if m*unit >= n {
				return m * unit
			}
		}
	}
}

// nameColumns writes the labels of the columns below the map, turned upwards
// when they do not stand side by side, and the name of the axis.
func (g *heatmapDrawing) nameColumns(upright bool, under float64) {
	y := g.area.bottom() + 4
	middle := func(i int) float64 { return g.area.x + (float64(i)+0.5)*g.cw }
	switch {
	case g.ColumnLabels == nil:
		longest := 0.0
		for _, c := range [...]int{g.columns[0], g.columns[len(g.columns)-1]} {
			longest = max(longest, measure(strconv.Itoa(c+g.Origin), sans, labelSize))
		}
		every := roundEvery(max(int(math.Ceil((longest+12)/g.cw*float64(g.perColumn))), 1))
		for i, c := range g.columns {
			if n := c + g.Origin; n%every == 0 && i%g.perColumn == 0 {
				g.writeCenter(middle(i/g.perColumn), y+labelSize, strconv.Itoa(n), sans, labelSize, g.dim)
			}
		}
	case upright:
		for i, c := range g.columns {
			g.writeCenter(middle(i/g.perColumn), y+labelSize, token(label(g.ColumnLabels, c)), sans, labelSize, g.text)
		}
	default:
		// Turned, a label takes a line's height across.
		every := max(int(math.Ceil(labelSize*1.1/g.cw)), 1) * g.perColumn
		for i := 0; i < len(g.columns); i += every {
			s := plain(fit(token(label(g.ColumnLabels, g.columns[i])), sans, labelSize, heatmapSlanted))
			if s == "" {
				continue
			}
			w := measure(s, sans, labelSize)
			g.add(&text{
				x: middle(i/g.perColumn) + labelSize*0.36, y: y + w, size: labelSize, width: w,
				face: sans, fill: g.text, s: s, upwards: true,
			})
		}
	}
	if g.ColumnName != "" {
		name := fit(g.ColumnName, sans, labelSize, g.area.w)
		g.writeCenter(g.area.x+g.area.w/2, g.area.bottom()+under-4, name, sans, labelSize, g.dim)
	}
}
