package tui

import (
	"fmt"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"rnnscope/views"
)

func (s *sampleScreen) edit() tea.Cmd {
	s.edits = true
	s.prompt.stale = true
	s.a.say(s.a.words.Notes.Typing)
	return s.input.Focus()
}

func (s *sampleScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if !s.edits {
		return nil, false
	}
	s.prompt.stale = true
	switch k.String() {
	case "esc":
		s.edits = false
		s.input.Blur()
		s.a.say("")
		return nil, true
	case "enter":
		s.edits = false
		s.input.Blur()
		s.a.say("")
		return s.begin(s.seed), true
	case "f1":
		return nil, false
	}
	var c tea.Cmd
	s.input, c = s.input.Update(k)
	return c, true
}

const mostPrompt = 10_000

func (s *sampleScreen) paste(text string) (tea.Cmd, bool) {
	s.open()
	if !s.edits {
		s.edit()
	}
	s.input.SetValue(s.input.Value() + text)
	s.input.CursorEnd()
	s.prompt.stale = true
	return nil, true
}

func (s *sampleScreen) drawPrompt(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	note := ""
	if s.page != nil && s.page.Unknown > 0 {
		note = fmt.Sprintf(w.Unknown, s.page.Unknown)
	}
	in := views.Box{Title: w.Prompt, Note: note, Focused: s.edits}.Draw(c, area, th)
	drawInput(c, in, &s.input, s.edits, w.PromptHint, th)
}

func drawInput(c *views.Canvas, in views.Rect, input *textinput.Model, edits bool, hint string, th *views.Theme) {
	value := []rune(input.Value())
	if len(value) == 0 && !edits {
		c.Text(in.X, in.Y, views.Truncate(hint, in.W), th.Dim)
		return
	}
	at := input.Position()
	from := at // as far to the left as there is room: a pasted prompt may be long
	for room := in.W - 2; from > 0; from-- {
		if room -= views.Width(visibles(value[from-1 : from])); room < 0 {
			break
		}
	}
	x := c.Text(in.X, in.Y, visibles(value[from:at]), th.Text)
	if !edits {
		c.Text(x, in.Y, views.Truncate(visibles(value[at:]), in.X+in.W-x), th.Text)
		return
	}
	under, rest := " ", ""
	if at < len(value) {
		under, rest = visibles(value[at:at+1]), visibles(value[at+1:])
	}
	x = c.Text(x, in.Y, under, th.Cursor)
	c.Text(x, in.Y, views.Truncate(rest, in.X+in.W-x), th.Text)
}

func visibles(value []rune) string {
	out := make([]rune, len(value))
	for i, r := range value {
		switch r {
		case '\n':
			r = '↵'
		case '\t':
			r = '⇥'
		}
		out[i] = r
	}
	return string(out)
}
