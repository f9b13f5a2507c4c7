package views

import (
	"math"
	"slices"
)

// Dial shows values as needles on a logarithmic axis from Min to Max:
//
//	            ╭ LSTM 4.9
//	            │  ╭ 3-gram 9.1
//	├─────┬─────┴┬─┴──┬────────────┤
//	1     2      5    10          63
//
// In two rows needles have no names, in one row the axis has its ends and the
// powers of ten, which show that it is logarithmic:
//
//	1 ├───────▲────────┼10─────────┤ 63
type Dial struct {
	Min, Max float64
	Needles  []Needle // the later wins where two are in one column
}

// Needle is a value on a dial. One beyond its ends is drawn at the end.
type Needle struct {
	Label string
	Value float64
	Style Style // the zero Style: the theme's for its place among the needles
}

func (n Needle) style(i int, t *Theme) Style {
	if n.Style != (Style{}) {
		return n.Style
	}
	return t.Series[i%len(t.Series)]
}

// Draw draws the dial at the bottom of an area.
func (d Dial) Draw(c *Canvas, area Rect, t *Theme) {
	if area.H <= 0 || area.W < 3 || !(d.Min > 0 && d.Max > d.Min && d.Max <= largest) {
		return
	}
	defer c.SetClip(c.Clip(area))
	scale := Scale{d.Min, d.Max, true}
	axis := Rect{area.X, area.Y + area.H - 1, area.W, 1}
	if area.H == 1 {
		lo, hi := Figures(d.Min), Figures(d.Max)
		axis.X += Width(lo) + 1
		axis.W -= Width(lo) + Width(hi) + 2
		if axis.W < 3 {
			return
		}
		c.Text(area.X, axis.Y, lo, t.Dim)
		c.Text(axis.X+axis.W+1, axis.Y, hi, t.Dim)
	} else {
		axis.Y--
	}
	c.Fill(axis, '─', t.Frame)
	c.Set(axis.X, axis.Y, '├', t.Frame)
	c.Set(axis.X+axis.W-1, axis.Y, '┤', t.Frame)
	if area.H > 1 {
		drawNumbers(c, axis, scale, t)
	} else {
		d.drawPowers(c, axis, scale, t)
	}
	d.drawNeedles(c, axis, Rect{area.X, area.Y, area.W, max(area.H-2, 0)}, scale, t)
}

// drawNumbers labels the ends of the axis and what fits between them.
func drawNumbers(c *Canvas, axis Rect, s Scale, t *Theme) {
	lo, hi := Figures(s.Min), Figures(s.Max)
	c.Text(axis.X, axis.Y+1, lo, t.Dim)
	c.Text(axis.X+axis.W-Width(hi), axis.Y+1, hi, t.Dim)
	end, limit := axis.X+Width(lo)+1, axis.X+axis.W-Width(hi)-1
	for _, k := range s.Ticks(max(axis.W/6, 1), false) {
		at := column(axis, s, k.Value)
		x, w := at-(Width(k.Label)-1)/2, Width(k.Label)
		if x < end || x+w > limit {
			continue
		}
		c.Set(at, axis.Y, '┬', t.Frame)
		end = c.Text(x, axis.Y+1, k.Label, t.Dim) + 1
	}
}

// drawPowers marks the powers of ten on an axis of one row, with their numbers
// where no needle and no end is in the way.
func (d Dial) drawPowers(c *Canvas, axis Rect, s Scale, t *Theme) {
	for v := math.Pow(10, math.Floor(math.Log10(s.Min))+1); v < s.Max; v *= 10 {
		at, text := column(axis, s, v), Figures(v)
		if at <= axis.X || at >= axis.X+axis.W-1 {
			continue
		}
		mark := '┼'
		if t.ASCII {
			mark = '|' // "+10" would be read as a sum
		}
		c.Set(at, axis.Y, mark, t.Frame)
		end := at + 1 + Width(text)
		covered := slices.ContainsFunc(d.Needles, func(n Needle) bool {
			x := column(axis, s, n.Value)
			return n.Value > 0 && at <= x && x <= end
		})
		if !covered && end < axis.X+axis.W-1 {
			c.Text(at+1, axis.Y, text, t.Dim)
		}
	}
}

// column returns where on an axis a value is, the nearer end if it is beyond.
func column(axis Rect, s Scale, v float64) int {
	return axis.X + int(math.Round(s.At(min(max(v, s.Min), s.Max))*float64(axis.W-1)))
}

// drawNeedles draws the needles on the axis and, in the rows above, as many of
// their names as have room, the rightmost as low as it can be.
func (d Dial) drawNeedles(c *Canvas, axis, names Rect, s Scale, t *Theme) {
	order := make([]int, 0, len(d.Needles))
	for i, n := range d.Needles {
		if n.Value > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return column(axis, s, d.Needles[j].Value) - column(axis, s, d.Needles[i].Value)
	})
	used := make([]int, names.W*names.H)
	for _, i := range order {
		n := d.Needles[i]
		at, st := column(axis, s, n.Value), n.style(i, t).With(Bold)
		if n.Label == "" || !nameNeedle(c, names, used, at, n.Label, st) {
			c.Set(at, axis.Y, '▲', st)
			continue
		}
		c.Set(at, axis.Y, '┴', st)
	}
}

// nameNeedle writes a name in the lowest row of an area where neither it nor
// the line down to the axis in column at meets another, to the right of the
// line if that is possible, else to the left. Cells in use hold -1, or one more
// than the column whose line goes down there: names in one column share it.
func nameNeedle(c *Canvas, area Rect, used []int, at int, name string, st Style) bool {
	w, x := Width(name)+2, at-area.X
	free := func(from, y int) bool {
		if from < 0 || from+w > area.W {
			return false
		}
		for i := max(from-1, 0); i < min(from+w+1, area.W); i++ { // a space to either side
			if used[y*area.W+i] != 0 && i != x {
				return false
			}
		}
		for below := y; below < area.H; below++ {
			if u := used[below*area.W+x]; u != 0 && u != x+1 {
				return false
			}
		}
		return true
	}
	for _, side := range [...]struct {
		from, text int
		corner     rune
	}{{x, x + 2, '╭'}, {x + 1 - w, x + 1 - w, '╮'}} {
		for y := area.H - 1; y >= 0; y-- {
			if !free(side.from, y) {
				continue
			}
			for i := range w {
				used[y*area.W+side.from+i] = -1
			}
			c.Text(area.X+side.text, area.Y+y, name, st)
			for row := y; row < area.H; row++ {
				line := '│'
				switch c.Cell(at, area.Y+row).Text {
				case "╭", "├":
					line = '├'
				case "╮", "┤":
					line = '┤'
				}
				if row == y {
					line = side.corner
				}
				c.Set(at, area.Y+row, line, st)
				used[row*area.W+x] = x + 1
			}
			return true
		}
	}
	return false
}
