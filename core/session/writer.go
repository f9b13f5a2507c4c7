package session

import (
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
	logits  []float32 // of the next token
}

// NewWriter starts from the start token: <eos> at word level, newline at
// character level. A vocabulary without one makes the first token a uniform
// draw.
func NewWriter(model sample.Writer, vocab *corpora.Vocabulary, o sample.Options, seed uint64) *Writer {
	w := &Writer{model: model, vocab: vocab, chooser: sample.NewChooser(o), draws: sample.NewDraws(seed), joiner: vocab.Joiner()}
	model.Reset()
	if start := vocab.Start(); start >= 0 {
		w.logits = model.Step(start)
	} else {
		w.logits = make([]float32, model.Vocab())
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
	c, err := w.chooser.Choose(w.logits, w.draws.Next())
	if err != nil {
		return c, err
	}
	w.logits = w.model.Step(c.ID)
	return c, nil
}

// Text is what a token that Next returned adds to the text; it is asked for
// once for each, in order.
func (w *Writer) Text(id int) string { return w.joiner.Next(int32(id)) }
