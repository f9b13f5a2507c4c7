package tui

import (
	"cmp"
	"fmt"
	"math"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// mapSweep is the map of |∂L_T/∂h_t|, units x time, as it is swept from the loss
// at its right end back to the start, a few columns a frame. The columns of the
// page before stand until they are swept over.
type mapSweep struct {
	heat   views.Heatmap
	next   *scope.GradientMap
	now    *scope.GradientMap
	values []float32 // log10, [T·H]
	at     int       // the column swept last; those from it on are of now
	top    float64   // log10 of the largest value
}

// mapDecades is how far below the largest value the scale ends.
const mapDecades = 12

func (m *mapSweep) take(g *scope.Gradients) {
	m.next = g.Map
	if m.now == nil || len(m.now.Values) != len(g.Map.Values) || m.now.Hidden != g.Map.Hidden {
		m.now, m.values, m.at = nil, nil, 0
	}
}

// sweepFrames is in how many frames the whole window is swept: in about the time
// that a new page takes to come.
const sweepFrames = 8

// tick sweeps on and says whether anything has changed.
func (m *mapSweep) tick() bool {
	if m.at == 0 {
		if m.next == nil || m.next == m.now {
			return false
		}
		m.begin()
	}
	T, H := len(m.now.IDs), m.now.Hidden
	for range max(1, (T+sweepFrames-1)/sweepFrames) {
		if m.at == 0 {
			break
		}
		m.at--
		for j, v := range m.now.Values[m.at*H : (m.at+1)*H] {
			m.values[m.at*H+j] = float32(math.Max(m.top-mapDecades, math.Log10(float64(v))))
		}
	}
	return true
}

// begin sweeps the newest page.
func (m *mapSweep) begin() {
	m.now = m.next
	top := 0.0
	for _, v := range m.now.Values {
		if x := float64(v); !math.IsInf(x, 0) {
			top = math.Max(top, x)
		}
	}
	m.top = math.Ceil(math.Log10(math.Max(top, 1e-30))) + 0 // not -0
	if len(m.values) != len(m.now.Values) {
		m.values = make([]float32, len(m.now.Values))
		for i := range m.values {
			m.values[i] = float32(m.top - mapDecades)
		}
	}
	m.at = len(m.now.IDs)
}

func (s *gradientsScreen) drawMap(c *views.Canvas, in views.Rect) {
	w, th, m := s.words(), s.a.theme, &s.sweep
	if m.now == nil {
		views.Paragraph(c, in, w.Waiting, th.Dim)
		return
	}
	v := &m.heat
	v.Matrix = views.TimeMajor(m.values, m.now.Hidden)
	v.Min, v.Max, v.Widest = m.top-mapDecades, m.top, 2
	v.Palette = th.Sequential
	map_ := views.Rect{X: in.X, Y: in.Y, W: in.W, H: in.H - 2}
	if map_.H < 1 {
		return
	}
	// The last steps where there is no room for all: those before are the faintest.
	const labels = 5
	v.From = max(0, len(m.now.IDs)-(in.W-labels)/s.tokenCells(m.now.IDs))
	read := v.Draw(c, map_, th)
	y := in.Y + min(read.Rows, map_.H)
	var tokens []placed
	for x := in.X; x < in.X+in.W; x++ {
		if _, col, ok := v.At(map_, th, x, in.Y); ok && (x == in.X || !sameColumn(v, map_, th, x, col)) {
			tokens = append(tokens, placed{m.now.IDs[col], x, col == m.at})
		}
	}
	s.drawTokens(c, y, in.X+in.W, tokens, s.tokenCells(m.now.IDs))
	legend := s.a.heatWords()
	legend.Global = w.MapScale
	end := v.Legend(c, in.X, y+1, in.W, read, th, legend)
	if swept := " · " + w.Swept; end+views.Width(swept) <= in.X+in.W {
		c.Text(end, y+1, swept, th.Dim)
	}
}

// placed is a token below the column of a step.
type placed struct {
	id     int32
	x      int
	cursor bool
}

// drawTokens writes tokens below their columns, characters in the cells of each.
// Words are longer than that: those are written that have room in full, from their
// own columns on.
func (s *gradientsScreen) drawTokens(c *views.Canvas, y, right int, tokens []placed, cells int) {
	th, text := s.a.theme, s.a.live.Text
	free := 0
	for _, p := range tokens {
		token := visible(text.Token(int(p.id)))
		if !text.Word() {
			token = views.Truncate(token, cells)
		} else if p.x < free || p.x+views.Width(token) > right {
			continue
		}
		free = c.Text(p.x, y, token, th.Dim) + 1
	}
	for _, p := range tokens {
		if p.cursor {
			c.Text(p.x, y, cmp.Or(c.Cell(p.x, y).Text, " "), th.Cursor)
		}
	}
}

// tokenCells is how wide a column is that its token stands below: 2 where tokens
// are words or wide characters.
func (s *gradientsScreen) tokenCells(ids []int32) int {
	text := s.a.live.Text
	if text.Word() {
		return 2
	}
	for _, id := range ids {
		if views.Width(visible(text.Token(int(id)))) > 1 {
			return 2
		}
	}
	return 1
}

// sameColumn says whether the cell to the left shows the same column.
func sameColumn(v *views.Heatmap, area views.Rect, th *views.Theme, x, col int) bool {
	_, before, ok := v.At(area, th, x-1, area.Y)
	return ok && before == col
}

// drawSources draws ∂L/∂h of each step as a column in two parts, and the cosine
// between them below.
func (s *gradientsScreen) drawSources(c *views.Canvas, in views.Rect) {
	w, th, src := s.words(), s.a.theme, s.page.Sources
	if src == nil {
		views.Paragraph(c, in, w.Waiting, th.Dim)
		return
	}
	in = below(c, in,
		sentence{w.Cosine, th.Series[2]},
		sentence{fmt.Sprintf(w.Residual, fmt.Sprintf("%.0e", src.Residual)), th.Good})
	steps := src.Steps
	need := 1
	if s.page.Map != nil {
		need = s.tokenCells(s.page.Map.IDs)
	}
	wide := max(need, min(4, in.W/len(steps)))
	first := max(0, len(steps)-in.W/wide) // the last ones when there is no room for all
	steps = steps[first:]
	cosines := 2
	if in.H < 8 {
		cosines = 1
	}
	height := in.H - cosines - 2
	if height < 1 {
		return
	}
	top := 0.0
	for _, v := range steps {
		if sum := v.Above + v.Future; !math.IsInf(sum, 0) {
			top = math.Max(top, sum)
		}
	}
	output := w.Output
	if s.snap != nil && src.Layer < s.snap.Shape.Layers-1 {
		output = w.OutputBelow
	}
	x := c.Text(in.X, in.Y, views.Truncate("█ "+output, in.W), th.Series[1])
	x = c.Text(x+2, in.Y, views.Truncate("▒ "+w.Future, max(0, in.X+in.W-x-2)), th.Series[0])
	c.Text(x+2, in.Y, views.Truncate("↑ "+scientific(top), max(0, in.X+in.W-x-2)), th.Dim)
	if top == 0 {
		return
	}
	var cosine []float64
	var tokens []placed
	for i, v := range steps {
		below := int(math.Round(v.Above / top * float64(height)))
		all := int(math.Round((v.Above + v.Future) / top * float64(height)))
		for j := range min(all, height) {
			st, r := th.Series[0], '▒'
			if j < below {
				st, r = th.Series[1], '█'
			}
			for d := range wide {
				c.Set(in.X+i*wide+d, in.Y+height-j, r, st)
			}
		}
		for range wide {
			cosine = append(cosine, v.Cosine)
		}
		if s.page.Map != nil && first+i < len(s.page.Map.IDs) {
			tokens = append(tokens, placed{id: s.page.Map.IDs[first+i], x: in.X + i*wide})
		}
	}
	s.drawTokens(c, in.Y+height+1, in.X+in.W, tokens, wide)
	views.Spark{Values: cosine, Min: -1, Max: 1, Style: th.Series[2]}.Draw(c, views.Rect{X: in.X, Y: in.Y + height + 2, W: len(cosine), H: cosines}, th)
}
