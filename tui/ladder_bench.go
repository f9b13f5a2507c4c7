package tui

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// The parts beside the table of the workbench.
const (
	partStorage = iota
	partCounts
	partFrancisco
	benchParts
)

func (s *ladderScreen) drawBench(c *views.Canvas, area views.Rect) {
	w := s.words()
	parts := rows(area, 3, 0)
	note := ""
	if b := s.bench.answer; b != nil && b.Unknown > 0 {
		note = fmt.Sprintf(w.Unknown, b.Unknown)
	}
	s.panes[6].show(c, parts[0], func(c *views.Canvas, r views.Rect) { s.drawField(c, r, fieldHistory, w.History, note, w.HistoryHint) })
	side := 28
	if area.W >= 99 { // a window of 100, less the free column
		side = area.W * 2 / 5
	}
	cols := columns(parts[1], 0, side)
	s.panes[0].show(c, cols[0], s.drawSmoothings)
	draw := [benchParts]func(*views.Canvas, views.Rect){s.drawStorage, s.drawCounts, s.drawFrancisco}
	switch s.partsIn(cols[1].H) {
	case benchParts:
		stack := rows(cols[1], s.topOrder()+3, 15, 0)
		for i := range draw {
			s.panes[1+i].show(c, stack[i], draw[i])
		}
	case 2:
		stack := rows(cols[1], cols[1].H/2, 0)
		first := s.bench.part
		s.panes[1].show(c, stack[0], draw[first])
		s.panes[2].show(c, stack[1], draw[(first+1)%benchParts])
	default:
		s.panes[1].show(c, cols[1], draw[s.bench.part])
	}
}

// partsIn is how many of the parts have room in a height.
func (s *ladderScreen) partsIn(height int) int {
	switch {
	case height >= 4+s.topOrder()+14+10:
		return benchParts
	case height >= 28:
		return 2
	}
	return 1
}

// otherPart shows another part where not all have room.
func (s *ladderScreen) otherPart() tea.Cmd {
	if s.wholeBench() {
		s.a.say(s.words().AllParts)
		return nil
	}
	s.bench.part = (s.bench.part + 1) % benchParts
	return nil
}

// wholeBench says whether all parts are shown.
func (s *ladderScreen) wholeBench() bool {
	const above = bodyTop + 1 + 3 // with the names of the views and the history
	return s.partsIn(s.a.height-above-1) == benchParts
}

// pText writes a probability in few columns.
func pText(p float64) string {
	switch {
	case p == 0:
		return "0"
	case p >= 0.00095:
		return fmt.Sprintf("%.4f", p)
	}
	return fmt.Sprintf("%.0e", p)
}

// columnName is the head of a column of the workbench.
func (s *ladderScreen) columnName(smoothing string) string {
	w := s.words()
	switch name, k, _ := strings.Cut(smoothing, ":"); name {
	case "mle":
		return w.Likelihood
	case "add":
		return fmt.Sprintf(w.AddK, k)
	case "katz":
		return w.Katz
	}
	return w.Kneser
}

// drawSmoothings lists next tokens under four smoothings side by side, zeros in
// red.
func (s *ladderScreen) drawSmoothings(c *views.Canvas, area views.Rect) {
	w, th, b := s.words(), s.a.theme, s.bench.answer
	title := fmt.Sprintf(w.Order, s.bench.order)
	if b == nil {
		s.sayWhy(c, views.Box{Title: title, Focused: true}.Draw(c, area, th), w.NotCounted)
		return
	}
	var history strings.Builder
	for _, t := range b.History {
		history.WriteString(visible(t.Text))
		if s.a.live.Text.Word() {
			history.WriteByte(' ')
		}
	}
	title = fmt.Sprintf(w.Uses, quoted(strings.TrimSpace(history.String())), b.Order)
	note, bad := fmt.Sprintf(w.SeenTimes, thousands(b.Seen)), b.Seen == 0
	if bad {
		note = fmt.Sprintf(w.NeverSeen, b.Used)
	}
	in := views.Box{Title: title, Note: note, Focused: true}.Draw(c, area, th)
	count, column := 6, 8
	if in.W > 70 {
		count, column = 9, 12
	}
	label := in.W - count - column*len(b.Columns)
	bar := 0
	if label > 44 {
		label, bar = 16, label-16
	}
	line := func(y int, name, n string, cells []string, st views.Style, styles []views.Style) {
		c.Text(in.X, y, views.Pad(name, label, views.Left), st)
		c.Text(in.X+label, y, views.Pad(n, count, views.Right), th.Text)
		for i, cell := range cells {
			c.Text(in.X+label+count+i*column, y, views.Pad(cell, column, views.Right), styles[i])
		}
	}
	dim := make([]views.Style, len(b.Columns))
	heads := make([]string, len(b.Columns))
	for i, name := range b.Columns {
		heads[i], dim[i] = s.columnName(name), th.Dim
	}
	line(in.Y, w.Next, w.Seen, heads, th.Dim, dim)
	const foot = 3
	room := max(1, in.H-1-foot)
	s.bench.row = max(0, min(s.bench.row, len(b.Rows)-1))
	s.bench.first = max(0, min(max(min(s.bench.first, s.bench.row), s.bench.row-room+1), len(b.Rows)-room))
	s.a.drawMore(c, area, s.bench.first, len(b.Rows)-s.bench.first-room)
	for n, r := range b.Rows[s.bench.first:min(len(b.Rows), s.bench.first+room)] {
		cells, styles := make([]string, len(r.P)), make([]views.Style, len(r.P))
		for i, p := range r.P {
			cells[i], styles[i] = pText(p), th.Text
			if p == 0 {
				cells[i], styles[i] = "0  -∞", th.Bad.With(views.Bold)
			}
		}
		st, n0 := th.Title, thousands(r.Count)
		if s.bench.first+n == s.bench.row {
			st = th.Cursor
		}
		if r.Count == 0 {
			n0 = "·"
		}
		line(in.Y+1+n, visible(r.Text), n0, cells, st, styles)
		if bar > 0 {
			one := views.Bars{Min: 0, Max: 1, LabelWidth: 1, Rows: []views.Bar{{Value: r.P[len(r.P)-1], Ghost: r.P[0], Style: th.Series[3]}}}
			one.Draw(c, views.Rect{X: in.X + in.W - bar + 1, Y: in.Y + 1 + n, W: bar - 1, H: 1}, th)
		}
	}
	s.drawMass(line, in.Y+in.H-foot)
}

// drawMass draws the lines below the table: of the row under the cursor ln p, and
// how much probability smoothing moves.
func (s *ladderScreen) drawMass(line func(y int, name, n string, cells []string, st views.Style, styles []views.Style), y int) {
	w, th, b := s.words(), s.a.theme, s.bench.answer
	if len(b.Rows) == 0 {
		return
	}
	logs, moved, unseen := make([]string, len(b.Columns)), make([]string, len(b.Columns)), make([]string, len(b.Columns))
	styles, accent := make([]views.Style, len(b.Columns)), make([]views.Style, len(b.Columns))
	for i := range b.Columns {
		styles[i], accent[i] = th.Text, th.Accent
		logs[i] = fmt.Sprintf("%.2f", math.Log(b.Rows[s.bench.row].P[i]))
		if b.Rows[s.bench.row].P[i] == 0 {
			logs[i], styles[i] = "-∞", th.Bad.With(views.Bold)
		}
		moved[i], unseen[i] = percent(b.Moved[i]), percent(b.Unseen[i])
		if !b.Judged {
			moved[i], unseen[i] = "-", "-"
		}
	}
	line(y, w.LogP+" "+visible(b.Rows[s.bench.row].Text), "", logs, th.Dim, styles)
	line(y+1, w.Moved, "", moved, th.Accent, accent)
	line(y+2, w.Unseen, "", unseen, th.Accent, accent)
}

// possibleText writes V^n, in full while that is short.
func possibleText(n float64) string {
	if n < 1e5 {
		return thousands(int64(n))
	}
	return fmt.Sprintf("%.1e", n)
}

// drawStorage shows how many n-grams there could be, how many were seen and what
// they take.
func (s *ladderScreen) drawStorage(c *views.Canvas, area views.Rect) {
	w, th, b := s.words(), s.a.theme, s.bench.answer
	in := views.Box{Title: w.Storage}.Draw(c, area, th)
	if b == nil {
		return
	}
	wide := in.W >= 60
	seen, bytes := 12, 9
	if in.W < 2+8+seen+bytes {
		seen, bytes = 8, 8
	}
	for i, m := range b.Meter {
		y := in.Y + i
		if y >= in.Y+in.H {
			return
		}
		st := th.Text
		if m.N == b.Order {
			st = th.Cursor
		}
		x := c.Text(in.X, y, fmt.Sprintf("%2d", m.N), st)
		x = c.Text(x, y, views.Pad(possibleText(m.Possible), 8, views.Right), th.Dim)
		x = c.Text(x, y, views.Pad(fitting(seen-1, thousands(m.Seen), short(float64(m.Seen))), seen, views.Right), th.Text)
		x = c.Text(x, y, views.Pad(memory(m.Bytes), bytes, views.Right), th.Dim)
		if !wide {
			continue
		}
		// The bar is all that is possible, on a scale of logarithms; the bright
		// part was seen.
		room := in.X + in.W - x - 1
		all := math.Log(b.Meter[len(b.Meter)-1].Possible)
		n, k := int(float64(room)*math.Log(m.Possible)/all), int(float64(room)*math.Log(math.Max(1, float64(m.Seen)))/all)
		for j := range n {
			r, st := '░', th.Frame
			if j < k {
				r, st = '█', th.Series[3]
			}
			c.Set(x+1+j, y, r, st)
		}
	}
}

// drawCounts is the table of counts of counts with r*.
func (s *ladderScreen) drawCounts(c *views.Canvas, area views.Rect) {
	w, th, b := s.words(), s.a.theme, s.bench.answer
	if b == nil {
		views.Box{}.Draw(c, area, th)
		return
	}
	note := ""
	if area.W >= 60 {
		note = w.Worth
	}
	in := views.Box{Title: fmt.Sprintf(w.CountsTitle, b.Order), Note: note}.Draw(c, area, th)
	widths := []int{3, 8, 8, 7}
	if in.W > 40 {
		widths = []int{5, 12, 10, 10}
	}
	line := func(y int, st views.Style, cells ...string) {
		x := in.X
		for i, cell := range cells {
			n := widths[i]
			c.Text(x, y, views.Pad(cell, n, views.Right), st)
			x += n
		}
	}
	line(in.Y, th.Dim, "r", "n_r", "r* Katz", "r* GS")
	figure := func(x float64) string {
		if math.IsNaN(x) {
			return "-"
		}
		return fmt.Sprintf("%.3f", x)
	}
	for i, a := range b.Adjusted {
		if i+1 >= in.H-2 {
			break
		}
		st := th.Text
		if int(a.R) > b.Discounts {
			st = th.Dim
		}
		line(in.Y+1+i, st, thousands(a.R), thousands(a.N), figure(a.Katz), figure(a.Simple))
	}
	last := w.NoLine
	if !math.IsNaN(b.P0) {
		last = fitting(in.W, fmt.Sprintf(w.P0, percent(b.P0)), fmt.Sprintf(w.P0Short, percent(b.P0)))
	}
	c.Text(in.X, in.Y+in.H-2, views.Truncate(fmt.Sprintf(w.KatzTo, b.Discounts), in.W), th.Dim)
	c.Text(in.X, in.Y+in.H-1, views.Truncate(last, in.W), th.Dim)
}

// drawFrancisco shows tokens that are frequent after few others, and beside each
// one as frequent after many.
func (s *ladderScreen) drawFrancisco(c *views.Canvas, area views.Rect) {
	w, th, b := s.words(), s.a.theme, s.bench.answer
	in := views.Box{Title: w.Francisco}.Draw(c, area, th)
	if b == nil {
		return
	}
	y := in.Y
	y += views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: 3}, w.FranciscoNote, th.Dim)
	name := 4
	if s.a.live.Text.Word() {
		name = 12
	}
	const roomy = 34 // columns for whole sentences; all rows are alike
	after := w.AfterShort
	if in.W >= roomy {
		after = w.After
	}
	put := func(x scope.Contrast, st views.Style, beside string) {
		if y >= in.Y+in.H {
			return
		}
		at := c.Text(in.X, y, beside, th.Dim)
		at = c.Text(at, y, views.Pad(visible(x.Text), name, views.Left), st)
		c.Text(at+1, y, views.Truncate(fmt.Sprintf(after, thousands(x.Count), thousands(x.Contexts)), in.X+in.W-at-1), th.Text)
		y++
	}
	bottom := in.Y + in.H
	if b.Typed != nil {
		bottom -= 2 // what is typed comes before the last pairs
	}
	for i := range b.Fickle {
		if y+2 > bottom {
			break
		}
		put(b.Fickle[i], th.Warn, "")
		put(b.Steady[i], th.Good, "└ ") // as frequent after many
	}
	if b.Typed != nil && y+1 < in.Y+in.H {
		c.Text(in.X, y, w.Typed, th.Dim)
		y++
		put(*b.Typed, th.Title, "")
	}
}
