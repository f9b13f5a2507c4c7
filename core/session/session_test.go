package session

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

func tiny() Config {
	c := Defaults()
	c.Model = rnn.Config{Cell: "gru", Embed: 6, Hidden: 10, Layers: 1}
	c.Train.Dropout = 0
	c.Batch, c.Window, c.Threads = 4, 12, 2
	return c
}

// builtin is a built-in text, read once for all tests: nobody may change its splits.
func builtin(t testing.TB, name string) *corpora.Corpus {
	t.Helper()
	open, _ := texts.LoadOrStore(name, sync.OnceValues(func() (*corpora.Corpus, error) {
		return corpora.Open(name, corpora.Options{})
	}))
	c, err := open.(func() (*corpora.Corpus, error))()
	if err != nil {
		t.Fatal(err)
	}
	own := *c
	return &own
}

var texts sync.Map // of functions that read a built-in text, by name

// Tokens that text leaves of a training split and of each other one, so that
// n-grams are counted and scored in no time even under the race detector.
const (
	trainTokens = 1 << 14
	otherTokens = 1 << 12
)

// text is the beginning of each split of a built-in text.
func text(t testing.TB, name string) *corpora.Corpus {
	t.Helper()
	c := builtin(t, name)
	for split, most := range map[*corpora.Split]int{&c.Train: trainTokens, &c.Valid: otherTokens, &c.Test: otherTokens} {
		n := min(most, split.IDs.Len())
		split.IDs = split.IDs.Slice(0, n)
		after := slices.IndexFunc(split.Scored, func(s corpora.Scored) bool { return s.Pos >= n })
		if after >= 0 {
			split.Scored = split.Scored[:after:after]
		}
	}
	c.Counts = make([]int64, c.Vocab.Len())
	for i := range c.Train.IDs.Len() {
		if id := c.Train.IDs.At(i); id >= 0 {
			c.Counts[id]++
		}
	}
	return c
}

func session(t *testing.T, c Config, name string) *Session {
	t.Helper()
	s, err := New(c, text(t, name), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// An hour of training through --json is many updates and nothing else: the
// heap after forty thousand is that after ten thousand.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("trains 40,000 updates")
	}
	c := tiny()
	c.Updates, c.EvalEvery = 40_000, 1000
	s := session(t, c, "reber")
	s.Corpus.Valid.IDs = s.Corpus.Valid.IDs.Slice(0, 200)
	s.Corpus.Test.IDs = s.Corpus.Test.IDs.Slice(0, 200)
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	lines := json.NewEncoder(io.Discard)
	var before, after uint64
	err := s.Run(context.Background(), func(e Event) {
		if err := lines.Encode(e); err != nil {
			t.Fatal(err)
		}
		if u, ok := e.(Update); ok && u.Update == 10_000 {
			before = heap()
		} else if ok && u.Update == c.Updates {
			after = heap()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	const slack = 64 << 10 // what the runtime itself moves by
	if after > before+slack {
		t.Errorf("the heap went from %d to %d bytes", before, after)
	}
}

// Limits: updates, epochs, and the first of both.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, limit := range []struct {
		updates int64
		epochs  float64
		want    int64
	}{{7, 0, 7}, {0, 0.01, 0}, {5, 10, 5}, {1 << 40, 0.002, 0}} {
		c := tiny()
		c.Updates, c.Epochs = limit.updates, limit.epochs
		s := session(t, c, "recall")
		want := limit.want
		if want == 0 {
			want = int64(math.Ceil(limit.epochs * float64(s.batcher.Windows())))
		}
		var done Done
		if err := s.Run(context.Background(), func(e Event) {
			if d, ok := e.(Done); ok {
				done = d
			}
		}); err != nil {
			t.Fatal(err)
		}
		if done.Updates != want || done.Valid == nil || done.Test == nil {
			t.Errorf("%+v: done after %d updates, want %d (%+v)", limit, done.Updates, want, done)
		}
	}
}

// A diverging run ends with an error, says which tensor, and leaves the last
// good weights on disk.
func TestDivergenceIsSaved(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model = rnn.Config{Cell: "rnn", Activation: "relu", Embed: 6, Hidden: 10, Layers: 1}
	c.Train = train.Config{Optimizer: "sgd", LR: 0.05, Seed: 1}
	s := session(t, c, "recall")
	dir := filepath.Join(t.TempDir(), "run")
	run, err := store.Create(dir, store.Info{Model: s.Model.Config, Config: json.RawMessage("{}"), Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab})
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(run)
	var good []float32
	var said Diverged
	err = s.Run(context.Background(), func(e Event) {
		switch e := e.(type) {
		case Update:
			switch e.Update {
			case 100:
				good = slices.Clone(s.Model.Weights())
			case 130:
				s.Model.Tensors()[1].Value.Data[0] = float32(math.NaN())
				s.Model.Pack()
			}
		case Diverged:
			said = e
		}
	})
	var diverged *DivergedError
	if !errors.As(err, &diverged) || diverged.Update != 131 || said.Update != 131 || said.Good != 100 || said.Tensor == "" {
		t.Fatalf("got %v and %+v", err, said)
	}
	opened, err := store.OpenModel(dir, s.Model.Kernel)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(opened.Model.Weights(), good) {
		t.Error("the weights on disk are not those of update 100")
	}
}

// A screen that takes snapshots does not change the run.
func TestWatchingChangesNothing(t *testing.T) {
	t.Parallel()
	curve := func(watch bool) (losses []Number) {
		c := tiny()
		c.Updates = 60
		s := session(t, c, "sums")
		if watch {
			s.Screen = &scope.Mailbox[scope.Snapshot]{}
		}
		seen := int64(-1) // the first is of the untrained model
		if err := s.Run(context.Background(), func(e Event) {
			if u, ok := e.(Update); ok {
				losses = append(losses, u.Loss)
				if !watch {
					return
				}
				if snapshot := s.Screen.Take(); snapshot != nil {
					if snapshot.Update <= seen {
						t.Errorf("snapshot of update %d after %d", snapshot.Update, seen)
					}
					seen = snapshot.Update
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		if watch && seen < 50 {
			t.Errorf("the last snapshot seen is of update %d", seen)
		}
		return losses
	}
	if !slices.Equal(curve(false), curve(true)) {
		t.Error("the losses differ")
	}
}

func TestCancelledRunSaysSo(t *testing.T) {
	s := session(t, tiny(), "recall")
	ctx, cancel := context.WithCancel(context.Background())
	var done *Done
	err := s.Run(ctx, func(e Event) {
		switch e := e.(type) {
		case Update:
			if e.Update == 5 {
				cancel()
			}
		case Done:
			done = &e
		}
	})
	if !errors.Is(err, ErrInterrupted) || done == nil || !done.Interrupted || done.Updates != 5 {
		t.Errorf("got %v, %+v", err, done)
	}
}

func TestConfigIsChecked(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"batch":    func(c *Config) { c.Batch = 0 },
		"window":   func(c *Config) { c.Window = -1 },
		"threads":  func(c *Config) { c.Threads = 0 },
		"hidden":   func(c *Config) { c.Model.Hidden = 0 },
		"lr":       func(c *Config) { c.Train.LR = math.NaN() },
		"init":     func(c *Config) { c.Init = "zeros" },
		"epochs":   func(c *Config) { c.Epochs = math.NaN() },
		"schedule": func(c *Config) { c.Train.Schedule.Kind = "cosine" },
	} {
		c := Defaults()
		change(&c)
		if c.Validate() == nil {
			t.Errorf("a bad %s was accepted", name)
		}
	}
	for _, p := range Presets() {
		if err := p.Config.Validate(); err != nil {
			t.Errorf("preset %s: %v", p.Name, err)
		}
	}
}

// What done says of the best weights is what the file of them evaluates to.
func TestBestModelIsKept(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Updates, c.EvalEvery, c.Train.LR = 400, 20, 0.05 // too fast: the last is not the best
	s := session(t, c, "measure")
	dir := filepath.Join(t.TempDir(), "run")
	run, err := store.Create(dir, store.Info{Model: s.Model.Config, Config: json.RawMessage("{}"), Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab})
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(run)
	var best float64
	var at int64
	var done Done
	if err := s.Run(context.Background(), func(e Event) {
		switch e := e.(type) {
		case Valid:
			if at == 0 || float64(e.Loss) < best {
				best, at = float64(e.Loss), e.Update
			}
		case Done:
			done = e
		}
	}); err != nil {
		t.Fatal(err)
	}
	if done.BestUpdate != at || *done.BestValid != best {
		t.Errorf("best said %d %v, was %d %v", done.BestUpdate, *done.BestValid, at, best)
	}
	opened, err := store.OpenModel(filepath.Join(dir, store.BestFile), s.Model.Kernel)
	if err != nil {
		t.Fatal(err)
	}
	if e := Evaluate(opened.Model, s.Corpus, s.Corpus.Valid, "valid", s.team, nil); float64(e.Loss) != best {
		t.Errorf("the file evaluates to %v, want %v", e.Loss, best)
	}
	if at == done.Updates {
		t.Fatal("the last update was the best; the test needs a run that gets worse")
	}
	if e := Evaluate(opened.Model, s.Corpus, s.Corpus.Test, "test", s.team, nil); done.BestTest == nil || done.BestTest.Loss != e.Loss {
		t.Errorf("best_test %+v, the file gives %v", done.BestTest, e.Loss)
	}
}

// description is what a run of a session says of itself.
func description(t *testing.T, s *Session) store.Info {
	t.Helper()
	config, err := json.Marshal(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	return store.Info{Weights: store.OriginOf(s.Drawn), Model: s.Model.Config, Config: config, Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab}
}

// A schedule that was laid out anew when the window changed goes on as it was
// after a resume, at whatever update that is.
func TestScheduleGoesOnAfterAResume(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Epochs, c.Train.Schedule = 2, train.Schedule{Kind: "cosine"}
	s := session(t, c, "recall")
	steps := func(n int) {
		for range n {
			if _, err := s.Trainer.Step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	steps(50)
	if err := s.Trainer.SetWindow(48); err != nil {
		t.Fatal(err)
	}
	s.Config.Window, s.Trainer.Total = 48, 5870 // as if it had been laid out earlier
	steps(10)
	dir := filepath.Join(t.TempDir(), "run")
	run, err := store.Create(dir, description(t, s))
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(run)
	if err := s.SaveNow(); err != nil {
		t.Fatal(err)
	}
	state, err := store.ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	again := session(t, s.Config, "recall")
	if err := again.Restore(state); err != nil {
		t.Fatal(err)
	}
	a, err := s.Trainer.Step()
	if err != nil {
		t.Fatal(err)
	}
	b, err := again.Trainer.Step()
	if err != nil {
		t.Fatal(err)
	}
	if a.LR != b.LR {
		t.Errorf("the next rate is %v, after a resume %v", a.LR, b.LR)
	}
	c = s.Config
	c.Epochs = 3
	further := session(t, c, "recall")
	if err := further.Restore(state); err != nil {
		t.Fatal(err)
	}
	if want := further.planned(); further.Trainer.Total != want {
		t.Errorf("with other limits the schedule is laid out for %d updates, want %d", further.Trainer.Total, want)
	}
}
