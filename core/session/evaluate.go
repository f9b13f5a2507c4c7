package session

import (
	"math"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/corpora"
)

// Evaluate reads a split as one stream from a zero state. It returns nil for a
// split without a token to predict, and what it has when stop says so.
func Evaluate(m *rnn.Model, c *corpora.Corpus, split corpora.Split, name string, team *kernel.Team, stop func() bool) *Evaluation {
	if split.IDs.Len() < 2 {
		return nil
	}
	tally := newTally(c, split)
	got := m.Evaluate(split.IDs, team, tally.visit, stop)
	e := &Evaluation{Split: name, Tokens: got.Tokens, Unknown: got.Unknown, Loss: Number(got.Loss)}
	if got.Tokens == 0 {
		e.Loss = Number(math.NaN())
	}
	e.complete(c, split, tally)
	return e
}

// complete fills in what follows from the loss, what was tallied, and what is
// known of the text.
func (e *Evaluation) complete(c *corpora.Corpus, split corpora.Split, t *tally) {
	e.finish()
	e.Scored = t.result()
	if !math.IsNaN(split.FloorNats) {
		e.Floor = &Floor{Loss: Number(split.FloorNats), Bits: Number(split.FloorNats / math.Ln2)}
		if c.Phenomenon != nil && !math.IsNaN(c.Phenomenon.Forgets) {
			bits := c.Phenomenon.Forgets / math.Ln2
			e.Floor.Forgets = &bits
		}
	}
}

// tally counts how often the model is right at the scored positions: when the
// probability of the right set of tokens exceeds that of every other set of
// the choice. Where a line counts as a whole, all its positions must be right.
type tally struct {
	phenomenon *corpora.Phenomenon
	scored     []corpora.Scored
	next       int
	nats       float64
	count      int
	class      []struct{ right, count int }
	line       int32
	lineClass  uint8
	lineRight  bool
	open       bool
}

func newTally(c *corpora.Corpus, split corpora.Split) *tally {
	t := &tally{phenomenon: c.Phenomenon, scored: split.Scored}
	if c.Phenomenon == nil {
		t.scored = nil
		return t
	}
	t.class = make([]struct{ right, count int }, max(1, len(c.Phenomenon.Classes)))
	return t
}

// due says whether a position is one of the scored; positions ascend.
func (t *tally) due(pos int) bool {
	for t.next < len(t.scored) && t.scored[t.next].Pos < pos {
		t.next++ // not scored by the model: an unknown symbol
	}
	return t.next < len(t.scored) && t.scored[t.next].Pos == pos
}

func (t *tally) visit(pos int, p []float32, nats float64) {
	if !t.due(pos) {
		return
	}
	s := t.scored[t.next]
	t.next++
	t.nats += nats
	t.count++
	sets := t.phenomenon.Choices[s.Choice]
	mass := make([]float64, len(sets))
	for i, set := range sets {
		for _, id := range set {
			mass[i] += float64(p[id])
		}
	}
	right := true
	for i := range mass {
		if i != int(s.Right) && !(mass[i] < mass[s.Right]) { // NaN is never right
			right = false
		}
	}
	if !t.phenomenon.WholeLine {
		t.add(s.Class, right)
		return
	}
	if t.open && s.Line != t.line {
		t.add(t.lineClass, t.lineRight)
		t.open = false
	}
	if !t.open {
		t.open, t.line, t.lineClass, t.lineRight = true, s.Line, s.Class, true
	}
	t.lineRight = t.lineRight && right
}

func (t *tally) add(class uint8, right bool) {
	c := &t.class[class]
	c.count++
	if right {
		c.right++
	}
}

func (t *tally) result() *Phenomenon {
	if t.open {
		t.add(t.lineClass, t.lineRight)
	}
	if t.count == 0 {
		return nil
	}
	out := &Phenomenon{Title: t.phenomenon.Title, Loss: Number(t.nats / float64(t.count))}
	right := 0
	for i, c := range t.class {
		right += c.right
		out.Count += c.count
		if i < len(t.phenomenon.Classes) && c.count > 0 {
			out.Classes = append(out.Classes, Class{t.phenomenon.Classes[i], c.count, Number(float64(c.right) / float64(c.count))})
		}
	}
	out.Accuracy = Number(float64(right) / float64(out.Count))
	return out
}
