package tui

import (
	"slices"
	"strings"

	"rnnscope/core/session"
	"rnnscope/views"
)

// The text of screen 7 may have millions of tokens, so that only lines near those
// in view are broken. Where lines begin depends on where one begins to break them:
// downwards that is the line at the top, upwards a newline, and lines that were
// scrolled over come back as they were.

// page is how many rows a page key moves.
func (s *corpusScreen) page() int {
	if s.list {
		return max(1, s.vocabulary.area.H-3)
	}
	return max(1, s.text.area.H-3)
}

func (s *corpusScreen) jump(to int) {
	s.restyle()
	n := s.a.live.Text.Splits[s.split].Tokens
	switch {
	case s.list:
		s.first = max(0, min(to, len(s.counts)-s.page()))
	case to < n:
		s.from, s.passed = max(0, to), nil
	default:
		s.from, s.passed = n, nil
		s.up(s.page())
	}
}

// columns is the width of the text.
func (s *corpusScreen) columns() int { return max(1, s.text.area.W-2) }

// scroll moves the vocabulary by rows, or the text by lines as they are broken.
func (s *corpusScreen) scroll(by int) {
	s.restyle()
	if s.list {
		s.first = max(0, min(s.first+by, len(s.counts)-s.page()))
		return
	}
	if s.passedAt != s.columns() {
		s.passed, s.passedAt = nil, s.columns()
	}
	if by > 0 {
		s.down(by)
	} else {
		s.up(-by)
	}
}

// down moves the text by lines. A line has no more tokens than columns. The top is
// always the beginning of a token, be it one of many lines.
func (s *corpusScreen) down(by int) {
	n := s.a.live.Text.Splits[s.split].Tokens
	starts := s.breaks(s.from, min(n, s.from+(by+1)*s.columns()))
	for i, to := range starts {
		if to > s.from && (i >= by || i == len(starts)-1) {
			first, _ := slices.BinarySearch(starts, to)
			s.from, s.passed = to, append(s.passed, starts[:first]...)
			return
		}
	}
}

// up goes back over the lines that were passed on the way down, as they were
// broken, and before those over lines as they are broken after a newline. It moves
// by one token at least, and else by no more lines than that nothing is skipped.
func (s *corpusScreen) up(by int) {
	for moved := 0; moved < by && s.from > 0; {
		if len(s.passed) == 0 {
			s.passed = s.breaks(s.paragraph(s.from), s.from)
		}
		to := s.passed[len(s.passed)-1]
		first, _ := slices.BinarySearch(s.passed, to)
		lines := len(s.passed) - first
		if moved > 0 && moved+lines > by {
			return
		}
		s.from, s.passed = to, s.passed[:first]
		moved += lines
	}
}

// farthestNewline is how many tokens back a newline is looked for.
const farthestNewline = 8192

// paragraph is where the lines before a token begin: after the last newline before
// them, or where none is near some way back.
func (s *corpusScreen) paragraph(before int) int {
	begin := max(0, before-farthestNewline)
	tokens := s.a.live.Text.Read(s.split, begin, before-1-begin) // the last of them may end a line itself
	for i, t := range slices.Backward(tokens) {
		if strings.HasSuffix(s.piece(t), "\n") {
			return begin + i + 1
		}
	}
	return begin
}

// breaks are the tokens at which lines begin between two tokens.
func (s *corpusScreen) breaks(from, to int) []int {
	v := views.Strip{}
	for _, t := range s.a.live.Text.Read(s.split, from, to-from) {
		v.Tokens = append(v.Tokens, s.piece(t))
	}
	starts := v.Starts(nil, s.columns())
	for i := range starts {
		starts[i] += from
	}
	return starts
}

// piece is a token as it stands in a text.
func (s *corpusScreen) piece(t session.Token) string {
	if !s.a.live.Text.Word() {
		return t.Text
	}
	if t.Text == "<eos>" {
		return "\n"
	}
	return t.Text + " "
}
