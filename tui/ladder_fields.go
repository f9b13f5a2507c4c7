package tui

import (
	tea "charm.land/bubbletea/v2"

	"rnnscope/views"
)

// field is what is typed in the present view.
func (s *ladderScreen) field(second bool) int {
	switch {
	case s.view == onBench:
		return fieldHistory
	case s.view == onWindow:
		return fieldText
	case s.view == onSentences && second:
		return fieldSecond
	case s.view == onSentences:
		return fieldFirst
	}
	return -1
}

// edit begins to type; from a view without a field it opens the workbench.
func (s *ladderScreen) edit(second bool) tea.Cmd {
	if s.field(second) < 0 {
		if s.view = onBench; second {
			s.view = onSentences
		}
	}
	s.edits = s.field(second)
	s.a.say(s.a.words.Notes.Typing)
	return s.inputs[s.edits].Focus()
}

func (s *ladderScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.edits < 0 {
		return nil, false
	}
	s.restyle()
	switch k.String() {
	case "esc", "enter":
		s.inputs[s.edits].Blur()
		s.edits = -1
		s.a.say("")
		return nil, true
	case "tab":
		if s.edits == fieldFirst || s.edits == fieldSecond { // a click may have left their view
			s.inputs[s.edits].Blur()
			s.edits = fieldFirst + fieldSecond - s.edits
			return s.inputs[s.edits].Focus(), true
		}
		return nil, true
	case "f1":
		return nil, false
	}
	var c tea.Cmd
	s.inputs[s.edits], c = s.inputs[s.edits].Update(k)
	return c, true
}

func (s *ladderScreen) paste(text string) (tea.Cmd, bool) {
	s.open()
	if s.edits < 0 {
		s.edit(false)
	}
	in := &s.inputs[s.edits]
	in.SetValue(in.Value() + text)
	in.CursorEnd()
	s.restyle()
	return nil, true
}

// mostAsked is how long a typed or pasted text may be, characters: every one of
// them is read by seven models, at once.
const mostAsked = 400

// drawField shows a field that can be typed into.
func (s *ladderScreen) drawField(c *views.Canvas, area views.Rect, field int, title, note, hint string) {
	in := views.Box{Title: title, Note: note, Focused: s.edits == field}.Draw(c, area, s.a.theme)
	drawInput(c, in, &s.inputs[field], s.edits == field, hint, s.a.theme)
}
