//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	tty "rnnscope/tui/terminal"
)

// seedVariable repeats what a seed did; without it every run has another.
const seedVariable = "RNNSCOPE_TEST_SEED"

// seedOf is the seed of a test's random numbers, told when the test fails.
func seedOf(t *testing.T) uint64 {
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again with %s=%d", seedVariable, seed)
		}
	})
	return seed
}

// resize changes the size and waits until the program has taken it.
func (s *screen) resize(columns, rows int) {
	s.t.Helper()
	if err := s.Resize(columns, rows); err != nil {
		s.t.Fatal(err)
	}
	s.until(fmt.Sprintf("a screen of %dx%d", columns, rows), func(v *tty.Screen) bool {
		if w, h := v.Size(); w != columns || h != rows {
			return false
		}
		if columns < 60 || rows < 16 { // a sentence in place of the screen, which names the size where there is room
			return columns < 40 || rows < 4 || v.Has(fmt.Sprintf("%d columns and %d rows", columns, rows)) || v.Has(fmt.Sprintf("%d 列 %d 行", columns, rows))
		}
		return framed(v) && strings.HasPrefix(v.Line(1), " 1 ") && v.Line(rows-1) != ""
	})
}

// framed says that the body is drawn: boxes up to its corners, or above what has no
// box the names of the ladder's views or the sentence that is inspected.
func framed(v *tty.Screen) bool {
	w, h := v.Size()
	if l := v.Line(2); strings.Contains(l, "n-gram workbench") || strings.Contains(l, "n 元工作台") || strings.HasPrefix(l, " A ▸ ") {
		return true
	}
	return v.Cell(w-2, 2).Text == "╮" && v.Cell(w-2, h-2).Text == "╯"
}

// The screen follows every size, to 1x1 and back, and after all of them shows
// what a full redraw shows.
func TestScreenFollowsTheSize(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	for _, size := range [][2]int{{80, 24}, {40, 10}, {1, 1}, {80, 24}, {59, 40}, {60, 16}, {200, 60}} {
		s.resize(size[0], size[1])
	}
	n := 300
	if testing.Short() {
		n = 50
	}
	seed := seedOf(t)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		w, h := 1+r.IntN(210), 1+r.IntN(65)
		if i%10 == 9 {
			s.resize(w, h)
		} else if err := s.Resize(w, h); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			s.press([]string{"1", "4", "5", "7"}[r.IntN(4)])
		}
	}
	s.resize(120, 36)
	for _, key := range []string{"1", "4", "7"} {
		s.press(key, "p")
		s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") })
		if key == "4" { // new weights are read about once a second
			s.until("the newest weights", func(v *tty.Screen) bool {
				return v.Has("following training, update " + thousands(int64(update(v))) + " ")
			})
		}
		s.same()
		s.press("p")
		s.until("training", func(v *tty.Screen) bool { return !strings.Contains(v.Line(0), "paused") })
	}
	s.press("ctrl+c")
	s.end(0)
}

// same checks that a screen at rest is cell by cell what is drawn when all is
// drawn anew.
func (s *screen) same() {
	s.t.Helper()
	cells := func() (all []tty.Cell, text string) {
		if !s.Quiet(silence, patience) {
			s.t.Fatal("a paused screen does not come to rest")
		}
		s.See(func(v *tty.Screen) {
			w, h := v.Size()
			for y := range h {
				for x := range w {
					c := v.Cell(x, y)
					if c.Text == " " && !c.Reverse { // what colour a space has cannot be seen
						c.FG, c.Bold, c.Faint = nil, false, false
					}
					all = append(all, c)
				}
			}
			text = v.Text()
		})
		return all, text
	}
	before, shown := cells()
	sent := s.Bytes()
	if err := s.Process().Signal(syscall.SIGWINCH); err != nil {
		s.t.Fatal(err)
	}
	s.until("a full redraw", func(*tty.Screen) bool { return true })
	for end := time.Now().Add(patience); s.Bytes() == sent && time.Now().Before(end); {
		s.Quiet(silence, patience)
		time.Sleep(time.Millisecond)
	}
	after, redrawn := cells()
	for i := range before {
		if before[i] != after[i] {
			s.t.Fatalf("cell %d is %+v and drawn anew %+v:\n%s\n%s", i, before[i], after[i], shown, redrawn)
		}
	}
}

// fuzzKeys are those that a person, or a cat, may press: all but those that end or suspend
// the program.
var fuzzKeys = strings.Fields("up down left right shift+left shift+right tab shift+tab enter space backspace pgup pgdown home end delete f1 esc " +
	"ctrl+s ctrl+t ctrl+l ctrl+a ctrl+k 1 2 3 4 5 6 7 p . ? u c r R a x y + - = [ ] f L s b B h j k l n v e K o O m 天 é 🦊 %")

// Whatever is pressed, the screen lives.
func TestScreenSurvivesKeys(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 100, rows: 30})
	s.until("the first figures", started)
	n := 2000
	if testing.Short() {
		n = 300
	}
	seed := seedOf(t)
	r := rand.New(rand.NewPCG(seed, 2))
	var recent []string
	defer func() {
		if t.Failed() {
			t.Logf("the last fuzzKeys: %q", recent)
		}
	}()
	for i := range n {
		var key string
		switch p := r.IntN(100); {
		case p < 80:
			key = tty.Sequence(fuzzKeys[r.IntN(len(fuzzKeys))])
		case p < 90: // the mouse anywhere but on the last line, where quit is
			button, end := []int{0, 0, 32, 64, 65}[r.IntN(5)], "Mm"[r.IntN(2):][:1]
			key = fmt.Sprintf("\x1b[<%d;%d;%d%s", button, 1+r.IntN(100), 1+r.IntN(25), end)
		case p < 92:
			key = "\x1b[200~" + strings.Repeat("a paste, 天地玄黄\n", r.IntN(20)) + "\x1b[201~"
		case p < 94: // bytes that are no key
			key = string([]byte{0x1b, '[', byte('0' + r.IntN(10)), ';', byte('0' + r.IntN(10)), byte('a' + r.IntN(16))})
		default:
			key = string(rune('A' + r.IntN(26)))
		}
		if recent = append(recent, key); len(recent) > 60 {
			recent = recent[1:]
		}
		if err := s.Send(key); err != nil {
			t.Fatalf("key %d: %v\n%s", i, err, s.Text())
		}
		if i%200 == 199 {
			s.resize(40, 10)
			s.resize(100, 30)
		}
	}
	s.press("u") // an escape before ctrl+c would make another key of it
	s.press("ctrl+c")
	s.end(0)
}
