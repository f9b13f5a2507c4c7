package session

import (
	"strings"

	"rnnscope/core/probe"
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// sampleTokens is how many tokens of the corpus units are searched in and read
// over, effectTokens how many behind them the units found are ablated on, and
// leastSample how many validation must have to be the place.
const (
	sampleTokens = 10_000
	effectTokens = 4_096
	leastSample  = 2_000
)

// searched is a piece of the corpus with its features.
type searched struct {
	ids      piece           // that are searched
	whole    piece           // and those behind them
	features []scope.Feature // of the whole
	page     scope.Sampled
}

// piece is ids in memory as a text.
type piece []int32

func (x piece) Len() int                   { return len(x) }
func (x piece) Fill(dst []int32, from int) { copy(dst, x[from:]) }

// sample is the beginning of the validation text, or of the training text where
// that is too short.
func (i *Inspector) sample() *searched {
	if i.search != nil {
		return i.search
	}
	c := i.live.Text.corpus
	s, split := &searched{page: scope.Sampled{Split: 1}}, &c.Valid
	if split.IDs.Len() < leastSample {
		split, s.page.Split = &c.Train, 0
	}
	s.whole = make(piece, min(sampleTokens+effectTokens, split.IDs.Len()))
	split.IDs.Fill(s.whole, 0)
	s.ids = s.whole[:min(sampleTokens, len(s.whole))]
	tokens := make([]string, len(s.whole))
	j := i.vocab.Joiner()
	for n, id := range s.whole {
		if n < len(s.ids) {
			s.page.Pieces = append(s.page.Pieces, j.Next(id))
		}
		if id >= 0 {
			tokens[n] = i.vocab.Token(int(id))
		}
	}
	s.features = probe.TextFeatures(tokens, i.vocab.Level() == corpora.Char)
	if f, ok := subjectNumber(c, *split, 0, len(s.whole)); ok {
		s.features = append(s.features, f)
	}
	i.search = s
	return s
}

// question is what is searched for in a layer.
func (s *searched) question(layer int) probe.Search {
	return probe.Search{Layer: layer, Features: s.features, Tokens: len(s.ids), EffectTokens: effectTokens}
}

// FindUnits searches a layer for units that track features of the corpus.
func (i *Inspector) FindUnits(layer int) <-chan *scope.Inspection {
	return i.ask(func() {
		if i.weights.Model == nil {
			return
		}
		m, s, update := i.weights.Model, i.sample(), i.weights.Update
		i.page.Sample = s.page
		i.put(&i.long, "search", func(ask probe.Ask) (func(*scope.Inspection), error) {
			found, err := probe.FindUnits(m, s.whole, s.question(layer), ask)
			return func(p *scope.Inspection) { p.Found = &scope.UnitsFound{UnitSearch: found, Update: update} }, err
		})
	})
}

// matches is how many spans are listed.
const matches = 50

// Match asks which units are on in tokens from … to-1 of the first sentence and
// off around them, and where in the corpus the same units are.
func (i *Inspector) Match(layer, from, to int, threshold float32) <-chan *scope.Inspection {
	return i.ask(func() {
		if i.weights.Model == nil {
			return
		}
		if i.retrace { // weights or a sentence came in the same turn
			i.trace()
			i.retrace, i.relook = false, true
		}
		t, text := i.page.Sentences[0].Trace, i.page.Sentences[0].Text
		if t == nil {
			return
		}
		m, s, update := i.weights.Model, i.sample(), i.weights.Update
		i.page.Sample = s.page
		i.put(&i.long, "match", func(ask probe.Ask) (func(*scope.Inspection), error) {
			found, err := probe.Match(m, t, probe.Selection{Layer: layer, From: from, To: to, Threshold: threshold}, s.ids, matches, ask)
			return func(p *scope.Inspection) {
				if p.Sentences[0].Text == text {
					p.Matched = &scope.Matched{Match: found, Text: text, From: from, To: to, Update: update}
				}
			}, err
		})
	})
}

// Peaks of a unit, and tokens of context before each.
const (
	peaks       = 12
	peakContext = 40
)

// ReadUnit follows a unit through the corpus.
func (i *Inspector) ReadUnit(layer, unit int) <-chan *scope.Inspection {
	return i.ask(func() {
		if i.weights.Model == nil {
			return
		}
		m, s, update := i.weights.Model, i.sample(), i.weights.Update
		i.page.Sample = s.page
		i.put(&i.long, "read", func(ask probe.Ask) (func(*scope.Inspection), error) {
			read, err := probe.ReadUnit(m, s.ids, layer, unit, peakContext, peaks, ask)
			return func(p *scope.Inspection) { p.UnitText = &scope.UnitRead{UnitText: read, Update: update} }, err
		})
	})
}

// Passage is the nth piece of the validation text (of the training text where
// that is short), at most so many tokens: from the beginning of a line to the
// end of one where there is one in time.
func (t *Text) Passage(n, most int) string {
	split := &t.corpus.Valid
	if split.IDs.Len() < leastSample {
		split = &t.corpus.Train
	}
	total := split.IDs.Len()
	if total == 0 {
		return ""
	}
	const apart = 7919 // tokens between two pieces: a prime, so that they differ
	from := n * apart % total
	ids := make([]int32, min(4*most, total-from))
	split.IDs.Fill(ids, from)
	end := int32(t.corpus.Vocab.Start())
	start := 0
	if end >= 0 {
		for k, id := range ids[:max(0, len(ids)-most/2)] {
			if id == end {
				start = k + 1
				break
			}
		}
	}
	ids = ids[start:]
	ids = ids[:min(most, len(ids))]
	for k := len(ids) - 1; k >= most/3; k-- {
		if ids[k] == end {
			ids = ids[:k]
			break
		}
	}
	return strings.TrimSpace(t.corpus.Vocab.Decode(ids))
}
