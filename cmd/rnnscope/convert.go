package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// conversion is what convert --json prints.
type conversion struct {
	In      string   `json:"in"`
	Out     []string `json:"out"` // the files, or the directory of the run
	Cell    string   `json:"cell"`
	Weights int      `json:"weights"`
	Vocab   int      `json:"vocab"`
}

// foreignEnding is that of a file, of other programs or none; the name of a
// directory may have a point in it, as in lr-0.01 or fables.final.
var foreignEnding = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\.([a-z]{2,4}|h5|hdf5|keras|msgpack|pickle|tflite)$`)
})

func (p *program) convert() *cobra.Command {
	var f runFlags
	var m modelFlags
	var asJSON, force bool
	c := command(&cobra.Command{
		Use:   "convert IN OUT [TEXT]",
		Short: "PyTorch files, safetensors and runs, each into the others",
		Long: `Convert the model IN, a run directory, a .safetensors or a .pt file, into OUT: a
file by its ending, else a run directory. Of a PyTorch file only tensors in
dictionaries are read: a state_dict, or a checkpoint with one in it; modules may
be called as in the lecture's class or otherwise, as lstm, encoder and decoder,
behind any prefix. Beside a file, OUT.json has its configuration and vocabulary,
and load.py rebuilds the model in PyTorch and prints its perplexity. A run
directory needs a vocabulary: that of the run IN, or --vocab; with TEXT it can
be gone on with, as the training flags say.`,
		Example: `  rnnscope convert RUN model.pt        then: python3 load.py model.pt TEXT
  rnnscope convert old.pt RUN --vocab vocab.json          from PyTorch
  rnnscope convert model.pt model.safetensors`,
		Args: argumentCount(2, 3, "IN, OUT and one TEXT at most"),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := f.options()
			if err != nil {
				return err
			}
			in, out := args[0], args[1]
			if ending := filepath.Ext(out); foreignEnding().MatchString(ending) && !store.IsModelFile(out) {
				return usage{what: say.Textf("%s: models are not written as %s", out, ending), try: say.Textf("a file ends in .safetensors, .pt or .pth; a run directory has no ending")}
			}
			opened, err := p.model(in, m, o)
			if err != nil {
				return err
			}
			done := conversion{In: in, Cell: opened.Model.Cell, Weights: opened.Model.Size(), Vocab: opened.Model.Vocab}
			text := opened.Text
			if text.Name == "" {
				text.Options = corpora.Options{Split: o.Split, Lossy: o.Lossy, Lines: o.Lines}
			}
			switch {
			case store.IsModelFile(out) && len(args) > 2:
				return usage{what: say.Textf("a TEXT is for a run directory; %s is a file", out), try: say.Textf("leave the TEXT out")}
			case store.IsModelFile(out):
				if done.Out, err = store.Export(out, opened.Model, opened.Vocab, text, force); err != nil {
					return err
				}
			default:
				if err := p.convertToRun(&f, opened, args); err != nil {
					return err
				}
				done.Out = []string{out}
			}
			if asJSON {
				return p.json(done)
			}
			fmt.Fprintln(p.out, p.say("%s %dx%d, embedding %d, vocabulary of %s, %s weights: %s",
				strings.ToUpper(done.Cell), opened.Model.Layers, opened.Model.Hidden, opened.Model.Embed, thousands(int64(done.Vocab)), thousands(int64(done.Weights)), strings.Join(done.Out, ", ")))
			return nil
		},
	})
	f.text(c.Flags())
	f.training(c.Flags())
	m.bindFile(c.Flags())
	c.Flags().BoolVar(&force, "force", false, "replace files that exist")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// convertToRun makes a run directory of a model: with a text, one that training
// goes on with at update 0.
func (p *program) convertToRun(f *runFlags, opened *store.Opened, args []string) error {
	in, out := args[0], args[1]
	if len(args) == 2 {
		if opened.Vocab == nil {
			return noVocabulary(in)
		}
		if flags := f.textFlags(); len(flags) > 0 && !slices.Contains([]string{"level", "tokens", "lowercase"}, flags[0]) {
			return usage{what: say.Textf("--%s says how a TEXT is read, but none is given", flags[0]), try: say.Textf("give the TEXT too")}
		}
		info := store.Info{Command: append([]string{"rnnscope", "convert"}, args...), Weights: store.Given, Model: opened.Model.Config, Vocabulary: opened.Vocab}
		if opened.Info != nil {
			info.Corpus, info.Config = opened.Info.Corpus, opened.Info.Config
		} else {
			config := session.Defaults()
			config.Model = opened.Model.Config
			text, err := json.Marshal(config)
			if err != nil {
				return err
			}
			info.Config = text
		}
		return store.CreateWith(out, info, opened.Model)
	}
	o, err := f.options()
	if err != nil {
		return err
	}
	o.Vocab = opened.Vocab
	corpus, err := p.text(args[2], o)
	if err != nil {
		return err
	}
	if err := fits(corpus, in, opened.Model); err != nil {
		return err
	}
	under, err := f.like(in, opened.Model.Config)
	if err != nil {
		return err
	}
	config, err := f.config(under)
	if err != nil {
		return err
	}
	s, err := session.New(config, corpus, opened.Model)
	if err != nil {
		return err
	}
	defer s.Close()
	run, err := plan{session: s, command: append([]string{"rnnscope", "convert"}, args...)}.keep(runTarget{out: out})
	if err != nil {
		return err
	}
	s.Keep(run)
	return s.SaveNow()
}
