package tui

import (
	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
)

// at is the token under the cursor.
func (s *inspectScreen) at() scope.Point {
	return scope.Point{Sentence: s.sentence, Token: s.token[s.sentence]}
}

// reading is the sentence that the cursor is in.
func (s *inspectScreen) reading() *scope.Sentence { return &s.page.Sentences[s.sentence] }

// ready says that there is a token to look at.
func (s *inspectScreen) ready() bool {
	return s.page != nil && s.page.Failure == nil && s.reading().Len() > s.token[s.sentence]
}

// step is what the model did at the cursor.
func (s *inspectScreen) step() *scope.Step { return &s.reading().Trace.Steps[s.token[s.sentence]] }

// move moves the token cursor.
func (s *inspectScreen) move(by int) tea.Cmd {
	if s.page == nil {
		return nil
	}
	return s.to(s.token[s.sentence] + by)
}

// besides puts the cursor of the second sentence where that of the first is,
// until it is moved by itself.
func (s *inspectScreen) besides() {
	if s.page != nil && !s.apart {
		s.token[1] = max(0, min(s.token[0], s.page.Sentences[1].Len()-1))
	}
}

func (s *inspectScreen) to(token int) tea.Cmd {
	if s.page == nil {
		return nil
	}
	s.toLast = false
	token = max(0, min(token, s.reading().Len()-1))
	if token == s.token[s.sentence] {
		return nil
	}
	s.token[s.sentence] = token
	if s.sentence == 1 {
		s.apart = true
	} else {
		s.besides()
	}
	s.restyle()
	return s.wait(s.inspector.Point(s.at()))
}

// open another view.
func (s *inspectScreen) turnTo(view int) tea.Cmd {
	n := len(s.views)
	s.view = ((view % n) + n) % n
	s.a.chrome.stale = true // other keys matter
	s.restyle()
	return tea.Batch(s.letGo(), s.wait(s.inspector.Look(s.shown().subject())))
}

// vertical moves what the view has, or the unit cursor.
func (s *inspectScreen) vertical(by int, page bool) tea.Cmd {
	if s.page == nil {
		return nil
	}
	s.restyle()
	return s.shown().vertical(by, page)
}

// moveUnit moves the unit cursor along the order of units.
func (s *inspectScreen) moveUnit(by int, page bool) tea.Cmd {
	order := s.ordered()
	if len(order) == 0 {
		return nil
	}
	if page {
		by *= max(1, min(16, len(order)/8))
	}
	at := s.position(order)
	s.unit = order[max(0, min(len(order)-1, at+by))]
	return nil
}

// position is where the unit cursor is in an order.
func (s *inspectScreen) position(order []int) int {
	for i, u := range order {
		if u == s.unit {
			return i
		}
	}
	return 0
}

func (s *inspectScreen) otherSentence() tea.Cmd {
	if s.page == nil || s.page.Sentences[1].Len() == 0 {
		s.a.say(s.words().NoSecond)
		return nil
	}
	s.sentence = 1 - s.sentence
	s.restyle()
	return tea.Batch(s.wait(s.inspector.Point(s.at())), s.arrange())
}
