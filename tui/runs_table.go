package tui

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// runColumn is a column of the list of runs.
type runColumn struct {
	title   func(w *words.Runs) string
	width   int
	align   views.Align
	text    func(r *session.RunLine, l *runList) string
	compare func(a, b *session.RunLine) int
}

var runColumns = []runColumn{
	{func(w *words.Runs) string { return w.Name }, 26, views.Left,
		func(r *session.RunLine, _ *runList) string { return r.Name },
		func(a, b *session.RunLine) int { return cmp.Compare(a.Name, b.Name) }},
	{func(w *words.Runs) string { return w.Model }, 10, views.Left,
		func(r *session.RunLine, l *runList) string {
			return fmt.Sprintf("%s %d×%d", strings.ToUpper(r.Cell), r.Layers, r.Size)
		},
		func(a, b *session.RunLine) int {
			return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Layers, b.Layers), cmp.Compare(a.Size, b.Size))
		}},
	{func(w *words.Runs) string { return w.Update }, 9, views.Right,
		func(r *session.RunLine, _ *runList) string { return thousands(r.Update) },
		func(a, b *session.RunLine) int { return cmp.Compare(a.Update, b.Update) }},
	{func(w *words.Runs) string { return w.Train }, 7, views.Right,
		func(r *session.RunLine, _ *runList) string { return lossOrDash(r.Loss) },
		func(a, b *session.RunLine) int { return compareLoss(a.Loss, b.Loss) }},
	{func(w *words.Runs) string { return w.Valid }, 7, views.Right,
		func(r *session.RunLine, _ *runList) string { return lossOrDash(r.Valid) },
		func(a, b *session.RunLine) int { return compareLoss(a.Valid, b.Valid) }},
	{func(w *words.Runs) string { return w.Rate }, 7, views.Right,
		func(r *session.RunLine, _ *runList) string { return short(r.Rate) },
		func(a, b *session.RunLine) int { return cmp.Compare(a.Rate, b.Rate) }},
	{func(w *words.Runs) string { return w.State }, 16, views.Left,
		func(r *session.RunLine, l *runList) string {
			state := words.For(l.lang).Top.Phases[r.Phase]
			if r.Phase == scope.Silent {
				state = fmt.Sprintf(state, clock(time.Since(r.Heard)))
			}
			return state
		},
		func(a, b *session.RunLine) int {
			return cmp.Or(cmp.Compare(a.Phase, b.Phase), b.Heard.Compare(a.Heard))
		}},
}

func lossOrDash(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return lossText(x)
}

// compareLoss puts runs without a loss last.
func compareLoss(a, b float64) int {
	switch {
	case math.IsNaN(a) && math.IsNaN(b):
		return 0
	case math.IsNaN(a):
		return 1
	case math.IsNaN(b):
		return -1
	}
	return cmp.Compare(a, b)
}

// table draws the heading and the runs that fit; what is right of the columns
// is the curve of the loss.
func (l *runList) table(c *views.Canvas, in views.Rect) {
	w, th := l.words, l.theme
	if len(l.lines) == 0 {
		text := w.Reading
		switch {
		case l.failure != nil:
			text = fmt.Sprintf(w.Lost, l.dir)
		case l.polled:
			text = fmt.Sprintf(w.None, l.dir)
		}
		views.Paragraph(c, in, text, th.Dim)
		return
	}
	widths := l.widths(in.W)
	x := in.X + 2
	for i, width := range widths {
		col := &runColumns[i]
		title, st := col.title(w), th.Dim
		if i == l.column {
			title, st = title+map[bool]string{false: "↓", true: "↑"}[l.descending], th.Accent
		}
		c.Text(x, in.Y, views.Pad(views.Truncate(title, width), width, col.align), st)
		x += width + 1
	}
	l.rows = views.Rect{X: in.X, Y: in.Y + 1, W: in.W, H: in.H - 1}
	at := l.index()
	l.top = max(0, min(l.top, at), at-l.rows.H+1)
	l.top = max(0, min(l.top, len(l.lines)-l.rows.H))
	for i := range min(l.rows.H, len(l.lines)-l.top) {
		l.row(c, views.Rect{X: in.X, Y: l.rows.Y + i, W: in.W, H: 1}, l.top+i, widths)
	}
}

// widths are those of the columns that fit. The first is as wide as the longest
// name, within bounds.
func (l *runList) widths(room int) (widths []int) {
	longest := 8
	for i := range l.lines {
		longest = max(longest, views.Width(l.lines[i].Name))
	}
	x := 2
	for i, col := range runColumns {
		width := col.width
		if i == 0 {
			width = min(width, longest)
		}
		if x += width + 1; x-1 > room {
			break
		}
		widths = append(widths, width)
	}
	return widths
}

func (l *runList) row(c *views.Canvas, area views.Rect, i int, widths []int) {
	r, st := &l.lines[i], l.theme.Text
	if r.Name == l.at {
		st = l.theme.Accent.With(views.Reverse)
		c.Fill(area, ' ', st)
	}
	if l.marked[r.Name] {
		c.Text(area.X, area.Y, "●", l.series(r.Name).With(st.Attr))
	}
	x := area.X + 2
	for n, width := range widths {
		col := &runColumns[n]
		c.Text(x, area.Y, views.Pad(views.Truncate(col.text(r, l), width), width, col.align), st)
		x += width + 1
	}
	if room := area.X + area.W - x - 1; room >= 8 {
		views.Spark{Values: means(r.Losses.Buckets), Style: st}.Draw(c, views.Rect{X: x, Y: area.Y, W: room, H: 1}, l.theme)
	}
}
