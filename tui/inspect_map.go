package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// mapView is the heatmap of units x time, and what may come next.
type mapView struct {
	s    *inspectScreen
	heat views.Heatmap
	area views.Rect // of the map
}

func (v *mapView) name(w *words.Inspect) string       { return w.Views[0] }
func (v *mapView) subject() session.Subject           { return session.AtMap }
func (v *mapView) act() tea.Cmd                       { return v.s.otherQuantity(1) }
func (v *mapView) enter() tea.Cmd                     { return v.s.turnTo(unitAt) }
func (v *mapView) vertical(by int, page bool) tea.Cmd { return v.s.moveUnit(by, page) }

// The views' places.
const (
	mapAt = iota
	equationAt
	unitAt
	findAt
	influenceAt
	compareAt
	changeAt
	unrolledAt
)

func (v *mapView) draw(c *views.Canvas, area views.Rect) {
	s := v.s
	bars := 1
	if area.H >= 22 {
		bars = min(14, area.H/3)
	}
	parts := rows(area, 1, 0, 1, bars)
	order := s.window(s.ordered(), parts[1].H)
	q := s.at0()
	s.drawTitle(c, parts[0], q, order)
	v.area = parts[1]
	read := s.drawMap(c, parts[1], &v.heat, s.reading().Trace, q, order)
	v.heat.Legend(c, area.X+1, parts[2].Y, area.W-2, read, s.a.theme, s.a.heatWords())
	s.drawNext(c, parts[3])
}

// window is the units that are shown in so many rows: all, or as many as have a
// row of their own, around the cursor.
func (s *inspectScreen) window(order []int, rows int) []int {
	n := 2 * rows
	if th := s.a.theme; th.ASCII || th.Profile == views.NoColor {
		n = rows
	}
	if !s.zoom || n >= len(order) {
		return order
	}
	at := s.position(order)
	half := max(1, n/2)
	from := max(0, min(len(order)-n, at/half*half-half/2))
	return order[from : from+n]
}

// drawTitle says which quantity of which layer is shown in which order.
func (s *inspectScreen) drawTitle(c *views.Canvas, area views.Rect, q scope.Quantity, order []int) {
	w, th := s.words(), s.a.theme
	x := c.Text(1, area.Y, s.quantityName(q), th.Accent.With(views.Bold))
	x = c.Text(x, area.Y, fmt.Sprintf(" · "+w.LayerOf, s.layer+1, s.page.Model.Layers), th.Text)
	x = c.Text(x, area.Y, " · "+s.orderName(), th.Dim)
	units := fmt.Sprintf(w.UnitsShown, len(order), s.page.Model.Hidden)
	if at := area.W - views.Width(units) - 1; at > x+1 {
		c.Text(at, area.Y, units, th.Dim)
	}
}

// quantityName is the symbol of a quantity and what it is.
func (s *inspectScreen) quantityName(q scope.Quantity) string {
	w := s.words()
	name, ok := w.Quantities[string(q)]
	switch g := q.Gate(); {
	case ok:
	case g != "" && string(q) != g:
		name = fmt.Sprintf(w.Before, g)
	default:
		name = string(q)
	}
	return symbol(q) + " " + name
}

// drawMap draws a quantity of the layer through a trace, its columns below the
// tokens.
func (s *inspectScreen) drawMap(c *views.Canvas, area views.Rect, heat *views.Heatmap, t *scope.Trace, q scope.Quantity, order []int) views.Reading {
	values := s.data(t, q)
	if len(values) == 0 {
		return views.Reading{}
	}
	heat.Matrix = views.TimeMajor(values, s.page.Model.Hidden)
	s.place(heat, order, len(t.Steps))
	heat.Min, heat.Max, heat.Palette = s.scaleOf(q)
	if heat.From >= heat.To {
		return views.Reading{}
	}
	heat.Cursor = views.HeatmapCursor{On: true, Row: s.position(order), Col: s.token[s.sentence]}
	return heat.Draw(c, s.mapArea(area, heat), s.a.theme)
}

// place gives a map the columns of the ruler and the rows of an order.
func (s *inspectScreen) place(heat *views.Heatmap, order []int, steps int) {
	heat.Order, heat.Labels = order, s.unitLabels()
	heat.From, heat.To, heat.Widest = s.ruler.from, min(s.ruler.to, steps), s.ruler.wide
}

// mapArea is where a map is drawn so that its columns stand below the tokens.
func (s *inspectScreen) mapArea(area views.Rect, heat *views.Heatmap) views.Rect {
	const room = 3 * inspectGutter // labels take at most a third of an area
	return views.Rect{X: 0, Y: area.Y, W: max(room, inspectGutter+(heat.To-heat.From)*s.ruler.wide), H: area.H}
}

// drawNext shows what may come next: in a line, or as bars with what the units
// add to the likeliest.
func (s *inspectScreen) drawNext(c *views.Canvas, area views.Rect) {
	w, th, step := s.words(), s.a.theme, s.step()
	if len(step.P) == 0 || step.Reason != "" {
		c.Text(1, area.Y, w.NotFinite, th.Bad)
		return
	}
	if area.H == 1 {
		x := c.Text(1, area.Y, w.Next+" ", th.Dim)
		for _, id := range s.probable(8) {
			p := float64(step.P[id])
			text := fmt.Sprintf("%s %s", visible(s.a.live.Text.Token(id)), digits(p, 2))
			if x+views.Width(text)+9 > area.W {
				break
			}
			x = c.Text(x, area.Y, text+" ", th.Text)
			for i := range max(1, int(p*8+0.5)) {
				c.Set(x+i, area.Y, '█', th.Series[0])
			}
			x += max(1, int(p*8+0.5)) + 2
		}
		return
	}
	left := columns(area, 0, area.W*2/5)
	in := views.Box{Title: w.Next, Note: s.actual()}.Draw(c, left[0], th)
	bars := views.Bars{Min: 0, Max: 1, LabelWidth: 3}
	if s.a.live.Text.Word() {
		bars.LabelWidth = 12
	}
	for _, id := range s.probable(in.H) {
		if step.P[id] < leastShown {
			break
		}
		bars.Rows = append(bars.Rows, views.Bar{Label: visible(s.a.live.Text.Token(id)), Value: float64(step.P[id]), Note: fmt.Sprintf("%.3f", step.P[id]), Marked: id == s.following(), Style: th.Series[0]})
	}
	bars.Draw(c, in, th)
	s.drawParts(c, left[1])
}

// following is the id of the sentence's token after the cursor, -1 at its end.
func (s *inspectScreen) following() int {
	p := s.reading()
	if n := s.token[s.sentence] + 1; n < p.Len() {
		return p.Trace.Steps[n].ID
	}
	return -1
}

// actual says what the sentence goes on with and how likely that was.
func (s *inspectScreen) actual() string {
	id := s.following()
	step := s.step()
	if id < 0 || id >= len(step.P) {
		return ""
	}
	return fmt.Sprintf(s.words().Actual, quote(s.a.live.Text.Token(id)), digits(float64(step.P[id]), 3))
}

// drawParts shows what the units of the top layer add to the logit of the
// likeliest next token.
func (s *inspectScreen) drawParts(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	likeliest := s.probable(1)
	if len(likeliest) == 0 {
		return
	}
	in := views.Box{Title: fmt.Sprintf(w.Parts, quote(s.a.live.Text.Token(likeliest[0])))}.Draw(c, area, th)
	if s.page.Point != s.at() {
		return // the answer is under way
	}
	bars := views.Bars{LabelWidth: 6}
	for _, p := range s.page.Next[:min(in.H, len(s.page.Next))] {
		name := fmt.Sprintf("u %d", p.Unit)
		if p.Unit < 0 {
			name = w.Bias
		}
		st := th.Series[1]
		if p.Value < 0 {
			st = th.Series[0]
		}
		bars.Rows = append(bars.Rows, views.Bar{Label: name, Value: p.Value, Note: fmt.Sprintf("%+.2f", p.Value), Style: st, Marked: p.Unit == s.unit && s.layer == s.page.Model.Layers-1})
	}
	bars.Draw(c, in, th)
}

// click moves the unit cursor.
func (v *mapView) click(x, y int) tea.Cmd {
	if row, _, ok := v.heat.At(v.s.mapArea(v.area, &v.heat), v.s.a.theme, x, y); ok && row < len(v.heat.Order) {
		v.s.unit = v.heat.Order[row]
		v.s.restyle()
	}
	return nil
}

func (v *mapView) figure() figure {
	s := v.s
	q := s.at0()
	least, most, _ := s.scaleOf(q)
	page := s.pageOf(s.quantityName(q) + " · " + fmt.Sprintf(s.words().LayerOf, s.layer+1, s.page.Model.Layers) + " · " + s.orderName())
	page.Height = 640
	return figure{"inspect-map", &picture.Heatmap{
		Page: page, Matrix: views.TimeMajor(s.data(s.reading().Trace, q), s.page.Model.Hidden), Order: s.ordered(),
		ColumnLabels: labelled(s.reading().Pieces), RowName: s.a.words.Train.UnitName, ColumnName: s.a.words.Train.TokenName,
		ValueName: symbol(q), Min: least, Max: most, Sequential: !q.Signed(s.page.Model.Activation), Words: s.a.heatWords(),
	}}
}

// labelled are tokens as labels.
func labelled(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		out[i] = visible(p)
	}
	return out
}
