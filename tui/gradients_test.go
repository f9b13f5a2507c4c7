package tui

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/probe"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// measured is the gradients screen in front of a page on which all was measured,
// of a plain RNN whose gradient falls by rate a step.
func measured(t *testing.T, rate float64) *gradientsScreen {
	t.Helper()
	s := exploring(t, "rnn", 80, 24).screenOf("gradients").(*gradientsScreen)
	const steps = 100
	flow := func(rate float64) *scope.Flow {
		d := &scope.Decay{Rate: rate, HalfLife: probe.HalfLife(rate)}
		for k := range steps {
			v := math.Pow(rate, float64(k))
			if v < 1e-69 {
				v = 0
			}
			d.Arithmetic, d.Geometric = append(d.Arithmetic, v), append(d.Geometric, v)
			d.Least, d.Most = append(d.Least, v), append(d.Most, v)
		}
		return &scope.Flow{Cell: "rnn", Hidden: 16, Steps: steps, Windows: 1, Layers: []scope.FlowLayer{{H: d}}}
	}
	s.page = &scope.Gradients{Update: 7850, Steps: steps, Drawn: true, Flow: flow(rate), Initial: flow(0.5)}
	s.page.Jacobians.Update = 3545
	s.page.Jacobians.Answer = &scope.Jacobians{
		Steps: 256, Blocks: []string{"h"}, Radius: []float64{3.6}, Sampled: []int{127, 255}, Singular: [][]float64{{2.5, 1}, {2.28, 1e-8}},
		SigmaMax: 2.43, CellMax: math.NaN(), Slope: 0.157, Lyapunov: []float64{-0.538}, ProductLags: []int{1}, LogProduct: []float64{0.8},
	}
	s.page.Check.Update = 2348
	s.page.Check.Answer = &scope.Differences{
		Lags: []int{0, 1, 2, 4, 99}, Gradient: []float64{1.4, 1.2, 0.68, 0.13, 0}, Central: []float64{1.4, 1.2, 0.68, 0.13, 0},
		Error: make([]float64, 5), Doubt: []scope.Doubt{scope.Clear, scope.Clear, scope.Clear, scope.Clear, scope.Faint}, Worst: 2e-6,
	}
	s.knobs.wall = 35
	return s
}

// A rate and a half-life are those of the fit, and both say so: what is left after ten
// steps of the curve may be something else.
func TestHalfLifeIsOfTheFit(t *testing.T) {
	s := measured(t, 0.7)
	for lang, want := range map[words.Lang]string{words.English: "half-life 1.94 steps (fit)", words.Chinese: "半衰期 1.94 步（拟合）"} {
		s.a.words = words.For(lang)
		if text := s.told(30, 20); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", lang, want, text)
		}
	}
}

// told are the figures beside the views, as far as there is room for them.
func (s *gradientsScreen) told(w, h int) string {
	var all []string
	for _, line := range s.figureLines(w, h) {
		all = append(all, line.text)
	}
	return strings.Join(all, "\n")
}

// holds says that the parts stand in a text, in that order.
func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		i := strings.Index(rest, part)
		if i < 0 {
			t.Errorf("%q does not stand there after what goes before it:\n%s", part, text)
			return
		}
		rest = rest[i+len(part):]
	}
}

// narrow and low are the room for the figures on a screen of 80 x 24.
const narrow, low = 32, 11

// Where there is not room for all figures, what was asked for last is seen, its
// verdict first; where there is, they stand in one order whatever was asked for.
func TestGradientFiguresShowWhatWasAskedForLast(t *testing.T) {
	s := measured(t, 0.568)
	const now, check, jacobians = "now: 0.568 a step", "agrees with central differences", "recurrence of update"
	if strings.Contains(s.told(narrow, low), check) {
		t.Fatal("there is room for all: nothing is tested")
	}
	s.ask(checkFigures)
	holds(t, s.told(narrow, low), now, check, "lag: gradient", "0: 1.4", "too small for them: lag 99")
	s.view = session.JacobiansView
	s.chose()
	holds(t, s.told(narrow, low), now, jacobians, "Lyapunov", check)
	s.view = session.TruncationView
	s.chose()
	holds(t, s.told(narrow, low), now, check, "lag: gradient")
	s.ask(dynamicsFigures)
	holds(t, s.told(40, 40), now, "at the start", "after 10", jacobians, check, "one window, fits over all 100 steps", "every")
}

// Of every figure of the recurrence is said of which matrix it is, of one step or
// of the mean of how many, and of which weights.
func TestGradientFiguresSayOfWhatTheyAre(t *testing.T) {
	s := measured(t, 0.568)
	holds(t, s.told(80, 40), "recurrence of update 3,545:", "spectral radius of W_hh 3.6", "largest σ of dh/dh': 2.43, mean of 2 steps", "mean tanh'(a) 0.157", "Lyapunov -0.538")
	j := s.page.Jacobians.Answer
	j.Blocks, j.Radius, j.CellMax = []string{"i", "f", "g", "o"}, []float64{1.2, 1.5, 1.1, 0.9}, 0.98
	s.page.Flow.Cell = "lstm"
	holds(t, s.told(80, 40), "spectral radius of W_hi 1.2 W_hf 1.5 W_hg 1.1 W_ho 0.9", "largest σ of d(h,c)/d(h,c)': 2.43", "largest σ of dc/dc': 0.98, mean of 2 steps", "mean tanh'(c)")
	s.page.Flow.Cell = "gru"
	holds(t, s.told(80, 40), "mean tanh'(a_n)")

	// The spectrum beside it is that of one step, and says so.
	s = measured(t, 0.568)
	s.view, s.seen = session.JacobiansView, false
	s.a.types("3")
	s.page = measured(t, 0.568).page
	s.restyle()
	if frame := s.a.View().Content; !strings.Contains(frame, "dh/dh' at step 256: σ 2.28 … 1e-08") {
		t.Errorf("the spectrum does not say of which step it is:\n%s", frame)
	}
}

// Lags are told of in their order and each once; a gradient that is too small for
// float32 is not called 0.
func TestGradientFiguresOfLaterSteps(t *testing.T) {
	s := measured(t, 0.9)
	holds(t, s.told(80, 40), "after 10 steps: 0.35", "after 35 steps: 0.025", "after 50 steps: 5e-03")
	s.knobs.wall = 10
	if n := strings.Count(s.told(80, 40), "after 10 steps"); n != 1 {
		t.Errorf("lag 10 is told of %d times", n)
	}
	s = measured(t, 0.057)
	for _, lang := range words.Langs() {
		s.a.words = words.For(lang)
		s.knobs.wall = 64
		told := s.told(80, 40)
		for _, k := range []int{50, 64} { // at 50 a wrong 6e-63 would stand
			want := fmt.Sprintf(s.words().AtFaint, k, "1e-55")
			if !slices.Contains(strings.Split(told, "\n"), want) {
				t.Errorf("%s: %q does not stand there:\n%s", lang, want, told)
			}
		}
	}
}

// mapped is the gradients screen in front of the map of a window of the text.
func mapped(t *testing.T, text string) *gradientsScreen {
	t.Helper()
	i := inspect(t, text, "rnn", 1, 4, views.Options{Profile: views.TrueColor})
	s := i.screenOf("gradients").(*gradientsScreen)
	const steps, hidden = 24, 4
	g := &scope.GradientMap{Hidden: hidden}
	for k := range steps {
		g.IDs = append(g.IDs, int32(i.live.Text.Read(0, k, 1)[0].ID))
		for range hidden {
			g.Values = append(g.Values, float32(math.Pow(0.5, float64(steps-k))))
		}
	}
	s.page = &scope.Gradients{Map: g, Steps: steps}
	s.sweep.take(s.page)
	for s.sweep.tick() {
	}
	return s
}

// The legend of the map of gradients is in the colours of the map.
func TestGradientMapHasALegendInItsColours(t *testing.T) {
	s := mapped(t, "fables")
	c := views.NewCanvas(76, 8)
	s.drawMap(c, c.Bounds())
	row := 0
	for !strings.Contains(ansi.Strip(string(c.AppendRow(nil, row, views.Options{}))), "log10") {
		if row++; row == 8 {
			t.Fatalf("the map has no legend:\n%s", c.Render(views.Options{}))
		}
	}
	legend := ansi.Strip(string(c.AppendRow(nil, row, views.Options{})))
	if !strings.HasPrefix(legend, "-12 ▆") || !strings.Contains(legend, "▆ 0  log10 |dL/dh|") {
		t.Fatalf("the legend is %q", legend)
	}
	p := s.a.theme.Sequential
	at := func(byte int) views.Cell { return c.Cell(views.Width(legend[:byte]), row) }
	first, last := at(strings.Index(legend, "▆")), at(strings.LastIndex(legend, "▆"))
	if first.Style.FG != p.Colors[0] || last.Style.FG != p.Colors[len(p.Colors)-1] {
		t.Errorf("the legend goes from %v to %v, the palette from %v to %v", first.Style.FG, last.Style.FG, p.Colors[0], p.Colors[len(p.Colors)-1])
	}
}

// Below the map words are written in full, as many as there is room for, each from
// its own column on, and characters one a column.
func TestGradientMapNamesItsTokens(t *testing.T) {
	for _, text := range []string{"fables", "agreement"} {
		s := mapped(t, text)
		const w, h = 60, 8
		c := views.NewCanvas(w, h)
		s.drawMap(c, c.Bounds())
		g, live := s.page.Map, s.a.live.Text
		row := (g.Hidden + 1) / 2 // two units a row of cells
		written, seen := 0, -1
		for x := range w {
			_, col, ok := s.sweep.heat.At(views.Rect{W: w, H: h - 2}, s.a.theme, x, 0)
			if !ok || col == seen {
				continue
			}
			seen = col
			token := []rune(visible(live.Token(int(g.IDs[col]))))
			match := 0
			for d := range token {
				if c.Cell(x+d, row).Text == string(token[d]) {
					match++
				}
			}
			if match == len(token) {
				written++
			} else if !live.Word() {
				t.Errorf("%s: %q is not below its column", text, string(token))
			}
		}
		if least := 6; written < least {
			t.Errorf("%s: %d tokens stand in full below the map, want %d at least:\n%s", text, written, least, c.Render(views.Options{}))
		}
		if line := string(c.AppendRow(nil, row, views.Options{})); strings.Contains(line, "…") {
			t.Errorf("%s: tokens are cut: %q", text, line)
		}
	}
}
