package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// findView searches the corpus: for units that track features of the text, or,
// once a span of the sentence is marked, for other spans where the same units
// are on.
type findView struct {
	s    *inspectScreen
	row  [2]int // of the units found, and of the spans
	list int    // which of them
	y    int    // of the first row drawn
	top  int
}

func (v *findView) name(w *words.Inspect) string { return w.Views[findAt] }
func (v *findView) subject() session.Subject     { return session.AtMap }

// act searches, or stops what is under way.
func (v *findView) act() tea.Cmd {
	if b := v.s.page; b != nil && b.Busy != nil && (b.Busy.What == "search" || b.Busy.What == "match") {
		return v.s.stop()
	}
	if v.list == onSpans {
		return v.s.match()
	}
	return v.s.findUnits()
}

const (
	onUnits = iota
	onSpans
)

// findUnits searches the layer.
func (s *inspectScreen) findUnits() tea.Cmd {
	v := s.views[findAt].(*findView)
	v.list = onUnits
	var turn tea.Cmd
	if s.view != findAt {
		turn = s.turnTo(findAt)
	}
	s.restyle()
	return tea.Batch(turn, s.long("search", s.inspector.FindUnits(s.layer)))
}

// enter takes the unit of the row, or shows the other list.
func (v *findView) enter() tea.Cmd {
	s := v.s
	if s.page == nil {
		return nil
	}
	if v.list == onUnits && s.page.Found != nil && v.row[onUnits] < len(s.page.Found.Found) {
		s.layer = s.page.Found.Layer
		s.unit = s.page.Found.Found[v.row[onUnits]].Unit
		return tea.Batch(s.turnTo(unitAt), s.long("read", s.inspector.ReadUnit(s.layer, s.unit)))
	}
	v.list = 1 - v.list
	return nil
}

func (v *findView) back() tea.Cmd { v.list = 1 - v.list; return nil }

// size is how many rows the list has.
func (v *findView) size() int {
	switch {
	case v.list == onUnits && v.s.page.Found != nil:
		return len(v.s.page.Found.Found)
	case v.list == onSpans && v.s.page.Matched != nil:
		return len(v.s.page.Matched.Spans)
	}
	return 0
}

func (v *findView) vertical(by int, page bool) tea.Cmd {
	n := v.size()
	if n == 0 {
		return v.s.moveUnit(by, page)
	}
	if page {
		by *= 8
	}
	v.row[v.list] = max(0, min(n-1, v.row[v.list]+by))
	if v.list == onUnits {
		v.s.unit = v.s.page.Found.Found[v.row[onUnits]].Unit
		v.s.layer = v.s.page.Found.Layer
	}
	return nil
}

// mark begins a span at the cursor, or ends it there.
func (s *inspectScreen) mark() tea.Cmd {
	if !s.ready() {
		return nil
	}
	if s.sentence != 0 {
		s.a.say(s.words().MarkFirst)
		return nil
	}
	at := s.token[0]
	if s.marked < 0 {
		s.marked = at
		s.span = [2]int{at, at + 1}
		s.a.say(s.words().Marking)
	} else {
		s.span = [2]int{min(s.marked, at), max(s.marked, at) + 1}
		s.marked = -1
		s.a.say(fmt.Sprintf(s.words().Marked, quote(strings.Join(s.page.Sentences[0].Pieces[s.span[0]:s.span[1]], ""))))
	}
	s.restyle()
	return nil
}

// inSpan says that a token of the first sentence is marked.
func (s *inspectScreen) inSpan(token int) bool {
	lo, hi := s.span[0], s.span[1]
	if s.marked >= 0 {
		lo, hi = min(s.marked, s.token[0]), max(s.marked, s.token[0])+1
	}
	return token >= lo && token < hi
}

// match searches spans like the marked one.
func (s *inspectScreen) match() tea.Cmd {
	if s.page == nil || s.page.Sentences[0].Len() == 0 {
		return nil
	}
	if s.marked >= 0 {
		s.mark()
	}
	if s.span[1] <= s.span[0] {
		s.a.say(s.words().NoSpan)
		return nil
	}
	s.views[findAt].(*findView).list = onSpans
	var turn tea.Cmd
	if s.view != findAt {
		turn = s.turnTo(findAt)
	}
	s.restyle()
	return tea.Batch(turn, s.long("match", s.inspector.Match(s.layer, s.span[0], s.span[1], float32(s.threshold))))
}

// raise changes from which |h| on a unit counts as on.
func (s *inspectScreen) raise(by float64) tea.Cmd {
	s.threshold = math.Round(100*math.Max(0.05, math.Min(0.95, s.threshold+by))) / 100
	s.a.say(fmt.Sprintf(s.words().OnFrom, digits(s.threshold, 2)))
	s.restyle()
	return nil
}

func (v *findView) draw(c *views.Canvas, area views.Rect) {
	if v.list == onSpans {
		v.drawSpans(c, area)
		return
	}
	v.drawUnits(c, area)
}

// column is one of a table: its head, its width, and at which side it stands.
type column struct {
	head  string
	width int
	right bool
}

func drawCells(c *views.Canvas, x, y int, columns []column, cells []string, st views.Style) {
	for i, col := range columns {
		align := views.Left
		if col.right {
			align = views.Right
		}
		if i < len(cells) {
			c.Text(x, y, views.Pad(cells[i], col.width, align), st)
		}
		x += col.width + 2
	}
}

func (v *findView) drawUnits(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	f := s.page.Found
	y := area.Y
	if f == nil {
		y += views.Paragraph(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: area.H}, fmt.Sprintf(w.FindHint, s.layer+1), th.Dim)
		v.drawBusy(c, views.Rect{X: 1, Y: y + 1, W: area.W - 2, H: 1})
		return
	}
	head := fmt.Sprintf(w.FoundTitle, thousands(int64(f.Tokens)), s.splitName(), f.Layer+1, f.Units, thousands(f.Update))
	c.Text(1, y, views.Truncate(head, area.W-2), th.Accent)
	v.drawBusy(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: 1})
	y++
	cols := []column{
		{w.ColUnit, 5, true}, {w.ColFeature, 20, false}, {w.ColScore, 10, true}, {w.ColEffect, 9, true}, {w.ColAll, 9, true}, {w.ColP, 7, true}, {w.ColPUnits, 7, true},
	}
	if area.W < 82 {
		cols[1].width = 18
		cols[3].width, cols[4].width = 8, 8
	}
	var heads []string
	for _, col := range cols {
		heads = append(heads, col.head)
	}
	drawCells(c, 1, y, cols, heads, th.Title)
	y++
	text := foundFoot(w, f.UnitSearch)
	if slices.ContainsFunc(f.Found, func(u scope.FoundUnit) bool { return u.Binary && u.Score < 0.5 }) {
		text = w.OffWhere + text
	}
	foot := 1
	if area.H >= 14 {
		foot = min(5, len(views.Wrap(text, area.W-2)))
	}
	room := area.Y + area.H - y - foot
	v.y, v.top = y, max(0, min(v.row[onUnits]-room/2, len(f.Found)-room))
	for i := 0; i < room && v.top+i < len(f.Found); i++ {
		u := f.Found[v.top+i]
		score := fmt.Sprintf("r %+.3f", u.Score)
		if u.Binary {
			score = fmt.Sprintf("AUC %.3f", math.Abs(u.Score)) // a transform's -0
		}
		effect, all := "-", "-"
		if u.Effect != nil {
			all = fmt.Sprintf("%+.4f", u.Effect.Loss)
			if !math.IsNaN(u.Effect.Holds) { // it holds nowhere in the tokens judged
				effect = fmt.Sprintf("%+.3f", u.Effect.Holds)
			}
		}
		st := th.Text
		switch {
		case v.top+i == v.row[onUnits]:
			st = th.Cursor
		case u.PUnits >= 0.05:
			st = th.Dim
		}
		drawCells(c, 1, y+i, cols, []string{fmt.Sprint(u.Unit), s.featureName(u.Feature), score, effect, all, pValue(u.P), pValue(u.PUnits)}, st)
	}
	views.Paragraph(c, views.Rect{X: 1, Y: area.Y + area.H - foot, W: area.W - 2, H: foot}, text, th.Dim)
}

// foundFoot says how p and the cost were taken.
func foundFoot(w *words.Inspect, f *scope.UnitSearch) string {
	by := fmt.Sprintf(w.ByShifts, thousands(int64(f.Shifts)))
	if f.Permutations > 0 {
		by += fmt.Sprintf(w.ByPermutations, thousands(int64(f.Permutations)))
	}
	on := w.JudgedBehind
	if f.EffectFrom == 0 {
		on = w.JudgedFront
	}
	return fmt.Sprintf(w.FoundFoot, by, fmt.Sprintf(on, thousands(int64(f.EffectTokens))), digits(f.Loss, 4))
}

// pValue writes a probability as people do.
func pValue(p float64) string {
	if p < 0.0001 {
		return fmt.Sprintf("%.0e", p)
	}
	return fmt.Sprintf("%.4f", p)
}

// drawBusy shows the search under way, at the right of a line.
func (v *findView) drawBusy(c *views.Canvas, area views.Rect) {
	b := v.s.page.Busy
	if b == nil || b.What != "search" && b.What != "match" || b.Total == 0 {
		return
	}
	th := v.s.a.theme
	w := min(20, area.W/4)
	x := area.X + area.W - w
	c.Fill(views.Rect{X: x, Y: area.Y, W: w, H: 1}, '░', th.Dim)
	c.Fill(views.Rect{X: x, Y: area.Y, W: w * b.Done / b.Total, H: 1}, '█', th.Series[0])
}

func (v *findView) drawSpans(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	y := area.Y
	m := s.page.Matched
	// What is said above an answer is what it is of, not what is asked next.
	from, to, layer, threshold := s.span[0], s.span[1], s.layer, float32(s.threshold)
	anew := ""
	if m != nil {
		if m.From != from || m.To != to || m.Layer != layer || m.Threshold != threshold {
			anew = w.MatchAnew + "   "
		}
		from, to, layer, threshold = m.From, m.To, m.Layer, m.Threshold
	}
	marked := ""
	for i := from; i < min(to, s.page.Sentences[0].Len()); i++ {
		marked += visible(s.page.Sentences[0].Pieces[i])
	}
	c.Text(1, y, views.Truncate(anew+fmt.Sprintf(w.SpanTitle, marked, layer+1, digits(float64(threshold), 2)), area.W-2), th.Accent)
	v.drawBusy(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: 1})
	y++
	if m == nil {
		views.Paragraph(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: area.H - 1}, w.SpanHint, th.Dim)
		return
	}
	var units []string
	for _, u := range m.Pattern {
		sign := "+"
		if u.Sign < 0 {
			sign = "-"
		}
		units = append(units, sign+fmt.Sprint(u.Unit))
	}
	if len(units) == 0 {
		views.Paragraph(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: area.H - 1}, w.NoPattern, th.Warn)
		return
	}
	c.Text(1, y, views.Truncate(fmt.Sprintf(w.PatternUnits, len(units), strings.Join(units, " ")), area.W-2), th.Text)
	y++
	c.Text(1, y, views.Truncate(fmt.Sprintf(w.SpansFound, len(m.Spans), thousands(int64(len(s.page.Sample.Pieces))), s.splitName(), thousands(m.Update)), area.W-2), th.Dim)
	y++
	room := area.Y + area.H - y
	v.y, v.top = y, max(0, min(v.row[onSpans]-room/2, len(m.Spans)-room))
	for i := 0; i < room && v.top+i < len(m.Spans); i++ {
		span := m.Spans[v.top+i]
		st := th.Text
		if v.top+i == v.row[onSpans] {
			st = th.Cursor
		}
		x := c.Text(1, y+i, fmt.Sprintf("%.2f", span.Likeness), st)
		x = c.Text(x+1, y+i, fmt.Sprintf("%2d+%-2d ", span.Shared, span.Extra), th.Dim)
		s.drawContext(c, views.Rect{X: x, Y: y + i, W: area.W - x - 1, H: 1}, span.From, span.To)
	}
}

// drawContext is a span of the sample in the middle of its text.
func (s *inspectScreen) drawContext(c *views.Canvas, area views.Rect, from, to int) {
	th, pieces := s.a.theme, s.page.Sample.Pieces
	middle := area.X + area.W/2
	x := middle
	for i := from - 1; i >= 0; i-- {
		text := visible(pieces[i])
		if x -= views.Width(text); x < area.X {
			break
		}
		c.Text(x, area.Y, text, th.Dim)
	}
	x = middle
	for i := from; i < len(pieces); i++ {
		text := visible(pieces[i])
		if x+views.Width(text) > area.X+area.W {
			break
		}
		st := th.Dim
		if i < to {
			st = th.Series[1].With(views.Bold | views.Underline)
		}
		x = c.Text(x, area.Y, text, st)
	}
}

// click takes a row.
func (v *findView) click(_, y int) tea.Cmd {
	if row := v.top + y - v.y; y >= v.y && row < v.size() {
		v.row[v.list] = row
		return v.vertical(0, false)
	}
	return nil
}

func (v *findView) figure() figure {
	s, w := v.s, v.s.words()
	f := s.page.Found
	if v.list == onSpans || f == nil {
		return figure{}
	}
	page := s.a.pageAt(fmt.Sprintf(w.FoundTitle, thousands(int64(f.Tokens)), s.splitName(), f.Layer+1, f.Units, thousands(f.Update)), f.Update)
	page.Caption = foundFoot(w, f.UnitSearch)
	page.Height = 0
	bars := &picture.Bars{Page: page, LabelName: w.ColFeature, ValueName: w.ColEffect}
	for _, u := range f.Found {
		if u.Effect == nil || math.IsNaN(u.Effect.Holds) {
			continue
		}
		bars.Rows = append(bars.Rows, views.Bar{Label: fmt.Sprintf("%d %s", u.Unit, s.featureName(u.Feature)), Value: u.Effect.Holds, Note: fmt.Sprintf("%.3f p %s", u.Score, pValue(u.PUnits))})
	}
	if len(bars.Rows) == 0 {
		return figure{}
	}
	return figure{"inspect-find", bars}
}
