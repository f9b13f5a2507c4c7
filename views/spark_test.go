package views

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSpark(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		name string
		v    Spark
		w, h int
		want []string
	}{
		{"eight levels", Spark{Values: []float64{0, 1, 2, 3, 4, 5, 6, 7}}, 8, 1, []string{"▁▂▃▄▅▆▇█"}},
		{"two rows", Spark{Values: []float64{0, 7, 8, 15}}, 4, 2, []string{"  ▁█", "▁███"}},
		{"what is not finite is a space", Spark{Values: []float64{0, math.NaN(), math.Inf(1), 1}}, 4, 1, []string{"▁  █"}},
		{"fewer values than columns", Spark{Values: []float64{0, 1}}, 4, 1, []string{"▁█  "}},
		{"a fixed scale", Spark{Values: []float64{-5, 0, 7, 70}, Max: 7}, 4, 1, []string{"▁▁██"}},
		{"from zero", Spark{Values: []float64{7, 3.5}, Zero: true}, 2, 1, []string{"█▅"}},
		{"a logarithmic scale", Spark{Values: []float64{1, 10, 100, 0, -1}, Log: true}, 5, 1, []string{"▁▅█  "}},
		{"equal values", Spark{Values: []float64{3, 3}}, 2, 1, []string{"▅▅"}},
		{"peaks and dips of groups", Spark{Values: []float64{5, 5, 5, 9, 5, 5, 5, 2, 5, 5, 5, 5}}, 4, 1, []string{"▄█▁▄"}},
		{"no value", Spark{}, 2, 1, []string{"  "}},
	} {
		c := NewCanvas(tc.w, tc.h)
		tc.v.Draw(c, c.Bounds(), th)
		for y, want := range tc.want {
			if got := rowText(c, y); got != want {
				t.Errorf("%s: row %d is %q, want %q", tc.name, y, got, want)
			}
		}
	}
}

// One value that stands out, up or down, changes its column however many
// values share it.
func TestSparkNeverLosesASpike(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	g := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		n, w := 1+g.IntN(2000), 1+g.IntN(100)
		at := g.IntN(n)
		for _, spike := range []float64{0, 10} {
			v := Spark{Values: make([]float64, n), Max: 10}
			for i := range v.Values {
				v.Values[i] = 5 + 0.3*g.NormFloat64()
				if g.IntN(20) == 0 {
					v.Values[i] = math.NaN()
				}
			}
			v.Values[at] = spike
			c := NewCanvas(w, 1)
			v.Draw(c, c.Bounds(), th)
			row, want := []rune(rowText(c, 0)), '█'
			if spike == 0 {
				want = '▁'
			}
			x := at
			if n > w {
				x = at * w / n
			}
			if lo, hi := v.group(x, w); at < lo || at >= hi {
				x++
			}
			if x < w && row[x] != want {
				t.Fatalf("%v, number %d of %d, in %d columns: %q", spike, at, n, w, string(row))
			}
		}
	}
}

func TestSparkMarksLimitAndCursor(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	limit, cursor := 5.0, 1
	v := Spark{Values: []float64{1, 2, 6, 7}, Limit: &limit, Cursor: &cursor}
	c := NewCanvas(4, 1)
	v.Draw(c, c.Bounds(), th)
	for x, want := range []Style{th.Series[0], th.Cursor, th.Warn, th.Warn} {
		if got := c.Cell(x, 0).Style; got != want {
			t.Errorf("column %d has style %+v, want %+v", x, got, want)
		}
	}
	cursor = 3 // in a group
	c.Reset(2, 1)
	v.Draw(c, c.Bounds(), th)
	if c.Cell(1, 0).Style != th.Cursor || c.Cell(0, 0).Style == th.Cursor {
		t.Error("the cursor is not on the group that has its value")
	}
}

func TestSparkGroupsTakeEveryValueOnce(t *testing.T) {
	for n := 1; n < 60; n++ {
		for w := 1; w < 60; w++ {
			v, next := Spark{Values: make([]float64, n)}, 0
			for x := range min(n, w) {
				lo, hi := v.group(x, w)
				if lo != next || hi <= lo {
					t.Fatalf("%d values in %d columns: column %d has %d..%d, want from %d", n, w, x, lo, hi, next)
				}
				next = hi
			}
			if next != n {
				t.Fatalf("%d values in %d columns: %d are drawn", n, w, next)
			}
		}
	}
}

// gauges are the small views together, as they stand on the screens.
func gauges(words [8]string) func(c *Canvas, th *Theme) {
	return func(c *Canvas, th *Theme) {
		w, _ := c.Size()
		in := Box{Title: words[0], Note: words[1], Focused: true}.Draw(c, Rect{0, 0, w, 14}, th)
		Dial{Min: 1, Max: 63, Needles: []Needle{
			{Label: words[2] + " 63", Value: 63}, {Label: "3-gram 9.1", Value: 9.1}, {Label: "RNN 5.6", Value: 5.6}, {Label: "LSTM 4.9", Value: 4.9}, {Label: "GRU 4.9", Value: 4.9},
		}}.Draw(c, Rect{in.X, in.Y, in.W, 7}, th)
		Dial{Min: 1, Max: 63, Needles: []Needle{{Value: 5.07}}}.Draw(c, Rect{in.X, in.Y + 7, in.W, 1}, th)
		limit, cursor := 2.0, 20
		var norms []float64
		for i := range 150 {
			norms = append(norms, 1+0.5*math.Sin(float64(i)/7)+0.2*math.Sin(float64(i*i)))
		}
		norms[60] = 3
		norms[100], norms[101], norms[102], norms[103] = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		Spark{Values: norms, Zero: true, Limit: &limit, Cursor: &cursor}.Draw(c, Rect{in.X, in.Y + 8, in.W, 1}, th)
		for i, s := range []Slider{
			{Label: words[3], Text: "2e-3", Value: 2e-3, Scale: Scale{1e-5, 1, true}},
			{Label: words[4], Text: "5", Value: 5, Scale: Scale{0.1, 100, true}, Focused: true},
			{Label: words[5], Text: "0.80", Value: 0.8, Scale: Scale{0, 2, false}},
		} {
			s.LabelWidth, s.TextWidth = max(Width(words[3]), Width(words[5])), 5
			s.Draw(c, Rect{in.X, in.Y + 9 + i, in.W, 1}, th)
		}
		in = Box{Title: words[6]}.Draw(c, Rect{0, 14, w, 8}, th)
		Bars{Rows: []Bar{
			{Label: "e", Value: .41, Ghost: .31, Note: "0.410"}, {Label: "a", Value: .22, Ghost: .22, Note: "0.220", Marked: true}, {Label: "的", Value: .12, Ghost: .145, Note: "0.120"},
			{Label: "明月", Value: .07, Ghost: .125, Note: "0.070"}, {Label: "<unk>", Value: 1e-6, Ghost: 1e-4, Note: "1e-6"}, {Label: "b", Note: "0"}, {Label: "c", Note: "not shown"},
		}}.Draw(c, in, th)
		in = Box{Title: words[7]}.Draw(c, Rect{0, 22, w, 8}, th)
		Bars{Rows: []Bar{
			{Label: "cabinet", Value: 2.41, Ghost: 1, Note: "+2.41"}, {Label: "table", Value: 1.1, Note: "+1.10"}, {Label: "the", Value: -.12, Note: "-0.12", Style: th.Series[1]},
			{Label: "keys", Value: -1.07, Ghost: -.4, Note: "-1.07", Style: th.Series[1]}, {Label: "on", Value: -.5, Ghost: -1.5, Note: "-0.50", Style: th.Series[1]}, {Label: "are", Value: .3, Ghost: -.6, Note: "+0.30"},
		}}.Draw(c, in, th)
	}
}

func TestGaugesGolden(t *testing.T) {
	golden(t, "gauges", 30, gauges([8]string{"now", "● training", "uniform", "learning rate", "clip", "temperature", "next token, T=0.8", "LSTM or 3-gram"}))
	golden(t, "gauges-zh", 30, gauges([8]string{"现在", "● 训练中", "均匀分布", "学习率", "裁剪", "温度", "下一个词元，T=0.8", "LSTM 与三元文法"}))
}
