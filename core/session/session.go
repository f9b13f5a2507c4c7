// Package session is one exploration under way: a text, a model, its trainer,
// what is saved and when.
//
//	corpora.Corpus ─▶ Batcher ─▶ train.Trainer ─▶ events ─▶ screen, lines, metrics
//	                                  └─▶ store.Run: saves, best weights, samples
//
// A Session belongs to the goroutine that calls Run.
package session

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

// ErrInterrupted is what Run returns when its context was cancelled. What was
// done is saved, if the run is kept.
var ErrInterrupted = errors.New("interrupted")

// Session is a run that can be started.
type Session struct {
	Config  Config
	Corpus  *corpora.Corpus
	Model   *rnn.Model
	Trainer *train.Trainer
	Screen  *scope.Mailbox[scope.Snapshot] // nil when nobody looks

	keep    *keeper
	batcher *corpora.Batcher
	team    *kernel.Team
	overfit train.Overfit
	began   time.Time
}

// New prepares a run on a text: a model drawn from the seed, or the one given,
// whose weights are then trained on. Nothing is written before Run.
func New(c Config, corpus *corpora.Corpus, from *rnn.Model) (*Session, error) {
	set, err := kernel.Choose(c.Kernel)
	if err != nil {
		return nil, err
	}
	batcher, err := corpus.Batches(c.Batch, c.Window)
	if err != nil {
		return nil, err
	}
	c.Model.Vocab = corpus.Vocab.Len()
	m := from
	if m == nil {
		if m, err = rnn.New(c.Model, set); err != nil {
			return nil, err
		}
		rule, err := rnn.ParseInit(c.Init)
		if err != nil {
			return nil, err
		}
		rule.ForgetBias = c.Forget
		if err := m.Init(rule, c.Train.Seed); err != nil {
			return nil, err
		}
	}
	s := &Session{Config: c, Corpus: corpus, Model: m, batcher: batcher, team: kernel.NewTeam(c.Threads)}
	if s.Trainer, err = train.New(m, batcher, s.team, c.Train); err != nil {
		s.team.Close()
		return nil, err
	}
	s.Trainer.Total = s.planned()
	return s, nil
}

// Close ends the workers.
func (s *Session) Close() { s.team.Close() }

// planned is the number of updates until the limit, 0 when it is not known.
func (s *Session) planned() int64 {
	n := s.Config.Updates
	if s.Config.Epochs > 0 {
		e := int64(math.Ceil(s.Config.Epochs * float64(s.batcher.Windows())))
		if n == 0 || e < n {
			n = e
		}
	}
	return n
}

// evalEvery is the number of updates between validations: asked for, or so
// many that for every validated token twenty are trained on, but at least a
// hundred.
func (s *Session) evalEvery() int64 {
	if s.Config.EvalEvery > 0 {
		return s.Config.EvalEvery
	}
	n := int64(20*s.Corpus.Valid.IDs.Len()) / int64(s.Config.Batch*s.Config.Window)
	return max(100, (n+99)/100*100)
}

// Run trains until a limit is reached, the context is cancelled or the loss
// diverges, and tells on of everything. What has been done is saved in every
// case. The error is ErrInterrupted, a *train.Diverged, or that of a save.
func (s *Session) Run(ctx context.Context, on func(Event)) error {
	err := s.run(ctx, on)
	if e := s.keep.close(); err == nil {
		err = e
	}
	return err
}

func (s *Session) run(ctx context.Context, on func(Event)) error {
	s.began = time.Now()
	planned, evalEvery := s.planned(), s.evalEvery()
	rate := newMeter(s.began)
	emit := func(e Event) {
		on(e)
		s.keep.event(e)
	}
	for {
		if planned > 0 && s.Trainer.Updates() >= planned || s.Config.For > 0 && s.elapsed() >= s.Config.For {
			break
		}
		if ctx.Err() != nil {
			return s.finish(ctx, emit, true)
		}
		r, err := s.Trainer.Step()
		emit(newUpdate(r, s.Trainer.Tokens(), rate.add(r.Tokens)))
		if err != nil {
			return s.diverged(err, emit)
		}
		if s.Screen != nil && s.Screen.Empty() {
			s.Screen.Put(s.Trainer.Snapshot())
		}
		if r.Update%evalEvery == 0 {
			s.validate(ctx, emit)
		}
		if due(r.Update) {
			s.sample(emit)
		}
		if s.keep.due(r.Update, s.Config.SaveEvery) {
			if err := s.save(emit); err != nil {
				return err
			}
		}
	}
	return s.finish(ctx, emit, false)
}

func (s *Session) elapsed() time.Duration { return time.Since(s.began) }

// validate evaluates the validation split and watches for overfitting.
func (s *Session) validate(ctx context.Context, emit func(Event)) {
	e := Evaluate(s.Model, s.Corpus, s.Corpus.Valid, "valid", s.team, func() bool { return ctx.Err() != nil })
	if e == nil || ctx.Err() != nil {
		return
	}
	update := s.Trainer.Updates()
	emit(Valid{Event: "valid", Update: update, Evaluation: *e, Seconds: s.elapsed().Seconds(), Train: Number(s.Trainer.Smoothed())})
	s.Trainer.Validated(scope.Validation{Update: update, Tokens: e.Tokens, Loss: float64(e.Loss)})
	since, first := s.overfit.Look(update, float64(e.Loss))
	if first {
		emit(Overfitting{Event: "overfitting", Update: update, Since: since, Best: Number(s.overfit.Best)})
	}
	if s.overfit.BestUpdate == update {
		s.keep.best(s.Model)
	}
}

// finish evaluates both splits, unless interrupted, saves and says so.
func (s *Session) finish(ctx context.Context, emit func(Event), interrupted bool) error {
	d := Done{Event: "done", Updates: s.Trainer.Updates(), Epoch: s.Trainer.Snapshot().Epoch, TrainLoss: Number(s.Trainer.Smoothed()), Interrupted: interrupted, Out: s.keep.dir(), BestValid: Number(math.NaN())}
	d.Seconds = s.elapsed().Seconds()
	if !interrupted {
		stop := func() bool { return ctx.Err() != nil }
		d.Valid = Evaluate(s.Model, s.Corpus, s.Corpus.Valid, "valid", s.team, stop)
		d.Test = Evaluate(s.Model, s.Corpus, s.Corpus.Test, "test", s.team, stop)
		if ctx.Err() != nil {
			d.Valid, d.Test, d.Interrupted = nil, nil, true
		}
	}
	if d.Valid != nil {
		s.overfit.Look(d.Updates, float64(d.Valid.Loss))
	}
	if s.overfit.BestUpdate > 0 {
		d.BestUpdate, d.BestValid = s.overfit.BestUpdate, Number(s.overfit.Best)
	}
	if !interrupted {
		s.sample(emit)
	}
	err := s.save(emit)
	emit(d)
	if err == nil && d.Interrupted {
		err = ErrInterrupted
	}
	return err
}

// diverged saves the last good weights and says what went wrong.
func (s *Session) diverged(err error, emit func(Event)) error {
	var d *train.Diverged
	if !errors.As(err, &d) {
		return err
	}
	if _, ok := s.Trainer.Good(); ok {
		if err := s.save(func(Event) {}); err != nil {
			return errors.Join(d, err)
		}
	}
	emit(Diverged{Event: "diverged", Update: d.Update, Tensor: d.Tensor, Reason: d.Reason, NormLast: Number(d.NormBefore), Good: d.Good, Out: s.keep.dir()})
	return &DivergedError{d, s.keep.dir(), s.Config.Train}
}

// DivergedError is how Run ends when training has diverged.
type DivergedError struct {
	*train.Diverged
	Out    string
	Config train.Config
}

// Try says where the last good weights are and what would have prevented it.
func (e *DivergedError) Try() string {
	where := "no weights were good enough to keep"
	if e.Good > 0 && e.Out != "" {
		where = fmt.Sprintf("weights from update %d are in %s", e.Good, e.Out)
	}
	clip := 1.0
	if e.Config.Clip > 0 {
		clip = e.Config.Clip / 2
	}
	return fmt.Sprintf("%s; try --clip %g or --lr %g", where, math.Min(1, clip), e.Config.LR/2)
}

func (e *DivergedError) Unwrap() error { return e.Diverged }
