package tui

import (
	"fmt"
	"math"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// dynamicsText says what is known of the recurrence, in a few lines: each figure
// of which matrix it is, the first of which weights, as they are measured seldom.
func (s *gradientsScreen) dynamicsText(a *scope.Asked[scope.Jacobians]) []string {
	w, j := s.words(), a.Answer
	var radii []string
	for i, r := range j.Radius {
		radii = append(radii, "W_h"+j.Blocks[i]+" "+digits(r, 2))
	}
	sigma := func(matrix string, value float64) string {
		return fmt.Sprintf(w.Sigma, matrix, digits(value, 3), len(j.Sampled))
	}
	out := []string{
		fmt.Sprintf(w.DynamicsOf, thousands(a.Update)),
		fmt.Sprintf(w.Radius, strings.Join(radii, " ")),
		sigma(s.jacobianName(), j.SigmaMax),
	}
	if !math.IsNaN(j.CellMax) {
		out = append(out, sigma("dc/dc'", j.CellMax))
	}
	out = append(out, fmt.Sprintf(w.Slope, s.slopeName(), digits(j.Slope, 3)))
	if len(j.Lyapunov) > 0 {
		out = append(out, w.Lyapunov+" "+digits(j.Lyapunov[0], 3)+s.a.words.Colon+fmt.Sprintf(w.PerStep, digits(math.Exp(j.Lyapunov[0]), 3)))
	}
	return out
}

// cellOf is the cell that the page is of, and its nonlinearity.
func (s *gradientsScreen) cellOf() (cell, activation string) {
	if f := s.page.Flow; f != nil {
		cell = f.Cell
	}
	if s.snap != nil {
		activation = s.snap.Shape.Activation
	}
	return cell, activation
}

// jacobianName is what a step's Jacobian is the derivative of: an LSTM's state is
// both h and c.
func (s *gradientsScreen) jacobianName() string {
	if cell, _ := s.cellOf(); cell == "lstm" {
		return "d(h,c)/d(h,c)'"
	}
	return "dh/dh'"
}

// slopeName is the derivative of the nonlinearity that the new state passes, as
// probe.Dynamics takes the mean of it.
func (s *gradientsScreen) slopeName() string {
	switch cell, activation := s.cellOf(); {
	case cell == "lstm":
		return "tanh'(c)"
	case cell == "gru":
		return "tanh'(a_n)"
	case activation == "relu":
		return "relu'(a)"
	}
	return "tanh'(a)"
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
	// The singular values of the last step as a spectrum, then the curves.
	j, x, y := a.Answer, in.X, in.Y
	last := j.Singular[len(j.Singular)-1]
	label := fmt.Sprintf(w.Spectrum, s.jacobianName(), j.Sampled[len(j.Sampled)-1]+1, digits(last[0], 3), scientific(last[len(last)-1]))
	end := c.Text(x, y, views.Truncate(label, in.W), th.Text)
	const least = 16 // cells that a spectrum can be read in
	if in.X+in.W-end-1 < least && in.H > 8 {
		y++
	} else {
		x = end + 1
	}
	views.Spark{Values: last, Zero: true, Style: th.Series[3]}.Draw(c, views.Rect{X: x, Y: y, W: max(0, min(len(last), in.X+in.W-x)), H: 1}, th)
	v := &s.other
	v.X, v.Y, v.Empty = views.Axis{Name: w.Lag, Whole: true}, views.Axis{Log: true}, w.Waiting
	v.References = v.References[:0]
	v.Series = s.jacobianSeries()
	v.Draw(c, views.Rect{X: in.X, Y: y + 1, W: in.W, H: in.Y + in.H - y - 2}, th)
	c.Text(in.X, in.Y+in.H-1, inFull([]string{note, w.Prime}, " · ", in.W), th.Dim)
}
