package tui

import (
	"fmt"
	"math"

	"rnnscope/views"
	"rnnscope/views/picture"
)

// pictures are what the screen shows of what is chosen.
func (s *lagLabScreen) pictures() []figure {
	if f := s.figure(); f.what != nil {
		return []figure{f}
	}
	return nil
}

// figure is the curve of the chosen cell when it is open, else the grid: the
// share of seeds that solved each cell.
func (s *lagLabScreen) figure() figure {
	if s.page == nil || len(s.table.rows) == 0 {
		return figure{}
	}
	w, t := s.words(), &s.table
	if s.open {
		page := s.a.page(w.Curve)
		page.Subtitle = fmt.Sprintf(w.CellTitle, t.rows[t.row], t.columns[t.col].lag)
		series, refs := s.curveSeries()
		if series == nil {
			return figure{}
		}
		return figure{"lag-curve", &picture.Chart{Page: page, X: views.Axis{Name: w.AxisUpdate, Whole: true}, Y: views.Axis{Name: w.AxisLoss}, Series: series, References: refs, Empty: w.NoCurve}}
	}
	page := s.a.page(w.Grid)
	page.Subtitle, page.Height = w.Tasks[t.columns[0].task], 0
	values := make([]float32, len(t.rows)*len(t.columns))
	var labels []string
	for k, column := range t.columns {
		labels = append(labels, fmt.Sprintf("%s %d", column.task, column.lag))
		for r := range t.rows {
			share := math.NaN()
			if solved, done, _ := t.count(t.cells[[2]int{r, k}]); done > 0 {
				share = float64(solved) / float64(done)
			}
			values[k*len(t.rows)+r] = float32(share)
		}
	}
	return figure{"lag-grid", &picture.Heatmap{
		Page: page, Matrix: views.TimeMajor(values, len(t.rows)), RowLabels: t.rows, ColumnLabels: labels, Sequential: true, Min: 0, Max: 1,
		RowName: w.Row, ColumnName: w.Fields[setLags], ValueName: w.Solved,
		Words: s.a.heatWords(),
	}}
}
