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

// ladderScreen puts models of every kind on one scale, and shows in five views
// what is behind the figures.
type ladderScreen struct {
	a      *App
	ladder *session.Ladder // made when the screen is first opened
	now    *scope.Ladder
	snap   *scope.Snapshot
	view   int
	racing bool
	second int64 // of the clock: answers that change while networks learn are asked for anew

	inputs [fields]entry
	edits  int // the field that is typed into, -1 for none

	rungs struct {
		all    bool
		cursor int // a rung
		marked int // the rung A
		chosen bool
		first  int // the row at the top
	}
	wins struct {
		question
		other  int // the rung B
		answer *scope.Wins
		first  int
	}
	bench struct {
		question
		order, row, first, part int
		k                       float64
		answer                  *scope.Workbench
	}
	demo struct {
		question
		marked int
		cell   int
		answer *scope.WindowDemo
	}
	pair struct {
		question
		model, first int
		answer       *scope.Verdict
	}

	panes [8]pane
}

// The views.
const (
	onRungs = iota
	onWins
	onBench
	onWindow
	onSentences
	ladderViews
)

// The fields that can be typed into.
const (
	fieldHistory = iota
	fieldText
	fieldFirst
	fieldSecond
	fields
)

func ladderTab() tab {
	return tab{
		name: "ladder", key: "5", frame: time.Second / 5,
		text:    func(w *words.Screen) words.Tab { return w.Ladder.Tab },
		make:    func(a *App) screen { return newLadder(a) },
		actions: ladderActions,
	}
}

func newLadder(a *App) *ladderScreen {
	s := &ladderScreen{a: a, edits: -1}
	for i := range s.inputs {
		s.inputs[i] = newEntry(mostAsked)
	}
	s.restyle()
	return s
}

func (s *ladderScreen) tab() tab             { return ladderTab() }
func (s *ladderScreen) words() *words.Ladder { return &s.a.words.Ladder }

// open makes sure that there is a ladder, and that the fields say something.
func (s *ladderScreen) open() {
	if s.ladder != nil {
		return
	}
	s.ladder = s.a.live.Ladder()
	_, s.bench.order = s.ladder.Orders()
	s.demo.marked = mostAsked // the last
	s.bench.k = s.ladder.AddK()
	texts := examples(s.a.live.Text)
	for i, text := range texts {
		s.inputs[i].SetValue(text)
		s.inputs[i].CursorEnd()
	}
}

// pairs are the sentences of the lecture.
var pairs = [][2]string{{"狗咬人", "人咬狗"}, {"recognize speech", "wreck a nice beach"}}

// examples are texts to begin with, such as the corpus has: of it for the history
// and the window; for the sentences the lecture's pairs, or where the vocabulary
// lacks their symbols, words of the text and the same backwards.
func examples(t *session.Text) [fields]string {
	var out [fields]string
	out[fieldHistory], out[fieldText] = t.Phrase(2), t.Phrase(6)
	if !t.Word() {
		out[fieldHistory], out[fieldText] = t.Phrase(3), t.Phrase(12)
	}
	out[fieldFirst] = t.Phrase(4)
	out[fieldSecond] = t.Backwards(out[fieldFirst])
	const most = 0.6 // of its symbols
	for _, p := range pairs {
		if t.Known(p[0]) > most {
			out[fieldFirst], out[fieldSecond] = p[0], p[1]
			break
		}
	}
	return out
}

func (s *ladderScreen) enter() tea.Cmd {
	s.open()
	s.ladder.Look(!s.a.live.Text.StandIn())
	s.restyle()
	return nil
}

// leave lets the ladder rest while nobody sees it.
func (s *ladderScreen) leave() {
	if s.ladder != nil {
		s.ladder.Look(false)
	}
}

func (s *ladderScreen) restyle() {
	for i := range s.panes {
		s.panes[i].stale = true
	}
	s.a.stale = true
}

// take keeps a snapshot; the scale has its network by its newest validation loss.
func (s *ladderScreen) take(v *scope.Snapshot) {
	before, _ := s.mainPerplexity()
	s.snap = v
	if now, _ := s.mainPerplexity(); now != before && s.view == onRungs && s.now != nil {
		s.panes[2].stale, s.a.stale = true, true
	}
}

// tick takes the newest view of the ladder, and asks what is to be answered.
func (s *ladderScreen) tick(now time.Time) tea.Cmd {
	if s.ladder == nil {
		return nil
	}
	if v := s.ladder.Views.Take(); v != nil {
		s.now = v
		s.choose()
		if s.view == onRungs || v.Phase != scope.LadderTraining {
			s.restyle()
		}
	}
	const refresh = 2 // seconds
	s.second = now.Unix() / refresh
	return s.ask()
}

// choose makes the best network A and the best n-gram B, until somebody chose
// others.
func (s *ladderScreen) choose() {
	if s.rungs.chosen {
		return
	}
	if i := s.best(scope.WindowRung, scope.NetworkRung); i >= 0 {
		s.rungs.marked = i
	} else {
		s.rungs.marked = slices.IndexFunc(s.now.Rungs, func(r scope.Rung) bool { return r.Kind == scope.WindowRung })
	}
	if i := s.best(scope.NgramRung); i >= 0 {
		s.wins.other = i
		s.rungs.cursor = i
	}
}

// best is the rung of some kinds with the lowest finite loss, -1 for none.
func (s *ladderScreen) best(kinds ...scope.RungKind) int {
	at := -1
	for i, r := range s.now.Rungs {
		if slices.Contains(kinds, r.Kind) && !math.IsInf(r.Loss, 1) && !math.IsNaN(r.Loss) && (at < 0 || r.Loss < s.now.Rungs[at].Loss) {
			at = i
		}
	}
	return at
}

// question is asked again when what it is about has changed, but not before it
// was answered.
type question struct {
	key  string
	busy bool
}

// ladderMsg is an answer that the screen takes in.
type ladderMsg func()

// put asks a question and brings the answer.
func put[T any](s *ladderScreen, q *question, key string, call func() <-chan T, take func(T)) tea.Cmd {
	if q.busy || q.key == key {
		return nil
	}
	q.key, q.busy = key, true
	answer, done := call(), s.a.live.Done()
	return func() tea.Msg {
		select {
		case v := <-answer:
			return ladderMsg(func() { q.busy = false; take(v); s.restyle() })
		case <-done:
			return nil
		}
	}
}

func (s *ladderScreen) answer(msg tea.Msg) tea.Cmd {
	if take, ok := msg.(ladderMsg); ok {
		take()
	}
	return nil
}

// uncounted says that the n-grams cannot be counted: nothing that is asked will be
// answered.
func (s *ladderScreen) uncounted() bool {
	return s.now != nil && s.now.Failure != nil && s.now.Phase == scope.LadderCounting
}

// sayWhy says in place of an answer why there is none: what has failed, or what it
// waits for.
func (s *ladderScreen) sayWhy(c *views.Canvas, area views.Rect, waits string) {
	st := s.a.theme.Dim
	if s.now.Failure != nil {
		waits, st = words.Say(s.a.lang, s.now.Failure), s.a.theme.Bad
	}
	views.Paragraph(c, area, waits, st)
}

// ask puts the question of the view that is shown.
func (s *ladderScreen) ask() tea.Cmd {
	if s.now == nil || s.uncounted() {
		return nil
	}
	learnt := int64(0) // the networks are these
	for _, r := range s.now.Rungs {
		learnt += r.Updates
	}
	switch s.view {
	case onWins:
		a, b := s.rungs.marked, s.wins.other
		key := fmt.Sprint(a, b, s.now.Rungs[a].Updates, s.now.Rungs[b].Updates, !math.IsNaN(s.now.Rungs[a].Loss), !math.IsNaN(s.now.Rungs[b].Loss))
		return put(s, &s.wins.question, key, func() <-chan *scope.Wins { return s.ladder.Wins(a, b) }, func(w *scope.Wins) { s.wins.answer = w })
	case onBench:
		history, order, k := s.inputs[fieldHistory].Value(), s.bench.order, s.bench.k
		return put(s, &s.bench.question, fmt.Sprintf("%q %d %g", history, order, k), func() <-chan *scope.Workbench { return s.ladder.Workbench(history, order, k) }, func(w *scope.Workbench) { s.bench.answer = w })
	case onWindow:
		text, cell, marked := s.inputs[fieldText].Value(), session.Cells()[s.demo.cell], s.demo.marked
		return put(s, &s.demo.question, fmt.Sprintf("%q %s %d %d", text, cell, marked, learnt), func() <-chan *scope.WindowDemo { return s.ladder.WindowDemo(text, cell, marked) }, func(w *scope.WindowDemo) {
			if s.demo.answer = w; w == nil {
				s.demo.key = "" // the networks are not made yet
			}
		})
	case onSentences:
		one, two := s.inputs[fieldFirst].Value(), s.inputs[fieldSecond].Value()
		key := fmt.Sprintf("%q %q %d", one, two, learnt)
		if s.snap != nil && s.snap.Phase == scope.Training {
			key += fmt.Sprint(" ", s.second)
		}
		return put(s, &s.pair.question, key, func() <-chan *scope.Verdict { return s.ladder.Compare(one, two) }, func(v *scope.Verdict) { s.pair.answer = v })
	}
	return nil
}

func (s *ladderScreen) click(m click) tea.Cmd {
	s.open()
	s.restyle()
	switch {
	case m.y == 0 && m.wheel == 0 && !m.drag:
		if i := at(s.viewSpans(), m.x); i >= 0 {
			s.turnTo(i)
		}
	case m.wheel != 0:
		return s.move(m.wheel)
	case s.view == onRungs:
		if _, y, ok := m.on(&s.panes[0]); ok {
			if rows := s.shownRungs(); y >= 2 && s.rungs.first+y-2 < len(rows) {
				s.rungs.cursor, s.rungs.chosen = rows[s.rungs.first+y-2], true
			}
		}
	case s.field(false) >= 0 && !m.drag:
		if _, _, ok := s.panes[6].at(m.x, m.y); ok {
			return s.edit(false)
		}
		if _, _, ok := s.panes[7].at(m.x, m.y); ok {
			return s.edit(true)
		}
	}
	return nil
}

// viewSpans are where the names of the views stand.
func (s *ladderScreen) viewSpans() []span {
	var out []span
	x := 1
	for _, name := range s.words().Views {
		w := views.Width(name) + 2
		out = append(out, span{x, x + w})
		x += w + 1
	}
	return out
}

func (s *ladderScreen) draw(c *views.Canvas, area views.Rect) {
	th := s.a.theme
	spans := s.viewSpans()
	for i, name := range s.words().Views {
		st := th.Dim
		if i == s.view {
			st = th.Accent.With(views.Bold | views.Underline)
		}
		c.Text(spans[i].from+1, area.Y, name, st)
	}
	body := rows(area, 1, 0)[1]
	for i := range s.panes {
		s.panes[i].hide()
	}
	if s.now == nil {
		why, st := s.words().NotCounted, th.Dim
		if s.a.live.Text.StandIn() {
			why, st = s.words().NoText, th.Warn
		}
		views.Paragraph(c, views.Box{}.Draw(c, body, th), why, st)
		return
	}
	[]func(*views.Canvas, views.Rect){s.drawRungs, s.drawWins, s.drawBench, s.drawWindow, s.drawSentences}[s.view](c, body)
}
