package tui

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// compareView shows two sentences one above the other, where their states
// differ, and how the model weighs the words in which they differ.
type compareView struct{ s *inspectScreen }

func (v *compareView) name(w *words.Inspect) string { return w.Views[compareAt] }
func (v *compareView) subject() session.Subject     { return session.AtOdds }
func (v *compareView) act() tea.Cmd                 { return v.s.otherSentence() }
func (v *compareView) enter() tea.Cmd               { return nil }

func (v *compareView) vertical(by int, page bool) tea.Cmd { return v.s.moveUnit(by, page) }

// difference is A - B of a quantity, token by token as they come, as far as both
// go.
func (v *compareView) difference(q scope.Quantity) []float32 {
	s := v.s
	a, b := s.data(s.page.Sentences[0].Trace, q), s.data(s.page.Sentences[1].Trace, q)
	out := make([]float32, min(len(a), len(b)))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

func (v *compareView) draw(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	if s.page.Sentences[1].Len() == 0 {
		views.Paragraph(c, area.Inset(1), w.CompareHint, th.Dim)
		return
	}
	q := s.at0()
	y := area.Y
	used := v.drawVerdict(c, y, area.W)
	y += used
	odds := 4
	if area.H >= 24 {
		odds = 6
	}
	maps := 1
	if area.H >= 22 {
		maps = 3
	}
	rest := area.H - used - odds - 1
	high := max(1, rest/maps-2)
	order := s.window(s.ordered(), high)
	for n := range maps {
		which := n
		if maps == 1 {
			which = 2
		}
		if y+high+2 > area.Y+area.H-odds {
			break
		}
		v.drawOne(c, views.Rect{X: 0, Y: y, W: area.W, H: high + 2}, which, q, order)
		y += high + 2
	}
	v.drawOdds(c, views.Rect{X: 0, Y: area.Y + area.H - odds, W: area.W, H: odds})
}

// drawOne is a map with its tokens above: of A, of B, or of the difference.
func (v *compareView) drawOne(c *views.Canvas, area views.Rect, which int, q scope.Quantity, order []int) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	name := [3]string{"A", "B", "A-B"}[which]
	c.Text(0, area.Y, views.Pad(name, inspectGutter-2, views.Right), th.Accent)
	body := views.Rect{X: area.X, Y: area.Y + 1, W: area.W, H: area.H - 2}
	var heat views.Heatmap
	var read views.Reading
	legend := s.a.heatWords()
	if which < 2 {
		s.drawPieces(c, area.Y, which)
		heat.Min, heat.Max, heat.Palette = s.scaleOf(q)
		if !s.global {
			heat.Min, heat.Max = v.scale(q, heat.Palette.Signed)
			legend.Global = w.ScaleOfBoth
		}
		values := s.data(s.page.Sentences[which].Trace, q)
		heat.Matrix = views.TimeMajor(values, s.page.Model.Hidden)
	} else {
		s.drawPieces(c, area.Y, 1-s.sentence)
		values := v.difference(q)
		if len(values) == 0 {
			return
		}
		legend.Local, legend.Global = w.ByPosition, w.ByPosition
		heat.Matrix = views.TimeMajor(values, s.page.Model.Hidden)
		if s.global {
			lo, hi := q.Range(s.page.Model.Activation)
			heat.Min, heat.Max = lo-hi, hi-lo
		}
	}
	s.place(&heat, order, heat.Cols)
	if heat.From >= heat.To {
		return
	}
	heat.Cursor = views.HeatmapCursor{On: which == 2 || which == s.sentence, Row: s.position(order), Col: s.token[s.sentence]}
	read = heat.Draw(c, s.mapArea(body, &heat), th)
	foot := area.Y + area.H - 1
	x := heat.Legend(c, inspectGutter, foot, area.W-inspectGutter, read, th, legend)
	if at := s.token[s.sentence]; which == 2 && at < heat.Cols {
		text := fmt.Sprintf(w.DifferenceAt, s.unit, symbol(q), fmt.Sprintf("%+.4f", heat.Data[at*s.page.Model.Hidden+s.unit]))
		if start := area.W - views.Width(text) - 1; start > x+1 {
			c.Text(start, foot, text, th.Text)
		}
	}
}

// scale is the ends of a scale for the columns that are shown of both sentences,
// so that one colour is one value in their maps; equal ends where there is
// nothing to scale.
func (v *compareView) scale(q scope.Quantity, signed bool) (least, most float64) {
	s := v.s
	H := s.page.Model.Hidden
	for n := range s.page.Sentences {
		values := s.data(s.page.Sentences[n].Trace, q)
		from, to := min(len(values), s.ruler.from*H), min(len(values), s.ruler.to*H)
		for _, x := range values[from:to] {
			if a := float64(x); !math.IsNaN(a) && !math.IsInf(a, 0) {
				least, most = min(least, a), max(most, a)
			}
		}
	}
	if signed {
		most = max(most, -least)
		least = -most
	}
	return least, most
}

// total is ln p of a sentence after its first token, of the tokens known.
func total(t *scope.Trace) (sum float64, n int) {
	for i := range t.Steps {
		if x := t.Steps[i].Surprisal; x != nil {
			sum -= *x
			n++
		}
	}
	return sum, n
}

// drawVerdict says which sentence the model finds likelier, unless there are
// tokens in them that it cannot weigh, and that first tokens are not scored: on a
// second row where they differ, as then it is not about the whole sentences, or
// where there is not room for all on one.
// It returns the rows that it took.
func (v *compareView) drawVerdict(c *views.Canvas, y, width int) (rows int) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	a, na := total(s.page.Sentences[0].Trace)
	b, nb := total(s.page.Sentences[1].Trace)
	var parts []string
	switch {
	case s.page.Sentences[0].Unknown+s.page.Sentences[1].Unknown > 0:
		parts = append(parts, w.NoVerdict)
	case a > b:
		parts = append(parts, fmt.Sprintf(w.Likelier, "A", digits(a-b, 3)))
	case b > a:
		parts = append(parts, fmt.Sprintf(w.Likelier, "B", digits(b-a, 3)))
	}
	parts = append(parts, fmt.Sprintf(w.Verdict, fmt.Sprintf("%.2f", a), na, fmt.Sprintf("%.2f", b), nb))
	if na != nb && na > 0 && nb > 0 { // the shorter one is likelier for that alone
		parts = append(parts, fmt.Sprintf(w.PerToken, fmt.Sprintf("%.2f", a/float64(na)), fmt.Sprintf("%.2f", b/float64(nb))))
	}
	note, st := w.FirstUnscored, th.Dim
	if one, other := s.page.Sentences[0].Pieces, s.page.Sentences[1].Pieces; len(one) > 0 && one[0] != other[0] {
		note, st = w.FirstDiffer, th.Warn
	} else if line := strings.Join(append(parts, note), " · "); views.Width(line) <= width-2 {
		c.Text(1, y, line, th.Title)
		return 1
	}
	row := parts[:1]
	for len(row) < len(parts) && views.Width(strings.Join(parts[:len(row)+1], " · ")) <= width-2 {
		row = parts[:len(row)+1]
	}
	c.Text(1, y, views.Truncate(strings.Join(row, " · "), width-2), th.Title)
	c.Text(1, y+1, inFull(append([]string{note}, parts[len(row):]...), " · ", width-2), st)
	return 2
}

// drawOdds is the log-odds of the words in which the sentences differ after each
// token that they share.
func (v *compareView) drawOdds(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	o := s.page.Odds
	if o == nil {
		text := w.NoPair
		if b := s.page.Busy; b != nil && b.What == "odds" {
			text = w.Wait
		}
		if s.page.Stopped {
			text = w.Stopped
		}
		views.Paragraph(c, views.Rect{X: 1, Y: area.Y, W: area.W - 2, H: area.H}, text, th.Dim)
		return
	}
	s.drawOddsBars(c, area, o)
}

// drawOddsBars draws them below the tokens, those under interventions beside
// them in figures.
func (s *inspectScreen) drawOddsBars(c *views.Canvas, area views.Rect, o *scope.PairOdds) {
	w, th := s.words(), s.a.theme
	odds := o.Plain
	if o.Changed != nil {
		odds = o.Changed
	}
	top := 1e-9
	for i, x := range odds.Odds {
		if a := math.Abs(x.Difference); !math.IsInf(a, 0) && a == a {
			top = math.Max(top, a)
		}
		top = math.Max(top, math.Min(1e6, math.Abs(o.Plain.Odds[i].Difference)))
	}
	at := min(s.token[0], len(odds.Odds)-1)
	text := fmt.Sprintf(w.OddsTitle, inLine.Replace(o.A), inLine.Replace(o.B), at+1, fmt.Sprintf("%+.3f", o.Plain.Odds[at].Difference))
	if o.Changed != nil {
		text += fmt.Sprintf(" → %+.3f", odds.Odds[at].Difference)
	}
	c.Text(1, area.Y, views.Truncate(text+s.of(s.page.Answered), area.W-2), th.Accent)
	c.Text(0, area.Y+1+(area.H-1)/2, views.Pad(s.a.plusMinus()+digits(top, 2), inspectGutter-1, views.Right), th.Dim)
	h := (area.H - 1) / 2 * 2
	for i := s.ruler.from; i < min(s.ruler.to, len(odds.Odds)); i++ {
		up, down := th.Series[1], th.Series[0]
		if i == at {
			up, down = views.Style{FG: th.Cursor.FG}, views.Style{FG: th.Cursor.FG}
		}
		signed(c, views.Rect{X: s.ruler.column(i), Y: area.Y + 1, W: barWidth(s.ruler.wide), H: h}, odds.Odds[i].Difference/top, up, down)
	}
}

func (v *compareView) figure() figure {
	s := v.s
	if s.page.Sentences[1].Len() == 0 {
		return figure{}
	}
	q := s.at0()
	values := v.difference(q)
	if len(values) == 0 {
		return figure{}
	}
	page := s.pageOf("A-B · " + s.quantityName(q) + " · " + fmt.Sprintf(s.words().LayerOf, s.layer+1, s.page.Model.Layers))
	page.Height = 640
	page.Caption = s.words().ByPosition + "   A " + s.page.Sentences[0].Text + "   B " + s.page.Sentences[1].Text
	labels := labelled(s.page.Sentences[0].Pieces)
	for i, b := range labelled(s.page.Sentences[1].Pieces) {
		if i < len(labels) && labels[i] != b {
			labels[i] += "/" + b
		}
	}
	return figure{"inspect-difference", &picture.Heatmap{
		Page: page, Matrix: views.TimeMajor(values, s.page.Model.Hidden), Order: s.ordered(), ColumnLabels: labels,
		RowName: s.a.words.Train.UnitName, ColumnName: s.a.words.Train.TokenName, ValueName: "A-B " + symbol(q), Words: s.a.heatWords(),
	}}
}
