package tui

import (
	"fmt"
	"math"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// truncationSeries is what a wall every k steps leaves of the gradient.
func (s *gradientsScreen) truncationSeries() []views.Series {
	w, th, t := s.words(), s.a.theme, s.page.Truncation.Answer
	if t == nil {
		return nil
	}
	var x, cosine, cut []float64
	for _, v := range t.Cuts {
		x, cosine, cut = append(x, float64(v.Window)), append(cosine, v.Cosine), append(cut, v.CutOff)
	}
	return []views.Series{
		{Name: w.Kept, X: x, Y: cosine, Style: th.Series[0]},
		{Name: w.CutOff, X: x, Y: cut, Shape: views.Dashed, Style: th.Series[1]},
	}
}

// cutAt is the cut of the largest measured window that is not above k.
func cutAt(cuts []scope.Cut, k int) *scope.Cut {
	var best *scope.Cut
	for i := range cuts {
		if cuts[i].Window <= k {
			best = &cuts[i]
		}
	}
	return best
}

func (s *gradientsScreen) drawTruncation(c *views.Canvas, in views.Rect) {
	w, th, a := s.words(), s.a.theme, &s.page.Truncation
	if a.Failure != nil {
		views.Paragraph(c, in, words.Say(s.a.lang, a.Failure), th.Bad)
		return
	}
	k := s.knobs.k()
	y := in.Y
	line := func(text string, st views.Style) {
		y += views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: 2}, text, st)
	}
	if a.Answer != nil {
		if cut := cutAt(a.Answer.Cuts, k); cut != nil {
			line(fmt.Sprintf(w.Cut, cut.Window, fmt.Sprintf("%.3f", cut.Cosine), percent(cut.CutOff)), th.Title)
		}
	} else {
		line(fmt.Sprintf(w.Busy, share(a.Done, a.Total)), th.Dim)
	}
	if t := s.page.Terms; t != nil && len(t.Cuts) > 0 {
		cut := t.Cuts[max(0, min(len(t.Cuts), k)-1)]
		line(fmt.Sprintf(w.CutLast, cut.Window, fmt.Sprintf("%.3f", cut.Cosine), percent(cut.CutOff)), th.Text)
	}
	costs := s.page.Costs
	note := w.CostAsk
	if costs.Busy {
		note = fmt.Sprintf(w.Busy, share(costs.Done, costs.Total))
	} else if costs.Answer != nil {
		note = fmt.Sprintf(w.CostNote, costs.Answer.Batch)
	}
	if text := askedText(s, a); text != "" {
		note = text + " · " + note
	}
	in = below(c, in, sentence{note, th.Dim})
	rowsOf := 0
	if costs.Answer != nil {
		rowsOf = min(len(costs.Answer.Of)+1, max(0, in.Y+in.H-y-8))
	}
	bottom := in.Y + in.H - rowsOf
	v := &s.other
	v.X, v.Y, v.Empty = views.Axis{Name: w.Window, Whole: true, Log: true}, views.Axis{Min: 0, Max: 1.05}, w.Waiting
	v.Series = s.truncationSeries()
	v.References = append(v.References[:0], views.Reference{Label: fmt.Sprintf("k=%d", k), Value: float64(k), Vertical: true, Loose: true, Style: th.Warn})
	v.Draw(c, views.Rect{X: in.X, Y: y, W: in.W, H: bottom - y}, th)
	if rowsOf > 1 {
		c.Text(in.X, bottom, views.Truncate(w.Cost, in.W), th.Title)
		s.costBars(costs.Answer, rowsOf-1).Draw(c, views.Rect{X: in.X, Y: bottom + 1, W: in.W, H: rowsOf - 1}, th)
	}
}

// costBars are the costs of the longest windows that there is room for.
func (s *gradientsScreen) costBars(costs *scope.Costs, n int) views.Bars {
	bars := views.Bars{LabelWidth: 5}
	for _, cost := range costs.Of[max(0, len(costs.Of)-n):] {
		bars.Rows = append(bars.Rows, views.Bar{
			Label: fmt.Sprintf("k=%d", cost.Window), Value: cost.Seconds,
			Note:   fmt.Sprintf("%7s ms %6s MB", digits(1000*cost.Seconds, 3), digits(float64(cost.Bytes)/1e6, 3)),
			Marked: cost.Window == s.knobs.k(), Style: s.a.theme.Series[3],
		})
	}
	return bars
}

// termSeries are the norms of the terms of ∂L_T/∂W_hh, by lag.
func (s *gradientsScreen) termSeries() []views.Series {
	t := s.page.Terms
	if t == nil || len(t.Norm) == 0 {
		return nil
	}
	top := 0.0
	for _, v := range t.Norm {
		top = math.Max(top, v)
	}
	return []views.Series{{Name: s.words().TermNorm, X: lags(len(t.Norm)), Y: floored(t.Norm, top*flowLeast), Style: s.a.theme.Series[0]}}
}

// drawTerms is the lecture's exercise: ∂L/∂W_hh as a sum over the steps.
func (s *gradientsScreen) drawTerms(c *views.Canvas, in views.Rect) {
	w, th, t := s.words(), s.a.theme, s.page.Terms
	if t == nil {
		views.Paragraph(c, in, w.Waiting, th.Dim)
		return
	}
	k := s.knobs.k()
	used := views.Paragraph(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: max(1, in.H/6)}, w.Exercise, th.Text)
	v := &s.other
	v.X, v.Y, v.Empty = views.Axis{Name: w.Lag, Whole: true}, views.Axis{Log: true}, w.Waiting
	v.Series = s.termSeries()
	v.References = append(v.References[:0], views.Reference{Label: fmt.Sprintf("k=%d", k), Value: float64(k), Vertical: true, Loose: true, Style: th.Warn})
	if len(t.Cuts) > 0 {
		cut := t.Cuts[max(0, min(len(t.Cuts), k)-1)]
		in = below(c, in, sentence{fmt.Sprintf(w.CutLast, cut.Window, fmt.Sprintf("%.3f", cut.Cosine), percent(cut.CutOff)), th.Title})
	}
	foot := 2
	if in.H < 11 {
		foot = 0
	}
	v.Draw(c, views.Rect{X: in.X, Y: in.Y + used, W: in.W, H: in.H - used - foot}, th)
	if foot > 0 {
		y := in.Y + in.H - foot
		views.Spark{Values: t.Cosine, Min: -1, Max: 1, Style: th.Series[2]}.Draw(c, views.Rect{X: in.X, Y: y, W: min(len(t.Cosine), in.W), H: 1}, th)
		c.Text(in.X, y+1, views.Truncate(w.TermCosine, in.W), th.Series[2])
	}
}

// histogram is that of the run's gradient norms.
func (s *gradientsScreen) histogram(bins int) (h scope.Histogram, threshold float64) {
	threshold = math.Inf(1)
	if s.snap.Knobs.Clip > 0 {
		threshold = s.snap.Knobs.Clip
	}
	return session.Histogram(&s.snap.Norms, bins, threshold), threshold
}

// clippingBars are the bins of the histogram.
func (s *gradientsScreen) clippingBars(h scope.Histogram, threshold float64) views.Bars {
	th := s.a.theme
	bars := views.Bars{}
	for i, n := range h.Counts {
		st := th.Series[0]
		label := digits(h.Edges[i], 2) + " … " + digits(h.Edges[i+1], 2)
		if h.Edges[i+1] > threshold {
			st = th.Warn
			label = "> " + label
		}
		bars.Rows = append(bars.Rows, views.Bar{Label: label, Value: float64(n), Note: thousands(int64(n)), Style: st})
	}
	return bars
}

func (s *gradientsScreen) drawClipping(c *views.Canvas, in views.Rect) {
	w, th := s.words(), s.a.theme
	if s.snap == nil || s.snap.Update == 0 {
		views.Paragraph(c, in, w.Waiting, th.Dim)
		return
	}
	const sentences = 3 // below the bars, of one row or two
	rows := 1
	if in.W < 60 {
		rows = 2
	}
	h, threshold := s.histogram(max(3, min(24, in.H-1-sentences*rows)))
	total := h.Odd
	for _, n := range h.Counts {
		total += n
	}
	above := w.NoClip
	if s.snap.Knobs.Clip > 0 && total > 0 {
		above = fmt.Sprintf(w.Above, percent(float64(h.Above)/float64(total)), thousands(int64(total)), percent(s.snap.Clipped))
	}
	foot := []sentence{{above, th.Text}}
	if v := s.page.Clip; v != nil {
		foot = append(foot,
			sentence{fmt.Sprintf(w.ByNorm, digits(math.Round(v.NormAngle*100)/100, 3), scientific(v.ByNorm)), th.Good},
			sentence{fmt.Sprintf(w.ByValue, digits(v.ValueAngle, 3), percent(v.Cut)), th.Warn})
	}
	in = below(c, in, foot...)
	limit := s.a.words.Train.Off
	if s.snap.Knobs.Clip > 0 {
		limit = digits(s.snap.Knobs.Clip, 3)
	}
	c.Text(in.X, in.Y, views.Truncate(fmt.Sprintf(w.Histogram, limit), in.W), th.Title)
	bars := s.clippingBars(h, threshold)
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y + 1, W: in.W, H: in.H - 1}, th)
}
