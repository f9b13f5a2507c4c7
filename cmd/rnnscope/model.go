package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"rnnscope/core/kernel"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// model opens a run directory or a model file, with the vocabulary of a file
// for a bare model.
func (p *program) model(path, kernels, vocab string, o corpora.Options) (*store.Opened, error) {
	set, err := kernel.Choose(kernels)
	if err != nil {
		return nil, badFlag(err)
	}
	opened, err := store.OpenModel(path, set)
	if err != nil || vocab == "" {
		return opened, err
	}
	if opened.Vocab != nil {
		return nil, usage{what: fmt.Sprintf("--vocab is for bare model files; %s has a vocabulary of its own", path)}
	}
	v, err := corpora.ReadVocabulary(vocab, o)
	if err != nil {
		return nil, err
	}
	if v.Len() != opened.Model.Vocab {
		return nil, hinted{what: fmt.Sprintf("%s has %d tokens, the vocabulary of %s has %d", vocab, v.Len(), path, opened.Model.Vocab), try: "give the list that the model was trained with"}
	}
	opened.Vocab = v
	return opened, nil
}

// changed lists the flags that were given.
func changed(set *pflag.FlagSet) []string {
	var names []string
	set.Visit(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// textOf opens the text that a model is to be judged on: the one named, read
// with the model's vocabulary, or the run's own.
func (p *program) textOf(opened *store.Opened, path string, args []string, o corpora.Options) (*corpora.Corpus, error) {
	if len(args) == 0 {
		if opened.Info == nil {
			return nil, usage{what: fmt.Sprintf("%s is a bare model file: which TEXT is it to be judged on?", path), try: "see rnnscope eval --help"}
		}
		return p.own(opened.Info, nil)
	}
	o.Vocab = opened.Vocab
	corpus, err := p.text(args[0], o)
	if err != nil {
		return nil, err
	}
	if n := corpus.Vocab.Len(); n != opened.Model.Vocab {
		return nil, hinted{
			what: fmt.Sprintf("%s has a vocabulary of %d, %s one of %d", args[0], n, path, opened.Model.Vocab),
			try:  "give the model's own with --vocab FILE: JSON list or {token: id}, or text, one token a line",
		}
	}
	return corpus, nil
}
