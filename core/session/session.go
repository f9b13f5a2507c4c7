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
	"rnnscope/core/say"
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
	Drawn   bool                           // the weights it began with are those that its seed draws

	live    *Live // who explores it, nil in a run without a screen
	keep    *keeper
	rate    *meter
	batcher *corpora.Batcher
	team    *kernel.Team
	overfit train.Overfit
	began   time.Time     // of the present Run, zero outside
	held    time.Time     // since when the clock stands; zero while it runs
	spent   time.Duration // trained before began, also in the run that this one goes on with

	before    *scope.Before // the run that this one was forked from
	recalled  []Sample      // written before, in the run that this one goes on with
	guess     float64       // the loss before the first update, of a few tokens; 0 when it is not known
	changed   bool          // since the last save
	validated int64         // the update of lastValid
	lastValid *Evaluation
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
	s := &Session{Config: c, Corpus: corpus, Model: m, batcher: batcher, team: kernel.NewTeam(c.Threads), Drawn: from == nil}
	if s.Trainer, err = train.New(m, batcher, s.team, c.Train); err != nil {
		s.team.Close()
		return nil, err
	}
	s.Trainer.Total = s.planned()
	return s, nil
}

// Close ends the workers.
func (s *Session) Close() { s.team.Close() }

// planned is the number of updates at the limit, if windows stay as they are; 0
// when it is not known.
func (s *Session) planned() int64 {
	n := s.Config.Updates
	if s.Config.Epochs > 0 {
		var made int64
		var behind float64
		if s.Trainer != nil {
			made, behind = s.Trainer.Updates(), s.Trainer.Epoch()
		}
		e := made + int64(math.Ceil((s.Config.Epochs-behind)*float64(s.batcher.Windows())-whole))
		if n == 0 || e < n {
			n = e
		}
	}
	return n
}

// whole is by how much a count of windows may miss a whole number.
const whole = 1e-6

// reached says that the limit of updates or epochs is.
func (s *Session) reached() bool {
	c := s.Config
	return c.Updates > 0 && s.Trainer.Updates() >= c.Updates ||
		c.Epochs > 0 && (c.Epochs-s.Trainer.Epoch())*float64(s.batcher.Windows()) <= whole
}

// Unlimited takes the limits away, and the schedule that needs to know them.
func (s *Session) Unlimited() {
	s.Config.Updates, s.Config.Epochs, s.Config.For = 0, 0, 0
	if s.Config.Train.Schedule.Kind == "cosine" {
		s.Config.Train.Schedule = train.Schedule{}
		s.Trainer.Schedule = train.Schedule{}
	}
	s.Trainer.Total = 0
}

// Used is the number of targets in an epoch: what fills whole windows.
func (s *Session) Used() int { return s.batcher.Windows() * s.Config.Window * s.Config.Batch }

// Finished says that the planned updates have been made: Run would train no more.
func (s *Session) Finished() bool { return s.reached() }

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

// ValidEvery is how many updates lie between two validations of a run whose window is
// as long as that when it begins.
func (l *Live) ValidEvery(window int) int64 {
	s := Session{Config: l.first, Corpus: l.Text.corpus}
	s.Config.Window = max(1, window)
	return s.evalEvery()
}

// Run trains until a limit is reached, the context is cancelled or the loss
// diverges, and tells on of everything. What has been done is saved in every
// case. The error is ErrInterrupted, a *DivergedError, or that of a save.
func (s *Session) Run(ctx context.Context, on func(Event)) error {
	err := s.run(ctx, on)
	if e := s.keep.close(); err == nil {
		err = e
	}
	return err
}

func (s *Session) run(ctx context.Context, on func(Event)) error {
	s.began = time.Now()
	defer s.count()
	evalEvery := s.evalEvery()
	s.rate = newMeter(s.began)
	made := false // the shortest of times is one update
	emit := func(e Event) {
		on(e)
		s.keep.event(e)
	}
	if s.keep.unborn(s.Trainer.Updates()) {
		// A run that is killed before its first save can be gone on with too.
		if err := s.save(func(Event) {}); err != nil && !s.live.bears(err) {
			return err
		}
	}
	if s.Trainer.Updates() == 0 {
		s.keep.snap(0, s.Model)
		s.showGuess()
	}
	for {
		s.live.between(ctx, true)
		if s.reached() || s.Config.For > 0 && made && time.Since(s.began) >= s.Config.For {
			break
		}
		if ctx.Err() != nil {
			break
		}
		r, err := s.Trainer.Step()
		made, s.changed = true, true
		emit(newUpdate(r, s.Trainer.Tokens(), s.rate.add(r.Tokens)))
		if err != nil {
			return s.diverged(err, emit)
		}
		s.keep.snap(r.Update, s.Model)
		if s.Screen != nil && s.Screen.Empty() {
			s.Screen.Put(s.snapshot())
		}
		if r.Update%evalEvery == 0 {
			s.validate(ctx, emit)
		}
		if due(r.Update) {
			s.sample(emit)
		}
		if s.keep.due(r.Update, s.Config) {
			if err := s.save(emit); err != nil && !s.live.bears(err) {
				return err
			}
		}
	}
	return s.finish(ctx, emit)
}

// guessTokens is how much of the text an untrained model is asked about: so
// little that it takes a few milliseconds.
const guessTokens = 64

// showGuess publishes what the model makes of the beginning of the text before
// the first update, which takes a large model a while.
func (s *Session) showGuess() {
	if s.Screen == nil {
		return
	}
	s.guess = s.Model.Evaluate(head{s.Corpus.Train.IDs, guessTokens}, s.team, nil, nil).Loss
	s.Screen.Put(s.snapshot())
}

// head is the first n tokens of a text.
type head struct {
	rnn.Tokens
	n int
}

func (h head) Len() int { return min(h.n, h.Tokens.Len()) }

// snapshot is what a screen may see of the run now.
func (s *Session) snapshot() *scope.Snapshot {
	v := s.Trainer.Snapshot()
	if v.Update == 0 {
		v.Loss, v.Smoothed, v.Untrained = s.guess, s.guess, s.Drawn
	}
	v.Rate, v.Elapsed, v.Kept = s.rate.rate, s.elapsed(), s.keep.dir()
	s.live.describe(v)
	return v
}

// stopped says that an evaluation is to end early. Meanwhile what the user
// asks for is done.
func (s *Session) stopped(ctx context.Context) func() bool {
	return func() bool {
		s.live.between(ctx, false)
		return ctx.Err() != nil
	}
}

// elapsed is the time trained, with that of earlier Runs and before a resume.
func (s *Session) elapsed() time.Duration {
	switch {
	case s.began.IsZero():
		return s.spent
	case !s.held.IsZero():
		return s.spent + s.held.Sub(s.began)
	}
	return s.spent + time.Since(s.began)
}

// count ends a Run's time: what comes until the next is not training.
func (s *Session) count() {
	s.spent, s.began = s.elapsed(), time.Time{}
}

// hold stops the clock of a Run while nothing is trained, and release lets it go
// on.
func (s *Session) hold() { s.held = time.Now() }
func (s *Session) release() {
	now := time.Now()
	s.began = s.began.Add(now.Sub(s.held))
	s.held = time.Time{}
	s.rate.pause(now)
}

// validate evaluates the validation split, keeps the best model and watches for
// overfitting. It returns nil for an empty split and when interrupted.
func (s *Session) validate(ctx context.Context, emit func(Event)) *Evaluation {
	e := Evaluate(s.Model, s.Corpus, s.Corpus.Valid, "valid", s.team, s.stopped(ctx))
	if e == nil || ctx.Err() != nil {
		return nil
	}
	update := s.Trainer.Updates()
	emit(Valid{Event: "valid", Update: update, Evaluation: *e, Seconds: s.elapsed().Seconds(), Train: Number(s.Trainer.Smoothed())})
	s.Trainer.Validated(scope.Validation{Update: update, Tokens: e.Tokens, Loss: float64(e.Loss)})
	best, since, first := s.overfit.Look(update, float64(e.Loss), s.Trainer.Smoothed())
	s.live.overfits(since)
	if first {
		emit(Overfitting{Event: "overfitting", Update: update, Since: since, Best: Number(s.overfit.Best)})
	}
	if best {
		s.keep.best(s.Model)
		s.live.best(s.Model)
	}
	s.validated, s.lastValid, s.changed = update, e, true
	return e
}

// finish evaluates both splits, unless interrupted, saves and says so.
func (s *Session) finish(ctx context.Context, emit func(Event)) error {
	d := Done{Event: "done", Updates: s.Trainer.Updates(), Epoch: s.Trainer.Epoch(), Seconds: s.elapsed().Seconds(), TrainLoss: Number(s.Trainer.Smoothed())}
	keep := d.Updates > 0 && s.keep.wanted()
	if keep && s.changed {
		if err := s.save(func(Event) {}); err != nil && !s.live.bears(err) { // before what may be interrupted
			emit(d)
			return err
		}
	}
	stop := s.stopped(ctx)
	if ctx.Err() == nil {
		if s.validated == d.Updates && s.lastValid != nil {
			d.Valid = s.lastValid
		} else {
			d.Valid = s.validate(ctx, emit)
		}
		d.Test = Evaluate(s.Model, s.Corpus, s.Corpus.Test, "test", s.team, stop)
	}
	if ctx.Err() != nil {
		d.Valid, d.Test, d.Interrupted = nil, nil, true
	} else if !due(d.Updates) { // else it has just been written
		s.sample(emit)
	}
	if s.overfit.Seen > 0 {
		best := s.overfit.Best
		d.BestUpdate, d.BestValid = s.overfit.BestUpdate, &best
		if m := s.keep.bestModel(s.Model.Kernel); m != nil && d.BestUpdate != d.Updates && d.Test != nil {
			d.BestTest = Evaluate(m, s.Corpus, s.Corpus.Test, "test", s.team, stop)
		}
	}
	if d.Reason = why("train_loss", d.TrainLoss); d.Interrupted {
		d.Reason = "interrupted: the splits were not evaluated"
	}
	var err error
	if keep && s.changed {
		if err = s.save(func(Event) {}); s.live.bears(err) {
			err = nil
		}
	}
	if keep && err == nil && !s.changed {
		d.Out = s.keep.dir()
		emit(Saved{Event: "saved", Update: d.Updates, Out: d.Out})
	}
	emit(d)
	if err == nil && d.Interrupted {
		err = ErrInterrupted
	}
	return err
}

// diverged goes back to before the trouble, saves that, and says what went
// wrong.
func (s *Session) diverged(err error, emit func(Event)) error {
	var d *train.Diverged
	if !errors.As(err, &d) {
		return err
	}
	s.live.trouble(d)
	s.Trainer.GoBack()
	s.overfit.Back()
	if s.keep.wanted() {
		if err := s.save(func(Event) {}); err != nil && !s.live.bears(err) {
			return errors.Join(d, err)
		}
	}
	emit(Diverged{Event: "diverged", Update: d.Update, Tensor: d.Tensor, Reason: d.Reason.String(), NormLast: Number(d.NormBefore), Good: d.Good, Out: s.keep.dir()})
	return &DivergedError{d, s.keep.dir(), s.Config.Train}
}

// DivergedError is how Run ends when training has diverged.
type DivergedError struct {
	*train.Diverged
	Out    string
	Config train.Config
}

// Try says where the proven weights are and what may prevent it: clipping where
// the gradient was above it, and a smaller rate.
func (e *DivergedError) Try() string { return e.TryIn(nil) }

// TryIn is Try in another language.
func (e *DivergedError) TryIn(translate say.Translate) string {
	var with any = fmt.Sprintf("--lr %.3g", e.Config.LR/10)
	if clip := 1.0; !(e.NormBefore <= clip) && (e.Config.Clip == 0 || e.Config.Clip > clip) {
		with = say.Textf("--clip %g or %s", clip, with)
	}
	try := say.Textf("try %s", with)
	if e.Out != "" {
		try = say.Textf("weights from update %d are in %s; try --resume %s with %s", e.Good, e.Out, e.Out, with)
	}
	return try.Say(translate)
}

func (e *DivergedError) Unwrap() error { return e.Diverged }
