package views

import "strconv"

// Heatmap draws a matrix, units down and time across, as colours: two values a
// cell, the upper half block in one's colour on the other's. Where a terminal
// has no colours or no half blocks, a cell is one value as a shade or a letter.
//
//	17 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀   a label names the upper of its row's two units
//	93 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
//	   0         10     ▲16   the axis: time steps, and where the cursor is
//
// Units or steps that have no cell of their own share one, which shows the value
// of largest magnitude; a cell that holds any NaN or infinity is an x. How many
// share a cell, what the colours' ends mean and how many values lie beyond them
// is in the Reading that Draw returns, for Legend to say.
type Heatmap struct {
	Matrix
	Order    []int    // rows from top to bottom, nil for all as they come
	From, To int      // columns, To = 0 for all from From on
	Labels   []string // of rows; nil for their numbers
	Palette  *Palette // nil for the theme's diverging one

	// Min and Max are the ends of the scale. When Max is not above Min the
	// scale is local: that of the values shown, with zero in the middle of a
	// diverging palette and at the start of a sequential one unless there are
	// values below it.
	Min, Max float64

	// Widest is how many cells a column may take when there is room, 0 for one.
	Widest int

	Axis   bool // a row below with the columns' numbers
	Origin int  // the number of column 0

	Cursor HeatmapCursor

	// Sweep says that the columns are a ring that is written at Newest like the
	// screen of an oscilloscope: a line is drawn over the oldest column, the one
	// that will be overwritten next.
	Sweep  bool
	Newest int

	reduced []float32 // the value of each cell's halves, row by row
	legend  legendText
}

// HeatmapCursor is a place in a heatmap: a row by its position in Order, and a
// column.
type HeatmapCursor struct {
	On       bool
	Row, Col int
}

// in says whether the cursor is on a value that h shows.
func (p HeatmapCursor) in(h *Heatmap) bool {
	return p.On && p.Row >= 0 && p.Row < h.rows() && p.Col >= h.From && p.Col < h.From+h.columns()
}

// Matrix is rows by columns of a flat buffer, which stays the caller's.
type Matrix struct {
	Data                             []float32
	Rows, Cols, RowStride, ColStride int
}

// TimeMajor returns [T, H] values as a matrix of H rows and T columns.
func TimeMajor(data []float32, hidden int) Matrix {
	if hidden <= 0 || len(data)%hidden != 0 {
		panic("views: TimeMajor: " + strconv.Itoa(len(data)) + " values are not steps of " + strconv.Itoa(hidden))
	}
	return Matrix{Data: data, Rows: hidden, Cols: len(data) / hidden, RowStride: 1, ColStride: hidden}
}

// Reading is how a heatmap was drawn.
type Reading struct {
	Min, Max      float64 // of the scale
	Local, Signed bool
	Units, Steps  int // how many of them share a cell, 1 when none do
	Beyond        int // cells whose value is outside the scale
	NotFinite     int // cells with a NaN or an infinity
	Rows          int // of the rectangle, that the map and its axis took
}

// Draw draws h in a rectangle of c and says how to read it. What is outside of
// c's clip is not computed.
func (h *Heatmap) Draw(c *Canvas, area Rect, th *Theme) Reading {
	p := h.palette(th)
	l := h.layout(area, th)
	read := Reading{Signed: p.Signed, Units: l.units, Steps: l.steps}
	if l.slots == 0 {
		return read
	}
	old := c.Clip(area)
	defer c.SetClip(old)
	lo, hi := h.reduce(&l, &read)
	h.scale(&read, lo, hi)
	h.count(&read)
	for row := 0; row*l.perRow < l.slots; row++ {
		if y := area.Y + row; y >= c.clip.Y && y < c.clip.Y+c.clip.H {
			h.drawLabel(c, &l, area.X, y, row, th)
			h.drawRow(c, &l, y, row, &read, p, th)
		}
	}
	read.Rows = ceil(l.slots, l.perRow)
	if l.axis {
		h.drawAxis(c, &l, area.Y+read.Rows, th)
		read.Rows++
	}
	return read
}

// At returns the row (its position in Order) and the column drawn at cell
// (x, y), the first where several share it.
func (h *Heatmap) At(area Rect, th *Theme, x, y int) (row, col int, ok bool) {
	l := h.layout(area, th)
	slot, at := (y-area.Y)*l.perRow, x-l.x
	if y < area.Y || slot >= l.slots || at < 0 || at >= l.cells*l.width {
		return 0, 0, false
	}
	return slot * l.units, h.From + at/l.width*l.steps, true
}

func (h *Heatmap) palette(th *Theme) *Palette {
	if h.Palette != nil {
		return h.Palette
	}
	return th.Diverging
}

// rows returns how many rows are shown, row which one is at a position.
func (h *Heatmap) rows() int {
	if h.Order != nil {
		return len(h.Order)
	}
	return h.Rows
}

func (h *Heatmap) row(position int) int {
	if h.Order != nil {
		return h.Order[position]
	}
	return position
}

// columns returns how many columns are shown.
func (h *Heatmap) columns() int {
	to := h.Cols
	if h.To > 0 {
		to = min(to, h.To)
	}
	return max(to-h.From, 0)
}

// layout is where things are: slots of one or two a row of cells, each of one
// or more units; cells across, each of one or more steps.
type layout struct {
	gutter       int // columns that labels take
	x            int // where the first cell is
	perRow       int // slots in a row of cells
	slots, units int // units that share a slot
	cells, steps int // steps that share a cell
	width        int // columns a cell takes
	axis         bool
}

func (h *Heatmap) layout(area Rect, th *Theme) layout {
	n, cols := h.rows(), h.columns()
	l := layout{perRow: 2, units: 1, steps: 1, width: 1, axis: h.Axis && area.H > 1}
	if th.ASCII || th.Profile == NoColor {
		l.perRow = 1
	}
	l.gutter = min(h.labelWidth()+1, area.W/3)
	room, high := area.W-l.gutter, area.H
	if l.axis {
		high--
	}
	if l.x = area.X + l.gutter; n == 0 || cols == 0 || room <= 0 || high <= 0 {
		return l
	}
	l.units = ceil(n, high*l.perRow)
	l.slots = ceil(n, l.units)
	l.steps = ceil(cols, room)
	l.cells = ceil(cols, l.steps)
	l.width = max(min(room/l.cells, h.Widest), 1)
	return l
}

func ceil(n, d int) int { return (n + d - 1) / d }

// drawRow paints one row of cells.
func (h *Heatmap) drawRow(c *Canvas, l *layout, y, row int, read *Reading, p *Palette, th *Theme) {
	upper := h.reduced[row*l.perRow*l.cells:][:l.cells]
	var lower []float32 // nil: a cell is one value, or the last row has no lower half
	if l.perRow == 2 && row*2+1 < l.slots {
		lower = h.reduced[(row*2+1)*l.cells:][:l.cells]
	}
	line := -1
	if h.Sweep {
		line = ((h.Newest+1)%h.Cols - h.From) / l.steps
	}
	at, half := -1, 0 // the cursor
	if slot := h.Cursor.Row / l.units; h.Cursor.in(h) && slot/l.perRow == row {
		at, half = (h.Cursor.Col-h.From)/l.steps, slot%l.perRow
	}
	ramp := p.ramp(th)
	for i, up := range upper {
		var glyph rune
		var s Style
		k, bad := read.index(up)
		switch {
		case l.perRow == 1:
			glyph, s = ramp[int(k)*len(ramp)/256], Style{p.ink[k], p.Colors[k], 0}
		case lower == nil:
			glyph, s = '▀', Style{FG: p.Colors[k]}
		default:
			m, alsoBad := read.index(lower[i])
			glyph, s, bad = '▀', Style{FG: p.Colors[k], BG: p.Colors[m]}, bad || alsoBad
		}
		switch {
		case i == at && l.perRow == 1:
			glyph, s = '+', th.Cursor
		case i == at && half == 0:
			s.FG = th.Cursor.FG
		case i == at:
			s.BG = th.Cursor.FG
		case bad:
			glyph, s = 'x', th.NotFinite
		case i == line:
			glyph, s = '▏', th.Accent
		case s.FG == s.BG && l.perRow == 2:
			glyph, s.FG = ' ', 0
		}
		for j := range l.width {
			c.put(l.x+i*l.width+j, y, glyph, 1, s)
			if glyph == '▏' {
				glyph, s = ' ', Style{}
			}
		}
	}
}

// The ramps stand for colours where there are none, from the low end of the
// scale to the high. Of values with a sign those below zero are letters.
var (
	shades       = []rune(" ░▒▓█")
	signedShades = []rune("dcba ░▒▓█")
	digits       = []rune(" 123456789")
	signedDigits = []rune("dcba 1234")
)

func (p *Palette) ramp(th *Theme) []rune {
	switch {
	case p.Signed && th.ASCII:
		return signedDigits
	case p.Signed:
		return signedShades
	case th.ASCII:
		return digits
	}
	return shades
}
