package session

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/store"
	"rnnscope/core/train"
)

// keeper puts a run on disk. A nil keeper keeps nothing.
type keeper struct {
	run     *store.Run    // nil until the first save of a run that is kept later
	last    time.Time     // of the last save
	noted   time.Time     // when the last update went into the metrics
	events  *store.Events // for TensorBoard, nil without
	film    filmstrip
	failure error // the first of what was only noted in passing
	behind  error // why the metrics wait to be written, nil when they do not

	create func() (*store.Run, error)
	early  []Event // what belongs into the metrics before there are any
}

// saveAfter is how much work may be lost when nothing else is asked for.
const saveAfter = time.Minute

// Keep puts the run on disk from now on.
func (s *Session) Keep(run *store.Run) {
	s.keep = &keeper{run: run, last: time.Now(), film: filmstrip{budget: s.Config.History}}
	s.keep.note(s.keep.film.continued(run.Dir()))
	s.keep.openEvents(s.Config, s.Trainer.Updates()+1)
}

// keepLater puts the run on disk from its first save on: one that was asked
// for, or after saveAfter. create makes its directory then, and what happened
// before is written into it.
func (s *Session) keepLater(create func() (*store.Run, error)) {
	k := &keeper{last: time.Now(), film: filmstrip{budget: s.Config.History}}
	k.create = func() (*store.Run, error) {
		run, err := create()
		if err == nil {
			k.run = run
			k.openEvents(s.Config, 1)
		}
		return run, err
	}
	s.keep = k
}

// open makes sure that there is a directory.
func (k *keeper) open() error {
	if k.run != nil {
		return nil
	}
	run, err := k.create()
	if err != nil {
		return err
	}
	k.run = run
	for _, e := range k.early {
		k.event(e)
	}
	k.early = nil
	k.note(k.film.developAll(run))
	return nil
}

// wanted says whether what was done is worth a directory that does not exist
// yet: so much work as the first save by time would have waited for.
func (k *keeper) wanted() bool {
	return k != nil && (k.run != nil || k.create == nil || time.Since(k.last) >= saveAfter)
}

// event appends to the run's metrics: every event but samples, which have a
// file of their own, and of the updates those that dense names and at least one
// a second: whoever watches the run sees where it is.
func (k *keeper) event(e Event) {
	if k == nil {
		return
	}
	switch e := e.(type) {
	case Update:
		if !dense(e.Update) && time.Since(k.noted) < notedEvery {
			return
		}
		k.noted = time.Now()
	}
	if k.run == nil {
		k.early = append(k.early, e)
		return
	}
	switch e := e.(type) {
	case Sample:
		k.note(k.run.AddSample(store.Written{Update: e.Update, Temperature: e.Temperature, Text: e.Text}))
		return
	}
	k.behind = k.run.Append(e)
	if k.events != nil {
		k.note(scalars(k.events, e))
	}
}

// notedEvery is the longest time between two updates in the metrics, if updates
// do not take longer.
const notedEvery = time.Second

// dense names the updates that are in the metrics whatever the speed: every one
// up to 2,000, every tenth up to 20,000, and so on.
func dense(update int64) bool {
	every := int64(1)
	for update > 2000*every {
		every *= 10
	}
	return update%every == 0
}

func (k *keeper) note(err error) {
	if k.failure == nil {
		k.failure = err
	}
}

// trouble is what did not get onto the disk, or not yet; nil when all is well.
func (k *keeper) trouble() error {
	if k == nil {
		return nil
	}
	return cmp.Or(k.failure, k.behind)
}

// snap keeps the weights of a milestone.
func (k *keeper) snap(update int64, m *rnn.Model) {
	if k != nil && milestone(update) {
		k.note(k.film.add(k.run, update, m))
	}
}

// unborn says whether the run on disk has no state yet.
func (k *keeper) unborn(updates int64) bool { return k != nil && k.run != nil && updates == 0 }

// due says whether it is time to save.
func (k *keeper) due(update int64, c Config) bool {
	switch {
	case k == nil:
		return false
	case c.SaveEvery > 0:
		return update%c.SaveEvery == 0
	case c.SaveAfter > 0:
		return time.Since(k.last) >= c.SaveAfter
	}
	return time.Since(k.last) >= saveAfter
}

// saved is what the state file says beside its tensors.
type saved struct {
	Progress train.Progress `json:"progress"`
	Overfit  train.Overfit  `json:"overfit"`
	Seconds  float64        `json:"seconds"` // trained
	Planned  planned        `json:"planned,omitzero"`
}

// planned is what a schedule was laid out for: the limits, and the number of
// updates that they came to.
type planned struct {
	Updates int64   `json:"updates"`
	Epochs  float64 `json:"epochs"`
	Total   int64   `json:"total"`
}

// save writes everything that is needed to go on.
func (s *Session) save(emit func(Event)) error {
	if s.keep == nil {
		return nil
	}
	s.keep.last = time.Now()
	fresh := s.keep.run == nil
	if err := s.keep.open(); err != nil {
		return err
	}
	if m := s.live.bestSoFar(); fresh && m != nil {
		s.keep.best(m)
	}
	c := s.Trainer.Checkpoint()
	meta, err := json.Marshal(saved{c.Progress, s.overfit, s.elapsed().Seconds(), planned{s.Config.Updates, s.Config.Epochs, s.Trainer.Total}})
	if err != nil {
		return err
	}
	tensors := make([]store.Tensor, len(c.Tensors))
	for i, t := range c.Tensors {
		tensors[i] = store.Tensor{Name: t.Name, Shape: t.Shape, Data: t.Data}
	}
	if err := s.keep.run.Save(tensors, string(meta)); err != nil {
		return err
	}
	if s.keep.events != nil {
		s.keep.note(s.keep.events.Flush())
	}
	s.keep.last = time.Now()
	s.changed = false
	emit(Saved{Event: "saved", Update: c.Progress.Update, Out: s.keep.run.Dir()})
	return nil
}

// describe puts the settings as they are now into the run's own description.
func (s *Session) describe() {
	k := s.keep
	if k == nil || k.run == nil {
		return
	}
	config, err := json.Marshal(s.Config)
	if err == nil {
		info := k.run.Info
		info.Config = config
		err = k.run.Describe(info)
	}
	k.note(err)
}

// SaveNow puts the session as it is on disk, trained or not, and ends its run
// directory's use.
func (s *Session) SaveNow() error {
	err := s.save(func(Event) {})
	if e := s.keep.close(); err == nil {
		err = e
	}
	return err
}

// best keeps a model that is better than all before it.
func (k *keeper) best(m *rnn.Model) {
	if k != nil && k.run != nil {
		k.note(store.WriteModel(filepath.Join(k.run.Dir(), store.BestFile), m))
	}
}

// bestModel is the model that best kept last, nil when there is none.
func (k *keeper) bestModel(set *kernel.Set) *rnn.Model {
	if k == nil || k.run == nil {
		return nil
	}
	opened, err := store.OpenModel(filepath.Join(k.run.Dir(), store.BestFile), set)
	if err != nil {
		return nil // it was never written, and why has been noted
	}
	return opened.Model
}

func (k *keeper) dir() string {
	if k == nil || k.run == nil {
		return ""
	}
	return k.run.Dir()
}

func (k *keeper) close() error {
	if k == nil || k.run == nil {
		return nil
	}
	k.note(k.run.Close())
	if k.events != nil {
		k.note(k.events.Close())
	}
	return k.failure
}

// Restore goes back to a saved state of the same run. A schedule goes on as it was
// laid out, unless the limits are others now.
func (s *Session) Restore(state *store.State) error {
	var meta saved
	if err := json.Unmarshal([]byte(state.Meta), &meta); err != nil {
		return say.Errorf("the saved state is damaged: %w", err)
	}
	if err := s.Trainer.Restore(meta.Progress, state.Find); err != nil {
		return err
	}
	s.overfit, s.spent = meta.Overfit, time.Duration(meta.Seconds*float64(time.Second))
	if p := meta.Planned; p.Updates == s.Config.Updates && p.Epochs == s.Config.Epochs {
		s.Trainer.Total = p.Total
	} else {
		s.Trainer.Total = s.planned()
	}
	return nil
}
