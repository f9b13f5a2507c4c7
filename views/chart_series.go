package views

import "math"

// point is a value, or the range and mean of several, at a place of the
// horizontal axis.
type point struct{ x, lo, mid, hi float64 }

// points yields the points of a series in order.
func (s *Series) points(yield func(point) bool) {
	for _, b := range s.Curve {
		if !yield(point{float64(b.First) + float64(b.Count-1)/2, b.Min, b.Mean, b.Max}) {
			return
		}
	}
	for i := range min(len(s.X), len(s.Y)) {
		if !yield(point{s.X[i], s.Y[i], s.Y[i], s.Y[i]}) {
			return
		}
	}
}

// patterns are the dashes of the lines. Where a line moves by more than steep
// dots it is drawn in full: a gap could hide a spike.
var patterns = [...]dash{Solid: solid, Dashed: 0b00111111, Dotted: 0b00010001, DashDotted: 0b00101111}

const steep = 4

// drawPoints draws, in each column of dots, the smallest and the largest of the
// values that are shown.
func (s *Series) drawPoints(d *dots, p Plot, pen uint8) {
	w, h := d.size()
	x, top, bottom := math.NaN(), 0.0, 0.0
	flush := func() {
		if x >= 0 && x < float64(w) {
			d.set(int(x), int(top), pen)
			d.set(int(x), int(bottom), pen)
		}
	}
	for q := range s.points {
		qx := p.dotX(q.x)
		for _, v := range [...]float64{q.hi, q.mid, q.lo} {
			y := p.dotY(v)
			switch {
			case !(y >= 0 && y < float64(h)):
			case qx == x:
				top, bottom = min(top, y), max(bottom, y)
			default:
				flush()
				x, top, bottom = qx, y, y
			}
		}
	}
	flush()
}

// drawLine joins the points of each column of dots into the range that they
// cover, and the columns by lines from the last point of one to the first of
// the next.
func (s *Series) drawLine(d *dots, p Plot, shape Shape, pen uint8) {
	join := func(x0, y0, x1, y1 float64, alone bool) {
		pattern := patterns[shape]
		if alone || math.Abs(y1-y0) > steep {
			pattern = solid
		}
		d.line(x0, y0, x1, y1, pen, pattern)
	}
	var x, last, top, bottom float64 // the column under way
	columns := 0                     // that are joined so far
	for q := range s.points {
		qx, qlo, qmid, qhi := p.dotX(q.x), p.dotY(q.lo), p.dotY(q.mid), p.dotY(q.hi)
		if math.IsNaN(qx) || math.IsNaN(qmid) {
			if columns > 0 {
				join(x, top, x, bottom, columns == 1)
			}
			columns = 0
			continue
		}
		if math.IsNaN(qlo) { // a minimum of zero on a logarithmic axis
			qlo = qmid
		}
		switch {
		case columns == 0:
			top, bottom, columns = qhi, qlo, 1
		case qx == x:
			top, bottom = min(top, qhi), max(bottom, qlo)
		default:
			join(x, top, x, bottom, false)
			join(x, last, qx, qmid, false)
			top, bottom = qhi, qlo
			columns++
		}
		x, last = qx, qmid
	}
	if columns > 0 {
		join(x, top, x, bottom, columns == 1)
	}
}

// at returns the point of s nearest to a value of X, and whether there is one.
func (s *Series) at(x float64) (best point, ok bool) {
	distance := math.Inf(1)
	for q := range s.points {
		if d := math.Abs(q.x - x); d < distance {
			best, distance, ok = q, d, true
		}
	}
	return best, ok
}
