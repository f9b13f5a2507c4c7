package tui

import (
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// restartSame begins anew with the same cell and seed.
var restartSame = session.Restart{}

func (t *trainScreen) otherUnit() tea.Cmd {
	t.chart.unit = (t.chart.unit + 1) % unitCount
	t.chart.stale, t.figures.stale = true, true
	return nil
}

// otherCell begins anew with the next cell of the table.
func (t *trainScreen) otherCell() tea.Cmd {
	t.a.live.Restart(session.Restart{OtherCell: true})
	return nil
}

func (t *trainScreen) otherSeed() tea.Cmd {
	t.a.live.Restart(session.Restart{OtherSeed: true})
	return nil
}

// goBack goes on from before a divergence, with clipping or with a lower rate.
func (t *trainScreen) goBack(clip bool) tea.Cmd {
	if !t.diverged() {
		t.a.say(t.a.words.Notes.Steady)
		return nil
	}
	lr, _ := t.slower()
	r := session.Remedy{LR: lr}
	if clip {
		r = session.Remedy{Clip: t.tighter()}
	}
	t.a.live.GoBack(r)
	return nil
}

// tighter is the threshold that going back proposes: 1, or less than there was.
func (t *trainScreen) tighter() float64 {
	if c := t.snap.Knobs.Clip; c > 0 && c <= 1 {
		return round(c/10, 2)
	}
	return 1
}

// slower is the rate that going back proposes: half of what it was, or the one
// that the good weights were trained with, if that is lower still.
func (t *trainScreen) slower() (lr float64, then bool) {
	lr = t.snap.Knobs.LR / 2
	for _, change := range t.snap.Changes {
		if change.What == "lr" && change.Update >= t.snap.Trouble.Good {
			if change.From < lr {
				return change.From, true
			}
			break
		}
	}
	return lr, false
}

// drawTrouble tells what happened, why it is likely to have, and what can be
// done.
func (t *trainScreen) drawTrouble(c *views.Canvas, area views.Rect) {
	w, th, s := t.words(), t.a.theme, t.snap
	in := views.Box{Title: w.Diverged}.Draw(c, area, th)
	d := s.Trouble
	where := ""
	if d.Tensor != "" {
		where = fmt.Sprintf(w.InTensor, d.Tensor)
	}
	cause := t.cause()
	story := []sentence{
		{fmt.Sprintf(w.Because, words.Say(t.a.lang, d.Reason), thousands(d.Update), where), th.Bad},
		{cause, th.Warn},
		{fmt.Sprintf(w.LastLoss, digits(d.Loss, 4), digits(chance(s.Shape.Vocab), 3)), th.Text},
	}
	if d.Update > 1 {
		story[2].text += " " + fmt.Sprintf(w.NormBefore, digits(d.NormBefore, 3))
	}
	if slices.ContainsFunc(s.Changes, func(c scope.Change) bool { return c.What == "back" && c.Update == d.Good }) {
		story[0].text += " " + fmt.Sprintf(w.Again, thousands(d.Good))
	}
	offers := t.offers(cause)
	y := in.Y
	for i, part := range story {
		room := in.Y + in.H - y - len(offers)
		if i > 0 && len(views.Wrap(part.text, in.W)) > room {
			break // what can be done has to be seen
		}
		y += views.Paragraph(c, views.Rect{X: in.X, Y: y, W: in.W, H: room}, part.text, part.style)
	}
	if y+len(offers) < in.Y+in.H {
		y++
	}
	for _, offer := range offers {
		if y < in.Y+in.H {
			x := c.Text(in.X, y, " "+offer[0]+" ", th.Accent.With(views.Reverse))
			c.Text(x+1, y, views.Truncate(offer[1], in.X+in.W-x-1), th.Text)
		}
		y++
	}
	y++
	if rest := in.Y + in.H - y; rest >= 2 && len(s.LastNorms) > 0 {
		c.Text(in.X, y, w.LastNorms, th.Dim)
		views.Spark{Values: s.LastNorms, Log: true, Style: th.Series[2]}.Draw(c, views.Rect{X: in.X, Y: y + 1, W: min(in.W, len(s.LastNorms)), H: rest - 1}, th)
		if in.W > len(s.LastNorms)+12 {
			c.Text(in.X+len(s.LastNorms)+1, in.Y+in.H-1, digits(s.LastNorms[len(s.LastNorms)-1], 3), th.Dim)
		}
	}
}

// offers are the keys that go on after a divergence, each with what it does: what
// is likely to help comes first.
func (t *trainScreen) offers(cause string) [][2]string {
	w := t.words()
	back := fmt.Sprintf(w.GoBack, thousands(t.snap.Trouble.Good))
	lr, then := t.slower()
	with := w.WithLR
	if then {
		with = w.WithLRThen
	}
	offers := [][2]string{
		{"b", back + fmt.Sprintf(w.WithClip, digits(t.tighter(), 2))},
		{"B", back + fmt.Sprintf(with, knobText("lr", lr, w))},
	}
	if cause != w.CauseClip {
		slices.Reverse(offers)
	}
	k := t.snap.Knobs
	return append(offers, [2]string{"r", fmt.Sprintf(w.Anew, knobText("lr", k.LR, w), t.a.clipText(k))})
}

// huge is a gradient norm that no network learns with.
const huge = 1000

// cause is the likely reason: what the figures before it speak for. A gradient
// that is many times as long as it usually was has exploded; clipping would have
// held it. Otherwise the steps were too long for the loss.
func (t *trainScreen) cause() string {
	w, s := t.words(), t.snap
	var finite []float64
	for _, n := range s.LastNorms {
		if !math.IsNaN(n) && !math.IsInf(n, 0) {
			finite = append(finite, n)
		}
	}
	slices.Sort(finite)
	unclipped := s.Knobs.Clip == 0 && s.Knobs.ClipAt == 0
	exploded := s.Trouble.NormBefore > huge || len(finite) > 0 && s.Trouble.NormBefore > 10*finite[len(finite)/4]
	switch {
	case unclipped && exploded:
		return w.CauseClip
	case s.Trouble.Tensor == "":
		return w.CauseLoss
	case unclipped:
		return w.CauseUnclipped
	}
	return w.CauseLR
}
