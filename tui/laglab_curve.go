package tui

import (
	"fmt"

	"rnnscope/views"
)

// observed is the longest lag of the chosen row that most of the seeds done so
// far solved, of the chosen task; "" while none is done.
func (s *lagLabScreen) observed() string {
	w, t := s.words(), &s.table
	task, best, longest, any := t.columns[t.col].task, 0, 0, false
	for k, column := range t.columns {
		trials := t.cells[[2]int{t.row, k}]
		solved, done, _ := t.count(trials)
		if column.task != task || done == 0 {
			continue
		}
		any = true
		longest = max(longest, column.lag)
		if 2*solved > done {
			best = max(best, column.lag)
		}
	}
	switch {
	case !any:
		return ""
	case best == 0:
		return w.ObservedNone
	case best == longest:
		return fmt.Sprintf(w.ObservedAll, best)
	}
	return fmt.Sprintf(w.Observed, best)
}

// curveSeries are the curves of the chosen cell's trials.
func (s *lagLabScreen) curveSeries() (series []views.Series, refs []views.Reference) {
	if s.page == nil || len(s.table.rows) == 0 {
		return nil, nil
	}
	w, th := s.words(), s.a.theme
	for n, i := range s.table.chosen() {
		var x, y []float64
		for _, p := range s.page.Curves[i] {
			x, y = append(x, float64(p.Update)), append(y, float64(p.Loss))
		}
		if len(x) > 0 {
			series = append(series, views.Series{Name: fmt.Sprintf(w.Seed, s.page.Trials[i].Seed), X: x, Y: y, Style: th.Series[n%len(th.Series)]})
		}
		if r := s.page.Results[i]; r != nil && refs == nil {
			refs = append(refs, views.Reference{Label: w.Chance + " " + digits(r.Chance, 3), Value: r.Chance, Style: th.Warn})
			refs = append(refs, views.Reference{Label: w.Optimum + " " + digits(r.Optimum, 3), Value: r.Optimum, Style: th.Good})
		}
	}
	return series, refs
}

func (s *lagLabScreen) drawCurve(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	title := w.Curve
	if t := &s.table; len(t.rows) > 0 {
		title += s.a.words.Colon + fmt.Sprintf(w.CellTitle, t.rows[t.row], t.columns[t.col].lag)
	}
	in := views.Box{Title: title, Focused: s.open && !s.onSet}.Draw(c, area, th)
	v := &s.chart
	v.X, v.Y, v.Empty = views.Axis{Name: w.AxisUpdate, Whole: true}, views.Axis{}, w.NoCurve
	v.Series, v.References = s.curveSeries()
	v.Draw(c, in, th)
}
