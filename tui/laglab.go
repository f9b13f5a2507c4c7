package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// lagLabScreen runs experiments on long dependencies and shows their grid while
// it fills. They go on when the screen is left, until they are done or stopped.
type lagLabScreen struct {
	a        *App
	lab      *session.LagLab // made when the first experiment is started
	page     *scope.LagPage
	snap     *scope.Snapshot
	setup    labSetup
	table    labTable
	input    entry
	edits    edits
	typed    int  // the row whose value is typed
	resuming bool // a log was asked for
	open     bool // the curve in place of the grid, where there is no room for both
	onSet    bool // keys act on the experiment

	begun session.LagChoice // the experiment of the grid
	asked time.Time         // whether it is to be done anew

	grid, curve, form, chosen, foot pane
	chart                           views.LineChart
}

// edits is what is being typed.
type edits uint8

const (
	editsNothing edits = iota
	editsField
	editsLog
)

func lagLabTab() tab {
	return tab{
		name: "laglab", key: "6", frame: time.Second / 5,
		text: func(w *words.Screen) words.Tab { return w.LagLab.Tab },
		make: func(a *App) screen {
			s := &lagLabScreen{a: a, input: newEntry(mostField), onSet: true}
			s.setup.workers = 1
			s.setup.take(0)
			s.restyle()
			return s
		},
		actions: lagLabActions,
	}
}

func lagLabActions() []action {
	row := func(hint bool, text func(*words.LagLab) words.Action, do func(s *lagLabScreen) tea.Cmd, keys ...string) action {
		return action{
			keys: keys, hint: hint,
			text: func(w *words.Screen) words.Action { return text(&w.LagLab) },
			do: func(a *App) tea.Cmd {
				s := a.screenOf("laglab").(*lagLabScreen)
				s.restyle()
				return do(s)
			},
		}
	}
	do := func(f func(s *lagLabScreen)) func(s *lagLabScreen) tea.Cmd {
		return func(s *lagLabScreen) tea.Cmd { f(s); return nil }
	}
	return []action{
		row(true, func(w *words.LagLab) words.Action { return w.Start }, do((*lagLabScreen).startStop), "space"),
		row(true, func(w *words.LagLab) words.Action { return w.Focus }, do(func(s *lagLabScreen) { s.onSet = !s.onSet || s.empty() }), "tab", "shift+tab"),
		row(false, func(w *words.LagLab) words.Action { return w.Up }, do(func(s *lagLabScreen) { s.vertical(-1) }), "up", "k"),
		row(true, func(w *words.LagLab) words.Action { return w.Down }, do(func(s *lagLabScreen) { s.vertical(1) }), "down", "j"),
		row(false, func(w *words.LagLab) words.Action { return w.Left1 }, do(func(s *lagLabScreen) { s.horizontal(-1) }), "left", "h"),
		row(true, func(w *words.LagLab) words.Action { return w.Rightk }, do(func(s *lagLabScreen) { s.horizontal(1) }), "right", "l"),
		row(true, func(w *words.LagLab) words.Action { return w.Open }, (*lagLabScreen).enterKey, "enter"),
		row(true, func(w *words.LagLab) words.Action { return w.Preset }, do(func(s *lagLabScreen) { s.setup.take(s.setup.preset + 1) }), "n"),
		row(true, func(w *words.LagLab) words.Action { return w.ResumeKey }, (*lagLabScreen).askLog, "o"),
		row(false, func(w *words.LagLab) words.Action { return w.Fewer }, do(func(s *lagLabScreen) { s.setup.crew(-1) }), "-"),
		row(false, func(w *words.LagLab) words.Action { return w.More }, do(func(s *lagLabScreen) { s.setup.crew(1) }), "+", "="),
	}
}

func (s *lagLabScreen) tab() tab               { return lagLabTab() }
func (s *lagLabScreen) words() *words.LagLab   { return &s.a.words.LagLab }
func (s *lagLabScreen) enter() tea.Cmd         { s.restyle(); return nil }
func (s *lagLabScreen) leave()                 {} // what runs goes on
func (s *lagLabScreen) answer(tea.Msg) tea.Cmd { return nil }

func (s *lagLabScreen) restyle() {
	for _, p := range []*pane{&s.grid, &s.curve, &s.form, &s.chosen, &s.foot} {
		p.stale = true
	}
	s.a.stale = true
}

func (s *lagLabScreen) take(v *scope.Snapshot) {
	if s.snap == nil || s.snap.Phase != v.Phase {
		s.foot.stale = true
	}
	s.snap = v
}

func (s *lagLabScreen) tick(time.Time) tea.Cmd {
	if s.lab == nil {
		return nil
	}
	if p := s.lab.Pages.Take(); p != nil {
		s.turn(p)
	}
	return nil
}

// turn shows a page.
func (s *lagLabScreen) turn(p *scope.LagPage) {
	failed := p.Failure != nil && (s.page == nil || s.page.Failure != p.Failure)
	if failed {
		s.a.complain(p.Failure)
	}
	switch {
	case s.resuming && failed && s.edits == editsNothing: // its name stays to be mended
		s.resuming, s.edits = false, editsLog
		s.input.begin()
	case s.resuming && len(p.Trials) > 0:
		s.resuming, s.onSet = false, false
	}
	s.page = p
	s.table.take(p)
	s.restyle()
}

// logs is the folder that logs are written to: where the command puts them.
func (s *lagLabScreen) logs() string { return filepath.Join(s.a.folder, "runs") }

func (s *lagLabScreen) laboratory() *session.LagLab {
	if s.lab == nil {
		s.lab = s.a.live.NewLagLab(s.logs())
	}
	return s.lab
}

func (s *lagLabScreen) running() bool { return s.page != nil && s.page.Running }

// empty says that there is no grid yet to go to.
func (s *lagLabScreen) empty() bool { return s.page == nil || len(s.table.rows) == 0 }

// startStop starts the experiment or stops the one that runs.
func (s *lagLabScreen) startStop() {
	if s.running() {
		s.lab.Stop()
		return
	}
	if s.anew() {
		return
	}
	g, err := s.setup.choice.Grid()
	if err != nil {
		s.a.complain(err)
		return
	}
	s.laboratory().Start(g, s.setup.workers)
	s.onSet, s.begun = false, s.setup.choice
}

// anew asks before what has been done already is done once more, and says whether
// the answer is still awaited: the same key while the question stands there.
func (s *lagLabScreen) anew() bool {
	p := s.page
	if p == nil || p.Done == 0 || s.setup.choice != s.begun || time.Since(s.asked) < noteTime {
		s.asked = time.Time{}
		return false
	}
	s.asked = time.Now()
	if p.Done < len(p.Trials) {
		s.a.say(fmt.Sprintf(s.words().AskRest, p.Done, len(p.Trials)))
	} else {
		s.a.say(fmt.Sprintf(s.words().AskAnew, p.Done))
	}
	return true
}

func (s *lagLabScreen) vertical(by int) {
	if s.onSet {
		s.setup.at = max(0, min(setupRows-1, s.setup.at+by))
		return
	}
	s.table.move(by, 0)
}

func (s *lagLabScreen) horizontal(by int) {
	if s.onSet {
		s.setup.turn(by)
		return
	}
	s.table.move(0, by)
}

// enterKey opens a cell's curve, or types the value of a row.
func (s *lagLabScreen) enterKey() tea.Cmd {
	if !s.onSet {
		s.open = !s.open
		return nil
	}
	value := s.setup.field(s.setup.at)
	if value == nil {
		s.setup.turn(1)
		return nil
	}
	s.typed = s.setup.at
	return s.edit(editsField, *value, s.words().Typing)
}

// mostField is how many characters a value or a path may have.
const mostField = 4096

// askLog types the log that is gone on with.
func (s *lagLabScreen) askLog() tea.Cmd {
	path := ""
	if found := session.LagLogs(s.logs()); len(found) > 0 {
		path = found[0]
	} else {
		s.a.say(s.words().NoLogs)
	}
	return s.edit(editsLog, path, s.words().ResumeAsk)
}

func (s *lagLabScreen) edit(what edits, value, hint string) tea.Cmd {
	s.edits = what
	s.input.SetValue(value)
	s.a.say(hint)
	s.restyle()
	return s.input.begin()
}

func (s *lagLabScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.edits == editsNothing || k.String() == "f1" {
		return nil, false
	}
	s.restyle()
	switch c, what := s.input.press(k); what {
	case stillTyping:
		return c, true
	case textTaken:
		s.done()
	case textGivenUp:
		s.a.say("")
		s.rest()
	}
	return nil, true
}

// rest ends the typing.
func (s *lagLabScreen) rest() {
	s.edits = editsNothing
	s.input.leave()
	s.a.chrome.stale = true
}

// done ends the typing with what was typed, if it can be: else it stays to be
// mended.
func (s *lagLabScreen) done() bool {
	if s.edits != editsNothing {
		if !s.accept(strings.TrimSpace(s.input.Value())) {
			return false
		}
		s.rest()
	}
	return true
}

// accept takes what was typed, and returns false if it cannot be: then nothing has
// changed.
func (s *lagLabScreen) accept(value string) bool {
	s.a.say("")
	if s.edits == editsLog {
		if value != "" {
			s.laboratory().Resume(value, s.setup.workers)
			s.resuming, s.begun = true, s.setup.choice
		}
		return true
	}
	if field := s.setup.field(s.typed); field != nil && value != "" && value != *field {
		before := *field
		*field = value
		if _, err := s.setup.choice.Grid(); err != nil {
			*field = before
			s.a.complain(err)
			return false
		}
		s.setup.own()
	}
	return true
}

func (s *lagLabScreen) paste(text string) (tea.Cmd, bool) {
	if s.edits == editsNothing {
		return nil, false
	}
	s.input.paste(strings.Join(strings.Fields(text), " "))
	s.form.stale, s.foot.stale = true, true
	return nil, true
}

// roomFor is how many rows grid and curve need to stand one below the other.
const roomFor = 28

// draw lays out grid, curve, experiment and the chosen cell.
func (s *lagLabScreen) draw(c *views.Canvas, area views.Rect) {
	side := 32
	switch {
	case area.W >= 150:
		side = 54
	case area.W >= 100:
		side = 42
	}
	bands := rows(area, 0, 3)
	s.foot.show(c, bands[1], s.drawFoot)
	cols := columns(bands[0], 0, side)
	right := rows(cols[1], setupRows+2, 0)
	s.form.show(c, right[0], s.drawSetup)
	s.chosen.show(c, right[1], s.drawChosen)
	switch {
	case area.H >= roomFor:
		height := max(8, min(cols[0].H*55/100, s.table.height()+4))
		left := rows(cols[0], height, 0)
		s.grid.show(c, left[0], s.drawGrid)
		s.curve.show(c, left[1], s.drawCurve)
	case s.open:
		s.grid.hide()
		s.curve.show(c, cols[0], s.drawCurve)
	default:
		s.curve.hide()
		s.grid.show(c, cols[0], s.drawGrid)
	}
}

func (s *lagLabScreen) click(m click) tea.Cmd {
	s.restyle()
	if m.drag { // nothing here slides
		return nil
	}
	if x, y, ok := s.form.at(m.x, m.y); ok {
		s.onSet = true
		if i := y - 1; i >= 0 && i < setupRows && (s.edits != editsField || i != s.typed && s.done()) {
			again := s.setup.at == i
			s.setup.at = i
			switch {
			case m.wheel != 0:
				s.setup.turn(-m.wheel)
			case again && x > 0:
				s.setup.turn(1)
			}
		}
		return nil
	}
	if x, y, ok := s.grid.at(m.x, m.y); ok {
		s.onSet = s.empty()
		if m.wheel != 0 {
			s.table.move(m.wheel, 0)
		} else {
			s.table.clickAt(x, y)
		}
		return nil
	}
	if _, _, ok := s.curve.at(m.x, m.y); ok && m.wheel == 0 {
		s.open = false
	}
	return nil
}
