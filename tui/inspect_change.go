package tui

import (
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

// changeView intervenes in the first sentence: units ablated, clamped or scaled,
// a state taken from the second sentence; and shows what that does to what comes
// next.
type changeView struct{ s *inspectScreen }

func (v *changeView) name(w *words.Inspect) string { return w.Views[changeAt] }
func (v *changeView) subject() session.Subject     { return session.AtGoingOn }
func (v *changeView) act() tea.Cmd                 { return v.s.ablate() }
func (v *changeView) enter() tea.Cmd               { return v.s.clamp() }

func (v *changeView) vertical(by int, page bool) tea.Cmd { return v.s.moveUnit(by, page) }

// changed is where the change of the unit under the cursor is, -1 for none.
func (s *inspectScreen) changed() int {
	return slices.IndexFunc(s.changes, func(c scope.UnitChange) bool { return c.Layer == s.layer && c.Unit == s.unit })
}

// intervene makes a change of the unit under the cursor in place of the one
// there; the same kind again takes it back.
func (s *inspectScreen) intervene(change scope.UnitChange) tea.Cmd {
	if !s.ready() {
		return nil
	}
	if at := s.changed(); at >= 0 {
		old := s.changes[at]
		s.changes = slices.Delete(slices.Clone(s.changes), at, at+1)
		if kind(old) != kind(change) {
			s.changes = append(s.changes, change.Starting(old.From))
		}
	} else {
		s.changes = append(slices.Clone(s.changes), change)
	}
	return s.carryOut()
}

// carryOut asks for the sentence under the present changes.
func (s *inspectScreen) carryOut() tea.Cmd {
	s.restyle()
	return s.wait(s.inspector.SetUnits(s.changes))
}

// The kinds of change of a unit.
const (
	ablated = iota
	clamped
	scaled
)

func kind(c scope.UnitChange) int {
	switch {
	case c.Scale != 0:
		return scaled
	case c.Shift != 0:
		return clamped
	}
	return ablated
}

func (s *inspectScreen) ablate() tea.Cmd { return s.intervene(scope.Ablate(s.layer, s.unit)) }

// clamp holds the unit at the value that it has at the cursor, or at a little
// when that is nothing.
func (s *inspectScreen) clamp() tea.Cmd {
	if !s.ready() {
		return nil
	}
	h := s.step().Layers[s.layer].H[s.unit]
	if h == 0 || h != h {
		h = 0.1
	}
	return s.intervene(scope.Clamp(s.layer, s.unit, h))
}

func (s *inspectScreen) scale() tea.Cmd { return s.intervene(scope.Scale(s.layer, s.unit, 2)) }

// ours is the change that + and - act on: the cursor's unit's, or the last.
func (s *inspectScreen) ours() int {
	if at := s.changed(); at >= 0 {
		return at
	}
	return len(s.changes) - 1
}

// adjust changes the value that a unit is clamped at or scaled by.
func (s *inspectScreen) adjust(by float32) tea.Cmd {
	at := s.ours()
	if at < 0 {
		s.a.say(s.words().NoChange)
		return nil
	}
	s.changes = slices.Clone(s.changes)
	c := &s.changes[at]
	if kind(*c) == scaled {
		c.Scale = rounded(c.Scale + by*0.25)
		if c.Scale == 0 {
			c.Scale += by * 0.25
		}
	} else {
		c.Shift = rounded(c.Shift + by*0.1)
	}
	return s.carryOut()
}

func rounded(x float32) float32 { return float32(math.Round(float64(x)*100) / 100) }

// fromHere lets a change begin at the token cursor, or act on all of the
// sentence again.
func (s *inspectScreen) fromHere() tea.Cmd {
	at := s.ours()
	if at < 0 {
		s.a.say(s.words().NoChange)
		return nil
	}
	s.changes = slices.Clone(s.changes)
	if s.changes[at].From > 0 {
		s.changes[at].From = 0
	} else {
		s.changes[at].From = s.token[0]
	}
	return s.carryOut()
}

// swapState puts the state at the second sentence's cursor in place of the one at
// the first's, or takes that back.
func (s *inspectScreen) swapState() tea.Cmd {
	if s.page == nil || s.page.Sentences[1].Len() == 0 {
		s.a.say(s.words().NoSecond)
		return nil
	}
	now := &scope.Swap{From: s.token[1], At: s.token[0]}
	if s.swap != nil && *s.swap == *now {
		now = nil
	}
	s.swap = now
	s.restyle()
	return s.wait(s.inspector.SetSwap(now))
}

// undo takes all interventions back.
func (s *inspectScreen) undo() tea.Cmd {
	s.changes, s.swap = nil, nil
	return tea.Batch(s.carryOut(), s.wait(s.inspector.SetSwap(nil)))
}

// changeText says what a change does.
func (s *inspectScreen) changeText(c scope.UnitChange) string {
	w := s.words()
	text := ""
	switch kind(c) {
	case ablated:
		text = w.Ablated
	case clamped:
		text = fmt.Sprintf(w.Clamped, fmt.Sprintf("%+.2f", c.Shift))
	case scaled:
		text = fmt.Sprintf(w.Scaled, fmt.Sprintf("%.2f", c.Scale))
	}
	text = fmt.Sprintf(w.ChangeOf, c.Layer+1, c.Unit) + " " + text
	if c.From > 0 {
		text += fmt.Sprintf(" "+w.FromToken, c.From+1)
	}
	return text
}

// interventions says what is changed, the last change first.
func (s *inspectScreen) interventions() []string {
	var lines []string
	for i := len(s.changes) - 1; i >= 0; i-- {
		lines = append(lines, s.changeText(s.changes[i]))
	}
	if s.page != nil && s.page.Swap != nil {
		lines = append(lines, fmt.Sprintf(s.words().Swapped, s.page.Swap.At+1, s.page.Swap.From+1))
	}
	return lines
}

func (v *changeView) draw(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	y := area.Y
	if len(s.changes) == 0 && s.page.Swap == nil {
		y += views.Paragraph(c, views.Rect{X: 1, Y: y, W: area.W - 2, H: 3}, fmt.Sprintf(w.ChangeHint, s.unit), th.Dim)
	} else {
		most := max(1, area.H/5)
		lines := s.interventions()
		if len(lines) > most {
			lines[most-1] = fmt.Sprintf(w.MoreChanges, len(lines)-most+1)
			lines = lines[:most]
		}
		for _, l := range lines {
			c.Text(1, y, views.Truncate("● "+l, area.W-2), th.Warn)
			y++
		}
		if t := s.page.Changed; t != nil {
			before, _ := total(s.page.Sentences[0].Trace)
			after, _ := total(t)
			text := fmt.Sprintf(w.SentenceMoves, fmt.Sprintf("%.2f", before), fmt.Sprintf("%.2f", after), fmt.Sprintf("%+.2f", after-before))
			c.Text(1, y, views.Truncate(text, area.W-2), th.Title)
			y++
		}
	}
	rest := views.Rect{X: 0, Y: y, W: area.W, H: area.Y + area.H - y}
	if o := s.page.Odds; o != nil && rest.H >= 12 {
		s.drawOddsBars(c, views.Rect{X: 0, Y: y, W: area.W, H: 3}, o)
		rest.Y, rest.H = rest.Y+3, rest.H-3
	}
	if rest.W >= 110 {
		parts := columns(rest, rest.W*2/5, 0)
		v.drawDistribution(c, parts[0])
		v.drawGoingOn(c, parts[1])
		return
	}
	bars := min(8, max(4, rest.H/2))
	parts := rows(rest, bars, 0)
	v.drawDistribution(c, parts[0])
	v.drawGoingOn(c, parts[1])
}

// drawDistribution is what may come next under the changes, and without them.
func (v *changeView) drawDistribution(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	plain := &s.page.Sentences[0].Trace.Steps[s.token[0]]
	now := plain
	if s.page.Changed != nil {
		now = &s.page.Changed.Steps[s.token[0]]
	}
	note := ""
	if now != plain {
		note = fmt.Sprintf(w.Divergence, digits(divergence(plain.P, now.P), 3))
	}
	in := views.Box{Title: fmt.Sprintf(w.NextAfter, s.token[0]+1), Note: note}.Draw(c, area, th)
	bars := views.Bars{Min: 0, Max: 1, LabelWidth: 3}
	if s.a.live.Text.Word() {
		bars.LabelWidth = 12
	}
	for _, id := range mostProbable(larger(plain.P, now.P), in.H) {
		if now.P[id] < leastShown && plain.P[id] < leastShown {
			break
		}
		b := views.Bar{Label: visible(s.a.live.Text.Token(id)), Value: float64(now.P[id]), Note: fmt.Sprintf("%.3f", now.P[id]), Style: th.Series[0]}
		if now != plain {
			b.Ghost, b.Note = float64(plain.P[id]), fmt.Sprintf("%.3f → %.3f", plain.P[id], now.P[id])
		}
		bars.Rows = append(bars.Rows, b)
	}
	bars.Draw(c, in, th)
}

// larger is the larger of two probabilities of each token, so that one that
// vanishes under a change is listed like one that appears.
func larger(p, q []float32) []float32 {
	out := make([]float32, len(q))
	for i := range q {
		out[i] = max(p[i], q[i])
	}
	return out
}

// leastShown is the probability from which on a token is listed: three decimals
// show less as nothing.
const leastShown = 0.0005

// divergence is KL(p‖q), nats.
func divergence(p, q []float32) float64 {
	sum := 0.0
	for i, x := range p {
		if x > 0 {
			sum += float64(x) * (math.Log(float64(x)) - math.Log(float64(q[i])))
		}
	}
	return math.Max(0, sum)
}

// drawGoingOn is what the model writes after the cursor, without and with the
// changes.
func (v *changeView) drawGoingOn(c *views.Canvas, area views.Rect) {
	s, w, th := v.s, v.s.words(), v.s.a.theme
	g := s.page.GoingOn
	title := w.GoingOn
	if g != nil {
		title = fmt.Sprintf(w.GoingOnAt, g.Point.Token+1, s.quoted(g.Point), digits(g.Temperature, 2)) + s.of(s.page.Answered)
	}
	in := views.Box{Title: title}.Draw(c, area, th)
	if s.sentence != 0 {
		views.Paragraph(c, in, w.OnlyFirst, th.Dim)
		return
	}
	if g == nil || g.Point != s.at() {
		c.Text(in.X, in.Y, s.waiting(), th.Dim)
		return
	}
	parts := []views.Rect{in}
	texts := [][]scope.Written{g.Plain}
	if g.Changed != nil {
		parts = rows(in, (in.H+1)/2, 0)
		texts = append(texts, g.Changed)
	}
	for n, r := range parts {
		if r.H < 1 {
			continue
		}
		name, st := w.Without, th.Dim
		if n == 1 {
			name, st = w.With, th.Warn
		}
		x := c.Text(r.X, r.Y, name+" ", st)
		strip, parted := views.Strip{}, -1
		for i, t := range texts[n] {
			strip.Tokens = append(strip.Tokens, visibleIn(t.Piece))
			value := math.NaN()
			if parted < 0 && g.Changed != nil && g.Plain[i].ID != g.Changed[i].ID {
				value, parted = 1, i // where the two part
			}
			strip.Values = append(strip.Values, value)
		}
		strip.Draw(c, views.Rect{X: x, Y: r.Y, W: r.X + r.W - x, H: r.H}, th)
	}
}

// visibleIn keeps a text in one paragraph.
func visibleIn(piece string) string {
	if piece == "\n" {
		return "↵"
	}
	return piece
}

func (v *changeView) figure() figure {
	s, w := v.s, v.s.words()
	if s.page.Sentences[0].Len() == 0 {
		return figure{}
	}
	plain := &s.page.Sentences[0].Trace.Steps[s.token[0]]
	now := plain
	if s.page.Changed != nil {
		now = &s.page.Changed.Steps[s.token[0]]
	}
	page := s.pageOf(fmt.Sprintf(w.NextAfter, s.token[0]+1))
	page.Height = 0
	for i, c := range s.changes {
		if i > 0 {
			page.Caption += " · "
		}
		page.Caption += s.changeText(c)
	}
	bars := &picture.Bars{Page: page, Min: 0, Max: 1, LabelName: w.ColToken, ValueName: w.With, GhostName: w.Without}
	for _, id := range mostProbable(larger(plain.P, now.P), 20) {
		bars.Rows = append(bars.Rows, views.Bar{Label: visible(s.a.live.Text.Token(id)), Value: float64(now.P[id]), Ghost: float64(plain.P[id]), Note: fmt.Sprintf("%.3f", now.P[id])})
	}
	return figure{"inspect-change", bars}
}
