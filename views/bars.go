package views

import "math"

// Bars draws a value a row, to an eighth of a cell:
//
//	 e  ██████████▋░░░  0.31
//	 a  ████▏███        0.22     ▏ in the bar and ░ beyond it: the second value
//	的  ██▎             0.07
//
// A value that is not zero has some ink, a second value from half a cell on.
// Where values are negative, bars go both ways from a common zero.
type Bars struct {
	Rows       []Bar
	Min, Max   float64 // the scale; when equal, from zero to what the rows hold
	LabelWidth int     // columns for the labels; 0: the widest, at most a third of the area
	First      int     // the row at the top
}

// Bar is a row of Bars.
type Bar struct {
	Label  string
	Value  float64
	Ghost  float64 // a second value to compare with; 0 or NaN: none
	Note   string  // at the right, usually the value
	Marked bool    // what a key acts on
	Style  Style   // the zero Style: the theme's first series
}

// Draw draws as many rows as an area has.
func (b Bars) Draw(c *Canvas, area Rect, t *Theme) {
	if b.First < 0 || b.First >= len(b.Rows) {
		return
	}
	defer c.SetClip(c.Clip(area))
	rows := b.Rows[b.First:]
	rows = rows[:max(min(len(rows), area.H), 0)]
	label, note := b.columns(area.W)
	track := Rect{area.X + label, area.Y, max(area.W-label-note, 0), 1}
	zero, unit := b.scale(track.W)
	for i := range rows {
		r := &rows[i]
		track.Y = area.Y + i
		st := t.Text
		if r.Marked {
			st = t.Cursor
		}
		if label > 1 {
			c.Text(area.X, track.Y, Pad(r.Label, label-1, Left), st)
		}
		if note > 1 {
			c.Text(area.X+area.W-note+1, track.Y, Pad(r.Note, note-1, Right), t.Text)
		}
		bar := r.Style
		if bar == (Style{}) {
			bar = t.Series[0]
		}
		drawBar(c, track, zero, length(r.Value, unit), length(r.Ghost, unit), bar, t)
	}
}

// columns returns the columns of the labels and the notes, with a space; the
// bars come before the notes when room is short.
func (b Bars) columns(w int) (label, note int) {
	label = b.LabelWidth
	for i := range b.Rows {
		if b.LabelWidth == 0 {
			label = max(label, Width(b.Rows[i].Label))
		}
		note = max(note, Width(b.Rows[i].Note))
	}
	if b.LabelWidth == 0 {
		label = min(label, w/3)
	}
	if label > 0 {
		label++
	}
	if note > 0 {
		note++
	}
	if w-label-note < 4 {
		note = 0
	}
	return label, note
}

// scale returns the column of zero and how many eighths of a cell one is, for
// bars in w columns.
func (b Bars) scale(w int) (zero int, unit float64) {
	lo, hi := b.Min, b.Max
	if !(lo < hi) {
		var e extent
		e.add(0, false)
		for i := range b.Rows {
			e.add(b.Rows[i].Value, false)
			e.add(b.Rows[i].Ghost, false)
		}
		lo, hi = e.lo, e.hi
	}
	lo, hi = min(lo, 0), max(hi, 0)
	if lo == hi {
		return 0, 0
	}
	zero = int(math.Round(float64(w) * -lo / (hi - lo)))
	unit = math.Inf(1)
	if hi > 0 {
		unit = float64(8*(w-zero)) / hi
	}
	if lo < 0 {
		unit = min(unit, float64(8*zero)/-lo)
	}
	return zero, unit
}

// length returns a value in eighths of a cell. What is not zero has some.
func length(v, unit float64) int {
	const most = 1 << 20
	n := v * unit
	switch {
	case math.IsNaN(n):
		return 0
	case n > 0:
		return int(max(math.Round(min(n, most)), 1))
	case n < 0:
		return int(min(math.Round(max(n, -most)), -1))
	}
	return 0
}

// leftEighths are the bars that fill a cell from the left.
var leftEighths = [...]rune{' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'}

// drawBar draws a bar and its ghost, both in eighths of a cell to either side of
// column zero of a track.
func drawBar(c *Canvas, track Rect, zero, value, ghost int, st Style, t *Theme) {
	defer c.SetClip(c.Clip(track))
	right := value > 0 || value == 0 && ghost >= 0
	// put draws in the cell that is k cells away from zero.
	put := func(right bool, k int, r rune, st Style) {
		if right {
			c.Set(track.X+zero+k, track.Y, r, st)
		} else {
			c.Set(track.X+zero-1-k, track.Y, r, st)
		}
	}
	length, second := max(value, -value), max(ghost, -ghost)
	for k := range min(length/8, track.W) {
		put(right, k, '█', st)
	}
	if rest := length % 8; rest > 0 && right {
		put(right, length/8, leftEighths[rest], st)
	} else if rest > 0 {
		// No character fills a cell from the right: what is left empty is drawn
		// from the left and swapped with the rest.
		put(right, length/8, leftEighths[8-rest], st.With(Reverse))
	}
	if ghost != 0 && right != (ghost > 0) {
		right, length = !right, 0
	}
	switch at := (second + 4) / 8; {
	case ghost == 0:
	case at < length/8 && right:
		put(right, at, '▏', st.With(Reverse))
	case at < length/8:
		put(right, at, '▕', st.With(Reverse))
	default: // to the nearest cell: next to nothing is not shown as a whole one
		for k := (length + 7) / 8; k < min(at, track.W); k++ {
			put(right, k, '░', t.Dim)
		}
	}
}
