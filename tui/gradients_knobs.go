package tui

import (
	"fmt"
	"math"
	"slices"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/views"
)

// probeKnobs are what is looked at (layer, how far back, the wall) and what is
// done to the running model by hand: the first act at once, the others when
// they are applied.
type probeKnobs struct {
	pane
	s      *gradientsScreen
	chosen int
	layer  int // -1 is the top one
	steps  int
	wall   int // 0 is the window of training
	radius float64
	forget float64
	rule   int // of session.Redraws
}

// The rows.
const (
	knobLayer = iota
	knobSteps
	knobWall
	knobRadius
	knobForget
	knobRedraw
	probeKnobRows
)

var (
	stepChoices   = []float64{16, 32, 50, 100, 200, 400}
	wallChoices   = []float64{1, 2, 3, 5, 8, 12, 20, 32, 50, 64, 100, 128, 200, 256, 400}
	radiusChoices = []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 2, 3}
	forgetChoices = []float64{-2, -1, 0, 1, 2, 3, 4, 5}
)

// take follows another run.
func (p *probeKnobs) take(old, now *scope.Snapshot) {
	if old == nil || old.Run != now.Run {
		p.layer = -1
	}
}

// k is where the wall stands: as chosen, or where training has it.
func (p *probeKnobs) k() int {
	switch {
	case p.wall > 0:
		return min(p.wall, p.steps)
	case p.s.snap != nil:
		return p.s.snap.Knobs.Window
	}
	return p.steps
}

func (p *probeKnobs) choose(by int) { p.chosen = max(0, min(probeKnobRows-1, p.chosen+by)) }

// turn moves the chosen knob to its next place.
func (p *probeKnobs) turn(by int) {
	switch p.chosen {
	case knobLayer:
		if snap := p.s.snap; snap != nil {
			top := snap.Shape.Layers - 1
			now := p.layer
			if now < 0 {
				now = top
			}
			p.layer = max(0, min(top, now+by))
		}
	case knobSteps:
		p.steps = int(beside(stepChoices, float64(p.steps), by))
	case knobWall:
		p.wall = min(p.steps, int(beside(wallChoices, float64(p.k()), by)))
	case knobRadius:
		p.radius = beside(radiusChoices, p.radius, by)
	case knobForget:
		p.forget = beside(forgetChoices, p.forget, by)
	case knobRedraw:
		n := len(session.Redraws())
		p.rule = (p.rule + by + n) % n
	}
	p.s.look()
}

// apply does to the running model what the chosen knob says.
func (p *probeKnobs) apply() {
	l, a, w := p.s.a.live, p.s.a, p.s.words()
	if p.chosen >= knobRadius && a.watching() {
		return
	}
	switch p.chosen {
	case knobRadius:
		l.SetRadius(p.radius)
		a.say(fmt.Sprintf("%s %s", w.KnobRadius, digits(p.radius, 3)))
	case knobForget:
		l.SetForgetBias(p.forget)
		if p.lstm() {
			a.say(fmt.Sprintf("%s %s", w.KnobForget, digits(p.forget, 3)))
		}
	case knobRedraw:
		rule := session.Redraws()[p.rule]
		l.Redraw(rule)
		a.say(fmt.Sprintf("%s: %s", w.KnobRedraw, w.Rules[rule]))
	}
}

func (p *probeKnobs) lstm() bool { return p.s.snap == nil || p.s.snap.Shape.Cell == "lstm" }

// slider is a row, and where it is.
func (p *probeKnobs) slider(i int, in views.Rect) (views.Slider, views.Rect) {
	w := p.s.words()
	names := []string{w.KnobLayer, w.KnobSteps, w.KnobWall, w.KnobRadius, w.KnobForget, w.KnobRedraw}
	labels := 0
	for _, n := range names {
		labels = max(labels, views.Width(n))
	}
	v := views.Slider{Label: names[i], LabelWidth: labels, TextWidth: 11, Focused: i == p.chosen}
	switch i {
	case knobLayer:
		layers := 1
		if p.s.snap != nil {
			layers = p.s.snap.Shape.Layers
		}
		at := p.layer
		if at < 0 {
			at = layers - 1
		}
		v.Value, v.Scale = float64(at), views.Scale{Min: 0, Max: math.Max(1, float64(layers-1))}
		v.Text = fmt.Sprintf("%d / %d", at+1, layers)
	case knobSteps:
		v.Value, v.Scale, v.Text = float64(p.steps), views.Scale{Min: 16, Max: 400, Log: true}, fmt.Sprint(p.steps)
	case knobWall:
		v.Value, v.Scale, v.Text = float64(p.k()), views.Scale{Min: 1, Max: 400, Log: true}, fmt.Sprint(p.k())
	case knobRadius:
		v.Value, v.Scale, v.Text = p.radius, views.Scale{Min: 0.1, Max: 3, Log: true}, digits(p.radius, 3)
	case knobForget:
		v.Value, v.Scale, v.Text = p.forget, views.Scale{Min: -2, Max: 5}, digits(p.forget, 3)
		if !p.lstm() {
			v.Text = w.OnlyOf
		}
	case knobRedraw:
		n := len(session.Redraws())
		v.Value, v.Scale, v.Text = float64(p.rule), views.Scale{Min: 0, Max: float64(n - 1)}, w.Rules[session.Redraws()[p.rule]]
	}
	if i >= knobRadius && i == p.chosen {
		v.Text += " " + w.Apply
	}
	return v, views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}
}

func (p *probeKnobs) draw(c *views.Canvas, area views.Rect) {
	th := p.s.a.theme
	in := views.Box{Title: p.s.words().Knobs, Focused: true}.Draw(c, area, th)
	for i := range min(probeKnobRows, in.H) {
		v, r := p.slider(i, in)
		v.Draw(c, r, th)
	}
}

// click takes a press, a drag or a turn of the wheel on a row.
func (p *probeKnobs) click(x, y, wheel int) {
	in := views.Rect{W: p.area.W, H: p.area.H}.Inset(1)
	i := y - in.Y
	if i < 0 || i >= probeKnobRows {
		return
	}
	p.chosen = i
	if wheel != 0 {
		p.turn(-wheel)
		return
	}
	v, r := p.slider(i, in)
	track := v.Track(r)
	if x < track.X-1 || x > track.X+track.W {
		return
	}
	want := v.ValueAt(r, x)
	near := func(choices []float64) float64 {
		return slices.MinFunc(choices, func(a, b float64) int {
			da, db := math.Abs(v.Scale.At(a)-v.Scale.At(want)), math.Abs(v.Scale.At(b)-v.Scale.At(want))
			switch {
			case da < db:
				return -1
			case da > db:
				return 1
			}
			return 0
		})
	}
	switch i {
	case knobLayer:
		if p.s.snap != nil {
			p.layer = max(0, min(p.s.snap.Shape.Layers-1, int(math.Round(want))))
		}
	case knobSteps:
		p.steps = int(near(stepChoices))
	case knobWall:
		p.wall = min(p.steps, int(near(wallChoices)))
	case knobRadius:
		p.radius = near(radiusChoices)
	case knobForget:
		p.forget = near(forgetChoices)
	case knobRedraw:
		p.rule = max(0, min(len(session.Redraws())-1, int(math.Round(want))))
	}
	p.s.look()
}
