package session

import (
	"math"
	"slices"

	"rnnscope/core/scope"
)

// story is what has happened in a run that a screen tells of. What it has
// handed out it does not change.
type story struct {
	samples     []scope.Sample
	changes     []scope.Change
	overfitting int64
	written     int   // samples so far, those that are gone included
	numbers     []int // of the samples, counted from 1 in the order of writing
	score       *scope.Score
	failure     error
	failures    int // so far
}

// mostSamples is how many samples a run remembers: with 100, 300, 1,000, … for
// updates they last for longer than any run. More come from asking for them.
const mostSamples = 60

func (s *story) event(e Event) {
	switch e := e.(type) {
	case Sample:
		if len(s.samples) == mostSamples {
			s.samples, s.numbers = slices.Delete(slices.Clone(s.samples), 1, 2), slices.Delete(s.numbers, 1, 2)
		}
		s.written++
		s.numbers = append(s.numbers, s.written)
		s.samples = append(slices.Clip(s.samples), scope.Sample{Update: e.Update, Temperature: e.Temperature, Text: e.Text})
	case Valid:
		if e.Scored != nil {
			s.score = &scope.Score{Title: e.Scored.Title, Right: float64(e.Scored.Accuracy), Count: e.Scored.Count, Update: e.Update}
		}
	case Saved:
		s.failure = nil
	}
}

// fail notes that what was asked for could not be done. The same may fail again, and
// is told of again.
func (s *story) fail(err error) {
	s.failure = err
	s.failures++
}

// liken adds to the sample of a number how it compares with the text, if it is
// still there.
func (s *story) liken(number int, found *scope.Likeness) {
	if i := slices.Index(s.numbers, number); i >= 0 {
		s.samples = slices.Clone(s.samples)
		s.samples[i].Likeness = found
	}
}

// changed notes that a knob was turned or that the weights were operated on, which
// goes from no number. Turning a knob again before the next update is one change;
// each surgery is one, for what is drawn anew is other weights each time.
func (s *story) changed(update int64, what string, from, to float64) {
	if from == to {
		return
	}
	if n := len(s.changes); n > 0 && s.changes[n-1].Update == update && s.changes[n-1].What == what && !math.IsNaN(from) {
		s.changes = slices.Clone(s.changes)
		s.changes[n-1].To = to
		return
	}
	const most = 200
	if len(s.changes) == most {
		s.changes = slices.Clone(s.changes[most/2:])
	}
	s.changes = append(slices.Clip(s.changes), scope.Change{Update: update, What: what, From: from, To: to})
}

// back forgets what came after an update that the run went back to from a later
// one, and notes that it did. Knobs stay as they were turned since: those changes
// are of that update now.
func (s *story) back(from, update int64) {
	samples, numbers := s.samples, s.numbers
	s.samples, s.numbers = nil, nil
	for i, x := range samples { // those of a run that is watched need not be in the order of updates
		if x.Update <= update {
			s.samples, s.numbers = append(s.samples, x), append(s.numbers, numbers[i])
		}
	}
	all := s.changes
	s.changes = slices.DeleteFunc(slices.Clone(all), func(x scope.Change) bool { return x.Update > update })
	s.changes = append(s.changes, scope.Change{Update: update, What: "back", From: float64(from), To: float64(update)})
	for _, knob := range []string{"lr", "clip", "window", "dropout"} {
		turned := slices.DeleteFunc(slices.Clone(all), func(x scope.Change) bool { return x.Update <= update || x.What != knob })
		if n := len(turned); n > 0 {
			s.changed(update, knob, turned[0].From, turned[n-1].To)
		}
	}
	s.overfitting = 0
}

func (s *story) describe(v *scope.Snapshot) {
	v.Samples, v.Changes, v.Overfitting, v.Score = s.samples, s.changes, s.overfitting, s.score
	v.Failure, v.Failures = s.failure, s.failures
}
