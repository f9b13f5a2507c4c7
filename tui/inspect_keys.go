package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/tui/words"
)

// inspectActions are the keys of the screen.
func inspectActions() []action {
	row := func(hint bool, text func(*words.Inspect) words.Action, do func(s *inspectScreen) tea.Cmd, keys ...string) action {
		return action{
			keys: keys, hint: hint,
			text: func(w *words.Screen) words.Action { return text(&w.Inspect) },
			do: func(a *App) tea.Cmd {
				s := a.screenOf("inspect").(*inspectScreen)
				open := s.open()
				if moves(keys[0]) {
					open = tea.Batch(open, s.hold())
				}
				return tea.Batch(open, do(s))
			},
		}
	}
	// The bottom line has a key in the views where it shows something, by what it
	// does there, and not beside another that does the same.
	named := func(k action, names func(*words.Inspect) []string, views ...int) action {
		k.now = func(a *App) string {
			s := a.screenOf("inspect").(*inspectScreen)
			i := slices.Index(views, s.view)
			if v, ok := s.shown().(*unitView); i < 0 || ok && k.keys[0] == "enter" && (s.page == nil || v.read() == nil) {
				return "" // or there is no text yet to change to
			}
			return names(&a.words.Inspect)[i]
		}
		return k
	}
	in := func(k action, views ...int) action {
		k.now = func(a *App) string {
			if !slices.Contains(views, a.screenOf("inspect").(*inspectScreen).view) {
				return ""
			}
			return k.text(a.words).Short
		}
		return k
	}
	far := func(k action, name func(*App) string) action {
		k.late, k.now = true, name
		return k
	}
	return []action{
		row(true, func(w *words.Inspect) words.Action { return w.View }, func(s *inspectScreen) tea.Cmd { return s.turnTo(s.view + 1) }, "tab"),
		row(false, func(w *words.Inspect) words.Action { return w.ViewBack }, func(s *inspectScreen) tea.Cmd { return s.turnTo(s.view - 1) }, "shift+tab"),
		row(false, func(w *words.Inspect) words.Action { return w.LeftKey }, func(s *inspectScreen) tea.Cmd { return s.move(-1) }, "left", "h"),
		row(true, func(w *words.Inspect) words.Action { return w.Right }, func(s *inspectScreen) tea.Cmd { return s.move(1) }, "right", "l"),
		far(row(true, func(w *words.Inspect) words.Action { return w.FarLeft }, func(s *inspectScreen) tea.Cmd { return s.move(-10) }, "[", "shift+left"), func(*App) string { return "[" }),
		far(row(true, func(w *words.Inspect) words.Action { return w.FarRight }, func(s *inspectScreen) tea.Cmd { return s.move(10) }, "]", "shift+right"), func(a *App) string { return a.words.Inspect.Far }),
		row(false, func(w *words.Inspect) words.Action { return w.First }, func(s *inspectScreen) tea.Cmd { return s.to(0) }, "home"),
		row(false, func(w *words.Inspect) words.Action { return w.Last }, func(s *inspectScreen) tea.Cmd { return s.to(lastToken) }, "end"),
		row(false, func(w *words.Inspect) words.Action { return w.Up }, func(s *inspectScreen) tea.Cmd { return s.vertical(-1, false) }, "up", "k"),
		row(false, func(w *words.Inspect) words.Action { return w.Down }, func(s *inspectScreen) tea.Cmd { return s.vertical(1, false) }, "down", "j"),
		row(false, func(w *words.Inspect) words.Action { return w.PageUp }, func(s *inspectScreen) tea.Cmd { return s.vertical(-1, true) }, "pgup"),
		row(false, func(w *words.Inspect) words.Action { return w.PageDown }, func(s *inspectScreen) tea.Cmd { return s.vertical(1, true) }, "pgdown"),
		named(row(true, func(w *words.Inspect) words.Action { return w.Act }, func(s *inspectScreen) tea.Cmd { s.restyle(); return s.shown().act() }, "space"),
			func(w *words.Inspect) []string { return w.Acts[:] }, mapAt, equationAt, unitAt, findAt, compareAt, changeAt, unrolledAt),
		row(true, func(w *words.Inspect) words.Action { return w.WeightsKey }, (*inspectScreen).otherWeights, "f"),
		named(row(true, func(w *words.Inspect) words.Action { return w.Enter }, func(s *inspectScreen) tea.Cmd { s.restyle(); return s.shown().enter() }, "enter"),
			func(w *words.Inspect) []string { return w.Enters[:] }, mapAt, equationAt, unitAt, findAt, changeAt),
		row(false, func(w *words.Inspect) words.Action { return w.Back }, (*inspectScreen).back, "backspace"),
		row(true, func(w *words.Inspect) words.Action { return w.Edit }, func(s *inspectScreen) tea.Cmd { return s.edit(0) }, "e"),
		row(false, func(w *words.Inspect) words.Action { return w.EditB }, func(s *inspectScreen) tea.Cmd { return s.edit(1) }, "E"),
		row(true, func(w *words.Inspect) words.Action { return w.Presets }, func(s *inspectScreen) tea.Cmd { s.a.overlay = newPresets(s); return nil }, "b"),
		row(false, func(w *words.Inspect) words.Action { return w.Passage }, (*inspectScreen).otherPassage, "n"),
		row(false, func(w *words.Inspect) words.Action { return w.Sentence }, (*inspectScreen).otherSentence, "s"),
		in(row(true, func(w *words.Inspect) words.Action { return w.Quantity }, func(s *inspectScreen) tea.Cmd { return s.otherQuantity(1) }, "v"), unitAt, compareAt),
		row(false, func(w *words.Inspect) words.Action { return w.QuantityBack }, func(s *inspectScreen) tea.Cmd { return s.otherQuantity(-1) }, "V"),
		row(false, func(w *words.Inspect) words.Action { return w.Layerk }, (*inspectScreen).otherLayer, "L"),
		in(row(true, func(w *words.Inspect) words.Action { return w.Orderk }, (*inspectScreen).otherOrder, "o"), mapAt, compareAt),
		row(false, func(w *words.Inspect) words.Action { return w.Featurek }, (*inspectScreen).otherFeature, "O"),
		row(false, func(w *words.Inspect) words.Action { return w.Scalek }, func(s *inspectScreen) tea.Cmd { s.global = !s.global; s.restyle(); return nil }, "g"),
		row(false, func(w *words.Inspect) words.Action { return w.Zoom }, func(s *inspectScreen) tea.Cmd { s.zoom = !s.zoom; s.restyle(); return nil }, "z"),
		row(false, func(w *words.Inspect) words.Action { return w.Search }, (*inspectScreen).findUnits, "F"),
		row(false, func(w *words.Inspect) words.Action { return w.Mark }, (*inspectScreen).mark, "m"),
		row(false, func(w *words.Inspect) words.Action { return w.Matchk }, (*inspectScreen).match, "M"),
		row(false, func(w *words.Inspect) words.Action { return w.Lower }, func(s *inspectScreen) tea.Cmd { return s.raise(-0.05) }, "<", ","),
		row(false, func(w *words.Inspect) words.Action { return w.Higher }, func(s *inspectScreen) tea.Cmd { return s.raise(0.05) }, ">"),
		row(false, func(w *words.Inspect) words.Action { return w.Stop }, (*inspectScreen).stop, "esc"),
		in(row(true, func(w *words.Inspect) words.Action { return w.Ablate }, (*inspectScreen).ablate, "a"), mapAt, unitAt, compareAt),
		row(false, func(w *words.Inspect) words.Action { return w.Clamp }, (*inspectScreen).clamp, "c"),
		row(false, func(w *words.Inspect) words.Action { return w.ScaleUnit }, (*inspectScreen).scale, "x"),
		row(false, func(w *words.Inspect) words.Action { return w.Less }, func(s *inspectScreen) tea.Cmd { return s.adjust(-1) }, "-"),
		row(false, func(w *words.Inspect) words.Action { return w.More }, func(s *inspectScreen) tea.Cmd { return s.adjust(1) }, "+", "="),
		row(false, func(w *words.Inspect) words.Action { return w.FromHere }, (*inspectScreen).fromHere, "t"),
		row(false, func(w *words.Inspect) words.Action { return w.SwapState }, (*inspectScreen).swapState, "y"),
		row(false, func(w *words.Inspect) words.Action { return w.Undo }, (*inspectScreen).undo, "X"),
	}
}

// moves says that a key does something in a view, and does not go to another or
// choose the weights.
func moves(key string) bool { return key != "tab" && key != "shift+tab" && key != "f" }

// back takes back what space did, where the view can.
func (s *inspectScreen) back() tea.Cmd {
	if v, ok := s.shown().(interface{ back() tea.Cmd }); ok {
		s.restyle()
		return v.back()
	}
	return nil
}
