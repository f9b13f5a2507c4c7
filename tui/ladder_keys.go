package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
)

func ladderActions() []action {
	row := func(hint bool, text func(*words.Ladder) words.Action, do func(s *ladderScreen) tea.Cmd, keys ...string) action {
		return action{
			keys: keys, hint: hint,
			text: func(w *words.Screen) words.Action { return text(&w.Ladder) },
			do: func(a *App) tea.Cmd {
				s := a.screenOf("ladder").(*ladderScreen)
				s.open()
				s.restyle()
				return do(s)
			},
		}
	}
	type W = words.Ladder
	// The bottom line has a key in the views where it shows something.
	in := func(k action, views ...int) action {
		k.now = func(a *App) string {
			if !slices.Contains(views, a.screenOf("ladder").(*ladderScreen).view) {
				return ""
			}
			return k.text(a.words).Short
		}
		return k
	}
	// Where a key has nothing to act on it says which views it is for.
	only := func(k action, views ...int) action {
		do, name := k.do, k.keys[0]
		k.do = func(a *App) tea.Cmd {
			if s := a.screenOf("ladder").(*ladderScreen); !slices.Contains(views, s.view) {
				a.say(fmt.Sprintf(s.words().Elsewhere, a.keyName(name), s.viewNames(views)))
				return nil
			}
			return do(a)
		}
		return in(k, views...)
	}
	part := only(row(true, func(w *W) words.Action { return w.Part }, func(s *ladderScreen) tea.Cmd { return s.otherPart() }, "t"), onBench)
	named := part.now
	part.now = func(a *App) string {
		if a.screenOf("ladder").(*ladderScreen).wholeBench() {
			return ""
		}
		return named(a)
	}
	// One name is enough for both brackets: it stands at the second.
	bracket := func(k action, name func(*words.Ladder) string) action {
		k = only(k, onWins)
		shown := k.now
		k.now = func(a *App) string {
			if shown(a) == "" {
				return ""
			}
			return name(&a.words.Ladder)
		}
		return k
	}
	return []action{
		in(row(true, func(w *W) words.Action { return w.Go }, func(s *ladderScreen) tea.Cmd { return s.race() }, "space"), onRungs, onWins, onWindow, onSentences),
		row(true, func(w *W) words.Action { return w.NextView }, func(s *ladderScreen) tea.Cmd { return s.turn(1) }, "v", "tab"),
		row(false, func(w *W) words.Action { return w.LastView }, func(s *ladderScreen) tea.Cmd { return s.turn(-1) }, "V", "shift+tab"),
		row(false, func(w *W) words.Action { return w.Up }, func(s *ladderScreen) tea.Cmd { return s.move(-1) }, "up", "k"),
		row(false, func(w *W) words.Action { return w.Down }, func(s *ladderScreen) tea.Cmd { return s.move(1) }, "down", "j"),
		only(row(true, func(w *W) words.Action { return w.Left }, func(s *ladderScreen) tea.Cmd { return s.shift(-1) }, "left", "h"), onWins, onBench, onWindow, onSentences),
		only(row(true, func(w *W) words.Action { return w.Right }, func(s *ladderScreen) tea.Cmd { return s.shift(1) }, "right", "l"), onWins, onBench, onWindow, onSentences),
		in(row(true, func(w *W) words.Action { return w.Edit }, func(s *ladderScreen) tea.Cmd { return s.edit(false) }, "e"), onBench, onWindow, onSentences),
		in(row(true, func(w *W) words.Action { return w.Edit2 }, func(s *ladderScreen) tea.Cmd { return s.edit(true) }, "E"), onSentences),
		only(row(true, func(w *W) words.Action { return w.Rows }, func(s *ladderScreen) tea.Cmd { s.rungs.all = !s.rungs.all; return nil }, "a"), onRungs),
		in(only(row(true, func(w *W) words.Action { return w.Mark }, func(s *ladderScreen) tea.Cmd { return s.mark() }, "m"), onRungs, onWins), onRungs),
		only(row(true, func(w *W) words.Action { return w.Enter }, func(s *ladderScreen) tea.Cmd { return s.compare() }, "enter"), onRungs),
		bracket(row(true, func(w *W) words.Action { return w.ALess }, func(s *ladderScreen) tea.Cmd { return s.otherA(-1) }, "["), func(*W) string { return "[" }),
		bracket(row(true, func(w *W) words.Action { return w.AMore }, func(s *ladderScreen) tea.Cmd { return s.otherA(1) }, "]"), func(w *W) string { return w.OtherA }),
		part,
		only(row(false, func(w *W) words.Action { return w.KLess }, func(s *ladderScreen) tea.Cmd { return s.smooth(-1) }, "-"), onBench),
		only(row(true, func(w *W) words.Action { return w.KMore }, func(s *ladderScreen) tea.Cmd { return s.smooth(1) }, "+", "="), onBench),
		only(row(true, func(w *W) words.Action { return w.Cell }, func(s *ladderScreen) tea.Cmd {
			s.demo.cell = (s.demo.cell + 1) % len(session.Cells())
			return nil
		}, "c"), onWindow),
		row(false, func(w *W) words.Action { return w.PageUp }, func(s *ladderScreen) tea.Cmd { return s.move(-10) }, "pgup"),
		row(false, func(w *W) words.Action { return w.PageDown }, func(s *ladderScreen) tea.Cmd { return s.move(10) }, "pgdown"),
	}
}

// viewNames are the names of views.
func (s *ladderScreen) viewNames(views []int) string {
	var names []string
	for _, v := range views {
		names = append(names, s.words().Views[v])
	}
	return strings.Join(names, " · ")
}

// race lets the networks train, or stops them.
func (s *ladderScreen) race() tea.Cmd {
	s.racing = !s.racing
	s.ladder.Race(s.racing)
	return nil
}

func (s *ladderScreen) turn(by int) tea.Cmd {
	s.turnTo((s.view + by + ladderViews) % ladderViews)
	return nil
}

// turnTo shows a view. What is typed in another is taken as it stands: nobody sees
// that field any more.
func (s *ladderScreen) turnTo(view int) {
	if s.view != view && s.edits >= 0 {
		s.rest()
	}
	s.view = view
	s.a.chrome.stale = true // other keys matter
}

// move goes up and down in what is listed.
func (s *ladderScreen) move(by int) tea.Cmd {
	switch s.view {
	case onRungs:
		rows := s.shownRungs()
		if len(rows) == 0 {
			return nil
		}
		at := slices.Index(rows, s.rungs.cursor)
		s.rungs.cursor = rows[max(0, min(len(rows)-1, at+by))]
		s.rungs.chosen = true
	case onWins:
		s.wins.first = max(0, s.wins.first+by)
	case onBench:
		if w := s.bench.answer; w != nil {
			s.bench.row = max(0, min(len(w.Rows)-1, s.bench.row+by))
		}
	case onWindow:
		return s.shift(by)
	case onSentences:
		s.pair.first = max(0, s.pair.first+by)
	}
	return nil
}

// shift goes left and right, which in each view is something else.
func (s *ladderScreen) shift(by int) tea.Cmd {
	switch s.view {
	case onWins:
		s.wins.other = s.beside(s.wins.other, by, s.rungs.marked)
		s.rungs.chosen = true
	case onBench:
		top, _ := s.ladder.Orders()
		s.bench.order = max(1, min(top, s.bench.order+by))
	case onWindow:
		if w := s.demo.answer; w != nil {
			s.demo.marked = max(0, min(len(w.Tokens)-1, w.Marked+by))
		}
	case onSentences:
		if v := s.pair.answer; v != nil {
			s.pair.model = max(0, min(len(v.Models)-1, s.pair.model+by))
		}
	}
	return nil
}

// beside is the rung above or below another among those that can be compared with
// a third.
func (s *ladderScreen) beside(rung, by, third int) int {
	var rows []int
	for _, i := range s.shownRungs() {
		if i != third && s.now.Rungs[i].Kind != scope.Published {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return rung
	}
	at := slices.Index(rows, rung)
	return rows[max(0, min(len(rows)-1, at+by))]
}

func (s *ladderScreen) otherA(by int) tea.Cmd {
	if s.now != nil {
		s.rungs.marked = s.beside(s.rungs.marked, by, s.wins.other)
		s.rungs.chosen = true
	}
	return nil
}

// mark makes the rung under the cursor A, or where no cursor is seen B. What was B
// takes the place of A: a rung says nothing against itself.
func (s *ladderScreen) mark() tea.Cmd {
	if s.now == nil {
		return nil
	}
	rung := s.rungs.cursor
	if s.view == onWins {
		rung = s.wins.other
	}
	if s.now.Rungs[rung].Kind == scope.Published {
		return nil
	}
	if rung == s.wins.other {
		s.wins.other = s.rungs.marked
	}
	s.rungs.marked, s.rungs.chosen = rung, true
	return nil
}

// compare opens the view of wins for A and the rung under the cursor.
func (s *ladderScreen) compare() tea.Cmd {
	if s.now == nil {
		return nil
	}
	if s.view == onRungs && s.rungs.cursor != s.rungs.marked && s.now.Rungs[s.rungs.cursor].Kind != scope.Published {
		s.wins.other, s.rungs.chosen = s.rungs.cursor, true
	}
	s.turnTo(onWins)
	return nil
}

// What add-k may add.
var addKs = []float64{0.0001, 0.001, 0.01, 0.1, 0.5, 1, 10}

func (s *ladderScreen) smooth(by int) tea.Cmd {
	s.bench.k = beside(addKs, s.bench.k, by)
	return nil
}
