package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// pause stops training or lets it go on; a run at its limit goes on without it.
func pause(a *App) tea.Cmd { return a.training(a.live.Toggle) }

// step makes one update.
func step(a *App) tea.Cmd { return a.training(a.live.Step) }

// training does something to the training, unless that has diverged: then it says
// what can be done.
func (a *App) training(do func()) tea.Cmd {
	if a.diverged() {
		a.say(a.words.Notes.Diverged)
	} else {
		do()
	}
	return nil
}

// diverged says that training stands until it has gone back or begun anew.
func (a *App) diverged() bool { return a.snap != nil && a.snap.Trouble != nil }

// save keeps the run on disk.
func save(a *App) tea.Cmd {
	if a.snap == nil || a.snap.Update == 0 {
		a.say(a.words.Notes.NothingYet)
		return nil
	}
	a.live.Save()
	a.say(a.words.Notes.Saving)
	return nil
}

// otherTheme changes between the dark and the light theme.
func (a *App) otherTheme() tea.Cmd {
	background := views.DarkBackground
	if a.theme.Dark {
		background = views.LightBackground
	}
	a.ask, a.painted = false, !a.painted
	a.theme = views.NewTheme(background, a.options)
	a.restyle()
	return nil
}

// otherLanguage changes to the next language.
func (a *App) otherLanguage() tea.Cmd {
	langs := words.Langs()
	for i, l := range langs {
		if l == a.lang {
			a.lang = langs[(i+1)%len(langs)]
			break
		}
	}
	a.words = words.For(a.lang)
	a.restyle()
	return nil
}

// thousands writes n as 1,234,567.
func thousands(n int64) string {
	if n < 0 {
		return "-" + thousands(-n)
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// short writes a rate such as 812k or 1.74M.
func short(x float64) string {
	switch {
	case x >= 1e6:
		return fmt.Sprintf("%.2fM", x/1e6)
	case x >= 1e4:
		return fmt.Sprintf("%.0fk", x/1e3)
	case x >= 1e3:
		return fmt.Sprintf("%.1fk", x/1e3)
	}
	return fmt.Sprintf("%.0f", x)
}
