package session

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/task"
	"rnnscope/core/train"
)

// Live is an exploration with somebody in front of it. It trains on a goroutine
// of its own, at low priority, and does what is asked of it between two
// updates:
//
//	screen ── Pause, SetLR, Restart … ─▶ inbox ─▶ trainer's goroutine
//	screen ◀── Snapshots (one slot, the newest wins) ──┘
//	Author, probes ── Freeze ─▶ a copy of the weights
//
// A run that diverges or reaches its limit waits for what is asked next. All
// methods may be called from any goroutine and none but Freeze, Quit and Wait
// waits for anything.
type Live struct {
	Snapshots scope.Mailbox[scope.Snapshot]
	Text      *Text

	ctx              context.Context
	cancel           context.CancelFunc
	inbox            *inbox
	done             chan struct{}
	place, bestPlace atomic.Uint64 // marks of the newest weights and of the best
	active           atomic.Bool   // updates are being made, or a split is evaluated
	kernel           *kernel.Set
	create           func(*Session) func() (*store.Run, error)
	first            Config // of the session that was explored first
	once             sync.Once
	watch            *watcher // who follows a run that another program trains; else nil
	ladder           *Ladder
	labs             sync.WaitGroup // that still write logs

	// What follows belongs to the trainer's goroutine.
	s          *Session
	interrupt  context.CancelFunc // ends the present Run
	next       *Session           // what to go on with after that
	runs       int
	surgeries  int        // that changed the weights of any run
	sought     int64      // the update that was last asked to be looked at
	past       *past      // what is looked at in place of the newest weights, nil for nothing
	before     []float32  // the weights before the last surgery of this run, nil for none
	unclipped  [2]float64 // the clip, by norm and by value, before BreakIt took it away
	phase      scope.Phase
	paused     bool
	steps      int // updates still to make while paused
	story      story
	rivals     []scope.Rival
	counted    bool // the rivals are being counted, or were
	likeness   likener
	bestModel  []float32 // the weights with the lowest validation loss
	validating time.Time // since when, zero once it was told
	measured   time.Time // when ratios were last asked for
	outcomes   []Outcome
	divergedAt int64
	wreck      *scope.Snapshot // how the run stood then
	unsaved    error           // why the last save failed, nil since one did not
}

// Outcome is how a run of an exploration ended.
type Outcome struct {
	Updates int64
	Kept    string // the run's directory, "" when it is not kept
	Err     error  // of saving
}

// NewLive prepares to explore, beginning with s. create, which may be nil,
// returns what makes the directory that a session's run is kept in, once it is
// worth keeping (see Session.keepLater).
func NewLive(s *Session, create func(*Session) func() (*store.Run, error)) *Live {
	l := &Live{inbox: newInbox(), done: make(chan struct{}), create: create, kernel: s.Model.Kernel, first: s.Config, s: s, Text: newText(s.Corpus)}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.likeness.text = l.Text
	return l
}

// Start begins to train, or, if paused, waits to be told to.
func (l *Live) Start(paused bool) {
	if l.watch != nil {
		task.Go("watcher", l.observe)
		return
	}
	l.paused = paused
	task.Go("trainer", func() {
		defer close(l.done)
		task.Lower()
		for s := l.s; s != nil; s = l.next {
			l.next = nil
			l.explore(s)
			if l.ctx.Err() != nil {
				break
			}
		}
		if l.next != nil {
			l.next.Close()
		}
	})
}

// Quit ends the exploration; what is worth it is saved. Wait returns when that
// is done.
func (l *Live) Quit() { l.cancel() }

// Wait returns how the runs of the exploration ended, after Quit: those that
// are kept or could not be, and the last one. Nothing is written after it.
func (l *Live) Wait() []Outcome {
	<-l.done
	l.labs.Wait()
	return l.outcomes
}

// Done is closed when the exploration has ended; Ended asks whether it is going
// to.
func (l *Live) Done() <-chan struct{} { return l.done }
func (l *Live) Ended() bool           { return l.ctx.Err() != nil }

// explore trains one model until another takes its place or all ends.
func (l *Live) explore(s *Session) {
	l.s, s.live, s.Screen = s, l, &l.Snapshots
	l.runs++
	l.phase, l.steps = scope.Starting, 0
	l.story, l.unsaved, l.bestModel, l.before, l.unclipped, l.past, l.wreck = story{}, nil, nil, nil, [2]float64{}, nil, nil
	l.bestPlace.Store(0)
	for _, e := range s.recalled {
		l.event(e)
	}
	if m := s.keep.bestModel(l.kernel); m != nil { // of a run that is gone on with
		l.best(m)
	}
	if s.keep == nil && l.create != nil {
		s.keepLater(l.create(s))
	}
	s.team.Lower()
	defer s.Close()
	for {
		var ctx context.Context
		ctx, l.interrupt = context.WithCancel(l.ctx)
		err := s.run(ctx, l.event)
		l.interrupt()
		if l.ctx.Err() != nil || l.next != nil {
			break
		}
		var diverged *DivergedError
		switch {
		case errors.As(err, &diverged):
			l.phase = scope.Diverged
		case err != nil && !errors.Is(err, ErrInterrupted):
			l.story.fail(err)
			l.phase = scope.Finished
		default:
			l.phase = scope.Finished
		}
		l.publish()
		if !l.rest() {
			break
		}
	}
	end := Outcome{Updates: s.Trainer.Updates(), Kept: s.keep.dir(), Err: s.keep.close()}
	if l.unsaved != nil {
		end.Err = l.unsaved
	}
	if end.Kept != "" || end.Err != nil || l.next == nil {
		l.outcomes = append(l.outcomes, end)
	}
}

// rest waits, with nothing being trained, until training is to go on (true) or
// to end.
func (l *Live) rest() bool {
	l.active.Store(false)
	l.place.Store(l.mark())
	for l.phase == scope.Diverged || l.phase == scope.Finished {
		select {
		case <-l.ctx.Done():
			return false
		case <-l.inbox.wake:
			if l.inbox.do() {
				l.publish()
			}
		}
		if l.next != nil {
			return false
		}
	}
	return true
}

// between does what was asked, and waits while training is paused. It is
// called before every update, and every few tokens of an evaluation.
func (l *Live) between(ctx context.Context, updating bool) {
	if l == nil {
		return
	}
	now := time.Now()
	switch {
	case updating:
		l.phase = scope.Training
	case l.phase != scope.Validating:
		l.phase, l.validating = scope.Validating, now
	case !l.validating.IsZero() && now.Sub(l.validating) >= longValidation:
		l.validating = time.Time{}
		l.publish()
	}
	l.place.Store(l.mark())
	if !l.counted && (l.s.Trainer.Updates() > 0 || l.paused) { // figures come first
		l.counted = true
		l.count()
	}
	asked := l.inbox.do()
	if l.paused && l.steps == 0 {
		l.s.hold()
		l.active.Store(false)
		for l.paused && l.steps == 0 && ctx.Err() == nil {
			l.phase = scope.Paused
			l.publish()
			select {
			case <-ctx.Done():
			case <-l.inbox.wake:
				l.inbox.do()
			}
		}
		l.s.release()
		l.phase = scope.Training
	} else if asked && l.s.Trainer.Updates() > 0 {
		l.publish()
	}
	l.active.Store(true)
	if updating && l.steps > 0 {
		l.steps--
	}
	if updating && now.Sub(l.measured) >= ratioEvery {
		l.measured = now
		l.s.Trainer.MeasureRatios()
	}
}

// at is the mark of the newest weights: anybody may ask whether they are still
// those that were seen.
func (l *Live) at() uint64 { return l.place.Load() }

// bestAt is the mark of the weights with the lowest validation loss of this run,
// 0 while there are none.
func (l *Live) bestAt() uint64 { return l.bestPlace.Load() }

// mark makes one number of what tells weights apart: the run, how often they
// were changed by hand, and the update.
func mark(run, surgeries int, update int64) uint64 {
	return uint64(run)<<52 | uint64(surgeries&(1<<12-1))<<40 | uint64(update)
}

// trained says whether the weights of mark b can come of those of mark a by
// training on: of the same run, not changed by hand since, and not of an earlier
// update.
func trained(a, b uint64) bool { return a>>40 == b>>40 && b >= a }

// mark is that of the newest weights. It is the trainer's to call.
func (l *Live) mark() uint64 {
	if l.past != nil {
		return mark(l.runs, lookingBack, l.past.update)
	}
	return mark(l.runs, l.surgeries, l.weightsOf())
}

// weightsOf is the update that the newest weights come from.
func (l *Live) weightsOf() int64 {
	if l.watch != nil {
		return max(0, l.watch.weights)
	}
	return l.s.Trainer.Updates()
}

// longValidation is from when on a validation is worth being told of.
const longValidation = 300 * time.Millisecond

// ratioEvery is how often the size of an update is compared with that of the
// weights.
const ratioEvery = time.Second

// publish puts a snapshot in front of the screen whether it took the last one
// or not: something has changed that no update will show.
func (l *Live) publish() {
	if l.phase == scope.Diverged && l.wreck != nil {
		v := *l.wreck // the trainer has gone back since
		v.Kept = l.s.keep.dir()
		l.describe(&v)
		l.Snapshots.Put(&v)
		return
	}
	l.Snapshots.Put(l.s.snapshot())
}

// describe adds to a snapshot what the trainer does not know.
func (l *Live) describe(v *scope.Snapshot) {
	if l == nil {
		return
	}
	s := l.s
	m, c := s.Model.Config, s.Trainer.Config
	v.Run, v.Phase = l.runs, l.phase
	v.Shape = scope.Shape{
		Cell: m.Cell, Activation: m.Activation, Layers: m.Layers, Hidden: m.Hidden, Embed: m.Embed, Vocab: m.Vocab,
		Weights: s.Model.Size(), Batch: s.Config.Batch, Seed: c.Seed, Optimizer: c.Optimizer,
	}
	v.Knobs = scope.Knobs{LR: c.LR, Clip: c.Clip, ClipAt: c.ClipValue, Window: s.Config.Window, Dropout: c.Dropout}
	if s.overfit.Seen > 0 {
		v.Best = &scope.Validation{Update: s.overfit.BestUpdate, Loss: s.overfit.Best}
	}
	v.Rivals = l.rivals
	l.story.describe(v)
	v.Failure = cmp.Or(v.Failure, s.keep.trouble())
	l.describePast(v)
	if l.watch != nil {
		l.watch.describe(v)
		v.Untrained = !l.learnt()
	}
}

// best keeps the weights with the lowest validation loss.
func (l *Live) best(m *rnn.Model) {
	if l != nil {
		l.bestModel = append(l.bestModel[:0], m.Weights()...)
		l.bestPlace.Store(mark(l.runs, 0, l.s.overfit.BestUpdate))
	}
}

// bestSoFar is the model with those weights, nil while there is none.
func (l *Live) bestSoFar() *rnn.Model {
	if l == nil || l.bestModel == nil {
		return nil
	}
	return frozen(l.s.Model.Config, l.kernel, l.bestModel)
}

// overfits takes note of the update since which validation loss has been rising,
// 0 while it has not.
func (l *Live) overfits(since int64) {
	if l != nil {
		l.story.overfitting = since
	}
}

// bears says that an error of saving does not end the run, because somebody
// sees it who can do something about it.
func (l *Live) bears(err error) bool {
	if l == nil || err == nil {
		return false
	}
	l.story.failure, l.unsaved = err, err
	return true
}

// trouble keeps the run as it was when it diverged, before it goes back: that is
// what is published until it goes on.
func (l *Live) trouble(d *train.Diverged) {
	if l == nil {
		return
	}
	l.phase, l.divergedAt = scope.Diverged, d.Update
	v := l.s.snapshot()
	v.Trouble = &scope.Trouble{Update: d.Update, Tensor: d.Tensor, Reason: d.Reason, Loss: v.Loss, NormBefore: d.NormBefore, Good: d.Good}
	l.wreck = v
}

// event takes note of what happens in the run.
func (l *Live) event(e Event) {
	l.story.event(e)
	if _, ok := e.(Saved); ok {
		l.unsaved = nil
	}
	if sample, ok := e.(Sample); ok {
		run, number := l.runs, l.story.written
		l.likeness.measure(sample.Text, func(found *scope.Likeness) {
			l.inbox.put(func() {
				if l.runs == run {
					l.story.liken(number, found)
				}
			})
		})
	}
}
