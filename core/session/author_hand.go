package session

import (
	"math"
	"slices"

	"rnnscope/core/sample"
	"rnnscope/core/scope"
)

// Temperatures of the columns.
var Temperatures = []float64{0.2, 0.5, 0.8, 1, 1.5}

// text is the branch that is shown.
func (a *Author) text() *branch { return a.branches[a.branch] }

// think makes sure that a branch's model has read its text.
func (a *Author) think(b *branch) {
	if b.mind.model == nil {
		b.mind = newMind(a.writer(), a.vocab, b.tokens)
	}
	if b.mind.logits == nil { // nothing is read yet: every token alike
		b.mind.logits = make([]float32, a.weights.Model.Vocab)
	}
}

// weigh makes the distribution of what comes next.
func (a *Author) weigh() {
	b := a.text()
	a.think(b)
	a.failure = nil
	if a.failure = a.chooser.Weigh(b.mind.logits); a.failure == nil {
		a.failure = a.one.Weigh(b.mind.logits)
	}
	if a.failure != nil {
		a.writing = false
	}
}

// write writes one token in the text, or one in each column.
func (a *Author) write() {
	if len(a.columns) > 0 {
		a.writeColumns()
		return
	}
	b := a.text()
	if len(b.tokens) >= longest || a.failure != nil {
		a.writing = false
		return
	}
	a.think(b)
	b.add(a.chooser.Draw(b.draw(len(b.tokens))), a.options.Temperature, false, a.vocab)
	a.weigh()
}

func (a *Author) writeColumns() {
	for i := range a.columns {
		c := &a.columns[i]
		if len(c.tokens) >= longest || a.failure != nil {
			a.writing = false
			return
		}
		a.think(&c.branch)
		if a.failure = c.chooser.Weigh(c.mind.logits); a.failure != nil {
			a.writing = false
			return
		}
		c.add(c.chooser.Draw(c.draw(len(c.tokens))), c.temperature, false, a.vocab)
	}
}

// Write lets tokens come by themselves, or stops them.
func (a *Author) Write(on bool) <-chan *scope.Page { return a.ask(func() { a.writing = on }) }

// One writes one token.
func (a *Author) One() <-chan *scope.Page {
	return a.ask(func() { a.writing = false; a.write() })
}

// Choose writes a token by hand.
func (a *Author) Choose(id int) <-chan *scope.Page {
	return a.ask(func() {
		b := a.text()
		if len(a.columns) > 0 || a.failure != nil || id < 0 || id >= a.weights.Model.Vocab || len(b.tokens) >= longest {
			return
		}
		a.think(b)
		p := a.chooser.Probabilities()[id]
		b.add(sample.Choice{ID: id, P: p, PAt1: a.one.Probabilities()[id], Entropy: a.chooser.Entropy()}, a.options.Temperature, true, a.vocab)
		a.weigh()
	})
}

// Back takes the last token away, if it is not of the prompt.
func (a *Author) Back() <-chan *scope.Page {
	return a.ask(func() {
		b, n := a.text(), len(a.text().tokens)
		if a.writing = false; n == 0 || b.tokens[n-1].Prompt || len(a.columns) > 0 {
			return
		}
		b.drop(a.vocab)
		a.weigh()
	})
}

// Split begins another text from this one as it is, which goes on with other
// draws; Switch goes to the next text that was begun.
func (a *Author) Split() <-chan *scope.Page {
	return a.ask(func() {
		const most = 26
		if len(a.branches) == most || len(a.columns) > 0 {
			return
		}
		b := newBranch(a.branches[0].seed + uint64(len(a.branches)))
		b.tokens = slices.Clone(a.text().tokens)
		a.branches = append(a.branches, b)
		a.branch = len(a.branches) - 1
		a.weigh()
	})
}
func (a *Author) Switch(by int) <-chan *scope.Page {
	return a.ask(func() {
		n := len(a.branches)
		if len(a.columns) > 0 {
			return
		}
		a.branch = ((a.branch+by)%n + n) % n
		a.weigh()
	})
}

// SetOptions changes how the next token is chosen.
func (a *Author) SetOptions(temperature float64, topK int, topP float64) <-chan *scope.Page {
	return a.ask(func() {
		o := sample.Options{Temperature: temperature, TopK: topK, TopP: topP}
		if o.Validate() != nil {
			return
		}
		a.options, a.chooser = o, sample.NewChooser(o)
		for i := range a.columns {
			a.columns[i].chooser = a.columnChooser(a.columns[i].temperature)
		}
		a.weigh()
	})
}

// SetSpeed changes how many tokens come a second.
func (a *Author) SetSpeed(tokens float64) <-chan *scope.Page {
	return a.ask(func() { a.speed = min(1000, max(0.5, tokens)) })
}

// SetWeights changes which weights are written with.
func (a *Author) SetWeights(w Weights) <-chan *scope.Page {
	return a.ask(func() {
		a.which = w
		a.freeze()
	})
}

// Begin throws all texts away and begins with a prompt, which may be empty, and
// the draws of a seed.
func (a *Author) Begin(prompt string, seed uint64) <-chan *scope.Page {
	return a.ask(func() {
		a.prompt, a.unknown = prompt, 0
		b := newBranch(seed)
		j := a.vocab.Joiner()
		ids := a.vocab.Encode(prompt)
		for _, id := range ids[max(0, len(ids)-longest/2):] {
			if id < 0 || int(id) == a.vocab.Unknown() {
				a.unknown++
			}
			text := "\uFFFD"
			if id >= 0 {
				text = a.vocab.Token(int(id))
			}
			b.tokens = append(b.tokens, scope.Written{Token: scope.Token{ID: int(id), Text: text, Piece: j.Next(id)}, Prompt: true, P: math.NaN(), PAt1: math.NaN()})
		}
		a.branches, a.branch, a.columns = []*branch{b}, 0, nil
		a.weigh()
	})
}

// Compare writes on from the present text at several temperatures side by side
// and from the same draws, so that only the temperature differs; or ends that.
func (a *Author) Compare(on bool) <-chan *scope.Page {
	return a.ask(func() {
		a.columns, a.writing = nil, a.writing && on
		if !on {
			a.weigh()
			return
		}
		from := a.text()
		for _, t := range Temperatures {
			c := column{temperature: t, chooser: a.columnChooser(t)}
			c.branch = *newBranch(from.seed)
			for _, w := range from.tokens {
				w.Prompt, w.P, w.PAt1 = true, math.NaN(), math.NaN() // given, as what no column has drawn
				c.tokens = append(c.tokens, w)
			}
			a.columns = append(a.columns, c)
		}
	})
}

// columnChooser is how a column chooses: as the text does, but for the
// temperature.
func (a *Author) columnChooser(t float64) *sample.Chooser {
	return sample.NewChooser(sample.Options{Temperature: t, TopK: a.options.TopK, TopP: a.options.TopP})
}
