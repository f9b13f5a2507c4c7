package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

func (p *program) eval() *cobra.Command {
	var f runFlags
	var part string
	var m modelFlags
	var asJSON bool
	c := command(&cobra.Command{
		Use:   "eval MODEL [TEXT]",
		Short: "Loss, perplexity and bits per token on a split",
		Long: `Evaluate MODEL, a run directory or a .safetensors or .pt file, on one split of TEXT (by
default the run's own text and its test split). The split is read as one stream
from a zero state; every token but the first is predicted once. At character
level a symbol that the model does not know is read as a zero embedding and not
scored.`,
		Example: `  rnnscope eval RUN                     the test split of its own text
  rnnscope eval RUN/best.safetensors    of the best model so far
  rnnscope eval RUN notes.txt --split all --json`,
		Args: argumentCount(1, 2, "MODEL and one TEXT at most"),
		RunE: func(_ *cobra.Command, args []string) error {
			flags := f.textFlags()
			named := slices.Contains([]string{"train", "valid", "test"}, f.split)
			if err := f.part(&part, len(args) > 1); err != nil {
				return err
			}
			o, err := f.options()
			if err != nil {
				return err
			}
			if f.threads < 1 || f.threads > 1024 {
				return usage{what: say.Textf("threads must be from 1 to 1024, not %d", f.threads)}
			}
			opened, err := p.model(args[0], m, o)
			if err != nil {
				return err
			}
			if named { // --split says which part of the text, not how it is cut
				flags = slices.DeleteFunc(flags, func(name string) bool { return name == "split" })
			}
			corpus, err := p.textOf(opened, args[0], args[1:], flags, o)
			if err != nil {
				return err
			}
			if part == "all" && corpus.Phenomenon != nil {
				return usage{what: say.Textf("%s has three texts of its own for training, validation and test", args[1]), try: say.Textf("try --split train, valid or test")}
			}
			split := map[string]corpora.Split{"train": corpus.Train, "all": corpus.Train, "valid": corpus.Valid, "test": corpus.Test}[part]
			team := kernel.NewTeam(f.threads)
			defer team.Close()
			e := session.Evaluate(opened.Model, corpus, split, part, team, nil)
			if e == nil {
				return hinted{what: say.Textf("%s: the %s split has no token to predict", corpus.Name, part), try: say.Textf("try --split all")}
			}
			if asJSON {
				return p.json(e)
			}
			if len(args) > 1 && len(flags) == 0 && part == "test" && corpus.Phenomenon == nil {
				fmt.Fprintf(p.errs, "rnnscope: %s\n", p.say("this is the last part of %s; --split all evaluates all of it", args[1]))
			}
			p.lines(p.out).evaluation(e)
			return nil
		},
	})
	f.text(c.Flags())
	c.Flags().Lookup("split").Usage = "train, valid, test or all; or three shares to cut TEXT by"
	c.Flags().StringVar(&part, "split-name", "test", "with --split as shares: which of the three to evaluate")
	m.bind(c.Flags())
	f.workers(c.Flags())
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// part reads what --split and --split-name say of the split to evaluate.
func (f *runFlags) part(part *string, text bool) error {
	if name := f.given("split-name"); name != "" && !strings.Contains(f.split, ",") && name != f.split {
		return usage{what: say.Textf("--split %s and --split-name %s contradict each other", f.split, name), try: say.Textf("give one of them")}
	}
	switch f.split {
	case "train", "valid", "test":
		*part, f.split = f.split, defaultSplit
	case "all":
		if !text {
			return usage{what: say.Textf("--split all needs a TEXT: a run's own text is cut as it was for training"), try: say.Textf("try --split train, valid or test")}
		}
		*part, f.split = "all", "1,0,0"
		return nil
	}
	switch *part {
	case "train", "valid", "test":
		return nil
	}
	return usage{what: say.Textf("split-name must be train, valid or test, not %q", *part)}
}
