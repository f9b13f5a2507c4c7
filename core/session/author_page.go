package session

import "rnnscope/core/scope"

// page is the author's work as a screen sees it.
func (a *Author) page() *scope.Page {
	b := a.text()
	a.seq++
	p := &scope.Page{
		Seq: a.seq,
		Run: a.weights.Run, Update: a.weights.Update, Best: a.weights.Best, Frozen: a.which == Fixed || len(a.columns) > 0,
		Writing: a.writing, Speed: a.speed, Full: len(b.tokens) >= longest,
		Temperature: a.options.Temperature, TopK: a.options.TopK, TopP: a.options.TopP, Seed: b.seed,
		Counting: a.counting, Prompt: a.prompt, Unknown: a.unknown, Tokens: b.tokens, Branch: a.branch, Branches: len(a.branches),
	}
	if a.gram != nil {
		p.Ngram = a.gram.Order
	}
	if p.Failure = a.failure; p.Failure != nil {
		return p
	}
	p.Entropy, p.AtOne, p.Kept = a.chooser.Entropy(), a.one.Entropy(), a.chooser.Kept()
	p.Next = a.candidates()
	for _, c := range a.columns {
		column := scope.Column{Temperature: c.temperature, Tokens: c.tokens}
		for _, t := range c.tokens {
			if !t.Prompt {
				column.MeanEntropy += t.Entropy
				column.Wrote++
			}
		}
		column.MeanEntropy /= float64(max(1, column.Wrote))
		p.Columns = append(p.Columns, column)
	}
	return p
}

// candidates lists what may come next, the most probable first: no temperature
// changes that order.
func (a *Author) candidates() []scope.Candidate {
	at1, now := a.one.Probabilities(), a.chooser.Probabilities()
	out := make([]scope.Candidate, min(len(now), scope.NextMost))
	for n := range out {
		id := a.one.Rank(n)
		out[n] = scope.Candidate{Token: scope.Token{ID: id, Text: a.vocab.Token(id)}, P: now[id], PAt1: at1[id]}
	}
	return out
}
