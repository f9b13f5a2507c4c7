package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/views"
)

// reads is screen 7 in front of a text.
func reads(t *testing.T, text string, level corpora.Level, w, h int) (*App, *corpusScreen) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	c := session.Defaults()
	c.Model.Embed, c.Model.Hidden, c.Model.Layers, c.Model.Dropout = 4, 4, 1, 0
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 2, 4, 1
	a := shown(started(t, path, corpora.Options{Level: level, LevelSet: true}, c, true), w, h)
	a.open(tabIndex("corpus"))
	a.View()
	return a, a.screenOf("corpus").(*corpusScreen)
}

// Texts whose lines are broken in different ways: by words, by characters, at
// newlines far apart, near and nowhere, and by words longer than a line.
func brokenTexts() map[string]string {
	g := rand.New(rand.NewPCG(1, 2))
	long, short, cells := "", "", ""
	for range 60 {
		long += strings.Repeat("word ", 60+g.IntN(60)) + "\n"
		cells += strings.Repeat("天地玄黄宇宙洪荒"[:3*(1+g.IntN(8))], 40) + "\n\n"
	}
	for i := range 1500 {
		short += fmt.Sprintf("n%d\n", i)
	}
	return map[string]string{
		"long paragraphs": long, "short lines": short, "no spaces": cells,
		"one paragraph": strings.Repeat("in the beginning was the word and ", 900),
		"long words":    strings.Repeat(strings.Repeat("x", 150)+" y ", 300),
	}
}

// Up is the way back of down, key by key, page by page and by the wheel, and each
// key moves until the text is at its beginning.
func TestCorpusScrollsBackAsItCame(t *testing.T) {
	wheel := func(b tea.MouseButton) tea.Msg { return tea.MouseWheelMsg{X: 5, Y: 8, Button: b} }
	for name, text := range brokenTexts() {
		for level, way := range map[corpora.Level][2]tea.Msg{
			corpora.Char: {key("down"), key("up")},
			corpora.Word: {wheel(tea.MouseWheelDown), wheel(tea.MouseWheelUp)},
		} {
			a, s := reads(t, text, level, 80, 24)
			for _, way := range [][2]tea.Msg{way, {key("pgdown"), key("pgup")}} {
				var path []int
				for range 20 { // without a frame between them
					path = append(path, s.from)
					if a.Update(way[0]); s.from <= path[len(path)-1] {
						t.Fatalf("%s: %v goes from token %d to %d", name, way[0], path[len(path)-1], s.from)
					}
				}
				for i := len(path) - 1; i >= 0; i-- {
					before := s.from
					a.Update(way[1])
					if tall := level == corpora.Word && (name == "long words" || name == "no spaces"); tall && s.from < before && before-s.from <= s.page() {
						continue // a page has another number of such words up and down
					}
					if s.from != path[i] {
						t.Fatalf("%s: %v leads to token %d, it came from %d", name, way[1], s.from, path[i])
					}
				}
			}
		}
	}
}

// From the end, whose lines nobody has scrolled over, up goes line by line too.
func TestCorpusGoesUpFromItsEnd(t *testing.T) {
	for name, text := range brokenTexts() {
		a, s := reads(t, text, corpora.Char, 80, 24)
		a.Update(key("end"))
		for range 200 {
			before := s.from
			if a.Update(key("up")); s.from >= before || before-s.from > s.columns() {
				t.Fatalf("%s: up goes from token %d to %d in lines of %d columns", name, before, s.from, s.columns())
			}
		}
	}
}

// The end shows the last token, and no more empty rows than a page leaves.
func TestCorpusEndIsTheEnd(t *testing.T) {
	for name, text := range brokenTexts() {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			a, s := reads(t, text, corpora.Char, size[0], size[1])
			a.Update(key("end"))
			a.View()
			n := a.live.Text.Splits[s.split].Tokens
			rows := s.text.area.H - 2
			lines := len(s.breaks(s.from, n))
			if lines > rows || lines < s.page() {
				t.Errorf("%s at %v: the end has %d lines in %d rows", name, size, lines, rows)
			}
			frame := plainText(a.View().Content)
			last := ""
			for _, token := range a.live.Text.Read(s.split, n-3, 3) {
				last += views.Visible(token.Text)
			}
			if name == "short lines" && !strings.Contains(strings.NewReplacer(" ", "", "\n", "").Replace(frame), strings.TrimSpace(last)) {
				t.Errorf("at %v the end %q is not in\n%s", size, last, frame)
			}
		}
	}
}
