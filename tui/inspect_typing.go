package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// mostTyped is how many characters of a typed or pasted sentence are taken.
const mostTyped = 4000

// edit begins to type a sentence.
func (s *inspectScreen) edit(which int) tea.Cmd {
	s.editing = which
	s.head.stale = true
	s.a.say(s.a.words.Notes.Typing)
	return s.inputs[which].begin()
}

func (s *inspectScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.editing < 0 || k.String() == "f1" {
		return nil, false
	}
	s.head.stale = true
	input := &s.inputs[s.editing]
	if k.Text != "" && input.full() {
		s.a.say(fmt.Sprintf(s.words().Full, thousands(mostTyped)))
	}
	c, what := input.press(k)
	if what == stillTyping {
		return c, true
	}
	input.leave()
	s.editing = -1
	s.a.say("")
	if what == textTaken {
		return s.read(true), true
	}
	return nil, true
}

// paste takes a text as the sentence that is typed, or as the first one, at
// once.
func (s *inspectScreen) paste(text string) (tea.Cmd, bool) {
	open := s.open()
	text = oneLine(text)
	input := &s.inputs[max(0, s.editing)]
	input.chosen = input.chosen || s.editing < 0 // then it takes the place of all
	n := len([]rune(text))
	if room := input.paste(text); room < n {
		s.a.say(sayCut(s.words(), n, room))
	}
	s.head.stale = true
	if s.editing >= 0 {
		return open, true
	}
	return tea.Batch(open, s.read(true)), true
}

// set takes two sentences to be read from their beginning, give two to be asked
// about.
func (s *inspectScreen) set(a, b string) tea.Cmd {
	s.fill(a, b)
	return s.read(false)
}

func (s *inspectScreen) give(a, b string) tea.Cmd {
	s.fill(a, b)
	return s.read(true)
}

func (s *inspectScreen) fill(a, b string) {
	s.inputs[0].SetValue(oneLine(a))
	s.inputs[1].SetValue(oneLine(b))
	s.restyle()
}

// otherPassage takes the next piece of the corpus.
func (s *inspectScreen) otherPassage() tea.Cmd {
	s.passage++
	return s.set(s.excerpt(s.passage), "")
}
