package tui

import (
	"fmt"
	"math"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

func (s *sampleScreen) draw(c *views.Canvas, area views.Rect) {
	side := 38
	if area.W >= 150 {
		side = 50
	}
	left := columns(area, 0, side)
	if s.compare && s.page != nil && len(s.page.Columns) > 0 {
		left = columns(area, 0, 30)
	}
	main := rows(left[0], 0, 3)
	right := rows(left[1], 6, 0)
	s.text.show(c, main[0], s.drawText)
	s.prompt.show(c, main[1], s.drawPrompt)
	s.sliders.show(c, right[0], s.drawSliders)
	s.next.show(c, right[1], s.drawNext)
}

// state says who writes the text, with which weights.
func (s *sampleScreen) state() string {
	w, p := &s.a.words.Sample, s.page
	format := w.WeightsNewest
	switch {
	case p.Counting:
		return w.NgramCounting
	case p.Ngram > 0:
		return fmt.Sprintf(w.NgramWrites, p.Ngram)
	case p.Best:
		format = w.WeightsBest
	case p.Frozen:
		format = w.WeightsFrozen
	case looking(s.a.snap) == p.Update:
		format = w.WeightsPast
	}
	return fmt.Sprintf(format, thousands(p.Update))
}

func (s *sampleScreen) drawText(c *views.Canvas, area views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	box := views.Box{Title: w.Page, Focused: !s.input.on}
	if p == nil {
		box.Draw(c, area, th)
		return
	}
	box.Note = s.state()
	if p.Branches > 1 {
		box.Title = fmt.Sprintf(w.Branch, string(rune('A'+p.Branch)), p.Branches)
	}
	if len(p.Columns) > 0 {
		box.Title = w.Columns
	}
	if views.Width(box.Title)+views.Width(box.Note)+boxSigns > area.W { // who writes matters more
		if p.Branches > 1 && len(p.Columns) == 0 {
			box.Note = string(rune('A'+p.Branch)) + " · " + box.Note
		}
		box.Title, box.Note = box.Note, ""
	}
	if len(p.Columns) > 0 {
		s.drawColumns(c, box.Draw(c, area, th))
		return
	}
	in := box.Draw(c, area, th)
	legend := views.Rect{X: in.X, Y: in.Y + in.H - 1, W: in.W, H: 1}
	in.H--
	s.width, s.height = in.W, in.H
	if p.Failure != nil {
		views.Paragraph(c, in, words.Say(s.a.lang, p.Failure), th.Bad)
		return
	}
	if len(p.Tokens) == 0 {
		views.Paragraph(c, in, w.Empty, th.Dim)
		return
	}
	fillStrip(&s.strip, p.Tokens)
	s.strip.Cursor = nil
	if s.picked >= 0 && s.picked < len(p.Tokens) {
		s.strip.Cursor = &s.picked
	}
	if s.follow {
		s.strip.Top = max(0, s.strip.Layout(in.W)-in.H)
	}
	s.strip.Draw(c, in, th)
	s.drawScale(c, legend)
}

// fillStrip gives a strip the tokens of a text and their probabilities.
func fillStrip(v *views.Strip, tokens []scope.Written) {
	v.Tokens, v.Values = v.Tokens[:0], v.Values[:0]
	for _, t := range tokens {
		v.Tokens, v.Values = append(v.Tokens, t.Piece), append(v.Values, t.P)
	}
}

// drawScale says what the colours of the text mean, and what the text is like.
func (s *sampleScreen) drawScale(c *views.Canvas, r views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	note := ""
	if p.Full {
		note = w.Full
	} else if n := len(p.Tokens); n > 0 {
		i := n - 1
		if s.picked >= 0 && s.picked < n {
			i = s.picked
		}
		note = s.figures(p.Tokens[i], r.W-views.Width(w.Scale+w.Low+w.High)-3-mostSwatches-2)
	}
	note = views.Truncate(note, r.W)
	room := r.W - views.Width(note) - 2
	x := r.X
	if full := views.Width(w.Scale) + 1; room >= full+views.Width(w.Low+w.High)+2+leastSwatches {
		x, room = c.Text(x, r.Y, w.Scale+" ", th.Dim), room-full
	}
	if swatches := min(mostSwatches, room-views.Width(w.Low+w.High)-2); swatches >= leastSwatches {
		s.drawSwatches(c, x, r.Y, swatches)
	}
	c.Text(r.X+r.W-views.Width(note), r.Y, note, th.Text)
}

// mostSwatches and leastSwatches are how wide the scale of the text's colours is.
const mostSwatches, leastSwatches = 12, 4

// drawSwatches draws the scale of the text's colours with its ends.
func (s *sampleScreen) drawSwatches(c *views.Canvas, x, y, swatches int) {
	w, th := &s.a.words.Sample, s.a.theme
	x = c.Text(x, y, w.Low+" ", th.Dim)
	for i := range swatches {
		share := float64(i) / float64(swatches-1)
		if th.Profile == views.NoColor {
			ramp := views.Strip{Tokens: []string{"a"}, Values: []float64{share}}
			ramp.Draw(c, views.Rect{X: x + i, Y: y, W: 1, H: 1}, th)
			continue
		}
		c.Set(x+i, y, ' ', views.Style{BG: th.Sequential.At(share)})
	}
	c.Text(x+swatches, y, " "+w.High, th.Dim)
}

// figures are those of a written token, as many as fit.
func (s *sampleScreen) figures(t scope.Written, room int) string {
	w := &s.a.words.Sample
	note := quote(t.Text)
	if t.Prompt || math.IsNaN(t.P) {
		return note + " " + w.Given
	}
	note += " p=" + digits(t.P, 2)
	if t.Hand {
		note += " " + w.Hand
	}
	if more := note + fmt.Sprintf("  T=1: %s  "+w.EntropyShort, digits(t.PAt1, 2), fmt.Sprintf("%.2f", t.Entropy)); views.Width(more) <= room {
		return more
	}
	return note
}

// drawColumns shows the texts of several temperatures.
func (s *sampleScreen) drawColumns(c *views.Canvas, in views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	for len(s.strips) < len(p.Columns) {
		s.strips = append(s.strips, views.Strip{})
	}
	n := len(p.Columns)
	for i, col := range p.Columns {
		wide := (in.W+1)/n - 1 // all alike, so that what is the same looks the same
		r := views.Rect{X: in.X + i*(wide+1), Y: in.Y, W: wide, H: in.H}
		st := th.Series[i%len(th.Series)]
		head := "T=" + digits(col.Temperature, 4)
		if col.Wrote > 0 && in.W/n > views.Width(fmt.Sprintf(w.Column, "0.5", "0.55")) {
			head = fmt.Sprintf(w.Column, digits(col.Temperature, 4), fmt.Sprintf("%.2f", col.MeanEntropy))
		}
		c.Text(r.X, r.Y, head, st.With(views.Bold))
		v := &s.strips[i]
		v.Palette = nil
		fillStrip(v, col.Tokens)
		body := views.Rect{X: r.X, Y: r.Y + 1, W: r.W, H: r.H - 1}
		v.Top = max(0, v.Layout(body.W)-body.H)
		v.Draw(c, body, th)
	}
}

func (s *sampleScreen) drawNext(c *views.Canvas, area views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	if p != nil && len(p.Columns) > 0 {
		s.drawEntropies(c, area)
		return
	}
	in := views.Box{Title: w.Next}.Draw(c, area, th)
	if p == nil || len(p.Next) == 0 {
		return
	}
	foot := []string{fmt.Sprintf(w.Entropy, fmt.Sprintf("%.2f", p.Entropy), fmt.Sprintf("%.2f", p.AtOne))}
	switch {
	case s.temperature == 0:
		foot = append(foot, w.Argmax)
	default:
		foot = append(foot, fmt.Sprintf(w.Kept, thousands(int64(p.Kept)), thousands(int64(s.a.live.Text.Vocab()))))
	}
	for i, line := range foot {
		c.Text(in.X, in.Y+in.H-len(foot)+i, views.Truncate(line, in.W), th.Dim)
	}
	bars := views.Bars{Min: 0, Max: 1, LabelWidth: 3}
	if s.a.live.Text.Word() {
		bars.LabelWidth = min(14, in.W/3)
	}
	for i, n := range p.Next {
		b := views.Bar{Label: visible(n.Text), Value: n.P, Ghost: n.PAt1, Note: fmt.Sprintf("%.3f", n.P), Marked: i == s.marked, Style: th.Series[0]}
		bars.Rows = append(bars.Rows, b)
	}
	if room := max(0, in.H-len(foot)); s.marked >= room {
		bars.First = s.marked - room + 1
	}
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: max(0, in.H-len(foot))}, th)
	c.Text(area.X+2, area.Y+area.H-1, views.Truncate(" "+w.Marks+" ", area.W-4), th.Dim)
}

// drawEntropies compares the columns: the mean entropy of what their tokens were
// drawn from.
func (s *sampleScreen) drawEntropies(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	in := views.Box{Title: w.Entropies}.Draw(c, area, th)
	var bars views.Bars
	for i, col := range s.page.Columns {
		bars.Rows = append(bars.Rows, views.Bar{Label: "T=" + digits(col.Temperature, 3), Value: col.MeanEntropy, Note: fmt.Sprintf("%.2f", col.MeanEntropy), Style: th.Series[i%len(th.Series)]})
	}
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: min(in.H, len(bars.Rows))}, th)
	if rest := in.H - len(bars.Rows) - 1; rest > 0 {
		views.Paragraph(c, views.Rect{X: in.X, Y: in.Y + len(bars.Rows) + 1, W: in.W, H: rest}, w.Together, th.Dim)
	}
}
