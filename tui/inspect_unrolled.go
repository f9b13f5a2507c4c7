package tui

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// unrolledView is the network unrolled in time, or folded into one step with its
// loop:
//
//	           e .31          y .22
//	             ↑ W_hy         ↑ W_hy
//	╭────╮W_hh╭─────────╮W_hh╭─────────╮
//	│ h₀ │───▶│h₁ +0.12 │───▶│h₂ -0.40 │───▶
//	╰────╯    ╰─────────╯    ╰─────────╯
//	             ↑ W_hx         ↑ W_hx
//	             T              h
//
// One weight has one colour, at all steps the same. It follows the cursor.
type unrolledView struct {
	s      *inspectScreen
	folded bool
}

func (v *unrolledView) name(w *words.Inspect) string { return w.Views[unrolledAt] }
func (v *unrolledView) subject() session.Subject     { return session.AtMap }
func (v *unrolledView) act() tea.Cmd                 { v.folded = !v.folded; return nil }
func (v *unrolledView) enter() tea.Cmd               { v.folded = !v.folded; return nil }

func (v *unrolledView) vertical(by int, page bool) tea.Cmd { return v.s.moveUnit(by, page) }

const (
	stepBox = 13 // columns of a box
	stepGap = 7  // columns of the arrow to the next
)

// subscript writes a number below the line.
func subscript(n int) string {
	var b strings.Builder
	for _, r := range fmt.Sprint(n) {
		b.WriteRune('₀' + r - '0')
	}
	return b.String()
}

// weightStyle is the colour of a weight: hh and hx of a layer, hy of the output.
func (v *unrolledView) weightStyle(name string, layer int) views.Style {
	th := v.s.a.theme
	switch name {
	case "hh":
		return th.Series[[3]int{0, 3, 4}[layer%3]]
	case "hx":
		return th.Series[[3]int{1, 5, 1}[layer%3]]
	}
	return th.Series[2]
}

// weightName is the name of a weight; layers are told apart where there are
// several.
func (v *unrolledView) weightName(name string, layer int) string {
	if name != "hy" && v.s.page.Model.Layers > 1 {
		return "W_" + name + subscript(layer+1)
	}
	return "W_" + name
}

func (v *unrolledView) draw(c *views.Canvas, area views.Rect) {
	s, th := v.s, v.s.a.theme
	L := s.page.Model.Layers
	inner := 1
	drawn := L // of the layers, at least
	if v.folded {
		drawn = 1
	}
	if area.H >= 4+drawn*5 {
		inner = 2
	}
	if v.memory() && area.H >= 4+drawn*6 {
		inner = 3
	}
	each := inner + 3 // a box and the arrow below it
	layers := min(L, max(1, (area.H-4)/each))
	first := max(0, min(s.layer, L-layers)) // the lowest layer drawn
	height := 3 + layers*each
	note := v.note(first, layers, inner, area.W-2, max(1, area.H-height))
	y := area.Y + max(0, (area.H-height-len(note))/2)

	n := max(1, (area.W-10)/(stepBox+stepGap))
	at := s.token[s.sentence]
	from := max(0, min(at-n/2, s.reading().Len()-n))
	to := min(s.reading().Len(), from+n)
	x0 := 9
	if v.folded {
		from, to = at, at+1
		x0 = area.W/2 - stepBox/2
	}
	for step := from; step < to; step++ {
		x := x0 + (step-from)*(stepBox+stepGap)
		v.drawStep(c, x, y, step, first, layers, inner, step == from)
	}
	for i, line := range note {
		c.Text(1, area.Y+area.H-len(note)+i, line, th.Dim)
	}
}

// note says what is drawn, as much of it as has room in so many rows.
func (v *unrolledView) note(first, layers, inner, width, rows int) []string {
	s, w := v.s, v.s.words()
	short := fmt.Sprintf(w.UnrolledShort, s.unit)
	full := fmt.Sprintf(w.UnrolledOne, s.unit)
	switch {
	case v.folded:
		full, short = w.FoldedNote, w.FoldedShort
	case inner > 1: // the units have their row of colours
		full = fmt.Sprintf(w.UnrolledNote, s.unit)
	}
	shown, memory := "", ""
	if layers < s.page.Model.Layers {
		shown = " · " + fmt.Sprintf(w.LayersShown, first+1, first+layers, s.page.Model.Layers)
	}
	if inner == 3 && !v.folded {
		memory = " · " + w.MemoryNote
	}
	names := " · " + fmt.Sprintf(w.NamesThere, s.inputWeights())
	for _, text := range []string{full + memory + shown + names, full + memory + shown, full + shown} {
		if lines := views.Wrap(text, width); len(lines) <= rows {
			return lines
		}
	}
	return []string{views.Truncate(short+shown, width)}
}

// drawStep is one step: its output, the boxes of its layers, its input, and the
// arrows into them.
func (v *unrolledView) drawStep(c *views.Canvas, x, y, step, first, layers, inner int, leftmost bool) {
	s, th := v.s, v.s.a.theme
	state := &s.reading().Trace.Steps[step]
	middle := x + stepBox/2
	cursor := step == s.token[s.sentence]
	st := th.Text
	if cursor {
		st = th.Cursor
	}
	if best := mostProbable(state.P, 1); len(best) == 1 {
		p := twoDecimals(float64(state.P[best[0]]))
		text := views.Truncate(visible(s.a.live.Text.Token(best[0])), stepBox-2-len(p)) + " " + p
		c.Text(x+(stepBox-views.Width(text))/2, y, text, st)
	}
	hy := v.weightStyle("hy", 0)
	x1 := c.Text(middle, y+1, "▲", hy)
	c.Text(x1+1, y+1, v.weightName("hy", 0), hy)
	y += 2
	for l := first + layers - 1; l >= first; l-- {
		v.drawBox(c, views.Rect{X: x, Y: y, W: stepBox, H: inner + 2}, step, l, cursor)
		row := y + 1
		hh := v.weightStyle("hh", l)
		name := v.weightName("hh", l)
		if v.folded {
			v.drawLoop(c, views.Rect{X: x, Y: y, W: stepBox, H: inner + 2}, hh, name)
		} else {
			if leftmost {
				v.drawOrigin(c, x-stepGap-2, y, step, hh)
			}
			end := x + stepBox
			c.Text(end+(stepGap-views.Width(name))/2, row-1, name, hh)
			c.Fill(views.Rect{X: end, Y: row, W: stepGap - 1, H: 1}, '─', hh)
			c.Set(end+stepGap-1, row, '▶', hh)
			if inner == 3 {
				v.drawMemory(c, end, row+2)
			}
		}
		y += inner + 2
		hx := v.weightStyle("hx", l)
		x1 := c.Text(middle, y, "▲", hx)
		c.Text(x1+1, y, v.weightName("hx", l), hx)
		y++
	}
	piece := visible(s.reading().Pieces[step])
	text := views.Truncate(piece, stepBox)
	if s.unknown(s.sentence, step) {
		st = th.Warn.With(views.Underline)
	}
	c.Text(x+(stepBox-views.Width(text))/2, y, text, st.With(views.Bold))
}

// twoDecimals writes a probability in at most four columns; one that is not 0 or 1
// does not look so.
func twoDecimals(p float64) string {
	switch {
	case p > 0 && p < 0.005:
		return "<.01"
	case p >= 0.995 && p < 1:
		return ">.99"
	}
	return strings.TrimPrefix(fmt.Sprintf("%.2f", p), "0")
}

// memory says that the cells have a state c beside h.
func (v *unrolledView) memory() bool {
	steps := v.s.reading().Trace.Steps
	return len(steps) > 0 && len(steps[0].Layers) > 0 && len(steps[0].Layers[0].C) > 0
}

// drawMemory is the way of the cell state to the next step, past all weights.
func (v *unrolledView) drawMemory(c *views.Canvas, x, y int) {
	st := v.s.a.theme.Warn
	c.Fill(views.Rect{X: x, Y: y, W: stepGap - 1, H: 1}, '═', st)
	c.Text(x+stepGap/2-2, y, " f⊙c ", st)
	c.Set(x+stepGap-1, y, '▶', st)
}

// drawBox is a layer's state after a step: the unit's value, and all units as
// colours where there is room.
func (v *unrolledView) drawBox(c *views.Canvas, r views.Rect, step, layer int, cursor bool) {
	s, th := v.s, v.s.a.theme
	in := views.Box{Focused: cursor && layer == s.layer}.Draw(c, r, th)
	h := s.reading().Trace.Steps[step].Layers[layer].H
	name := "h" + subscript(step+1)
	value := ""
	if s.unit < len(h) {
		value = fmt.Sprintf("%+.2f", h[s.unit])
	}
	x := c.Text(in.X, in.Y, name, th.Title)
	if at := in.X + in.W - len(value); at >= x {
		c.Text(at, in.Y, value, th.Dim)
	}
	if in.H > 1 {
		hi := s.reach()
		swatches(c, in.X, in.Y+1, in.W, h, -hi, hi, th.Diverging, th)
	}
	if cell := s.reading().Trace.Steps[step].Layers[layer].C; in.H > 2 && len(cell) > 0 {
		hi := 1.0
		for _, x := range cell {
			hi = math.Max(hi, math.Abs(float64(x)))
		}
		x := c.Text(in.X, in.Y+2, "c ", th.Warn)
		swatches(c, x, in.Y+2, in.X+in.W-x, cell, -hi, hi, th.Diverging, th)
	}
}

// drawOrigin is what comes before the first step shown: h₀, zeros, or earlier
// steps.
func (v *unrolledView) drawOrigin(c *views.Canvas, x, y, step int, hh views.Style) {
	th := v.s.a.theme
	row := y + 1
	if step == 0 {
		c.Text(x+1, row, "h₀=0", th.Title)
	} else {
		c.Text(x+1, row, "h"+views.Truncate(subscript(step), 3), th.Dim)
	}
	end := x + 5
	c.Fill(views.Rect{X: end, Y: row, W: 3, H: 1}, '─', hh)
	c.Set(end+3, row, '▶', hh)
}

// drawLoop is the arrow from a box to itself.
func (v *unrolledView) drawLoop(c *views.Canvas, r views.Rect, hh views.Style, name string) {
	right, last := r.X+r.W, r.Y+r.H-2
	c.Fill(views.Rect{X: right, Y: r.Y + 1, W: 3, H: 1}, '─', hh)
	c.Set(right+3, r.Y+1, '╮', hh)
	for y := r.Y + 2; y < last; y++ {
		c.Set(right+3, y, '│', hh)
	}
	c.Set(right, last, '◀', hh)
	c.Fill(views.Rect{X: right + 1, Y: last, W: 2, H: 1}, '─', hh)
	c.Set(right+3, last, '╯', hh)
	c.Text(right+5, r.Y+1, name, hh)
}

func (v *unrolledView) figure() figure {
	s := v.s
	w, h := s.body.canvas.Size()
	canvas := views.NewCanvas(w, h)
	v.draw(canvas, canvas.Bounds())
	page := s.pageOf(s.words().Views[unrolledAt])
	page.Description = s.reading().Text
	return figure{"inspect-unrolled", &picture.Screen{Page: page, Canvas: canvas}}
}
