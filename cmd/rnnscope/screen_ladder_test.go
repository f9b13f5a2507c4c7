//go:build unix

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	tty "rnnscope/tui/terminal"
)

// On screen 5 the n-grams are scored, the networks race while it is in view, and
// every view answers what is typed.
func TestScreenLadder(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 120, rows: 36})
	s.until("the first figures", started)
	s.press("5")
	s.untilText("space lets the networks race")
	s.untilText("mod. Kneser-Ney")
	s.press("space")
	s.until("a race", func(v *tty.Screen) bool { return racing.MatchString(v.Text()) })
	s.until("a network that was scored", func(v *tty.Screen) bool { return strings.Contains(v.Text(), "ahead of") })
	s.press("space")
	s.untilText("paused: space goes on")

	s.press("v")
	s.untilText("nats a token for")
	s.untilText("won most by")

	s.press("v")
	s.untilText("mass moved")
	s.press("e")
	s.typed("qz")
	s.press("enter")
	s.untilText("never seen")
	s.untilText("0  -∞")

	s.press("v")
	s.untilText("exactly 0")
	s.press("e")
	s.typed("four")
	s.press("enter")
	s.untilText("padded with a learned vector: 1")

	s.press("v")
	s.untilText("wreck a nice beach")
	s.until("a verdict", func(v *tty.Screen) bool { return strings.Count(v.Text(), "prefers ") >= 3 })
	s.press("e", "right") // which keeps what is there
	s.typed("q")
	s.until("another sentence", func(v *tty.Screen) bool { return v.Has("speechq") })
	s.press("enter")

	s.press("1")
	s.untilText("knobs")
	s.press("q")
	s.end(0)
}

// racing is the line of a race under way.
var racing = regexp.MustCompile(`update [\d,]+, epoch [\d.]+, \S+ tok/s`)

// On screen 4 an n-gram writes in the network's place.
func TestScreenNgramWrites(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 120, rows: 36})
	s.until("the first figures", started)
	s.press("4")
	s.until("bars", func(v *tty.Screen) bool { return strings.Count(bars(v), ".") >= 5 })
	s.press("g")
	s.untilText("6-gram writes")
	before := ""
	s.See(func(v *tty.Screen) { before = bars(v) })
	s.press("n")
	s.until("a token more", func(v *tty.Screen) bool { return bars(v) != before && v.Has(" p=") })
	s.press("g")
	s.untilText("training, update")
	s.press("q")
	s.end(0)
}

// In Chinese, on a Chinese text, the boxes of every view are in their places.
func TestScreenLadderIsAligned(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at every screen at three sizes")
	}
	t.Parallel()
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			ladderIsAligned(t, size)
		})
	}
}

func ladderIsAligned(t *testing.T, size [2]int) {
	s := open(t, look{columns: 80, rows: 24, env: []string{"LANG=zh_CN.UTF-8"}, args: []string{chineseText(t)}})
	s.until("training in Chinese", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "训练中") })
	s.press("p", "5")
	s.untilText("按空格键让网络开跑")
	s.until("the n-grams", func(v *tty.Screen) bool { return strings.Contains(v.Text(), "Kneser-Ney") })
	s.resize(size[0], size[1])
	for _, view := range []struct{ shows, then string }{
		{"困惑度", "v"}, {"尚未训练", "["}, {"按训练文本中的次数", "v"}, {"移走的概率", "v"}, {"参数个数", "v"}, {"偏好", "v"},
	} {
		shows := view.shows
		s.untilText(shows)
		if !s.Quiet(silence, patience) {
			t.Fatal("the ladder does not come to rest")
		}
		s.See(func(v *tty.Screen) {
			boxes, wrong := misaligned(v)
			for _, w := range wrong { // not all rows of this screen are in a frame, and a dial has corners of its own
				if !strings.HasPrefix(w, "row ") && shows != "困惑度" {
					t.Errorf("%s at %dx%d: %s\n%s", shows, size[0], size[1], w, v.Text())
				}
			}
			if boxes == 0 {
				t.Errorf("%s at %dx%d: no box\n%s", shows, size[0], size[1], v.Text())
			}
		})
		s.press(view.then)
	}
	s.press("q")
	s.end(0)
}

// typed sends a text as it is typed.
func (s *screen) typed(text string) {
	s.t.Helper()
	for _, r := range text {
		s.press(string(r))
	}
}
