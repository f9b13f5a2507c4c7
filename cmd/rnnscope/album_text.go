package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"rnnscope/core/kernel"
	"rnnscope/core/lag"
	"rnnscope/core/ngram"
	"rnnscope/core/probe"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// ofText are the figures that the run's text is needed for. Without it they are
// left out, which is said, unless they were asked for by name.
func (a *album) ofText(f *plotFlags) ([]titledFigure, error) {
	asked := slices.Contains(f.only, "decay") || slices.Contains(f.only, "ladder")
	if !asked && !f.wants("decay") && !f.wants("report") {
		return nil, nil
	}
	c, err := a.p.own(a.info, nil)
	if err != nil {
		if asked {
			return nil, err
		}
		fmt.Fprintf(a.p.errs, "rnnscope: %s\n", a.p.say("without the run's text there is no picture of its gradients and n-grams: %v", err))
		return nil, nil
	}
	var out []titledFigure
	for _, draw := range []func(*corpora.Corpus) (*titledFigure, error){a.decay, a.ladder} {
		figure, err := draw(c)
		if err != nil {
			return nil, err
		}
		if figure != nil {
			out = append(out, *figure)
		}
	}
	return out, nil
}

// The windows that the gradient is followed through.
const (
	decaySteps   = 100
	decayWindows = 8
)

// decay is how the gradient of a step's loss falls with the lag, now and before
// training. A run that has saved no weights has none.
func (a *album) decay(c *corpora.Corpus) (*titledFigure, error) {
	p := a.p
	set, err := kernel.Choose("auto")
	if err != nil {
		return nil, err
	}
	opened, err := store.OpenModel(a.dir, set)
	if err != nil {
		return nil, nil // there is nothing to follow a loss through yet
	}
	windows := probe.Windows(c.Train.IDs, decaySteps, decayWindows)
	if len(windows) == 0 {
		return nil, nil
	}
	stop := probe.Control{Stop: func() bool { return p.ctx.Err() != nil }}
	now, err := probe.Flow(opened.Model, windows, stop)
	if err != nil || len(now.Layers) == 0 {
		return nil, err
	}
	norms := now.Layers[len(now.Layers)-1].H.Geometric
	x := make([]float64, len(norms))
	for k := range x {
		x[k] = float64(k)
	}
	var series []views.Series
	for i, rate := range []float64{0.8, 0.9} {
		y := make([]float64, len(x))
		for k := range y {
			y[k] = norms[0] * math.Pow(rate, float64(k))
		}
		series = append(series, views.Series{Name: fmt.Sprintf("%g^k", rate), X: x, Y: y, Shape: [2]views.Shape{views.Dotted, views.DashDotted}[i]})
	}
	var config session.Config
	if a.info.Drawn() && json.Unmarshal(a.info.Config, &config) == nil {
		if first, err := initial(opened.Model, &config); err == nil {
			flow, err := probe.Flow(first, windows, stop)
			if err != nil {
				return nil, err
			}
			series = append(series, views.Series{Name: p.say("before training"), X: x, Y: flow.Layers[len(flow.Layers)-1].H.Geometric, Shape: views.Dashed})
		}
	}
	series = append(series, views.Series{Name: p.say("as saved"), X: x, Y: norms})
	title := p.say("Gradient by lag")
	return &titledFigure{"decay", "decay", &picture.Chart{
		Page: a.page(title), X: views.Axis{Name: p.say("steps back"), Whole: true}, Y: views.Axis{Name: p.say("gradient norm"), Log: true}, Series: series,
	}, title, p.say("How long the gradient of one step's loss is with respect to the hidden state so many steps before: what is left of it is all that training can learn from over that distance.")}, nil
}

// ladder is what n-grams make of the validation split, and the model beside them.
// A text that is too large to count in a moment has none.
func (a *album) ladder(c *corpora.Corpus) (*titledFigure, error) {
	const most = 8 << 20 // tokens
	p, order := a.p, session.NgramOrder(c.Level)
	if c.Valid.IDs.Len() < 2 || c.Train.IDs.Len() > most {
		return nil, nil
	}
	stop := func() bool { return p.ctx.Err() != nil }
	counts, err := session.CountNgrams(c, ngram.Options{Order: order, Threads: runtime.GOMAXPROCS(0), Stop: stop})
	if err != nil {
		return nil, err
	}
	var series []views.Series
	for _, name := range []string{"katz", "absolute", "kn", "mkn"} {
		smoothing, err := ngram.ParseSmoothing(name)
		if err != nil {
			return nil, err
		}
		s := views.Series{Name: name}
		for n := 1; n <= order; n++ {
			if e := session.EvaluateNgram(counts.Model(n, smoothing), c, c.Valid, "valid", false, stop); e != nil && !math.IsInf(float64(e.Perplexity), 0) {
				s.X, s.Y = append(s.X, float64(n)), append(s.Y, float64(e.Perplexity))
			}
		}
		series = append(series, s)
	}
	var refs []views.Reference
	if best := a.record.Best(); best != nil {
		refs = append(refs, views.Reference{Label: strings.ToUpper(a.info.Model.Cell) + " " + figure(float64(best.Perplexity)), Value: float64(best.Perplexity)})
	}
	title := p.say("The ladder")
	return &titledFigure{"ladder", "ladder", &picture.Chart{
		Page: a.page(title), X: views.Axis{Name: p.say("order of the n-gram"), Whole: true}, Y: views.Axis{Name: p.say("perplexity"), Log: true}, Series: series, References: refs,
	}, title, p.say("What models that only count make of the same validation tokens, by order and smoothing, and this network at its best.")}, nil
}

// plotLag draws the grid of a log of lag experiments: the share of seeds that
// solved each cell.
func (p *program) plotLag(path string, f *plotFlags) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	results, _, _, err := lag.ReadLog(file)
	if err != nil {
		return hinted{what: say.Textf("%s: no log of lag experiments: %v", path, err), try: say.Textf("give a RUN, or a file that rnnscope lag wrote")}
	}
	var rows []string
	var lags []int
	type cell struct{ solved, all int }
	cells := map[string]map[int]*cell{}
	name := shortNames(results)
	for _, r := range results {
		name := name(r.Trial)
		if cells[name] == nil {
			rows, cells[name] = append(rows, name), map[int]*cell{}
		}
		if !slices.Contains(lags, r.Lag) {
			lags = append(lags, r.Lag)
		}
		c := cells[name][r.Lag]
		if c == nil {
			c = &cell{}
			cells[name][r.Lag] = c
		}
		if c.all++; r.Solved {
			c.solved++
		}
	}
	slices.Sort(lags)
	values := make([]float32, 0, len(rows)*len(lags))
	var columns []string
	for _, n := range lags {
		columns = append(columns, fmt.Sprint(n))
		for _, row := range rows {
			share := float32(math.NaN()) // not tried
			if c := cells[row][n]; c != nil {
				share = float32(c.solved) / float32(c.all)
			}
			values = append(values, share)
		}
	}
	h := words.For(p.lang).Heat
	title := p.say("Solved by lag")
	if task := results[0].Task; !slices.ContainsFunc(results, func(r scope.TrialResult) bool { return r.Task != task }) {
		title = task + ": " + title
	}
	page := picture.Page{Title: title, Subtitle: p.say("share of %s trials that were solved", thousands(int64(len(results)))), Theme: views.NewTheme(map[bool]views.Color{true: views.DarkBackground, false: views.LightBackground}[f.theme == "dark"], views.Options{})}
	grid := &picture.Heatmap{
		Page: page, Matrix: views.TimeMajor(values, len(rows)), RowLabels: rows, ColumnLabels: columns,
		RowName: p.say("network"), ColumnName: p.say("lag"), ValueName: p.say("solved"), Min: 0, Max: 1, Sequential: true,
		Words: views.HeatmapWords{Local: h.Local, Global: h.Global, Units: h.Units, Steps: h.Steps, NotFinite: h.NotFinite, Beyond: h.Beyond},
	}
	out := f.out
	if out == "" {
		out = strings.TrimSuffix(path, ".jsonl") + "-plots"
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return hinted{what: say.Textf("%s: cannot be written: %v", out, reason(err)), try: say.Textf("choose another directory with --out")}
	}
	files, err := saveAs(grid, out+"/lag", f.formats)
	if err != nil {
		return err
	}
	return p.wrote(f, plotted{"lag", files})
}

// shortNames names trials by what tells the rows of their grid apart.
func shortNames(results []scope.TrialResult) func(scope.Trial) string {
	differ := func(of func(scope.Trial) any) bool {
		return slices.ContainsFunc(results, func(r scope.TrialResult) bool { return of(r.Trial) != of(results[0].Trial) })
	}
	tasks := differ(func(t scope.Trial) any { return t.Task })
	inits := differ(func(t scope.Trial) any { return t.Init })
	rates := differ(func(t scope.Trial) any { return t.LR })
	return func(t scope.Trial) string {
		name := cellOf(t)
		if tasks {
			name = t.Task + " " + name
		}
		if inits {
			name += " " + t.Init
		}
		name += biasOf(t, " b_f ")
		if rates {
			name += fmt.Sprintf(" lr %g", t.LR)
		}
		return name
	}
}
