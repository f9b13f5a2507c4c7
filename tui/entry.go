package tui

import (
	"slices"

	keymap "charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"rnnscope/views"
)

// entry is a line of text that can be typed. Typing begins with all of it chosen,
// as in the address bar of a browser: what is typed first takes its place, an
// arrow keeps it. Esc brings back what stood there.
type entry struct {
	textinput.Model
	on     bool   // it is typed into
	chosen bool   // what is typed next takes the place of all
	before string // what stood there when typing began
}

// newEntry is an empty line for at most so many characters.
func newEntry(most int) entry {
	e := entry{Model: textinput.New()}
	e.Prompt, e.CharLimit = "", most
	return e
}

// begin lets the line be typed into.
func (e *entry) begin() tea.Cmd {
	e.on, e.before = true, e.Value()
	e.chosen = e.before != ""
	e.CursorEnd()
	return e.Focus()
}

// leave ends the typing.
func (e *entry) leave() {
	e.on, e.chosen = false, false
	e.Blur()
}

// entered is what a key does to a line that is typed into.
type entered uint8

const (
	stillTyping entered = iota // it goes on
	textTaken                  // Enter: the text stands
	textGivenUp                // Esc: the text of before stands
)

// press takes a key. Enter and Esc do not end the typing: what is typed may have
// to be mended.
func (e *entry) press(k tea.KeyPressMsg) (tea.Cmd, entered) {
	switch k.String() {
	case "enter":
		return nil, textTaken
	case "esc":
		e.SetValue(e.before)
		return nil, textGivenUp
	}
	if e.chosen && (k.Text != "" || k.Code == tea.KeyBackspace || k.Code == tea.KeyDelete) {
		e.SetValue("")
	}
	e.chosen = false
	return edit(&e.Model, k), stillTyping
}

// edit is what a key does to a text. Where it deletes a word and only the last
// character of the text is one, textinput panics: it deletes that character.
func edit(m *textinput.Model, k tea.KeyPressMsg) tea.Cmd {
	if keymap.Matches(k, m.KeyMap.DeleteWordForward) && m.Position() == len([]rune(m.Value()))-1 {
		k = tea.KeyPressMsg{Code: tea.KeyDelete}
	}
	var c tea.Cmd
	*m, c = m.Update(k)
	return c
}

// paste puts a text in the place of what is chosen, or at the cursor, and returns
// how many of its characters there is room for.
func (e *entry) paste(text string) int {
	if e.chosen {
		e.SetValue("")
	}
	e.chosen = false
	had, at := []rune(e.Value()), e.Position()
	r := []rune(text)
	r = r[:min(len(r), e.CharLimit-len(had))]
	e.SetValue(string(slices.Concat(had[:at], r, had[at:])))
	e.SetCursor(at + len(r))
	return len(r)
}

// full says that nothing more can be typed.
func (e *entry) full() bool { return !e.chosen && len([]rune(e.Value())) >= e.CharLimit }

// draw shows the line, or a hint in the place of an empty one.
func (e *entry) draw(c *views.Canvas, in views.Rect, hint string, th *views.Theme) {
	value := []rune(e.Value())
	switch {
	case e.chosen:
		c.Text(in.X, in.Y, views.Truncate(string(value), in.W), th.Cursor)
		return
	case len(value) == 0 && !e.on:
		c.Text(in.X, in.Y, views.Truncate(hint, in.W), th.Dim)
		return
	}
	at := e.Position()
	from := at // as far to the left as there is room: a pasted text may be long
	for room := in.W - 2; from > 0; from-- {
		if room -= views.Width(string(value[from-1 : from])); room < 0 {
			break
		}
	}
	x := c.Text(in.X, in.Y, string(value[from:at]), th.Text)
	if !e.on {
		c.Text(x, in.Y, views.Truncate(string(value[at:]), in.X+in.W-x), th.Text)
		return
	}
	under, rest := " ", ""
	if at < len(value) {
		under, rest = string(value[at:at+1]), string(value[at+1:])
	}
	x = c.Text(x, in.Y, under, th.Cursor)
	c.Text(x, in.Y, views.Truncate(rest, in.X+in.W-x), th.Text)
}
