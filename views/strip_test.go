package views

import (
	"math"
	"strings"
	"testing"
)

func TestStripLines(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	chars := func(s string) (out []string) {
		for _, r := range s {
			out = append(out, string(r))
		}
		return out
	}
	for _, tc := range []struct {
		name   string
		tokens []string
		spaces bool
		w      int
		want   string
	}{
		{"words stay whole", chars("the keys to the cabinet"), false, 9, `
the keys
to the
cabinet`},
		{"a space that has no room begins a line", chars("the keys to"), false, 8, `
the keys
 to`},
		{"spaces that can be seen", []string{"the", " ", "keys", "\u3000", "\u00a0"}, true, 20, "\nthe⋅keys␣ ␣"},
		{"a word longer than a line", []string{"a ", "cabinetmaker"}, false, 5, `
a
cabin
etmak
er`},
		{"newlines, tabs and other controls", []string{"a\n", "\n", "b\r\n", "c\t", "\r", "\x00", "\x1b[m"}, false, 20, `
a↵
↵
b↵
c⇥␍␀␛[m`},
		{"a newline at the end", []string{"a", "\n"}, false, 3, "\na↵"},
		{"Han", chars("床前明月光，疑是地上霜。"), false, 10, `
床前明月
光，疑是地
上霜。`},
		{"marks without a letter", []string{"e\u0301", "e", "\u0301", "\u093f"}, false, 20, "\ne\u0301e◌\u0301\u093f"},
		{"what has no shape", []string{"\u200d", "\u202e", "\u00ad", "\u0085", "", "\u2028"}, false, 40, "\n<200D><202E><AD><85>∅<2028>"},
		{"bytes", []string{"\xe5", "\xba\x8a", "床", "\xff\u0301"}, false, 40, "\n<E5><BA><8A>床<FF><301>"},
		{"a wide character in one column", []string{"a", "明", "b"}, false, 1, `
a
…
b`},
	} {
		s := Strip{Tokens: tc.tokens, Spaces: tc.spaces}
		want := strings.Split(strings.TrimPrefix(tc.want, "\n"), "\n")
		if got := s.Layout(tc.w); got != len(want) {
			t.Errorf("%s: %d lines, want %d", tc.name, got, len(want))
		}
		c := NewCanvas(tc.w, len(want))
		s.Draw(c, c.Bounds(), th)
		if got := picture(c); got != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant%s", tc.name, got, tc.want)
		}
	}
}

// checkStrip holds a strip to what is true of any: every token is somewhere,
// tokens are in order, no cell is beyond the width, and a click on a cell finds
// the token that is drawn there.
func checkStrip(t *testing.T, tokens []string, w int) {
	t.Helper()
	th := NewTheme(DarkBackground, Options{})
	s := Strip{Tokens: tokens, Spaces: w%2 == 0}
	h := s.Layout(w)
	area := Rect{3, 2, w, h}
	c := NewCanvas(w+6, h+4)
	s.Draw(c, area, th)
	cells := make([]int, len(tokens))
	last := 0
	for y := range h + 4 {
		for x := range w + 6 {
			token, ok := s.At(x, y)
			if !ok {
				if text := c.Cell(x, y).Text; text != " " && text != "" {
					t.Fatalf("%q in %d columns: nothing is at %d, %d, which shows %q", tokens, w, x, y, text)
				}
				continue
			}
			if !area.Contains(x, y) || token < last {
				t.Fatalf("%q in %d columns: token %d is at %d, %d, after token %d", tokens, w, token, x, y, last)
			}
			last = token
			cells[token]++
		}
	}
	for i, n := range cells {
		if n == 0 {
			t.Fatalf("%q in %d columns: token %d is nowhere", tokens, w, i)
		}
	}
	for i := range tokens {
		at := i
		s.Cursor = &at
		s.Reveal(i, w, min(h, 3))
		if s.Top < 0 || s.Top >= h {
			t.Fatalf("%q in %d columns: to reveal token %d the top is %d of %d lines", tokens, w, i, s.Top, h)
		}
		c.Reset(w, 3)
		s.Draw(c, c.Bounds(), th)
		found := false
		for y := range 3 {
			for x := range w {
				token, ok := s.At(x, y)
				mine := ok && token == i
				found = found || mine
				if mine != (c.Cell(x, y).Style == th.Cursor) {
					t.Fatalf("%q in %d columns: cell %d, %d is token %d, and has style %+v with the cursor on %d", tokens, w, x, y, token, c.Cell(x, y).Style, i)
				}
			}
		}
		if !found {
			t.Fatalf("%q in %d columns: token %d is not revealed", tokens, w, i)
		}
	}
}

func TestStripOfAnyWidth(t *testing.T) {
	for w := 1; w < 60; w++ {
		checkStrip(t, nasty, w)
	}
}

func FuzzStrip(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, i+3, 2)
	}
	f.Fuzz(func(t *testing.T, s string, w, size int) {
		var tokens []string
		for size = max(size%8, 1); len(s) > size; s = s[size:] { // also through the middle of runes
			tokens = append(tokens, s[:size])
		}
		if tokens = append(tokens, s); len(tokens) < 200 {
			checkStrip(t, tokens, max(w%50, 1))
		}
	})
}

func TestStripColours(t *testing.T) {
	for name, th := range themes() {
		for _, p := range []*Palette{nil, th.Sequential, th.Diverging} {
			s := Strip{Tokens: []string{"a", "b", "c", "d", "e"}, Values: []float64{0, 0.4, 1, math.NaN()}, Palette: p}
			c := NewCanvas(5, 1)
			s.Draw(c, c.Bounds(), th)
			if p == nil {
				p = th.Sequential
			}
			for x, v := range s.Values[:3] {
				if got := c.Cell(x, 0).Style; th.Profile != NoColor && (got.BG != p.At(v) || !got.FG.Set()) {
					t.Errorf("%s: %v has style %+v, the palette says %v", name, v, got, p.At(v))
				}
			}
			for i := range 3 {
				for j := range i {
					if c.Cell(i, 0).Style == c.Cell(j, 0).Style {
						t.Errorf("%s: %v and %v look the same: %+v", name, s.Values[i], s.Values[j], c.Cell(i, 0).Style)
					}
				}
			}
			if c.Cell(3, 0).Style != (Style{}) || c.Cell(4, 0).Style != (Style{}) {
				t.Errorf("%s: a token without a value has style %+v", name, c.Cell(3, 0).Style)
			}
		}
	}
}

func stripText() (tokens []string, values []float64) {
	text := "The fox and the crow.\n\tA crow sat in a tree with a piece of cheese — “How beautiful you are!” said the fox.\n" +
		"狐狸与乌鸦。乌鸦叼着一块奶酪，停在树上；狐狸闻见了，便走到树下说：“您的羽毛多么漂亮！”\n"
	for i, r := range []rune(text) {
		tokens = append(tokens, string(r))
		values = append(values, 0.5+0.5*math.Sin(float64(i*i)))
	}
	tokens = append(tokens, "cab", "inet", "\xe5", "\u0301", "\x1b", "e\u0301")
	return tokens, append(values, 0.1, 0.9, 0.5, math.NaN(), 0.3, 1)
}

func TestStripGolden(t *testing.T) {
	golden(t, "strip", 18, func(c *Canvas, th *Theme) {
		w, _ := c.Size()
		tokens, values := stripText()
		cursor := 30
		s := Strip{Tokens: tokens, Values: values, Cursor: &cursor, Spaces: true}
		s.Draw(c, Rect{0, 0, w, 9}, th)
		s.Palette, s.Spaces, s.Cursor = th.Diverging, false, nil
		s.Draw(c, Rect{0, 9, w, 9}, th)
	})
}

// A strip that is drawn again allocates only where it shows what cannot be seen
// by its number.
func TestStripAllocations(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	tokens, values := stripText()
	s := Strip{Tokens: tokens[:len(tokens)-6], Values: values, Spaces: true}
	c := NewCanvas(80, 10)
	s.Draw(c, c.Bounds(), th)
	if n := testing.AllocsPerRun(20, func() { c.Reset(80, 10); s.Draw(c, c.Bounds(), th) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkStrip(b *testing.B) {
	th := NewTheme(DarkBackground, Options{})
	tokens, values := stripText()
	s := Strip{Tokens: tokens, Values: values, Spaces: true}
	for len(s.Tokens) < 5000 {
		s.Tokens, s.Values = append(s.Tokens, tokens...), append(s.Values, values...)
	}
	c := NewCanvas(120, 40)
	b.ReportAllocs()
	for b.Loop() {
		c.Reset(120, 40)
		s.Draw(c, c.Bounds(), th)
	}
}
