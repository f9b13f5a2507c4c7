package views

import (
	"fmt"
	"math"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// HeatmapWords are the words of a legend, in the user's language. Those with a
// %d say a number.
type HeatmapWords struct {
	Local, Global string // "scale of this map", "scale of all maps"
	Units, Steps  string // "%d units a cell", "%d steps a cell"
	NotFinite     string // "%d not finite"
	Beyond        string // "%d beyond the scale"
}

// legendText is a legend as it was last written.
type legendText struct {
	read     Reading
	words    HeatmapWords
	min, max string
	parts    [5]string
}

// Legend says in one row how to read a heatmap that Draw drew: the scale with
// its numbers, and what a reader must know not to misread it, the most important
// first. What does not fit in w columns is left out whole. It returns the column
// after its end.
//
//	-1 ▆▆▆▆▆▆ 0 ▆▆▆▆▆▆ +1   x 3 not finite · 4 units a cell
func (h *Heatmap) Legend(c *Canvas, x, y, w int, read Reading, th *Theme, words HeatmapWords) (end int) {
	if read.Max <= read.Min {
		return x // nothing was drawn
	}
	h.legend.write(read, words)
	right := x + w
	p := h.palette(th)
	x = c.drawScale(x, y, right, h.legend.min, h.legend.max, p, th)
	gap := "  "
	for _, part := range h.legend.parts {
		if part == "" || x+ansi.StringWidth(gap)+ansi.StringWidth(part) > right {
			continue
		}
		x = c.Text(x, y, gap, th.Dim)
		x = c.Text(x, y, part, th.Dim)
		gap = " · "
	}
	return x
}

// write makes the texts again when they have changed.
func (l *legendText) write(read Reading, words HeatmapWords) {
	if read == l.read && words == l.words {
		return
	}
	*l = legendText{read: read, words: words, min: figures(read.Min, false), max: figures(read.Max, read.Signed)}
	if read.NotFinite > 0 {
		l.parts[0] = "x " + fmt.Sprintf(words.NotFinite, read.NotFinite)
	}
	if l.parts[1] = words.Global; read.Local {
		l.parts[1] = words.Local
	}
	if read.Units > 1 {
		l.parts[2] = fmt.Sprintf(words.Units, read.Units)
	}
	if read.Steps > 1 {
		l.parts[3] = fmt.Sprintf(words.Steps, read.Steps)
	}
	if read.Beyond > 0 {
		l.parts[4] = fmt.Sprintf(words.Beyond, read.Beyond)
	}
}

// scaleCells is how many cells a scale's colours take where there is room.
const scaleCells = 12

// drawScale draws a palette between its ends' numbers, with zero in the middle
// of one with a sign, and returns the column after its end. It draws nothing
// when there is no room for the numbers and four cells.
func (c *Canvas) drawScale(x, y, right int, low, high string, p *Palette, th *Theme) (end int) {
	words := len(low) + len(high) + 2
	if p.Signed {
		words += 3
	}
	n := min(right-x-words, scaleCells)
	if n < 4 {
		return x
	}
	if p.Signed {
		n -= n % 2
	}
	x = c.Text(x, y, low, th.Text) + 1
	ramp := p.ramp(th)
	for i := range n {
		if p.Signed && i == n/2 {
			x = c.Text(x, y, " 0 ", th.Text)
		}
		k := paletteIndex(float64(i) / float64(n-1))
		if th.ASCII || th.Profile == NoColor {
			c.Set(x, y, ramp[int(k)*len(ramp)/256], Style{p.ink[k], p.Colors[k], 0})
		} else {
			c.Set(x, y, '▆', Style{FG: p.Colors[k]})
		}
		x++
	}
	return c.Text(x+1, y, high, th.Text)
}

// figures writes a number of a scale with three significant figures, with a
// plus where both signs occur.
func figures(v float64, plus bool) string {
	s := strconv.FormatFloat(v, 'g', 3, 64)
	if a := math.Abs(v); a >= 1 && a < 1e6 {
		s = strconv.FormatFloat(v, 'g', max(3, decimals(int(a))), 64)
	}
	if plus && v > 0 {
		return "+" + s
	}
	return s
}
