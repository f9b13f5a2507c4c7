package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/kernel"
	"rnnscope/core/lag"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// lagFlags are the flags of lag, as given: lists by comma.
type lagFlags struct {
	set                                                *pflag.FlagSet
	preset                                             string
	tasks, cells, activations, inits, bias, lags, rate string
	seeds, batch, hidden, threads                      int
	updates                                            int64
	clip                                               float64
	input, kernel, out, resume                         string
	asJSON                                             bool
}

func (p *program) lag() *cobra.Command {
	var f lagFlags
	c := command(&cobra.Command{
		Use:   "lag",
		Short: "Experiments on long dependencies: task x cell x lag x seed",
		Long: `Train on tasks whose answers depend on what was seen long ago, and see which
cells learn them, from which initialisation and at which rate. Every combination
of the lists is a trial; one runs on each thread. A trial ends when it is
solved: 400 fresh sequences, drawn anew every 50 updates, with an accuracy of
0.99, of the adding task a mean squared error below 0.01. Before training,
"arrives" is how much of the gradient of an answer reaches the step it depends
on, and "horizon" the lag at which a thousandth would be left of it.

Tasks, and the lag each is tried at when none is given:
  adding        add two marked numbers of a long sequence (50)
  order         tell in which order two rare symbols came (50)
  recall        say the first symbol again after a fixed lag (20)
  recall-mixed  the same, trained on all lags up to that (20)
  copy          say ten symbols again after a pause (20)
  reber         close the embedded Reber grammar with its first letter (20)

Preset lecture: remember the first symbol, say it at the end; RNN against LSTM.

Results are appended to a file as they come; --resume goes on with a grid that
was stopped, and with other flags beside it, extends it.`,
		Example: `  rnnscope lag --task adding --lag 50 --forget-bias 1 --seeds 5 --updates 4000
  rnnscope lag --task recall --lag 5,20 --init pytorch,orthogonal --out a.jsonl
  rnnscope lag --resume a.jsonl --seeds 5
  rnnscope lag --preset lecture`,
		Args: noArgument,
		RunE: func(c *cobra.Command, _ []string) error { return p.runLag(&f) },
	})
	f.bind(c.Flags())
	return c
}

func (f *lagFlags) bind(set *pflag.FlagSet) {
	f.set = set
	d := lag.Defaults()
	set.StringVar(&f.preset, "preset", "", "start from a known grid: lecture")
	set.StringVar(&f.tasks, "task", strings.Join(d.Tasks, ","), "tasks: "+strings.Join(lag.Tasks(), ", "))
	set.StringVar(&f.cells, "cell", strings.Join(d.Cells, ","), "cells")
	set.StringVar(&f.activations, "activation", strings.Join(d.Activations, ","), "of the rnn cell: tanh, relu")
	set.StringVar(&f.inits, "init", strings.Join(d.Inits, ","), "first weights: pytorch, uniform:A, orthogonal, identity, gain:G")
	set.StringVar(&f.bias, "forget-bias", drawn, "of the lstm cell: numbers, or drawn")
	set.StringVar(&f.lags, "lag", "", "steps between a symbol and what depends on it")
	set.Lookup("lag").DefValue = "each task's usual one"
	set.StringVar(&f.rate, "lr", "0.001", "learning rates, of Adam")
	set.IntVar(&f.seeds, "seeds", d.Seeds, "seeds 1 … N")
	set.Int64Var(&f.updates, "updates", d.Updates, "give a trial up after this many updates")
	set.IntVar(&f.batch, "batch", d.Batch, "sequences of an update")
	set.IntVar(&f.hidden, "hidden", d.Hidden, "units")
	set.Float64Var(&f.clip, "clip", d.Clip, "clip the gradient's global norm (0: off)")
	set.StringVar(&f.input, "input", d.Input, "symbols are read as onehot or by a learnt embedding of 16")
	set.StringVar(&f.out, "out", "", "file of the results, JSON lines")
	set.Lookup("out").DefValue = "runs/lag-TIME.jsonl"
	set.StringVar(&f.resume, "resume", "", "go on with the grid of this file")
	set.IntVar(&f.threads, "threads", runtime.GOMAXPROCS(0), "trials side by side")
	set.Lookup("threads").DefValue = "all cores"
	set.StringVar(&f.kernel, "kernel", "auto", strings.Join(kernel.Names(), ", "))
	set.BoolVar(&f.asJSON, "json", false, "print one JSON object a line for every trial")
}

// drawn is the forget bias that the initialisation draws.
const drawn = "drawn"

// over puts the flags that were given over a grid.
func (f *lagFlags) over(g lag.Grid) (lag.Grid, error) {
	var err error
	for _, flag := range []struct {
		name string
		set  func()
	}{
		{"task", func() { g.Tasks, err = byComma(f.tasks, asText) }},
		{"cell", func() { g.Cells, err = byComma(f.cells, asText) }},
		{"activation", func() { g.Activations, err = byComma(f.activations, asText) }},
		{"init", func() { g.Inits, err = byComma(f.inits, asText) }},
		{"forget-bias", func() { g.ForgetBias, err = byComma(f.bias, asBias) }},
		{"lag", func() { g.Lags, err = byComma(f.lags, strconv.Atoi) }},
		{"lr", func() { g.LRs, err = byComma(f.rate, asNumber) }},
		{"seeds", func() { g.Seeds = f.seeds }},
		{"updates", func() { g.Updates = f.updates }},
		{"batch", func() { g.Batch = f.batch }},
		{"hidden", func() { g.Hidden = f.hidden }},
		{"clip", func() { g.Clip = f.clip }},
		{"input", func() { g.Input = f.input }},
	} {
		if !f.set.Changed(flag.name) {
			continue
		}
		if flag.set(); err != nil {
			return g, usage{what: say.Textf("%s: %v", flag.name, err), try: say.Textf("see rnnscope lag --help")}
		}
	}
	return g, nil
}

// byComma reads values by comma.
func byComma[T any](s string, read func(string) (T, error)) ([]T, error) {
	var all []T
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		v, err := read(part)
		if err != nil || part == "" {
			return nil, say.Errorf("%q is not one of its values", part)
		}
		all = append(all, v)
	}
	return all, nil
}

func asText(s string) (string, error) { return s, nil }

func asNumber(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

func asBias(s string) (*scope.Number, error) {
	if s == drawn {
		return nil, nil
	}
	v, err := strconv.ParseFloat(s, 64)
	n := scope.Number(v)
	return &n, err
}

// grid is what the flags ask for, and the log it is written to.
func (f *lagFlags) grid() (*lag.Log, []scope.Trial, error) {
	base := lag.Defaults()
	var log *lag.Log
	var err error
	switch {
	case f.resume != "" && f.preset != "":
		return nil, nil, usage{what: say.Textf("--resume goes on with the grid of its file, which --preset contradicts"), try: say.Textf("give one of them")}
	case f.resume != "" && f.out != "" && filepath.Clean(f.out) != filepath.Clean(f.resume):
		return nil, nil, usage{what: say.Textf("--resume appends to its own file, which --out contradicts"), try: say.Textf("give one of them")}
	case f.threads < 1 || f.threads > 1024:
		return nil, nil, usage{what: say.Textf("threads must be from 1 to 1024, not %d", f.threads)}
	case f.preset != "":
		if base, err = presetGrid(f.preset); err != nil {
			return nil, nil, err
		}
	case f.resume != "":
		if log, err = lag.ResumeLog(f.resume); err != nil {
			return nil, nil, err
		}
		base = log.Grid
	}
	g, err := f.over(base)
	if err != nil {
		return nil, nil, err
	}
	trials, err := g.Trials()
	if err != nil {
		if log != nil {
			log.Close()
		}
		return nil, nil, badFlag(err)
	}
	if log != nil {
		log.Grid = g
		return log, trials, nil
	}
	log, err = f.create(g)
	return log, trials, err
}

func presetGrid(name string) (lag.Grid, error) {
	var names []string
	for _, preset := range lag.Presets() {
		if preset.Name == name {
			return preset.Grid, nil
		}
		names = append(names, preset.Name)
	}
	return lag.Grid{}, usage{what: say.Textf("no grid is called %q", name), try: say.Textf("one of: %s", strings.Join(names, ", "))}
}

func (f *lagFlags) create(g lag.Grid) (*lag.Log, error) {
	if f.out != "" {
		log, err := lag.CreateLog(f.out, g)
		if errors.Is(err, fs.ErrExist) {
			return nil, hinted{what: say.Textf("%s: is there already", f.out), try: say.Textf("go on with it: rnnscope lag --resume %s; or name another --out", f.out)}
		}
		return log, err
	}
	began := filepath.Join("runs", "lag-"+time.Now().Format("20060102-150405"))
	path := began + ".jsonl"
	for n := 2; ; n++ { // grids that begin in the same second
		log, err := lag.CreateLog(path, g)
		if !errors.Is(err, fs.ErrExist) || n > 1000 {
			return log, err
		}
		path = began + "-" + strconv.Itoa(n) + ".jsonl"
	}
}

func (p *program) runLag(f *lagFlags) error {
	set, err := kernel.Choose(f.kernel)
	if err != nil {
		return badFlag(err)
	}
	log, trials, err := f.grid()
	if err != nil {
		return err
	}
	defer log.Close()
	var todo []scope.Trial
	for _, c := range trials {
		if !log.Done(c) {
			todo = append(todo, c)
		}
	}
	defer p.ending()()
	show := &lagLines{p: p, asJSON: f.asJSON, status: p.lines(p.errs), trials: trials, todo: todo, before: len(trials) - len(todo), began: time.Now()}
	if show.before > 0 && !f.asJSON {
		fmt.Fprintln(p.out, p.say("%d of %d trials are in %s already", show.before, len(trials), log.Path))
	}
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	var failed error // of writing the log
	err = lag.Run(ctx, todo, f.threads, set, func(e lag.Event) {
		if e.Result != nil && failed == nil {
			if failed = log.Add(*e.Result); failed != nil {
				cancel()
			}
		}
		show.event(e)
	})
	show.status.status("")
	switch {
	case failed != nil:
		return failed
	case errors.Is(err, lag.ErrStopped) && len(log.Results) == 0:
		os.Remove(log.Path) // nothing is in it
		return interrupted{say.Textf("no trial had been finished, so nothing was saved")}
	case errors.Is(err, lag.ErrStopped):
		return interrupted{say.Textf("%d of %d trials are in %s; go on with rnnscope lag --resume %s", show.before+show.done, len(trials), log.Path, log.Path)}
	case err != nil:
		return err
	}
	if !f.asJSON {
		show.summary(lag.Sorted(trials, log.Results))
		fmt.Fprintln(p.out, p.say("\nresults and curves are in %s", log.Path))
	}
	return nil
}

// finite writes a figure that may be missing.
func finite(format string, x scope.Number) string {
	if v := float64(x); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return fmt.Sprintf(format, v)
	}
	return "-"
}
