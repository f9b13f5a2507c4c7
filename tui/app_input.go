package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// click is a press of a mouse button or a turn of the wheel, at a cell of the
// body.
type click struct {
	x, y  int
	wheel int // -1 up, +1 down, 0 for a press or a drag
	drag  bool
}

// paste gives pasted text to whoever has a place for it.
func (a *App) paste(text string) tea.Cmd {
	if a.overlay != nil {
		a.stale = true
		return a.overlay.paste(text)
	}
	c, ok := a.shown().paste(text)
	a.stale = a.stale || ok
	return c
}

// press does what a key is for: in an overlay, in a text that is being typed,
// or by the table.
func (a *App) press(k tea.KeyPressMsg) tea.Cmd {
	if k.String() == "ctrl+c" {
		return a.quit()
	}
	if a.overlay != nil {
		a.stale = true
		return a.overlay.press(k)
	}
	if a.small() {
		if k.String() == "q" {
			return a.quit()
		}
		return nil
	}
	if c, ok := a.shown().typing(k); ok {
		a.stale = true
		return c
	}
	if act := a.actionOf(k.String()); act != nil {
		a.stale = true
		if a.note.text != "" && !a.note.bad && time.Since(a.note.since) > noteRead {
			a.say("") // it was about a key before this one
		}
		return act.do(a)
	}
	return nil
}

// noteRead is how long a message stays in any case.
const noteRead = time.Second

// mouse finds what a press or a turn of the wheel is meant for.
func (a *App) mouse(m tea.Mouse, wheel int, drag bool) tea.Cmd {
	a.stale = true
	switch {
	case a.small():
		return nil
	case a.overlay != nil:
		return a.overlay.click(m.X, m.Y, wheel)
	case m.Y == 1 && wheel == 0 && a.chrome.timeAt(m.X) >= 0 && a.snap != nil:
		if i := a.chrome.timeAt(m.X); i < len(a.snap.Past) {
			return a.lookAt(a.snap.Past[i])
		}
		return nil
	case m.Y == 1 && wheel == 0 && !drag:
		return a.open(a.chrome.tabAt(m.X))
	case m.Y >= bodyTop && m.Y < a.height-1:
		return a.shown().click(click{m.X, m.Y - bodyTop, wheel, drag})
	case m.Y == a.height-1 && wheel == 0 && !drag:
		if id := a.chrome.helpAt(m.X); id != nil {
			return id.do(a)
		}
	}
	return nil
}
