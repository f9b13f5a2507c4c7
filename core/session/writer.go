package session

import (
	"math"

	"rnnscope/core/sample"
	"rnnscope/corpora"
)

// Writer lets a model write text. The prompt is read once, then every token
// written is read before the next is chosen.
type Writer struct {
	model   sample.Writer
	vocab   *corpora.Vocabulary
	chooser *sample.Chooser
	draws   *sample.Draws
	joiner  *corpora.Joiner
	logits  []float32 // of the next token; nil before the first, without a start token
}

// NewWriter starts from the start token: <eos> at word level, newline at
// character level. With a vocabulary that has none, the first token is drawn
// uniformly, whatever the options.
func NewWriter(model sample.Writer, vocab *corpora.Vocabulary, o sample.Options, seed uint64) *Writer {
	w := &Writer{model: model, vocab: vocab, chooser: sample.NewChooser(o), draws: sample.NewDraws(seed), joiner: vocab.Joiner()}
	model.Reset()
	if start := vocab.Start(); start >= 0 {
		w.logits = model.Step(start)
	}
	return w
}

// Prompt reads a text from the zero state in place of the start token, and
// returns the number of symbols that the vocabulary does not have. An empty
// prompt changes nothing.
func (w *Writer) Prompt(text string) (unknown int) {
	ids := w.vocab.Encode(text)
	if len(ids) == 0 {
		return 0
	}
	w.model.Reset()
	for _, id := range ids {
		if id < 0 || int(id) == w.vocab.Unknown() {
			unknown++
		}
		w.logits = w.model.Step(int(id))
		w.joiner.Next(id)
	}
	return unknown
}

// Next chooses a token and reads it.
func (w *Writer) Next() (sample.Choice, error) {
	var c sample.Choice
	if v := w.model.Vocab(); w.logits == nil {
		p := 1 / float64(v)
		c = sample.Choice{ID: int(w.draws.Next() * float64(v)), P: p, PAt1: p, Entropy: math.Log(float64(v))}
	} else {
		var err error
		if c, err = w.chooser.Choose(w.logits, w.draws.Next()); err != nil {
			return c, err
		}
	}
	w.logits = w.model.Step(c.ID)
	return c, nil
}

// Text is what a token that Next returned adds to the text; it is asked for
// once for each, in order.
func (w *Writer) Text(id int) string { return w.joiner.Next(int32(id)) }
