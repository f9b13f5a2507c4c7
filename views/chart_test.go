package views

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"rnnscope/core/scope"
)

var gap = math.NaN() // a value that is not there

// lossChart is a run of n updates as the train screen shows it.
func lossChart(n int, words [7]string, t *Theme) *LineChart {
	g := rand.New(rand.NewPCG(1, 1))
	curve := scope.NewCurve(256)
	var vx, vy []float64
	for i := 1; i <= n; i++ {
		x := float64(i) / float64(n)
		loss := 1.5 + 2.6*math.Exp(-12*x) + 0.06*g.NormFloat64()
		if i == n*7/10 {
			loss = 3.4
		}
		curve.Add(int64(i), loss)
		if i%max(n/12, 1) == 0 {
			vx, vy = append(vx, float64(i)), append(vy, 1.6+2.6*math.Exp(-11*x)+0.3*x*x)
		}
	}
	sx, sy := Smooth(curve.Buckets, 50, nil, nil)
	best := 0
	for i := range vy {
		if vy[i] < vy[best] {
			best = i
		}
	}
	return &LineChart{
		X: Axis{Name: words[0], Whole: true},
		Series: []Series{
			{Name: words[1], Curve: curve.Buckets, Shape: Points, Style: t.Dim},
			{Name: words[2], X: sx, Y: sy, Style: t.Series[0]},
			{Name: words[3], X: vx, Y: vy, Style: t.Series[1]},
		},
		References: []Reference{{Label: words[4], Value: math.Log(63)}, {Label: words[5], Value: 2.2}},
		Marks:      []Mark{{Label: words[6], X: vx[best], Y: vy[best], Style: t.Good}},
	}
}

var (
	english = [7]string{"update", "each update", "train", "valid", "uniform, ln V = 4.14", "3-gram", "best"}
	chinese = [7]string{"更新次数", "每次更新", "训练集", "验证集", "均匀分布，ln V = 4.14", "三元文法", "最佳"}
)

// gradientChart is the gradient of earlier hidden states on a logarithmic axis,
// of which one vanishes and one is missing in part.
func gradientChart() *LineChart {
	var lag, rnn, gru, lstm []float64
	for k := range 50 {
		x := float64(k)
		lag = append(lag, x)
		rnn = append(rnn, math.Pow(0.6, x))
		gru = append(gru, math.Pow(0.85, x)*(1+0.2*math.Sin(x)))
		lstm = append(lstm, math.Pow(0.97, x))
		if k >= 20 && k < 25 {
			gru[k] = gap
		}
		if k >= 44 {
			rnn[k] = 0
		}
	}
	return &LineChart{
		X: Axis{Name: "k", Whole: true}, Y: Axis{Log: true},
		Series:     []Series{{Name: "RNN", X: lag, Y: rnn}, {Name: "GRU", X: lag, Y: gru}, {Name: "LSTM", X: lag, Y: lstm, Shape: Dashed}},
		References: []Reference{{Label: "k=20", Value: 20, Vertical: true, Style: Style{Attr: Bold}}},
	}
}

func TestChartGolden(t *testing.T) {
	golden(t, "chart", 54, func(c *Canvas, th *Theme) {
		w, _ := c.Size()
		lossChart(1840, english, th).Draw(c, Rect{0, 0, w, 18}, th)
		v := lossChart(20000, chinese, th)
		v.X.Log = true
		x := 3000.0
		v.Crosshair = &x
		v.Draw(c, Rect{0, 18, w, 18}, th)
		gradientChart().Draw(c, Rect{0, 36, w, 11}, th)
		empty := LineChart{X: Axis{Name: "update"}, Series: []Series{{Name: "train"}}, Empty: "The loss of each update will be drawn here."}
		empty.Draw(c, Rect{0, 47, w, 7}, th)
	})
}

// A value that stands out of its neighbours is drawn where it belongs, however
// many values share its column, in whatever shape and record.
func TestChartNeverLosesASpike(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	g := rand.New(rand.NewPCG(2, 2))
	for round := range 400 {
		n := 1 + g.IntN(3000)
		at, spike := g.IntN(n), []float64{1.2, 9.5}[g.IntN(2)]
		var x, y []float64
		curve := scope.NewCurve(2 * (1 + g.IntN(200)))
		for i := range n {
			v := 5 + 0.1*g.NormFloat64()
			if i == at {
				v = spike
			}
			x, y = append(x, float64(i+1)), append(y, v)
			curve.Add(int64(i+1), v)
		}
		shape := Shape(g.IntN(4))
		s := Series{Shape: shape, X: x, Y: y}
		if round%2 == 0 {
			s = Series{Shape: shape, Curve: curve.Buckets}
		}
		v := LineChart{
			Y:      Axis{Min: 1, Max: 10, Log: g.IntN(2) == 0},
			X:      Axis{Log: g.IntN(2) == 0},
			Series: []Series{s, {X: x, Y: make([]float64, n)}},
			References: []Reference{
				{Label: strings.Repeat("a label ", g.IntN(6)), Value: spike}, {Label: "another", Value: 9.3}, {Label: "one more", Value: x[at], Vertical: true},
			},
		}
		for i := range v.Series[1].Y {
			v.Series[1].Y[i] = 5 // a smoothed line over the points
		}
		c := NewCanvas(20+g.IntN(80), 6+g.IntN(20))
		p := v.Draw(c, c.Bounds(), th)
		place := x[at]
		if s.Curve != nil {
			for _, b := range s.Curve {
				if b.Min == spike || b.Max == spike {
					place = float64(b.First) + float64(b.Count-1)/2
				}
			}
		}
		dx, dy := int(p.dotX(place)), int(p.dotY(spike))
		cell := []rune(c.Cell(p.Area.X+dx/2, p.Area.Y+dy/4).Text)[0]
		if cell < 0x2800 || cell >= 0x2900 || uint8(cell)&dotBit[dy%4][dx%2] == 0 {
			t.Fatalf("round %d: value %v, number %d of %d, shape %d: its cell shows %c\n%s", round, spike, at, n, shape, cell, c.Render(Options{Profile: NoColor}))
		}
	}
}

func TestChartNaNIsAGap(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, hole := range []float64{gap, math.Inf(1), math.Inf(-1)} {
		for _, shape := range []Shape{Solid, Dashed, Dotted, Points} {
			v := LineChart{Series: []Series{{X: []float64{0, 1, 2, 3, 4, 5, 6}, Y: []float64{1, 2, hole, hole, 2, hole, 3}, Shape: shape}}}
			c := NewCanvas(60, 12)
			p := v.Draw(c, c.Bounds(), th)
			if p.Y.Min != 1 || p.Y.Max != 3 {
				t.Errorf("%v widened the axis to %v..%v", hole, p.Y.Min, p.Y.Max)
			}
			for x := range v.lines.w {
				ink := false
				for y := range v.lines.h {
					ink = ink || v.lines.mask[y*v.lines.w+x]|v.points.mask[y*v.lines.w+x] != 0
				}
				vx, _ := p.Values(p.Area.X+x, p.Area.Y)
				if between := vx > 1.1 && vx < 3.9 || vx > 4.1 && vx < 5.9; ink && between {
					t.Errorf("hole %v, shape %d: ink at %v", hole, shape, vx)
				}
			}
			for i, y := range []float64{1, 2, gap, gap, 2, gap, 3} {
				if math.IsNaN(y) {
					continue
				}
				if dx, dy := int(p.dotX(float64(i))), int(p.dotY(y)); v.lines.mask[dy/4*v.lines.w+dx/2]|v.points.mask[dy/4*v.lines.w+dx/2] == 0 {
					t.Errorf("hole %v, shape %d: point %d is missing", hole, shape, i)
				}
			}
		}
	}
}

// At any width there are numbers, they stand apart, and each says what its tick
// is.
func TestChartNumbersStandBelowTheirTicks(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, to := range []float64{0.0009, 9, 1840, 9999} {
		for _, name := range []string{"", "update", "更新次数"} {
			for w := 16; w < 130; w++ {
				v := LineChart{X: Axis{Name: name, Whole: to > 1}, Series: []Series{{X: []float64{0, to}, Y: []float64{0, 1}}}}
				c := NewCanvas(w, 10)
				p := v.Draw(c, c.Bounds(), th)
				line, row := []rune(rowText(c, 8)), rowText(c, 9)
				row, named := strings.CutSuffix(row, name)
				if !named && w > 40 {
					t.Errorf("%d columns: no %s in %q", w, name, row)
				}
				numbers := strings.Fields(row)
				if len(numbers) == 0 {
					t.Errorf("%d columns to %v: no numbers: %q", w, to, row)
				}
				for x := range line {
					if line[x] != '┬' {
						continue
					}
					if len(numbers) == 0 {
						t.Fatalf("%d columns to %v: more ticks than numbers: %q over %q", w, to, string(line), row)
					}
					got, err := strconv.ParseFloat(strings.ReplaceAll(numbers[0], ",", ""), 64)
					if vx, _ := p.Values(x, 0); err != nil || math.Abs(got-vx) > to/float64(p.Area.W) {
						t.Fatalf("%d columns to %v: %s stands below %v: %q", w, to, numbers[0], vx, row)
					}
					numbers = numbers[1:]
				}
				if len(numbers) > 0 {
					t.Fatalf("%d columns to %v: numbers without ticks: %q over %q", w, to, string(line), row)
				}
			}
		}
	}
}

// A point without a place on one axis does not widen the other.
func TestChartFitsWhatIsShown(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	v := LineChart{Y: Axis{Log: true}, Series: []Series{{X: []float64{-9, 1, 2, 3, 9}, Y: []float64{gap, 1, 10, 100, 0}}}}
	c := NewCanvas(40, 10)
	if p := v.Draw(c, c.Bounds(), th); p.X != (Scale{1, 3, false}) || p.Y != (Scale{1, 100, true}) {
		t.Errorf("the axes are %+v and %+v", p.X, p.Y)
	}
	v.References = []Reference{{Value: 1000}, {Value: 7, Vertical: true}, {Value: 1e9, Loose: true}, {Value: 99, Vertical: true, Loose: true}}
	if p := v.Draw(c, c.Bounds(), th); p.X != (Scale{1, 7, false}) || p.Y != (Scale{1, 1000, true}) {
		t.Errorf("with references the axes are %+v and %+v", p.X, p.Y)
	}
}

// A cell has one colour, and a line takes it; the dots of points are still seen.
func TestChartLineAndPointsShareACell(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	x := []float64{0, 1}
	v := LineChart{
		X: Axis{Max: 1}, Y: Axis{Max: 3}, // one row of cells: 3 is its top, 0 its bottom
		Series: []Series{{X: x, Y: []float64{3, 3}, Shape: Points}, {X: x, Y: []float64{0, 0}}},
	}
	c := NewCanvas(3, 1)
	v.Draw(c, c.Bounds(), th)
	if got := rowText(c, 0); got != "⣁⣀⣈" {
		t.Errorf("got %s, want ⣁⣀⣈", got)
	}
	for x := range 3 {
		if got := c.Cell(x, 0).Style; got != th.Series[1] {
			t.Errorf("cell %d has style %+v, want the line's", x, got)
		}
	}
}

func TestChartLabelsHideNoPoint(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	g := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		var x, y []float64
		for i := range 1 + g.IntN(300) {
			x, y = append(x, float64(i)), append(y, g.NormFloat64())
		}
		v := LineChart{
			Series: []Series{{X: x, Y: y, Shape: Shape(g.IntN(4))}},
			X:      Axis{Min: -5, Max: 320}, Y: Axis{Min: -4, Max: 4},
		}
		bare := NewCanvas(10+g.IntN(100), 3+g.IntN(30))
		v.Draw(bare, bare.Bounds(), th)
		for range 5 {
			v.References = append(v.References, Reference{Label: "最好的 n 元文法 best"[g.IntN(20):], Value: g.NormFloat64()})
			v.References = append(v.References, Reference{Label: "k = 20", Value: float64(g.IntN(300)), Vertical: true})
		}
		w, h := bare.Size()
		full := NewCanvas(w, h)
		p := v.Draw(full, full.Bounds(), th)
		for cy := range p.Area.H {
			for cx := range p.Area.W {
				a, b := bare.Cell(p.Area.X+cx, p.Area.Y+cy), full.Cell(p.Area.X+cx, p.Area.Y+cy)
				if a.Text != " " && a != b {
					t.Fatalf("%+v became %+v at %d, %d", a, b, cx, cy)
				}
			}
		}
	}
}

func TestChartWindow(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	v := LineChart{
		X: Axis{Min: 10, Max: 20}, Y: Axis{Min: 0, Max: 1},
		Series: []Series{{X: []float64{0, 30}, Y: []float64{-1, 2}}, {X: []float64{5, 15, 25}, Y: []float64{0.2, 5, 0.2}, Shape: Points}},
	}
	c := NewCanvas(41, 12)
	p := v.Draw(c, c.Bounds(), th)
	if p.X != (Scale{10, 20, false}) || p.Y != (Scale{0, 1, false}) {
		t.Errorf("the window is %+v", p)
	}
	for at, q := range v.points.mask {
		if q != 0 {
			t.Errorf("cell %d has a point from outside of the window", at)
		}
	}
	for dot := range lit(&v.lines) {
		if want := p.dotY(-1 + p.X.Value(float64(dot[0])/float64(2*p.Area.W-1))/10); math.Abs(want-float64(dot[1])) > 1 {
			t.Errorf("dot %v, the line is at row %v", dot, want)
		}
	}
	if n := len(lit(&v.lines)); n < 2*p.Area.W-2 {
		t.Errorf("%d dots of a line through a plot of %d columns", n, 2*p.Area.W)
	}
	// Without a window of its own, the vertical axis shows what is in the other's.
	v.Y = Axis{}
	if p = v.Draw(c, c.Bounds(), th); p.Y.Max != 5.5 || p.Y.Min != 4.5 {
		t.Errorf("around the only value shown, 5, the axis is %+v", p.Y)
	}
}

func TestChartCrosshair(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		x    float64
		want string
	}{
		{2.2, "update 2.200   ── a 20   ── b 0.4000   ·· c 1–2"},
		{-7, "update -7   ── a 10   ── b 0.3000   ·· c 1–2"},
		{99, "update 99   ── a NaN   ── b 0.4000   ·· c 3–4"},
	} {
		v := LineChart{
			X: Axis{Name: "update"},
			Series: []Series{
				{Name: "a", X: []float64{1, 2, 3}, Y: []float64{10, 20, gap}},
				{Name: "b", X: []float64{1, 3}, Y: []float64{0.3, 0.4}},
				{Name: "c", Curve: []scope.Bucket{{First: 1, Count: 2, Min: 1, Mean: 1.5, Max: 2}, {First: 3, Count: 2, Min: 3, Mean: 3.5, Max: 4}}, Shape: Points},
			},
			Crosshair: &tc.x,
		}
		c := NewCanvas(70, 12)
		v.Draw(c, c.Bounds(), th)
		if got := strings.TrimRight(rowText(c, 0), " "); got != tc.want {
			t.Errorf("at %v: %q, want %q", tc.x, got, tc.want)
		}
		c.Reset(40, 6) // room for one row of 40 columns: points are left out, not lines
		v.Draw(c, c.Bounds(), th)
		if got, want := strings.TrimRight(rowText(c, 0), " "), tc.want[:strings.Index(tc.want, "   ··")]; got != want {
			t.Errorf("in a narrow chart at %v: %q, want %q", tc.x, got, want)
		}
	}
}

// Without colours lines are told apart by their dashes, and the legend says
// which is which.
func TestChartWithoutColoursHasDashes(t *testing.T) {
	th := NewTheme(DarkBackground, Options{Profile: NoColor})
	x := []float64{0, 1}
	v := LineChart{Series: []Series{{Name: "p", X: x, Y: x, Shape: Points}, {Name: "a", X: x, Y: []float64{1, 1}}, {Name: "b", X: x, Y: []float64{2, 2}}, {Name: "c", X: x, Y: []float64{3, 3}}}}
	c := NewCanvas(60, 14)
	v.Draw(c, c.Bounds(), th)
	if got, want := strings.TrimRight(rowText(c, 0), " "), "── a   ╌╌ b   ┈┈ c   ·· p"; got != want {
		t.Errorf("legend %q, want %q", got, want)
	}
	count := map[int]int{}
	for dot := range lit(&v.lines) {
		count[dot[1]]++
	}
	seen := map[int]bool{}
	for row, n := range count {
		if seen[n] {
			t.Errorf("two lines have %d dots (row %d)", n, row)
		}
		seen[n] = true
	}
	if len(count) != 3 {
		t.Errorf("dots in %d rows, want 3: %v", len(count), count)
	}
	v.Series = []Series{{Name: "a", Shape: Dotted}, {Name: "b", Shape: Dotted}, {Name: "c", Shape: Dashed}, {Name: "d"}, {Name: "e"}}
	for i, want := range []Shape{Dotted, DashDotted, Dashed, Solid} {
		if got := v.shape(i, th); got != want {
			t.Errorf("line %d of two dotted, one dashed and one solid: shape %d, want %d", i, got, want)
		}
	}
	th.ASCII = true
	c.Reset(60, 14)
	v.Series[0].X, v.Series[0].Y = x, x
	v.Draw(c, c.Bounds(), th)
	if got, want := strings.TrimRight(rowText(c, 0), " "), ".. a   -. b   -- c   == d"; !strings.HasPrefix(got, want) {
		t.Errorf("in ASCII: legend %q, want %q", got, want)
	}
}

func TestPlotThereAndBack(t *testing.T) {
	for _, log := range []bool{false, true} {
		p := Plot{Rect{7, 3, 50, 12}, Scale{1, 1000, log}, Scale{1, 5, false}}
		for x := 7; x < 57; x++ {
			vx, _ := p.Values(x, 3)
			if got, ok := p.Column(vx); got != x || !ok {
				t.Errorf("log %v: column %d is %v, which is in column %d", log, x, vx, got)
			}
		}
		for y := 3; y < 15; y++ {
			_, vy := p.Values(7, y)
			if row := math.Round((1 - p.Y.At(vy)) * 47); int(row)/4 != y-3 {
				t.Errorf("row %d is %v, which is in row %v", y, vy, 3+int(row)/4)
			}
		}
		if _, ok := p.Column(-20); ok {
			t.Error("-20 is shown on an axis from 1")
		}
	}
}

// Smooth of buckets of one update is the running average, element by element.
func TestSmooth(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	var curve []scope.Bucket
	var want []float64
	const n = 20
	m, seen := 0.0, 0.0
	for i := range 200 {
		v := g.NormFloat64()
		b := scope.Bucket{First: int64(i + 1), Count: 1, Min: v, Mean: v, Max: v}
		if i%50 == 10 {
			b = scope.Bucket{First: int64(i + 1), Count: 1, Bad: 1, Min: gap, Mean: gap, Max: gap}
			want = append(want, gap)
		} else {
			seen++
			m += max(1.0/n, min(1, 5/seen)) * (v - m)
			want = append(want, m)
		}
		curve = append(curve, b)
	}
	x, y := Smooth(curve, n, nil, nil)
	for i := range want {
		if x[i] != float64(i+1) || math.Abs(y[i]-want[i]) > 1e-12 || math.IsNaN(y[i]) != math.IsNaN(want[i]) {
			t.Fatalf("update %v: %v, want %v", x[i], y[i], want[i])
		}
	}
	// Many equal updates in one bucket are worth as many buckets of one.
	ten := []scope.Bucket{{First: 1, Count: 1, Mean: 3}, {First: 2, Count: 150, Mean: 1}}
	one := ten[:1:1]
	for i := range 150 {
		one = append(one, scope.Bucket{First: int64(2 + i), Count: 1, Mean: 1})
	}
	_, a := Smooth(ten, n, nil, nil)
	_, b := Smooth(one, n, nil, nil)
	if math.Abs(a[1]-b[150]) > 1e-12 {
		t.Errorf("a bucket of many gives %v, as many of one %v", a[1], b[150])
	}
}

// A chart that is drawn again needs new memory for the numbers of its axes
// only.
func TestChartAllocations(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	v := lossChart(20000, english, th)
	c := NewCanvas(120, 20)
	n := testing.AllocsPerRun(20, func() {
		c.Reset(120, 20)
		v.Draw(c, c.Bounds(), th)
	})
	if n > chartAllocations {
		t.Errorf("%v allocations, want at most %d", n, chartAllocations)
	}
}

const chartAllocations = 120 // about four a number tried for the axes

func BenchmarkChart(b *testing.B) {
	th := NewTheme(DarkBackground, Options{})
	for _, size := range [][2]int{{80, 12}, {120, 20}, {200, 40}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			v := lossChart(50000, english, th)
			c := NewCanvas(size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				c.Reset(size[0], size[1])
				v.Draw(c, c.Bounds(), th)
			}
		})
	}
}

// More lines than there are shapes are told apart by letters where there are no
// colours: each has a sample of its own in the legend, and its letter on the line.
func TestLinesBearLetters(t *testing.T) {
	for _, o := range []Options{{Profile: NoColor}, {Profile: NoColor, ASCII: true}, {Profile: TrueColor}} {
		th := NewTheme(DarkBackground, o)
		v := LineChart{}
		for i, name := range []string{"0.8^k", "0.9^k", "at the start", "cell", "RNN", "GRU", "LSTM", "RNN too", "now"} {
			shape := []Shape{Dotted, DashDotted, Dashed, Dotted, Dashed, Dotted, DashDotted, Dashed, Solid}[i]
			v.Series = append(v.Series, Series{Name: name, Shape: shape, X: []float64{0, 100}, Y: []float64{float64(i), float64(i) + 1}})
		}
		c := NewCanvas(100, 30)
		p := v.Draw(c, c.Bounds(), th)
		samples := map[string]bool{}
		for i := range v.Series {
			sample := samplesOf(th)[v.shape(i, th)]
			samples[v.lettered(sample, i)] = true
		}
		if o.Profile != NoColor {
			if strings.Trim(string(v.letters), "\x00") != "" {
				t.Errorf("with colours there are the letters %q", string(v.letters))
			}
			continue
		}
		if len(samples) != len(v.Series) {
			t.Errorf("ASCII %v: %d lines have only the samples %v", o.ASCII, len(v.Series), samples)
		}
		if got, want := string(v.letters), "\x00\x00\x00cRGLa\x00"; got != want {
			t.Errorf("the letters are %q, want %q", got, want)
		}
		for i, letter := range v.letters {
			if letter == 0 {
				continue
			}
			seen := 0
			for y := range p.Area.H {
				for x := range p.Area.W {
					if c.Cell(p.Area.X+x, p.Area.Y+y).Text == string(letter) {
						seen++
						if at := y*p.Area.W + x; int(v.lines.pen[at]) != i {
							t.Errorf("%c stands on line %d", letter, v.lines.pen[at])
						}
					}
				}
			}
			if seen < 2 {
				t.Errorf("%c is on its line %d times:\n%s", letter, seen, c.Render(o))
			}
		}
	}
}
