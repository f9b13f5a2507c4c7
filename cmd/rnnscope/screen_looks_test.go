//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	tty "rnnscope/tui/terminal"
)

// silence is how long nothing must have come for a paused screen to be at rest:
// more than two of the rarest frames, of which the governor lets four a second
// through.
const silence = 600 * time.Millisecond

// settle waits until a paused screen of a size is drawn to its last line.
func (s *screen) settle(columns, rows int) {
	s.t.Helper()
	s.until(fmt.Sprintf("a frame of %dx%d", columns, rows), func(v *tty.Screen) bool {
		w, h := v.Size()
		if w != columns || h != rows {
			return false
		}
		return v.Cell(w-2, 2).Text == "╮" && v.Cell(w-2, h-2).Text == "╯" && v.Line(h-1) != ""
	})
	if !s.Quiet(silence, patience) {
		s.t.Fatal("a paused screen does not come to rest")
	}
}

// misaligned lists what of the boxes on a screen is not where it belongs: a
// box begins at its upper left corner, goes down to its lower left one, from
// there to the right, and its right side must stand above that end.
func misaligned(v *tty.Screen) (boxes int, wrong []string) {
	w, h := v.Size()
	for y := 2; y < h-1; y++ {
		if c := v.Cell(w-2, y).Text; !strings.Contains("╮│╯", c) || c == "" {
			wrong = append(wrong, fmt.Sprintf("row %d ends in %q, not in a frame", y, c))
		}
		for x := range w {
			if v.Cell(x, y).Text != "╭" {
				continue
			}
			boxes++
			low := y + 1
			for low < h-1 && v.Cell(x, low).Text == "│" {
				low++
			}
			if v.Cell(x, low).Text != "╰" {
				wrong = append(wrong, fmt.Sprintf("the left side from column %d, row %d is broken at row %d by %q", x, y, low, v.Cell(x, low).Text))
				continue
			}
			right := x + 1
			for right < w && !strings.Contains("╯╰", v.Cell(right, low).Text) || v.Cell(right, low).Text == "" && right < w { // notes may stand in the frame
				right++
			}
			if v.Cell(right, low).Text != "╯" || v.Cell(right, y).Text != "╮" {
				wrong = append(wrong, fmt.Sprintf("the corners at column %d, rows %d and %d are %q and %q", right, y, low, v.Cell(right, y).Text, v.Cell(right, low).Text))
			}
			for in := y + 1; in < low; in++ {
				if c := v.Cell(right, in).Text; c != "│" {
					wrong = append(wrong, fmt.Sprintf("the right side at column %d is broken at row %d by %q", right, in, c))
				}
			}
		}
	}
	return boxes, wrong
}

// chineseText is the beginning of the Thousand Character Classic, again and
// again.
func chineseText(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "千字文.txt")
	const classic = "天地玄黄，宇宙洪荒。\n日月盈昃，辰宿列张。\n寒来暑往，秋收冬藏。\n闰余成岁，律吕调阳。\n云腾致雨，露结为霜。\n金生丽水，玉出昆冈。\n剑号巨阙，珠称夜光。\n果珍李柰，菜重芥姜。\n"
	if err := os.WriteFile(path, []byte(strings.Repeat(classic, 60)), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// In Chinese, on a Chinese text, every column of every frame is in its place.
func TestScreenChineseIsAligned(t *testing.T) {
	if testing.Short() {
		t.Skip("looks at every screen at three sizes")
	}
	t.Parallel()
	for _, size := range sizes {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			chineseIsAligned(t, size)
		})
	}
}

// sizes are those in which every screen is looked at, columns by rows.
var sizes = [][2]int{{80, 24}, {120, 36}, {200, 60}}

func chineseIsAligned(t *testing.T, size [2]int) {
	s := open(t, look{columns: 80, rows: 24, env: []string{"LANG=zh_CN.UTF-8"}, args: []string{chineseText(t)}})
	s.until("training in Chinese", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "训练中") && v.Has("模型写作") })
	s.press("p")
	s.until("paused in Chinese", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "已暂停") })
	s.press("4", "n", "n", "n", "n", "n", "n", "n", "n")
	s.until("a text of eight tokens", func(v *tty.Screen) bool { return v.Has(" p=") })
	if err := s.Resize(size[0], size[1]); err != nil {
		t.Fatal(err)
	}
	for _, keys := range []struct {
		keys  []string
		shows string
		boxes int
	}{
		{[]string{"1"}, "旋钮", 3}, {[]string{"4"}, "下一个词元", 4}, {[]string{"4", "v"}, "T=0.2", 4}, {[]string{"4", "v"}, "下一个词元", 4}, {[]string{"7"}, "词表", 2}, {[]string{"7", "b"}, "条数据流", 2}, {[]string{"7", "b"}, "词表", 2},
	} {
		s.press(keys.keys...)
		s.untilText(keys.shows)
		s.settle(size[0], size[1])
		s.See(func(v *tty.Screen) {
			boxes, wrong := misaligned(v)
			if boxes < keys.boxes || len(wrong) > 0 {
				t.Errorf("%v at %dx%d: %d boxes of %d\n%s\n%s", keys.keys, size[0], size[1], boxes, keys.boxes, strings.Join(wrong, "\n"), v.Text())
			}
		})
	}
	s.press("q")
	s.end(0)
}

// sgr finds the sequences that set colours and attributes.
var sgr = regexp.MustCompile(`\x1b\[([\d;:]*)m`)

// colors counts what a program wrote that sets a colour: of the sixteen, of
// 256, of 24 bits.
func colors(raw []byte) (of16, of256, of24 int) {
	for _, m := range sgr.FindAllSubmatch(raw, -1) {
		parts := strings.FieldsFunc(string(m[1]), func(r rune) bool { return r == ';' || r == ':' })
		for i := 0; i < len(parts); i++ {
			n, _ := strconv.Atoi(parts[i])
			switch {
			case (n == 38 || n == 48) && i+1 < len(parts) && parts[i+1] == "5":
				of256++
				i += 2
			case n == 38 || n == 48:
				of24++
				i += 4
			case n >= 30 && n <= 37, n >= 40 && n <= 47, n >= 90 && n <= 97, n >= 100 && n <= 107:
				of16++
			}
		}
	}
	return of16, of256, of24
}

// The screen uses no colours that the terminal does not have, none with
// NO_COLOR, and no characters beyond ASCII with --ascii.
func TestScreenKeepsToTheTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		look look
		ok   func(of16, of256, of24 int) bool
	}{
		{"truecolor", look{}, func(_, _, of24 int) bool { return of24 > 0 }},
		{"256", look{args: []string{"--color", "256"}}, func(_, of256, of24 int) bool { return of256 > 0 && of24 == 0 }},
		{"16", look{args: []string{"--color", "16"}}, func(of16, of256, of24 int) bool { return of16 > 0 && of256 == 0 && of24 == 0 }},
		{"none", look{args: []string{"--color", "none"}}, func(of16, of256, of24 int) bool { return of16+of256+of24 == 0 }},
		{"NO_COLOR", look{env: []string{"NO_COLOR=1"}}, func(of16, of256, of24 int) bool { return of16+of256+of24 == 0 }},
		{"ascii", look{args: []string{"--ascii"}}, func(_, _, of24 int) bool { return of24 > 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.look.args = append([]string{"recall"}, c.look.args...) // a text of ASCII
			s := open(t, c.look)
			s.until("the first figures", func(v *tty.Screen) bool { return update(v) > 0 })
			s.press("4", "n", "n", "right")
			s.until("what was written", func(v *tty.Screen) bool { return v.Has(" p=") && v.Has("0.90") })
			s.press("v")
			s.untilText("T=1.5")
			s.press("7")
			s.untilText("vocabulary")
			s.press("?")
			s.untilText("what the model reads")
			s.press("x", ":")
			s.untilText(" commands ")
			s.press("h", "e", "l", "p", "enter")
			s.untilText("what the model reads")
			s.press("x", "1")
			s.untilText("knobs")
			s.press("q")
			s.end(0)
			if of16, of256, of24 := colors(s.raw.Bytes()); !c.ok(of16, of256, of24) {
				t.Errorf("%d colours of 16, %d of 256, %d of 24 bits", of16, of256, of24)
			}
			if c.name == "ascii" {
				for i, b := range s.raw.Bytes() {
					if b >= 0x80 {
						t.Fatalf("%q is not ASCII, after %q", s.raw.Bytes()[i:min(s.raw.Len(), i+4)], s.raw.Bytes()[max(0, i-120):i])
					}
				}
			}
		})
	}
}
