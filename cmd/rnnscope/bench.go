package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/session"
)

func (p *program) bench() *cobra.Command {
	var f runFlags
	var vocab int
	var limit string
	var asJSON bool
	c := command(&cobra.Command{
		Use:   "bench",
		Short: "Measure training and sampling speed on random tokens",
		Long: `Measure training and sampling speed of a configuration on random tokens.

The peak is measured too: fused multiply-adds on registers, on all threads at
once. gflops counts six floating-point operations per weight that
a token is multiplied with, as a whole training step needs without any saving.`,
		Example: "  rnnscope bench --cell lstm --hidden 512 --for 5s",
		Args:    noArgument,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := f.config(nil)
			if err != nil {
				return err
			}
			seconds, err := parseTime(limit)
			if err != nil {
				return err
			}
			if vocab < 1 || seconds <= 0 {
				return usage{what: say.Textf("vocab-size and for must be positive, not %d and %v", vocab, seconds)}
			}
			set, err := kernel.Choose(cfg.Kernel)
			if err != nil {
				return badFlag(err)
			}
			cfg.Model.Vocab = vocab
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
			if asJSON {
				return p.json(r)
			}
			fmt.Fprintln(p.out, p.say("%s, %d x %d, embedding %d, vocabulary %d, batch %d x window %d, %s, threads %d, %s",
				r.Cell, r.Layers, r.Hidden, r.Embed, r.Vocab, r.Batch, r.Window, r.Optimizer, r.Threads, r.Kernel))
			fmt.Fprintln(p.out, p.say("training  %s tokens/s   %.3g ms an update   %.0f GFLOP/s, %.0f %% of the %.0f measured as peak",
				thousands(int64(r.TokensPerS)), r.MsPerUpdate, r.GFLOPS, 100*r.GFLOPS/r.Peak, r.Peak))
			fmt.Fprintln(p.out, p.say("sampling  %.3g µs a token", r.SampleUs))
			return nil
		},
	})
	f.model(c.Flags())
	f.training(c.Flags())
	c.Flags().IntVar(&vocab, "vocab-size", 65, "number of distinct tokens")
	c.Flags().StringVar(&limit, "for", "3s", "how long to train")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
