package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"rnnscope/core/kernel"
	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// gradientFlags are those of the question itself.
type gradientFlags struct {
	layer, windows, window int
	ids                    string
	cuts                   string
	check, asJSON          bool
}

const (
	defaultWindows = 32
	// dynamicsSteps is how much of the text the Jacobians are followed along.
	dynamicsSteps = 256
	// termWindows is how many windows the terms of ∂L/∂W_hh are averaged over.
	termWindows = 8
	// cutStreams is how many streams a truncated update reads side by side.
	cutStreams = 32
)

func (p *program) gradients() *cobra.Command {
	var f runFlags
	var m modelFlags
	var g gradientFlags
	c := command(&cobra.Command{
		Use:   "gradients MODEL [TEXT]",
		Short: "Gradient norms against lag, and the Jacobian story",
		Long: `Measure how far back the gradient of one step's loss reaches.

For the last step T of a window, the 2-norm of the gradient of -log p_T with
respect to the hidden state k steps earlier, for k = 0, 1, …; only that loss is
seeded, and it is not divided by anything. Windows start at 0, K, 2K, … of the
training split, each from a zero state. Beside it: the factor per step and the
half-life of a fitted line, and of the recurrence itself the spectral radius of
W_hh, the singular values of its Jacobians, the norm of their product, the
largest Lyapunov exponent. With --ids the window is given by token ids, of which
the last is the target.`,
		Example: `  rnnscope gradients RUN
  rnnscope gradients RUN --window 100 --layer 0 --check
  rnnscope gradients RUN --window 100 --truncate 1,5,10,20,50
  rnnscope gradients model.safetensors --ids 4,8,15,16,23 --json`,
		Args: argumentCount(1, 2, "MODEL and one TEXT at most"),
		RunE: func(_ *cobra.Command, args []string) error {
			return p.runGradients(&f, m, g, args)
		},
	})
	f.text(c.Flags())
	c.Flags().IntVar(&g.layer, "layer", 0, "layer to look at, from 0")
	c.Flags().Lookup("layer").DefValue = "the top one"
	c.Flags().IntVar(&g.windows, "windows", defaultWindows, "windows to average over")
	c.Flags().IntVar(&g.window, "window", 64, "steps of a window, K")
	c.Flags().Lookup("window").DefValue = "the run's, or 64"
	c.Flags().StringVar(&g.ids, "ids", "", "token ids by comma instead of a text; the last is the target")
	c.Flags().BoolVar(&g.check, "check", false, "hold the gradient against central differences in float64, and its two sources against their sum")
	c.Flags().StringVar(&g.cuts, "truncate", "", "windows k by comma: what a wall every k steps does to the gradient of an update")
	m.bind(c.Flags())
	f.workers(c.Flags())
	c.Flags().BoolVar(&g.asJSON, "json", false, "print one JSON object")
	return c
}

func (p *program) runGradients(f *runFlags, m modelFlags, g gradientFlags, args []string) error {
	given := func(name string) bool { return f.set.Changed(name) }
	switch {
	case g.windows < 1 || g.windows > 1<<20:
		return usage{what: say.Textf("windows must be 1 or more, not %d", g.windows)}
	case g.window < 1 || g.window > 1<<16:
		return usage{what: say.Textf("window must be from 1 to %d, not %d", 1<<16, g.window)}
	case f.threads < 1 || f.threads > 1024:
		return usage{what: say.Textf("threads must be from 1 to 1024, not %d", f.threads)}
	case given("ids") && (len(args) > 1 || given("windows") || given("window")):
		return usage{what: say.Textf("--ids gives the one window, so there can be no TEXT, --window or --windows"), try: say.Textf("give one of them")}
	}
	flags := f.textFlags()
	o, err := f.options()
	if err != nil {
		return err
	}
	opened, err := p.model(args[0], m, o)
	if err != nil {
		return err
	}
	model := opened.Model
	if !given("layer") {
		g.layer = model.Layers - 1
	}
	if err := whole(args[0], model); err != nil {
		return err
	}
	if g.layer < 0 || g.layer >= model.Layers {
		return usage{what: say.Textf("%s has no layer %d", args[0], g.layer), try: say.Textf("layers are 0 to %d", model.Layers-1)}
	}
	config := configOf(opened)
	if config != nil && !given("window") {
		g.window = config.Window
	}
	windows, along, err := p.windows(opened, g, args, flags, o)
	if err != nil {
		return err
	}
	var cuts []int
	if g.cuts != "" {
		if cuts, err = byComma(g.cuts, strconv.Atoi); err != nil || slices.Min(cuts) < 1 {
			return usage{what: say.Textf("truncate must be numbers of steps by comma, not %q", g.cuts), try: say.Textf("for instance --truncate 1,5,10,20")}
		}
	}
	team := kernel.NewTeam(f.threads)
	defer team.Close()
	a, err := p.ask(model, config, windows, along, cuts, g, team)
	if errors.Is(err, probe.ErrStopped) {
		return interrupted{say.Textf("nothing to save")}
	}
	if err != nil {
		return err
	}
	if g.asJSON {
		return p.json(a.json())
	}
	p.printGradients(a)
	return nil
}

// whole makes sure that a model's weights are numbers.
func whole(path string, m *rnn.Model) error {
	for _, t := range m.Tensors() {
		for _, x := range t.Value.Data {
			if v := float64(x); math.IsNaN(v) || math.IsInf(v, 0) {
				return hinted{what: say.Textf("%s: %s has a weight that is not finite, so that no gradient can be followed", path, t.Name), try: say.Textf("take the weights of an earlier save, such as best.safetensors in the run")}
			}
		}
	}
	return nil
}

// configOf is how the model's run was trained, nil for a bare file.
func configOf(opened *store.Opened) *session.Config {
	var c session.Config
	if opened.Info == nil || json.Unmarshal(opened.Info.Config, &c) != nil || c.Window < 1 {
		return nil
	}
	return &c
}

// windows are those asked about, and the steps along which the Jacobians are
// followed.
func (p *program) windows(opened *store.Opened, g gradientFlags, args, flags []string, o corpora.Options) ([]probe.Window, []int32, error) {
	if g.ids != "" {
		ids, err := parseIDs(g.ids, opened.Model.Vocab)
		if err != nil {
			return nil, nil, err
		}
		if len(ids) < 2 {
			return nil, nil, usage{what: say.Textf("--ids needs two ids at least: one to read and one to predict")}
		}
		n := len(ids) - 1
		return []probe.Window{{IDs: ids[:n], Target: ids[n]}}, ids[:n], nil
	}
	corpus, err := p.textOf(opened, args[0], args[1:], flags, o)
	if err != nil {
		return nil, nil, err
	}
	text := corpus.Train.IDs
	windows := probe.Windows(text, g.window, g.windows)
	if len(windows) == 0 {
		return nil, nil, hinted{
			what: say.Textf("%s: the training split has %s tokens, and a window of %d needs %d", corpus.Name, thousands(int64(text.Len())), g.window, g.window+1),
			try:  say.Textf("try --window %d", max(1, text.Len()-1)),
		}
	}
	along := make([]int32, min(text.Len()-1, max(g.window, dynamicsSteps)))
	text.Fill(along, 0)
	return windows, along, nil
}

// gradientAnswer is all that gradients measures.
type gradientAnswer struct {
	model   *rnn.Model
	layer   int
	flow    *scope.Flow
	initial *scope.Flow // of the run's model before training; nil when not known
	story   *scope.Jacobians
	forget  *scope.Forgetting
	terms   []*scope.Terms
	check   *scope.Differences
	sources *scope.Sources    // of the first window, with all its losses; for check
	cuts    *scope.Truncation // nil when not asked for
}

// ask puts all questions, with their progress on a terminal.
func (p *program) ask(m *rnn.Model, config *session.Config, windows []probe.Window, along []int32, cuts []int, g gradientFlags, team *kernel.Team) (*gradientAnswer, error) {
	l := p.lines(p.errs)
	defer l.status("")
	control := func(what say.Text) probe.Control {
		return probe.Control{
			Team: team, Stop: func() bool { return p.ctx.Err() != nil },
			Progress: func(done, total int) { l.status(p.say("%s: %d of %d", what, done, total)) },
		}
	}
	a := &gradientAnswer{model: m, layer: g.layer}
	var err error
	if a.flow, err = probe.Flow(m, windows, control(say.Textf("gradients"))); err != nil {
		return nil, err
	}
	if a.flow.Windows == 0 {
		return nil, hinted{what: say.Textf("every window ends before a symbol that the model does not know, so that there is no loss to follow back"), try: say.Textf("try another --window, or a text that the model knows")}
	}
	if config != nil {
		if first, err := initial(m, config); err == nil {
			if a.initial, err = probe.Flow(first, windows, control(say.Textf("gradients at initialisation"))); err != nil {
				return nil, err
			}
		}
	}
	if a.story, err = probe.Dynamics(m, along, g.layer, probe.DynamicsOptions{}, control(say.Textf("Jacobians"))); err != nil {
		return nil, err
	}
	if a.forget, err = probe.ForgettingOf(m, windows[:min(len(windows), termWindows)], g.layer, control(say.Textf("forget gates"))); err != nil {
		return nil, err
	}
	var one *probe.Window
	for i, w := range windows {
		if w.Target < 0 {
			continue
		}
		one = cmp.Or(one, &windows[i])
		if len(a.terms) < termWindows {
			a.terms = append(a.terms, probe.TermsOf(m, w, g.layer))
		}
	}
	if g.check {
		var lags []int
		for _, k := range tableLags(a.flow.Steps) {
			if len(lags) < 12 {
				lags = append(lags, k)
			}
		}
		if a.check, err = probe.CheckGradient(m, *one, g.layer, lags, control(say.Textf("central differences"))); err != nil {
			return nil, err
		}
		a.sources = probe.SourcesOf(m, one.IDs, append(one.IDs[1:len(one.IDs):len(one.IDs)], one.Target), g.layer)
	}
	if len(cuts) > 0 {
		// The windows side by side, as a batch of training would read them.
		B := min(len(windows), cutStreams)
		K := len(windows[0].IDs)
		x, y := make([]int32, K*B), make([]int32, K*B)
		for b, w := range windows[:B] {
			for s, id := range w.IDs {
				x[s*B+b], y[s*B+b] = id, w.Target
				if s > 0 {
					y[(s-1)*B+b] = id
				}
			}
		}
		if a.cuts, err = probe.Truncate(m, x, y, B, g.layer, cuts, control(say.Textf("truncation"))); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// initial is the model of a run before its first update.
func initial(m *rnn.Model, config *session.Config) (*rnn.Model, error) {
	first, err := rnn.New(m.Config, m.Kernel)
	if err != nil {
		return nil, err
	}
	rule, err := rnn.ParseInit(config.Init)
	if err != nil {
		return nil, err
	}
	rule.ForgetBias = config.Forget
	return first, first.Init(rule, config.Train.Seed)
}
