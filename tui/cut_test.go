package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

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

// What the unrolled network says of itself has room below it at 80x24, with two
// sentences above it and with as many layers as there may be.
func TestUnrolledNoteIsNotCut(t *testing.T) {
	for _, cell := range []string{"rnn", "lstm"} {
		for layers := 1; layers <= 4; layers++ {
			i := inspect(t, "fables", cell, layers, 12, views.Options{Profile: views.NoColor})
			i.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
			for _, second := range []string{"", "The keys is here."} {
				i.run(i.s.set("The keys are here.", second))
				i.run(i.s.turnTo(unrolledAt))
				i.settle("both sentences", func() bool { return i.s.ready() && (second == "") == (i.s.page.Sentences[1].Len() == 0) })
				for _, lang := range words.Langs() {
					i.lang, i.words = lang, words.For(lang)
					for range 2 { // folded and not
						i.run(i.s.views[unrolledAt].act())
						i.s.restyle()
						where := fmt.Sprintf("%s of %d layers, %s, beside %q", cell, layers, lang, second)
						i.uncut(t, where)
						says := i.s.words().UnrolledShort
						if i.s.views[unrolledAt].(*unrolledView).folded {
							says = i.s.words().FoldedShort
						}
						space := strings.FieldsFunc(says, func(r rune) bool { return r == ';' || r == '；' })[1] // what it does
						if text := plainText(i.body()); !strings.Contains(unbroken(text), unbroken(space)) {
							t.Errorf("%s: no %q on\n%s", where, space, text)
						}
					}
				}
			}
		}
	}
}
