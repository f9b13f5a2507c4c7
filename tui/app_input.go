package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// click is a press of a mouse button, a drag or a turn of the wheel, at a cell of
// the body.
type click struct {
	x, y         int
	wheel        int // -1 up, +1 down, 0 for a press or a drag
	drag         bool
	fromX, fromY int // the cell where a drag began
}

// on says whether it is a pane's, and at which of its cells: a drag is only of the
// pane that it began in.
func (m click) on(p *pane) (x, y int, ok bool) {
	x, y, ok = p.at(m.x, m.y)
	if m.drag {
		_, _, began := p.at(m.fromX, m.fromY)
		ok = ok && began
	}
	return x, y, ok
}

// onRow is on for a pane of sliders: a drag moves the one that it began on, even
// where the mouse has left its row.
func (m click) onRow(p *pane) (x, y int, ok bool) {
	if !m.drag {
		return m.on(p)
	}
	x, _, _ = p.at(m.x, m.y)
	_, y, ok = p.at(m.fromX, m.fromY)
	return x, y, ok
}

// hold is where a mouse button went down, until it comes up again.
type hold struct {
	on   bool
	time bool // on the timeline
	x, y int  // the cell of the window
}

// paste gives pasted text to whoever has a place for it.
func (a *App) paste(text string) tea.Cmd {
	if a.small() {
		return nil
	}
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
	if a.small() { // nothing else is seen, an overlay neither
		if k.String() == "q" {
			return a.quit()
		}
		return nil
	}
	if a.overlay != nil {
		a.stale = true
		return a.overlay.press(k)
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
func (a *App) mouse(m tea.Mouse, wheel int) tea.Cmd {
	a.stale = true
	if wheel == 0 {
		a.hold = hold{}
	}
	switch {
	case a.small():
		return nil
	case a.overlay != nil:
		return a.overlay.click(m.X, m.Y, wheel)
	case wheel == 0:
		a.hold = hold{on: true, time: m.Y == 1 && a.chrome.timeAt(m.X) >= 0, x: m.X, y: m.Y}
	}
	switch {
	case a.hold.time && wheel == 0:
		return a.lookNear(m.X)
	case m.Y == 1 && wheel == 0:
		return a.open(a.chrome.tabAt(m.X))
	case a.inBody(m.Y):
		return a.shown().click(click{x: m.X, y: m.Y - bodyTop, wheel: wheel})
	case m.Y == a.height-1 && wheel == 0:
		if id := a.chrome.helpAt(m.X); id != nil {
			return id.do(a)
		}
	}
	return nil
}

// drag moves what the mouse button went down on; nothing else is meant by it.
func (a *App) drag(m tea.Mouse) tea.Cmd {
	switch h := a.hold; {
	case !h.on || a.small() || a.overlay != nil:
	case h.time:
		a.stale = true
		return a.lookNear(m.X)
	case a.inBody(h.y):
		a.stale = true
		return a.shown().click(click{x: m.X, y: m.Y - bodyTop, drag: true, fromX: h.x, fromY: h.y - bodyTop})
	}
	return nil
}

// inBody says whether a row of the window is the body's.
func (a *App) inBody(y int) bool { return y >= bodyTop && y < a.height-1 }

// lookNear looks at the snapshot that stands nearest to a column of the timeline.
func (a *App) lookNear(x int) tea.Cmd {
	if i := a.chrome.timeAt(x); i >= 0 && a.snap != nil && i < len(a.snap.Past) && a.snap.Past[i] != a.time {
		return a.lookAt(a.snap.Past[i])
	}
	return nil
}
