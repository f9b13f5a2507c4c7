package tui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/tui/words"
)

// action is something a key does: a row of the one table that dispatch, help,
// the palette of commands and the README's list are made of.
type action struct {
	keys []string // as Bubble Tea names them, the first is shown
	text func(*words.Screen) words.Action
	tab  string              // the screen it belongs to, "" for all
	hint bool                // shown in the bottom line
	now  func(a *App) string // what it is called there when that depends on more, "" for not at all
	late bool                // there only where all others have room
	acts bool                // on the training: not there for a run that another program trains
	do   func(a *App) tea.Cmd
}

// short is what the action is called in the bottom line.
func (k *action) short(a *App) string {
	if k.now != nil {
		return k.now(a)
	}
	return k.text(a.words).Short
}

// acting marks an action that changes the training.
func acting(k action) action {
	k.acts = true
	return k
}

// plusMinus says that what follows is a bound to both sides. It is written out here
// where only ASCII can be drawn, so that texts are as wide as they are counted.
func (a *App) plusMinus() string {
	if a.options.ASCII {
		return "+-"
	}
	return "±"
}

// keyName writes a key for people: with a sign where there may be one.
func (a *App) keyName(k string) string {
	if name, ok := keyNames[k]; ok && !a.options.ASCII {
		return name
	}
	return k
}

var keyNames = map[string]string{
	"left": "←", "right": "→", "up": "↑", "down": "↓", "shift+left": "⇧←", "shift+right": "⇧→",
	"enter": "⏎", "backspace": "⌫", "tab": "⇥", "shift+tab": "⇧⇥", "pgup": "PgUp", "pgdown": "PgDn", "home": "Home", "end": "End", "esc": "Esc",
}

// actions is the table. Keys of a screen come before those of all screens.
func actions() []action {
	var all []action
	for _, t := range tabs() {
		for _, k := range t.actions() {
			k.tab = t.name
			all = append(all, k)
		}
	}
	return append(all, common()...)
}

// common are the keys of all screens.
func common() []action {
	table := []action{
		{keys: []string{"?", "f1"}, hint: true, text: func(w *words.Screen) words.Action { return w.Keys.Help }, do: func(a *App) tea.Cmd { a.overlay = newHelp(a); return nil }},
		{keys: []string{":", "ctrl+p"}, hint: true, text: func(w *words.Screen) words.Action { return w.Keys.Palette }, do: func(a *App) tea.Cmd { a.overlay = newPalette(a); return nil }},
		{keys: []string{"p"}, acts: true, text: func(w *words.Screen) words.Action { return w.Keys.Pause }, do: pause},
		{keys: []string{"."}, acts: true, text: func(w *words.Screen) words.Action { return w.Keys.Step }, do: step},
		{keys: []string{"w"}, text: func(w *words.Screen) words.Action { return w.Keys.Picture }, do: writeFigure},
		{keys: []string{"W"}, text: func(w *words.Screen) words.Action { return w.Keys.Whole }, do: writeScreen},
		{keys: []string{"ctrl+s"}, acts: true, text: func(w *words.Screen) words.Action { return w.Keys.Save }, do: save},
		{keys: []string{"ctrl+t"}, text: func(w *words.Screen) words.Action { return w.Keys.Theme }, do: (*App).otherTheme},
		{keys: []string{"ctrl+l"}, text: func(w *words.Screen) words.Action { return w.Keys.Language }, do: (*App).otherLanguage},
		{keys: []string{"ctrl+z"}, text: func(w *words.Screen) words.Action { return w.Keys.Suspend }, do: func(*App) tea.Cmd { return tea.Suspend }},
		{keys: []string{"q"}, hint: true, text: func(w *words.Screen) words.Action { return w.Keys.Quit }, do: (*App).quit},
	}
	table = append(table, timeKeys()...)
	for i, t := range tabs() {
		table = append(table, action{
			keys: []string{t.key},
			text: func(w *words.Screen) words.Action {
				name := t.text(w).Name
				return words.Action{Short: name, Long: fmt.Sprintf(w.Keys.Open, name)}
			},
			do: func(a *App) tea.Cmd { return a.open(i) },
		})
	}
	return table
}

// actionOf finds what a key does on the screen in view.
func (a *App) actionOf(key string) *action {
	for i := range a.keys {
		if k := &a.keys[i]; (k.tab == "" || k.tab == a.shown().tab().name) && slices.Contains(k.keys, key) {
			return k
		}
	}
	return nil
}

// here lists the actions of the screen in view, then those of all screens.
func (a *App) here() []*action {
	var out []*action
	for i := range a.keys {
		if k := &a.keys[i]; k.tab == "" || k.tab == a.shown().tab().name {
			out = append(out, k)
		}
	}
	return out
}

// tab is a screen in the table of screens.
type tab struct {
	name    string // as the code calls it
	key     string
	frame   time.Duration // between two frames while the screen is in view
	text    func(*words.Screen) words.Tab
	make    func(a *App) screen
	actions func() []action
}

// tabs is the table of screens: a new one is a file and a line here.
func tabs() []tab {
	return []tab{trainTab(), inspectTab(), gradientsTab(), sampleTab(), ladderTab(), lagLabTab(), corpusTab()}
}
