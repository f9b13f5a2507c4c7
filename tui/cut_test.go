package tui

import (
	"fmt"
	"strings"
	"testing"

	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// uncut checks that no line of the screen in view is cut.
func (a *App) uncut(t *testing.T, where string) {
	t.Helper()
	for _, line := range strings.Split(plainText(a.body()), "\n") {
		if strings.Contains(line, "…") {
			t.Errorf("%s: %q", where, line)
		}
	}
}

// At 80x24 everything that screen 5 says is said in full, in both languages; only
// the text around the tokens that a model wins has an end.
func TestLadderIsNotCut(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		s.raced(t)
		for view := range ladderViews {
			if view == onWins {
				continue
			}
			s.turnTo(view)
			a.settle(t, "an answer", func() bool {
				return [ladderViews]bool{true, true, s.bench.answer != nil, s.demo.answer != nil && len(s.demo.answer.Tokens) > 0, s.pair.answer != nil}[view]
			})
			for part := range benchParts {
				s.bench.part = part
				s.restyle()
				a.uncut(t, fmt.Sprintf("%s, view %d, part %d", lang, view, part))
			}
		}
	}
}

// So it is with the lag lab before and after an experiment.
func TestLagLabIsNotCut(t *testing.T) {
	for _, lang := range words.Langs() {
		a := exploring(t, "rnn", 80, 24)
		a.lang, a.words = lang, words.For(lang)
		a.types("6")
		a.types("p")
		a.uncut(t, string(lang)+", empty")
		s := a.screenOf("laglab").(*lagLabScreen)
		s.setup.choice = session.LagChoice{Task: "recall", Lag: "3", Cell: "rnn,gru", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "1", Updates: "20", Hidden: "16", Input: "onehot"}
		a.types("space")
		a.until(t, "the grid", func() bool { return s.page != nil && !s.page.Running && s.page.Done == 2 })
		a.uncut(t, string(lang)+", done")
	}
}

// The titles of screen 3 have room at 80 columns.
func TestGradientTitlesAreNotCut(t *testing.T) {
	const room = 80 - 1 - 34 - 4 // less a free column, the figures and the frame
	for _, lang := range words.Langs() {
		for _, title := range words.For(lang).Gradients.Titles {
			if n := views.Width(title); n > room {
				t.Errorf("%s: %q takes %d of %d columns", lang, title, n, room)
			}
		}
	}
}
