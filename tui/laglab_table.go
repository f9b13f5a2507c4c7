package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// labTable is a grid of trials as rows and columns: a row is a cell with how it
// begins and at which rate, a column a task at a lag, and where they cross are
// the trials of all seeds.
type labTable struct {
	page     *scope.LagPage
	rows     []string
	columns  []labColumn
	cells    map[[2]int][]int // row and column: places of the trials, by seed
	row, col int              // chosen
	first    int              // the row at the top
	hits     []labHit         // where cells were drawn
}

type labColumn struct {
	task string
	lag  int
}

type labHit struct {
	area     views.Rect
	row, col int
}

// rowOf names a trial's row; only what differs between the rows is said.
func rowOf(c *scope.Trial, differs func(f func(*scope.Trial) string) bool) string {
	parts := []string{c.Cell}
	bias := func(c *scope.Trial) string {
		if c.Cell != "lstm" || c.ForgetBias == nil {
			return ""
		}
		return "f" + digits(float64(*c.ForgetBias), 3)
	}
	if c.Cell == "rnn" && c.Activation != "tanh" {
		parts = append(parts, c.Activation)
	}
	if c.Init != "pytorch" {
		parts = append(parts, strings.Replace(c.Init, "orthogonal", "orth", 1))
	}
	if b := bias(c); b != "" {
		parts = append(parts, b)
	}
	if differs(func(c *scope.Trial) string { return fmt.Sprint(c.LR) }) {
		parts = append(parts, digits(c.LR, 3))
	}
	return strings.Join(parts, " ")
}

// take arranges the trials of a page.
func (t *labTable) take(p *scope.LagPage) {
	same := t.page != nil && len(t.page.Trials) == len(p.Trials) && (len(p.Trials) == 0 || &t.page.Trials[0] == &p.Trials[0])
	t.page = p
	if same {
		return
	}
	t.rows, t.columns, t.cells = nil, nil, map[[2]int][]int{}
	t.row, t.col, t.first = 0, 0, 0
	differs := func(f func(*scope.Trial) string) bool {
		for i := range p.Trials {
			if f(&p.Trials[i]) != f(&p.Trials[0]) {
				return true
			}
		}
		return false
	}
	for i := range p.Trials {
		c := &p.Trials[i]
		name, column := rowOf(c, differs), labColumn{c.Task, c.Lag}
		r, k := slices.Index(t.rows, name), slices.Index(t.columns, column)
		if r < 0 {
			r, t.rows = len(t.rows), append(t.rows, name)
		}
		if k < 0 {
			k, t.columns = len(t.columns), append(t.columns, column)
		}
		t.cells[[2]int{r, k}] = append(t.cells[[2]int{r, k}], i)
	}
}

// height is how many rows the table takes.
func (t *labTable) height() int { return len(t.rows) + 2 }

func (t *labTable) move(rows, cols int) {
	t.row = max(0, min(len(t.rows)-1, t.row+rows))
	t.col = max(0, min(len(t.columns)-1, t.col+cols))
}

func (t *labTable) clickAt(x, y int) {
	for _, h := range t.hits {
		if h.area.Contains(x, y) {
			t.row, t.col = h.row, h.col
		}
	}
}

// chosen are the trials of the chosen cell.
func (t *labTable) chosen() []int { return t.cells[[2]int{t.row, t.col}] }

// count is how many trials of a cell are solved, how many are done, and the
// median of the updates of the solved ones.
func (t *labTable) count(trials []int) (solved, done int, median float64) {
	var updates []float64
	for _, i := range trials {
		switch t.page.States[i] {
		case scope.TrialSolved:
			solved++
			done++
			updates = append(updates, float64(t.page.Results[i].Updates))
		case scope.TrialFailed:
			done++
		}
	}
	if len(updates) == 0 {
		return solved, done, math.NaN()
	}
	slices.Sort(updates)
	n := len(updates)
	return solved, done, (updates[(n-1)/2] + updates[n/2]) / 2
}

// ratio is how much of the gradient arrived before training, the geometric mean
// over the trials done; 0 when it is not known.
func (t *labTable) ratio(trials []int) float64 {
	logs, n := 0.0, 0.0
	for _, i := range trials {
		if r := t.page.Results[i]; r != nil && r.Ratio > 0 {
			logs, n = logs+math.Log(float64(r.Ratio)), n+1
		}
	}
	if n == 0 {
		return 0
	}
	return math.Exp(logs / n)
}

// sign shows one trial.
func (s *lagLabScreen) sign(i int) (rune, views.Style) {
	th := s.a.theme
	switch s.page.States[i] {
	case scope.TrialSolved:
		return '●', th.Good
	case scope.TrialFailed:
		return '×', th.Bad
	case scope.TrialRuns:
		return '◐', th.Accent
	}
	return '·', th.Dim
}

// mostSigns is how many seeds have a sign each; more are counted.
const mostSigns = 10

func (s *lagLabScreen) drawGrid(c *views.Canvas, area views.Rect) {
	w, th, t := s.words(), s.a.theme, &s.table
	in := views.Box{Title: w.Grid, Focused: !s.onSet}.Draw(c, area, th)
	t.hits = t.hits[:0]
	if s.page == nil || len(t.rows) == 0 {
		views.Paragraph(c, in, fmt.Sprintf(w.Empty, w.Tasks[s.setup.choice.Task]), th.Dim)
		return
	}
	labels := views.Width(w.Row)
	for _, r := range t.rows {
		labels = max(labels, views.Width(r))
	}
	seeds := 0
	for _, trials := range t.cells {
		seeds = max(seeds, len(trials))
	}
	signs := seeds
	if seeds > mostSigns {
		signs = len(fmt.Sprintf("%d/%d", seeds, seeds))
	}
	wide := max(signs+6, 9) // the signs, and the updates
	labels = min(labels, max(10, in.W/3, in.W-1-wide*len(t.columns)))
	const arrives = 8 // what arrives of the gradient, where there is room
	ratios := (in.W-labels-1)/(wide+arrives) >= len(t.columns)
	if ratios {
		wide += arrives
	}
	room := max(1, (in.W-labels-1)/wide)
	from := max(0, min(t.col-room+1, len(t.columns)-room))
	tasks := map[string]bool{}
	for _, k := range t.columns {
		tasks[k.task] = true
	}
	c.Text(in.X, in.Y, views.Truncate(w.Row, labels), th.Dim)
	for k := from; k < min(len(t.columns), from+room); k++ {
		name := fmt.Sprint(t.columns[k].lag)
		if len(tasks) > 1 {
			name = t.columns[k].task[:min(2, len(t.columns[k].task))] + " " + name
		}
		x := c.Text(in.X+labels+1+(k-from)*wide, in.Y, views.Truncate(name, wide-1), th.Title)
		if ratios {
			c.Text(max(x+1, in.X+labels+1+(k-from+1)*wide-arrives), in.Y, views.Truncate(w.RatioHead, arrives-1), th.Dim)
		}
	}
	if from > 0 {
		c.Text(in.X+labels, in.Y, "‹", th.Dim)
	}
	if more := len(t.columns) - from - room; more > 0 {
		sign := fmt.Sprintf("›%d", more)
		c.Text(in.X+in.W-views.Width(sign), in.Y, sign, th.Dim)
	}
	body := max(1, in.H-2)
	t.first = max(0, min(min(t.row, t.first), len(t.rows)-body))
	t.first = max(t.first, t.row-body+1)
	s.a.drawMore(c, area, t.first, len(t.rows)-t.first-body)
	for r := t.first; r < min(len(t.rows), t.first+body); r++ {
		y := in.Y + 1 + r - t.first
		st := th.Text
		if r == t.row {
			st = th.Accent.With(views.Bold)
		}
		c.Text(in.X, y, views.Truncate(t.rows[r], labels), st)
		for k := from; k < min(len(t.columns), from+room); k++ {
			x := in.X + labels + 1 + (k-from)*wide
			t.hits = append(t.hits, labHit{views.Rect{X: x, Y: y, W: wide, H: 1}, r, k})
			trials := t.cells[[2]int{r, k}]
			s.drawCell(c, x, y, signs, seeds, trials, r == t.row && k == t.col)
			if ratio := t.ratio(trials); ratios && ratio > 0 {
				c.Text(x+wide-arrives, y, scientific(ratio), th.Dim)
			}
		}
	}
	legend := in.Y + in.H - 1
	x := in.X
	for _, l := range []struct {
		sign rune
		text string
		st   views.Style
	}{{'●', w.Solved, th.Good}, {'×', w.Failed, th.Bad}, {'◐', w.Runs, th.Accent}, {'·', w.Waits, th.Dim}} {
		c.Set(x, legend, l.sign, l.st)
		x = c.Text(x+2, legend, views.Truncate(l.text, max(0, in.X+in.W-x-2)), th.Dim) + 2
	}
}

// drawCell shows the trials of a cell: a sign a seed, and what solving it took.
func (s *lagLabScreen) drawCell(c *views.Canvas, x, y, signs, seeds int, trials []int, chosen bool) {
	th := s.a.theme
	solved, done, median := s.table.count(trials)
	if seeds > mostSigns {
		st := th.Dim
		switch {
		case done > 0 && solved == done:
			st = th.Good
		case done > 0 && solved == 0:
			st = th.Bad
		case done > 0:
			st = th.Warn
		}
		c.Text(x, y, fmt.Sprintf("%d/%d", solved, len(trials)), st)
	} else {
		for n, i := range trials {
			r, st := s.sign(i)
			if chosen {
				st = st.With(views.Reverse)
			}
			c.Set(x+n, y, r, st)
		}
	}
	text := ""
	switch {
	case !math.IsNaN(median):
		text = fmt.Sprint(int(median))
	case done == 0 || done < len(trials):
		// How far the first that runs is.
		for _, i := range trials {
			if s.page.States[i] == scope.TrialRuns {
				at := int64(0)
				if n := len(s.page.Curves[i]); n > 0 {
					at = s.page.Curves[i][n-1].Update
				}
				text = percent(float64(at) / float64(s.page.Trials[i].Limit))
				text = strings.ReplaceAll(text, " ", "")
				break
			}
		}
	}
	st := th.Text
	if chosen {
		st = th.Cursor
	}
	c.Text(x+signs, y, views.Truncate(text, 5), st)
}

// drawChosen says in figures what became of the chosen cell.
func (s *lagLabScreen) drawChosen(c *views.Canvas, area views.Rect) {
	w, th, t := s.words(), s.a.theme, &s.table
	if s.page == nil || len(t.rows) == 0 {
		in := views.Box{Title: w.Chosen}.Draw(c, area, th)
		views.Paragraph(c, in, w.Tasks[s.setup.choice.Task], th.Dim)
		return
	}
	in := views.Box{Title: fmt.Sprintf(w.CellTitle, t.rows[t.row], t.columns[t.col].lag)}.Draw(c, area, th)
	y := in.Y
	line := func(text string, st views.Style) {
		if y < in.Y+in.H {
			y += views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: in.Y + in.H - y}, text, st)
		}
	}
	trials := t.chosen()
	solved, done, median := t.count(trials)
	st := th.Bad
	if solved > 0 {
		st = th.Good
	}
	if done > 0 {
		line(fmt.Sprintf(w.SolvedOf, solved, done), st)
	}
	if text := s.observed(); text != "" {
		line(text, th.Title)
	}
	var horizon float64
	n, span, endless := 0.0, 0, 0
	for _, i := range trials {
		r := s.page.Results[i]
		if r == nil || math.IsNaN(float64(r.Ratio)) {
			continue
		}
		n++
		span = r.Span
		if math.IsInf(float64(r.Horizon), 1) {
			endless++
		} else {
			horizon += float64(r.Horizon)
		}
	}
	if n > 0 {
		predicted := w.Never
		if endless == 0 {
			lag := digits(horizon/n, 2)
			predicted = fitting(in.W, fmt.Sprintf(w.Predicted, lag), fmt.Sprintf(w.PredictedShort, lag))
		}
		line(predicted, th.Text)
		line(fmt.Sprintf(w.Arrives, scientific(t.ratio(trials)), span), th.Text)
	}
	if !math.IsNaN(median) {
		line(fmt.Sprintf(w.Updates, thousands(int64(median))), th.Text)
	}
	for _, i := range trials {
		if r := s.page.Results[i]; r != nil && r.Reason != "" {
			line(fmt.Sprintf(w.Reason, words.Say(s.a.lang, session.EndOf(r))), th.Warn)
			break
		}
	}
	if s.a.height-bodyTop-1 < roomFor {
		line(w.ChosenNote, th.Dim)
	}
}
