package train

import (
	"math"

	"rnnscope/core/scope"
)

// Recall takes in what an update did that another program made, so that the
// curves of a run that is gone on with begin where it did. Updates come in order;
// one that comes again takes the place of all from it on.
func (t *Trainer) Recall(r Result) {
	t.losses.Cut(r.Update - 1)
	t.norms.Cut(r.Update - 1)
	t.losses.Add(r.Update, r.Loss)
	t.norms.Add(r.Update, r.GradNorm)
	t.last = r
}

// Recalled ends what Recall began.
func (t *Trainer) Recalled() { t.averageAgain() }

// averageAgain computes the average of the losses from their curve.
func (t *Trainer) averageAgain() {
	t.average, t.averaged = 0, 0
	for _, b := range t.losses.Buckets {
		for range b.Count - b.Bad {
			if math.IsNaN(b.Mean) {
				continue
			}
			t.averaged++
			t.average += scope.SmoothingShare(t.averaged, averageOver) * (b.Mean - t.average)
		}
	}
}
