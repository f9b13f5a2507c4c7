package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// influenceView shows how much each token up to the cursor matters to what comes
// next, by four measures that ask different questions and differ.
type influenceView struct{ s *inspectScreen }

func (v *influenceView) name(w *words.Inspect) string { return w.Views[influenceAt] }
func (v *influenceView) subject() session.Subject     { return session.AtInfluence }
func (v *influenceView) act() tea.Cmd                 { return v.s.move(1) }
func (v *influenceView) enter() tea.Cmd               { return nil }

func (v *influenceView) vertical(by int, page bool) tea.Cmd { return v.s.moveUnit(by, page) }

// influence is the answer for the cursor, nil while it is under way.
func (v *influenceView) influence() *scope.Influence {
	p := v.s.page
	if q := p.Influence; q != nil && p.Point == v.s.at() && q.At == v.s.token[v.s.sentence] && len(q.Drop) > 0 {
		return q
	}
	return nil
}

// measure is one of the rows of bars.
type measure struct {
	name   string
	means  string
	values []float64
	signed bool
}

func (v *influenceView) measures(q *scope.Influence) []measure {
	w := v.s.words()
	return []measure{
		{w.LeftOut, w.LeftOutMeans, q.Drop, true},
		{w.Zeroed, w.ZeroedMeans, q.Zero, true},
		{w.TimesInput, w.TimesInputMeans, q.Dot, true},
		{w.GradientNorm, w.GradientNormMeans, q.Norm, false},
	}
}

func (v *influenceView) draw(c *views.Canvas, area views.Rect) {
	w, th := v.s.words(), v.s.a.theme
	q := v.influence()
	if q == nil {
		c.Text(1, area.Y, v.s.waiting(), th.Dim)
		return
	}
	if q.LogP == nil {
		c.Text(1, area.Y, w.NotFinite, th.Bad)
		return
	}
	title := fmt.Sprintf(w.InfluenceOn, quote(q.Token), q.At+1, digits(math.Exp(*q.LogP), 3), digits(-*q.LogP, 3))
	c.Text(1, area.Y, views.Truncate(title+v.s.of(v.s.page.Influenced), area.W-2), th.Title)
	note := w.InfluenceFoot
	if q.From > 0 {
		note = fmt.Sprintf(w.InfluenceFrom, q.From+1)
	}
	area.H = below(c, views.Rect{X: 1, Y: area.Y, W: area.W - 2, H: area.H}, sentence{note, th.Dim}).H
	all := v.measures(q)
	y := area.Y + 1
	list := 0
	if area.H >= 19 {
		list = min(8, area.H-17) + 1
	}
	tall := max(2, (area.H-1-list-len(all))/len(all)/2*2)
	for tall > 2 && (tall+1)*len(all) > area.H-1-list {
		tall -= 2
	}
	tall = min(tall, 8)
	for _, m := range all {
		if y+tall+1 > area.Y+area.H {
			break
		}
		v.drawMeasure(c, m, q, y, tall, area.W)
		y += tall + 1
	}
	if list > 0 {
		v.drawList(c, views.Rect{X: 1, Y: area.Y + area.H - list, W: area.W - 2, H: list}, q)
	}
}

// drawMeasure is a measure as bars below the tokens, with the name and the scale
// in a line below.
func (v *influenceView) drawMeasure(c *views.Canvas, m measure, q *scope.Influence, y, h, width int) {
	s, th := v.s, v.s.a.theme
	top := 0.0
	for _, x := range m.values {
		if a := math.Abs(x); !math.IsInf(a, 0) {
			top = math.Max(top, a)
		}
	}
	for i, x := range m.values {
		token := q.From + i
		if token < s.ruler.from || token >= s.ruler.to || top == 0 || x != x {
			continue
		}
		r := views.Rect{X: s.ruler.column(token), Y: y + 1, W: barWidth(s.ruler.wide), H: h}
		if m.signed {
			signed(c, r, math.Max(-1, math.Min(1, x/top)), th.Series[1], th.Series[0])
		} else {
			bar(c, r, math.Min(1, x/top), th.Series[2])
		}
	}
	x := c.Text(1, y, m.name, th.Accent)
	scale := s.a.plusMinus() + digits(top, 3)
	if !m.signed {
		scale = fmt.Sprintf("0…%s", digits(top, 3))
	}
	x = c.Text(x+1, y, scale, th.Text)
	c.Text(x+2, y, views.Truncate(m.means, width-x-3), th.Dim)
}

// drawList is the tokens that matter most, in figures.
func (v *influenceView) drawList(c *views.Canvas, area views.Rect, q *scope.Influence) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	cols := []column{{w.ColToken, 14, false}, {w.LeftOut, 10, true}, {w.Zeroed, 10, true}, {w.TimesInput, 16, true}, {w.GradientNorm, 16, true}}
	var heads []string
	for _, col := range cols {
		heads = append(heads, col.head)
	}
	drawCells(c, area.X, area.Y, cols, heads, th.Title)
	for row, i := range strongest(q.Drop, area.H-1) {
		drawCells(c, area.X, area.Y+1+row, cols, []string{
			fmt.Sprintf("%d %s", q.From+i+1, visible(s.reading().Pieces[q.From+i])),
			fmt.Sprintf("%+.3f", q.Drop[i]), fmt.Sprintf("%+.3f", q.Zero[i]), fmt.Sprintf("%+.3f", q.Dot[i]), fmt.Sprintf("%.3f", q.Norm[i]),
		}, th.Text)
	}
}

// strongest is the places of the n values of largest magnitude.
func strongest(values []float64, n int) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(math.Abs(values[b]), math.Abs(values[a])) })
	return order[:max(0, min(n, len(order)))]
}

func (v *influenceView) figure() figure {
	q := v.influence()
	if q == nil || q.LogP == nil {
		return figure{}
	}
	s, w := v.s, v.s.words()
	page := s.pageOf(fmt.Sprintf(w.InfluenceOn, quote(q.Token), q.At+1, digits(math.Exp(*q.LogP), 3), digits(-*q.LogP, 3)))
	page.Height, page.Caption = 0, w.InfluenceFoot
	bars := &picture.Bars{Page: page, LabelName: w.ColToken, ValueName: w.LeftOut, GhostName: w.TimesInput}
	for i, x := range q.Drop {
		bars.Rows = append(bars.Rows, views.Bar{Label: fmt.Sprintf("%d %s", q.From+i+1, visible(s.reading().Pieces[q.From+i])), Value: x, Ghost: q.Dot[i], Note: fmt.Sprintf("|g| %.3f", q.Norm[i])})
	}
	return figure{"inspect-influence", bars}
}
