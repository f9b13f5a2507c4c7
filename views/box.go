package views

// Box is a frame with rounded corners around a view:
//
//	╭ title ──────── note ╮
//	│ ...                 │
//	╰─────────────────────╯
type Box struct {
	Title   string
	Note    string // at the right of the title's row, given up first when room is short
	Focused bool   // keys act on what is inside
}

// Draw draws the frame along the border of an area and returns what is inside.
// An area without room for a frame is all inside.
func (b Box) Draw(c *Canvas, area Rect, t *Theme) (inside Rect) {
	if area.W < 3 || area.H < 3 {
		return area
	}
	frame, title := t.Frame, t.Title
	if b.Focused {
		frame, title = t.Accent, t.Accent.With(Bold)
	}
	left, right, top, bottom := area.X, area.X+area.W-1, area.Y, area.Y+area.H-1
	c.Fill(Rect{left + 1, top, area.W - 2, 1}, '─', frame)
	c.Fill(Rect{left + 1, bottom, area.W - 2, 1}, '─', frame)
	c.Fill(Rect{left, top + 1, 1, area.H - 2}, '│', frame)
	c.Fill(Rect{right, top + 1, 1, area.H - 2}, '│', frame)
	c.Set(left, top, '╭', frame)
	c.Set(right, top, '╮', frame)
	c.Set(left, bottom, '╰', frame)
	c.Set(right, bottom, '╯', frame)
	end := left + 1
	if room := area.W - 4; b.Title != "" && room > 0 {
		end = c.Text(end, top, " "+Truncate(b.Title, room)+" ", title)
	}
	if w := Width(b.Note); w > 0 && end+w+3 <= right {
		c.Text(right-w-2, top, " "+b.Note+" ", t.Dim)
	}
	return area.Inset(1)
}
