package views

import "math"

// Spark is a line chart small enough to stand in a line of text: a bar a value,
// in steps of an eighth of a cell, the smallest value one step high. NaN is a
// space. Where values are more than columns a column shows that value of its
// group which is farthest from the mean of all, so that neither a peak nor a
// dip is lost.
type Spark struct {
	Values   []float64
	Min, Max float64  // the scale; when equal, that of the values
	Zero     bool     // a scale from the values begins at zero
	Log      bool     // the scale is logarithmic
	Limit    *float64 // larger values are drawn as warnings
	Cursor   *int     // the value that a key acts on
	Style    Style    // the zero Style: the theme's first series
}

// Draw draws the bars upwards from the bottom of an area, from its left.
func (v Spark) Draw(c *Canvas, area Rect, t *Theme) {
	n := len(v.Values)
	if n == 0 || area.W <= 0 || area.H <= 0 {
		return
	}
	scale, mean := v.scale()
	st := v.Style
	if st == (Style{}) {
		st = t.Series[0]
	}
	for x := range min(n, area.W) {
		lo, hi := v.group(x, area.W)
		value := outlier(v.Values[lo:hi], mean)
		style := st
		if v.Limit != nil && value > *v.Limit {
			style = t.Warn
		}
		if v.Cursor != nil && *v.Cursor >= lo && *v.Cursor < hi {
			style = t.Cursor
			c.Fill(Rect{area.X + x, area.Y, 1, area.H}, ' ', style)
		}
		drawColumn(c, area.X+x, area, scale.At(value), style)
	}
}

// group returns the values that column x of w shows: from lo to hi-1.
func (v Spark) group(x, w int) (lo, hi int) {
	n := len(v.Values)
	if n <= w {
		return x, x + 1
	}
	return x * n / w, (x + 1) * n / w
}

func (v Spark) scale() (s Scale, mean float64) {
	var e extent
	var sum float64
	var count int
	for _, y := range v.Values {
		e.add(y, v.Log)
		if !math.IsNaN(y) && !math.IsInf(y, 0) {
			sum += y / float64(len(v.Values))
			count++
		}
	}
	if count > 0 {
		mean = sum * float64(len(v.Values)) / float64(count)
	}
	if v.Zero && !v.Log {
		e.add(0, false)
	}
	return Axis{Min: v.Min, Max: v.Max, Log: v.Log}.scale(e), mean
}

// outlier returns the finite value that is farthest from mean, NaN if there is
// none.
func outlier(values []float64, mean float64) float64 {
	best, distance := math.NaN(), -1.0
	for _, y := range values {
		if d := math.Abs(y - mean); d > distance && !math.IsInf(y, 0) {
			best, distance = y, d
		}
	}
	return best
}

// eighths are the bars that fill a cell from below.
var eighths = [...]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// drawColumn draws a bar upwards from the bottom of an area: one eighth of a
// cell for 0, all rows for 1, nothing for NaN.
func drawColumn(c *Canvas, x int, area Rect, at float64, st Style) {
	if math.IsNaN(at) {
		return
	}
	level := 1 + int(math.Round(min(max(at, 0), 1)*float64(8*area.H-1)))
	for y := area.Y + area.H - 1; level > 0; y-- {
		c.Set(x, y, eighths[min(level, 8)], st)
		level -= 8
	}
}
