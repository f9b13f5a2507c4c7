package session

import (
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
