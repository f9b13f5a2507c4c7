package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/task"
)

// writtenRun is a run that is being written, and when its updates were made.
type writtenRun struct {
	dir  string
	stop context.CancelFunc
	done chan struct{}
	mu   sync.Mutex
	made []time.Time // of update 1, 2, …
	err  error
}

// writing trains a session into a directory, on a goroutine of its own.
func writing(t *testing.T, s *Session, dir string) *writtenRun {
	t.Helper()
	w := &writtenRun{dir: dir, done: make(chan struct{})}
	var ctx context.Context
	ctx, w.stop = context.WithCancel(context.Background())
	task.Go("writer", func() {
		defer close(w.done)
		w.err = s.Run(ctx, func(e Event) {
			if _, ok := e.(Update); ok {
				w.mu.Lock()
				w.made = append(w.made, time.Now())
				w.mu.Unlock()
			}
		})
	})
	t.Cleanup(w.end)
	return w
}

func (w *writtenRun) end() {
	w.stop()
	<-w.done
}

// kept is a session whose run is written into dir.
func kept(t *testing.T, c Config, dir string) *Session {
	t.Helper()
	s := session(t, c, "sums")
	run, err := store.Create(dir, store.Info{Model: s.Model.Config, Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab, Config: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	s.Keep(run)
	return s
}

func watching(t *testing.T, c Config, dir string) *Live {
	t.Helper()
	c.Threads = 1
	s, err := New(c, text(t, "sums"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := Watch(s, dir)
	l.Start(false)
	t.Cleanup(func() { l.Quit(); l.Wait() })
	return l
}

// A run that is written at full speed is at most a second ahead of what is
// shown of it.
func TestWatchIsAtMostASecondBehind(t *testing.T) {
	c := tiny()
	c.Threads = 1
	dir := filepath.Join(t.TempDir(), "run")
	w := writing(t, kept(t, c, dir), dir)
	l := watching(t, c, dir)
	await(t, l, "an update", func(s *scope.Snapshot) bool { return s.Update > 0 && s.Phase == scope.Training })
	var shown int64
	for try := 1; ; try++ { // a machine that others keep busy may hold up either side
		var behind time.Duration
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if s := l.Snapshots.Take(); s != nil {
				if s.Watch == nil || s.Watch.Dir != dir || s.Watch.Damaged != 0 {
					t.Fatalf("the snapshot says of what is watched: %+v", s.Watch)
				}
				shown = s.Update
			}
			w.mu.Lock()
			if int(shown) < len(w.made) { // the first that is not shown
				behind = max(behind, time.Since(w.made[shown]))
			}
			w.mu.Unlock()
		}
		if behind <= time.Second {
			break
		}
		if try == 5 {
			t.Fatalf("%v behind, the fifth time", behind)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if shown < 100 || len(w.made) < 100 {
		t.Errorf("%d of %d updates were shown", shown, len(w.made))
	}
}

// What is looked at are the weights of the last save, and nothing that would
// change the run does anything.
func TestWatchLooksAtTheSavedWeights(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Threads, c.SaveEvery = 1, 50
	dir := filepath.Join(t.TempDir(), "run")
	w := writing(t, kept(t, c, dir), dir)
	l := watching(t, c, dir)
	first := await(t, l, "weights", func(s *scope.Snapshot) bool { return s.Watch.Weights > 0 })
	later := await(t, l, "newer weights", func(s *scope.Snapshot) bool { return s.Watch.Weights > first.Watch.Weights })
	if later.Watch.Weights%50 != 0 || later.Watch.Weights > later.Update+50 {
		t.Errorf("weights of update %d while the numbers are at %d", later.Watch.Weights, later.Update)
	}
	if len(later.Stream.IDs) == 0 || len(later.Stream.H) == 0 {
		t.Error("no states are shown")
	}
	l.Pause(true)
	l.Step()
	l.SetLR(1)
	l.SetWindow(3)
	l.Restart(Restart{Cell: "rnn"})
	l.BreakIt()
	l.Save()
	w.end()
	await(t, l, "the end", func(s *scope.Snapshot) bool { return s.Phase == scope.Interrupted })
	saved, err := store.OpenModel(dir, l.kernel)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(awaiting); ; time.Sleep(10 * time.Millisecond) {
		f, ok := l.Freeze(false)
		if !ok {
			t.Fatal("the exploration has ended")
		}
		if slices.Equal(f.Model.Weights(), saved.Model.Weights()) {
			if f.Update != int64(len(w.made)) {
				t.Errorf("the weights are said to be of update %d, not %d", f.Update, len(w.made))
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("the weights are not those of the last save")
		}
	}
}

// What a watched model is asked to write bears the update of the weights that
// wrote it, which the numbers may be ahead of; before there are trained weights
// nothing is written.
func TestWatchedModelWritesWithItsOwnUpdate(t *testing.T) {
	t.Parallel()
	c := tiny()
	dir := filepath.Join(t.TempDir(), "run")
	s := kept(t, c, dir)
	var told int64
	tell := func() { // of another update
		t.Helper()
		told++
		if err := s.keep.run.Append(Update{Event: "update", Update: told, Loss: 3, LR: 0.1, TokensPerSec: 1000, Tokens: told * 48}); err != nil {
			t.Fatal(err)
		}
		if err := s.keep.run.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	save := func() {
		t.Helper()
		if err := s.save(func(Event) {}); err != nil {
			t.Fatal(err)
		}
	}
	tell()
	l := watching(t, c, dir)
	for _, weights := range []int64{-1, 0} { // none, and those that were drawn
		await(t, l, "weights", func(v *scope.Snapshot) bool { return v.Update == told && v.Watch.Weights == weights })
		l.Sample()
		l.Freeze(false) // is done after it
		tell()
		v := await(t, l, "another update", func(v *scope.Snapshot) bool { return v.Update == told })
		if !v.Untrained || len(v.Samples) != 0 {
			t.Errorf("weights of update %d, untrained: %v, wrote %+v", weights, v.Untrained, v.Samples)
		}
		save()
	}
	for range 2 {
		if _, err := s.Trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
	save()
	await(t, l, "trained weights", func(v *scope.Snapshot) bool { return v.Watch.Weights == 2 && !v.Untrained })
	l.Sample()
	v := await(t, l, "a sample", func(v *scope.Snapshot) bool { return len(v.Samples) > 0 })
	if got := v.Samples[0].Update; v.Update != 3 || got != 2 {
		t.Errorf("while the numbers are at update %d, what weights of update 2 wrote is said to be of %d", v.Update, got)
	}
}

// The curves are those of the run, also after it was gone on with from an
// earlier save, and after its directory went away and came back.
func TestWatchFollowsARunThroughItsTroubles(t *testing.T) {
	t.Parallel()
	c := tiny()
	dir := filepath.Join(t.TempDir(), "run")
	s := kept(t, c, dir)
	run := s.keep.run
	append1 := func(update int64, loss float64) {
		if err := run.Append(Update{Event: "update", Update: update, Loss: Number(loss), LR: 0.1, TokensPerSec: 1000, Tokens: update * 48}); err != nil {
			t.Fatal(err)
		}
	}
	for u := int64(1); u <= 10; u++ {
		append1(u, 3)
	}
	if err := run.Append(Valid{Event: "valid", Update: 10, Evaluation: Evaluation{Tokens: 5, Loss: 2.5}}); err != nil {
		t.Fatal(err)
	}
	if err := run.Flush(); err != nil {
		t.Fatal(err)
	}
	l := watching(t, c, dir)
	await(t, l, "ten updates", func(s *scope.Snapshot) bool { return s.Update == 10 && len(s.Valid) == 1 })
	for u := int64(6); u <= 8; u++ { // gone on with from update 5
		append1(u, 1)
	}
	if err := run.Flush(); err != nil {
		t.Fatal(err)
	}
	after := await(t, l, "the new updates", func(s *scope.Snapshot) bool { return s.Update == 8 })
	var got []float64
	for _, b := range after.Losses.Buckets {
		got = append(got, b.Mean)
	}
	if want := []float64{3, 3, 3, 3, 3, 1, 1, 1}; !slices.Equal(got, want) || len(after.Valid) != 0 {
		t.Errorf("losses %v, want %v; validations %v", got, want, after.Valid)
	}
	away := dir + ".away"
	if err := os.Rename(dir, away); err != nil {
		t.Fatal(err)
	}
	await(t, l, "that it is gone", func(s *scope.Snapshot) bool { return s.Phase == scope.Gone })
	if err := os.Rename(away, dir); err != nil {
		t.Fatal(err)
	}
	back := await(t, l, "that it is back", func(s *scope.Snapshot) bool { return s.Phase != scope.Gone && s.Update == 8 })
	if len(back.Losses.Buckets) != 8 {
		t.Errorf("%d updates after it came back, want 8", len(back.Losses.Buckets))
	}
	await(t, l, "that it is silent", func(s *scope.Snapshot) bool { return s.Phase == scope.Silent })
	if err := run.Append(Done{Event: "done", Updates: 8}); err != nil {
		t.Fatal(err)
	}
	if err := run.Flush(); err != nil {
		t.Fatal(err)
	}
	await(t, l, "the end", func(s *scope.Snapshot) bool { return s.Phase == scope.Finished })
	append1(9, 1)
	if err := run.Append(Diverged{Event: "diverged", Update: 9, Reason: "loss is NaN"}); err != nil {
		t.Fatal(err)
	}
	if err := run.Flush(); err != nil {
		t.Fatal(err)
	}
	ended := await(t, l, "that it diverged", func(s *scope.Snapshot) bool { return s.Phase == scope.Diverged })
	if ended.Failure == nil || !strings.Contains(ended.Failure.Error(), "loss is NaN") {
		t.Errorf("it says %v", ended.Failure)
	}
	if lines, err := RunsIn(filepath.Dir(dir)).Poll(); err != nil || len(lines) != 1 || lines[0].Phase != scope.Diverged {
		t.Errorf("the list says %v, %v", lines, err)
	}
	append1(10, 1)
	if err := run.Flush(); err != nil {
		t.Fatal(err)
	}
	on := await(t, l, "that it goes on", func(s *scope.Snapshot) bool { return s.Update == 10 })
	if on.Failure != nil {
		t.Errorf("it has recovered, and is told to have failed: %v", on.Failure)
	}
	if r, err := ReadRecord(dir); err != nil || r.Diverged != nil {
		t.Errorf("the record says %+v, %v", r.Diverged, err)
	}
}

// A long run that ended its life hours ago was heard then, however many pieces its
// metrics are read in.
func TestWatchALongDeadRun(t *testing.T) {
	if testing.Short() {
		t.Skip("reads nine megabytes of metrics")
	}
	dir := filepath.Join(t.TempDir(), "run")
	c := tiny()
	s := kept(t, c, dir)
	s.Config.Updates = 1
	if err := s.Run(context.Background(), func(Event) {}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "metrics.jsonl")
	var b strings.Builder
	for u := 2; b.Len() < 9<<20; u++ {
		fmt.Fprintf(&b, `{"event":"update","update":%d,"epoch":1,"loss":2,"grad_norm":1,"clipped":false,"lr":0.1,"tokens":1,"tokens_per_s":1}`+"\n", u)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(b.String()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	then := time.Now().Add(-3 * time.Hour)
	if err := os.Chtimes(path, then, then); err != nil {
		t.Fatal(err)
	}
	l := watching(t, c, dir)
	v := await(t, l, "the end of it", func(s *scope.Snapshot) bool { return s.Update > 60_000 })
	if v.Phase != scope.Silent || v.Watch.Heard.After(then.Add(time.Minute)) {
		t.Errorf("%v, heard %v ago", v.Phase, time.Since(v.Watch.Heard))
	}
}

// A directory's runs are listed with what their metrics say.
func TestRunsAreListed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runs := RunsIn(dir)
	if lines, err := runs.Poll(); err != nil || len(lines) != 0 {
		t.Fatal(lines, err)
	}
	if err := os.Mkdir(filepath.Join(dir, "no run"), 0o777); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"b", "a"} {
		s := kept(t, tiny(), filepath.Join(dir, name))
		s.Config.Updates = int64(5 * (i + 1))
		if err := s.Run(context.Background(), func(Event) {}); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := runs.Poll()
	if err != nil || len(lines) != 2 || lines[0].Name != "a" || lines[1].Name != "b" {
		t.Fatal(lines, err)
	}
	a := lines[0]
	if a.Update != 10 || a.Phase != scope.Finished || a.Cell != "gru" || a.Size != 10 || !(a.Loss > 0) || !(a.Valid > 0) || len(a.Losses.Buckets) != 10 {
		t.Errorf("run a: %+v", a)
	}
	s := kept(t, tiny(), filepath.Join(dir, "b2"))
	ctx, cancel := context.WithCancel(context.Background())
	if err := s.Run(ctx, func(e Event) {
		if u, ok := e.(Update); ok && u.Update == 3 {
			cancel()
		}
	}); !errors.Is(err, ErrInterrupted) {
		t.Fatal(err)
	}
	if lines, err := runs.Poll(); err != nil || len(lines) != 3 || lines[2].Phase != scope.Interrupted {
		t.Errorf("one that was interrupted: %+v, %v", lines, err)
	}
	// A long run's metrics have not every update; how it ended says which was its last.
	long := listed{}
	for _, e := range []Event{Update{Update: 2600, Loss: 2}, Update{Update: 2610, Loss: 2}, Done{Updates: 2614, Epoch: 1.5, Interrupted: true}} {
		long.take(e)
	}
	if l := long.line; l.Update != 2614 || l.Epoch != 1.5 || long.end != scope.Interrupted {
		t.Errorf("one of 2,614 updates: %+v", l)
	}
	for _, name := range []string{"b2", "a"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if lines, err := runs.Poll(); err != nil || len(lines) != 1 || lines[0].Name != "b" {
		t.Error(lines, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := runs.Poll(); err == nil {
		t.Error("a directory that is gone is no error")
	}
}
