package views

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var (
	nan   = float32(math.NaN())
	words = HeatmapWords{Local: "scale of this map", Global: "scale of all maps", Units: "%d units a cell", Steps: "%d steps a cell", NotFinite: "%d not finite", Beyond: "%d beyond the scale"}
)

// randomMatrix returns rows by columns of normal values, time-major or not.
func randomMatrix(r *rand.Rand, rows, cols int) Matrix {
	data := make([]float32, rows*cols)
	for i := range data {
		data[i] = float32(r.NormFloat64())
	}
	if r.IntN(2) == 0 && rows > 0 {
		return TimeMajor(data, rows)
	}
	return Matrix{Data: data, Rows: rows, Cols: cols, RowStride: cols, ColStride: 1}
}

// reference says what a heatmap of two values a cell must look like: for each
// cell of an area, by the definition, the value of largest magnitude of the
// units and steps that fall into each half.
func reference(h *Heatmap, order []int, from, to, gutter int, area Rect, dx, half int) (v float32, ok bool) {
	room, slots := area.W-gutter, area.H*2
	units, steps := (len(order)+slots-1)/slots, (to-from+room-1)/room
	for i, row := range order {
		for col := from; col < to; col++ {
			if i/units != half || (col-from)/steps != dx {
				continue
			}
			if x := h.Data[row*h.RowStride+col*h.ColStride]; !ok || math.Abs(float64(x)) > math.Abs(float64(v)) {
				v, ok = x, true
			}
		}
	}
	return v, ok
}

func TestHeatmapShowsTheLargestMagnitude(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	th := NewTheme(DarkBackground, Options{})
	for range 60 {
		m := randomMatrix(r, 1+r.IntN(40), 1+r.IntN(60))
		h := &Heatmap{Matrix: m, Min: -2, Max: 2}
		if r.IntN(2) == 0 {
			h.Min, h.Max = 0, 0
		}
		order := r.Perm(m.Rows)[:1+r.IntN(m.Rows)]
		h.Order = order
		h.From = r.IntN(m.Cols)
		h.To = h.From + 1 + r.IntN(m.Cols-h.From)
		area := Rect{2, 1, 10 + r.IntN(30), 1 + r.IntN(12)}
		c := NewCanvas(50, 16)
		read := h.Draw(c, area, th)
		top := read.Max
		if h.Max == 0 {
			top = 0
			for _, row := range order {
				for col := h.From; col < h.To; col++ {
					top = max(top, math.Abs(float64(m.Data[row*m.RowStride+col*m.ColStride])))
				}
			}
		}
		if read.Max != top || read.Min != -top {
			t.Fatalf("scale %v to %v, want ±%v", read.Min, read.Max, top)
		}
		largest := 0
		for _, row := range order {
			largest = max(largest, row)
		}
		gutter := len(fmt.Sprint(largest)) + 1
		for dy := range area.H {
			for dx := range area.W - gutter {
				style := c.Cell(area.X+gutter+dx, area.Y+dy).Style
				colors := [2]Color{style.FG, style.BG}
				if !colors[0].Set() {
					colors[0] = colors[1] // a blank of one colour
				}
				for half, got := range colors {
					v, ok := reference(h, order, h.From, h.To, gutter, area, dx, dy*2+half)
					var want Color
					if ok {
						want = th.Diverging.At((float64(v) + top) / (2 * top))
					}
					if got != want {
						t.Fatalf("%d units, steps %d to %d, area %v: cell %d,%d half %d is %06x, want %06x for %v", len(order), h.From, h.To, area, dx, dy, half, uint32(got), uint32(want), v)
					}
				}
			}
		}
	}
}

// One value that is larger than all others shows, wherever it is and however
// many share its cell; so does a NaN, and it changes nothing else.
func TestHeatmapLosesNoSpikeAndNoNaN(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for _, th := range themes() {
		for range 30 {
			m := randomMatrix(r, 1+r.IntN(90), 1+r.IntN(200))
			for i := range m.Data {
				m.Data[i] = float32(math.Tanh(float64(m.Data[i]))) * 0.1
			}
			area := Rect{0, 0, 40, 8}
			draw := func() (string, Reading) {
				c := NewCanvas(40, 8)
				h := Heatmap{Matrix: m, Min: -1, Max: 1, Axis: true}
				read := h.Draw(c, area, th)
				return c.Render(th.Options), read
			}
			before, _ := draw()
			i := r.IntN(len(m.Data))
			old := m.Data[i]
			m.Data[i] = 1
			if spike, _ := draw(); spike == before {
				t.Errorf("a spike at %d of %dx%d changes nothing", i, m.Rows, m.Cols)
			}
			m.Data[i] = nan
			shown, read := draw()
			if strings.Count(shown, "x") != strings.Count(before, "x")+1 || read.NotFinite != 1 || read.Max != 1 {
				t.Errorf("a NaN at %d of %dx%d does not show once: %+v", i, m.Rows, m.Cols, read)
			}
			m.Data[i] = old
		}
	}
}

func TestHeatmapScale(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, tc := range []struct {
		name                    string
		data                    []float32
		min, max                float64
		sequential              bool
		wantMin, wantMax        float64
		local                   bool
		wantBad, wantBeyond     int
		palette0, paletteOfLast uint8 // entries of the first and last value
	}{
		{"global", []float32{-1, 0.5}, -1, 1, false, -1, 1, false, 0, 0, 0, 191},
		{"global, beyond it", []float32{-3, 5, 0}, -1, 1, false, -1, 1, false, 0, 2, 0, 128},
		{"local with a sign", []float32{-4, 2}, 0, 0, false, -4, 4, true, 0, 0, 0, 191},
		{"local magnitudes start at zero", []float32{1, 4}, 0, 0, true, 0, 4, true, 0, 0, 64, 255},
		{"local, below zero", []float32{-6, -2}, 0, 0, true, -6, -2, true, 0, 0, 0, 255},
		{"all zero", []float32{0, 0}, 0, 0, false, -1, 1, true, 0, 0, 128, 128},
		{"all zero, magnitudes", []float32{0, 0}, 0, 0, true, 0, 1, true, 0, 0, 0, 0},
		{"NaN and infinity do not poison it", []float32{-2, nan, inf, -inf, 2}, 0, 0, false, -2, 2, true, 3, 0, 0, 255},
		{"all NaN", []float32{nan, nan}, 0, 0, false, -1, 1, true, 2, 0, 0, 0},
		{"a scale of NaN is local", []float32{-2, 2}, math.NaN(), 1, false, -2, 2, true, 0, 0, 0, 255},
		{"an infinite scale is local", []float32{-2, 2}, math.Inf(-1), math.Inf(1), false, -2, 2, true, 0, 0, 0, 255},
		{"an inverted scale is local", []float32{-2, 2}, 1, -1, false, -2, 2, true, 0, 0, 0, 255},
		{"the largest floats", []float32{-math.MaxFloat32, math.MaxFloat32}, 0, 0, false, -math.MaxFloat32, math.MaxFloat32, true, 0, 0, 0, 255},
	} {
		th := NewTheme(DarkBackground, Options{})
		h := Heatmap{Matrix: Matrix{tc.data, 1, len(tc.data), 0, 1}, Min: tc.min, Max: tc.max}
		if tc.sequential {
			h.Palette = th.Sequential
		}
		c := NewCanvas(20, 1)
		read := h.Draw(c, c.Bounds(), th)
		if read.Min != tc.wantMin || read.Max != tc.wantMax || read.Local != tc.local || read.NotFinite != tc.wantBad || read.Beyond != tc.wantBeyond {
			t.Errorf("%s: %+v", tc.name, read)
		}
		p := h.palette(th)
		for x, k := range map[int]uint8{2: tc.palette0, 1 + len(tc.data): tc.paletteOfLast} {
			if got := c.Cell(x, 0); got.Text != "x" && got.Style.FG != p.Colors[k] {
				t.Errorf("%s: cell %d is %06x, want entry %d, %06x", tc.name, x, uint32(got.Style.FG), k, uint32(p.Colors[k]))
			}
		}
	}
}

// Nothing is drawn outside of the area, and the map itself is made of ASCII and
// block characters: a wide one makes a renderer repaint the row.
func TestHeatmapKeepsToItsArea(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for name, th := range themes() {
		for range 40 {
			m := randomMatrix(r, r.IntN(30), r.IntN(40))
			h := Heatmap{Matrix: m, Axis: r.IntN(2) == 0, Widest: r.IntN(4), Sweep: r.IntN(2) == 0, Newest: r.IntN(50),
				Cursor: HeatmapCursor{r.IntN(2) == 0, r.IntN(40) - 5, r.IntN(50) - 5}}
			if r.IntN(2) == 0 {
				h.Labels = make([]string, m.Rows)
				for i := range h.Labels {
					h.Labels[i] = []string{"床", "unit 1", ""}[i%3]
				}
			}
			area := Rect{r.IntN(20) - 5, r.IntN(10) - 3, r.IntN(30), r.IntN(10)}
			c := NewCanvas(24, 10)
			before := *c
			read := h.Draw(c, area, th)
			if c.clip != before.clip {
				t.Fatal("the clip is not restored")
			}
			checkRows(t, c)
			gutter := h.layout(area, th).gutter
			for y := range 10 {
				for x := range 24 {
					cell := c.Cell(x, y)
					inside := area.Contains(x, y) && y < area.Y+read.Rows
					if !inside && cell != (Cell{Text: " ", Width: 1}) {
						t.Fatalf("%s: %v in %v: %+v at %d,%d", name, h, area, cell, x, y)
					}
					mapped := inside && x >= area.X+gutter && (!h.Axis || y < area.Y+read.Rows-1)
					if g := []rune(cell.Text); mapped && (len(g) != 1 || g[0] > 0x7e && (g[0] < 0x2580 || g[0] > 0x259f) || th.ASCII && g[0] > 0x7e && ascii(g[0]) == 0) {
						t.Fatalf("%s: %q in the map at %d,%d", name, cell.Text, x, y)
					}
				}
			}
		}
	}
}

// The cursor is drawn where At finds it, and where the mouse is the cursor goes.
func TestHeatmapAtIsTheInverseOfTheCursor(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for name, th := range themes() {
		if th.Profile == NoColor {
			continue
		}
		for range 60 {
			h := Heatmap{Matrix: randomMatrix(r, 1+r.IntN(30), 1+r.IntN(60)), Widest: r.IntN(4), From: 0, Axis: true}
			area := Rect{3, 1, 25, 9}
			x, y := r.IntN(30), r.IntN(12)
			row, col, ok := h.At(area, th, x, y)
			l := h.layout(area, th)
			c := NewCanvas(30, 12)
			plain := h.Draw(c, area, th)
			inside := x >= area.X+l.gutter && x < area.X+l.gutter+l.cells*l.width && y >= area.Y && y < area.Y+plain.Rows-1
			if ok != inside {
				t.Fatalf("%s: At(%d, %d) says %v in %+v", name, x, y, ok, l)
			}
			if !ok {
				continue
			}
			h.Cursor = HeatmapCursor{true, row, col}
			h.Draw(c, area, th)
			if got := c.Cell(x, y).Style; got.FG != th.Cursor.FG && got.BG != th.Cursor.FG {
				t.Fatalf("%s: the cursor on row %d, column %d is not at %d,%d: %+v", name, row, col, x, y, got)
			}
			marked := 0
			for x := range 30 {
				if c.Cell(x, area.Y+plain.Rows-1).Text == "▲" {
					marked++
				}
			}
			if marked != 1 {
				t.Fatalf("%d marks on the axis", marked)
			}
		}
	}
}

func TestHeatmapCursorElsewhereIsNotDrawn(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	h := Heatmap{Matrix: TimeMajor(goldenStates(9, 12), 9), From: 2, To: 10, Axis: true}
	draw := func() string {
		c := NewCanvas(16, 6)
		h.Draw(c, c.Bounds(), th)
		return c.Render(Options{})
	}
	without := draw()
	for _, at := range [][2]int{{-1, 5}, {9, 5}, {3, 1}, {3, 10}, {3, -1}} {
		if h.Cursor = (HeatmapCursor{true, at[0], at[1]}); draw() != without {
			t.Errorf("row %d, column %d is shown", at[0], at[1])
		}
	}
	if h.Cursor = (HeatmapCursor{true, 3, 5}); draw() == without {
		t.Error("row 3, column 5 is not shown")
	}
}

func TestHeatmapSweep(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	data := make([]float32, 4*10)
	for i := range data {
		data[i] = 1
	}
	for newest, line := range map[int]int{0: 1, 4: 5, 9: 0} {
		h := Heatmap{Matrix: TimeMajor(data, 4), Axis: true, Sweep: true, Newest: newest}
		c := NewCanvas(12, 3)
		h.Draw(c, c.Bounds(), th)
		for x := range 10 {
			if got := c.Cell(2+x, 1).Text == "▏"; got != (x == line) {
				t.Errorf("newest %d: cell %d is %q", newest, x, c.Cell(2+x, 1).Text)
			}
			if got := c.Cell(2+x, 2).Text == "▲"; got != (x == newest) {
				t.Errorf("newest %d: axis %d is %q", newest, x, c.Cell(2+x, 2).Text)
			}
		}
	}
}

// A frame that has room for few rows draws only those of the clip.
func TestHeatmapDrawsOnlyTheClip(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	h := Heatmap{Matrix: randomMatrix(rand.New(rand.NewPCG(7, 1)), 12, 10), Min: -1, Max: 1}
	whole, part := NewCanvas(14, 6), NewCanvas(14, 6)
	h.Draw(whole, whole.Bounds(), th)
	old := part.Clip(Rect{0, 2, 14, 1})
	h.Draw(part, whole.Bounds(), th)
	part.SetClip(old)
	blank := strings.Repeat(" ", 14)
	for y := range 6 {
		want := blank
		if y == 2 {
			want = string(whole.AppendRow(nil, y, Options{}))
		}
		if got := string(part.AppendRow(nil, y, Options{})); got != want {
			t.Errorf("row %d is %q, want %q", y, got, want)
		}
	}
}

// A label that its gutter is too narrow for is left out: its last figures would
// be another number.
func TestHeatmapLabelsAreWholeOrNone(t *testing.T) {
	h := Heatmap{Matrix: Matrix{make([]float32, 24), 24, 1, 1, 1}, Order: []int{7, 8, 23, 22}}
	c := NewCanvas(6, 2)
	h.Draw(c, c.Bounds(), NewTheme(DarkBackground, Options{}))
	if a, b := c.Cell(0, 0).Text, c.Cell(0, 1).Text; a != "7" || b != " " {
		t.Errorf("labels %q and %q, want 7 and none", a, b)
	}
}

func TestHeatmapAxisNumbers(t *testing.T) {
	th := NewTheme(DarkBackground, Options{Profile: NoColor})
	for _, tc := range []struct {
		name string
		h    Heatmap
		want string
	}{
		{"from zero", Heatmap{}, "  0    5    10   15   20   25"},
		{"from one", Heatmap{Origin: 1}, "      5    10   15   20   25 "},
		{"a part", Heatmap{From: 13}, "    15   20   25             "},
		{"many steps a cell", Heatmap{Matrix: Matrix{make([]float32, 270), 1, 270, 270, 1}}, "  0         100       200    "},
		{"wide cells", Heatmap{Matrix: Matrix{make([]float32, 7), 1, 7, 7, 1}, Widest: 3}, "  0     2     4     6        "},
		{"the cursor's number before others", Heatmap{Cursor: HeatmapCursor{true, 0, 9}}, "  0    5   ▲9    15   20   25"},
		{"the cursor at the right edge", Heatmap{Cursor: HeatmapCursor{true, 0, 26}}, "  0    5    10   15   20  26▲"},
		{"a sweep has no numbers", Heatmap{Sweep: true, Newest: 3}, "     ▲                       "},
	} {
		if tc.h.Cols == 0 {
			tc.h.Matrix = Matrix{make([]float32, 27), 1, 27, 27, 1}
		}
		tc.h.Axis = true
		c := NewCanvas(29, 2)
		tc.h.Draw(c, c.Bounds(), th)
		if got := rowText(c, 1); got != tc.want {
			t.Errorf("%s:\ngot  %q\nwant %q", tc.name, got, tc.want)
		}
	}
}

func TestHeatmapLegend(t *testing.T) {
	ascii := NewTheme(DarkBackground, Options{ASCII: true, Profile: NoColor})
	for _, tc := range []struct {
		name string
		read Reading
		w    int
		want string
	}{
		{"all", Reading{Min: -1, Max: 1, Signed: true, Units: 4, Steps: 2, NotFinite: 3, Beyond: 7}, 120,
			"-1 ddcba  0  12344 +1  x 3 not finite . scale of all maps . 4 units a cell . 2 steps a cell . 7 beyond the scale"},
		{"one unit a cell goes without saying", Reading{Min: 0, Max: 0.0123456, Local: true, Units: 1, Steps: 1}, 80, "0   1234567899 0.0123  scale of this map"},
		{"what does not fit is left out whole", Reading{Min: -1, Max: 1, Signed: true, Units: 4, Steps: 2, NotFinite: 3}, 44, "-1 ddcba  0  12344 +1  x 3 not finite"},
		{"a short scale", Reading{Min: -1, Max: 1, Signed: true, Units: 1, Steps: 1}, 16, "-1 dca 0 134 +1"},
		{"no room", Reading{Min: -1, Max: 1, Signed: true, Units: 1, Steps: 1}, 9, ""},
		{"nothing drawn", Reading{}, 80, ""},
	} {
		var h Heatmap
		th := *ascii
		if h.Palette = th.Sequential; tc.read.Signed {
			h.Palette = th.Diverging
		}
		c := NewCanvas(130, 1)
		end := h.Legend(c, 3, 0, tc.w, tc.read, &th, words)
		got := strings.TrimRight(ansi.Strip(string(c.AppendRow(nil, 0, th.Options)))[3:], " ")
		if got != tc.want || end > 3+tc.w || end < 3+len(got) {
			t.Errorf("%s: end %d\ngot  %q\nwant %q", tc.name, end, got, tc.want)
		}
	}
}

// goldenStates is what a layer of four kinds of units could look like: a clock,
// a slow one, one that saturates, one that is still.
func goldenStates(hidden, steps int) []float32 {
	out := make([]float32, 0, hidden*steps)
	for t := range steps {
		for u := range hidden {
			phase := float64(t)*0.35 + float64(u)
			v := [4]float64{math.Sin(phase), math.Sin(phase / 9), math.Tanh(6 * math.Sin(phase/4)), 0.05 * math.Cos(phase)}[u%4]
			out = append(out, float32(v))
		}
	}
	return out
}

func TestHeatmapGolden(t *testing.T) {
	data := goldenStates(24, 60)
	data[30*24+5] = nan
	labels := make([]string, 24)
	for i := range labels {
		labels[i] = fmt.Sprintf("u %d", i)
	}
	golden(t, "heatmap", 20, func(c *Canvas, th *Theme) {
		w, _ := c.Size()
		states := Heatmap{Matrix: TimeMajor(data, 24), Labels: labels, Min: -1, Max: 1, Axis: true, Origin: 1, Widest: 2, Cursor: HeatmapCursor{true, 9, 41}}
		c.Text(0, 0, "hidden state h, units × time 隐藏状态", th.Title)
		read := states.Draw(c, Rect{0, 2, w, 8}, th)
		states.Legend(c, 0, 1, w, read, th, words)

		norms := make([]float32, len(data))
		for i, v := range data {
			norms[i] = v * v * float32(i) / 1000
		}
		sweep := Heatmap{Matrix: TimeMajor(norms, 24), Palette: th.Sequential, Axis: true, Sweep: true, Newest: 20}
		c.Text(0, 11, "‖∂L/∂h‖", th.Title)
		read = sweep.Draw(c, Rect{0, 13, w, 7}, th)
		sweep.Legend(c, 0, 12, w, read, th, words)
	})
}

func TestHeatmapReuseAllocatesNothing(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	h := Heatmap{Matrix: TimeMajor(goldenStates(128, 100), 128), Axis: true, Cursor: HeatmapCursor{true, 3, 4}}
	c := NewCanvas(120, 40)
	cycle := func() {
		c.Reset(120, 40)
		h.Legend(c, 0, 0, 120, h.Draw(c, Rect{0, 1, 120, 39}, th), th, words)
	}
	cycle()
	if n := testing.AllocsPerRun(20, cycle); n != 0 {
		t.Errorf("%v allocations a frame, want none", n)
	}
}

func BenchmarkHeatmap(b *testing.B) {
	for _, size := range [][2]int{{128, 200}, {512, 200}, {512, 1000}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			th := NewTheme(DarkBackground, Options{})
			h := Heatmap{Matrix: TimeMajor(goldenStates(size[0], size[1]), size[0]), Axis: true}
			c := NewCanvas(200, 60)
			b.ReportAllocs()
			for b.Loop() {
				h.Draw(c, c.Bounds(), th)
			}
		})
	}
}
