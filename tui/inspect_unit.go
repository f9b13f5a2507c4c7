package tui

import (
	"fmt"
	"math"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// unitView is one unit through the sentence: its line, its gates, the text
// coloured by it; and, when asked for, through the corpus.
type unitView struct {
	s     *inspectScreen
	text  bool // the whole corpus text in place of its peaks
	top   int
	strip views.Strip
	own   views.Strip
}

func (v *unitView) name(w *words.Inspect) string { return w.Views[unitAt] }
func (v *unitView) subject() session.Subject     { return session.AtMap }
func (v *unitView) act() tea.Cmd {
	return v.s.long("read", v.s.inspector.ReadUnit(v.s.layer, v.s.unit))
}
func (v *unitView) enter() tea.Cmd { v.text = !v.text; return nil }

func (v *unitView) vertical(by int, page bool) tea.Cmd {
	if page && v.read() != nil {
		v.top = max(0, v.top+by*8)
		return nil
	}
	return v.s.moveUnit(by, page)
}

// read is the unit through the corpus, nil when that was not asked.
func (v *unitView) read() *scope.UnitRead {
	if u := v.s.page.UnitText; u != nil && u.Unit == v.s.unit && u.Layer == v.s.layer {
		return u
	}
	return nil
}

// lines are the quantities of the view: states, then gates.
func (v *unitView) lines() []scope.Quantity {
	all := []scope.Quantity{scope.Hidden}
	if v.s.page.Memory {
		all = append(all, scope.CellC)
	}
	for _, g := range v.s.page.Gates {
		all = append(all, scope.Quantity(g))
	}
	return all
}

func (v *unitView) draw(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	c.Text(1, area.Y, fmt.Sprintf(w.UnitTitle, s.unit, s.layer+1, s.page.Model.Layers), th.Title)
	y := area.Y + 1
	for i, h := range v.heights(area.H) {
		v.drawLine(c, v.lines()[i], i, y, h.rows, area.W)
		y += h.rows + h.gap
	}
	rest := views.Rect{X: 1, Y: y, W: area.W - 2, H: area.Y + area.H - y}
	if area.H >= 20 || v.read() == nil {
		n := min(max(2, rest.H/3), 4)
		if v.read() == nil {
			n = max(1, rest.H-1)
		}
		v.drawOwn(c, views.Rect{X: rest.X, Y: rest.Y, W: rest.W, H: n})
		rest.Y, rest.H = rest.Y+n, rest.H-n
	}
	v.drawCorpus(c, rest)
}

// height is the rows of a line, and those left empty below it.
type height struct{ rows, gap int }

// heights share out the rows: values with a sign need an even number, half above
// and half below their zero.
func (v *unitView) heights(all int) []height {
	lines := v.lines()
	out := make([]height, len(lines))
	room := all - 1 - max(4, all/3)
	for i, q := range lines {
		out[i].rows = 1
		if v.twoSided(q) {
			out[i].rows = 2
		}
		room -= out[i].rows
	}
	for i := range out { // first air, then height
		if room > len(out) {
			out[i].gap = 1
		}
	}
	if room > len(out) {
		room -= len(out)
	}
	for i := 0; i < len(out) && room >= 2; i++ {
		if out[i].rows == 2 {
			out[i].rows, room = 4, room-2
		}
	}
	return out
}

// twoSided says that a line has values below zero.
func (v *unitView) twoSided(q scope.Quantity) bool {
	return q.Signed(v.s.page.Model.Activation)
}

// drawLine is a quantity of the unit as bars below the tokens, with its scale.
func (v *unitView) drawLine(c *views.Canvas, q scope.Quantity, n0, y, h, width int) {
	s, th := v.s, v.s.a.theme
	t := s.reading().Trace
	lo, hi := q.Range(s.page.Model.Activation)
	name := symbol(q)
	if lo == hi {
		for i := range t.Steps {
			if x := t.Values(i, s.layer, q); s.unit < len(x) {
				hi = math.Max(hi, math.Abs(float64(x[s.unit])))
			}
		}
		lo = -hi
		if !q.Signed(s.page.Model.Activation) {
			lo = 0
		}
		if bound := s.a.plusMinus() + digits(hi, 2); views.Width(name+" "+bound) < inspectGutter {
			name += " " + bound
		} else {
			name += bound
		}
	}
	c.Text(0, y+(h-1)/2, views.Pad(name, inspectGutter-1, views.Right), th.Dim)
	low, high, n := 0, 0, 0
	for i := range t.Steps {
		x := t.Values(i, s.layer, q)
		if s.unit >= len(x) || hi == lo {
			continue
		}
		value := float64(x[s.unit])
		n++
		if q.Gate() != "" {
			switch share := (value - lo) / (hi - lo); {
			case share < 0.1:
				low++
			case share > 0.9:
				high++
			}
		}
		if i < s.ruler.from || i >= s.ruler.to {
			continue
		}
		r := views.Rect{X: s.ruler.column(i), Y: y, W: barWidth(s.ruler.wide), H: h}
		at := i == s.token[s.sentence]
		switch {
		case v.twoSided(q):
			up, down := th.Series[1], th.Series[0]
			if at {
				up, down = views.Style{FG: th.Cursor.FG}, views.Style{FG: th.Cursor.FG}
			}
			signed(c, r, value/hi, up, down)
		default:
			st := th.Series[[...]int{2, 4, 3}[n0%3]] // neighbours that touch are told apart
			if at {
				st = views.Style{FG: th.Cursor.FG}
			}
			bar(c, r, (value-lo)/(hi-lo), st)
		}
	}
	if q.Gate() != "" && n > 0 && q != "a" {
		text := fmt.Sprintf(v.s.words().Saturated, fmt.Sprint(lo), percent(float64(low)/float64(n)), percent(float64(high)/float64(n)))
		if x := width - views.Width(text) - 1; x > s.ruler.x+s.ruler.width() {
			c.Text(x, y+(h-1)/2, text, th.Dim)
		}
	}
}

// drawOwn is the sentence coloured by the unit.
func (v *unitView) drawOwn(c *views.Canvas, area views.Rect) {
	s := v.s
	v.own.Tokens, v.own.Values, v.own.Palette = nil, nil, s.a.theme.Diverging
	hi := s.reach()
	for i := range s.reading().Trace.Steps {
		h := s.reading().Trace.Steps[i].Layers[s.layer].H
		v.own.Tokens = append(v.own.Tokens, s.piece(i))
		v.own.Values = append(v.own.Values, (float64(h[s.unit])/hi+1)/2)
	}
	v.own.Cursor = &s.token[s.sentence]
	v.own.Reveal(s.token[s.sentence], area.W, area.H)
	v.own.Draw(c, area, s.a.theme)
}

// piece is a token with the space that stands before it in the text.
func (s *inspectScreen) piece(i int) string {
	p := s.reading().Pieces[i]
	if s.a.live.Text.Word() && i > 0 {
		return " " + visible(p)
	}
	return p
}

// reach is the largest |h| that the scale of a text has.
func (s *inspectScreen) reach() float64 {
	_, hi := scope.Hidden.Range(s.page.Model.Activation)
	if hi > 0 {
		return hi
	}
	top := 1e-9
	for i := range s.reading().Trace.Steps {
		for _, x := range s.reading().Trace.Steps[i].Layers[s.layer].H {
			top = math.Max(top, math.Abs(float64(x)))
		}
	}
	return top
}

// drawCorpus is the unit through the corpus: the places that drive it most, or
// the whole text.
func (v *unitView) drawCorpus(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	if area.H < 1 {
		return
	}
	u := v.read()
	if u == nil {
		c.Text(area.X, area.Y, views.Truncate(w.ReadHint, area.W), th.Dim)
		return
	}
	head := fmt.Sprintf(w.ReadTitle, thousands(int64(len(u.Values))), s.splitName(), digits(u.Mean, 2), digits(u.SD, 2), thousands(u.Update))
	c.Text(area.X, area.Y, views.Truncate(head, area.W), th.Accent)
	area.Y, area.H = area.Y+1, area.H-1
	if v.text {
		v.strip.Tokens, v.strip.Palette = s.page.Sample.Pieces, th.Diverging
		v.strip.Values = v.strip.Values[:0]
		hi := s.reach()
		for _, x := range u.Values {
			v.strip.Values = append(v.strip.Values, (float64(x)/hi+1)/2)
		}
		lines := v.strip.Layout(area.W)
		v.top = max(0, min(v.top, lines-area.H))
		v.strip.Top = v.top
		v.strip.Draw(c, area, th)
		return
	}
	half := (area.H + 1) / 2
	v.drawPeaks(c, views.Rect{X: area.X, Y: area.Y, W: area.W, H: half}, u, u.Top)
	v.drawPeaks(c, views.Rect{X: area.X, Y: area.Y + half, W: area.W, H: area.H - half}, u, u.Bottom)
}

// drawPeaks lists places with their context, each token coloured by the unit.
func (v *unitView) drawPeaks(c *views.Canvas, area views.Rect, u *scope.UnitRead, peaks []scope.Peak) {
	s, th := v.s, v.s.a.theme
	hi := s.reach()
	for row := 0; row < min(area.H, len(peaks)); row++ {
		p := peaks[row]
		c.Text(area.X, area.Y+row, fmt.Sprintf("%+.3f", p.Value), th.Text)
		// The places stand in a column, and what follows goes on behind it.
		column := area.X + 8 + min(52, (area.W-8)*3/4)
		at := column
		for i := p.At; i >= p.From; i-- {
			text := visible(s.page.Sample.Pieces[i])
			if at -= views.Width(text); at < area.X+8 {
				break
			}
			s.drawColoured(c, at, area.Y+row, text, float64(u.Values[i])/hi, i == p.At)
		}
		for i := p.At + 1; i < len(s.page.Sample.Pieces); i++ {
			text := visible(s.page.Sample.Pieces[i])
			if column+views.Width(text) > area.X+area.W {
				break
			}
			column = c.Text(column, area.Y+row, text, th.Dim)
		}
	}
}

// drawColoured writes a token in the colour of a value from -1 to 1.
func (s *inspectScreen) drawColoured(c *views.Canvas, x, y int, text string, v float64, marked bool) {
	th := s.a.theme
	if th.Profile == views.NoColor && marked {
		c.Text(x, y, text, th.Cursor)
		return
	}
	strip := views.Strip{Tokens: []string{text}, Values: []float64{(v + 1) / 2}, Palette: th.Diverging}
	strip.Draw(c, views.Rect{X: x, Y: y, W: views.Width(text), H: 1}, th)
}

// splitName says which part of the corpus is searched.
func (s *inspectScreen) splitName() string { return s.a.words.Corpus.Splits[s.page.Sample.Split] }

func (v *unitView) figure() figure {
	s := v.s
	if u := v.read(); u != nil && v.text {
		values := make([]float64, len(u.Values))
		for i, x := range u.Values {
			values[i] = float64(x)
		}
		n := min(len(values), 3000)
		hi := s.reach()
		return figure{"inspect-unit-text", &picture.Tokens{Page: s.pageOf(fmt.Sprintf(s.words().UnitTitle, s.unit, s.layer+1, s.page.Model.Layers)), Tokens: s.page.Sample.Pieces[:n], Values: values[:n], Min: -hi, Max: hi, Diverging: true, TokenName: s.a.words.Train.TokenName, ValueName: "h"}}
	}
	chart := &picture.Chart{Page: s.pageOf(fmt.Sprintf(s.words().UnitTitle, s.unit, s.layer+1, s.page.Model.Layers)), X: views.Axis{Name: s.a.words.Train.TokenName, Whole: true}, Y: views.Axis{Name: s.words().Value}}
	for _, q := range v.lines() {
		line := views.Series{Name: symbol(q)}
		for i := range s.reading().Trace.Steps {
			if x := s.reading().Trace.Values(i, s.layer, q); s.unit < len(x) {
				line.X, line.Y = append(line.X, float64(i+1)), append(line.Y, float64(x[s.unit]))
			}
		}
		chart.Series = append(chart.Series, line)
	}
	return figure{"inspect-unit", chart}
}
