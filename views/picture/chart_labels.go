package picture

import (
	"math"

	"rnnscope/views"
)

// reference draws a value to compare with as a dashed line.
func (g *chartDrawing) reference(r *views.Reference) {
	color := g.of(r.Style, g.dim)
	if at, ok := g.referenceAt(r); ok && r.Vertical {
		g.segment(at, g.plot.y, at, g.plot.bottom(), 1, color, 2, 3)
	} else if ok {
		g.segment(g.plot.x, at, g.plot.right(), at, 1, color, 2, 3)
	}
}

func (g *chartDrawing) referenceAt(r *views.Reference) (at float64, ok bool) {
	if r.Vertical {
		at = g.px(r.Value)
		return at, at >= g.plot.x-0.5 && at <= g.plot.right()+0.5
	}
	at = g.py(r.Value)
	return at, at >= g.plot.y-0.5 && at <= g.plot.bottom()+0.5
}

// mark draws a point that stands out as a diamond with an edge of paper.
func (g *chartDrawing) mark(m *views.Mark) {
	q := point{g.px(m.X), g.py(m.Y)}
	if !g.inside(q) {
		return
	}
	p := &path{fill: g.of(m.Style, g.accent), stroke: g.paper, width: 1.5}
	p.polygon(point{q.x - markReach, q.y}, point{q.x, q.y - markReach}, point{q.x + markReach, q.y}, point{q.x, q.y + markReach})
	g.add(p)
	g.taken = append(g.taken, box{q.x - markReach, q.y - markReach, 2 * markReach, 2 * markReach})
}

// markLabel writes the name of a mark where it hides least around it.
func (g *chartDrawing) markLabel(m *views.Mark) {
	q := point{g.px(m.X), g.py(m.Y)}
	if m.Label == "" || !g.inside(q) {
		return
	}
	const gap = markReach + 4
	label := fit(m.Label, sansBold, labelSize, g.plot.w/2)
	w, h := measure(label, sansBold, labelSize), labelSize*1.25
	g.label(label, sansBold, g.of(m.Style, g.accent), w, h, []point{
		{q.x - w/2, q.y - gap - h}, {q.x + gap, q.y - h/2}, {q.x - gap - w, q.y - h/2}, {q.x - w/2, q.y + gap},
		{q.x + gap, q.y - gap - h}, {q.x - gap - w, q.y - gap - h}, {q.x + gap, q.y + gap}, {q.x - gap - w, q.y + gap},
	})
}

// referenceLabel writes the name of a reference along its line where it hides
// least, the first places being preferred: at the right end, or at the top.
func (g *chartDrawing) referenceLabel(r *views.Reference) {
	at, ok := g.referenceAt(r)
	if !ok || r.Label == "" {
		return
	}
	label := fit(r.Label, sans, labelSize, g.plot.w*0.6)
	w, h := measure(label, sans, labelSize), labelSize*1.25
	var places []point
	const steps = 12
	for i := range steps + 1 {
		t := float64(i) / steps
		if r.Vertical {
			y := g.plot.y + t*(g.plot.h-h)
			places = append(places, point{at + 5, y}, point{at - 5 - w, y})
		} else {
			x := g.plot.right() - 2 - w - t*(g.plot.w-w-4)
			places = append(places, point{x, at - h - 1}, point{x, at + 2})
		}
	}
	g.label(label, sans, g.of(r.Style, g.dim), w, h, places)
}

// label writes a text at the first of the places that hides the least of the
// lines and no other text. Where there is none it is left out: its line or mark
// is still there, and its name in the CSV.
func (g *chartDrawing) label(s string, f face, fill ink, w, h float64, places []point) {
	best, least := -1, math.MaxInt
	for i, q := range places {
		at := box{q.x, q.y, w, h}
		if at.x < g.plot.x || at.right() > g.plot.right()+1 || at.y < g.plot.y-h || at.bottom() > g.plot.bottom() || g.occupied(at) {
			continue
		}
		hidden := 0
		around := box{at.x - 3, at.y - 2, at.w + 6, at.h + 4}
		for _, p := range g.ink {
			if p.x > around.x && p.x < around.right() && p.y > around.y && p.y < around.bottom() {
				hidden++
			}
		}
		hidden += g.crossed(at)
		if hidden < least {
			best, least = i, hidden
		}
	}
	if best < 0 {
		return
	}
	at := box{places[best].x, places[best].y, w, h}
	g.taken = append(g.taken, at)
	if least > 0 { // over lines: on a piece of paper
		g.add(&rects{fill: g.paper.faint(0.8), boxes: []box{at}})
	}
	g.write(at.x, at.y+labelSize, s, f, labelSize, fill)
}

// crossed is how much of the references' lines a text hides: a name on the line of
// another would seem to be its.
func (g *chartDrawing) crossed(text box) int {
	const stride = 4 // CSS pixels, as of the points of other lines
	n := 0
	for i := range g.References {
		r := &g.References[i]
		switch at, ok := g.referenceAt(r); {
		case !ok:
		case r.Vertical && at > text.x && at < text.right():
			n += int(text.h / stride)
		case !r.Vertical && at > text.y && at < text.bottom():
			n += int(text.w / stride)
		}
	}
	return n
}

// occupied says whether another text is at a place, or so near that the two would
// read as one.
func (g *chartDrawing) occupied(at box) bool {
	const gap = 8
	at.x, at.w = at.x-gap, at.w+2*gap
	for _, b := range g.taken {
		if b.overlaps(at) {
			return true
		}
	}
	return false
}
