package session

import (
	"slices"
	"testing"

	"rnnscope/core/scope"
)

// What is found out about a sample goes to that sample, also when others have
// been dropped or forgotten meanwhile.
func TestLikenessFindsItsSample(t *testing.T) {
	var s story
	for n := range 2*mostSamples + 1 {
		s.event(Sample{Update: int64(n)})
	}
	s.liken(s.written, &scope.Likeness{Units: 7})
	s.liken(2, &scope.Likeness{Units: 9}) // long dropped
	for i, sample := range s.samples {
		if last := i == len(s.samples)-1; (sample.Likeness != nil) != last {
			t.Errorf("sample %d of update %d: %+v", i, sample.Update, sample.Likeness)
		}
	}
	old := s.written
	s.back(2*mostSamples, 5)
	s.liken(old, &scope.Likeness{}) // of what came after
	s.event(Sample{Update: 6})
	s.liken(s.written, &scope.Likeness{Units: 3})
	if last := s.samples[len(s.samples)-1]; last.Update != 6 || last.Likeness == nil || len(s.numbers) != len(s.samples) {
		t.Errorf("after going back: %+v", s.samples)
	}
}

// A watched run's weights may be of an earlier update than what it wrote itself
// before: going back takes away what came after, wherever it stands.
func TestGoingBackKeepsWhoseSampleIsWhose(t *testing.T) {
	var s story
	s.event(Sample{Update: 100})
	s.event(Sample{Update: 50})
	fifty := s.written
	s.back(120, 60)
	s.liken(fifty, &scope.Likeness{Units: 7})
	if len(s.samples) != 1 || s.samples[0].Update != 50 || s.samples[0].Likeness == nil {
		t.Errorf("%+v", s.samples)
	}
}

// Going back takes weights back, not knobs: what was turned since stays turned,
// and is told at the update gone back to.
func TestGoingBackKeepsTurnedKnobs(t *testing.T) {
	var s story
	s.changed(50, "clip", 5, 1)
	s.changed(120, "lr", 0.003, 0.1)
	s.changed(130, "radius", 1, 2) // of the weights
	s.changed(150, "lr", 0.1, 1)
	s.back(200, 100)
	want := []scope.Change{
		{Update: 50, What: "clip", From: 5, To: 1},
		{Update: 100, What: "back", From: 200, To: 100},
		{Update: 100, What: "lr", From: 0.003, To: 1},
	}
	if !slices.Equal(s.changes, want) {
		t.Errorf("%+v", s.changes)
	}
}
