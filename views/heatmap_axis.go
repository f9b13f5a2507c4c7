package views

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// labelWidth returns the columns that the longest label takes.
func (h *Heatmap) labelWidth() int {
	widest, largest := 0, 0
	for i := range h.rows() {
		if r := h.row(i); h.Labels != nil {
			widest = max(widest, ansi.StringWidth(h.Labels[r]))
		} else {
			largest = max(largest, r)
		}
	}
	if h.Labels == nil {
		widest = decimals(largest)
	}
	return widest
}

// decimals returns how many figures a number that is not negative has.
func decimals(n int) int {
	d := 1
	for ; n >= 10; n /= 10 {
		d++
	}
	return d
}

// drawLabel names the upper unit of a row of cells, or the unit under the
// cursor, which it marks.
func (h *Heatmap) drawLabel(c *Canvas, l *layout, x, y, row int, th *Theme) {
	if l.gutter < 2 {
		return
	}
	position, s := row*l.perRow*l.units, th.Dim
	if at := h.Cursor.Row; h.Cursor.in(h) && at/l.units/l.perRow == row {
		position, s = at, th.Cursor
	}
	r := h.row(position)
	old := c.Clip(Rect{x, y, l.gutter - 1, 1})
	defer c.SetClip(old)
	c.Fill(Rect{x, y, l.gutter - 1, 1}, ' ', Style{})
	if h.Labels != nil {
		c.Text(max(x, x+l.gutter-1-ansi.StringWidth(h.Labels[r])), y, h.Labels[r], s)
		return
	}
	if first := x + l.gutter - 1 - decimals(r); first >= x {
		c.number(first, y, r, s)
	}
}

// drawAxis numbers the columns at round distances and marks and numbers the one
// under the cursor, or the newest of a sweep, whose other columns have no number
// of their own.
func (h *Heatmap) drawAxis(c *Canvas, l *layout, y int, th *Theme) {
	first, last := h.From, h.From+h.columns()-1
	right := l.x + l.cells*l.width
	c.Fill(Rect{l.x - l.gutter, y, right - l.x + l.gutter, 1}, ' ', Style{})
	from, to := right+1, right+1 // of the mark and its number
	mark := -1
	switch {
	case h.Cursor.in(h):
		mark = h.Cursor.Col
	case h.Sweep:
		mark = h.Newest
	}
	if s := (Style{FG: th.Cursor.FG, Attr: Bold}); mark >= first && mark <= last {
		from = l.x + (mark-first)/l.steps*l.width + (l.width-1)/2
		to = from + 1
		c.Set(from, y, '▲', s)
		if n := mark + h.Origin; n >= 0 && !h.Sweep {
			if w := decimals(n); to+w <= right {
				c.number(to, y, n, s)
				to += w
			} else {
				from -= w
				c.number(from, y, n, s)
			}
		}
	}
	if h.Sweep {
		return
	}
	widest := decimals(max(last+h.Origin, 0))
	every := round(ceil((widest+3)*l.steps, l.width))
	for n := max(ceil(first+h.Origin, every)*every, 0); n <= last+h.Origin; n += every {
		x := l.x + (n-h.Origin-first)/l.steps*l.width
		if end := x + decimals(n); end <= right && (end < from || x > to) {
			c.number(x, y, n, th.Dim)
		}
	}
}

// round returns the least of 1, 2, 5, 10, 20, 50, … that is not below n.
func round(n int) int {
	for power := 1; ; power *= 10 {
		for _, d := range [3]int{1, 2, 5} {
			if d*power >= n {
				return d * power
			}
		}
	}
}

// number draws n, which is not negative, without making a string of it.
func (c *Canvas) number(x, y, n int, s Style) {
	var buf [20]byte
	for i, b := range strconv.AppendInt(buf[:0], int64(n), 10) {
		c.Set(x+i, y, rune(b), s)
	}
}
