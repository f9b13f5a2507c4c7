package train

import "rnnscope/core/scope"

// Snapshot copies what a screen shows of the run, between two updates.
func (t *Trainer) Snapshot() *scope.Snapshot {
	s := &scope.Snapshot{
		Update: t.updates, Epoch: t.Epoch(), Tokens: t.seen,
		Loss: t.last.Loss, Smoothed: t.average, GradNorm: t.last.GradNorm, LR: t.last.LR,
		Losses: t.losses.Clone(), Norms: t.norms.Clone(),
		Valid:     append([]scope.Validation(nil), t.valid...),
		LastNorms: append([]float64(nil), t.recent...),
		Ratios:    append([]scope.Ratio(nil), t.ratio...),
	}
	if t.updates > 0 {
		s.Clipped = float64(t.clipped) / float64(t.updates)
	}
	if t.tape != nil { // a window model has no states
		s.Stream = t.stream()
	}
	return s
}

// stream copies what the first stream left behind in the last window: of this
// tape, or of the one before it while this one has not read any.
func (t *Trainer) stream() scope.Stream {
	if t.unread {
		return t.kept
	}
	T, H := t.tape.T, t.Model.Hidden
	s := scope.Stream{Update: t.readAt, Hidden: H, Offset: t.began, IDs: make([]int32, 0, T)}
	for step := range T {
		s.IDs = append(s.IDs, t.tape.IDs[step*t.tape.B])
	}
	for l := range t.Model.Layers {
		h, c := make([]float32, 0, T*H), []float32(nil)
		if t.Model.HasMemory() {
			c = make([]float32, 0, T*H)
		}
		for step := range T {
			h = append(h, t.tape.Hidden(l, step, 0)...)
			c = append(c, t.tape.Cell(l, step, 0)...)
		}
		s.H, s.C = append(s.H, h), append(s.C, c)
	}
	return s
}

// mostValid is how many validations a trainer remembers. When there are more,
// every other one of the older half is dropped, so that a run of days does not
// grow; the best is the session's to remember.
const mostValid = 2048

// Validated notes a loss of the validation split, for the snapshots.
func (t *Trainer) Validated(v scope.Validation) {
	if len(t.valid) == mostValid {
		kept := t.valid[:0]
		for i, old := range t.valid {
			if i >= mostValid/2 || i%2 == 0 {
				kept = append(kept, old)
			}
		}
		t.valid = kept
	}
	t.valid = append(t.valid, v)
}
