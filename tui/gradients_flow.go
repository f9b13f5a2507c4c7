package tui

import (
	"fmt"
	"math"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// flowLeast is the smallest norm that is drawn, relative to the largest: less
// would only squeeze what can be seen.
const flowLeast = 1e-24

// layer is the layer of a flow that is looked at.
func (s *gradientsScreen) layer(f *scope.Flow) *scope.FlowLayer {
	return &f.Layers[max(0, min(len(f.Layers)-1, s.page.Layer))]
}

// lags are 0, 1, … n-1.
func lags(n int) []float64 {
	x := make([]float64, n)
	for k := range x {
		x[k] = float64(k)
	}
	return x
}

// floored leaves out what is too small to be drawn.
func floored(y []float64, least float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		if out[i] = v; !(v >= least) {
			out[i] = math.NaN()
		}
	}
	return out
}

// flowSeries are the curves of the flow: now, at initialisation, guides.
func (s *gradientsScreen) flowSeries() (series []views.Series, wall views.Reference) {
	w, th, g := s.words(), s.a.theme, s.page
	if g.Flow == nil || len(g.Flow.Layers) == 0 {
		return nil, views.Reference{}
	}
	now := s.layer(g.Flow).H.Geometric
	x, top := lags(len(now)), 0.0
	for _, v := range now {
		top = math.Max(top, v)
	}
	least := math.Min(top*flowLeast, now[0]*1e-3) // where gradients explode, from lag 0 on
	if top == 0 {
		return nil, views.Reference{}
	}
	for i, rate := range []float64{0.8, 0.9} {
		guide := make([]float64, len(now))
		for k := range guide {
			guide[k] = now[0] * math.Pow(rate, float64(k))
		}
		series = append(series, views.Series{Name: fmt.Sprintf("%g^k", rate), X: x, Y: floored(guide, least), Shape: [2]views.Shape{views.Dotted, views.DashDotted}[i], Style: th.Dim})
	}
	if g.Initial != nil && len(g.Initial.Layers) > 0 {
		series = append(series, views.Series{Name: w.Initial, X: x, Y: floored(s.layer(g.Initial).H.Geometric, least), Shape: views.Dashed, Style: th.Series[1]})
	}
	if c := s.layer(g.Flow).C; s.cell && c != nil {
		series = append(series, views.Series{Name: w.CellLine, X: x, Y: floored(c.Geometric, least), Shape: views.Dotted, Style: th.Series[2]})
	}
	for i, o := range g.Others {
		if n := len(o.Flow.Layers); n > 0 {
			y := o.Flow.Layers[n-1].H.Geometric
			series = append(series, views.Series{Name: strings.ToUpper(o.Cell), X: lags(len(y)), Y: floored(y, least), Shape: [3]views.Shape{views.Dashed, views.Dotted, views.DashDotted}[i%3], Style: s.otherStyle(i)})
		}
	}
	series = append(series, views.Series{Name: w.Now, X: x, Y: floored(now, least), Style: th.Series[0]})
	k := s.knobs.k()
	return series, views.Reference{Label: fmt.Sprintf(w.Wall, k), Value: float64(k), Vertical: true, Loose: true, Style: th.Warn}
}

// otherStyle is that of another cell, apart from those of the run's own lines.
func (s *gradientsScreen) otherStyle(i int) views.Style {
	series := s.a.theme.Series
	return series[3+i%(len(series)-3)]
}

func (s *gradientsScreen) drawFlow(c *views.Canvas, in views.Rect) {
	v := &s.chart
	v.X, v.Y = views.Axis{Name: s.words().Lag, Whole: true}, views.Axis{Log: true}
	v.Empty = s.words().Waiting
	v.References = v.References[:0]
	var wall views.Reference
	if v.Series, wall = s.flowSeries(); v.Series != nil {
		if in.W < 70 {
			wall.Label = fmt.Sprintf(s.words().ShortWall, s.knobs.k())
		}
		v.References = append(v.References, wall)
	}
	v.Draw(c, in, s.a.theme)
}

// scientific writes a share that may be tiny.
func scientific(x float64) string {
	if a := math.Abs(x); a >= 0.01 && a < 1000 || a == 0 {
		return digits(x, 2)
	}
	return fmt.Sprintf("%.0e", x)
}

// share writes progress.
func share(done, total int) string {
	if total == 0 {
		return "…"
	}
	return fmt.Sprintf("%d / %d", done, total)
}
