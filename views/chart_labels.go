package views

func (r *Reference) style(t *Theme) Style {
	if r.Style != (Style{}) {
		return r.Style
	}
	return t.Dim
}

// dot returns the row of dots where a horizontal reference is drawn, the column
// where a vertical one is, and whether it is shown.
func (r *Reference) dot(p Plot) (at int, ok bool) {
	v, limit := p.dotY(r.Value), 4*p.Area.H
	if r.Vertical {
		v, limit = p.dotX(r.Value), 2*p.Area.W
	}
	return int(v), v >= 0 && v < float64(limit)
}

// drawGuides draws the references and the line of the crosshair, which both
// give way to points.
func (v *LineChart) drawGuides(c *Canvas, p Plot, t *Theme) {
	if v.Crosshair != nil {
		if x, ok := p.Column(*v.Crosshair); ok {
			c.Fill(Rect{x, p.Area.Y, 1, p.Area.H}, '│', t.Dim)
		}
	}
	for i := range v.References {
		r := &v.References[i]
		at, ok := r.dot(p)
		if !ok {
			continue
		}
		v.guides.reset(p.Area.W, p.Area.H)
		if r.Vertical {
			for y := range 2 * p.Area.H {
				v.guides.set(at, 2*y, 0)
			}
		} else {
			for x := range p.Area.W {
				v.guides.set(2*x, at, 0)
			}
		}
		st := [1]Style{r.style(t)}
		v.guides.draw(c, p.Area.X, p.Area.Y, st[:])
	}
}

// drawMarks draws the marked points, and the point of each line that is nearest
// to the crosshair, over the lines that they are on.
func (v *LineChart) drawMarks(c *Canvas, p Plot, t *Theme) {
	for i := range v.Marks {
		v.drawMark(c, p, &v.Marks[i], '◆', v.Marks[i].style(t))
	}
	if v.Crosshair == nil {
		return
	}
	for i := range v.Series {
		s := &v.Series[i]
		if q, ok := s.at(*v.Crosshair); ok && s.Shape != Points {
			v.drawMark(c, p, &Mark{X: q.x, Y: q.mid}, '●', v.styles[i])
		}
	}
}

func (v *LineChart) drawMark(c *Canvas, p Plot, m *Mark, r rune, st Style) {
	if x, y, ok := m.cell(p); ok {
		c.Set(x, y, r, st)
		v.taken[(y-p.Area.Y)*p.Area.W+x-p.Area.X] = true
	}
}

func (m *Mark) style(t *Theme) Style {
	if m.Style != (Style{}) {
		return m.Style
	}
	return t.Accent
}

func (m *Mark) cell(p Plot) (x, y int, ok bool) {
	dx, dy := p.dotX(m.X), p.dotY(m.Y)
	if !(dx >= 0 && dx < float64(2*p.Area.W) && dy >= 0 && dy < float64(4*p.Area.H)) {
		return 0, 0, false
	}
	return p.Area.X + int(dx)/2, p.Area.Y + int(dy)/4, true
}

// drawLabels names marks and references where nothing is drawn yet; a name
// that finds no such place is left out.
func (v *LineChart) drawLabels(c *Canvas, p Plot, t *Theme) {
	for _, m := range v.Marks {
		x, y, ok := m.cell(p)
		if !ok || m.Label == "" {
			continue
		}
		x, y, w := x-p.Area.X, y-p.Area.Y, Width(m.Label)
		for _, at := range [...][2]int{{x + 2, y}, {x - w - 1, y}, {x - w/2, y + 1}, {x - w/2, y - 1}, {x + 2, y + 1}, {x + 2, y - 1}} {
			if v.place(c, p, at[0], at[1], m.Label, w, m.style(t)) {
				break
			}
		}
	}
	for i := range v.References {
		r := &v.References[i]
		at, ok := r.dot(p)
		if !ok || r.Label == "" {
			continue
		}
		if r.Vertical {
			v.labelVertical(c, p, r, at/2, t)
		} else {
			v.labelHorizontal(c, p, r, at/4, t)
		}
	}
}

// labelHorizontal writes the label in the row of its line, as far to the right
// as it is free, else in the row above or below, unless another line is there,
// which it would seem to name, or rows are so few that a row is another value.
func (v *LineChart) labelHorizontal(c *Canvas, p Plot, r *Reference, row int, t *Theme) {
	w := Width(r.Label)
	for _, y := range [...]int{row, row - 1, row + 1} {
		if y != row && (p.Area.H < fewRows || v.lineAt(p, y)) {
			continue
		}
		for x := p.Area.W - w; x >= 0; x-- {
			if v.place(c, p, x, y, r.Label, w, r.style(t)) {
				return
			}
		}
	}
}

// fewRows are those of a plot whose labels stand in the row of their line only.
const fewRows = 8

// lineAt says whether a horizontal reference is in a row of cells.
func (v *LineChart) lineAt(p Plot, row int) bool {
	for i := range v.References {
		r := &v.References[i]
		if at, ok := r.dot(p); ok && !r.Vertical && at/4 == row {
			return true
		}
	}
	return false
}

// labelVertical writes the label beside its line, as far up as it is free.
func (v *LineChart) labelVertical(c *Canvas, p Plot, r *Reference, column int, t *Theme) {
	w := Width(r.Label)
	for y := range p.Area.H {
		for _, x := range [...]int{column + 1, column - w} {
			if v.place(c, p, x, y, r.Label, w, r.style(t)) {
				return
			}
		}
	}
}

// labelGap is how many columns are between two names in a row at least.
const labelGap = 2

// place writes a label at a cell of the plot if it hides nothing there.
func (v *LineChart) place(c *Canvas, p Plot, x, y int, label string, w int, st Style) bool {
	if x < 0 || y < 0 || x+w > p.Area.W || y >= p.Area.H {
		return false
	}
	cells := v.taken[y*p.Area.W+x : y*p.Area.W+x+w]
	for _, taken := range cells {
		if taken {
			return false
		}
	}
	// The next name keeps its distance, so that two never read as one.
	row := v.taken[y*p.Area.W : (y+1)*p.Area.W]
	for i := max(0, x-labelGap); i < min(len(row), x+w+labelGap); i++ {
		row[i] = true
	}
	c.Text(p.Area.X+x, p.Area.Y+y, label, st)
	return true
}
