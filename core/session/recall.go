package session

import (
	"encoding/json"

	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/train"
)

// RecallSamples takes in what a run's model wrote, up to the update that it goes
// on from.
func (s *Session) RecallSamples(all []store.Written) {
	for _, w := range all {
		if w.Update <= s.Trainer.Updates() {
			s.recalled = append(s.recalled, newSample(w))
		}
	}
}

// Recall takes in what the metrics of the run in dir say, up to the update that
// it goes on from: the curves of a screen then begin where the run did. Without
// metrics that can be read only the curves are missing.
func (s *Session) Recall(dir string) {
	last := s.Trainer.Updates()
	for row, err := range store.History(dir) {
		if err != nil || row.Update > last {
			break
		}
		switch row.Event {
		case "update":
			var u Update
			if json.Unmarshal(row.JSON, &u) == nil {
				s.Trainer.Recall(train.Result{Update: u.Update, Epoch: u.Epoch, Loss: float64(u.Loss), GradNorm: float64(u.GradNorm), Clipped: u.Clipped, LR: u.LR})
			}
		case "valid":
			var v Valid
			if json.Unmarshal(row.JSON, &v) == nil {
				s.Trainer.Validated(scope.Validation{Update: v.Update, Tokens: v.Tokens, Loss: float64(v.Loss)})
			}
		}
	}
	s.Trainer.Recalled()
}
