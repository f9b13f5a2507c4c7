package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/session"
)

// benchFlags are those of bench beside the model's and its training's.
type benchFlags struct {
	vocab                     int
	limit, peer               string
	suite, markdown, jsonOnly bool
}

func (p *program) bench() *cobra.Command {
	var f runFlags
	var b benchFlags
	c := command(&cobra.Command{
		Use:   "bench",
		Short: "Measure training and sampling speed on random tokens",
		Long: `Measure training and sampling speed of a configuration on random tokens.

The peak is measured too: fused multiply-adds on registers, on all threads at
once, in the best of short bursts and, sustained, over tenths of a second, as the
system lets them. gflops counts six floating-point operations per weight that a
token is multiplied with, as a whole training step needs without any saving.

--suite measures the table of the README, each configuration on all threads and
on one, in about a minute; --peer PYTHON measures PyTorch beside it, in turn, in
about two.`,
		Example: `  rnnscope bench --cell lstm --hidden 512 --for 5s
  rnnscope bench --suite
  rnnscope bench --suite --peer python3`,
		Args: noArgument,
		RunE: func(*cobra.Command, []string) error {
			if b.suite {
				return p.runSuite(&f, b)
			}
			return p.runBench(&f, b)
		},
	})
	f.model(c.Flags())
	f.training(c.Flags())
	c.Flags().IntVar(&b.vocab, "vocab-size", 65, "number of distinct tokens")
	c.Flags().StringVar(&b.limit, "for", "3s", "how long to train, with --suite on each number of threads (there 2s)")
	c.Flags().BoolVar(&b.suite, "suite", false, "measure the table of configurations that speeds are quoted for")
	c.Flags().StringVar(&b.peer, "peer", "", "with --suite, a Python that has PyTorch, to be measured in turn")
	c.Flags().BoolVar(&b.markdown, "markdown", false, "with --suite, print the table in Markdown")
	c.Flags().BoolVar(&b.jsonOnly, "json", false, "print one JSON object")
	return c
}

func (p *program) runBench(f *runFlags, b benchFlags) error {
	for _, flag := range []string{"peer", "markdown"} {
		if f.set.Changed(flag) {
			return usage{what: say.Textf("--%s is for --suite", flag)}
		}
	}
	cfg, err := f.config(nil)
	if err != nil {
		return err
	}
	seconds, err := parseTime(b.limit)
	if err != nil {
		return err
	}
	if b.vocab < 1 || seconds <= 0 {
		return usage{what: say.Textf("vocab-size and for must be positive, not %d and %v", b.vocab, seconds)}
	}
	set, err := kernel.Choose(cfg.Kernel)
	if err != nil {
		return badFlag(err)
	}
	cfg.Model.Vocab = b.vocab
	rule, err := rnn.ParseInit(cfg.Init)
	if err != nil {
		return badFlag(err)
	}
	rule.ForgetBias = cfg.Forget
	r, err := session.Bench(session.BenchConfig{
		Model: cfg.Model, Init: rule, Train: cfg.Train, Batch: cfg.Batch, Window: cfg.Window,
		Threads: cfg.Threads, Kernel: set, For: seconds,
	})
	if err != nil {
		return err
	}
	if b.jsonOnly {
		return p.json(r)
	}
	fmt.Fprintln(p.out, p.say("%s, %d x %d, embedding %d, vocabulary %d, batch %d x window %d, %s, threads %d, %s",
		r.Cell, r.Layers, r.Hidden, r.Embed, r.Vocab, r.Batch, r.Window, r.Optimizer, r.Threads, r.Kernel))
	fmt.Fprintln(p.out, p.say("training  %s tokens/s   %.3g ms an update   %.0f GFLOP/s, %.0f %% of the %.0f measured as peak, %.0f %% of the %.0f sustained",
		thousands(int64(r.TokensPerS)), r.MsPerUpdate, r.GFLOPS, 100*r.GFLOPS/r.Peak, r.Peak, 100*r.GFLOPS/r.Sustained, r.Sustained))
	fmt.Fprintln(p.out, p.say("sampling  %.3g µs a token", r.SampleUs))
	return nil
}

// ofSuite are the flags that --suite leaves to its caller.
var ofSuite = []string{"suite", "peer", "markdown", "json", "for", "threads", "kernel", "seed", "config", "lang"}

func (p *program) runSuite(f *runFlags, b benchFlags) error {
	var other string
	f.set.VisitAll(func(flag *pflag.Flag) {
		if flag.Changed && !slices.Contains(ofSuite, flag.Name) {
			other = flag.Name
		}
	})
	switch {
	case other != "":
		return usage{what: say.Textf("--suite has configurations of its own, so there can be no --%s", other), try: say.Textf("leave out one of them")}
	case b.markdown && b.jsonOnly:
		return usage{what: say.Textf("--markdown and --json contradict each other; set one of them")}
	case f.threads < 1 || f.threads > 1024:
		return usage{what: say.Textf("threads must be from 1 to 1024, not %d", f.threads)}
	}
	if !f.set.Changed("for") {
		b.limit = "2s"
	}
	seconds, err := parseTime(b.limit)
	if err != nil {
		return err
	}
	if seconds <= 0 {
		return usage{what: say.Textf("for must be positive, not %v", seconds)}
	}
	set, err := kernel.Choose(f.kernel)
	if err != nil {
		return badFlag(err)
	}
	c := session.SuiteConfig{Threads: f.threads, Kernel: set, Seed: f.seed, For: seconds, Peer: b.peer}
	table := suiteTable{p: p, threads: f.threads, peer: b.peer != "", markdown: b.markdown}
	if !b.jsonOnly {
		c.Each = table.line
	}
	r, err := session.BenchSuite(c)
	if err != nil {
		return err
	}
	if b.jsonOnly {
		return p.json(r)
	}
	table.end(r)
	return nil
}
