package tui

import (
	"fmt"
	"strings"

	"rnnscope/views"
)

// pane is a part of a screen that keeps what it drew.
type pane struct {
	canvas *views.Canvas
	stale  bool
	area   views.Rect // where it was shown last, in the body
}

// show draws the pane if it is stale or its size has changed, and puts it into
// the body.
func (p *pane) show(c *views.Canvas, area views.Rect, draw func(c *views.Canvas, area views.Rect)) {
	if area.W < 1 || area.H < 1 {
		p.hide()
		return
	}
	if p.canvas == nil {
		p.canvas, p.stale = views.NewCanvas(area.W, area.H), true
	}
	if w, h := p.canvas.Size(); p.stale || w != area.W || h != area.H {
		p.canvas.Reset(area.W, area.H)
		draw(p.canvas, p.canvas.Bounds())
		p.stale = false
	}
	p.area = area
	c.Draw(area.X, area.Y, p.canvas)
}

// hide says that the pane is not on the screen: nothing of it is to be drawn
// until it is shown, and then all.
func (p *pane) hide() { *p = pane{} }

// at says whether a cell of the body is the pane's, and which of its own.
func (p *pane) at(x, y int) (px, py int, ok bool) {
	return x - p.area.X, y - p.area.Y, p.area.Contains(x, y)
}

// columns cuts an area into parts side by side, of the given widths; a width
// of 0 takes what is left.
func columns(area views.Rect, widths ...int) []views.Rect {
	return cut(area, widths, area.W, func(at, n int) views.Rect { return views.Rect{X: area.X + at, Y: area.Y, W: n, H: area.H} })
}

// rows cuts an area into parts one below another likewise.
func rows(area views.Rect, heights ...int) []views.Rect {
	return cut(area, heights, area.H, func(at, n int) views.Rect { return views.Rect{X: area.X, Y: area.Y + at, W: area.W, H: n} })
}

func cut(area views.Rect, sizes []int, all int, part func(at, n int) views.Rect) []views.Rect {
	free, open := all, 0
	for _, n := range sizes {
		free -= n
		if n == 0 {
			open++
		}
	}
	var out []views.Rect
	at := 0
	for _, n := range sizes {
		if n == 0 {
			n = max(0, free) / max(1, open)
			free, open = free-n, open-1
		}
		n = max(0, min(n, all-at))
		out = append(out, part(at, n))
		at += n
	}
	return out
}

// inFull joins as many of the first parts of a line as have room in full; where
// not even one has, it is cut.
func inFull(parts []string, between string, room int) string {
	if len(parts) == 0 {
		return ""
	}
	line := parts[0]
	for _, part := range parts[1:] {
		longer := line + between + part
		if views.Width(longer) > room {
			break
		}
		line = longer
	}
	return views.Truncate(line, room)
}

// fitting is the first of some texts, the most telling first, that has room; where
// none has, the last is cut.
func fitting(room int, texts ...string) string {
	for _, text := range texts {
		if views.Width(text) <= room {
			return text
		}
	}
	return views.Truncate(texts[len(texts)-1], room)
}

// sentence is a text with its style.
type sentence struct {
	text  string
	style views.Style
}

// below draws sentences at the bottom of an area, each on as many rows as it needs
// while they are not more than half of all, and returns what is left above.
func below(c *views.Canvas, in views.Rect, all ...sentence) views.Rect {
	rows := make([]int, len(all))
	total := 0
	for i, s := range all {
		if s.text != "" {
			rows[i] = max(1, len(views.Wrap(s.text, in.W)))
		}
		total += rows[i]
	}
	for i := len(rows) - 1; i >= 0 && total > in.H/2; i-- {
		less := min(max(0, rows[i]-1), total-in.H/2)
		rows[i], total = rows[i]-less, total-less
	}
	y := in.Y + in.H - total
	for i, s := range all {
		if y < in.Y { // there is no room for the first of them
			y += rows[i]
			continue
		}
		views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: rows[i]}, s.text, s.style)
		y += rows[i]
	}
	in.H = max(0, in.H-total)
	return in
}

// drawMore says on the lower border of a pane how many rows lie above and below
// those that it shows.
func (a *App) drawMore(c *views.Canvas, area views.Rect, above, below int) {
	var parts []string
	if above > 0 {
		parts = append(parts, fmt.Sprintf(a.words.Inspect.MoreAbove, thousands(int64(above))))
	}
	if below > 0 {
		parts = append(parts, fmt.Sprintf(a.words.Inspect.MoreBelow, thousands(int64(below))))
	}
	if len(parts) > 0 && area.H > 1 {
		c.Text(area.X+2, area.Y+area.H-1, views.Truncate(" "+strings.Join(parts, " · ")+" ", area.W-4), a.theme.Dim)
	}
}
