package ngram

import (
	"math"

	"rnnscope/core/sample"
)

// LogZero is the logit of a token of probability 0, which only mle and katz
// give. It is finite, as a chooser needs, and so low that the token is not drawn
// beside any other; where every token has it, after a history that mle has not
// seen, all are as likely.
const LogZero = float32(-1e30)

// Writer lets a model write: its logits are log probabilities. It belongs to one
// goroutine.
type Writer struct {
	*State
	p      []float64
	logits []float32
}

var _ sample.Writer = (*Writer)(nil)

// NewWriter returns a writer at the start.
func (m *Model) NewWriter() *Writer {
	return &Writer{m.Start(), make([]float64, m.Vocab), make([]float32, m.Vocab)}
}

// Vocab is V.
func (w *Writer) Vocab() int { return w.m.Vocab }

// Step reads a token, -1 for a symbol without an id, and returns ln p of each
// that may come next, [V], which the next Step overwrites. State.LogP gives the
// same in float64, and -Inf for LogZero.
func (w *Writer) Step(id int) []float32 {
	w.Read(int32(id))
	w.Distribution(w.p)
	for id, p := range w.p {
		if p > 0 {
			w.logits[id] = float32(math.Log(p))
		} else {
			w.logits[id] = LogZero
		}
	}
	return w.logits
}
