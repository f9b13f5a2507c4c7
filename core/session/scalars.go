package session

import (
	"errors"

	"rnnscope/core/store"
)

// openEvents begins an event file for TensorBoard, where one is wanted. first
// is the update that its events begin with.
func (k *keeper) openEvents(c Config, first int64) {
	if !c.TensorBoard {
		return
	}
	var err error
	k.events, err = store.NewEvents(k.run.Dir(), first)
	k.note(err)
}

// scalars puts the figures of an event under the tags that people use.
func scalars(out *store.Events, e Event) error {
	var errs []error
	add := func(tag string, step int64, value float64) { errs = append(errs, out.Scalar(tag, step, value)) }
	split := func(name string, step int64, e *Evaluation) {
		if e == nil {
			return
		}
		add(name+"/loss", step, float64(e.Loss))
		add(name+"/perplexity", step, float64(e.Perplexity))
		add(name+"/bits", step, float64(e.Bits))
	}
	switch e := e.(type) {
	case Update:
		add("train/loss", e.Update, float64(e.Loss))
		add("train/grad_norm", e.Update, float64(e.GradNorm))
		add("train/tokens_per_s", e.Update, e.TokensPerSec)
		add("lr", e.Update, e.LR)
		add("epoch", e.Update, e.Epoch)
	case Valid:
		split("valid", e.Update, &e.Evaluation)
	case Done:
		split("test", e.Updates, e.Test)
	}
	return errors.Join(errs...)
}
