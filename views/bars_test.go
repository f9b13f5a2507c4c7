package views

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestBars(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		name string
		b    Bars
		w    int
		want string
	}{
		{"to an eighth of a cell", Bars{Max: 8, Rows: []Bar{{Value: 8}, {Value: 4}, {Value: 0.125}, {Value: 0.126}, {Value: 3.875}, {Value: 1e-9}, {}}}, 8, `
████████
████
▏
▏
███▉
▏
`},
		{"labels and notes line up", Bars{Rows: []Bar{{Label: "a", Value: 1, Note: ".5"}, {Label: "明月", Value: 0.5, Note: "0.25"}}}, 14, `
a    ████   .5
明月 ██   0.25`},
		{"a label too long", Bars{Rows: []Bar{{Label: "caterpillar", Value: 1}}}, 12, `
cat… ███████`},
		{"columns as asked for", Bars{LabelWidth: 2, Rows: []Bar{{Label: "caterpillar", Value: 1}}}, 7, `
c… ████`},
		{"no room for notes", Bars{Rows: []Bar{{Value: 1, Note: "0.12345"}}}, 9, `
█████████`},
		{"a larger second value", Bars{Max: 8, Rows: []Bar{{Value: 2.5, Ghost: 5}, {Ghost: 2}, {Value: 2, Ghost: 2.1}, {Value: 2, Ghost: 2.6}}}, 8, `
██▌░░
░░
██
██░`},
		{"next to no second value", Bars{Max: 8, Rows: []Bar{{Value: 8, Ghost: 0.4}, {Ghost: 1e-9}, {Ghost: 0.4}, {Ghost: 0.6}}}, 8, `
▏███████


░`},
		{"a smaller second value", Bars{Max: 8, Rows: []Bar{{Value: 6, Ghost: 3}}}, 8, `
███▏██`},
		{"the same second value, and none", Bars{Max: 8, Rows: []Bar{{Value: 2, Ghost: 2}, {Value: 2, Ghost: math.NaN()}}}, 8, `
██
██`},
		{"both sides of zero", Bars{Min: -4, Max: 4, Rows: []Bar{{Value: 2}, {Value: -3}, {Value: -2.5}, {Value: 2, Ghost: -2}, {Value: -1, Ghost: -2}, {Value: -3, Ghost: -2}}}, 8, `
    ██
 ███
 ▌██
  ░░██
  ░█
 ▕██`},
		{"beyond the scale", Bars{Max: 1, Rows: []Bar{{Value: 1e300}, {Value: math.Inf(1)}, {Value: -1}, {Value: math.NaN()}}}, 4, `
████
████

`},
		{"nothing to scale by", Bars{Rows: []Bar{{Label: "a"}, {Label: "b"}}}, 6, `
a
b`},
		{"from a row on", Bars{First: 1, Rows: []Bar{{Value: 2}, {Value: 1}}}, 4, `
██
`},
	} {
		rows := strings.Split(strings.TrimPrefix(tc.want, "\n"), "\n")
		c := NewCanvas(tc.w, len(rows))
		tc.b.Draw(c, c.Bounds(), th)
		if got := picture(c); got != strings.Join(rows, "\n") {
			t.Errorf("%s:\n%s\nwant%s", tc.name, got, tc.want)
		}
	}
}

// The ink of a bar is its value: eighths of cells, of which a reversed cell has
// those that its character leaves out.
func TestBarsAreInProportion(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	g := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		var b Bars
		most := 0.0
		for range 1 + g.IntN(10) {
			v := g.NormFloat64() * math.Pow(10, float64(g.IntN(5)))
			b.Rows = append(b.Rows, Bar{Value: v})
			most = max(most, math.Abs(v))
		}
		b.Min, b.Max = -most, most
		half := 1 + g.IntN(40)
		c := NewCanvas(2*half, len(b.Rows))
		b.Draw(c, c.Bounds(), th)
		for y, r := range b.Rows {
			var ink [2]float64 // left and right of zero
			for x := range 2 * half {
				cell := c.Cell(x, y)
				n := 0.0
				for i, e := range leftEighths {
					if cell.Text == string(e) {
						n = float64(i)
					}
				}
				if cell.Style.Attr&Reverse != 0 {
					n = 8 - n
				}
				ink[x/half] += n
			}
			want := math.Abs(r.Value) / most * 8 * float64(half)
			side, other := ink[1], ink[0]
			if r.Value < 0 {
				side, other = other, side
			}
			if other != 0 || math.Abs(side-want) > 0.5 && !(want < 0.5 && side == 1) {
				t.Fatalf("%v of %v in %d columns: %v eighths, want %v; on the other side %v", r.Value, most, half, side, want, other)
			}
		}
	}
}

func TestBarsMarkARow(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	c := NewCanvas(20, 2)
	Bars{Rows: []Bar{{Label: "a", Value: 1}, {Label: "b", Value: 1, Marked: true}}}.Draw(c, c.Bounds(), th)
	if c.Cell(0, 0).Style != th.Text || c.Cell(0, 1).Style != th.Cursor {
		t.Errorf("labels have styles %+v and %+v", c.Cell(0, 0).Style, c.Cell(0, 1).Style)
	}
}
