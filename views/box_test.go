package views

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestBox(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		name string
		b    Box
		w, h int
		want string
	}{
		{"title and note", Box{Title: "now", Note: "●"}, 14, 3, `
╭ now ──── ● ╮
│            │
╰────────────╯`},
		{"no title", Box{}, 5, 3, `
╭───╮
│   │
╰───╯`},
		{"a wide title that is cut", Box{Title: "隐藏状态", Note: "x"}, 11, 3, `
╭ 隐藏状… ╮
│         │
╰─────────╯`},
		{"no room for the note", Box{Title: "hidden", Note: "note"}, 15, 3, `
╭ hidden ─────╮
│             │
╰─────────────╯`},
		{"no room for a frame", Box{Title: "hidden"}, 9, 2, "\n\n"},
	} {
		c := NewCanvas(tc.w, tc.h)
		in := tc.b.Draw(c, c.Bounds(), th)
		if got := picture(c); got != strings.TrimPrefix(tc.want, "\n") {
			t.Errorf("%s:\n%s\nwant%s", tc.name, got, tc.want)
		}
		if want := c.Bounds().Inset(1); tc.h >= 3 && in != want {
			t.Errorf("%s: inside is %+v, want %+v", tc.name, in, want)
		}
	}
}

// everything is one of each view, by name, with data that is hard on it.
func everything(g *rand.Rand) map[string]func(c *Canvas, area Rect, th *Theme) {
	value := func() float64 {
		return [...]float64{g.NormFloat64(), math.NaN(), math.Inf(1), math.Inf(-1), 0, -1e300, 1e300, 1e-300, g.Float64()}[g.IntN(9)]
	}
	values := func() (out []float64) {
		for range g.IntN(200) {
			out = append(out, value())
		}
		return out
	}
	word := func() string { return nasty[g.IntN(len(nasty))] }
	maybe := func(n int) *int {
		if g.IntN(2) == 0 {
			return nil
		}
		i := g.IntN(n+2) - 1
		return &i
	}
	return map[string]func(c *Canvas, area Rect, th *Theme){
		"chart": func(c *Canvas, area Rect, th *Theme) {
			v := LineChart{
				X: Axis{Name: word(), Log: g.IntN(2) == 0, Whole: g.IntN(2) == 0}, Y: Axis{Log: g.IntN(2) == 0, Min: value(), Max: value()},
				Empty: word(),
			}
			for range g.IntN(4) {
				v.Series = append(v.Series, Series{Name: word(), X: values(), Y: values(), Shape: Shape(g.IntN(4))})
				v.References = append(v.References, Reference{Label: word(), Value: value(), Vertical: g.IntN(2) == 0})
				v.Marks = append(v.Marks, Mark{Label: word(), X: value(), Y: value()})
			}
			if x := value(); g.IntN(2) == 0 {
				v.Crosshair = &x
			}
			v.Draw(c, area, th)
		},
		"spark": func(c *Canvas, area Rect, th *Theme) {
			limit := value()
			Spark{Values: values(), Log: g.IntN(2) == 0, Zero: g.IntN(2) == 0, Limit: &limit, Cursor: maybe(100), Min: value(), Max: value()}.Draw(c, area, th)
		},
		"dial": func(c *Canvas, area Rect, th *Theme) {
			d := Dial{Min: 1, Max: 1 + math.Abs(value())}
			for range g.IntN(8) {
				d.Needles = append(d.Needles, Needle{Label: word(), Value: value()})
			}
			d.Draw(c, area, th)
		},
		"bars": func(c *Canvas, area Rect, th *Theme) {
			b := Bars{Min: value(), Max: value(), LabelWidth: max(g.IntN(20)-10, 0), First: g.IntN(4) - 1}
			for range g.IntN(8) {
				b.Rows = append(b.Rows, Bar{Label: word(), Note: word(), Value: value(), Ghost: value(), Marked: g.IntN(2) == 0})
			}
			b.Draw(c, area, th)
		},
		"strip": func(c *Canvas, area Rect, th *Theme) {
			s := Strip{Tokens: nasty, Values: values(), Spaces: g.IntN(2) == 0, Cursor: maybe(len(nasty)), Top: g.IntN(5) - 1}
			if g.IntN(2) == 0 {
				s.Palette = th.Diverging
			}
			s.Draw(c, area, th)
		},
		"slider": func(c *Canvas, area Rect, th *Theme) {
			Slider{Label: word(), Text: word(), Value: value(), Scale: Scale{value(), value(), g.IntN(2) == 0}, Focused: g.IntN(2) == 0}.Draw(c, area, th)
		},
		"box": func(c *Canvas, area Rect, th *Theme) {
			Box{Title: word(), Note: word(), Focused: g.IntN(2) == 0}.Draw(c, area, th)
		},
		"paragraph": func(c *Canvas, area Rect, th *Theme) { Paragraph(c, area, word(), th.Text) },
	}
}

// Whatever the data, the area and the terminal: nothing is drawn outside of the
// area, and the rows of the canvas keep their width.
func TestViewsStayInTheirArea(t *testing.T) {
	var all []*Theme
	for _, th := range themes() {
		all = append(all, th)
	}
	g := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		const w, h = 60, 20
		area := Rect{g.IntN(w+20) - 10, g.IntN(h+20) - 10, g.IntN(w + 10), g.IntN(h + 10)}
		if g.IntN(4) == 0 {
			area = Rect{g.IntN(w), g.IntN(h), g.IntN(5) - 1, g.IntN(5) - 1}
		}
		th := all[g.IntN(len(all))]
		for name, draw := range everything(g) {
			c := NewCanvas(w, h)
			c.Fill(c.Bounds(), '~', Style{})
			draw(c, area, th)
			for y := range h {
				for x := range w {
					if got := c.Cell(x, y); !area.Contains(x, y) && got != (Cell{"~", 1, Style{}}) {
						t.Fatalf("%s in %+v drew %+v at %d, %d", name, area, got, x, y)
					}
				}
			}
			checkRows(t, c)
			if t.Failed() {
				t.Fatalf("%s in %+v", name, area)
			}
			if c.clip != c.Bounds() {
				t.Fatalf("%s left a clip behind", name)
			}
		}
	}
}
