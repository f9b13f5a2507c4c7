package session

import (
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/task"
)

// past is the weights of an earlier update that are looked at in place of the
// newest, while training goes on.
type past struct {
	update int64
	model  *rnn.Model // never changed
}

// lookingBack marks weights of the past apart from those that were the newest at
// the same update.
const lookingBack = 1<<12 - 1

// LookBack shows the weights of an earlier update, one of scope.Snapshot's Past,
// to all who ask for the newest: the inspector, the prober, the author. A
// negative update shows the newest again.
func (l *Live) LookBack(update int64) {
	l.inbox.put(func() {
		l.sought = update
		if update < 0 {
			l.look(nil)
			return
		}
		frame, ok := l.frameOf(update)
		if !ok {
			l.story.fail(say.Errorf("the weights of update %d were not kept", update))
			return
		}
		run, config, set := l.runs, l.s.Model.Config, l.kernel
		task.Go("snapshot", func() { // a large one takes a while to read
			task.Lower()
			m, err := frame.open(config, set)
			l.inbox.put(func() {
				switch {
				case l.runs != run || l.sought != update: // something else was asked since
				case err != nil:
					l.story.fail(err)
				default:
					l.look(&past{update, m})
				}
			})
		})
	})
}

// look shows the weights of the past, or if nil the newest.
func (l *Live) look(p *past) {
	l.past = p
	l.place.Store(l.mark())
	l.publish()
}

// frameOf finds the snapshot of an update.
func (l *Live) frameOf(update int64) (frame, bool) {
	frames := l.frames()
	i := slices.IndexFunc(frames, func(f frame) bool { return f.update == update })
	if i < 0 {
		return frame{}, false
	}
	return frames[i], true
}

// frames are the snapshots there are: in memory, on disk, or in the directory of
// a run that is watched.
func (l *Live) frames() []frame {
	if l.watch != nil {
		return l.watch.frames
	}
	if l.s.keep == nil {
		return nil
	}
	return l.s.keep.film.frames
}

// open makes a model of a snapshot.
func (f frame) open(c rnn.Config, set *kernel.Set) (*rnn.Model, error) {
	if f.model == nil {
		opened, err := store.OpenModel(f.disk.Path, set)
		if err != nil {
			return nil, err
		}
		return opened.Model, nil
	}
	m, err := rnn.New(c, set)
	if err != nil {
		return nil, err
	}
	for i, t := range m.Tensors() {
		copy(t.Value.Data, f.model[i].Data)
	}
	m.Pack()
	return m, nil
}

// Fork begins a run of its own from the weights that are looked at, with the
// knobs as they are. Snapshots are weights alone: the optimizer begins anew, and
// so do the text and the count of updates. The run before is saved, and what it
// made of the same weights stays in the snapshots as Before.
func (l *Live) Fork() {
	l.order(func() {
		if l.past == nil {
			l.story.fail(say.Errorf("look back at an update first: a fork begins from its weights"))
			return
		}
		c := l.s.Config
		m := l.past.model.Clone()
		m.Dropout = c.Model.Dropout
		s, err := New(c, l.s.Corpus, m)
		if err != nil {
			l.story.fail(err)
			return
		}
		if l.s.keep != nil { // what was done is not to be lost
			if err := l.s.save(func(e Event) { l.event(e); l.s.keep.event(e) }); err != nil {
				l.bears(err)
			}
		}
		v := l.s.Trainer.Snapshot()
		s.before = &scope.Before{Update: l.past.update, Losses: since(v.Losses, l.past.update)}
		if l.next != nil {
			l.next.Close()
		}
		l.next = s
		l.interrupt()
	})
}

// since is what a curve has after an update, counted from there.
func since(c scope.Curve, update int64) scope.Curve {
	out := scope.Curve{Width: c.Width}
	for _, b := range c.Buckets {
		if b.First > update {
			b.First -= update
			out.Buckets = append(out.Buckets, b)
		}
	}
	return out
}

// describePast adds to a snapshot what can be looked back at, and what is.
func (l *Live) describePast(v *scope.Snapshot) {
	if l.past != nil {
		v.Looking = &l.past.update
	}
	for _, f := range l.frames() {
		v.Past = append(v.Past, f.update)
	}
	v.Before = l.s.before
}
