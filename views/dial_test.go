package views

import (
	"math"
	"strings"
	"testing"
)

// picture returns what a canvas shows, without styles.
func picture(c *Canvas) string {
	var rows []string
	_, h := c.Size()
	for y := range h {
		rows = append(rows, strings.TrimRight(rowText(c, y), " "))
	}
	return strings.Join(rows, "\n")
}

func TestDial(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		name string
		d    Dial
		w, h int
		want string
	}{
		{"one row", Dial{Min: 1, Max: 100, Needles: []Needle{{Value: 10}}}, 27, 1,
			"1 ├─────────▲─────────┤ 100"},
		{"two rows", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "ppl", Value: 10}}}, 21, 2, `
├─────────▲─────────┤
1         10      100`},
		{"a needle with its name", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "ppl 10", Value: 10}}}, 21, 3, `
          ╭ ppl 10
├─────────┴─────────┤
1         10      100`},
		{"names beside and above each other", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "aaaa", Value: 10}, {Label: "bbbb", Value: 20}, {Label: "cc", Value: 100}}}, 21, 5, `
          ╭ aaaa
          │  ╭ bbbb
          │  │   cc ╮
├─────────┴──┴──────┴
1         10      100`},
		{"two in one column", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "a", Value: 10}, {Label: "b", Value: 10.1}}}, 21, 4, `
          ╭ b
          ├ a
├─────────┴─────────┤
1         10      100`},
		{"no room for a name", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "a name too long for the dial", Value: 10}}}, 21, 3, `

├─────────▲─────────┤
1         10      100`},
		{"beyond the ends, and nowhere", Dial{Min: 1, Max: 100, Needles: []Needle{{Value: 1e9}, {Value: 0.1}, {Value: math.NaN()}, {Value: -3}}}, 21, 2, `
▲─────────┬─────────▲
1         10      100`},
		{"wide characters", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "均匀", Value: 100}, {Label: "循环", Value: 25}}}, 21, 4, `
              ╭ 循环
              │均匀 ╮
├─────────┬───┴─────┴
1         10      100`},
		{"a line that would cross a name", Dial{Min: 1, Max: 100, Needles: []Needle{{Label: "均匀", Value: 100}, {Label: "循环", Value: 30}}}, 21, 4, `

               均匀 ╮
├─────────┬────▲────┴
1         10      100`},
		{"not a scale", Dial{Min: 0, Max: 100}, 21, 1, ""},
	} {
		c := NewCanvas(tc.w, tc.h)
		tc.d.Draw(c, c.Bounds(), th)
		if got := picture(c); got != strings.TrimPrefix(tc.want, "\n") {
			t.Errorf("%s:\n%s\nwant\n%s", tc.name, got, tc.want)
		}
	}
}
