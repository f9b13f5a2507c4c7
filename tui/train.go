package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// trainScreen shows a model while it learns: the loss, the figures of the
// moment, the knobs, the hidden state of a stream and what the model writes.
type trainScreen struct {
	a       *App
	snap    *scope.Snapshot
	focus   int             // of the panes
	drawn   time.Time       // when the figures were drawn last
	shown   *scope.Snapshot // and of what
	chart   chartPane
	figures pane
	knobs   knobsPane
	sweep   sweepPane
	film    filmPane
	trouble pane
}

// The panes of the screen, in the order of the tab key.
const (
	onChart = iota
	onKnobs
	onSweep
	onFilm
	trainPanes
)

func trainTab() tab {
	return tab{
		name: "train", key: "1", frame: 2 * time.Second / 5,
		text: func(w *words.Screen) words.Tab { return w.Train.Tab },
		make: func(a *App) screen { return newTrain(a) },
		actions: func() []action {
			do := func(f func(t *trainScreen) tea.Cmd) func(a *App) tea.Cmd {
				return func(a *App) tea.Cmd { return f(a.screenOf("train").(*trainScreen)) }
			}
			say := func(f func(*words.Train) words.Action) func(*words.Screen) words.Action {
				return func(w *words.Screen) words.Action { return f(&w.Train) }
			}
			return []action{
				{keys: []string{"space"}, hint: true, acts: true, now: pauseOrOn, text: say(func(w *words.Train) words.Action { return w.Pause }), do: pause},
				{keys: []string{"tab"}, hint: true, text: say(func(w *words.Train) words.Action { return w.Focus }), do: do(func(t *trainScreen) tea.Cmd { return t.turn(1) })},
				{keys: []string{"shift+tab"}, text: say(func(w *words.Train) words.Action { return w.Prev }), do: do(func(t *trainScreen) tea.Cmd { return t.turn(-1) })},
				{keys: []string{"up", "k"}, text: say(func(w *words.Train) words.Action { return w.Up }), do: do(func(t *trainScreen) tea.Cmd { return t.vertical(-1) })},
				{keys: []string{"down", "j"}, text: say(func(w *words.Train) words.Action { return w.Down }), do: do(func(t *trainScreen) tea.Cmd { return t.vertical(1) })},
				{keys: []string{"left", "h"}, text: say(func(w *words.Train) words.Action { return w.Less }), do: do(func(t *trainScreen) tea.Cmd { return t.horizontal(-1) })},
				{keys: []string{"right", "l"}, hint: true, now: turnOrMove, text: say(func(w *words.Train) words.Action { return w.More }), do: do(func(t *trainScreen) tea.Cmd { return t.horizontal(1) })},
				{keys: []string{"u"}, hint: true, text: say(func(w *words.Train) words.Action { return w.Units }), do: do((*trainScreen).otherUnit)},
				{keys: []string{"c"}, hint: true, acts: true, text: say(func(w *words.Train) words.Action { return w.Cell }), do: do((*trainScreen).otherCell)},
				{keys: []string{"r"}, hint: true, acts: true, text: say(func(w *words.Train) words.Action { return w.Restart }), do: do(func(t *trainScreen) tea.Cmd { t.a.live.Restart(restartSame); return nil })},
				{keys: []string{"R"}, acts: true, text: say(func(w *words.Train) words.Action { return w.Seed }), do: do((*trainScreen).otherSeed)},
				{keys: []string{"a"}, text: say(func(w *words.Train) words.Action { return w.Sample }), do: do((*trainScreen).write)},
				{keys: []string{"x"}, text: say(func(w *words.Train) words.Action { return w.LogX }), do: do(func(t *trainScreen) tea.Cmd { t.chart.logX = !t.chart.logX; return t.chart.changed() })},
				{keys: []string{"y"}, text: say(func(w *words.Train) words.Action { return w.LogY }), do: do(func(t *trainScreen) tea.Cmd { t.chart.logY = !t.chart.logY; return t.chart.changed() })},
				{keys: []string{"+", "="}, text: say(func(w *words.Train) words.Action { return w.ZoomIn }), do: do(func(t *trainScreen) tea.Cmd { return t.chart.zoom(0.5) })},
				{keys: []string{"-"}, text: say(func(w *words.Train) words.Action { return w.ZoomOut }), do: do(func(t *trainScreen) tea.Cmd { return t.chart.zoom(2) })},
				{keys: []string{"[", "shift+left"}, hint: true, late: true, now: whileZoomed(func(*App) string { return "[" }), text: say(func(w *words.Train) words.Action { return w.PanL }), do: do(func(t *trainScreen) tea.Cmd { return t.chart.pan(-0.25) })},
				{keys: []string{"]", "shift+right"}, hint: true, late: true, now: whileZoomed(func(a *App) string { return a.words.Train.Pan }), text: say(func(w *words.Train) words.Action { return w.PanR }), do: do(func(t *trainScreen) tea.Cmd { return t.chart.pan(0.25) })},
				{keys: []string{"f"}, text: say(func(w *words.Train) words.Action { return w.Freeze }), do: do(func(t *trainScreen) tea.Cmd { return t.chart.freeze(t.snap) })},
				{keys: []string{"L"}, text: say(func(w *words.Train) words.Action { return w.NextLayer }), do: do(func(t *trainScreen) tea.Cmd { return t.sweep.otherLayer() })},
				{keys: []string{"s"}, text: say(func(w *words.Train) words.Action { return w.State }), do: do(func(t *trainScreen) tea.Cmd { return t.sweep.otherState() })},
				{keys: []string{"b"}, acts: true, text: say(func(w *words.Train) words.Action { return w.BackClip }), do: do(func(t *trainScreen) tea.Cmd { return t.goBack(true) })},
				{keys: []string{"B"}, acts: true, text: say(func(w *words.Train) words.Action { return w.BackRate }), do: do(func(t *trainScreen) tea.Cmd { return t.goBack(false) })},
			}
		},
	}
}

// pauseOrOn and turnOrMove are what space and an arrow do at the moment.
func pauseOrOn(a *App) string {
	switch {
	case a.diverged():
		return ""
	case a.snap != nil && a.snap.Phase == scope.Paused:
		return a.words.Train.GoOn
	}
	return a.words.Train.Pause.Short
}

func turnOrMove(a *App) string {
	switch t := a.screenOf("train").(*trainScreen); {
	case t.focus != onKnobs:
		return a.words.Train.Move
	case a.live.Watching():
		return ""
	}
	return a.words.Train.More.Short
}

// whileZoomed is what a key is called that moves the zoomed chart: nothing while there
// is none.
func whileZoomed(name func(*App) string) func(*App) string {
	return func(a *App) string {
		if a.screenOf("train").(*trainScreen).chart.to == 0 {
			return ""
		}
		return name(a)
	}
}

func newTrain(a *App) *trainScreen {
	t := &trainScreen{a: a, focus: onKnobs}
	t.chart.t, t.knobs.t, t.sweep.t, t.film.t = t, t, t, t
	t.film.at = -1
	t.restyle()
	return t
}

func (t *trainScreen) tab() tab       { return trainTab() }
func (t *trainScreen) leave()         {}
func (t *trainScreen) enter() tea.Cmd { t.restyle(); return nil }
func (t *trainScreen) words() *words.Train {
	return &t.a.words.Train
}

// panes lists all panes, for what concerns them all.
func (t *trainScreen) panes() []*pane {
	return []*pane{&t.chart.pane, &t.figures, &t.knobs.pane, &t.sweep.pane, &t.film.pane, &t.trouble}
}

func (t *trainScreen) restyle() {
	for _, p := range t.panes() {
		p.stale = true
	}
	t.sweep.heat.Palette = nil
	t.a.stale = true
}

// take shows a newer snapshot. What changes with every update is drawn a few
// times a second only; what happens rarely, at once.
func (t *trainScreen) take(s *scope.Snapshot) {
	old := t.snap
	t.snap = s
	t.knobs.take(s)
	t.sweep.take(s)
	if old != nil && old.Update == 0 && s.Update > 0 {
		t.restyle() // the first figures
	}
	if old == nil || old.Run != s.Run {
		t.chart.begin()
		t.film.at = -1
		t.restyle()
		return
	}
	if old.Phase != s.Phase || old.Knobs != s.Knobs || len(old.Changes) != len(s.Changes) || len(old.Rivals) != len(s.Rivals) || len(old.Valid) != len(s.Valid) {
		t.figures.stale, t.chart.stale, t.knobs.stale, t.trouble.stale = true, true, true, true
	}
	if old.Untrained != s.Untrained || t.film.differs(old, s) {
		t.film.stale = true
	}
}

func (t *trainScreen) tick(now time.Time) tea.Cmd {
	if t.snap == nil {
		return nil
	}
	if now.Sub(t.drawn) >= numbersEvery && t.snap != t.shown {
		t.drawn, t.shown = now, t.snap
		t.figures.stale = true
		t.chart.stale = t.chart.stale || t.chart.still == nil
	}
	t.sweep.tick()
	for _, p := range t.panes() {
		if p.stale {
			t.a.stale = true
		}
	}
	return nil
}

func (t *trainScreen) answer(tea.Msg) tea.Cmd                 { return nil }
func (t *trainScreen) typing(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (t *trainScreen) paste(string) (tea.Cmd, bool)           { return nil, false }
func (t *trainScreen) focused(pane int) bool                  { return t.focus == pane }
func (t *trainScreen) diverged() bool                         { return t.snap != nil && t.snap.Trouble != nil }
func (t *trainScreen) each(f func(p *pane)) {
	for _, p := range t.panes() {
		f(p)
	}
}

// turn gives the keys to another pane.
func (t *trainScreen) turn(by int) tea.Cmd {
	for range trainPanes {
		t.focus = ((t.focus+by)%trainPanes + trainPanes) % trainPanes
		if p := t.paneOf(t.focus); p.area.W > 0 {
			break
		}
	}
	t.refocused()
	return nil
}

// refocused draws what shows where the keys go.
func (t *trainScreen) refocused() {
	t.each(func(p *pane) { p.stale = true })
	t.a.chrome.stale = true
}

func (t *trainScreen) paneOf(i int) *pane {
	return []*pane{&t.chart.pane, &t.knobs.pane, &t.sweep.pane, &t.film.pane}[i]
}

func (t *trainScreen) vertical(by int) tea.Cmd {
	switch t.focus {
	case onKnobs:
		t.knobs.choose(by)
	case onSweep:
		t.sweep.scroll(by)
	case onFilm:
		t.film.scroll(by)
	}
	return nil
}

func (t *trainScreen) horizontal(by int) tea.Cmd {
	switch t.focus {
	case onChart:
		t.chart.cross(by)
	case onKnobs:
		return t.knobs.turn(by)
	case onSweep:
		t.sweep.cross(by)
	case onFilm:
		t.film.turn(by, t.snap)
	}
	return nil
}

// draw lays the panes out: the chart and the figures above, the hidden state
// below them, and what the model writes. Small windows give up the sample's
// lines first, then rows of the hidden state.
func (t *trainScreen) draw(c *views.Canvas, area views.Rect) {
	side := 36
	if area.W >= 150 {
		side = 44
	}
	top := max(12, area.H*45/100)
	film := 4
	switch {
	case area.H >= 50:
		film = 10
	case area.H >= 30:
		film = 7
	}
	if area.H < 20 {
		film = 0
	}
	if t.a.live.Text.Phenomenon != "" && area.H-scoredRows-film >= 5 {
		top = max(top, scoredRows)
	}
	heat := area.H - top - film
	if heat < 4 {
		top, heat = area.H-film, 0
		if top < 12 {
			top, film = area.H, 0
		}
	}
	bands := rows(area, top, heat, film)
	trouble := views.Rect{}
	switch { // what can be done stands in the place of the states, below the curve that tells of it
	case !t.diverged():
	case bands[1].H >= troubleRows:
		trouble, bands[1] = bands[1], trouble
	default:
		lower := max(area.H-top, troubleRows)
		if area.H-lower < leastChart {
			lower = area.H
		}
		two := rows(area, area.H-lower, lower)
		bands, trouble = []views.Rect{two[0], {}, {}}, two[1]
	}
	upper := columns(bands[0], 0, side)
	t.trouble.show(c, trouble, t.drawTrouble)
	t.chart.show(c, upper[0], t.chart.draw)
	// The figures take what the knobs leave.
	right := rows(upper[1], 0, knobRows+2)
	t.figures.show(c, right[0], t.drawFigures)
	t.knobs.show(c, right[1], t.knobs.draw)
	t.sweep.show(c, bands[1], t.sweep.draw)
	t.film.show(c, bands[2], t.film.draw)
}

// scoredRows is how high the figures and the knobs are when all of the figures down to
// the score of a generated text, which takes two rows, are shown.
const scoredRows = 9 + knobRows + 2

// troubleRows is how many rows the story of a divergence takes at least, and
// leastChart those of a chart that is worth it.
const troubleRows, leastChart = 9, 6

func (t *trainScreen) click(m click) tea.Cmd {
	for i := range trainPanes {
		p := t.paneOf(i)
		x, y, ok := m.on(p)
		if i == onKnobs {
			x, y, ok = m.onRow(p)
		}
		if !ok {
			continue
		}
		if t.focus != i && m.wheel == 0 {
			t.focus = i
			t.refocused()
		}
		p.stale = true
		switch i {
		case onChart:
			if m.wheel != 0 {
				return t.chart.zoom([3]float64{0.5, 1, 2}[m.wheel+1])
			}
			t.chart.crossAt(x, y)
		case onKnobs:
			return t.knobs.click(x, y, m.wheel)
		case onSweep:
			if m.wheel != 0 {
				t.sweep.scroll(m.wheel)
			} else {
				t.sweep.point(x, y)
			}
		case onFilm:
			t.film.scroll(m.wheel)
		}
	}
	return nil
}
