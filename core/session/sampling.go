package session

import (
	"strings"

	"rnnscope/core/sample"
)

// What the model writes during training: sampleLength tokens at
// sampleTemperature, after the updates that due names.
const (
	sampleLength      = 300
	sampleTemperature = 0.8
)

// due says after which updates a sample is written: 100, 300, 1,000, 3,000, …
func due(update int64) bool {
	for power := int64(100); power <= update; power *= 10 {
		if update == power || update == 3*power {
			return true
		}
	}
	return false
}

// sample lets the model write, from the same draws every time, so that two
// samples differ by what was learnt between them. A run that is watched may be
// further than its last save: the sample is of the weights that wrote it.
func (s *Session) sample(emit func(Event)) {
	w := NewWriter(s.Model.NewStepper(), s.Corpus.Vocab, sample.Options{Temperature: sampleTemperature}, s.Config.Train.Seed)
	var text strings.Builder
	for range sampleLength {
		c, err := w.Next()
		if err != nil {
			return // the model is broken; the divergence watch says so
		}
		text.WriteString(w.Text(c.ID))
	}
	update := s.Trainer.Updates()
	if s.live != nil {
		update = s.live.weightsOf()
	}
	emit(Sample{Event: "sample", Update: update, Temperature: sampleTemperature, Text: text.String()})
}
