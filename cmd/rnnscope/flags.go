package main

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

// runFlags are the flags of a text, a model and its training, as given. They
// become a session.Config and corpora.Options only when resolved, because a
// preset lies under them.
type runFlags struct {
	set     *pflag.FlagSet
	settled func(flag string) bool // by a run or a model: what settings say of it gives way; nil is nothing

	preset                     string
	level, tokens, split       string
	valid, test                string
	minCount                   int
	lowercase, lossy, lines    bool
	cell, activation, init     string
	layers, hidden, embed      int
	dropout, forget            float64
	tie                        bool
	optimizer, schedule        string
	lr, clip, clipValue, decay float64
	batch, window, threads     int
	seed                       uint64
	updates, evalEvery         int64
	saveEach                   string
	epochs                     float64
	limit                      string
	history                    int64
	tensorBoard                bool
	kernel                     string
}

const defaultSplit = "0.9,0.05,0.05"

// text binds the flags that say how a text is read.
func (f *runFlags) text(set *pflag.FlagSet) {
	f.set = set
	set.StringVar(&f.level, "level", "", "unit of text: char or word (default char, or the built-in text's own)")
	set.StringVar(&f.tokens, "tokens", "space", "at word level, split at white space (space) or by words, numbers and signs (punct)")
	set.IntVar(&f.minCount, "min-count", 1, "at word level, words of the training text rarer than this are <unk>")
	set.BoolVar(&f.lowercase, "lowercase", false, "read the text in lower case")
	set.BoolVar(&f.lossy, "lossy", false, "read bytes that are not UTF-8 as U+FFFD instead of refusing them")
	set.BoolVar(&f.lines, "lines", false, "at word level, drop blank lines")
	set.StringVar(&f.split, "split", defaultSplit, "shares of the text for training, validation and test")
	set.StringVar(&f.valid, "valid", "", "file to validate on; TEXT is then all training text")
	set.StringVar(&f.test, "test", "", "file to test on; TEXT is then all training text")
}

// model binds the flags of the architecture.
func (f *runFlags) model(set *pflag.FlagSet) {
	f.set = set
	d := session.Defaults()
	var presets []string
	for _, p := range session.Presets() {
		presets = append(presets, p.Name)
	}
	set.StringVar(&f.preset, "preset", "", "start from a known configuration: "+strings.Join(presets, ", "))
	set.StringVar(&f.cell, "cell", d.Model.Cell, "recurrent cell: "+strings.Join(rnn.Cells(), ", "))
	set.StringVar(&f.activation, "activation", "tanh", "of the rnn cell: tanh or relu")
	set.IntVar(&f.layers, "layers", d.Model.Layers, "recurrent layers")
	set.IntVar(&f.hidden, "hidden", d.Model.Hidden, "units of a layer")
	set.IntVar(&f.embed, "embed", d.Model.Embed, "size of an embedding")
	set.Float64Var(&f.dropout, "dropout", d.Model.Dropout, "dropout between layers")
	set.BoolVar(&f.tie, "tie", false, "use the embedding as output weights (needs embed = hidden)")
	set.StringVar(&f.init, "init", d.Init, "first weights: pytorch, uniform:A, orthogonal, identity or gain:G")
	set.Float64Var(&f.forget, "forget-bias", math.NaN(), "set the lstm's forget gate bias")
	set.Lookup("forget-bias").DefValue = "as drawn"
}

// training binds the flags of the optimizer and the windows.
func (f *runFlags) training(set *pflag.FlagSet) {
	d := session.Defaults()
	set.IntVar(&f.batch, "batch", d.Batch, "streams read side by side")
	set.IntVar(&f.window, "window", d.Window, "steps of truncated backpropagation, k")
	set.StringVar(&f.optimizer, "optimizer", d.Train.Optimizer, strings.Join(train.Optimizers(), ", "))
	set.Float64Var(&f.lr, "lr", d.Train.LR, "learning rate")
	set.StringVar(&f.schedule, "schedule", "constant", "of the learning rate: constant, step:EPOCH,FACTOR or cosine")
	set.Float64Var(&f.clip, "clip", d.Train.Clip, "clip the gradient's global norm (0: off)")
	set.Float64Var(&f.clipValue, "clip-value", 0, "clip each element of the gradient instead (0: off)")
	set.Float64Var(&f.decay, "weight-decay", 0, "L2 weight decay")
	set.Uint64Var(&f.seed, "seed", d.Train.Seed, "of all random numbers")
	f.machine(set)
}

// machine binds the flags that change no result.
func (f *runFlags) machine(set *pflag.FlagSet) {
	f.workers(set)
	set.StringVar(&f.kernel, "kernel", session.Defaults().Kernel, strings.Join(kernel.Names(), ", "))
}

// workers binds the number of threads.
func (f *runFlags) workers(set *pflag.FlagSet) {
	set.IntVar(&f.threads, "threads", session.Defaults().Threads, "worker threads")
	set.Lookup("threads").DefValue = "all cores"
}

// limits binds the flags that say how long a run is and what it does meanwhile.
// usual is the time limit when no other is given, "0" for none.
func (f *runFlags) limits(set *pflag.FlagSet, usual string) {
	set.Int64Var(&f.updates, "updates", 0, "stop after this many updates (0: no limit)")
	set.Float64Var(&f.epochs, "epochs", 0, "stop after this many passes over the text (0: no limit)")
	set.StringVar(&f.limit, "for", usual, "stop after this time (0: no limit); no default when updates or epochs is given")
	set.Int64Var(&f.evalEvery, "eval-every", 0, "updates between validations (0: so that they take little of the time)")
	set.StringVar(&f.saveEach, "save-every", "0", "updates between saves, or a time such as 30s (0: about once a minute)")
	set.Int64Var(&f.history, "history", session.Defaults().History>>20, "megabytes for the weights of earlier updates, RUN@1000 (0: none)")
	set.BoolVar(&f.tensorBoard, "tensorboard", false, "write an event file for TensorBoard into the run directory")
}

// options is how the text is to be read.
func (f *runFlags) options() (corpora.Options, error) {
	o := corpora.Options{MinCount: f.minCount, Lowercase: f.lowercase, Lossy: f.lossy, Lines: f.lines, Valid: f.valid, Test: f.test}
	level := f.level
	if level == "" {
		if p := f.presetOf(); p != nil {
			level = p.Level
		}
	}
	var err error
	if level != "" {
		o.LevelSet = true
		if o.Level, err = corpora.ParseLevel(level); err != nil {
			return o, badFlag(err)
		}
	}
	if o.Tokens, err = corpora.ParseTokens(f.tokens); err != nil {
		return o, badFlag(err)
	}
	if f.minCount < 1 {
		return o, usage{what: say.Textf("min-count must be 1 or more, not %d", f.minCount)}
	}
	parts := strings.Split(f.split, ",")
	sum := 0.0
	for i, part := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || len(parts) != 3 || !(x >= 0 && x <= 1) {
			return o, usage{what: say.Textf("split must be three shares that sum to 1, as in 0.9,0.05,0.05, not %q", f.split)}
		}
		o.Split[i] = x
		sum += x
	}
	if len(parts) != 3 || math.Abs(sum-1) > 1e-9 || o.Split[0] == 0 {
		return o, usage{what: say.Textf("split must be three shares that sum to 1, as in 0.9,0.05,0.05, not %q", f.split)}
	}
	return o, nil
}

// given is the value of a flag that was given, "" of one that was not.
func (f *runFlags) given(name string) string {
	if !f.set.Changed(name) {
		return ""
	}
	return f.set.Lookup(name).Value.String()
}

// asked says whether a flag's value holds over what lies under it: it was given,
// or settings say it of what neither a run nor a preset of the command line has
// settled.
func (f *runFlags) asked(name string) bool {
	if f.set.Changed(name) {
		return true
	}
	kind := softOf(f.set.Lookup(name))
	if kind == "" || f.settled != nil && f.settled(name) {
		return false
	}
	stronger := f.set.Changed("preset") || kind == fromFile && softOf(f.set.Lookup("preset")) == fromEnvironment
	return !stronger || !slices.Contains(ofPreset, name)
}

// ofPreset are the flags that a preset answers for.
var ofPreset = append(slices.Clone(ofModel), "batch", "window", "optimizer", "lr", "schedule", "clip", "clip-value", "weight-decay", "epochs")

// ofModel are the flags that a model has settled.
var ofModel = []string{"preset", "cell", "activation", "layers", "hidden", "embed", "dropout", "tie", "init", "forget-bias"}

// everything is settled, as by a run that is gone on with.
func everything(string) bool { return true }

// textFlags are the flags given that say how a text is read.
func (f *runFlags) textFlags() []string {
	var names []string
	for _, name := range changed(f.set) {
		if slices.Contains([]string{"level", "tokens", "min-count", "lowercase", "lossy", "lines", "split", "valid", "test"}, name) {
			names = append(names, name)
		}
	}
	return names
}

// presetOf is the preset named, nil when there is none.
func (f *runFlags) presetOf() *session.Preset {
	for _, p := range session.Presets() {
		if p.Name == f.preset {
			return &p
		}
	}
	return nil
}

// config is the run that the flags ask for: the defaults or a preset, and over
// them what was given. under, when not nil, takes the place of both.
func (f *runFlags) config(under *session.Config) (session.Config, error) {
	c := session.Defaults()
	if f.preset != "" {
		p := f.presetOf()
		if p == nil {
			var names []string
			for _, p := range session.Presets() {
				names = append(names, p.Name)
			}
			return c, usage{what: say.Textf("no preset is called %q", f.preset), try: say.Textf("one of: %s", strings.Join(names, ", "))}
		}
		c = p.Config
	}
	if under != nil {
		c = *under
	}
	given := f.asked
	var err, saveErr error
	for name, set := range map[string]func(){
		"cell":         func() { c.Model.Cell = f.cell },
		"activation":   func() { c.Model.Activation = f.activation },
		"layers":       func() { c.Model.Layers = f.layers },
		"hidden":       func() { c.Model.Hidden = f.hidden },
		"embed":        func() { c.Model.Embed = f.embed },
		"dropout":      func() { c.Model.Dropout = f.dropout },
		"tie":          func() { c.Model.Tie = f.tie },
		"init":         func() { c.Init = f.init },
		"forget-bias":  func() { c.Forget = &f.forget },
		"batch":        func() { c.Batch = f.batch },
		"window":       func() { c.Window = f.window },
		"optimizer":    func() { c.Train.Optimizer = f.optimizer },
		"lr":           func() { c.Train.LR = f.lr },
		"schedule":     func() { c.Train.Schedule, err = train.ParseSchedule(f.schedule) },
		"clip":         func() { c.Train.Clip = f.clip },
		"clip-value":   func() { c.Train.ClipValue = f.clipValue },
		"weight-decay": func() { c.Train.WeightDecay = f.decay },
		"seed":         func() { c.Train.Seed = f.seed },
		"updates":      func() { c.Updates = f.updates },
		"epochs":       func() { c.Epochs = f.epochs },
		"eval-every":   func() { c.EvalEvery = f.evalEvery },
		"save-every":   func() { c.SaveEvery, c.SaveAfter, saveErr = parseEvery(f.saveEach) },
		"history":      func() { c.History = f.history << 20 },
		"tensorboard":  func() { c.TensorBoard = f.tensorBoard },
		"threads":      func() { c.Threads = f.threads },
		"kernel":       func() { c.Kernel = f.kernel },
	} {
		if given(name) {
			set()
		}
	}
	if err = errors.Join(err, saveErr); err != nil {
		return c, badFlag(err)
	}
	if given("clip-value") && !given("clip") {
		c.Train.Clip = 0
	}
	if given("clip") && !given("clip-value") {
		c.Train.ClipValue = 0
	}
	if softOf(f.set.Lookup("forget-bias")) != "" && c.Model.Cell != "lstm" {
		c.Forget = nil
	}
	if f.set.Changed("forget-bias") && c.Model.Cell != "lstm" {
		return c, usage{what: say.Textf("forget-bias is for the lstm cell; this is %s", c.Model.Cell)}
	}
	c.Train.Dropout = c.Model.Dropout
	if c.For, err = f.duration(c); err != nil {
		return c, err
	}
	if _, err := kernel.Choose(c.Kernel); err != nil {
		return c, badFlag(err)
	}
	return c, badFlag(c.Validate())
}

// command adds what all commands share.
func command(c *cobra.Command) *cobra.Command {
	c.SilenceErrors, c.SilenceUsage = true, true
	c.Flags().SortFlags = false
	return c
}

// duration is the time limit: the one given; the default when no other limit
// is set; else none.
func (f *runFlags) duration(c session.Config) (time.Duration, error) {
	if f.limit == "" { // not a command that trains
		return 0, nil
	}
	if !f.set.Changed("for") && (softOf(f.set.Lookup("for")) == "" || f.settled != nil) && (c.Updates > 0 || c.Epochs > 0 || c.For > 0) {
		return c.For, nil // another limit holds, or that of the run gone on with
	}
	return parseTime(f.limit)
}

// parseEvery reads a number of updates or, with a unit, a time.
func parseEvery(s string) (updates int64, after time.Duration, err error) {
	if updates, err = strconv.ParseInt(s, 10, 64); err == nil {
		return updates, 0, nil
	}
	after, err = time.ParseDuration(s)
	if err != nil || after <= 0 {
		return 0, 0, say.Errorf("save-every must be a number of updates, or a time such as 30s, not %q", s)
	}
	return 0, after, nil
}

// saveEvery is what parseEvery reads.
func saveEvery(c session.Config) string {
	if c.SaveAfter > 0 {
		return c.SaveAfter.String()
	}
	return strconv.FormatInt(c.SaveEvery, 10)
}

// parseTime reads a time such as 90s or 10m; a number alone is seconds.
func parseTime(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if seconds, numErr := strconv.ParseFloat(s, 64); err != nil && numErr == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err != nil || d < 0 {
		return 0, usage{what: say.Textf("for must be a time such as 90s or 10m, not %q", s)}
	}
	return d, nil
}
