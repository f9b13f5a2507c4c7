package tui

import (
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// sweepPane is the hidden state of the first stream of the batch as it reads,
// drawn like the screen of an oscilloscope: a few columns a frame, the newest
// over the oldest, because a map that scrolled would have to be sent to the
// terminal whole, many times a second. It reads one window to its end, then the
// newest one, and so leaves out what was trained on meanwhile.
type sweepPane struct {
	pane
	t      *trainScreen
	next   *scope.Snapshot // whose stream comes after this one
	now    scope.Stream
	run    int
	at     int // the token of now that comes next
	layer  int
	cell   bool       // c in place of h
	first  int        // the unit at the top
	on     bool       // the cursor is shown
	unit   int        // it is on
	col    int        // likewise
	drawn  views.Rect // where the map is
	legend views.Canvas

	heat  views.Heatmap
	ring  []float32 // [columns, H]
	ids   []int32   // [columns]
	wide  int       // cells a column
	total int       // columns
	place int       // the column written last
}

func (p *sweepPane) take(s *scope.Snapshot) {
	if s.Run != p.run {
		p.run, p.layer, p.cell, p.now, p.at, p.first, p.on = s.Run, 0, false, scope.Stream{}, 0, 0, false
		p.clear()
	}
	p.next = s
}

// clear forgets the columns.
func (p *sweepPane) clear() {
	p.place, p.stale = -1, true
	for i := range p.ring {
		p.ring[i] = 0
	}
	for i := range p.ids {
		p.ids[i] = -1
	}
}

// widen makes room for so many columns, or takes it away, and keeps the newest of
// them, the oldest on the left.
func (p *sweepPane) widen(total, H int) {
	ring, ids, old := p.ring, p.ids, p.total
	p.total, p.ring, p.ids = total, make([]float32, total*H), make([]int32, total)
	var kept []int // columns, from the oldest
	for i := range old {
		if col := (max(0, p.place) + 1 + i) % old; ids[col] >= 0 && len(ring) == old*H {
			kept = append(kept, col)
		}
	}
	kept = kept[max(0, len(kept)-total):]
	p.clear()
	at := slices.Index(kept, p.col)
	p.on, p.col = p.on && at >= 0, max(0, at)
	for i, col := range kept {
		copy(p.ring[i*H:], ring[col*H:(col+1)*H])
		p.ids[i], p.place = ids[col], i
	}
	p.stale = false
}

// states is what is shown of a stream, [T·H].
func (p *sweepPane) states(s *scope.Stream) []float32 {
	layer := min(p.layer, len(s.H)-1)
	if layer < 0 {
		return nil
	}
	if p.cell && len(s.C[layer]) > 0 {
		return s.C[layer]
	}
	return s.H[layer]
}

// tick writes the next columns.
func (p *sweepPane) tick() {
	if p.area.W == 0 || p.total == 0 || p.next == nil {
		return
	}
	for range p.t.a.governor.columns() {
		if p.at >= len(p.now.IDs) {
			if len(p.next.Stream.IDs) == 0 || p.next.Stream.Update == p.now.Update {
				return // nothing was read since
			}
			p.now, p.at = p.next.Stream, 0
		}
		values := p.states(&p.now)
		if values == nil {
			return
		}
		h := p.now.Hidden
		if len(p.ring) != p.total*h {
			p.ring = make([]float32, p.total*h)
			p.clear()
		}
		p.place = (p.place + 1) % p.total
		copy(p.ring[p.place*h:], values[p.at*h:(p.at+1)*h])
		p.ids[p.place] = p.now.IDs[p.at]
		p.at++
		p.stale = true
	}
}

func (p *sweepPane) otherLayer() tea.Cmd {
	if p.t.snap != nil {
		p.layer = (p.layer + 1) % p.t.snap.Shape.Layers
		p.clear()
	}
	return nil
}

func (p *sweepPane) otherState() tea.Cmd {
	p.cell = !p.cell && p.t.snap != nil && p.t.snap.Shape.Cell == "lstm"
	p.clear()
	return nil
}

// scroll shows other units, or moves the cursor to one.
func (p *sweepPane) scroll(by int) {
	s := p.t.snap
	if s == nil {
		return
	}
	p.stale = true
	if !p.on {
		p.first = max(0, min(s.Shape.Hidden-2, p.first+2*by))
		return
	}
	p.unit = max(0, min(s.Shape.Hidden-1, p.unit+by))
	if shown := len(p.heat.Order); p.unit < p.first {
		p.first = p.unit
	} else if p.unit >= p.first+shown {
		p.first = p.unit - shown + 1
	}
}

// cross moves the cursor by columns.
func (p *sweepPane) cross(by int) {
	if p.total == 0 {
		return
	}
	if !p.on {
		p.on, p.unit, p.col = true, p.first, max(0, p.place)
	} else {
		p.col = ((p.col+by)%p.total + p.total) % p.total
	}
	p.stale = true
}

// point puts the cursor on what is drawn at a cell, or takes it away.
func (p *sweepPane) point(x, y int) {
	row, col, ok := p.heat.At(p.drawn, p.t.a.theme, x, y)
	if p.on = ok && row < len(p.heat.Order); p.on {
		p.unit, p.col = p.heat.Order[row], col
	}
	p.stale = true
}

// value says in figures what the cursor is on.
func (p *sweepPane) value() string {
	h := p.t.snap.Shape.Hidden
	i := p.col*h + p.unit
	if !p.on || p.col >= len(p.ids) || p.ids[p.col] < 0 || i >= len(p.ring) {
		return ""
	}
	token := visible(p.t.a.live.Text.Token(int(p.ids[p.col])))
	return fmt.Sprintf(" %s %d, %s: %+.3f ", p.t.words().UnitName, p.unit, token, p.ring[i])
}

// labels is the width of the units' numbers.
const sweepLabels = 5

// wordColumn is the width of a column whose token is a word.
const wordColumn = 7

// cells is how wide a column is: tokens of one character stand below theirs.
func (p *sweepPane) cells() int {
	text := p.t.a.live.Text
	if text.Word() {
		return wordColumn
	}
	for id := range min(text.Vocab(), 4096) {
		if views.Width(text.Token(id)) > 1 {
			return 2
		}
	}
	return 1
}

func (p *sweepPane) draw(c *views.Canvas, area views.Rect) {
	w, th, s := p.t.words(), p.t.a.theme, p.t.snap
	if s == nil {
		views.Box{Title: w.Stream}.Draw(c, area, th)
		return
	}
	H := s.Shape.Hidden
	in := views.Rect{X: area.X + 1, Y: area.Y + 1, W: area.W - 2, H: area.H - 2}
	rows := max(1, in.H-1) // a line for the tokens; the legend stands in the frame
	if p.wide == 0 {
		p.wide = p.cells()
	}
	if total := max(1, (in.W-sweepLabels)/p.wide); total != p.total {
		p.widen(total, H)
	}
	units := 2 * rows
	if th.ASCII || th.Profile == views.NoColor {
		units = rows
	}
	p.first = max(0, min(p.first, H-units))
	last := min(H, p.first+units)
	format := w.Hidden
	if p.cell {
		format = w.CellState
	}
	title := fmt.Sprintf(format, min(p.layer, s.Shape.Layers-1)+1, s.Shape.Layers, p.first, last-1, H)
	views.Box{Title: title, Note: w.Stream, Focused: p.t.focused(onSweep)}.Draw(c, area, th)

	v := &p.heat
	v.Matrix = views.TimeMajor(p.ring, H)
	v.Order = v.Order[:0]
	for u := p.first; u < last; u++ {
		v.Order = append(v.Order, u)
	}
	v.Widest, v.Sweep, v.Newest = p.wide, true, max(0, p.place)
	v.Min, v.Max = -1, 1
	if p.cell {
		v.Min, v.Max = -3, 3
	}
	if n := p.t.a.governor.colors(); n > 0 {
		v.Palette = th.Diverging.Quantised(n)
	} else {
		v.Palette = nil
	}
	grid := views.Rect{X: in.X, Y: in.Y, W: min(in.W, sweepLabels+p.total*p.wide), H: min(rows, (last-p.first+1)/2)}
	if units == rows {
		grid.H = min(rows, last-p.first)
	}
	p.drawn = grid
	v.Cursor = views.HeatmapCursor{On: p.on, Row: p.unit - p.first, Col: p.col}
	read := v.Draw(c, grid, th)
	p.tokens(c, in, grid)
	if p.place < 0 && s.Phase == scope.Paused {
		text := w.NotRead
		if s.Update > 0 {
			text = w.NotReadHere
		}
		c.Text(grid.X+sweepLabels+1, grid.Y+grid.H/2, views.Truncate(text, grid.W-sweepLabels-1), th.Dim)
	}
	// The legend stands in the frame: drawn apart, so that none of it shows through.
	p.legend.Reset(in.W-2, 1)
	end := v.Legend(&p.legend, 1, 0, in.W-4, read, th, p.t.a.heatWords())
	c.Fill(views.Rect{X: in.X + 1, Y: area.Y + area.H - 1, W: end + 1, H: 1}, ' ', th.Text)
	old := c.Clip(views.Rect{X: in.X + 1, Y: area.Y + area.H - 1, W: end + 1, H: 1})
	c.Draw(in.X+1, area.Y+area.H-1, &p.legend)
	c.SetClip(old)
	end += in.X + 2
	if value := p.value(); end+views.Width(value) < in.X+in.W {
		c.Text(in.X+in.W-views.Width(value), area.Y+area.H-1, value, th.Cursor)
	}
}

// tokens writes below the columns what was read there.
func (p *sweepPane) tokens(c *views.Canvas, in, grid views.Rect) {
	th := p.t.a.theme
	y := grid.Y + grid.H
	x0 := in.X + in.W - p.total*p.wide
	if x, _, ok := firstColumn(&p.heat, grid, th); ok {
		x0 = x
	}
	for i, id := range p.ids {
		if id < 0 {
			continue
		}
		st := th.Dim
		if i == p.place {
			st = th.Cursor
		}
		c.Text(x0+i*p.wide, y, views.Truncate(visible(p.t.a.live.Text.Token(int(id))), max(1, p.wide-p.wide/wordColumn)), st)
	}
}

// firstColumn finds where a heatmap's first column is drawn.
func firstColumn(h *views.Heatmap, area views.Rect, th *views.Theme) (x, y int, ok bool) {
	for x := area.X; x < area.X+area.W; x++ {
		if _, col, hit := h.At(area, th, x, area.Y); hit && col == 0 {
			return x, area.Y, true
		}
	}
	return 0, 0, false
}

// visible shows a token as a text in which everything can be seen.
func visible(token string) string {
	if token == "<eos>" {
		token = "\n"
	}
	return views.Visible(token)
}

// quote sets a token apart from the words around it.
func quote(token string) string { return quoted(visible(token)) }

// quoted sets a text apart.
func quoted(text string) string { return "“" + inLine.Replace(text) + "”" }

// chance is the loss of a uniform guess, nats.
func chance(vocab int) float64 { return math.Log(float64(vocab)) }
