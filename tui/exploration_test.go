package tui

import (
	"path/filepath"
	"testing"

	"rnnscope/core/session"
	"rnnscope/core/store"
	"rnnscope/corpora"
)

// sessionOn is a session on a text, built in or of a file.
func sessionOn(t testing.TB, name string, o corpora.Options, c session.Config) *session.Session {
	t.Helper()
	corpus, err := corpora.Open(name, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := session.New(c, corpus, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// started is an exploration that goes on until the test ends.
func started(t testing.TB, name string, o corpora.Options, c session.Config, paused bool) *session.Live {
	t.Helper()
	live := session.NewLive(sessionOn(t, name, o, c), nil)
	live.Start(paused)
	t.Cleanup(func() { live.Quit(); live.Wait() })
	return live
}

// unstarted is an exploration that does not train.
func unstarted(t testing.TB, c session.Config, name string) *session.Live {
	t.Helper()
	s := sessionOn(t, name, corpora.Options{}, c)
	t.Cleanup(s.Close)
	return session.NewLive(s, nil)
}

// keptIn makes the directory of a run that is kept: there are earlier weights to
// look back at.
func keptIn(dir string) func(s *session.Session) func() (*store.Run, error) {
	return func(s *session.Session) func() (*store.Run, error) {
		return func() (*store.Run, error) {
			return store.Create(filepath.Join(dir, "run"), store.Info{Model: s.Model.Config, Corpus: store.TextOf(s.Corpus), Vocabulary: s.Corpus.Vocab, Config: []byte("{}")})
		}
	}
}
