package session

import (
	"fmt"
	"path/filepath"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

func still(t *testing.T) *rnn.Model {
	t.Helper()
	set, err := kernel.Choose("portable")
	if err != nil {
		t.Fatal(err)
	}
	m, err := rnn.New(rnn.Config{Cell: "rnn", Vocab: 5, Embed: 3, Hidden: 4, Layers: 1}, set)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A film in memory, of a budget of so many frames.
func filmed(t *testing.T, frames int, last int64) []int64 {
	t.Helper()
	m := still(t)
	f := filmstrip{budget: int64(frames) * 4 * int64(m.Size())}
	for u := int64(0); u <= last; u++ {
		if milestone(u) {
			if err := f.add(nil, u, m); err != nil {
				t.Fatal(err)
			}
		}
	}
	var got []int64
	total := int64(0)
	for _, x := range f.frames {
		got, total = append(got, x.update), total+x.bytes
	}
	if total > f.budget {
		t.Errorf("%d bytes of %d", total, f.budget)
	}
	return got
}

func TestFilmstripIsGeometric(t *testing.T) {
	for _, c := range []struct {
		frames int
		last   int64
		want   string
	}{
		{100, 1234, "[0 1 2 5 10 20 50 100 200 500 1000]"},
		{0, 1234, "[]"},
		{1, 5, "[5]"},
		{2, 60, "[0 50]"},
		{8, 100000, "[0 1 10 100 1000 10000 50000 100000]"},
	} {
		if got := fmt.Sprint(filmed(t, c.frames, c.last)); got != c.want {
			t.Errorf("%d frames, %d updates: %s, want %s", c.frames, c.last, got, c.want)
		}
	}
}

// A run that went back gives up what came after, in memory and on disk; frames
// from before there was a directory are put into it.
func TestFilmstripGoesBackAndIsDeveloped(t *testing.T) {
	m := still(t)
	f := filmstrip{budget: 1 << 20}
	for _, u := range []int64{0, 1, 2} {
		m.Weights()[0] = float32(u)
		if err := f.add(nil, u, m); err != nil {
			t.Fatal(err)
		}
	}
	vocab, err := corpora.NewVocabulary(corpora.Char, corpora.Space, false, []string{"a", "b", "c", "d", "e"})
	if err != nil {
		t.Fatal(err)
	}
	run, err := store.Create(filepath.Join(t.TempDir(), "run"), store.Info{Model: m.Config, Vocabulary: vocab, Config: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	defer run.Close()
	if err := f.developAll(run); err != nil {
		t.Fatal(err)
	}
	for _, u := range []int64{5, 10, 20, 5} {
		m.Weights()[0] = float32(u)
		if err := f.add(run, u, m); err != nil {
			t.Fatal(err)
		}
	}
	all, err := store.Snapshots(run.Dir())
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, s := range all {
		got = append(got, s.Update)
		opened, err := store.OpenModel(fmt.Sprintf("%s@%d", run.Dir(), s.Update), m.Kernel)
		if err != nil {
			t.Fatal(err)
		}
		byPath, err := store.OpenModel(s.Path, m.Kernel)
		if err != nil || byPath.Vocab == nil {
			t.Fatalf("%s: %v", s.Path, err)
		}
		if x := opened.Model.Weights()[0]; x != float32(s.Update) || byPath.Model.Weights()[0] != x {
			t.Errorf("update %d has the weights of %v", s.Update, x)
		}
	}
	if fmt.Sprint(got) != "[0 1 2 5]" {
		t.Errorf("snapshots of %v", got)
	}
	again := filmstrip{budget: 1 << 20}
	if err := again.continued(run.Dir()); err != nil || len(again.frames) != 4 {
		t.Errorf("taken up again: %d frames (%v)", len(again.frames), err)
	}
}
