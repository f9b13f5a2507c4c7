package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/views"
)

func (s *ladderScreen) drawWindow(c *views.Canvas, area views.Rect) {
	w, d := s.words(), s.demo.answer
	field := func(c *views.Canvas, r views.Rect) { s.drawField(c, r, fieldText, w.Text, "", w.TextHint) }
	if d == nil {
		parts := rows(area, 3, 0)
		s.panes[6].show(c, parts[0], field)
		s.sayWhy(c, parts[1].Inset(1), w.NotCounted)
		return
	}
	if area.H < 26 { // the effects are what matters: they get the height
		parts := rows(area, 3, 3, 0)
		s.panes[6].show(c, parts[0], field)
		s.panes[0].show(c, parts[1], s.drawSlots)
		cols := columns(parts[2], 0, 36)
		s.panes[1].show(c, cols[0], s.drawEffects)
		stack := rows(cols[1], 0, 6)
		s.panes[2].show(c, stack[0], s.drawSizes)
		s.panes[3].show(c, stack[1], s.drawSlotWeights)
		return
	}
	parts := rows(area, 3, 4, 0, 6)
	s.panes[6].show(c, parts[0], field)
	s.panes[0].show(c, parts[1], s.drawSlots)
	s.panes[3].show(c, parts[3], s.drawSlotWeights)
	cols := columns(parts[2], 0, max(36, area.W/3))
	s.panes[1].show(c, cols[0], s.drawEffects)
	if cols[1].H >= 20 {
		stack := rows(cols[1], 12, 0)
		s.panes[2].show(c, stack[0], s.drawSizes)
		s.panes[4].show(c, stack[1], s.drawExpected)
		return
	}
	s.panes[2].show(c, cols[1], s.drawSizes)
}

// drawSlots shows the window over the end of the text: what is padded and what is
// cut off.
func (s *ladderScreen) drawSlots(c *views.Canvas, area views.Rect) {
	w, th, d := s.words(), s.a.theme, s.demo.answer
	note := w.Fits
	st := th.Good
	switch cut := len(d.Tokens) - d.Length; {
	case cut > 0:
		note, st = fmt.Sprintf(w.CutOff, cut), th.Bad
	case cut < 0:
		note, st = fmt.Sprintf(w.Padded, -cut), th.Warn
	}
	box := views.Box{Title: fmt.Sprintf(w.Sees, d.Length)}
	if area.H < 4 {
		box.Note = note
	}
	in := box.Draw(c, area, th)
	texts := make([]string, len(d.Slots))
	total := 0
	for i, t := range d.Slots {
		texts[i] = visible(t.Text)
		if t.Text == "" {
			texts[i] = w.Padding
		}
		total += views.Width(texts[i]) + 4
	}
	// The cut tokens stand to the left, as many of the last as have room.
	x := in.X
	if cut := len(d.Tokens) - d.Length; cut > 0 {
		room := max(0, min(in.W-total-12, in.W/2))
		var gone []rune
		for _, t := range d.Tokens[:cut] {
			gone = append(gone, []rune(visible(t.Text))...)
			if s.a.live.Text.Word() {
				gone = append(gone, ' ')
			}
		}
		for views.Width(string(gone)) > room {
			gone = gone[1:]
		}
		x = c.Text(x, in.Y, string(gone), th.Bad.With(views.Dim))
		scissors := " ✂ "
		if th.ASCII {
			scissors = " | "
		}
		x = c.Text(x, in.Y, scissors, th.Bad)
	}
	for i, text := range texts {
		st := th.Title
		if d.Slots[i].Text == "" {
			st = th.Warn
		}
		x = c.Text(x, in.Y, "[ ", th.Frame)
		x = c.Text(x, in.Y, text, st)
		x = c.Text(x, in.Y, " ]", th.Frame)
	}
	c.Text(x, in.Y, " → ?", th.Accent)
	if in.H > 1 {
		c.Text(in.X, in.Y+1, views.Truncate(note, in.W), st)
	}
}

// effectTitle says what a token is replaced by.
func (s *ladderScreen) effectTitle(d *scope.WindowDemo) string {
	if slices.ContainsFunc(d.Tokens, func(t scope.Token) bool { return t.ID == d.Instead.ID }) {
		return fmt.Sprintf(s.words().EffectBoth, quote(d.Instead.Text), quote(d.InsteadOf.Text))
	}
	return fmt.Sprintf(s.words().Effect, quote(d.Instead.Text))
}

// effectHead is the title of the effects with their measure, as much of both as a
// width has room for.
func (s *ladderScreen) effectHead(d *scope.WindowDemo, width int) (title, note string) {
	const measure, frame = "½Σ|p-q|", 7 // columns around the title and the note
	w, instead := s.words(), quote(d.Instead.Text)
	full := s.effectTitle(d)
	for _, head := range [][2]string{{full, w.EffectNote}, {full, measure}, {fmt.Sprintf(w.Effect, instead), measure}} {
		if views.Width(head[0])+views.Width(head[1])+frame <= width {
			return head[0], head[1]
		}
	}
	return fmt.Sprintf(w.EffectShort, instead, measure), ""
}

// drawEffects shows how far the prediction moves when a token is replaced: with
// the window model exactly nothing beyond the window.
func (s *ladderScreen) drawEffects(c *views.Canvas, area views.Rect) {
	w, th, d := s.words(), s.a.theme, s.demo.answer
	title, note := s.effectHead(d, area.W)
	in := views.Box{Title: title, Note: note, Focused: true}.Draw(c, area, th)
	if len(d.Tokens) == 0 {
		views.Paragraph(c, in, w.TextHint, th.Dim)
		return
	}
	name := 4
	if s.a.live.Text.Word() {
		name = min(14, in.W/5)
	}
	half := (in.W - name) / 2
	after := fmt.Sprintf(w.Untrained, thousands(d.Updates))
	if d.Updates == 0 {
		after = w.NotTrained
	}
	short := fmt.Sprintf("N=%d", d.Length)
	window := fitting(half-1, fmt.Sprintf(w.Window, d.Length)+" "+after, short+" "+after,
		short+", "+fmt.Sprintf(s.a.words.Top.Update, thousands(d.Updates)), short)
	c.Text(in.X+name, in.Y, window, th.Series[5])
	net := scope.Rung{Kind: scope.NetworkRung, Cell: d.Cell}
	c.Text(in.X+name+half, in.Y, s.rungName(net), s.rungStyle(net))
	top := 1e-9
	for i := range d.Window {
		top = math.Max(top, math.Max(d.Window[i], d.Network[i]))
	}
	room := in.H - 1
	first := max(0, len(d.Tokens)-room)
	if d.Marked < first {
		first = d.Marked
	}
	s.a.drawMore(c, area, first, len(d.Tokens)-first-room)
	for n := first; n < min(len(d.Tokens), first+room); n++ {
		y := in.Y + 1 + n - first
		st := th.Text
		if n == d.Marked {
			st = th.Cursor
		}
		outside := n < len(d.Tokens)-d.Length
		if outside && n != d.Marked {
			st = th.Bad.With(views.Dim)
		}
		c.Text(in.X, y, views.Truncate(visible(d.Tokens[n].Text), name-1), st)
		s.drawEffect(c, views.Rect{X: in.X + name, Y: y, W: half - 1, H: 1}, d.Window[n], top, th.Series[5], outside)
		s.drawEffect(c, views.Rect{X: in.X + name + half, Y: y, W: half - 1, H: 1}, d.Network[n], top, s.rungStyle(net), false)
	}
}

func (s *ladderScreen) drawEffect(c *views.Canvas, r views.Rect, v, top float64, st views.Style, outside bool) {
	if outside && v == 0 {
		c.Text(r.X, r.Y, views.Truncate(s.words().Exact, r.W), s.a.theme.Bad)
		return
	}
	views.Bars{Min: 0, Max: top, LabelWidth: 1, Rows: []views.Bar{{Value: v, Note: fmt.Sprintf("%9s", digits(v, 3)), Style: st}}}.Draw(c, r, s.a.theme)
}

// drawSizes compares how many parameters both need for a length of history.
func (s *ladderScreen) drawSizes(c *views.Canvas, area views.Rect) {
	w, th, d := s.words(), s.a.theme, s.demo.answer
	in := views.Box{Title: w.Sizes}.Draw(c, area, th)
	cell := strings.ToUpper(d.Cell)
	head := []string{w.Length, "N", cell}
	line := func(y int, cells []string, styles ...views.Style) {
		x := in.X
		for i, text := range cells {
			c.Text(x, y, views.Pad(text, 11, views.Right), styles[i])
			x += 11
		}
	}
	line(in.Y, head, th.Dim, th.Series[5], s.rungStyle(scope.Rung{Kind: scope.NetworkRung, Cell: d.Cell}))
	for i, z := range d.Sizes {
		if i+1 >= in.H {
			return
		}
		st := th.Text
		if z.Length == d.Length {
			st = th.Title
		}
		line(in.Y+1+i, []string{thousands(int64(z.Length)), thousands(int64(z.Window)), thousands(int64(z.Network))}, st, st, th.Text)
	}
	if y := in.Y + 1 + len(d.Sizes); y < in.Y+in.H {
		c.Text(in.X, y, views.Truncate(fmt.Sprintf(w.SizesNote, cell), in.W), th.Dim)
	}
}

// drawExpected lists what both models expect next.
func (s *ladderScreen) drawExpected(c *views.Canvas, area views.Rect) {
	w, th, d := s.words(), s.a.theme, s.demo.answer
	in := views.Box{Title: w.Expect}.Draw(c, area, th)
	half := columns(in, 0, in.W/2)
	for i, list := range d.Next {
		b := views.Bars{Min: 0, Max: 1, LabelWidth: 4}
		if s.a.live.Text.Word() {
			b.LabelWidth = min(14, half[i].W/3)
		}
		st := th.Series[5]
		if i == 1 {
			st = s.rungStyle(scope.Rung{Kind: scope.NetworkRung, Cell: d.Cell})
		}
		for _, n := range list {
			b.Rows = append(b.Rows, views.Bar{Label: visible(n.Text), Value: n.P, Note: fmt.Sprintf(" %.3f", n.P), Style: st})
		}
		area := half[i]
		area.W--
		b.Draw(c, area, th)
	}
}

// slotMap is what the marked token adds to the hidden units: slots down, units
// across.
func slotMap(d *scope.WindowDemo) views.Matrix {
	return views.Matrix{Data: d.Weights, Rows: d.Length, Cols: d.Hidden, RowStride: d.Hidden, ColStride: 1}
}

// slotWords are the words of its legend: what a column stands for are units here.
func (s *ladderScreen) slotWords() views.HeatmapWords {
	words := s.a.heatWords()
	words.Steps = s.words().Together
	return words
}

// drawSlotWeights shows that the same token lights other weights in each slot.
func (s *ladderScreen) drawSlotWeights(c *views.Canvas, area views.Rect) {
	w, th, d := s.words(), s.a.theme, s.demo.answer
	if len(d.Weights) == 0 {
		views.Box{}.Draw(c, area, th)
		return
	}
	in := views.Box{Title: fmt.Sprintf(w.Weights, quote(d.Tokens[d.Marked].Text)), Note: w.WeightsNote}.Draw(c, area, th)
	h := views.Heatmap{Matrix: slotMap(d), Widest: 4}
	read := h.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: in.H - 1}, th)
	h.Legend(c, in.X, in.Y+in.H-1, in.W, read, th, s.slotWords())
}
