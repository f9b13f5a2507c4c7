package tui

import (
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// The timeline stands right of the tabs, where there is room: the updates whose
// weights were kept, on a logarithmic scale, and the one that is looked at. All
// screens that look into the model follow it, and training goes on meanwhile:
//
//	look back ├·•·•─•··•─◆··•┤ 1,000
//
// What it is for stands before it where that leaves room enough.
const (
	leastTimeline = 12 // columns that are worth it
	namedTimeline = 18 // and those that must be left beside its name
	mostTimeline  = 48
)

// looking is the update that is looked back at, -1 for none.
func looking(s *scope.Snapshot) int64 {
	if s == nil || s.Looking == nil {
		return -1
	}
	return *s.Looking
}

// timeKeys are the actions of the timeline.
func timeKeys() []action {
	text := func(f func(w *words.Keys) words.Action) func(*words.Screen) words.Action {
		return func(w *words.Screen) words.Action { return f(&w.Keys) }
	}
	return []action{
		{keys: []string{"{"}, text: text(func(w *words.Keys) words.Action { return w.Earlier }), do: func(a *App) tea.Cmd { return a.scrub(-1) }},
		{keys: []string{"}"}, text: text(func(w *words.Keys) words.Action { return w.Later }), do: func(a *App) tea.Cmd { return a.scrub(1) }},
		{keys: []string{"|"}, text: text(func(w *words.Keys) words.Action { return w.ToNow }), do: func(a *App) tea.Cmd { return a.lookAt(-1) }},
		{keys: []string{"ctrl+f"}, acts: true, text: text(func(w *words.Keys) words.Action { return w.Fork }), do: fork},
	}
}

// scrub looks at the next snapshot in a direction; beyond the last are the
// newest weights.
func (a *App) scrub(by int) tea.Cmd {
	s := a.snap
	if s == nil || len(s.Past) == 0 {
		a.say(a.words.Notes.NoPast)
		return nil
	}
	i := len(s.Past)
	if a.time >= 0 {
		if i = slices.Index(s.Past, a.time); i < 0 { // it is gone
			i, _ = slices.BinarySearch(s.Past, a.time)
		}
	}
	switch i += by; {
	case i < 0:
	case i >= len(s.Past):
		a.lookAt(-1)
	default:
		a.lookAt(s.Past[i])
	}
	return nil
}

// lookAt asks for the weights of an update, or with -1 for the newest.
func (a *App) lookAt(update int64) tea.Cmd {
	a.time = update
	a.live.LookBack(update)
	return nil
}

// fork begins a run of its own from what is looked at.
func fork(a *App) tea.Cmd {
	if looking(a.snap) < 0 {
		a.say(a.words.Notes.ForkWhere)
		return nil
	}
	a.live.Fork()
	return nil
}

// timeline draws the timeline into so many columns; "" where there is nothing to
// draw or no room. columns say where the snapshots stand in it.
func (a *App) timeline(room int) (line string, columns []int) {
	s := a.snap
	if s == nil || len(s.Past) < 2 {
		return "", nil
	}
	at := looking(s)
	label := " " + thousands(max(at, s.Past[len(s.Past)-1]))
	if at >= 0 {
		label = " " + thousands(at)
	}
	name := a.words.Top.LookBack + " "
	room -= views.Width(label) + 3
	if room-views.Width(name) < namedTimeline {
		name = ""
	}
	w := min(mostTimeline, room-views.Width(name))
	if w < leastTimeline {
		return "", nil
	}
	th := a.theme
	c := views.NewCanvas(w+2, 1)
	c.Set(0, 0, '├', th.Dim)
	c.Fill(views.Rect{X: 1, Y: 0, W: w, H: 1}, '─', th.Dim)
	c.Set(w+1, 0, '┤', th.Dim)
	last := math.Log1p(float64(max(s.Update, s.Past[len(s.Past)-1], 1)))
	for _, u := range s.Past {
		x := 1 + int(math.Round(math.Log1p(float64(u))/last*float64(w-1)))
		columns = append(columns, views.Width(name)+x)
		if u == at {
			continue
		}
		c.Set(x, 0, '•', th.Text)
	}
	if i := slices.Index(s.Past, at); i >= 0 {
		c.Set(columns[i]-views.Width(name), 0, '◆', th.Warn)
	}
	st := th.Dim
	if at >= 0 {
		st = th.Warn
	}
	return style(th.Dim).Render(name) + c.Render(a.options) + style(st).Render(label) + " ", columns
}
