package session

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"rnnscope/core/scope"
	"rnnscope/core/store"
)

// Looking back gives everybody the weights as they were after that update, in
// memory as on disk, while training goes on; then the newest again.
func TestLookingBack(t *testing.T) {
	t.Parallel()
	for _, kept := range []bool{false, true} {
		c := tiny()
		s, err := New(c, text(t, "sums"), nil)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "run")
		l := NewLive(s, func(s *Session) func() (*store.Run, error) {
			return func() (*store.Run, error) {
				return store.Create(dir, store.Info{Model: s.Model.Config, Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab, Config: []byte("{}")})
			}
		})
		l.Start(true)
		t.Cleanup(func() { l.Quit(); l.Wait() })
		for range 6 {
			l.Step()
		}
		await(t, l, "six updates", func(s *scope.Snapshot) bool { return s.Update == 6 })
		if kept {
			l.Save()
			await(t, l, "a directory", func(s *scope.Snapshot) bool { return s.Kept == dir })
		}
		l.LookBack(5)
		v := await(t, l, "the fifth", func(s *scope.Snapshot) bool { return s.Looking != nil && *s.Looking == 5 })
		if want := []int64{0, 1, 2, 5}; !slices.Equal(v.Past, want) {
			t.Errorf("snapshots of %v, want %v", v.Past, want)
		}
		f, ok := l.Freeze(false)
		if !ok || f.Update != 5 {
			t.Fatalf("frozen update %d, %v", f.Update, ok)
		}
		// The same run, stopped after the fifth update, has those weights.
		five := c
		five.Updates = 5
		other := session(t, five, "sums")
		if err := other.Run(context.Background(), func(Event) {}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(f.Model.Weights(), other.Model.Weights()) {
			t.Error("the weights are not those after the fifth update")
		}
		l.Step()
		on := await(t, l, "another update", func(s *scope.Snapshot) bool { return s.Update == 7 })
		if on.Looking == nil {
			t.Error("an update ends looking back")
		}
		l.LookBack(3)
		await(t, l, "that there is no third", func(s *scope.Snapshot) bool { return s.Failure != nil })
		l.LookBack(-1)
		await(t, l, "now", func(s *scope.Snapshot) bool { return s.Looking == nil })
		if f, ok := l.Freeze(false); !ok || f.Update != 7 {
			t.Errorf("frozen update %d, %v", f.Update, ok)
		}
	}
}

// A fork begins with the weights of the past, and brings along what the run
// before made of them.
func TestFork(t *testing.T) {
	t.Parallel()
	s, err := New(tiny(), text(t, "sums"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLive(s, func(*Session) func() (*store.Run, error) {
		return func() (*store.Run, error) { return nil, errors.New("nothing is kept") }
	})
	l.Start(true)
	t.Cleanup(func() { l.Quit(); l.Wait() })
	l.Fork()
	await(t, l, "that nothing is looked at", func(s *scope.Snapshot) bool { return s.Failure != nil })
	for range 6 {
		l.Step()
	}
	first := await(t, l, "six updates", func(s *scope.Snapshot) bool { return s.Update == 6 })
	l.LookBack(2)
	await(t, l, "the second", func(s *scope.Snapshot) bool { return s.Looking != nil })
	two, _ := l.Freeze(false)
	l.SetLR(0.5)
	l.Fork()
	forked := await(t, l, "the fork", func(s *scope.Snapshot) bool { return s.Run == 2 && s.Before != nil })
	if forked.Update != 0 || forked.Looking != nil || forked.Knobs.LR != 0.5 {
		t.Errorf("the fork is at update %d, looks at %v, with rate %v", forked.Update, forked.Looking, forked.Knobs.LR)
	}
	f, ok := l.Freeze(false)
	if !ok || !slices.Equal(f.Model.Weights(), two.Model.Weights()) {
		t.Error("the fork does not begin with the weights of the second update")
	}
	if forked.Before.Update != 2 || len(forked.Before.Losses.Buckets) != 4 {
		t.Fatalf("before: %+v", forked.Before)
	}
	for i, b := range forked.Before.Losses.Buckets {
		if want := first.Losses.Buckets[i+2]; b.First != int64(i+1) || b.Mean != want.Mean {
			t.Errorf("loss %d after the fork was %+v, want %v", i+1, b, want.Mean)
		}
	}
	l.Step()
	await(t, l, "an update of the fork", func(s *scope.Snapshot) bool { return s.Run == 2 && s.Update == 1 })
}
