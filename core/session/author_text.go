package session

import (
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// branch is one text: its tokens, the draws of its places, and a model that has
// read it.
type branch struct {
	seed   uint64
	draws  *sample.Draws
	u      []float64
	tokens []scope.Written // what was handed out is never written over
	mind   mind
}

func newBranch(seed uint64) *branch { return &branch{seed: seed, draws: sample.NewDraws(seed)} }

// draw is the draw of a place in a text.
func (b *branch) draw(place int) float64 {
	for len(b.u) <= place {
		b.u = append(b.u, b.draws.Next())
	}
	return b.u[place]
}

// add writes a chosen token and reads it.
func (b *branch) add(c sample.Choice, temperature float64, hand bool, v *corpora.Vocabulary) {
	b.tokens = append(b.tokens, scope.Written{
		Token: scope.Token{ID: c.ID, Text: v.Token(c.ID), Piece: b.mind.joiner.Next(int32(c.ID))},
		P:     c.P, PAt1: c.PAt1, Entropy: c.Entropy, Temperature: temperature, Hand: hand,
	})
	b.mind.step(len(b.tokens)-1, c.ID)
}

// drop takes the last token away.
func (b *branch) drop(v *corpora.Vocabulary) {
	b.tokens = slices.Clip(b.tokens[:len(b.tokens)-1])
	b.mind.back(v, b.tokens)
}

// catchUp says whether the text still begins with what a mind has read.
func (b *branch) catchUp(m mind, read []scope.Written) bool {
	return len(b.tokens) >= len(read) && slices.EqualFunc(b.tokens[:len(read)], read, func(x, y scope.Written) bool { return x.ID == y.ID })
}

// readOn lets the mind read the tokens from a place on.
func (b *branch) readOn(from int) {
	for i := from; i < len(b.tokens); i++ {
		b.mind.joiner.Next(int32(b.tokens[i].ID))
		b.mind.step(i, b.tokens[i].ID)
	}
}

// column is a text at a fixed temperature beside others.
type column struct {
	temperature float64
	chooser     *sample.Chooser
	branch
}

// mind is a model that has read a text. The zero value has read nothing, and
// belongs to nobody.
type mind struct {
	model  sample.Writer
	logits []float32 // of the next token; nil before the first, without a start token
	joiner *corpora.Joiner
	marks  []bookmark
}

// bookmark is a network's state after it has read so many tokens.
type bookmark struct {
	read  int
	state rnn.State
}

const (
	// reread is how many of the last tokens of a text new weights read, from a
	// zero state: reading a long text anew every second would take too long.
	reread = 512
	// bookmarkEvery is how many tokens at most are read again to go back one,
	// and mostBookmarks how far back that reaches.
	bookmarkEvery = 32
	mostBookmarks = 64
)

// newMind lets a model read a text.
func newMind(model sample.Writer, v *corpora.Vocabulary, tokens []scope.Written) mind {
	m := mind{model: model, joiner: v.Joiner()}
	model.Reset()
	from := max(0, len(tokens)-reread)
	if start := v.Start(); from == 0 && start >= 0 && !(len(tokens) > 0 && tokens[0].Prompt) {
		m.logits = model.Step(start)
	}
	reader, _ := model.(interface{ Read(id int) })
	for i, t := range tokens {
		m.joiner.Next(int32(t.ID))
		switch {
		case i < from:
		case reader != nil && i < len(tokens)-1:
			reader.Read(t.ID)
			m.mark(i + 1)
		default:
			m.step(i, t.ID)
		}
	}
	return m
}

// step reads the token at a place.
func (m *mind) step(place, id int) {
	m.logits = m.model.Step(id)
	m.mark(place + 1)
}

// mark keeps the state now and then.
func (m *mind) mark(read int) {
	network, ok := m.model.(*rnn.Stepper)
	if !ok || read%bookmarkEvery != 0 {
		return
	}
	if len(m.marks) == mostBookmarks {
		m.marks = append(m.marks[:0], m.marks[1:]...)
	}
	b := bookmark{read: read}
	network.State(&b.state)
	m.marks = append(m.marks, b)
}

// back makes the mind one that has read tokens, of which it has read all and
// more: from the last bookmark before their end, or from the beginning.
func (m *mind) back(v *corpora.Vocabulary, tokens []scope.Written) {
	for n := len(m.marks); n > 0 && m.marks[n-1].read >= len(tokens); n-- {
		m.marks = m.marks[:n-1]
	}
	network, ok := m.model.(*rnn.Stepper)
	if !ok || len(m.marks) == 0 {
		if m.model != nil {
			*m = newMind(m.model, v, tokens)
		}
		return
	}
	b := &m.marks[len(m.marks)-1]
	network.SetState(&b.state)
	m.joiner = v.Joiner()
	for i, t := range tokens {
		m.joiner.Next(int32(t.ID))
		if i >= b.read {
			m.logits = network.Step(t.ID)
		}
	}
}
