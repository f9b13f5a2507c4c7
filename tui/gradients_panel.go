package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// group is some of the figures beside the views, which belong together.
type group int

// The groups, in the order in which they stand where there is room for all.
const (
	nowFigures group = iota
	startFigures
	otherFigures // of the other cells
	laterFigures // what is left after some steps
	dynamicsFigures
	checkFigures
	howFigures // measured
	figureGroups
)

// ask remembers what was asked for last: it comes first where there is not room
// for all.
func (s *gradientsScreen) ask(what group) {
	s.unask(what)
	s.asked = slices.Insert(s.asked, 0, what)
}

func (s *gradientsScreen) unask(what group) {
	s.asked = slices.DeleteFunc(s.asked, func(g group) bool { return g == what })
}

// drawFigures says in figures what the curves show.
func (s *gradientsScreen) drawFigures(c *views.Canvas, area views.Rect) {
	title := s.words().Waiting
	if s.page != nil {
		title = fmt.Sprintf(s.words().Update, thousands(s.page.Update))
	}
	in := views.Box{Title: title}.Draw(c, area, s.a.theme)
	y := in.Y
	for _, line := range s.figureLines(in.W, in.H) {
		y += views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: in.Y + in.H - y}, line.text, line.style)
	}
}

// figureLines are the figures that there is room for: all in their order, or what
// is now, what was asked for, and of the others what is left room for.
func (s *gradientsScreen) figureLines(w, h int) (lines []sentence) {
	groups := s.figureGroups(w)
	rows := 0
	for _, g := range groups {
		rows += rowsOf(g, w)
	}
	order := []group{nowFigures}
	if rows > h {
		order = append(order, s.asked...)
	}
	for g := range figureGroups {
		if !slices.Contains(order, g) {
			order = append(order, g)
		}
	}
	for _, g := range order {
		for _, line := range groups[g] {
			if h -= rowsOf([]sentence{line}, w); h < 0 {
				return lines
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// rowsOf is how many rows lines take.
func rowsOf(lines []sentence, w int) (rows int) {
	for _, line := range lines {
		rows += len(views.Wrap(line.text, w))
	}
	return rows
}

// figureGroups are all figures there are, in lines of a width.
func (s *gradientsScreen) figureGroups(width int) (groups [figureGroups][]sentence) {
	w, th, g := s.words(), s.a.theme, s.page
	if s.snap != nil && s.snap.Trouble != nil {
		groups[nowFigures] = []sentence{{w.Diverged, th.Bad}}
	}
	if g == nil || g.Flow == nil || len(g.Flow.Layers) == 0 {
		return groups
	}
	decay := func(name string, d *scope.Decay, rate, half views.Style) []sentence {
		return []sentence{{name + s.a.words.Colon + fmt.Sprintf(w.Rate, digits(d.Rate, 3)), rate}, {" " + s.halfLife(d), half}}
	}
	h := s.layer(g.Flow).H
	groups[nowFigures] = append(groups[nowFigures], decay(w.Now, h, th.Series[0], th.Title)...)
	if g.Initial != nil && len(g.Initial.Layers) > 0 {
		groups[startFigures] = decay(w.Initial, s.layer(g.Initial).H, th.Series[1], th.Text)
	} else if !g.Drawn {
		groups[startFigures] = []sentence{{w.Initial + s.a.words.Colon + w.Resumed, th.Dim}}
	}
	groups[otherFigures] = s.otherLines()
	groups[laterFigures] = s.laterLines(h)
	if j := g.Jacobians.Answer; j != nil && j.Layer == g.Layer {
		for _, text := range s.dynamicsText(&g.Jacobians) {
			groups[dynamicsFigures] = append(groups[dynamicsFigures], sentence{text, th.Text})
		}
	}
	groups[checkFigures] = s.checkLines(width)
	over := w.OverOne
	if g.Flow.Windows != 1 {
		over = fmt.Sprintf(w.Over, g.Flow.Windows)
	}
	fits := fmt.Sprintf(w.FitsAll, g.Steps)
	if held := h.Held(); held < g.Steps {
		fits = fmt.Sprintf(w.FitsHeld, held, g.Steps)
	}
	groups[howFigures] = []sentence{
		{over + fits, th.Dim},
		{fmt.Sprintf(w.Renewed, fmt.Sprintf("%.1f", (g.Took+g.Every).Seconds()), fmt.Sprint(g.Took.Milliseconds())), th.Dim},
	}
	return groups
}

// otherLines are the rates of the other cells.
func (s *gradientsScreen) otherLines() (lines []sentence) {
	w, th := s.words(), s.a.theme
	for i, o := range s.page.Others {
		if i == 0 {
			lines = append(lines, sentence{fmt.Sprintf(w.Others, o.Flow.Hidden, thousands(o.Update)), th.Dim})
		}
		if n := len(o.Flow.Layers); n > 0 {
			lines = append(lines, sentence{" " + strings.ToUpper(o.Cell) + s.a.words.Colon + fmt.Sprintf(w.Rate, digits(o.Flow.Layers[n-1].H.Rate, 3)), s.otherStyle(i)})
		}
	}
	if s.others && len(lines) == 0 {
		lines = []sentence{{w.OthersWait, th.Dim}}
	}
	return lines
}

// laterLines say what is left of the gradient after some steps. Where that of a
// window is at the end of float32 the mean is not known, only what it is less than.
func (s *gradientsScreen) laterLines(h *scope.Decay) (lines []sentence) {
	w, th := s.words(), s.a.theme
	lags := []int{10, 50, s.knobs.k()}
	slices.Sort(lags)
	for _, k := range slices.Compact(lags) {
		if k >= len(h.Geometric) || !(h.Geometric[0] > 0) {
			continue
		}
		text := fmt.Sprintf(w.At, k, scientific(h.Geometric[k]/h.Geometric[0]))
		if h.Least[k] < scope.Faintest {
			text = fmt.Sprintf(w.AtFaint, k, scientific(math.Max(h.Most[k], scope.Faintest)/h.Geometric[0]))
		}
		lines = append(lines, sentence{text, th.Text})
	}
	return lines
}

// checkLines say how the gradient stands beside central differences: the verdict,
// then the figures in as many columns as there is room for. What was held against
// them are the weights of then.
func (s *gradientsScreen) checkLines(width int) (lines []sentence) {
	w, th, check := s.words(), s.a.theme, &s.page.Check
	if check.Busy {
		lines = append(lines, sentence{fmt.Sprintf(w.Busy, share(check.Done, check.Total)), th.Dim})
	}
	if check.Failure != nil {
		return append(lines, sentence{words.Say(s.a.lang, check.Failure), th.Bad})
	}
	d := check.Answer
	if d == nil {
		return lines
	}
	of := fmt.Sprintf(s.a.words.Top.Update, thousands(check.Update))
	switch {
	case d.Told() == 0:
		lines = append(lines, sentence{fmt.Sprintf(w.CheckNothing, of), th.Warn})
	case !d.Agree():
		lines = append(lines, sentence{fmt.Sprintf(w.Differs, scientific(d.Worst), of), th.Bad})
	case check.Update != s.page.Update:
		lines = append(lines, sentence{fmt.Sprintf(w.Agrees, scientific(d.Worst), of), th.Dim})
	default:
		lines = append(lines, sentence{fmt.Sprintf(w.Agrees, scientific(d.Worst), of), th.Good})
	}
	for i, row := range checkTable(d, width) {
		if i == 0 {
			lines = append(lines, sentence{w.CheckHead, th.Dim})
		}
		lines = append(lines, sentence{row, th.Dim})
	}
	return append(lines, s.doubtLines(d)...)
}

// checkTable is the gradients and differences that can be held against each
// other, lag after lag down the columns.
func checkTable(d *scope.Differences, width int) (rows []string) {
	var columns [3][]string // lag, gradient, difference
	for i, k := range d.Lags {
		if d.Doubt[i] == scope.Clear {
			columns[0] = append(columns[0], fmt.Sprint(k))
			columns[1] = append(columns[1], scientific(d.Gradient[i]))
			columns[2] = append(columns[2], scientific(d.Central[i]))
		}
	}
	n, wide := len(columns[0]), [3]int{}
	if n == 0 {
		return nil
	}
	for i, column := range columns {
		for _, text := range column {
			wide[i] = max(wide[i], len(text))
		}
	}
	const gap = 2
	cell := wide[0] + len(": ") + wide[1] + len(" ") + wide[2] + gap
	across := max(1, min(n, (width+gap)/cell))
	down := (n + across - 1) / across
	for y := range down {
		row := ""
		for i := y; i < n; i += down {
			row += fmt.Sprintf("%*s: %-*s %-*s", wide[0], columns[0][i], wide[1], columns[1][i], wide[2]+gap, columns[2][i])
		}
		rows = append(rows, strings.TrimRight(row, " "))
	}
	return rows
}

// doubtLines say at which lags nothing can be held against differences, and why.
func (s *gradientsScreen) doubtLines(d *scope.Differences) (lines []sentence) {
	w := s.words()
	for _, x := range []struct {
		doubt  scope.Doubt
		format string
	}{{scope.Faint, w.CheckFaint}, {scope.Sure, w.CheckSure}, {scope.Parted, w.CheckParted}} {
		var lags []string
		for i, k := range d.Lags {
			if d.Doubt[i] == x.doubt {
				lags = append(lags, fmt.Sprint(k))
			}
		}
		if len(lags) > 0 {
			lines = append(lines, sentence{fmt.Sprintf(x.format, strings.Join(lags, " ")), s.a.theme.Dim})
		}
	}
	return lines
}

// halfLife writes in how many steps a gradient falls by half.
func (s *gradientsScreen) halfLife(d *scope.Decay) string {
	w := s.words()
	switch {
	case math.IsInf(d.HalfLife, 1):
		return w.Endless
	case math.IsNaN(d.HalfLife):
		return w.Vanishes
	}
	return fmt.Sprintf(w.HalfLife, digits(d.HalfLife, 3))
}
