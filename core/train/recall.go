package train

import (
	"math"
	"slices"

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
func (t *Trainer) Recalled() {
	if t.averaged == 0 { // else it came with the checkpoint
		t.averageAgain()
	}
}

// averageAgain computes the average of the losses from their curve.
func (t *Trainer) averageAgain() {
	t.average, t.averaged = 0, 0
	for _, b := range t.losses.Buckets {
		for range b.Count - b.Bad {
			if math.IsNaN(b.Mean) {
				continue
			}
			t.averaged++
			t.average += scope.SmoothingShare(t.averaged, scope.AverageOver) * (b.Mean - t.average)
		}
	}
}

// Follow takes in an update that another program makes, with the targets it has
// trained on since the run began. It is for a trainer that makes none itself.
// An update that comes again takes the place of all from it on.
func (t *Trainer) Follow(r Result, tokens int64) {
	again := r.Update <= t.updates
	t.Recall(r)
	if again {
		t.valid = slices.DeleteFunc(t.valid, func(v scope.Validation) bool { return v.Update >= r.Update })
		t.recent = t.recent[:0]
		t.averageAgain()
	} else {
		t.count(r.Loss)
	}
	t.remember(r.GradNorm)
	t.updates, t.seen = r.Update, tokens
	if t.followed++; r.Clipped {
		t.followedClipped++
	}
	// A line stands for several updates where the metrics are thinned out.
	t.clipped = int64(math.Round(float64(t.updates) * float64(t.followedClipped) / float64(t.followed)))
}

// Forget takes back all that Recall, Follow and Validated told of.
func (t *Trainer) Forget() {
	t.losses.Cut(0)
	t.norms.Cut(0)
	t.valid, t.recent, t.last = nil, t.recent[:0], Result{}
	t.updates, t.seen, t.clipped, t.followed, t.followedClipped = 0, 0, 0, 0, 0
	t.average, t.averaged = 0, 0
}

// Look reads the next window with the weights as they are, without learning, so
// that a snapshot shows the states they lead to. Their number is that of the last
// update, or one more than that of the window before.
func (t *Trainer) Look() {
	_, t.began = t.source.Position()
	if t.next() {
		t.pass.Reset()
	}
	t.tape.Forward()
	t.unread = false
	t.readAt = max(t.readAt+1, t.updates)
}
