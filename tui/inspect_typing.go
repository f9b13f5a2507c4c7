package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// mostTyped is how many characters of a typed or pasted sentence are taken.
const mostTyped = 4000

// edit begins to type a sentence.
func (s *inspectScreen) edit(which int) tea.Cmd {
	s.editing, s.chosen = which, s.inputs[which].Value() != ""
	s.head.stale = true
	s.a.say(s.a.words.Notes.Typing)
	s.inputs[which].CursorEnd()
	return s.inputs[which].Focus()
}

func (s *inspectScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.editing < 0 {
		return nil, false
	}
	s.head.stale = true
	input := &s.inputs[s.editing]
	switch k.String() {
	case "esc":
		input.SetValue(s.typed(s.editing))
		s.endTyping()
		return nil, true
	case "enter":
		s.endTyping()
		return s.read(), true
	case "f1":
		return nil, false
	}
	switch {
	case s.chosen && (k.Text != "" || k.Code == tea.KeyBackspace || k.Code == tea.KeyDelete):
		input.SetValue("")
	case k.Text != "" && len([]rune(input.Value())) >= mostTyped:
		s.a.say(fmt.Sprintf(s.words().Full, thousands(mostTyped)))
	}
	s.chosen = false
	var c tea.Cmd
	*input, c = input.Update(k)
	return c, true
}

// typed is a sentence as it was read last.
func (s *inspectScreen) typed(n int) string {
	if s.page == nil {
		return ""
	}
	return s.page.Sentences[n].Text
}

func (s *inspectScreen) endTyping() {
	s.inputs[s.editing].Blur()
	s.editing, s.chosen = -1, false
	s.a.say("")
}

// paste takes a text as the sentence that is typed, or as the first one, at
// once.
func (s *inspectScreen) paste(text string) (tea.Cmd, bool) {
	open := s.open()
	r := []rune(oneLine(text))
	which, had := max(0, s.editing), ""
	if s.editing >= 0 && !s.chosen {
		had = s.inputs[which].Value()
	}
	if room := mostTyped - len([]rune(had)); len(r) > room {
		s.a.say(sayCut(s.words(), len(r), room))
		r = r[:room]
	}
	s.chosen = false
	s.inputs[which].SetValue(had + string(r))
	s.inputs[which].CursorEnd()
	s.head.stale = true
	if s.editing >= 0 {
		return open, true
	}
	return tea.Batch(open, s.read()), true
}

// set takes two sentences.
func (s *inspectScreen) set(a, b string) tea.Cmd {
	s.inputs[0].SetValue(oneLine(a))
	s.inputs[1].SetValue(oneLine(b))
	s.restyle()
	return s.read()
}

// otherPassage takes the next piece of the corpus.
func (s *inspectScreen) otherPassage() tea.Cmd {
	s.passage++
	return s.set(s.a.live.Text.Passage(s.passage, passageTokens), "")
}
