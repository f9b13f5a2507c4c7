package tui

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// In the smallest usual window what a screen says of its state is there in full.
func TestNothingIsCutAtEightyColumns(t *testing.T) {
	for _, lang := range words.Langs() {
		a := New(Config{Live: explore(t, 12), Lang: lang, Options: views.Options{Profile: views.TrueColor}, Theme: Dark})
		a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		shape := tinyShape
		shape.Batch = 32
		snap := &scope.Snapshot{Run: 1, Phase: scope.Paused, Shape: shape, Untrained: true}
		said := func(what, want string) {
			t.Helper()
			if text := ansi.Strip(a.View().Content); !strings.Contains(text, want) {
				t.Errorf("%s, %s: no %q on\n%s", lang, what, want, text)
			}
		}
		press := func(key rune) { a.press(tea.KeyPressMsg{Code: key, Text: string(key)}) }
		textAfter(a, snap)
		said("before the first update", a.words.Train.NotRead)
		said("before the first sample", "╭ "+a.words.Train.WritesYet+" ─")
		opened := *snap
		opened.Update, opened.Untrained = 400, false
		textAfter(a, &opened)
		said("opened", a.words.Train.NotReadHere)
		press('f')
		said("frozen", " "+a.words.Train.FrozenShort+" ╮")
		opened.Stream = scope.Stream{Update: 400, IDs: make([]int32, 64), Offset: 2304}
		again := opened
		textAfter(a, &again)
		press('7')
		press('b')
		said("batch", fmt.Sprintf(a.words.Corpus.Batch, 32, 64, "2,304", "7,394")+" ─")
	}
}

// The knobs of another program's run are not offered to be turned.
func TestKnobsOfAWatchedRunAreNotOffered(t *testing.T) {
	corpus, err := corpora.Open("fables", corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.New(recordedConfig(), corpus, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	a := shown(session.Watch(s, filepath.Join(t.TempDir(), "run")), 80, 24)
	hints := func() string {
		text := ansi.Strip(a.View().Content)
		return text[strings.LastIndex(text, "\n"):]
	}
	if line := hints(); strings.Contains(line, a.words.Train.More.Short) {
		t.Errorf("on the knobs the keys are %q", line)
	}
	a.press(tea.KeyPressMsg{Code: tea.KeyTab})
	if line := hints(); !strings.Contains(line, "→ "+a.words.Train.Move) {
		t.Errorf("on the next pane the keys are %q", line)
	}
}
