package tui

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"rnnscope/core/session"
	"rnnscope/views"
)

// labSetup is the experiment as it is chosen: a preset, and what is changed in
// it. Each row goes through the values that it offers, and takes others typed.
type labSetup struct {
	at      int
	preset  int // of session.LagPresets, -1 when it was changed
	choice  session.LagChoice
	workers int
}

// The rows.
const (
	setPreset = iota
	setTask
	setLags
	setCells
	setInits
	setBias
	setRate
	setSeeds
	setUpdates
	setUnits
	setWorkers
	setupRows
)

// offers are the values of each row that the arrow keys go through.
var offers = [setupRows][]string{
	setTask:    session.LagTasks(),
	setLags:    {"5", "10", "20", "40", "50", "100", "200", "5,10,20", "10,20,40", "5,10,20,40", "20,50,100", "50,100,200"},
	setCells:   {"rnn,lstm", "rnn,gru,lstm", "rnn", "gru", "lstm", "gru,lstm"},
	setInits:   {"pytorch", "orthogonal", "identity", "pytorch,orthogonal", "pytorch,orthogonal,identity", "gain:0.5,gain:1,gain:1.5"},
	setBias:    {"drawn", "1", "drawn,1", "0,1,2,4"},
	setRate:    {"0.001", "0.003", "0.005", "0.01", "0.001,0.005"},
	setSeeds:   {"1", "2", "3", "5", "10"},
	setUpdates: {"500", "1000", "1500", "2000", "3000", "4000", "8000"},
	setUnits:   {"16", "32", "64", "128", "256"},
}

// take takes a preset.
func (p *labSetup) take(i int) {
	all := session.LagPresets()
	p.preset = ((i % len(all)) + len(all)) % len(all)
	p.choice = all[p.preset].Choice
}

// own says that the preset was changed.
func (p *labSetup) own() { p.preset = -1 }

// field is the value of a row that can be typed, nil for others.
func (p *labSetup) field(i int) *string {
	c := &p.choice
	return [setupRows]*string{nil, &c.Task, &c.Lag, &c.Cell, &c.Init, &c.ForgetBias, &c.LR, &c.Seeds, &c.Updates, &c.Hidden, nil}[i]
}

// turn changes the chosen row.
func (p *labSetup) turn(by int) {
	switch p.at {
	case setPreset:
		p.take(p.preset + by)
		return
	case setWorkers:
		p.crew(by)
		return
	}
	field, list := p.field(p.at), offers[p.at]
	i := slices.Index(list, *field)
	if i < 0 && by < 0 {
		i = 0
	}
	*field = list[((i+by)%len(list)+len(list))%len(list)]
	p.own()
}

// crew changes how many trials run at a time.
func (p *labSetup) crew(by int) { p.workers = max(1, min(runtime.NumCPU(), p.workers+by)) }

func (s *lagLabScreen) drawSetup(c *views.Canvas, area views.Rect) {
	w, th, p := s.words(), s.a.theme, &s.setup
	in := views.Box{Title: w.Setup, Focused: s.onSet}.Draw(c, area, th)
	labels := 0
	for _, f := range w.Fields {
		labels = max(labels, views.Width(f))
	}
	presets := session.LagPresets()
	for i := range min(setupRows, in.H) {
		value := ""
		switch {
		case i == setPreset && p.preset < 0:
			value = w.Presets[""]
		case i == setPreset:
			value = w.Presets[presets[p.preset].Name]
		case i == setWorkers:
			value = fmt.Sprint(p.workers)
		default:
			value = *p.field(i)
			if airy := strings.ReplaceAll(value, ",", ", "); labels+1+views.Width(airy) <= in.W {
				value = airy
			}
		}
		label, st := th.Dim, th.Text
		if i == p.at && s.onSet {
			label, st = th.Accent.With(views.Bold), th.Accent.With(views.Bold|views.Reverse)
		}
		x := c.Text(in.X, in.Y+i, views.Pad(w.Fields[i], labels, views.Left), label) + 1
		if i == s.typed && s.edits == editsField {
			s.input.draw(c, views.Rect{X: x, Y: in.Y + i, W: in.X + in.W - x, H: 1}, "", th)
			continue
		}
		c.Text(x, in.Y+i, views.Truncate(value, in.X+in.W-x), st)
	}
}

// drawFoot says how far the experiment is, or what it would ask.
func (s *lagLabScreen) drawFoot(c *views.Canvas, area views.Rect) {
	w, th, p := s.words(), s.a.theme, s.page
	in := views.Box{}.Draw(c, area, th)
	if s.edits == editsLog {
		s.input.draw(c, in, "", th)
		return
	}
	if p == nil || len(p.Trials) == 0 {
		c.Text(in.X, in.Y, views.Truncate(w.Shares, in.W), th.Dim)
		return
	}
	parts := []string{fmt.Sprintf(w.Progress, p.Done, len(p.Trials), p.Workers), fmt.Sprintf(w.Took, clock(p.Elapsed))}
	st := th.Text
	switch {
	case p.Running && p.Left > 0:
		parts = append(parts, fmt.Sprintf(w.Left, clock(p.Left)))
	case !p.Running && p.Done < len(p.Trials):
		parts = append(parts, w.Stopped)
		st = th.Warn
	case !p.Running:
		st = th.Good
	}
	if p.Path != "" {
		parts = append(parts, fmt.Sprintf(w.Kept, p.Path))
	}
	if p.Running {
		parts = append(parts, w.Shares)
	}
	c.Text(in.X, in.Y, inFull(parts, " · ", in.W), st)
}
