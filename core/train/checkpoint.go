package train

import (
	"fmt"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// Checkpoint is all that is needed to go on with a run as if it had never
// stopped: numbers for the trainer, and vectors by name.
//
//	model.<tensor>          weights
//	<moment>.<tensor>       the optimizer's
//	state.h_l<layer>, c_l   the carried state, [B,H]
type Checkpoint struct {
	Progress Progress
	Tensors  []Named
}

// Named is one vector of a checkpoint. Data is the trainer's own: copy it or
// write it before the next Step.
type Named struct {
	Name  string
	Shape []int
	Data  []float32
}

// Progress is the part of a checkpoint that is not vectors.
type Progress struct {
	Update   int64   `json:"update"`
	Tokens   int64   `json:"tokens"`
	Clipped  int64   `json:"clipped"`         // updates
	Epoch    int64   `json:"epoch"`           // of the source's position
	Offset   int64   `json:"offset"`          // likewise
	Smoothed float64 `json:"smoothed"`        // times Weight
	Weight   float64 `json:"smoothed_weight"` // 1, or 0 before the first update
	Best     float64 `json:"best"`            // lowest smoothed loss; 0 before the first update
	Above    int     `json:"above"`
	LastNorm float64 `json:"last_norm"`
}

// progress is where the trainer is.
func (t *Trainer) progress() Progress {
	epoch, offset := t.source.Position()
	p := Progress{
		Update: t.updates, Tokens: t.seen, Clipped: t.clipped, Epoch: epoch, Offset: offset,
		Above: t.watch.above, LastNorm: t.watch.last,
	}
	if t.averaged > 0 {
		p.Smoothed, p.Weight, p.Best = t.average, 1, t.watch.best
	}
	return p
}

// proceed makes p the trainer's progress. The present state becomes the good
// one, and its loss the measure of those that follow: a run that goes wrong at
// once, or again after going back, must not call its own trouble good.
func (t *Trainer) proceed(p Progress) {
	t.updates, t.seen, t.clipped = p.Update, p.Tokens, p.Clipped
	t.watch = newDivergence(t)
	t.watch.above, t.watch.last = p.Above, p.LastNorm
	if t.average, t.averaged = 0, 0; p.Weight > 0 {
		t.average, t.averaged = p.Smoothed/p.Weight, max(1, p.Update)
		t.watch.best, t.watch.before = p.Best, t.average
	}
	t.watch.good, t.unkept = &memory{}, true
}

// keep makes the good copy of a state that was just proceeded to, if there is
// none yet. It is put off until something is about to change, so that a run
// shows its first figures sooner.
func (t *Trainer) keep() {
	if t.unkept {
		t.unkept = false
		t.copyTo(t.watch.good)
	}
}

// Checkpoint returns the trainer's present state.
func (t *Trainer) Checkpoint() Checkpoint {
	c := Checkpoint{Progress: t.progress()}
	t.vectors(func(name string, shape []int, data []float32) error {
		c.Tensors = append(c.Tensors, Named{name, shape, data})
		return nil
	})
	var s rnn.State
	t.tape.State(&s)
	shape := []int{t.tape.B, t.Model.Hidden}
	for l := range s.H {
		c.Tensors = append(c.Tensors, Named{fmt.Sprintf("state.h_l%d", l), shape, s.H[l]})
		if len(s.C[l]) > 0 {
			c.Tensors = append(c.Tensors, Named{fmt.Sprintf("state.c_l%d", l), shape, s.C[l]})
		}
	}
	return c
}

// vectors visits weights and moments by name.
func (t *Trainer) vectors(visit func(name string, shape []int, data []float32) error) error {
	for _, p := range t.tensors {
		if err := visit("model."+p.name, p.shape, p.value); err != nil {
			return err
		}
		for i, m := range t.opt.moments {
			if err := visit(m+"."+p.name, p.shape, t.moments[i][p.offset:p.offset+len(p.value)]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Restore puts a checkpoint of the same model, optimizer and source back, of
// which find returns the vector of a name, nil when there is none. Nothing has
// changed when it returns an error.
func (t *Trainer) Restore(p Progress, find func(name string) []float32) error {
	check := func(name string, _ []int, data []float32) error {
		if got := find(name); len(got) != len(data) {
			return say.Errorf("the checkpoint has %d values of %s, this run needs %d", len(got), name, len(data))
		}
		return nil
	}
	if err := t.vectors(check); err != nil {
		return err
	}
	var s rnn.State
	t.tape.State(&s)
	for l := range s.H {
		for prefix, part := range map[string][]float32{"state.h_l": s.H[l], "state.c_l": s.C[l]} {
			name := fmt.Sprintf("%s%d", prefix, l)
			if err := check(name, nil, part); err != nil {
				return err
			}
			copy(part, find(name))
		}
	}
	if err := t.source.SeekTo(p.Epoch, p.Offset); err != nil {
		return err
	}
	t.vectors(func(name string, _ []int, data []float32) error {
		copy(data, find(name))
		return nil
	})
	t.still = false
	t.tape.SetState(&s)
	t.packAll()
	t.proceed(p)
	return nil
}
