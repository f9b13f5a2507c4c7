package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// gradientsScreen shows how far back the gradient of a loss reaches in the model
// as it is now, and why. What it shows a session.Prober finds out, which works
// only while the screen is in view.
type gradientsScreen struct {
	a      *App
	prober *session.Prober // made when the screen is first opened
	page   *scope.Gradients
	snap   *scope.Snapshot
	view   session.View
	cell   bool // the gradient by c too
	others bool // the ladder's networks too
	racing bool // their race was begun here
	looked session.Look
	seen   bool // in view

	asked []group // of the figures, the last first

	main, second, third, figures pane
	knobs                        probeKnobs
	chart, other                 views.LineChart
	sweep                        mapSweep
}

func gradientsTab() tab {
	return tab{
		name: "gradients", key: "3", frame: time.Second / 8,
		text: func(w *words.Screen) words.Tab { return w.Gradients.Tab },
		make: func(a *App) screen {
			s := &gradientsScreen{a: a}
			s.knobs.s = s
			s.knobs.layer, s.knobs.steps = -1, defaultSteps
			s.knobs.radius, s.knobs.forget = 1, 1
			s.restyle()
			return s
		},
		actions: gradientsActions,
	}
}

// defaultSteps is how far back the gradient is followed at first.
const defaultSteps = 100

func gradientsActions() []action {
	row := func(hint bool, text func(*words.Gradients) words.Action, do func(s *gradientsScreen) tea.Cmd, keys ...string) action {
		return action{
			keys: keys, hint: hint,
			text: func(w *words.Screen) words.Action { return text(&w.Gradients) },
			do:   func(a *App) tea.Cmd { return do(a.screenOf("gradients").(*gradientsScreen)) },
		}
	}
	do := func(f func(s *gradientsScreen)) func(s *gradientsScreen) tea.Cmd {
		return func(s *gradientsScreen) tea.Cmd {
			f(s)
			s.restyle()
			return nil
		}
	}
	return []action{
		row(true, func(w *words.Gradients) words.Action { return w.View }, do(func(s *gradientsScreen) { s.turn(1) }), "tab"),
		row(false, func(w *words.Gradients) words.Action { return w.Prev }, do(func(s *gradientsScreen) { s.turn(-1) }), "shift+tab"),
		row(false, func(w *words.Gradients) words.Action { return w.Up }, do(func(s *gradientsScreen) { s.knobs.choose(-1) }), "up", "k"),
		row(true, func(w *words.Gradients) words.Action { return w.Down }, do(func(s *gradientsScreen) { s.knobs.choose(1) }), "down", "j"),
		row(false, func(w *words.Gradients) words.Action { return w.Left }, do(func(s *gradientsScreen) { s.knobs.turn(-1) }), "left", "h"),
		row(true, func(w *words.Gradients) words.Action { return w.Rightk }, do(func(s *gradientsScreen) { s.knobs.turn(1) }), "right", "l"),
		row(true, func(w *words.Gradients) words.Action { return w.Do }, do(func(s *gradientsScreen) { s.knobs.apply() }), "enter"),
		acting(row(true, func(w *words.Gradients) words.Action { return w.Break }, do((*gradientsScreen).breakIt), "B")),
		acting(row(true, func(w *words.Gradients) words.Action { return w.Heal }, do((*gradientsScreen).heal), "H")),
		acting(row(false, func(w *words.Gradients) words.Action { return w.Back }, do((*gradientsScreen).goBack), "b")),
		row(true, func(w *words.Gradients) words.Action { return w.OthersKey }, do((*gradientsScreen).otherCells), "o"),
		row(true, func(w *words.Gradients) words.Action { return w.CheckKey }, do((*gradientsScreen).check), "c"),
		row(true, func(w *words.Gradients) words.Action { return w.CostKey }, do((*gradientsScreen).cost), "m"),
		row(false, func(w *words.Gradients) words.Action { return w.Renew }, do((*gradientsScreen).renew), "r"),
		row(false, func(w *words.Gradients) words.Action { return w.State }, do(func(s *gradientsScreen) { s.cell = !s.cell }), "s"),
		row(false, func(w *words.Gradients) words.Action { return w.Layerk }, do((*gradientsScreen).otherLayer), "L"),
		acting(row(false, func(w *words.Gradients) words.Action { return w.Pause }, pauseGradients, "space")),
	}
}

func pauseGradients(s *gradientsScreen) tea.Cmd { return pause(s.a) }

func (s *gradientsScreen) tab() tab                { return gradientsTab() }
func (s *gradientsScreen) words() *words.Gradients { return &s.a.words.Gradients }
func (s *gradientsScreen) panes() []*pane {
	return []*pane{&s.main, &s.second, &s.third, &s.figures, &s.knobs.pane}
}
func (s *gradientsScreen) typing(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (s *gradientsScreen) paste(string) (tea.Cmd, bool)           { return nil, false }
func (s *gradientsScreen) answer(tea.Msg) tea.Cmd                 { return nil }

func (s *gradientsScreen) restyle() {
	for _, p := range s.panes() {
		p.stale = true
	}
	s.sweep.heat.Palette = nil
	s.a.stale = true
}

// open makes sure that there is a prober.
func (s *gradientsScreen) open() {
	if s.prober == nil {
		s.prober = s.a.live.NewProber()
	}
}

func (s *gradientsScreen) enter() tea.Cmd {
	s.open()
	s.seen, s.looked = true, session.Look{}
	s.look()
	if s.others {
		s.race(true)
	}
	s.restyle()
	return nil
}

// leave ends all work for what nobody sees any more.
func (s *gradientsScreen) leave() {
	s.seen = false
	if s.prober != nil {
		s.prober.Look(nil)
	}
	if s.others {
		s.race(false)
	}
}

// otherCells draws the gradients of the ladder's networks too, which are trained
// on the same batches meanwhile, or no longer.
func (s *gradientsScreen) otherCells() {
	s.others = !s.others
	s.race(s.others)
	s.look()
	s.unask(otherFigures)
	if s.others {
		s.ask(otherFigures)
		s.a.say(s.words().OthersRace)
	}
}

// race lets the ladder's networks train while they are looked at from here. A race
// that was begun here ends here; one that was begun on screen 5 only pauses.
func (s *gradientsScreen) race(on bool) {
	l := s.a.screenOf("ladder").(*ladderScreen)
	l.open()
	if on && !l.racing || !on && s.racing && l.racing {
		s.racing, l.racing = on, on
		l.ladder.Race(on)
	}
	l.ladder.Look(on)
}

// shown are the views that there is room for: the flow, the one chosen, and on
// a large screen the next one too.
func (s *gradientsScreen) shown() []session.View {
	w, h := s.a.width, s.a.height
	if h < 30 {
		return []session.View{s.view}
	}
	view := s.view
	if view == session.FlowView {
		view++
	}
	if w < 150 || h < 45 {
		return []session.View{session.FlowView, view}
	}
	next := view + 1
	if next == session.ViewCount {
		next = session.MapView
	}
	return []session.View{session.FlowView, view, next}
}

// look asks for what is shown.
func (s *gradientsScreen) look() {
	if !s.seen {
		return
	}
	if want := (session.Look{Views: session.Of(s.shown()...), Layer: s.knobs.layer, Steps: s.knobs.steps, Others: s.others}); want != s.looked {
		s.looked = want
		s.prober.Look(&want)
	}
}

func (s *gradientsScreen) turn(by int) {
	n := int(session.ViewCount)
	s.view = session.View((int(s.view) + by + n) % n)
	if len(s.shown()) > 1 && s.view == session.FlowView { // that is always there
		s.view = session.View((int(s.view) + by + n) % n)
	}
	s.chose()
}

// chose looks at the view that was chosen.
func (s *gradientsScreen) chose() {
	s.unask(dynamicsFigures)
	if s.view == session.JacobiansView {
		s.ask(dynamicsFigures)
	}
	s.look()
}

func (s *gradientsScreen) take(v *scope.Snapshot) {
	old := s.snap
	s.snap = v
	if old == nil || old.Run != v.Run || old.Knobs != v.Knobs || old.Phase != v.Phase {
		s.restyle()
		s.knobs.take(old, v)
	}
}

func (s *gradientsScreen) tick(now time.Time) tea.Cmd {
	if s.prober == nil {
		return nil
	}
	s.look() // the size may have changed
	if g := s.prober.Pages.Take(); g != nil {
		s.turnTo(g)
	}
	if s.sweep.tick() {
		for i, v := range s.shown() {
			if v == session.MapView {
				[]*pane{&s.main, &s.second, &s.third}[i].stale = true
				s.a.stale = true
			}
		}
	}
	return nil
}

// turnTo shows a page.
func (s *gradientsScreen) turnTo(g *scope.Gradients) {
	s.page = g
	if g.Map != nil {
		s.sweep.take(g)
	}
	for _, p := range s.panes() {
		p.stale = true
	}
	s.a.stale = true
}

func (s *gradientsScreen) breakIt() {
	s.a.live.BreakIt()
	s.a.say(s.words().Broke)
}

// heal says nothing yet: a snapshot tells whether there was something to take back.
func (s *gradientsScreen) heal() { s.a.live.Heal() }

func (s *gradientsScreen) goBack() {
	if s.snap != nil && s.snap.Trouble != nil {
		s.a.live.GoBack(session.Remedy{Clip: 1})
	}
}

func (s *gradientsScreen) check() {
	s.open()
	s.ask(checkFigures)
	s.prober.Check()
	s.a.say(s.words().Checking)
}

func (s *gradientsScreen) cost() {
	s.open()
	s.view = session.TruncationView
	s.chose()
	s.prober.Cost()
	s.a.say(s.words().Costing)
}

func (s *gradientsScreen) renew() {
	s.open()
	s.prober.Renew()
}

func (s *gradientsScreen) otherLayer() {
	if s.snap != nil {
		n := s.snap.Shape.Layers
		layer := s.knobs.layer
		if layer < 0 {
			layer = n - 1
		}
		s.knobs.layer = (layer + 1) % n
		s.look()
	}
}

// draw lays out the views and, beside them, figures and knobs.
func (s *gradientsScreen) draw(c *views.Canvas, area views.Rect) {
	side := 34
	switch {
	case area.W >= 150:
		side = 46
	case area.W >= 100:
		side = 40
	}
	cols := columns(area, 0, side)
	shown := s.shown()
	panes := []*pane{&s.main, &s.second, &s.third}
	places := []views.Rect{cols[0]}
	switch len(shown) {
	case 2:
		places = rows(cols[0], 0, cols[0].H*52/100)
	case 3:
		bands := rows(cols[0], 0, cols[0].H*58/100)
		places = append(bands[:1:1], columns(bands[1], 0, bands[1].W/2)...)
	}
	for i, p := range panes {
		if i >= len(shown) {
			p.hide()
			continue
		}
		v := shown[i]
		p.show(c, places[i], func(c *views.Canvas, area views.Rect) { s.drawView(v, c, area) })
	}
	right := rows(cols[1], 0, probeKnobRows+2)
	s.figures.show(c, right[0], s.drawFigures)
	s.knobs.show(c, right[1], s.knobs.draw)
}

// drawView draws a view in its box.
func (s *gradientsScreen) drawView(v session.View, c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	in := views.Box{Title: w.Titles[v], Note: s.noteOf(v), Focused: v == s.view}.Draw(c, area, th)
	switch g := s.page; {
	case g == nil:
		views.Paragraph(c, in, w.Waiting, th.Dim)
		return
	case g.Failure != nil:
		views.Paragraph(c, in, words.Say(s.a.lang, g.Failure), th.Bad)
		return
	}
	switch v {
	case session.FlowView:
		s.drawFlow(c, in)
	case session.MapView:
		s.drawMap(c, in)
	case session.SourcesView:
		s.drawSources(c, in)
	case session.JacobiansView:
		s.drawJacobians(c, in)
	case session.TruncationView:
		s.drawTruncation(c, in)
	case session.TermsView:
		s.drawTerms(c, in)
	case session.ClippingView:
		s.drawClipping(c, in)
	}
}

// noteOf says which of the views it is.
func (s *gradientsScreen) noteOf(v session.View) string {
	return s.words().Views[v]
}

func (s *gradientsScreen) click(m click) tea.Cmd {
	if x, y, ok := m.onRow(&s.knobs.pane); ok {
		s.knobs.click(x, y, m.wheel)
		s.restyle()
		return nil
	}
	for i, p := range []*pane{&s.main, &s.second, &s.third} {
		if _, _, ok := m.on(p); ok && !m.drag {
			if m.wheel != 0 {
				s.turn(m.wheel)
			} else if v := s.shown()[i]; v != session.FlowView {
				s.view = v
				s.chose()
			}
			s.restyle()
		}
	}
	return nil
}
