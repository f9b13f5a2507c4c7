package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/views"
)

// mostPrompt is how many characters a prompt may have.
const mostPrompt = 10_000

// edit begins to type the prompt.
func (s *sampleScreen) edit() tea.Cmd {
	s.prompt.stale = true
	s.a.say(s.a.words.Notes.Typing)
	return s.input.begin()
}

func (s *sampleScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if !s.input.on || k.String() == "f1" {
		return nil, false
	}
	s.prompt.stale = true
	c, what := s.input.press(k)
	if what == stillTyping {
		return c, true
	}
	s.input.leave()
	s.a.say("")
	if what == textTaken {
		return s.begin(s.seed), true
	}
	return nil, true
}

func (s *sampleScreen) paste(text string) (tea.Cmd, bool) {
	s.open()
	if !s.input.on {
		s.edit()
	}
	s.input.paste(lineEnds.Replace(text))
	s.prompt.stale = true
	return nil, true
}

// lineEnds stand in a line of text as signs.
var lineEnds = strings.NewReplacer("\r\n", "↵", "\n", "↵")

// beginning is the prompt with its line ends.
func (s *sampleScreen) beginning() string { return strings.ReplaceAll(s.input.Value(), "↵", "\n") }

func (s *sampleScreen) drawPrompt(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	note := ""
	if s.page != nil && s.page.Unknown > 0 {
		note = fmt.Sprintf(w.Unknown, s.page.Unknown)
	}
	in := views.Box{Title: w.Prompt, Note: note, Focused: s.input.on}.Draw(c, area, th)
	s.input.draw(c, in, w.PromptHint, th)
}
