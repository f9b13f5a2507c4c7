package train

import (
	"math"
	"strings"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// SetWindow makes windows k steps long from the source's present position on.
// The carried state stays, so that the next window goes on where the last one
// ended. It costs memory for a new tape, and for copies of few weights if they are
// other ones. The error is the source's.
func (t *Trainer) SetWindow(k int) error {
	source, ok := t.source.(interface{ SetWindow(int) error })
	if !ok {
		return say.Errorf("the window of this task cannot change while it trains")
	}
	if err := source.SetWindow(k); err != nil {
		return err
	}
	t.newTape()
	return nil
}

// SetDropout changes the probability of the masks from the next update on.
func (t *Trainer) SetDropout(p float64) error {
	c := t.Config
	c.Dropout = p
	if err := c.Validate(); err != nil {
		return err
	}
	t.Dropout, t.Model.Dropout = p, p
	t.newTape()
	return nil
}

// newTape replaces the tape by one of the source's shape and the present
// dropout, which goes on from the state of the old one.
func (t *Trainer) newTape() {
	t.kept = t.stream()
	t.unread = true
	var s rnn.State
	t.tape.State(&s)
	t.tape = t.makeTape()
	t.tape.SetState(&s)
	t.through(t.tape)
	t.optimize()
}

// makeTape makes a tape for the source's windows.
func (t *Trainer) makeTape() *rnn.Tape {
	T, B := t.source.Shape()
	tape := t.Model.NewTape(T, B, t.team, t.Dropout)
	if t.valued != nil {
		tape.ByValue(t.valued.ByValue())
	}
	if t.FixEmbedding {
		tape.FixEmbedding()
	}
	tape.Spread()
	return tape
}

// MeasureRatios makes the next Step note how far it moves the weights, for
// Snapshot. It costs a copy of the weights and a pass over them.
func (t *Trainer) MeasureRatios() { t.measure = true }

// ratios compares the weights with what they were before the update: the norm
// of the change over the norm of the weights, ‖ΔW‖₂/‖W‖₂, of the embedding, of
// each recurrent layer and of the output.
func (t *Trainer) ratios() {
	k := t.kernel
	t.ratio = t.ratio[:0]
	var name string
	var moved, size float64
	flush := func() {
		if name != "" {
			t.ratio = append(t.ratio, scope.Ratio{Part: name, Value: math.Sqrt(moved) / math.Sqrt(size)})
		}
	}
	for _, p := range t.tensors {
		if part := partOf(p.name); part != name {
			flush()
			name, moved, size = part, 0, 0
		}
		old, now := t.before[p.offset:p.offset+len(p.value)], p.value
		k.Axpy(old, -1, now)
		moved += k.SumSquares(old)
		size += k.SumSquares(now)
	}
	flush()
}

// partOf is the part of the model that a tensor belongs to: embedding, l0,
// l1, … or fc.
func partOf(tensor string) string {
	if i := strings.LastIndex(tensor, "_l"); i >= 0 {
		return tensor[i+1:]
	}
	part, _, _ := strings.Cut(tensor, ".")
	return part
}
