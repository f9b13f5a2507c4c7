package session

import (
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/train"
)

// order does what changes a run between two updates; what another program trains
// nobody here does anything to.
func (l *Live) order(f func()) {
	if l.watch == nil {
		l.inbox.put(f)
	}
}

// Pause stops training before the next update, or lets it go on; Toggle does
// whichever it is not doing. A run that has reached its limit goes on without one.
func (l *Live) Pause(on bool) { l.order(func() { l.pause(on) }) }
func (l *Live) Toggle() {
	l.order(func() { l.pause(!l.paused && l.phase != scope.Finished) })
}

func (l *Live) pause(on bool) {
	l.paused, l.steps = on, 0
	if !on {
		l.beyond()
	}
}

// beyond lets a run that has reached its limit go on without one.
func (l *Live) beyond() {
	if l.phase == scope.Finished {
		l.s.Unlimited()
		l.s.describe()
		l.phase = scope.Training
	}
}

// Step makes one update and pauses.
func (l *Live) Step() {
	l.order(func() {
		l.beyond()
		l.paused = true
		l.steps++
	})
}

// SetLR changes the learning rate (before the schedule) from the next update
// on.
func (l *Live) SetLR(lr float64) {
	l.knob("lr", func(c *train.Config) { c.LR = lr }, func(c train.Config) float64 { return c.LR })
}

// SetClip changes the norm above which a gradient is clipped, 0 for none, from
// the next update on.
func (l *Live) SetClip(clip float64) {
	l.knob("clip", func(c *train.Config) { c.Clip, c.ClipValue = clip, 0 }, func(c train.Config) float64 { return c.Clip })
}

// SetDropout changes the share of what passes between layers that is dropped.
func (l *Live) SetDropout(p float64) {
	l.order(func() {
		s := l.present()
		before := s.Trainer.Dropout
		if p == before {
			return
		}
		if err := s.Trainer.SetDropout(p); err != nil {
			l.story.fail(err)
			return
		}
		s.Config.Model.Dropout = p
		l.turned("dropout", before, p)
	})
}

// SetWindow changes K, the steps that gradients go back. The state is carried
// on, and the next window begins where the last one ended.
func (l *Live) SetWindow(k int) {
	l.order(func() {
		s := l.present()
		before := s.Config.Window
		if k == before {
			return
		}
		if err := s.Trainer.SetWindow(k); err != nil {
			l.story.fail(err)
			return
		}
		s.Config.Window = k
		s.Trainer.Total = s.planned()
		l.turned("window", float64(before), float64(k))
	})
}

// knob changes a setting of the trainer.
func (l *Live) knob(what string, set func(*train.Config), value func(train.Config) float64) {
	l.order(func() {
		s := l.present()
		c := s.Trainer.Config
		set(&c)
		if err := c.Validate(); err != nil {
			l.story.fail(err)
			return
		}
		before := value(s.Trainer.Config)
		s.Trainer.Config = c
		l.turned(what, before, value(c))
	})
}

// present is the model that knobs act on: one that is about to begin, if there
// is one.
func (l *Live) present() *Session {
	if l.next != nil {
		return l.next
	}
	return l.s
}

// turned notes a change, also in the run's own description.
func (l *Live) turned(what string, from, to float64) {
	if s := l.next; s != nil {
		s.Config.Train = s.Trainer.Config
		return
	}
	l.s.Config.Train = l.s.Trainer.Config
	l.s.changed = true
	update := l.s.Trainer.Updates()
	if l.phase == scope.Diverged { // the trainer has gone back already
		update = l.divergedAt
	}
	l.story.changed(update, what, from, to)
	l.s.describe()
}

// Restart is a new beginning: a model drawn anew.
type Restart struct {
	Cell      string // "" is the present one
	Seed      uint64 // 0 is the present one
	OtherCell bool   // the cell after the present one in Cells
	OtherSeed bool   // the seed after the present one
}

// Restart begins anew on the same text with the settings as they are now. What
// was done is saved first, if it is worth it.
func (l *Live) Restart(r Restart) {
	l.order(func() {
		c := l.present().Config // asked twice before the first was begun, it goes on from there
		if r.OtherCell {
			cells := Cells()
			r.Cell = cells[(slices.Index(cells, c.Model.Cell)+1)%len(cells)]
		}
		if r.OtherSeed {
			r.Seed = c.Train.Seed + 1
		}
		if r.Cell != "" && r.Cell != c.Model.Cell {
			c.Model.Cell, c.Model.Activation = r.Cell, ""
			if r.Cell != "lstm" {
				c.Forget = nil
			}
		}
		if r.Seed != 0 {
			c.Train.Seed = r.Seed
		}
		s, err := New(c, l.s.Corpus, nil)
		if err != nil {
			l.story.fail(err)
			return
		}
		if l.next != nil {
			l.next.Close()
		}
		l.next = s
		l.interrupt()
	})
}

// Cells lists the cells that Restart knows.
func Cells() []string { return rnn.Cells() }

// Remedy is what is changed when a diverged run goes on from its good weights.
type Remedy struct {
	Clip float64 // 0 leaves it
	LR   float64 // 0 leaves it
}

// GoBack lets a diverged run go on from the weights before the trouble.
func (l *Live) GoBack(r Remedy) {
	l.order(func() {
		if l.phase != scope.Diverged {
			return
		}
		t := l.s.Trainer
		l.phase = scope.Training
		l.story.back(l.divergedAt, t.Updates())
		l.place.Store(l.mark())
		if r.Clip > 0 {
			before := t.Clip
			t.Clip, t.ClipValue = r.Clip, 0
			l.turned("clip", before, r.Clip)
		}
		if r.LR > 0 {
			before := t.LR
			t.LR = r.LR
			l.turned("lr", before, r.LR)
		}
		l.paused, l.wreck = false, nil
		l.publish()
	})
}

// Save keeps the run on disk now.
func (l *Live) Save() {
	l.order(func() {
		if l.s.Trainer.Updates() == 0 {
			return
		}
		if l.s.keep == nil {
			return
		}
		if err := l.s.save(func(e Event) { l.event(e); l.s.keep.event(e) }); err != nil {
			l.bears(err)
		}
	})
}

// Sample lets the model write now, for the strip of samples, if it has learnt
// anything.
func (l *Live) Sample() {
	l.inbox.put(func() {
		if l.learnt() {
			l.s.sample(func(e Event) { l.event(e); l.s.keep.event(e) })
		}
	})
}

// learnt says that the newest weights come of some training, here or before. A
// run that is watched may have made updates and not have saved any weights yet.
func (l *Live) learnt() bool {
	if l.watch != nil && l.watch.weights < 0 {
		return false
	}
	return l.weightsOf() > 0 || !l.s.Drawn
}

// Frozen is a model that nobody changes: a copy of the weights after an update.
type Frozen struct {
	Model  *rnn.Model
	Update int64
	Run    int // as in scope.Snapshot
	Best   bool
	place  uint64 // mark of the weights, 0 of the best ones
}

// frozen makes a model of weights.
func frozen(c rnn.Config, set *kernel.Set, weights []float32) *rnn.Model {
	m, err := rnn.New(c, set)
	if err != nil {
		panic("session: a model of the same shape: " + err.Error())
	}
	copy(m.Weights(), weights)
	m.Pack()
	return m
}

// Freeze returns a copy of the newest weights, or of those with the lowest
// validation loss as far as there are any. It waits for the trainer to be
// between two updates; ok is false when the exploration has ended.
func (l *Live) Freeze(best bool) (f Frozen, ok bool) {
	type copied struct {
		weights []float32
		config  rnn.Config
		f       Frozen
	}
	answer := make(chan copied, 1)
	l.inbox.put(func() {
		c := copied{config: l.s.Model.Config, f: Frozen{Update: l.weightsOf(), Run: l.runs, place: l.mark()}}
		from := l.s.Model.Weights()
		if l.past != nil {
			from, c.f.Update, c.config = l.past.model.Weights(), l.past.update, l.past.model.Config
		}
		if best && l.bestModel != nil {
			from, c.f.Update, c.f.Best, c.f.place = l.bestModel, l.s.overfit.BestUpdate, true, 0
		}
		c.weights = append([]float32(nil), from...)
		answer <- c
	})
	select {
	case <-l.done:
		return Frozen{}, false
	case c := <-answer:
		c.f.Model = frozen(c.config, l.kernel, c.weights)
		return c.f, true
	}
}
