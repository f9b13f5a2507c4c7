package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// unit is what a loss is shown in.
type unit uint8

const (
	nats unit = iota
	bits
	perplexity
	unitCount
)

// of converts a loss in nats.
func (u unit) of(loss float64) float64 {
	switch u {
	case bits:
		return loss / math.Ln2
	case perplexity:
		return math.Exp(loss)
	}
	return loss
}

// chartPane is the loss over the updates.
type chartPane struct {
	pane
	t          *trainScreen
	unit       unit
	logX, logY bool
	from, to   float64 // the updates shown when zoomed; to is 0 when not
	crosshair  *float64
	still      *scope.Snapshot // when frozen, what stands

	chart   views.LineChart
	names   []lineName // of the horizontal lines, from the lowest value on
	plot    views.Plot
	x, y    []float64 // of the smoothed line
	vx, vy  []float64 // of the validations
	buckets []scope.Bucket
	changes []scope.Change
}

func (p *chartPane) changed() tea.Cmd { p.stale = true; return nil }

// begin forgets what was meant for another run.
func (p *chartPane) begin() { p.from, p.to, p.crosshair, p.still, p.stale = 0, 0, nil, nil, true }

// shownSnapshot is what the chart shows.
func (p *chartPane) shown() *scope.Snapshot {
	if p.still != nil {
		return p.still
	}
	return p.t.snap
}

func (p *chartPane) freeze(s *scope.Snapshot) tea.Cmd {
	if p.still != nil {
		s = nil
	}
	p.still = s
	return p.changed()
}

// window is the updates shown.
func (p *chartPane) window() (from, to float64) {
	s := p.shown()
	if s == nil {
		return 0, 1
	}
	if p.to > 0 {
		return p.from, p.to
	}
	return 1, math.Max(2, float64(s.Update))
}

// zoom shows a part of the updates, or more of them, around the crosshair or
// the end.
func (p *chartPane) zoom(by float64) tea.Cmd {
	s := p.shown()
	if s == nil {
		return nil
	}
	p.t.a.chrome.stale = true // other keys matter
	all := math.Max(2, float64(s.Update))
	from, to := p.window()
	at := to
	if p.crosshair != nil {
		at = *p.crosshair
	}
	width := math.Max(8, (to-from)*by)
	if width >= all-1 {
		p.from, p.to = 0, 0
		return p.changed()
	}
	share := 1.0
	if to > from {
		share = math.Min(1, math.Max(0, (at-from)/(to-from)))
	}
	p.from = math.Max(1, at-share*width)
	p.to = p.from + width
	return p.changed()
}

// pan moves a zoomed chart by a share of its width.
func (p *chartPane) pan(by float64) tea.Cmd {
	s := p.shown()
	if s == nil || p.to == 0 {
		return nil
	}
	width := p.to - p.from
	p.from = math.Max(1, math.Min(float64(s.Update)-width/2, p.from+by*width))
	p.to = p.from + width
	return p.changed()
}

// cross moves the crosshair by a column.
func (p *chartPane) cross(by int) {
	p.stale = true
	x := p.plot.Area.X + p.plot.Area.W - 1
	if p.crosshair != nil {
		if at, ok := p.plot.Column(*p.crosshair); ok {
			x = at + by
		}
	}
	p.crossAt(x, p.plot.Area.Y)
}

// crossAt puts the crosshair at a cell; outside of the plot it goes.
func (p *chartPane) crossAt(x, y int) {
	p.stale = true
	if !p.plot.Area.Contains(x, y) {
		p.crosshair = nil
		return
	}
	v, _ := p.plot.Values(x, y)
	v = math.Round(v)
	p.crosshair = &v
}

// convert returns buckets in another unit.
func (p *chartPane) convert(curve []scope.Bucket) []scope.Bucket {
	if p.unit == nats {
		return curve
	}
	p.buckets = append(p.buckets[:0], curve...)
	for i := range p.buckets {
		b := &p.buckets[i]
		b.Min, b.Mean, b.Max = p.unit.of(b.Min), p.unit.of(b.Mean), p.unit.of(b.Max)
	}
	return p.buckets
}

func (p *chartPane) draw(c *views.Canvas, area views.Rect) {
	t, w, th := p.t, p.t.words(), p.t.a.theme
	s := p.shown()
	note := ""
	title := p.title()
	if p.still != nil {
		if note = w.Frozen; views.Width(title+note)+boxSigns > area.W {
			note = w.FrozenShort
		}
	}
	inside := views.Box{Title: title, Note: note, Focused: t.focused(onChart)}.Draw(c, area, th)
	v := &p.chart
	v.X = views.Axis{Name: w.AxisUpdate, Log: p.logX, Whole: true}
	v.Y = views.Axis{Log: p.logY}
	v.Empty = t.waiting()
	v.Crosshair = p.crosshair
	v.Series, v.References, v.Marks = v.Series[:0], v.References[:0], v.Marks[:0]
	if p.to > 0 {
		v.X.Min, v.X.Max = p.from, p.to
	}
	if s != nil {
		p.series(s)
		p.references(s)
	}
	gutter, short := p.gutter(inside.W)
	plot := inside
	plot.W -= gutter
	for i := range p.names { // the first of the references, in this order
		v.References[i].Label = ""
		if gutter == 0 {
			v.References[i].Label = p.names[i].short
		}
	}
	p.plot = v.Draw(c, plot, th)
	if gutter > 0 {
		p.nameLines(c, plot.X+plot.W, gutter, short)
	}
}

// boxSigns are the columns of a box's upper border beside its title and its note.
const boxSigns = 7

// lineName is what a horizontal line is called, where there is room for its value
// too and where there is not.
type lineName struct {
	value       float64
	full, short string
	style       views.Style
}

// beside is a short name with as many digits of its value as a width has room for,
// two at least, or alone.
func (n lineName) beside(room int) string {
	for d := 4; d >= 2; d-- {
		if text := n.short + " " + digits(n.value, d); views.Width(text) <= room {
			return text
		}
	}
	return n.short
}

// gutter is the room beside the plot for the names of the horizontal lines: for
// the short ones where the plot would become too narrow, with such figures as it can
// spare columns for, and none where it would still be.
func (p *chartPane) gutter(width int) (room int, short bool) {
	const around, roomy, narrow = 2, 40, 28 // columns beside a name, and of a plot
	full, most, less := 0, 0, 0
	for _, n := range p.names {
		full, most, less = max(full, views.Width(n.full)), max(most, views.Width(n.beside(width))), max(less, views.Width(n.short))
	}
	switch {
	case full == 0:
		return 0, false
	case width-full-around >= roomy:
		return full + around, false
	case width-less-around >= narrow:
		return min(most+around, width-narrow), true
	}
	return 0, false
}

// nameLines writes the names of the horizontal lines into so many columns from x on,
// each in the row of its line. Where lines are closer than rows their names stand one above
// the other, in the order of the lines, and a bracket holds them together.
func (p *chartPane) nameLines(c *views.Canvas, x, room int, short bool) {
	slices.SortStableFunc(p.names, func(a, b lineName) int { return cmp.Compare(a.value, b.value) })
	top, bottom := p.plot.Area.Y, p.plot.Area.Y+p.plot.Area.H
	low, high := 0, 0 // rows of a name in its line's row, and of the last of those that had to move up
	bracket := func() {
		for y := high; high < low && y <= low; y++ {
			sign := '├'
			switch y {
			case high:
				sign = '┌'
			case low:
				sign = '└'
			}
			c.Set(x, y, sign, p.t.a.theme.Frame)
		}
	}
	free := bottom // rows from here on are taken
	for _, n := range p.names {
		row, ok := p.plot.Row(n.value)
		if !ok {
			continue
		}
		at := min(row, free-1)
		if at < top {
			break
		}
		if at == row {
			bracket()
			low = at
		}
		high, free = at, at
		text := n.full
		if short {
			text = n.beside(room - 2)
		}
		c.Text(x+1, at, text, n.style)
	}
	bracket()
}

func (p *chartPane) title() string {
	w := p.t.words()
	token := w.Char
	if p.t.a.live.Text.Word() {
		token = w.Word
	}
	return fmt.Sprintf([unitCount]string{w.LossNats, w.LossBits, w.LossPPL}[p.unit], token)
}

// series adds the points of the updates, their running average and the
// validations.
func (p *chartPane) series(s *scope.Snapshot) {
	w, th, v := p.t.words(), p.t.a.theme, &p.chart
	p.x, p.y = views.Smooth(s.Losses.Buckets, scope.AverageOver, p.x[:0], p.y[:0])
	for i := range p.y {
		p.y[i] = p.unit.of(p.y[i])
	}
	p.vx, p.vy = p.vx[:0], p.vy[:0]
	for _, e := range s.Valid {
		p.vx, p.vy = append(p.vx, float64(e.Update)), append(p.vy, p.unit.of(e.Loss))
	}
	v.Series = append(v.Series, views.Series{Name: w.Updates, Curve: p.convert(s.Losses.Buckets), Shape: views.Points, Style: th.Dim})
	if s.Before != nil {
		x, y := views.Smooth(s.Before.Losses.Buckets, scope.AverageOver, nil, nil)
		for i := range y {
			y[i] = p.unit.of(y[i])
		}
		v.Series = append(v.Series, views.Series{Name: fmt.Sprintf(w.Before, thousands(s.Before.Update)), X: x, Y: y, Shape: views.Dashed, Style: th.Series[4]})
	}
	v.Series = append(v.Series, views.Series{Name: w.Smooth, X: p.x, Y: p.y, Style: th.Series[0]})
	if len(p.vx) > 0 {
		v.Series = append(v.Series, views.Series{Name: w.Valid, X: p.vx, Y: p.vy, Shape: views.Dashed, Style: th.Series[1]})
	}
	if s.Best != nil {
		v.Marks = append(v.Marks, views.Mark{Label: w.Best, X: float64(s.Best.Update), Y: p.unit.of(s.Best.Loss), Style: th.Good})
	}
}

// rival is an n-gram to compare with.
type rival struct {
	scope.Rival
	best bool
}

// rivals are the n-grams that are shown: of two tokens, of three, and the best.
func rivals(all []scope.Rival) []rival {
	var out []rival
	best := 0
	for i, r := range all {
		if r.Loss < all[best].Loss {
			best = i
		}
	}
	for i, r := range all {
		if i == best || r.Order == 2 || r.Order == 3 {
			out = append(out, rival{r, i == best})
		}
	}
	return out
}

// turns are the changes of the knobs that the chart marks. Turning a knob takes
// several keys: what belongs together is one change, from its first value to its
// last.
func (p *chartPane) turns(s *scope.Snapshot) []scope.Change {
	const most = 12 // more lines than that hide the curve
	from, to := p.window()
	near := (to - from) / 50
	p.changes = p.changes[:0]
	first := int64(0) // update of the first turn of the row
	for _, c := range s.Changes {
		if n := len(p.changes); n > 0 && p.changes[n-1].What == c.What && float64(c.Update-first) <= near {
			if p.changes[n-1].Update, p.changes[n-1].To = c.Update, c.To; c.To == p.changes[n-1].From { // turned there and back
				p.changes, first = p.changes[:n-1], math.MinInt32 // what comes next is a turn of its own
			}
			continue
		}
		if at := float64(c.Update); at >= from-1 && at <= to { // update 0 is marked at 1
			p.changes, first = append(p.changes, c), c.Update
		}
	}
	return p.changes[max(0, len(p.changes)-most):]
}

// references adds what a loss is to be compared with, and where knobs were
// turned.
func (p *chartPane) references(s *scope.Snapshot) {
	w, th, v := p.t.words(), p.t.a.theme, &p.chart
	p.names = p.names[:0]
	line := func(name, short string, loss float64, st views.Style, loose bool) {
		value := p.unit.of(loss)
		full := name + " " + digits(value, 4)
		p.names = append(p.names, lineName{value, full, short, st})
		v.References = append(v.References, views.Reference{Label: full, Value: value, Style: st, Loose: loose})
	}
	zoomed := p.to > 0
	line([unitCount]string{w.Uniform, w.UniformBits, w.UniformPPL}[p.unit], w.UniformShort, chance(s.Shape.Vocab), th.Dim, zoomed)
	for _, r := range rivals(s.Rivals) {
		short := fmt.Sprintf(w.Rival, r.Order)
		name := short
		if r.best {
			name = fmt.Sprintf(w.BestRival, r.Order)
		}
		line(name, short, r.Loss, th.Series[3], zoomed)
	}
	text := p.t.a.live.Text
	if !math.IsNaN(text.Floor) {
		line(w.Floor, w.FloorShort, text.Floor, th.Good, false)
	}
	if !math.IsNaN(text.Forgets) {
		line(w.Forgets, w.ForgetsShort, text.Forgets, th.Series[5], false) // in no colour of a curve
	}
	for _, change := range p.turns(s) {
		v.References = append(v.References, views.Reference{
			Label: w.Changes[change.What] + " " + knobText(change.What, change.To, w), Value: float64(max(1, change.Update)), Vertical: true, Loose: true, Style: th.Accent,
		})
	}
	if at := looking(s); at >= 0 {
		v.References = append(v.References, views.Reference{Label: fmt.Sprintf(p.t.a.words.Top.LookingAt, thousands(at)), Value: float64(max(1, at)), Vertical: true, Loose: true, Style: th.Warn})
	}
	if s.Overfitting > 0 {
		v.References = append(v.References, views.Reference{Label: fmt.Sprintf(w.Overfitting, thousands(s.Overfitting)), Value: float64(s.Overfitting), Vertical: true, Loose: true, Style: th.Warn})
	}
}
