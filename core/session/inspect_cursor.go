package session

import (
	"cmp"
	"math"
	"slices"

	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// goingOn is how many tokens are written after the cursor, at sampleTemperature
// and from the draws of a seed.
const (
	goingOn     = 160
	goingOnSeed = 1
)

// look works out what is shown of the token under the cursor.
func (i *Inspector) look() {
	p := &i.page
	p.Equation, p.Next = nil, nil
	if p.Failure != nil {
		end(&i.quick)
		return
	}
	at := p.Point
	if at.Sentence < 0 || at.Sentence > 1 {
		at.Sentence = 0
	}
	at.Token = max(0, min(at.Token, len(i.ids[at.Sentence])-1))
	p.Point = at
	if len(i.ids[at.Sentence]) == 0 {
		p.Influence, p.GoingOn, p.Odds = nil, nil, nil
		end(&i.quick)
		return
	}
	m, t := i.weights.Model, p.Sentences[at.Sentence].Trace
	p.Next = parts(m, t, at.Token)
	if i.subject == AtEquation {
		p.Equation = probe.Equation(m, t, at.Token)
	}
	if p.Stopped {
		return
	}
	switch i.subject {
	case AtInfluence:
		i.askInfluence(at)
	case AtOdds, AtGoingOn:
		i.askOdds(at, i.subject == AtGoingOn)
	default:
		end(&i.quick)
	}
}

// parts is what makes up the logit of the likeliest next token after a step.
func parts(m *rnn.Model, t *scope.Trace, step int) []scope.Part {
	s := &t.Steps[step]
	best := highest(s.Logits)
	tensors := m.Tensors()
	weight := tensors[0].Value // tied
	if !m.Tie {
		weight = tensors[len(tensors)-2].Value
	}
	out := []scope.Part{{Unit: -1, Value: float64(tensors[len(tensors)-1].Value.Data[best])}}
	for u, h := range s.Layers[m.Layers-1].H {
		out = append(out, scope.Part{Unit: u, Value: float64(h) * float64(weight.Data[best*weight.Stride+u])})
	}
	slices.SortStableFunc(out, func(a, b scope.Part) int { return cmp.Compare(math.Abs(b.Value), math.Abs(a.Value)) })
	return out[:min(len(out), scope.NextMost)]
}

// highest is the index of the largest logit.
func highest(x []float32) int {
	best := 0
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}

// askInfluence asks what speaks for the token after the cursor: the sentence's
// own, or the likeliest where the sentence ends or has an unknown symbol there.
func (i *Inspector) askInfluence(at scope.Point) {
	m, ids, update := i.weights.Model, i.ids[at.Sentence], i.weights.Update
	target := -1
	if at.Token+1 < len(ids) {
		target = int(ids[at.Token+1])
	}
	if target < 0 {
		target = highest(i.page.Sentences[at.Sentence].Trace.Steps[at.Token].Logits)
	}
	name := i.vocab.Token(target)
	i.put(&i.quick, "influence", func(ask probe.Ask) (func(*scope.Inspection), error) {
		found, err := probe.Influence(m, ids, at.Token, target, true, ask)
		if err != nil {
			return nil, err
		}
		found.Token = name
		return func(p *scope.Inspection) { p.Influence, p.Influenced = found, update }, nil
	})
}

// askOdds asks how the words in which the sentences differ are weighed, and what
// would be written after the cursor.
func (i *Inspector) askOdds(at scope.Point, write bool) {
	m, ids, changes, vocab, update := i.weights.Model, i.ids[0], i.page.Changes, i.vocab, i.weights.Update
	start := slices.Clone(ids[:min(len(ids), at.Token+1)])
	pair := i.pair()
	i.put(&i.quick, "odds", func(ask probe.Ask) (func(*scope.Inspection), error) {
		var odds *scope.PairOdds
		var err error
		if pair != nil {
			odds = &scope.PairOdds{A: vocab.Decode(pair.a), B: vocab.Decode(pair.b), Common: pair.common}
			if odds.Plain, err = probe.LogOdds(m, ids[:pair.common], pair.a, pair.b, ask); err != nil {
				return nil, err
			}
			if !changes.None() {
				under := ask
				under.Changes = changes
				if odds.Changed, err = probe.LogOdds(m, ids[:pair.common], pair.a, pair.b, under); err != nil {
					return nil, err
				}
			}
		}
		var on *scope.GoingOn
		if write && at.Sentence == 0 && len(start) > 0 {
			on = &scope.GoingOn{Point: at, Temperature: sampleTemperature}
			if on.Plain, err = goOn(m, vocab, start, scope.Changes{}, ask); err == nil && !changes.None() {
				on.Changed, err = goOn(m, vocab, start, changes, ask)
			}
			if err != nil {
				return nil, err
			}
		}
		return func(p *scope.Inspection) { p.Odds, p.GoingOn, p.Answered = odds, on, update }, nil
	})
}

// goOn writes on after ids, at each place with the draw of that place, under
// interventions.
func goOn(m *rnn.Model, vocab *corpora.Vocabulary, ids []int32, changes scope.Changes, ask probe.Ask) ([]scope.Written, error) {
	alter, err := probe.Alter(m, changes)
	if err != nil {
		return nil, err
	}
	s, j := m.NewStepper(), vocab.Joiner()
	s.Alter(alter)
	var logits []float32
	for _, id := range ids {
		logits = s.Step(int(id))
		j.Next(id)
	}
	chooser, draws := sample.NewChooser(sample.Options{Temperature: sampleTemperature}), sample.NewDraws(goingOnSeed)
	var out []scope.Written
	for range goingOn {
		if ask.Stop() {
			return nil, probe.ErrStopped
		}
		c, err := chooser.Choose(logits, draws.Next())
		if err != nil {
			return nil, err
		}
		out = append(out, scope.Written{
			Token: scope.Token{ID: c.ID, Text: vocab.Token(c.ID), Piece: j.Next(int32(c.ID))},
			P:     c.P, PAt1: c.PAt1, Entropy: c.Entropy, Temperature: sampleTemperature,
		})
		logits = s.Step(c.ID)
	}
	return out, nil
}

// arrange works out the order of units that is asked for.
func (i *Inspector) arrange() {
	p := &i.page
	p.Arranged = nil
	a := i.arranging
	if a == nil || p.Failure != nil {
		return
	}
	if a.Sentence < 0 || a.Sentence > 1 || a.Layer < 0 || a.Layer >= p.Model.Layers || p.Sentences[a.Sentence].Len() == 0 {
		return
	}
	s := &p.Sentences[a.Sentence]
	values := s.Trace.Map(a.Layer, a.Quantity)
	if values == nil {
		return
	}
	H := p.Model.Hidden
	out := &scope.Arranged{Arrangement: *a}
	features := probe.TextFeatures(s.Pieces, i.vocab.Level() == corpora.Char)
	for _, f := range features {
		out.Features = append(out.Features, f.Name)
	}
	if a.Feature == "" {
		if H > probe.MostArranged {
			return
		}
		out.Order, _ = probe.Similar(values, H, nil)
		p.Arranged = out
		return
	}
	k := slices.Index(out.Features, a.Feature)
	if k < 0 {
		if len(features) == 0 {
			p.Arranged = out
			return
		}
		k = 0 // this sentence does not have it: the first that it has
		out.Feature = features[0].Name
	}
	out.Correlations = probe.Correlations(values, H, features[k])
	out.Order = make([]int, H)
	for u := range out.Order {
		out.Order[u] = u
	}
	strength := func(u int) float64 {
		if r := out.Correlations[u]; !math.IsNaN(r) {
			return math.Abs(r)
		}
		return -1
	}
	slices.SortStableFunc(out.Order, func(a, b int) int { return cmp.Compare(strength(b), strength(a)) })
	p.Arranged = out
}
