package session

import (
	"encoding/json"
	"path/filepath"
	"time"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/train"
)

// watcher follows a run that another program trains. What it finds it gives to a
// session that never trains itself, so that every screen shows the run as if it
// were its own:
//
//	metrics.jsonl      ── asked four times a second ─▶ curves, figures, samples
//	model.safetensors  ── when it is another ────────▶ the weights looked at
//	best.safetensors   ── when it is another ────────▶ the best ones
//
// It belongs to the goroutine that a Live's trainer would have.
type watcher struct {
	dir      string
	files    *store.Follower
	heard    time.Time // when the last numbers came
	told     time.Time // when the last snapshot was published
	looked   time.Time // when the last window was read
	listed   time.Time // when the snapshots were
	frames   []frame
	last     Update
	seconds  float64     // trained for, as of the last validation
	weights  int64       // the update of the weights that are looked at, -1 for none
	saved    int64       // the update of the last save that was told of
	samples  int         // that were read
	end      scope.Phase // Finished, Interrupted or Diverged once the run has said so
	diverged bool        // the failure that is told is that it diverged
	gone     bool
	dropout  float64 // the run's; nothing is dropped when its states are shown
}

const (
	// watchEvery is how often the files are asked.
	watchEvery = 250 * time.Millisecond
	// tellEvery is how often a snapshot is published though nothing is new: how
	// long nothing has been heard is a figure too.
	tellEvery = time.Second
	// lookEvery is how often a window is read, for its states.
	lookEvery = time.Second
	// silence is how long a run may say nothing and still count as running, when
	// its updates do not take longer.
	silence = 5 * time.Second
)

// Watch prepares to look at the run in dir, which another program trains: s, a
// session of the same text and model, makes no updates. Nothing is written, and
// what would change the training does nothing.
func Watch(s *Session, dir string) *Live {
	l := NewLive(s, nil)
	l.watch = &watcher{dir: dir, files: store.Follow(dir), weights: -1, saved: -1, dropout: s.Config.Train.Dropout}
	return l
}

// Watching says that another program trains what is looked at.
func (l *Live) Watching() bool { return l.watch != nil }

// observe follows the run until the exploration ends.
func (l *Live) observe() {
	defer close(l.done)
	s := l.s
	defer s.Close()
	s.live, s.Screen, l.runs = l, &l.Snapshots, 1
	s.began, s.rate = time.Now(), newMeter(time.Now())
	if info, err := store.ReadInfo(l.watch.dir); err == nil {
		s.Drawn = info.Drawn()
	}
	_ = s.Trainer.SetDropout(0) // a model with one layer has none
	l.count()
	clock := time.NewTicker(watchEvery)
	defer clock.Stop()
	for l.ctx.Err() == nil {
		if l.watch.ask(l) {
			l.publish()
		}
		select {
		case <-l.ctx.Done():
		case <-l.inbox.wake:
			if l.inbox.do() {
				l.publish()
			}
		case <-clock.C:
		}
	}
}

// ask looks at the files and says whether something is to be shown.
func (w *watcher) ask(l *Live) bool {
	now := time.Now()
	news := w.readMetrics(l, now)
	if w.files.Model() {
		news = w.readModel(l) || news
	}
	if w.files.Best() {
		if m := w.open(l, filepath.Join(w.dir, store.BestFile)); m != nil {
			l.best(m)
			news = true
		}
	}
	if w.weights >= 0 && now.Sub(w.looked) >= lookEvery && !w.gone {
		w.looked = now
		l.s.Trainer.Look()
		news = true
	}
	if now.Sub(w.listed) >= lookEvery {
		w.listed = now
		w.listFrames()
	}
	if all, changed := w.files.Samples(); changed {
		w.readSamples(l, all)
		news = true
	}
	if phase := w.phase(now); phase != l.phase {
		l.phase, news = phase, true
	}
	if news || now.Sub(w.told) >= tellEvery {
		w.told = now
		return true
	}
	return false
}

// phase is what the run is doing, as far as its files tell.
func (w *watcher) phase(now time.Time) scope.Phase {
	w.gone = w.files.Gone()
	patience := silence
	if w.last.TokensPerSec > 0 && w.last.Update > 0 { // an update may take longer
		perUpdate := float64(w.last.Tokens) / float64(w.last.Update) / w.last.TokensPerSec
		patience = max(patience, time.Duration(5*perUpdate*float64(time.Second)))
	}
	switch {
	case w.gone:
		return scope.Gone
	case w.end > 0:
		return w.end
	case w.heard.IsZero():
		return scope.Starting
	case now.Sub(w.heard) > patience:
		return scope.Silent
	}
	return scope.Training
}

// readMetrics takes in the lines that have come.
func (w *watcher) readMetrics(l *Live, now time.Time) (news bool) {
	first := w.heard.IsZero() // what is there already was heard when it was written
	for l.ctx.Err() == nil {
		rows, anew, err := w.files.Read()
		if err != nil {
			l.story.failure = err
			return true
		}
		if anew {
			w.forget(l)
			news = true
		}
		if len(rows) == 0 {
			return news
		}
		news = true
		if w.heard = now; first {
			w.heard = w.files.Written()
		}
		for _, row := range rows {
			if e := ParseEvent(row); e != nil {
				w.take(l, e)
			}
		}
	}
	return news
}

// forget begins with an empty run: its metrics are others than they were.
func (w *watcher) forget(l *Live) {
	l.s.Trainer.Forget()
	l.s.overfit = train.Overfit{}
	l.story = story{}
	w.last, w.end, w.diverged, w.saved = Update{}, 0, false, -1
}

// take takes in an event of the run.
func (w *watcher) take(l *Live, e Event) {
	t := l.s.Trainer
	switch e := e.(type) {
	case Update:
		if e.Update <= w.last.Update { // it was gone on with from an earlier save
			l.story.back(w.last.Update, e.Update-1)
		}
		if w.last, w.end = e, 0; w.diverged {
			w.diverged, l.story.failure = false, nil
		}
		t.Follow(train.Result{Update: e.Update, Epoch: e.Epoch, Loss: float64(e.Loss), GradNorm: float64(e.GradNorm), Clipped: e.Clipped, LR: e.LR}, e.Tokens)
	case Valid:
		w.seconds = e.Seconds
		t.Validated(scope.Validation{Update: e.Update, Tokens: e.Tokens, Loss: float64(e.Loss)})
		_, since, _ := l.s.overfit.Look(e.Update, float64(e.Loss), t.Smoothed())
		l.overfits(since)
		l.event(e)
	case Saved:
		w.saved = e.Update
	case Diverged:
		w.end, w.diverged = scope.Diverged, true
		l.story.failure = say.Errorf("the run diverged at update %d: %s", e.Update, train.ReasonOf(e.Reason))
	case Done:
		w.end, w.seconds = e.phase(), e.Seconds
		w.saved = e.Updates
	}
}

// listFrames lists the snapshots of the run.
func (w *watcher) listFrames() {
	all, err := store.Snapshots(w.dir)
	if err != nil {
		return // it is asked again
	}
	w.frames = w.frames[:0:0]
	for _, s := range all {
		w.frames = append(w.frames, frame{update: s.Update, bytes: s.Bytes, disk: s})
	}
}

// readSamples takes in what the model has written that is not there yet.
func (w *watcher) readSamples(l *Live, all []store.Written) {
	for _, x := range all[min(w.samples, len(all)):] {
		l.event(newSample(x))
	}
	w.samples = len(all)
}

// newSample is the event of a text that was read back.
func newSample(w store.Written) Sample {
	return Sample{Event: "sample", Update: w.Update, Temperature: w.Temperature, Text: w.Text}
}

// readModel takes over the newest weights.
func (w *watcher) readModel(l *Live) bool {
	m := w.open(l, w.dir)
	if m == nil {
		return false
	}
	own := l.s.Model
	copy(own.Weights(), m.Weights())
	own.Pack()
	// The line that tells of the save comes after the file.
	var meta saved
	if text, err := store.ReadStateText(w.dir); err == nil && json.Unmarshal([]byte(text), &meta) == nil {
		w.weights = meta.Progress.Update
	} else { // as of a model that was converted
		w.weights = max(w.saved, 0)
	}
	l.surgeries++ // whatever the number, the weights are others
	l.place.Store(l.mark())
	w.looked = time.Time{}
	return true
}

// open reads a saved model of the run, nil if it cannot be had, or is another
// than the run had when it was opened.
func (w *watcher) open(l *Live, path string) *rnn.Model {
	opened, err := store.OpenModel(path, l.kernel)
	if err != nil {
		if !w.files.Gone() {
			l.story.failure = err
		}
		return nil
	}
	a, b := opened.Model.Config, l.s.Model.Config
	a.Dropout, b.Dropout = 0, 0
	if a != b {
		l.story.failure = say.Errorf("%s: another model than before is trained here now; open it anew", w.dir)
		return nil
	}
	return opened.Model
}

// describe adds to a snapshot what the trainer of this program does not know.
func (w *watcher) describe(v *scope.Snapshot) {
	v.Epoch, v.Rate, v.Kept = w.last.Epoch, w.last.TokensPerSec, w.dir
	v.Elapsed = time.Duration(w.seconds * float64(time.Second))
	v.Knobs.Dropout = w.dropout
	if w.last.LR > 0 {
		v.LR = w.last.LR
	}
	v.Watch = &scope.Watch{Dir: w.dir, Heard: w.heard, Weights: w.weights, Damaged: w.files.Damaged}
}

// ParseEvent reads a line of a run's metrics; nil for one of an event that is
// not known here.
func ParseEvent(row store.Row) Event {
	switch row.Event {
	case "update":
		return parseEvent[Update](row)
	case "valid":
		return parseEvent[Valid](row)
	case "overfitting":
		return parseEvent[Overfitting](row)
	case "sample":
		return parseEvent[Sample](row)
	case "saved":
		return parseEvent[Saved](row)
	case "diverged":
		return parseEvent[Diverged](row)
	case "done":
		return parseEvent[Done](row)
	}
	return nil
}

func parseEvent[E Event](row store.Row) Event {
	var e E
	if json.Unmarshal(row.JSON, &e) != nil {
		return nil
	}
	return e
}
