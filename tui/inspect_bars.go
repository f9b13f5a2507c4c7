package tui

import (
	"math"

	"rnnscope/views"
)

var barEighths = [...]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// bar fills a share of an area from below, in eighths of a cell; what is not 0
// has one.
func bar(c *views.Canvas, r views.Rect, share float64, st views.Style) {
	if !(share > 0) {
		return
	}
	level := max(1, int(math.Round(math.Min(1, share)*float64(8*r.H))))
	for y := r.Y + r.H - 1; y >= r.Y && level > 0; y-- {
		c.Fill(views.Rect{X: r.X, Y: y, W: r.W, H: 1}, barEighths[min(level, 8)], st)
		level -= 8
	}
}

// hanging fills a share of an area from above. No character fills a cell from
// above, so what stays empty is drawn and swapped with the rest.
func hanging(c *views.Canvas, r views.Rect, share float64, st views.Style) {
	if !(share > 0) {
		return
	}
	level := max(1, int(math.Round(math.Min(1, share)*float64(8*r.H))))
	for y := r.Y; y < r.Y+r.H && level > 0; y++ {
		row := views.Rect{X: r.X, Y: y, W: r.W, H: 1}
		if level >= 8 {
			c.Fill(row, '█', st)
		} else {
			c.Fill(row, barEighths[8-level], st.With(views.Reverse))
		}
		level -= 8
	}
}

// signed draws a value from -1 to 1 from the middle of an area, whose height is
// even: up above zero, down below.
func signed(c *views.Canvas, r views.Rect, v float64, up, down views.Style) {
	half := r.H / 2
	if v > 0 {
		bar(c, views.Rect{X: r.X, Y: r.Y, W: r.W, H: half}, v, up)
	} else {
		hanging(c, views.Rect{X: r.X, Y: r.Y + half, W: r.W, H: half}, -v, down)
	}
}

// What stands for colours from -1 to 1 where there are none, as in heatmaps:
// values below zero are letters.
var (
	shades  = []rune("dcba ░▒▓█")
	letters = []rune("dcba 1234")
)

// swatches draws values as colours in a row of so many cells, several values a
// cell where they are more: that of the largest magnitude is shown.
func swatches(c *views.Canvas, x, y, w int, values []float32, least, most float64, palette *views.Palette, th *views.Theme) {
	cells := min(w, len(values))
	for i := range cells {
		lo, hi := i*len(values)/cells, (i+1)*len(values)/cells
		best := values[lo]
		for _, v := range values[lo:hi] {
			if v != v || math.Abs(float64(v)) > math.Abs(float64(best)) {
				best = v
			}
		}
		if best != best {
			c.Set(x+i, y, 'x', th.NotFinite)
			continue
		}
		at := (float64(best) - least) / (most - least)
		if th.Profile == views.NoColor || th.ASCII {
			ramp := shades
			if th.ASCII {
				ramp = letters
			}
			c.Set(x+i, y, ramp[max(0, min(len(ramp)-1, int(at*float64(len(ramp)))))], th.Text)
			continue
		}
		c.Set(x+i, y, ' ', views.Style{BG: palette.At(math.Max(0, math.Min(1, at)))})
	}
}
