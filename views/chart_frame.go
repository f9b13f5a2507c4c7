package views

import "math"

// Below these sizes a chart leaves parts of its frame out, to keep its points.
const (
	rowsForNumbers = 4  // rows of an area with the numbers of the horizontal axis
	rowsForLine    = 7  // with the line of the horizontal axis too
	rowsForLegend  = 5  // rows for each row of the legend
	columnsForAxis = 12 // columns of points beside the vertical axis
)

// frame draws the axes of a chart in an area and returns the cells that are
// left for its points, below the rows of the legend.
func (v *LineChart) frame(c *Canvas, area Rect, t *Theme, p Plot, legend int) Rect {
	plot := area
	plot.Y += legend
	plot.H -= legend
	if area.H >= rowsForNumbers {
		plot.H--
	}
	line := area.H >= rowsForLine
	if line {
		plot.H--
	}
	ticks := p.Y.Ticks(max(plot.H/3, 2), v.Y.Whole)
	gutter := 0
	for _, k := range ticks {
		gutter = max(gutter, Width(k.Label))
	}
	if plot.W-gutter-1 < columnsForAxis {
		gutter = -1
	}
	plot.X += gutter + 1
	plot.W -= gutter + 1
	p.Area = plot
	if gutter >= 0 {
		v.verticalAxis(c, p, t, ticks, gutter)
	}
	if line {
		if gutter >= 0 {
			c.Set(plot.X-1, plot.Y+plot.H, '╰', t.Frame)
		}
		c.Fill(Rect{plot.X, plot.Y + plot.H, plot.W, 1}, '─', t.Frame)
	}
	if area.H >= rowsForNumbers {
		v.horizontalAxis(c, p, t, area.Y+area.H-1, line)
	}
	return plot
}

func (v *LineChart) verticalAxis(c *Canvas, p Plot, t *Theme, ticks []Tick, gutter int) {
	c.Fill(Rect{p.Area.X - 1, p.Area.Y, 1, p.Area.H}, '│', t.Frame)
	for _, k := range ticks {
		row := p.dotY(k.Value)
		if math.IsNaN(row) || row < 0 || row >= float64(4*p.Area.H) {
			continue
		}
		y := p.Area.Y + int(row)/4
		c.Text(p.Area.X-1-Width(k.Label), y, k.Label, t.Dim)
		c.Set(p.Area.X-1, y, '┤', t.Frame)
	}
}

// horizontalAxis writes as many numbers as stand apart in a row, and the name
// of the axis at its end.
func (v *LineChart) horizontalAxis(c *Canvas, p Plot, t *Theme, y int, line bool) {
	right := p.Area.X + p.Area.W
	if w := Width(v.X.Name); w > 0 && w <= p.Area.W/2 {
		right -= w
		c.Text(right, y, v.X.Name, t.Dim)
		right--
	}
	var ticks []Tick
	for n := max(p.Area.W/6, 2); n >= 1; n-- {
		if ticks = p.X.Ticks(n, v.X.Whole); spaced(ticks, p, right) {
			break
		}
	}
	for _, k := range ticks {
		at, ok := p.Column(k.Value)
		x := p.label(k, at)
		if !ok || x+Width(k.Label) > right {
			continue
		}
		c.Text(x, y, k.Label, t.Dim)
		if line {
			c.Set(at, p.Area.Y+p.Area.H, '┬', t.Frame)
		}
	}
}

// label returns where the label of a tick at a column begins: centred below it,
// or moved into the plot.
func (p Plot) label(k Tick, at int) int { return max(at-(Width(k.Label)-1)/2, p.Area.X) }

// spaced says whether the labels of a row have two spaces between them. Those
// that reach beyond its right end are not drawn.
func spaced(ticks []Tick, p Plot, right int) bool {
	end := math.MinInt
	for _, k := range ticks {
		at, _ := p.Column(k.Value)
		x := p.label(k, at)
		if x < end+2 {
			return false
		}
		if end = x + Width(k.Label); end > right {
			return true
		}
	}
	return true
}
