package tui

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// drawFigures draws the figures of the moment, the more important the higher.
func (t *trainScreen) drawFigures(c *views.Canvas, area views.Rect) {
	w, th, s := t.words(), t.a.theme, t.snap
	in := views.Box{Title: w.Now}.Draw(c, area, th)
	if s == nil || s.Update == 0 && s.Smoothed == 0 {
		views.Paragraph(c, in, t.waiting(), th.Dim)
		return
	}
	y := in.Y
	line := func() (views.Rect, bool) {
		y++
		return views.Rect{X: in.X, Y: y - 1, W: in.W, H: 1}, y <= in.Y+in.H
	}
	pad := max(views.Width(w.TrainLoss), views.Width(w.ValidLoss)) + 1
	loss := func(name string, nats float64, st views.Style) {
		r, ok := line()
		if !ok {
			return
		}
		x := c.Text(r.X, r.Y, views.Pad(name, pad, views.Left), st)
		x = c.Text(x, r.Y, views.Pad(lossText(t.chart.unit.of(nats)), 8, views.Right), th.Title)
		if t.chart.unit != perplexity {
			c.Text(x+2, r.Y, fmt.Sprintf("%s %s", w.PPL, pplText(math.Exp(nats))), th.Text)
		}
	}
	loss(w.TrainLoss, s.Smoothed, th.Series[0])
	if n := len(s.Valid); n > 0 {
		loss(w.ValidLoss, s.Valid[n-1].Loss, th.Series[1])
	} else if r, ok := line(); ok {
		x := c.Text(r.X, r.Y, views.Pad(w.ValidLoss, pad, views.Left), th.Series[1])
		text := t.noValid()
		c.Text(x, r.Y, text, th.Dim)
	}
	t.drawDial(c, line)
	if s.Update == 0 { // before the first update there is a loss, and nothing else yet
		return
	}
	if r, ok := line(); ok {
		t.drawNorms(c, r)
	}
	if s.Score != nil {
		if r, ok := line(); ok {
			r.H = min(2, in.Y+in.H-r.Y)
			y += -1 + views.Paragraph(c, r, fmt.Sprintf(w.Right, percent(s.Score.Right), words.Say(t.a.lang, say.Phrase(s.Score.Title))), th.Good)
		}
	}
	if r, ok := line(); ok && s.Overfitting > 0 {
		c.Text(r.X, r.Y, views.Truncate(fmt.Sprintf(w.Overfitting, thousands(s.Overfitting)), r.W), th.Warn)
	} else if ok && s.Best != nil {
		c.Text(r.X, r.Y, views.Truncate(fmt.Sprintf(w.BestAt, fmt.Sprintf("%.3f", t.chart.unit.of(s.Best.Loss)), thousands(s.Best.Update)), r.W), th.Good)
	} else {
		y--
	}
	if y+len(s.Ratios) < in.Y+in.H { // all parts or none
		if r, ok := line(); ok {
			c.Text(r.X, r.Y, w.Ratio, th.Dim)
		}
		for _, ratio := range s.Ratios {
			if r, ok := line(); ok {
				t.drawRatio(c, r, ratio)
			}
		}
	}
	if r, ok := line(); ok {
		text := fmt.Sprintf(w.Time, clock(s.Elapsed))
		if math.Abs(s.LR-s.Knobs.LR) > 0.005*s.Knobs.LR {
			text += " · " + fmt.Sprintf(w.Scheduled, digits(s.LR, 3))
		}
		c.Text(r.X, r.Y, views.Truncate(text, r.W), th.Dim)
	}
	if r, ok := line(); ok && s.Kept != "" {
		c.Text(r.X, r.Y, views.Truncate(fmt.Sprintf(w.Kept, s.Kept), r.W), th.Dim)
	}
}

// noValid says why there is no validation loss, or when the first comes.
func (t *trainScreen) noValid() string {
	w, s, text := t.words(), t.snap, t.a.live.Text
	switch {
	case text.StandIn():
		return w.NoValid // when depends on the run's own text
	case text.Splits[1].Tokens < 2:
		return w.NoSplit
	}
	window := s.Knobs.Window
	if i := slices.IndexFunc(s.Changes, func(c scope.Change) bool { return c.What == "window" }); i >= 0 {
		window = int(s.Changes[i].From) // the run began with it
	}
	every := t.a.live.ValidEvery(window)
	first := (s.Update/every + 1) * every
	if s.Phase == scope.Validating {
		first = s.Update
	}
	return fmt.Sprintf(w.FirstValid, thousands(first))
}

// lossText writes a loss in seven columns.
func lossText(x float64) string {
	if math.Abs(x) >= 1000 {
		return digits(x, 3)
	}
	return fmt.Sprintf("%.3f", x)
}

// pplText writes a perplexity in four digits, so that one below the other can be
// compared; one that says nothing any more, not in full.
func pplText(ppl float64) string {
	switch {
	case ppl > 1e9:
		return "> 1e9"
	case !(ppl > 0):
		return digits(ppl, 4)
	}
	return strconv.FormatFloat(ppl, 'f', max(0, 3-int(math.Floor(math.Log10(round(ppl, 4))))), 64)
}

// slightly is by how much a model that knows nothing yet is worse than a uniform
// guess: its first weights are random.
const slightly = 1.05

// drawDial shows the perplexity between 1 and V.
func (t *trainScreen) drawDial(c *views.Canvas, line func() (views.Rect, bool)) {
	w, th, s := t.words(), t.a.theme, t.snap
	ppl := math.Exp(s.Smoothed)
	dial := views.Dial{Min: 1, Max: math.Max(2, float64(s.Shape.Vocab))}
	dial.Needles = append(dial.Needles, views.Needle{Value: ppl, Style: th.Series[0]})
	if n := len(s.Valid); n > 0 {
		ppl = math.Exp(s.Valid[n-1].Loss)
		dial.Needles = append(dial.Needles, views.Needle{Value: ppl, Style: th.Series[1]})
	}
	if r, ok := line(); ok {
		vocab := thousands(int64(s.Shape.Vocab))
		text, st := "", th.Text
		switch uniform := float64(s.Shape.Vocab); {
		case ppl < uniform:
			among := thousands(int64(round(ppl, 2)))
			if ppl < 9.95 {
				among = fmt.Sprintf("%.1f", ppl)
			}
			if text = fmt.Sprintf(w.Hesitates, among, vocab); views.Width(text) > r.W {
				text = fmt.Sprintf(w.HesitatesShort, among, vocab)
			}
		case ppl <= slightly*uniform:
			text = fmt.Sprintf(w.Chance, vocab)
		default:
			text, st = fmt.Sprintf(w.Worse, vocab), th.Bad
		}
		c.Text(r.X, r.Y, views.Truncate(text, r.W), st)
	}
	if r, ok := line(); ok {
		dial.Draw(c, r, th)
	}
}

// waiting says why there are no figures yet.
func (t *trainScreen) waiting() string {
	if t.snap != nil && t.snap.Phase == scope.Paused {
		return t.words().WaitingFor
	}
	return t.words().Waiting
}

// drawNorms shows the gradient norms of the last updates, and the share that
// was clipped.
func (t *trainScreen) drawNorms(c *views.Canvas, r views.Rect) {
	w, th, s := t.words(), t.a.theme, t.snap
	x := c.Text(r.X, r.Y, fmt.Sprintf("%s %-5s ", w.Gradient, digits(s.GradNorm, 2)), th.Text)
	tail := ""
	if s.Knobs.Clip > 0 || s.Knobs.ClipAt > 0 {
		tail = " " + fmt.Sprintf(w.Clipped, percent(s.Clipped))
	}
	room := r.X + r.W - x - views.Width(tail)
	if room >= 4 {
		spark := views.Spark{Values: t.norms(2 * room), Zero: true, Style: th.Series[2]}
		if s.Knobs.Clip > 0 {
			spark.Limit = &s.Knobs.Clip
		}
		spark.Draw(c, views.Rect{X: x, Y: r.Y, W: room, H: 1}, th)
		x += room
	}
	c.Text(x, r.Y, tail, th.Dim)
}

// norms are the largest gradient norms of the last n buckets.
func (t *trainScreen) norms(n int) []float64 {
	b := t.snap.Norms.Buckets
	var out []float64
	for _, b := range b[max(0, len(b)-n):] {
		out = append(out, b.Max)
	}
	return out
}

// drawRatio shows how far the last update moved a part of the model.
func (t *trainScreen) drawRatio(c *views.Canvas, r views.Rect, ratio scope.Ratio) {
	w, th := t.words(), t.a.theme
	name := w.Parts[ratio.Part]
	if layer, ok := strings.CutPrefix(ratio.Part, "l"); ok && name == "" {
		var n int
		fmt.Sscan(layer, &n)
		name = fmt.Sprintf(w.Layer, n+1)
	}
	x := c.Text(r.X+1, r.Y, views.Pad(name, 8, views.Left), th.Dim)
	value := fmt.Sprintf("%.1e", ratio.Value)
	bar := views.Rect{X: x + 1, Y: r.Y, W: r.X + r.W - x - len(value) - 3, H: 1}
	scale := views.Scale{Min: 1e-5, Max: 1e-1, Log: true}
	views.Bars{Rows: []views.Bar{{Value: math.Max(0, math.Min(1, scale.At(ratio.Value))), Style: th.Series[3]}}, Min: 0, Max: 1}.Draw(c, bar, th)
	c.Text(r.X+r.W-len(value), r.Y, value, th.Text)
}

// round keeps some significant digits.
func round(x float64, digits int) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	m := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*m) / m
}

// digits writes x with at most so many significant digits and without the
// zeros that say nothing.
func digits(x float64, n int) string {
	if a := math.Abs(x); a != 0 && (a < 1e-4 || a >= 1e6) || x != x || math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'g', n, 64)
	}
	return strconv.FormatFloat(round(x, n), 'f', -1, 64)
}

// percent writes a share.
func percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return "-"
	case share > 0 && share < 0.0005:
		return "<0.1 %"
	case share > 0 && share < 0.1:
		return fmt.Sprintf("%.1f %%", 100*share)
	case share > 0.99 && share < 1:
		return fmt.Sprintf("%.1f %%", math.Floor(1000*share)/10)
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// clock writes a time as 1:23 or 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
