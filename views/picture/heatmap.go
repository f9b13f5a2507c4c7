package picture

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"rnnscope/views"
)

// Heatmap is a matrix, units down and time across, as colours, with the scale
// beside its name. Without a size it is at most 960 wide and as high as rows of 4 to 22
// CSS pixels need.
//
// Units or steps that have no pixel of their own share one, which shows the
// value of largest magnitude; the words say so, and the CSV has all of them.
type Heatmap struct {
	Page
	views.Matrix
	Order    []int // rows from top to bottom, nil for all as they come
	From, To int   // columns, To = 0 for all from From on
	Origin   int   // the number of column 0

	RowLabels    []string // by row of the matrix; nil for their numbers
	ColumnLabels []string // by column of the matrix, tokens; nil for their numbers

	// What rows, columns and values are, with their units.
	RowName, ColumnName, ValueName string

	// Min and Max are the ends of the scale. When Max is not above Min it is
	// that of the values shown, with zero in the middle of a diverging palette
	// and at the start of a sequential one unless there are values below it.
	Min, Max   float64
	Sequential bool // for magnitudes; else diverging, for values with a sign
	Words      views.HeatmapWords
}

// WriteSVG writes the map with its text as text.
func (h *Heatmap) WriteSVG(w io.Writer) error { return writeSVG(h.draw(), w) }

// WritePNG writes the map.
func (h *Heatmap) WritePNG(w io.Writer) error { return writePNG(h.draw(), w) }

// Missing returns the characters that no font at hand has.
func (h *Heatmap) Missing() []rune { return h.draw().missing() }

// WriteCSV writes one row a value, in the order shown, each with the numbers
// and labels of its row and column.
func (h *Heatmap) WriteCSV(w io.Writer) error {
	row, column := or(h.RowName, "row"), or(h.ColumnName, "column")
	t := newTable(w, row, row+" label", column, column+" label", or(h.ValueName, "value"))
	rows, columns := h.shown()
	for _, r := range rows {
		for _, c := range columns {
			t.row(whole(r), field(label(h.RowLabels, r)), whole(c+h.Origin), field(label(h.ColumnLabels, c)), exact32(h.at(r, c)))
		}
	}
	return t.end()
}

// label returns a row's or column's label, "" where it has none.
func label(labels []string, i int) string {
	if i < len(labels) {
		return labels[i]
	}
	return ""
}

func (h *Heatmap) at(r, c int) float32 { return h.Data[r*h.RowStride+c*h.ColStride] }

// shown returns the rows and columns of the matrix that are shown, in order.
func (h *Heatmap) shown() (rows, columns []int) {
	order := h.Order
	if order == nil {
		for r := range h.Rows {
			order = append(order, r)
		}
	}
	for _, r := range order {
		if r >= 0 && r < h.Rows {
			rows = append(rows, r)
		}
	}
	to := h.Cols
	if h.To > 0 {
		to = min(to, h.To)
	}
	for c := max(h.From, 0); c < to; c++ {
		columns = append(columns, c)
	}
	return rows, columns
}

// heatmapDrawing is a heatmap being laid out.
type heatmapDrawing struct {
	*Heatmap
	*drawing
	look
	rows, columns []int
	perRow        int     // units that share a row of cells
	perColumn     int     // steps that share a column of cells
	values        lattice // the colours
	lo, hi        float64 // of the scale
	bad           []int   // cells with what is not finite
	beyond        int     // cells outside of the scale
	local         bool
	palette       *views.Palette
	area          box
	cw, ch        float64
	widest        float64 // a column of cells
}

// Room in a heatmap, in CSS pixels.
const (
	heatmapRow      = 14 // of a unit where there is room
	heatmapRows     = 480
	heatmapScale    = 34 // the row with the scale
	heatmapGutter   = 140
	heatmapSlanted  = 90 // of labels that are turned upwards
	heatmapUnderRow = 17 // a line of labels
	heatmapCell     = 44 // the widest a step gets: a few need not fill a page
	heatmapNarrow   = 560
)

func (h *Heatmap) draw() *drawing {
	l := h.look()
	g := &heatmapDrawing{Heatmap: h, look: l, palette: l.theme.Diverging}
	if h.Sequential {
		g.palette = l.theme.Sequential
	}
	g.rows, g.columns = h.shown()
	gutter := g.gutter(within(h.Width, 960, narrowest, widest))
	g.widest = heatmapCell
	if h.ColumnLabels != nil { // a little wider where labels then stand side by side
		g.widest = min(max(g.longestColumn()+8, heatmapCell), 1.8*heatmapCell)
	}
	n, across := float64(max(len(g.rows), 1)), float64(max(len(g.columns), 1))
	cells := wholePixels(min((960-2*margin-gutter)/across, g.widest)) * across
	standard := min(960, max(2*margin+gutter+cells, heatmapNarrow))
	width := within(h.Width, standard, narrowest, widest)
	room := max(width-2*margin-gutter, 1)
	upright := g.labelsStand(room)
	under := heatmapUnderRow + 4.0
	if !upright {
		under = math.Ceil(g.longestColumn()) + 8
	}
	if h.ColumnName != "" {
		under += heatmapUnderRow
	}
	rowHeight := min(max(math.Floor(heatmapRows/n), 4), heatmapRow)
	if n <= 12 {
		rowHeight = 22
	}
	above := heatmapScale + 0.0
	if h.RowName != "" {
		above += heatmapUnderRow
	}
	texts := h.headHeight() + above + under + h.footHeight(width)
	g.drawing = h.blank(l, width, texts+n*rowHeight, texts+2*heatmapRow)
	in := h.texts(g.drawing, l)
	if len(g.rows) == 0 || len(g.columns) == 0 {
		return g.drawing
	}
	g.area = box{in.x + gutter, in.y + above, in.w - gutter, max(in.h-above-under, 1)}
	g.fillCells()
	g.scaleBar(box{in.x, in.y, in.w, heatmapScale})
	if h.RowName != "" {
		g.write(in.x, in.y+heatmapScale+labelSize, fit(h.RowName, sans, labelSize, in.w), sans, labelSize, l.dim)
	}
	g.add(&g.values)
	g.crosses()
	g.nameRows(in.x)
	g.nameColumns(upright, under)
	return g.drawing
}

// gutter returns the room for the labels of rows.
func (g *heatmapDrawing) gutter(width float64) float64 {
	w := 0.0
	for _, r := range g.rows {
		w = max(w, measure(plain(g.rowLabel(r)), sans, labelSize))
	}
	return math.Ceil(min(w, heatmapGutter, width/3)) + 8
}

func (g *heatmapDrawing) rowLabel(r int) string {
	if g.RowLabels != nil {
		return token(label(g.RowLabels, r))
	}
	return strconv.Itoa(r)
}

// labelsStand says whether the labels of columns fit side by side as they are;
// numbers do, as some are left out.
func (g *heatmapDrawing) labelsStand(room float64) bool {
	if g.ColumnLabels == nil {
		return true
	}
	most := room/float64(max(len(g.columns), 1)) - 2
	for _, c := range g.columns {
		if measure(plain(token(label(g.ColumnLabels, c))), sans, labelSize) > most {
			return false
		}
	}
	return true
}

func (g *heatmapDrawing) longestColumn() float64 {
	w := 0.0
	for _, c := range g.columns {
		w = max(w, measure(plain(token(label(g.ColumnLabels, c))), sans, labelSize))
	}
	return min(w, heatmapSlanted)
}

// fillCells fits the cells into the map, whole CSS pixels large where they can
// be, and colours them.
func (g *heatmapDrawing) fillCells() {
	g.perRow = ceil(len(g.rows), max(int(g.area.h), 1))
	g.perColumn = ceil(len(g.columns), max(int(g.area.w), 1))
	down, across := ceil(len(g.rows), g.perRow), ceil(len(g.columns), g.perColumn)
	g.cw, g.ch = g.area.w/float64(across), g.area.h/float64(down)
	g.cw, g.ch = wholePixels(min(g.cw, g.widest)), wholePixels(g.ch)
	g.area.w, g.area.h = g.cw*float64(across), g.ch*float64(down)
	cells := make([]float64, 0, down*across)
	for y := range down {
		for x := range across {
			cells = append(cells, g.cell(y, x))
		}
	}
	g.scale(cells)
	g.values = lattice{at: g.area, cols: across, colors: make([]ink, len(cells))}
	for i, v := range cells {
		if !finite(v) {
			g.values.colors[i] = g.look.bad
			g.bad = append(g.bad, i)
			continue
		}
		if v < g.lo || v > g.hi {
			g.beyond++
		}
		g.values.colors[i] = inkOf(g.palette.At((v - g.lo) / (g.hi - g.lo)))
	}
}

// wholePixels makes the side of a cell a whole number where little room is lost.
func wholePixels(v float64) float64 {
	if v >= 4 {
		return math.Floor(v)
	}
	return v
}

func ceil(n, d int) int { return (n + d - 1) / d }

// cell returns the value of largest magnitude of those that share a cell, NaN
// where any is not finite.
func (g *heatmapDrawing) cell(y, x int) float64 {
	best := 0.0
	for _, r := range g.rows[y*g.perRow : min((y+1)*g.perRow, len(g.rows))] {
		for _, c := range g.columns[x*g.perColumn : min((x+1)*g.perColumn, len(g.columns))] {
			v := float64(g.at(r, c))
			if !finite(v) {
				return math.NaN()
			}
			if math.Abs(v) >= math.Abs(best) {
				best = v
			}
		}
	}
	return best
}

// scale sets the ends of the scale.
func (g *heatmapDrawing) scale(cells []float64) {
	g.lo, g.hi = g.Min, g.Max
	if g.lo < g.hi && finite(g.lo) && finite(g.hi) {
		return
	}
	g.local = true
	g.lo, g.hi = 0, 0
	for _, v := range cells {
		if finite(v) {
			g.lo, g.hi = min(g.lo, v), max(g.hi, v)
		}
	}
	if g.palette.Signed {
		g.hi = max(-g.lo, g.hi)
		g.lo = -g.hi
	}
	if !(g.lo < g.hi) {
		g.hi = g.lo + 1
		if g.palette.Signed {
			g.lo, g.hi = -1, 1
		}
	}
}

// notes says what a reader must know not to misread the map.
func (g *heatmapDrawing) notes() (out []string) {
	say := func(format string, n int) {
		if format != "" {
			out = append(out, fmt.Sprintf(format, n))
		}
	}
	if len(g.bad) > 0 && g.Words.NotFinite != "" {
		out = append(out, "× "+fmt.Sprintf(g.Words.NotFinite, len(g.bad)))
	}
	switch {
	case g.local && g.Words.Local != "":
		out = append(out, g.Words.Local)
	case !g.local && g.Words.Global != "":
		out = append(out, g.Words.Global)
	}
	if g.perRow > 1 {
		say(g.Words.Units, g.perRow)
	}
	if g.perColumn > 1 {
		say(g.Words.Steps, g.perColumn)
	}
	if g.beyond > 0 {
		say(g.Words.Beyond, g.beyond)
	}
	return out
}
