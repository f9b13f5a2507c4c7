package tui

import (
	"fmt"
	"math"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// knobsPane turns what can be turned while a model trains. What it shows is
// what was asked for, at once; the trainer takes it before its next update.
type knobsPane struct {
	pane
	t     *trainScreen
	at    int
	asked scope.Knobs // as on the screen
	run   int         // that they are of; 0 before the first snapshot
	until [knobRows]time.Time
}

// heed is how long a knob stays as it was asked for while the trainer still
// tells another value: it may be in a long update, or have refused.
const heed = 5 * time.Second

// knob is a row of the pane.
type knob struct {
	name   string // as scope.Change calls it
	label  func(*words.Train) string
	scale  views.Scale
	values []float64 // the places it snaps to, ascending
	get    func(*scope.Knobs) *float64
	set    func(l *session.Live, v float64)
}

// knobRows is the number of knobs.
const knobRows = 4

var knobs = [knobRows]knob{
	{
		"lr", func(w *words.Train) string { return w.LR }, views.Scale{Min: 1e-5, Max: 1, Log: true}, steps(1e-5, 1, 1, 1.5, 2, 3, 5, 7),
		func(k *scope.Knobs) *float64 { return &k.LR }, (*session.Live).SetLR,
	},
	{
		"clip", func(w *words.Train) string { return w.Clip }, views.Scale{Min: 0.05, Max: 100, Log: true}, append([]float64{0}, steps(0.1, 100, 1, 2, 5)...),
		func(k *scope.Knobs) *float64 { return &k.Clip }, (*session.Live).SetClip,
	},
	{
		"window", func(w *words.Train) string { return w.Window }, views.Scale{Min: 1, Max: 512, Log: true}, []float64{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 50, 64, 100, 128, 200, 256, 512},
		nil, func(l *session.Live, v float64) { l.SetWindow(int(v)) },
	},
	{
		"dropout", func(w *words.Train) string { return w.Dropout }, views.Scale{Min: 0, Max: 0.9}, []float64{0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9},
		func(k *scope.Knobs) *float64 { return &k.Dropout }, (*session.Live).SetDropout,
	},
}

// steps are the multiples of the powers of ten from lo to hi.
func steps(lo, hi float64, of ...float64) []float64 {
	var out []float64
	for e := math.Round(math.Log10(lo)); ; e++ {
		for _, m := range of {
			v := m * math.Pow(10, e)
			if v > hi*1.0001 {
				return out
			}
			if v >= lo*0.9999 {
				out = append(out, round(v, 3))
			}
		}
	}
}

// value is a knob's as the pane shows it.
func (p *knobsPane) value(i int) float64 { return knobs[i].of(&p.asked) }

// of is a knob's value among those of a snapshot.
func (k *knob) of(all *scope.Knobs) float64 {
	if k.get == nil {
		return float64(all.Window)
	}
	return *k.get(all)
}

func (p *knobsPane) put(i int, v float64) {
	if knobs[i].get == nil {
		p.asked.Window = int(v)
	} else {
		*knobs[i].get(&p.asked) = v
	}
}

// take follows the trainer where nothing is being asked for: a snapshot may be
// older than the last turn of a knob, and must not turn it back.
func (p *knobsPane) take(s *scope.Snapshot) {
	if s.Run != p.run {
		p.run, p.until, p.stale = s.Run, [knobRows]time.Time{}, true
	}
	if p.asked.ClipAt != s.Knobs.ClipAt {
		p.asked.ClipAt, p.stale = s.Knobs.ClipAt, true
	}
	now := time.Now()
	for i := range knobs {
		switch told := knobs[i].of(&s.Knobs); {
		case told == p.value(i):
			p.until[i] = time.Time{}
		case now.After(p.until[i]):
			p.put(i, told)
			p.stale = true
		}
	}
}

func (p *knobsPane) choose(by int) {
	p.at = max(0, min(knobRows-1, p.at+by))
	p.stale = true
}

// turn moves a knob to its next place.
func (p *knobsPane) turn(by int) tea.Cmd {
	k, v := knobs[p.at], p.value(p.at)
	if by > 0 {
		for _, x := range k.values {
			if x > v*1.001+1e-12 {
				return p.set(p.at, x)
			}
		}
	} else {
		for _, x := range slices.Backward(k.values) {
			if x < v*0.999-1e-12 {
				return p.set(p.at, x)
			}
		}
	}
	return nil
}

// title says whose knobs they are.
func (p *knobsPane) title() string {
	if p.t.a.live.Watching() {
		return p.t.words().KnobsOf
	}
	return p.t.words().Knobs
}

func (p *knobsPane) set(i int, v float64) tea.Cmd {
	if v == p.value(i) || p.run == 0 || knobs[i].name == "dropout" && p.t.snap.Shape.Layers == 1 {
		return nil
	}
	if p.t.a.watching() {
		return nil
	}
	p.put(i, v)
	p.until[i], p.stale = time.Now().Add(heed), true
	knobs[i].set(p.t.a.live, v)
	return nil
}

// knobText writes the value of a knob.
func knobText(name string, v float64, w *words.Train) string {
	switch {
	case name == "clip" && v == 0:
		return w.Off
	case name == "lr" && v < 0.01:
		return fmt.Sprintf("%.2g", v)
	}
	return digits(v, 4)
}

// clipText writes how gradients are clipped: by norm, each value on its own, or not.
func (a *App) clipText(k scope.Knobs) string {
	if k.Clip == 0 && k.ClipAt > 0 {
		return a.plusMinus() + digits(k.ClipAt, 3)
	}
	return knobText("clip", k.Clip, &a.words.Train)
}

// slider is the row of a knob, and where it is.
func (p *knobsPane) slider(i int, in views.Rect) (views.Slider, views.Rect) {
	w := p.t.words()
	labels := 0
	for _, k := range knobs {
		labels = max(labels, views.Width(k.label(w)))
	}
	k, v := knobs[i], p.value(i)
	text := knobText(k.name, v, w)
	if k.name == "clip" && v == 0 {
		text = p.t.a.clipText(p.asked)
	}
	s := views.Slider{Label: k.label(w), LabelWidth: labels, TextWidth: 8, Text: text, Value: v, Scale: k.scale, Focused: p.t.focused(onKnobs) && i == p.at}
	if k.scale.Log {
		s.Value = math.Max(k.scale.Min, v)
	}
	return s, views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}
}

func (p *knobsPane) draw(c *views.Canvas, area views.Rect) {
	w, th := p.t.words(), p.t.a.theme
	in := views.Box{Title: p.title(), Focused: p.t.focused(onKnobs)}.Draw(c, area, th)
	if p.run == 0 {
		return
	}
	for i := range min(knobRows, in.H) {
		if s := p.t.snap; knobs[i].name == "dropout" && s.Shape.Layers == 1 {
			c.Text(in.X, in.Y+i, views.Truncate(w.Dropout+p.t.a.words.Colon+w.Inert, in.W), th.Dim)
			continue
		}
		s, r := p.slider(i, in)
		s.Draw(c, r, th)
	}
}

// click takes a press, a drag or a turn of the wheel on a row.
func (p *knobsPane) click(x, y, wheel int) tea.Cmd {
	in := views.Rect{W: p.area.W, H: p.area.H}.Inset(1)
	i := y - in.Y
	if i < 0 || i >= knobRows || p.run == 0 {
		return nil
	}
	p.at, p.stale = i, true
	if wheel != 0 {
		return p.turn(-wheel)
	}
	s, r := p.slider(i, in)
	if track := s.Track(r); x < track.X-1 || x > track.X+track.W {
		return nil
	}
	want := s.ValueAt(r, x)
	best := knobs[i].values[0]
	for _, v := range knobs[i].values {
		if math.Abs(knobs[i].scale.At(math.Max(v, knobs[i].scale.Min))-knobs[i].scale.At(want)) < math.Abs(knobs[i].scale.At(math.Max(best, knobs[i].scale.Min))-knobs[i].scale.At(want)) {
			best = v
		}
	}
	return p.set(i, best)
}
