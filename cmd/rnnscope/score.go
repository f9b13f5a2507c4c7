package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rnnscope/core/ngram"
	"rnnscope/core/sample"
	"rnnscope/core/say"
	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// countedPrefix is what makes a TEXT an n-gram, in place of a MODEL.
const countedPrefix = "ngram:"

func (p *program) score() *cobra.Command {
	var f runFlags
	var m modelFlags
	var order int
	var smoothing, pairs string
	var end, asJSON bool
	c := command(&cobra.Command{
		Use:   "score MODEL|ngram:TEXT SENTENCE...",
		Short: "Log p of sentences, token by token",
		Long: `Say how probable MODEL, a run directory or a .safetensors or .pt file, or an
n-gram counted on TEXT's training split finds each SENTENCE, token by token, and
of several which is the most probable. Each is read from the zero state after a
start token that is not scored: <eos> at word level, a newline at character
level. A word that the vocabulary has not is scored as <unk>, which stands for
all such words; a symbol without an id is read but not scored.

--pairs FILE.tsv has a pair a line: prefix, right, wrong and the number of
attractors, parted by tabs. The model is right when it gives the right word more
probability after the prefix than the wrong one. A pair is covered when the
vocabulary has all its tokens. At character level a word begins and ends with a
space.`,
		Example: `  rnnscope score RUN "the keys to the cabinet are" "the keys to the cabinet is"
  rnnscope score ngram:book.txt --level word "to be or not to be" --end
  rnnscope corpora write agreement-pairs > pairs.tsv
  rnnscope score ngram:agreement --pairs pairs.tsv --json`,
		Args: argumentCount(1, -1, "MODEL and SENTENCEs"),
		RunE: func(_ *cobra.Command, args []string) error {
			if pairs == "" && len(args) == 1 {
				return usage{what: say.Textf("score needs a SENTENCE or --pairs"), try: say.Textf("see rnnscope score --help")}
			}
			if pairs != "" && (len(args) > 1 || end) {
				return usage{what: say.Textf("--pairs takes the place of SENTENCEs and --end"), try: say.Textf("see rnnscope score --help")}
			}
			var tests []corpora.AgreementPair
			if pairs != "" {
				var err error
				if tests, err = p.readPairs(pairs); err != nil {
					return err
				}
			}
			model, vocab, err := p.scorer(args[0], f, m, order, smoothing)
			if err != nil {
				return err
			}
			if pairs != "" {
				return p.scorePairs(model, vocab, tests, asJSON)
			}
			if end && vocab.Start() < 0 {
				return usage{what: say.Textf("%s: the vocabulary has no end of line", args[0]), try: say.Textf("leave out --end")}
			}
			var scores []session.SentenceScore
			for _, sentence := range args[1:] {
				if sentence == "" && !end {
					return usage{what: say.Textf("the sentence is empty"), try: say.Textf("give at least one token")}
				}
				s := session.Score(model, vocab, sentence, end)
				if asJSON {
					if err := p.json(s); err != nil {
						return err
					}
				}
				scores = append(scores, s)
			}
			if !asJSON {
				p.printScores(scores)
			}
			return nil
		},
	})
	c.Flags().BoolVar(&end, "end", false, "score the end of the line after each SENTENCE too")
	c.Flags().StringVar(&pairs, "pairs", "", "accuracy on the pairs of this file, - for standard input, by number of attractors")
	m.bind(c.Flags())
	c.Flags().IntVar(&order, "order", 0, "of an ngram, 1 to 10 (default 5 at word level, 6 at char level)")
	c.Flags().StringVar(&smoothing, "smoothing", "mkn", "of an ngram: "+strings.Join(ngram.Smoothings(), ", "))
	f.text(c.Flags())
	c.Flags().Lookup("lines").Usage = linesUsage
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object a line for every sentence, or number of attractors")
	return c
}

// scorer opens a model, or counts a text.
func (p *program) scorer(name string, f runFlags, m modelFlags, order int, smoothing string) (sample.Writer, *corpora.Vocabulary, error) {
	text, isText := strings.CutPrefix(name, countedPrefix)
	for _, flag := range changed(f.set) {
		switch flag {
		case "vocab", "activation", "kernel":
			if isText {
				return nil, nil, usage{what: say.Textf("--%s is for a model; %s is counted", flag, name), try: say.Textf("leave it out")}
			}
		case "order", "smoothing", "lines", "min-count", "split", "valid", "test":
			if !isText {
				return nil, nil, usage{what: say.Textf("--%s is for ngram:TEXT; %s is a model", flag, name), try: say.Textf("leave it out")}
			}
		}
	}
	if order != 0 || f.set.Changed("order") {
		if order < 1 || order > ngram.MaxOrder {
			return nil, nil, usage{what: say.Textf("order must be from 1 to %d, not %d", ngram.MaxOrder, order)}
		}
	}
	way, err := ngram.ParseSmoothing(smoothing)
	if err != nil {
		return nil, nil, badFlag(err)
	}
	o, err := f.options()
	if err != nil {
		return nil, nil, err
	}
	if !isText {
		opened, err := p.model(name, m, o)
		if err != nil {
			return nil, nil, orCounted(err, name)
		}
		if opened.Vocab == nil {
			return nil, nil, noVocabulary(name)
		}
		return opened.Model.NewStepper(), opened.Vocab, nil
	}
	if text == "" {
		return nil, nil, usage{what: say.Textf("%s names no TEXT", name), try: say.Textf("as in ngram:fables or ngram:book.txt")}
	}
	corpus, err := p.text(text, o)
	if err != nil {
		return nil, nil, err
	}
	order = cmp.Or(order, session.NgramOrder(corpus.Level))
	counts, err := p.counted(corpus, f, order)
	if err != nil {
		return nil, nil, err
	}
	return counts.Model(order, way).NewWriter(), corpus.Vocab, nil
}

// orCounted adds to an error about a model that is none that it may be meant as a
// text.
func orCounted(err error, name string) error {
	if store.IsModel(name) {
		return err
	}
	var u usage
	if errors.As(err, &u) || say.Try(nil, err) == "" {
		return err
	}
	return hinted{what: err, try: say.Textf("%s\nor count a text: %s%s", nextMove{err}, countedPrefix, name)}
}

// nextMove is what an error proposes, as a part of another message.
type nextMove struct{ of error }

func (n nextMove) String() string                     { return n.Say(nil) }
func (n nextMove) Say(translate say.Translate) string { return say.Try(translate, n.of) }

// readPairs reads a file of pairs.
func (p *program) readPairs(path string) ([]corpora.AgreementPair, error) {
	in := p.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, hinted{what: say.Textf("%s: %s", path, errors.Unwrap(err)), try: say.Textf("make one: rnnscope corpora write agreement-pairs > pairs.tsv")}
		}
		defer file.Close()
		in = file
	}
	all, err := corpora.ReadAgreementPairs(in)
	if err == nil && len(all) == 0 {
		err = say.Errorf("no pairs in it")
	}
	if err != nil {
		return nil, hinted{
			what: say.Textf("%s: %v", path, err),
			try:  say.Textf("a line is prefix, right, wrong and the number of attractors, parted by tabs;\nsee rnnscope corpora write agreement-pairs"),
		}
	}
	return all, nil
}

func (p *program) scorePairs(model sample.Writer, vocab *corpora.Vocabulary, pairs []corpora.AgreementPair, asJSON bool) error {
	lines := session.ScorePairs(model, vocab, pairs, func() bool { return p.ctx.Err() != nil })
	if p.ctx.Err() != nil {
		return interrupted{say.Textf("nothing was scored")}
	}
	if asJSON {
		for _, l := range lines {
			if err := p.json(l); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprintf(p.out, "%s %s %s %s  %s\n", padLeft(p.say("attractors"), 10), padLeft(p.say("pairs"), 6), padLeft(p.say("covered"), 8), padLeft(p.say("share"), 7), p.say("accuracy"))
	row := func(name string, count, covered int, right float64) {
		accuracy := "-"
		if covered > 0 {
			accuracy = fmt.Sprintf("%.1f %%", 100*right/float64(covered))
		}
		fmt.Fprintf(p.out, "%s %6d %8d %5.1f %%  %s\n", padLeft(name, 10), count, covered, 100*float64(covered)/float64(count), accuracy)
	}
	var all session.PairsScore
	right := 0.0
	for _, l := range lines {
		sum := 0.0
		if l.Covered > 0 {
			sum = float64(l.Accuracy) * float64(l.Covered)
		}
		row(strconv.Itoa(l.Attractors), l.Pairs, l.Covered, sum)
		all.Pairs, all.Covered, right = all.Pairs+l.Pairs, all.Covered+l.Covered, right+sum
	}
	row(p.phrase("all"), all.Pairs, all.Covered, right)
	fmt.Fprintln(p.out, p.say("covered: the vocabulary has all tokens of the pair; accuracy is of those, chance 50 %%"))
	return nil
}
