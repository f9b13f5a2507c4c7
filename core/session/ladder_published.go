package session

import (
	"math"

	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// pennTreebank says that a text has the shape of the Penn Treebank as Mikolov
// prepared it: 10,000 words and 929,589 training tokens, ends of lines among
// both. Whether it is that text its shape cannot prove, and results are shown
// beside it as what they are, published ones.
func pennTreebank(c *corpora.Corpus) bool {
	return c.Level == corpora.Word && c.Vocab.Len() == 10_000 && c.Train.IDs.Len() == 929_589
}

// published are results on the test split of the Penn Treebank.
func published() []scope.Rung {
	const (
		mikolov = "Mikolov, Deoras, Kombrink, Burget & Černocký 2011, Empirical evaluation and combination of advanced language modeling techniques"
		zaremba = "Zaremba, Sutskever & Vinyals 2014, Recurrent neural network regularization, arXiv:1409.2329"
		merity  = "Merity, Keskar & Socher 2018, Regularizing and optimizing LSTM language models, arXiv:1708.02182"
	)
	var all []scope.Rung
	for _, p := range []struct {
		name, source string
		perplexity   float64
		size         int64
	}{
		{"5-gram Kneser-Ney", mikolov, 141.2, 0},
		{"feed-forward network", mikolov, 140.2, 0},
		{"RNN", mikolov, 124.7, 0},
		{"LSTM 2×200", zaremba, 114.5, 0},
		{"LSTM 2×650, dropout", zaremba, 82.7, 20_000_000},
		{"LSTM 2×1500, dropout", zaremba, 78.4, 66_000_000},
		{"AWD-LSTM", merity, 57.3, 24_000_000},
	} {
		all = append(all, scope.Rung{Kind: scope.Published, Name: p.name, Source: p.source, Loss: math.Log(p.perplexity), Size: p.size})
	}
	return all
}
