package session

import (
	"math"

	"rnnscope/core/ngram"
	"rnnscope/core/say"
	"rnnscope/corpora"
)

// The orders of an n-gram whose order nobody chose: past these, tiny
// Shakespeare gains nothing.
const (
	wordOrder = 5
	charOrder = 6
)

// NgramOrder is the order of an n-gram at a level when none was chosen.
func NgramOrder(level corpora.Level) int {
	if level == corpora.Word {
		return wordOrder
	}
	return charOrder
}

// ErrNoLines is what CountNgrams says of a text that has no end of line.
var ErrNoLines = say.Errorf("the text has no end of line, so its lines cannot be sentences")

// CountNgrams counts the training split. Where lines are sentences they end with
// <eos> at word level and the newline at character level.
func CountNgrams(c *corpora.Corpus, o ngram.Options) (*ngram.Counts, error) {
	o.Vocab, o.EOS = c.Vocab.Len(), c.Vocab.Start()
	if o.Lines && o.EOS < 0 {
		return nil, ErrNoLines
	}
	return ngram.Count(c.Train.IDs, o)
}

// NgramEvaluation is what an n-gram makes of a split.
type NgramEvaluation struct {
	Evaluation
	Zero float64 `json:"zero_probability"` // the share of scored tokens with probability 0
}

// EvaluateNgram reads a split as ngram.Model.Evaluate does. It returns nil for a
// split without a token to predict.
func EvaluateNgram(m *ngram.Model, c *corpora.Corpus, split corpora.Split, name string, first bool, stop func() bool) *NgramEvaluation {
	tally := newTally(c, split)
	exact, p := make([]float64, c.Vocab.Len()), make([]float32, c.Vocab.Len())
	got := m.Evaluate(split.IDs, first, func(pos int, nats float64, before *ngram.State) {
		if !tally.due(pos) {
			return
		}
		before.Distribution(exact)
		for id, x := range exact {
			p[id] = float32(x)
		}
		tally.visit(pos, p, nats)
	}, stop)
	if got.Tokens == 0 {
		return nil
	}
	e := &NgramEvaluation{Zero: float64(got.Zero) / float64(got.Tokens)}
	e.Evaluation = Evaluation{Split: name, Tokens: got.Tokens, Unknown: got.Unknown, Loss: Number(got.Loss)}
	e.complete(c, split, tally)
	if math.IsInf(got.Loss, 1) {
		e.Reason = "perplexity is infinite: tokens have probability 0"
	}
	return e
}
