package views

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// rowText returns what a row shows, without styles.
func rowText(c *Canvas, y int) string { return ansi.Strip(string(c.AppendRow(nil, y, Options{}))) }

func TestText(t *testing.T) {
	const w = 8
	for _, tc := range []struct {
		name, in, row string
		x, end        int
	}{
		{"ASCII", "abc", "  abc   ", 2, 5},
		{"cut at the right", "abcdef", "     abc", 5, 8},
		{"cut at the left", "abcdef", "cdef    ", -2, 4},
		{"wide", "床前明", "床前明  ", 0, 6},
		{"wide, half cut at the right", "床前明月光", " 床前明 ", 1, 8},
		{"wide, half cut at the left", "床前", " 前     ", -1, 3},
		{"combining mark", "e\u0301a", "e\u0301a      ", 0, 2},
		{"lone combining mark", "\u0301a", "a       ", 0, 1},
		{"emoji of several runes", "👩‍🚀x", "👩‍🚀x     ", 0, 3},
		{"flag", "🇨🇳x", "🇨🇳x     ", 0, 3},
		{"control characters", "a\x1b[2J\tb", "a␛[2J␉b ", 0, 7},
		{"C1 and DEL", "\u009b1m\x7f", "�1m␡    ", 0, 4},
		{"invalid UTF-8", "a\xffb\xe5\xba", "a�b�    ", 0, 4},
		{"right-to-left override", "a\u202eb", "ab      ", 0, 2},
		{"outside", "abc", "        ", 9, 8},
	} {
		c := NewCanvas(w, 1)
		if end := c.Text(tc.x, 0, tc.in, Style{}); end != tc.end {
			t.Errorf("%s: end %d, want %d", tc.name, end, tc.end)
		}
		if got := rowText(c, 0); got != tc.row {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.row)
		}
	}
}

func TestWideClustersAreNeverHalf(t *testing.T) {
	for _, tc := range []struct {
		name string
		draw func(c *Canvas)
		row  string
	}{
		{"over its first half", func(c *Canvas) { c.Set(2, 0, 'x', Style{}) }, "床x 明"},
		{"over its second half", func(c *Canvas) { c.Set(3, 0, 'x', Style{}) }, "床 x明"},
		{"wide over two halves", func(c *Canvas) { c.Set(1, 0, '月', Style{}) }, " 月 明"},
		{"fill up to a clip inside it", func(c *Canvas) {
			c.Clip(Rect{0, 0, 3, 1})
			c.Fill(Rect{0, 0, 9, 9}, '.', Style{})
		}, "... 明"},
	} {
		c := NewCanvas(6, 1)
		c.Text(0, 0, "床前明", Style{})
		tc.draw(c)
		if got := rowText(c, 0); got != tc.row {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.row)
		}
	}
}

func TestRenderChangesStyleSeldom(t *testing.T) {
	red, blue := RGB(255, 0, 0), RGB(0, 0, 255)
	for _, tc := range []struct {
		name string
		o    Options
		want string
		draw func(c *Canvas)
	}{
		{"plain", Options{}, "ab  ", func(c *Canvas) { c.Text(0, 0, "ab", Style{}) }},
		{"one style, one sequence", Options{}, "\x1b[1;38;2;255;0;0mabcd\x1b[m", func(c *Canvas) { c.Text(0, 0, "abcd", Style{FG: red, Attr: Bold}) }},
		{"a space shows no foreground", Options{}, "\x1b[38;2;255;0;0ma b \x1b[m", func(c *Canvas) {
			c.Set(0, 0, 'a', Style{FG: red})
			c.Set(1, 0, ' ', Style{FG: blue})
			c.Set(2, 0, 'b', Style{FG: red})
		}},
		{"only what differs", Options{}, "\x1b[38;2;255;0;0;48;2;0;0;255ma\x1b[38;2;0;0;255mb\x1b[49m  \x1b[m", func(c *Canvas) {
			c.Set(0, 0, 'a', Style{FG: red, BG: blue})
			c.Set(1, 0, 'b', Style{FG: blue, BG: blue})
		}},
		{"bold ends, dim begins", Options{}, "\x1b[1ma\x1b[22;2mb  \x1b[m", func(c *Canvas) {
			c.Set(0, 0, 'a', Style{Attr: Bold})
			c.Set(1, 0, 'b', Style{Attr: Dim})
		}},
		{"bold of two ends", Options{}, "\x1b[1;2ma\x1b[22;2mb  \x1b[m", func(c *Canvas) {
			c.Set(0, 0, 'a', Style{Attr: Bold | Dim})
			c.Set(1, 0, 'b', Style{Attr: Dim})
		}},
		{"256 colours", Options{Profile: ANSI256}, "\x1b[38;5;196mabcd\x1b[m", func(c *Canvas) { c.Text(0, 0, "abcd", Style{FG: red}) }},
		{"16 colours", Options{Profile: ANSI16}, "\x1b[91;44mabcd\x1b[m", func(c *Canvas) { c.Text(0, 0, "abcd", Style{FG: red, BG: Indexed(4)}) }},
		{"no colour", Options{Profile: NoColor}, "\x1b[4mabcd\x1b[m", func(c *Canvas) { c.Text(0, 0, "abcd", Style{FG: red, Attr: Underline}) }},
		{"ASCII", Options{ASCII: true}, "+-|中", func(c *Canvas) {
			c.Text(0, 0, "╭─│中", Style{})
			c.Reset(5, 1)
			c.Text(0, 0, "╭─│中", Style{})
		}},
	} {
		c := NewCanvas(4, 1)
		tc.draw(c)
		if got := c.Render(tc.o); got != tc.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tc.name, got, tc.want)
		}
	}
}

// Whatever is drawn where, every rendered row is as wide as the canvas, holds
// no control character but those of its styles, and a clip keeps what is
// outside of it.
func TestRowsKeepTheirWidth(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	pieces := []string{"a", "床", "e\u0301", "\u0301", "👩‍🚀", "🇨", "🇳", "\u200d", "\ufe0f", "❤", "❤\ufe0f", "한", "\u1100", "\u1161", "\u11a8",
		"क", "्", "ष", "\u0600", "\x00", "\x1b[31m", "\n", "\t", "\u009b", "\xff", "⠿", "▀", "─", " ", "\u2028", "\u202e", "ก", "ำ", "\u3099", "が", "゙"}
	for range 3000 {
		w, h := r.IntN(12), 1+r.IntN(3)
		c := NewCanvas(w, h)
		clip := Rect{r.IntN(4), r.IntN(2), r.IntN(12), 1}
		c.SetClip(clip)
		for range 1 + r.IntN(20) {
			x, y := r.IntN(16)-3, r.IntN(5)-1
			s := Style{Attr: Attr(r.IntN(32)), FG: Color(r.IntN(2)) * RGB(1, 2, 3)}
			p := pieces[r.IntN(len(pieces))] + pieces[r.IntN(len(pieces))]
			if r.IntN(2) == 0 {
				c.Text(x, y, p, s)
			} else {
				first, _ := utf8.DecodeRuneInString(p)
				c.Set(x, y, first, s)
			}
		}
		checkRows(t, c)
		for y := range h {
			for x := range w {
				if !clip.Contains(x, y) && c.Cell(x, y) != (Cell{Text: " ", Width: 1}) {
					t.Fatalf("clip %v: cell %d,%d was drawn: %+v", clip, x, y, c.Cell(x, y))
				}
			}
		}
		if t.Failed() {
			return
		}
	}
}

// checkRows fails the test unless each row of c, rendered in every way, is as
// wide as c and in the default style at its end.
func checkRows(t *testing.T, c *Canvas) {
	t.Helper()
	w, h := c.Size()
	for _, o := range allOptions {
		lines := strings.Split(c.Render(o), "\n")
		if len(lines) != max(h, 1) {
			t.Fatalf("%+v: %d lines, want %d", o, len(lines), h)
		}
		for y, line := range lines {
			if h == 0 {
				break
			}
			if got := ansi.StringWidth(line); got != w {
				t.Errorf("%+v: row %d is %d wide, want %d: %q", o, y, got, w, line)
			}
			plain := ansi.Strip(line)
			if strings.ContainsFunc(plain, control) || !utf8.ValidString(plain) {
				t.Errorf("%+v: row %d lets control characters through: %q", o, y, line)
			}
			if at := strings.LastIndex(line, "\x1b["); at >= 0 && !strings.HasPrefix(line[at:], "\x1b[m") && !strings.HasPrefix(line[at:], "\x1b[24m") {
				t.Errorf("%+v: row %d does not end in the default style: %q", o, y, line)
			}
		}
	}
}

var allOptions = []Options{{}, {Profile: ANSI256}, {Profile: ANSI16}, {Profile: NoColor}, {ASCII: true}, {Profile: NoColor, ASCII: true}}

func TestDrawCopies(t *testing.T) {
	src, c := NewCanvas(4, 1), NewCanvas(6, 2)
	src.Text(0, 0, "e\u0301床", Style{Attr: Bold})
	c.Draw(3, 1, src)
	if got := rowText(c, 1); got != "   e\u0301床" || c.Cell(3, 1).Style.Attr != Bold {
		t.Errorf("got %q", got)
	}
	c.Draw(4, 1, src)
	if got := rowText(c, 1); got != "   e\u0301e\u0301 " {
		t.Errorf("over the edge: got %q", got)
	}
}

// No drawing character is left in ASCII mode, and what replaces it is a visible
// character (but for the blank braille cell).
func TestASCIIReplacesAllDrawingCharacters(t *testing.T) {
	for _, block := range [][2]rune{{0x2500, 0x259f}, {0x2800, 0x28ff}} {
		for r := block[0]; r <= block[1]; r++ {
			c := NewCanvas(1, 1)
			c.Set(0, 0, r, Style{})
			if got := c.Render(Options{ASCII: true}); len(got) != 1 || got[0] < 0x20 || got[0] > 0x7e || got == " " && r != 0x2800 {
				t.Errorf("%U %c became %q", r, r, got)
			}
		}
	}
}

func TestCanvasReuseAllocatesNothing(t *testing.T) {
	c := NewCanvas(80, 24)
	buf := make([]byte, 0, 1<<16)
	cycle := func() {
		c.Reset(80, 24)
		for y := range 24 {
			c.Text(0, y, "loss 1.62 床前明月光 e\u0301 ────", Style{FG: RGB(uint8(y), 2, 3)})
			c.Set(70, y, '▲', Style{})
		}
		buf = c.Append(buf[:0], Options{})
	}
	cycle()
	if n := testing.AllocsPerRun(20, cycle); n != 0 {
		t.Errorf("%v allocations a cycle, want none", n)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"abc", "床前明月光", "e\u0301\u200d👩‍🚀🇨🇳🇨", "\x1b]0;title\x07\x9b31m", "\u1100\u1161\u11a8क्ष", "\xff\xfe\u0600a"} {
		f.Add(s, s, 0, 3)
	}
	f.Fuzz(func(t *testing.T, a, b string, x, y int) {
		c := NewCanvas(20, 1)
		if end := c.Text(x%20, 0, a, Style{}); end > 20 {
			t.Errorf("end %d is outside", end)
		}
		c.Text(y%20, 0, b, Style{Attr: Underline})
		c.Text(x%20+1, 0, b, Style{})
		checkRows(t, c)
	})
}

func BenchmarkRender(b *testing.B) {
	for _, o := range []struct {
		name string
		Options
	}{{"true", Options{}}, {"256", Options{Profile: ANSI256}}, {"16", Options{Profile: ANSI16}}} {
		b.Run(o.name, func(b *testing.B) {
			c, p := NewCanvas(200, 60), NewTheme(DarkBackground, o.Options).Sequential
			for y := range 60 {
				for x := range 200 {
					c.Set(x, y, '▀', Style{FG: p.Colors[(x*7+y)%256], BG: p.Colors[(x+y*5)%256]})
				}
			}
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf = c.Append(buf[:0], o.Options)
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}
