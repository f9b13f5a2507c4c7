package tui

import (
	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
)

// otherWeights follows the newest weights where they are held, and goes on to
// the next kind elsewhere.
func (s *inspectScreen) otherWeights() tea.Cmd {
	s.weights = (s.weights + 1) % 3
	if s.held {
		s.held, s.weights = false, session.Newest
	}
	s.follows = s.weights == session.Newest
	s.restyle()
	return s.wait(s.inspector.SetWeights(s.weights))
}

// hold keeps the weights as soon as something is done in a view where numbers
// are compared from one key to the next: newer ones would move all of them.
func (s *inspectScreen) hold() tea.Cmd {
	if !s.holds() || s.page == nil || s.follows || s.weights != session.Newest {
		return nil
	}
	s.held, s.weights = true, session.Fixed
	s.restyle()
	return s.wait(s.inspector.SetWeights(s.weights))
}

// holds says that the view is one of those.
func (s *inspectScreen) holds() bool { return s.view == equationAt || s.view == changeAt }

// letGo follows the newest weights again where the view does not hold them.
func (s *inspectScreen) letGo() tea.Cmd {
	if s.holds() {
		return nil
	}
	s.follows = false
	if !s.held {
		return nil
	}
	s.held, s.weights = false, session.Newest
	return s.wait(s.inspector.SetWeights(s.weights))
}
