package tui

import (
	"slices"
	"strings"
	"testing"

	"rnnscope/core/say"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// A message is shown whole on up to three rows, with what to try, in both languages;
// the rows come back with the next key.
func TestLongMessagesAreShownWhole(t *testing.T) {
	for _, lang := range words.Langs() {
		a := shownRun(t, 80, 24, lang, Dark, views.Options{Profile: views.NoColor}, 3)
		before := plainText(a.View().Content)
		for _, text := range []string{a.words.Gradients.OthersRace, a.words.Sample.Together, a.words.Gradients.Broke, a.words.LagLab.Typing, "short"} {
			a.say(text)
			frame := framed(t, a, text)
			if got := lastRows(frame, noteRows); !strings.Contains(unbroken(got), unbroken(text)) {
				t.Errorf("%s: %q is shown as\n%s", lang, text, got)
			}
		}
		a.say("")
		if got := plainText(a.View().Content); got != before {
			t.Errorf("%s: after the message the screen is\n%s\nit was\n%s", lang, got, before)
		}
	}
}

// What has no room in three rows is cut there, and the tabs stay in view.
func TestMessagesTakeThreeRowsAtMost(t *testing.T) {
	for _, o := range []views.Options{{Profile: views.NoColor}, {Profile: views.NoColor, ASCII: true}} {
		a := shownRun(t, 60, 16, words.English, Dark, o, 3)
		before := strings.Split(a.View().Content, "\n")
		a.complain(say.Errorf("%s", strings.Repeat("word ", 100)))
		got := strings.Split(framed(t, a, "a long message"), "\n")
		if !slices.Equal(got[:16-noteRows], before[:16-noteRows]) {
			t.Errorf("more than %d rows have changed:\n%s", noteRows, strings.Join(got, "\n"))
		}
		cut := "…"
		if o.ASCII {
			cut = views.ASCII(cut)
		}
		if end := strings.TrimRight(plainText(got[15]), " "); !strings.HasSuffix(end, cut) {
			t.Errorf("nothing says that it is cut: %q", end)
		}
	}
}

// lastRows are the last rows of a frame, one after another.
func lastRows(frame string, n int) string {
	rows := strings.Split(plainText(frame), "\n")
	return strings.Join(rows[max(0, len(rows)-n):], "\n")
}

// unbroken is a text without what lines are broken at.
func unbroken(s string) string { return strings.Join(strings.Fields(s), "") }
