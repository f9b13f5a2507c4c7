package views

import "math"

// samples show how a series is drawn, beside its name; samplesASCII where dashes
// of all kinds would be one character.
var (
	samples      = [...]string{Solid: "──", Dashed: "╌╌", Dotted: "┈┈", DashDotted: "╌·", Points: "··"}
	samplesASCII = [...]string{Solid: "==", Dashed: "--", Dotted: "..", DashDotted: "-.", Points: "::"}
)

// samplesOf are those that a theme's terminal can show.
func samplesOf(t *Theme) *[Points + 1]string {
	if t.ASCII {
		return &samplesASCII
	}
	return &samples
}

// legend lays the names of the series out in at most rows lines of width
// columns, after the crosshair if there is one, each with what it is there. It
// draws them on c, or only counts when c is nil, and returns the lines it took.
// What has no room is left out, points before lines.
func (v *LineChart) legend(c *Canvas, area Rect, rows int, t *Theme) (used int) {
	x, y := 0, 0
	next := func(w int) bool {
		switch {
		case w > area.W || rows == 0 || x+w > area.W && y+1 >= rows:
			return false
		case x+w > area.W:
			x, y = 0, y+1
		}
		return true
	}
	put := func(s string, st Style, gap int) {
		if c != nil {
			c.Text(area.X+x, area.Y+y, s, st)
		}
		x += Width(s) + gap
		used = y + 1
	}
	named := false
	for i := range v.Series {
		named = named || v.Series[i].Name != ""
	}
	if !named {
		return 0
	}
	if v.Crosshair != nil {
		text := Figures(*v.Crosshair)
		if v.X.Name != "" {
			text = v.X.Name + " " + text
		}
		if next(Width(text)) {
			put(text, t.Accent.With(Bold), 3)
		}
	}
	for k := range 2 * len(v.Series) { // lines first
		i := k % len(v.Series)
		s := &v.Series[i]
		if s.Name == "" || (s.Shape == Points) != (k >= len(v.Series)) {
			continue
		}
		value := v.crosshairValue(s)
		if !next(3 + Width(s.Name) + Width(value)) {
			continue
		}
		st := s.style(i, t)
		put(v.lettered(samplesOf(t)[v.shape(i, t)], i), st, 1)
		put(s.Name, st, 0)
		put(value, t.Text.With(Bold), 3)
	}
	return used
}

// crosshairValue returns, after a space, what a series is at the crosshair: its
// nearest point, or of several updates drawn as points their range.
func (v *LineChart) crosshairValue(s *Series) string {
	if v.Crosshair == nil || math.IsNaN(*v.Crosshair) {
		return ""
	}
	q, ok := s.at(*v.Crosshair)
	switch {
	case !ok:
		return ""
	case s.Shape == Points && q.lo < q.hi:
		return " " + Figures(q.lo) + "–" + Figures(q.hi)
	}
	return " " + Figures(q.mid)
}
