package tui

import (
	"fmt"
	"math"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// dynamicsText says what is known of the recurrence, in a few lines.
func (s *gradientsScreen) dynamicsText(j *scope.Jacobians) []string {
	w := s.words()
	var radii []string
	for i, r := range j.Radius {
		name := ""
		if len(j.Blocks) > 1 && i < len(j.Blocks) {
			name = j.Blocks[i] + " "
		}
		radii = append(radii, name+digits(r, 2))
	}
	out := []string{
		w.Radius + " " + strings.Join(radii, " "),
		w.Sigma + " " + digits(j.SigmaMax, 3),
		w.Slope + " " + digits(j.Slope, 3),
	}
	if len(j.Lyapunov) > 0 {
		out = append(out, w.Lyapunov+" "+digits(j.Lyapunov[0], 3)+s.a.words.Colon+fmt.Sprintf(w.PerStep, digits(math.Exp(j.Lyapunov[0]), 3)))
	}
	if !math.IsNaN(j.CellMax) {
		out = append(out, w.CellSigma+" "+digits(j.CellMax, 3))
	}
	return out
}

// askedText says of when a slow answer is, or how far the next one has come.
func askedText[T any](s *gradientsScreen, a *scope.Asked[T]) string {
	w := s.words()
	var parts []string
	if a.Answer != nil {
		parts = append(parts, fmt.Sprintf(w.Asked, thousands(a.Update), fmt.Sprintf(w.Seconds, fmt.Sprintf("%.1f", a.Took.Seconds()))))
	}
	if a.Busy {
		parts = append(parts, fmt.Sprintf(w.Busy, share(a.Done, a.Total)))
	}
	return strings.Join(parts, " · ")
}

// jacobianSeries sets theory beside measurement, all relative to lag 0: the
// norm of the product of Jacobians, ρ^k, the measured gradient; of an LSTM also
// the cell's, and what its forget gates alone would leave of it.
func (s *gradientsScreen) jacobianSeries() []views.Series {
	w, th, g := s.words(), s.a.theme, s.page
	j := g.Jacobians.Answer
	if j == nil {
		return nil
	}
	steps := float64(g.Steps)
	x, y := []float64{0}, []float64{1}
	for i, k := range j.ProductLags {
		if float64(k) < steps {
			x, y = append(x, float64(k)), append(y, math.Exp(j.LogProduct[i]))
		}
	}
	relative := func(name string, values []float64, shape views.Shape, st views.Style) views.Series {
		out := make([]float64, len(values))
		for i, v := range values {
			out[i] = v / values[0]
		}
		return views.Series{Name: name, X: lags(len(values)), Y: floored(out, flowLeast), Shape: shape, Style: st}
	}
	series := []views.Series{{Name: w.Product, X: x, Y: floored(y, flowLeast), Shape: views.Dashed, Style: th.Series[3]}}
	if len(j.Radius) == 1 {
		guide := make([]float64, g.Steps)
		for k := range guide {
			guide[k] = math.Pow(j.Radius[0], float64(k))
		}
		series = append(series, relative("ρ^k", guide, views.Dotted, th.Dim))
	}
	if f := g.Forgetting.Answer; f != nil && len(f.Measured) > 0 {
		series = append(series, relative(w.ForgetOnly, f.Predicted, views.Dotted, th.Series[4]), relative(w.CellMeasured, f.Measured, views.Solid, th.Series[2]))
	}
	if g.Flow != nil && len(g.Flow.Layers) > 0 {
		series = append(series, relative(w.Measured, s.layer(g.Flow).H.Geometric, views.Solid, th.Series[0]))
	}
	return series
}

func (s *gradientsScreen) drawJacobians(c *views.Canvas, in views.Rect) {
	w, th, a := s.words(), s.a.theme, &s.page.Jacobians
	note := askedText(s, a)
	if a.Failure != nil {
		views.Paragraph(c, in, words.Say(s.a.lang, a.Failure), th.Bad)
		return
	}
	if a.Answer == nil {
		views.Paragraph(c, in, fmt.Sprintf(w.Busy, share(a.Done, a.Total)), th.Dim)
		return
	}
	// The singular values as a spectrum, then the curves.
	y := in.Y
	last := a.Answer.Singular[len(a.Answer.Singular)-1]
	label := fmt.Sprintf("σ %s … %s ", digits(last[0], 3), scientific(last[len(last)-1]))
	x := c.Text(in.X, y, label, th.Text)
	views.Spark{Values: last, Zero: true, Style: th.Series[3]}.Draw(c, views.Rect{X: x, Y: y, W: min(len(last), in.X+in.W-x), H: 1}, th)
	v := &s.other
	v.X, v.Y, v.Empty = views.Axis{Name: w.Lag, Whole: true}, views.Axis{Log: true}, w.Waiting
	v.References = v.References[:0]
	v.Series = s.jacobianSeries()
	v.Draw(c, views.Rect{X: in.X, Y: y + 1, W: in.W, H: in.H - 2}, th)
	c.Text(in.X, in.Y+in.H-1, views.Truncate(note, in.W), th.Dim)
}
