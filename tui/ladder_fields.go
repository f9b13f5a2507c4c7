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

// edit begins to type; from a view without a field it opens one that has it,
// and says so.
func (s *ladderScreen) edit(second bool) tea.Cmd {
	if s.field(second) >= 0 {
		return s.typeInto(s.field(second))
	}
	view := onBench
	if second {
		view = onSentences
	}
	s.turnTo(view)
	begin := s.typeInto(s.field(second))
	s.a.say(s.words().Views[view] + s.a.words.Colon + s.a.words.Notes.Typing)
	return begin
}

func (s *ladderScreen) typeInto(field int) tea.Cmd {
	if s.edits >= 0 && s.edits != field {
		s.rest()
	}
	s.edits = field
	s.restyle()
	s.a.say(s.a.words.Notes.Typing)
	return s.inputs[field].begin()
}

func (s *ladderScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.edits < 0 || k.String() == "f1" {
		return nil, false
	}
	s.restyle()
	in := &s.inputs[s.edits]
	if k.String() == "tab" {
		if s.edits == fieldFirst || s.edits == fieldSecond { // a click may have left their view
			return s.typeInto(fieldFirst + fieldSecond - s.edits), true
		}
		return nil, true
	}
	c, what := in.press(k)
	if what != stillTyping {
		s.rest()
	}
	return c, true
}

// rest ends the typing.
func (s *ladderScreen) rest() {
	s.inputs[s.edits].leave()
	s.edits = -1
	s.a.say("")
}

func (s *ladderScreen) paste(text string) (tea.Cmd, bool) {
	s.open()
	if s.edits < 0 {
		s.edit(false)
	}
	s.inputs[s.edits].paste(text)
	s.restyle()
	return nil, true
}

// mostAsked is how long a typed or pasted text may be, characters: every one of
// them is read by seven models, at once.
const mostAsked = 400

// drawField shows a field that can be typed into.
func (s *ladderScreen) drawField(c *views.Canvas, area views.Rect, field int, title, note, hint string) {
	in := views.Box{Title: title, Note: note, Focused: s.edits == field}.Draw(c, area, s.a.theme)
	s.inputs[field].draw(c, in, hint, s.a.theme)
}
