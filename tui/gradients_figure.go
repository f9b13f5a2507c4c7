package tui

import (
	"rnnscope/core/session"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// pictures are what the screen shows of what is chosen.
func (s *gradientsScreen) pictures() []figure {
	if f := s.figure(); f.what != nil {
		return []figure{f}
	}
	return nil
}

// pictured is the update of the weights that the chosen view is about.
func (s *gradientsScreen) pictured() int64 {
	switch g := s.page; {
	case g == nil || s.view == session.ClippingView:
		return s.a.update()
	case s.view == session.JacobiansView:
		return g.Jacobians.Update
	case s.view == session.TruncationView:
		return g.Truncation.Update
	default:
		return g.Update
	}
}

// figure is the chosen view as a picture.
func (s *gradientsScreen) figure() figure {
	g, w := s.page, s.words()
	if g == nil || g.Failure != nil {
		return figure{}
	}
	page := s.a.pageAt(w.Titles[s.view], s.pictured())
	chart := func(name string, x views.Axis, y views.Axis, series []views.Series, refs ...views.Reference) figure {
		if series == nil {
			return figure{}
		}
		return figure{name, &picture.Chart{Page: page, X: x, Y: y, Series: series, References: refs, Empty: w.Waiting}}
	}
	lag := views.Axis{Name: w.Lag, Whole: true}
	switch s.view {
	case session.FlowView:
		series, wall := s.flowSeries()
		return chart("flow", lag, views.Axis{Name: "‖dL/dh‖", Log: true}, series, wall)
	case session.MapView:
		if g.Map == nil {
			return figure{}
		}
		labels := make([]string, len(g.Map.IDs))
		for i, id := range g.Map.IDs {
			labels[i] = visible(s.a.live.Text.Token(int(id)))
		}
		page.Height = 640
		return figure{"gradient-map", &picture.Heatmap{
			Page: page, Matrix: views.TimeMajor(g.Map.Values, g.Map.Hidden), ColumnLabels: labels, Sequential: true,
			RowName: s.a.words.Train.UnitName, ColumnName: s.a.words.Train.TokenName, ValueName: "|dL/dh|",
			Words: s.a.heatWords(),
		}}
	case session.SourcesView:
		if g.Sources == nil {
			return figure{}
		}
		var x, above, future, whole []float64
		for i, v := range g.Sources.Steps {
			x, above, future, whole = append(x, float64(i)), append(above, v.Above), append(future, v.Future), append(whole, v.Whole)
		}
		th := s.a.theme
		return chart("sources", views.Axis{Name: w.Step, Whole: true}, views.Axis{Name: "‖dL/dh‖"}, []views.Series{
			{Name: w.Output, X: x, Y: above, Style: th.Series[1]}, {Name: w.Future, X: x, Y: future, Style: th.Series[0]}, {Name: "dL/dh", X: x, Y: whole, Shape: views.Dashed, Style: th.Series[2]},
		})
	case session.JacobiansView:
		return chart("jacobians", lag, views.Axis{Name: "/ k=0", Log: true}, s.jacobianSeries())
	case session.TruncationView:
		return chart("truncation", views.Axis{Name: w.Window, Whole: true, Log: true}, views.Axis{Min: 0, Max: 1.05}, s.truncationSeries())
	case session.TermsView:
		return chart("terms", lag, views.Axis{Name: w.TermNorm, Log: true}, s.termSeries())
	}
	if s.snap == nil || s.snap.Update == 0 {
		return figure{}
	}
	h, threshold := s.histogram(20)
	bars := s.clippingBars(h, threshold)
	return figure{"clipping", &picture.Bars{Page: page, Rows: bars.Rows, LabelName: s.a.words.Train.Gradient, ValueName: s.a.words.Train.AxisUpdate}}
}
