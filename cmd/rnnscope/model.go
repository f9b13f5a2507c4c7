package main

import (
	"cmp"
	"errors"
	"strings"

	"github.com/spf13/pflag"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// modelFlags say what a bare model file cannot.
type modelFlags struct{ kernel, vocab, activation string }

// bind binds the flags of commands that read a model.
func (m *modelFlags) bind(set *pflag.FlagSet) {
	m.bindFile(set)
	set.StringVar(&m.kernel, "kernel", "auto", strings.Join(kernel.Names(), ", "))
}

// bindFile binds those of them that are about a bare file.
func (m *modelFlags) bindFile(set *pflag.FlagSet) {
	set.StringVar(&m.vocab, "vocab", "", "vocabulary of a bare model file: JSON list or {token: id}, or text, one token a line")
	set.StringVar(&m.activation, "activation", "", "of a bare rnn file: tanh or relu (default tanh, or what the file says)")
}

// model opens a run directory or a model file, with the vocabulary of a file
// for a bare model.
func (p *program) model(path string, flags modelFlags, o corpora.Options) (*store.Opened, error) {
	set, err := kernel.Choose(cmp.Or(flags.kernel, "auto"))
	if err != nil {
		return nil, badFlag(err)
	}
	opened, err := store.OpenModel(path, set)
	if err != nil {
		return nil, err
	}
	if a := flags.activation; a != "" && a != cmp.Or(opened.Model.Activation, "tanh") {
		if opened.Info != nil || opened.Model.Activation != "" {
			return nil, usage{what: say.Textf("--activation %s contradicts %s, whose activation is %s", a, path, cmp.Or(opened.Model.Activation, "tanh"))}
		}
		if opened.Model, err = opened.Model.Activated(a); err != nil {
			return nil, badFlag(err)
		}
	}
	if flags.vocab == "" {
		return opened, nil
	}
	if opened.Info != nil {
		return nil, usage{what: say.Textf("--vocab is for bare model files; %s has a vocabulary of its own", path)}
	}
	v, err := corpora.ReadVocabulary(flags.vocab, o)
	if err != nil {
		return nil, err
	}
	if v.Len() != opened.Model.Vocab {
		return nil, hinted{what: say.Textf("%s has %d tokens, the vocabulary of %s has %d", flags.vocab, v.Len(), path, opened.Model.Vocab), try: say.Textf("give the list that the model was trained with")}
	}
	opened.Vocab = v
	return opened, nil
}

// fits makes sure that a text and a model have vocabularies of one size.
func fits(c *corpora.Corpus, path string, m *rnn.Model) error {
	if n := c.Vocab.Len(); n != m.Vocab {
		return hinted{
			what: say.Textf("%s has a vocabulary of %d, %s one of %d", c.Name, n, path, m.Vocab),
			try:  say.Textf("give the model's own with --vocab FILE: JSON list or {token: id}, or text, one token a line"),
		}
	}
	return nil
}

// changed lists the flags that were given.
func changed(set *pflag.FlagSet) []string {
	var names []string
	set.Visit(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// textOf opens the text that a model is to be judged on: the run's own, or the
// one named, read with the model's vocabulary. flags are those given that say
// how a text is read.
func (p *program) textOf(opened *store.Opened, path string, args, flags []string, o corpora.Options) (*corpora.Corpus, error) {
	switch {
	case len(args) == 0 && opened.Info == nil:
		return nil, usage{what: say.Textf("%s is a bare model file: which TEXT is it to be judged on?", path), try: say.Textf("see rnnscope eval --help")}
	case len(args) == 0 && len(flags) > 0:
		return nil, usage{what: say.Textf("--%s says how a TEXT is read, but none is given: the run's own text is read as it was", flags[0]), try: say.Textf("give the TEXT too")}
	case len(args) == 0:
		return p.own(opened.Info, nil)
	case opened.Info != nil && args[0] == opened.Info.Corpus.Name && args[0] != "-" && len(flags) == 0:
		corpus, err := p.own(opened.Info, nil) // cut as it was for training
		if other := (otherText{}); !errors.As(err, &other) {
			return corpus, err
		}
	}
	o.Vocab = opened.Vocab
	corpus, err := p.text(args[0], o)
	if err != nil {
		return nil, err
	}
	return corpus, fits(corpus, path, opened.Model)
}
