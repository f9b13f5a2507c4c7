package picture

import (
	"math"

	"rnnscope/views"
)

// How lines and points are drawn, in CSS pixels and opacities.
const (
	lineWidth      = 2
	pointRadius    = 1.7
	rangeWidth     = 1.4
	pointOpacity   = 0.55
	bandOpacity    = 0.22
	markReach      = 5.5 // of a mark, from its middle
	pointsPerPixel = 2   // columns in which a line keeps four points each
)

func dashOf(s views.Shape) []float64 {
	switch s {
	case views.Dashed:
		return []float64{7, 4}
	case views.Dotted:
		return []float64{2, 4}
	case views.DashDotted:
		return []float64{7, 3, 2, 3}
	}
	return nil
}

// pixel is a sample where it is drawn.
type pixel struct{ x, lo, mid, hi float64 }

// pixels returns a series where it is drawn, NaN where it is not. On a
// logarithmic axis a range that begins at zero begins at its mean.
func (g *chartDrawing) pixels(i int) []pixel {
	all := samples(&g.Series[i])
	out := make([]pixel, len(all))
	for k, s := range all {
		q := pixel{g.px(s.x), g.py(s.lo), g.py(s.mid), g.py(s.hi)}
		if math.IsNaN(q.x) {
			q.mid = math.NaN()
		}
		if math.IsNaN(q.lo) {
			q.lo = q.mid
		}
		if math.IsNaN(q.hi) {
			q.hi = q.mid
		}
		out[k] = q
	}
	return out
}

// band fills between the smallest and largest values of a line's buckets.
func (g *chartDrawing) band(i int) {
	if g.Series[i].Shape == views.Points || len(g.Series[i].Curve) == 0 {
		return
	}
	p := &path{fill: g.color(i).faint(bandOpacity)}
	var part []pixel
	flush := func() {
		wide := false
		for _, q := range part {
			wide = wide || q.lo-q.hi > 0.5
		}
		if len(part) > 1 && wide {
			for k, q := range part {
				if k == 0 {
					p.move(q.x, q.hi)
				} else {
					p.line(q.x, q.hi)
				}
			}
			for k := len(part) - 1; k >= 0; k-- {
				p.line(part[k].x, part[k].lo)
			}
			p.close()
		}
		part = part[:0]
	}
	for _, q := range g.pixels(i) {
		if math.IsNaN(q.mid) {
			flush()
			continue
		}
		q.x = min(max(q.x, g.plot.x), g.plot.right())
		q.lo = min(max(q.lo, g.plot.y), g.plot.bottom())
		q.hi = min(max(q.hi, g.plot.y), g.plot.bottom())
		// Where buckets share a column, all of their range is one.
		if n := len(part); n > 0 && math.Floor(part[n-1].x*pointsPerPixel) == math.Floor(q.x*pointsPerPixel) {
			part[n-1].lo, part[n-1].hi = max(part[n-1].lo, q.lo), min(part[n-1].hi, q.hi)
			continue
		}
		part = append(part, q)
	}
	flush()
	if len(p.steps) > 0 {
		g.add(p)
	}
}

// series draws the line or the points of a series.
func (g *chartDrawing) series(i int) {
	if g.Series[i].Shape == views.Points {
		g.points(i)
		return
	}
	line := &path{stroke: g.color(i), width: lineWidth, dash: dashOf(g.Series[i].Shape)}
	single := &path{fill: g.color(i)}
	var part []point
	flush := func() {
		if len(part) == 1 && g.inside(part[0]) {
			single.circle(part[0].x, part[0].y, pointRadius)
			g.ink = append(g.ink, part[0])
		}
		g.clipped(line, thinned(part))
		part = part[:0]
	}
	for _, q := range g.pixels(i) {
		if math.IsNaN(q.mid) {
			flush()
			continue
		}
		part = append(part, point{q.x, q.mid})
	}
	flush()
	if len(line.steps) > 0 {
		g.add(line)
	}
	if len(single.steps) > 0 {
		g.add(single)
	}
}

func (g *chartDrawing) inside(q point) bool {
	return q.x >= g.plot.x-0.5 && q.x <= g.plot.right()+0.5 && q.y >= g.plot.y-0.5 && q.y <= g.plot.bottom()+0.5
}

// points draws each value as a dot, and each range of several as a line. Those
// that would cover each other within half a pixel are drawn once.
func (g *chartDrawing) points(i int) {
	color := g.color(i).faint(pointOpacity)
	p := &dots{fill: color, radius: pointRadius, pitch: 0.5}
	ranges := &path{stroke: color, width: rangeWidth}
	seen := map[[2]int]bool{}
	for _, q := range g.pixels(i) {
		if math.IsNaN(q.mid) || q.x < g.plot.x-0.5 || q.x > g.plot.right()+0.5 {
			continue
		}
		if q.lo-q.hi > 0.5 {
			top, bottom := max(q.hi, g.plot.y), min(q.lo, g.plot.bottom())
			if top < bottom {
				ranges.move(q.x, top)
				ranges.line(q.x, bottom)
				g.ink = append(g.ink, point{q.x, top}, point{q.x, (top + bottom) / 2}, point{q.x, bottom})
			}
			continue
		}
		at := [2]int{int(math.Round(q.x / p.pitch)), int(math.Round(q.mid / p.pitch))}
		if !g.inside(point{q.x, q.mid}) || seen[at] {
			continue
		}
		seen[at] = true
		p.at = append(p.at, at)
		g.ink = append(g.ink, point{q.x, q.mid})
	}
	if len(ranges.steps) > 0 {
		g.add(ranges)
	}
	if len(p.at) > 0 {
		g.add(p)
	}
}

// thinned returns a line that looks the same with at most four points in each
// half pixel's column: its first, highest, lowest and last.
func thinned(line []point) []point {
	var out []point
	for i := 0; i < len(line); {
		column := math.Floor(line[i].x * pointsPerPixel)
		j, lo, hi := i, i, i
		for ; j < len(line) && math.Floor(line[j].x*pointsPerPixel) == column; j++ {
			if line[j].y < line[lo].y {
				lo = j
			}
			if line[j].y > line[hi].y {
				hi = j
			}
		}
		last := -1
		for _, k := range [4]int{i, min(lo, hi), max(lo, hi), j - 1} {
			if k != last {
				out = append(out, line[k])
				last = k
			}
		}
		i = j
	}
	return out
}

// clipped adds the parts of a line that are in the plot.
func (g *chartDrawing) clipped(p *path, line []point) {
	joined := false // the pen is at the start of the next piece
	for i := 1; i < len(line); i++ {
		a, b, ok := clip(line[i-1], line[i], g.plot.box)
		if !ok {
			joined = false
			continue
		}
		if !joined || a != line[i-1] {
			p.move(a.x, a.y)
		}
		p.line(b.x, b.y)
		joined = b == line[i]
		const stride = 4 // CSS pixels between the points that labels keep clear of
		n := math.Ceil(math.Hypot(b.x-a.x, b.y-a.y) / stride)
		for k := 0.0; k <= n; k++ {
			t := k / max(n, 1)
			g.ink = append(g.ink, point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
		}
	}
}

// clip returns the part of a line that is in a box, as Liang and Barsky do it:
// each border moves the end that is beyond it.
func clip(a, b point, in box) (point, point, bool) {
	dx, dy := b.x-a.x, b.y-a.y
	enter, leave := 0.0, 1.0
	for _, border := range [4]struct{ step, room float64 }{
		{-dx, a.x - in.x}, {dx, in.right() - a.x}, {-dy, a.y - in.y}, {dy, in.bottom() - a.y},
	} {
		switch at := border.room / border.step; {
		case border.step == 0:
			if border.room < 0 {
				return a, b, false
			}
		case border.step < 0:
			enter = math.Max(enter, at)
		default:
			leave = math.Min(leave, at)
		}
	}
	if !(enter <= leave) {
		return a, b, false
	}
	from, to := a, b
	if enter > 0 {
		from = point{a.x + enter*dx, a.y + enter*dy}
	}
	if leave < 1 {
		to = point{a.x + leave*dx, a.y + leave*dy}
	}
	return from, to, true
}
