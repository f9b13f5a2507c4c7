package probe

import (
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// LogOdds weighs two continuations after each token of a sentence: the log of
// the ratio of their probabilities, as "are" against "is" after "The", "keys",
// "to", … Continuations may be of several tokens (characters of a word), whose
// log-probabilities are summed; each is read on from the sentence's own state.
func LogOdds(m *rnn.Model, ids, a, b []int32, ask Ask) (*scope.LogOdds, error) {
	for _, c := range [][]int32{a, b} {
		if len(c) == 0 {
			return nil, say.Errorf("a continuation is empty")
		}
		for _, id := range c {
			if id < 0 || int(id) >= m.Vocab {
				return nil, say.Errorf("a continuation has a token that the model does not know, so it has no probability")
			}
		}
	}
	alter, err := Alter(m, ask.Changes)
	if err != nil {
		return nil, err
	}
	at := 0 // the token that the stepper reads
	s := m.NewStepper()
	if alter != nil {
		s.Alter(placed{alter, func(int, int) int { return at }})
	}
	out := &scope.LogOdds{A: a, B: b}
	var state rnn.State
	for i, id := range ids {
		if ask.stopped() {
			return nil, ErrStopped
		}
		at = i
		next := append([]float32(nil), s.Step(int(id))...)
		total := m.Kernel.Softmax(append([]float32(nil), next...))
		s.State(&state)
		var sums [2]float64
		for k, c := range [][]int32{a, b} {
			sums[k] = float64(next[c[0]]) - total
			for j := 1; j < len(c); j++ {
				at = i + j
				x := s.Step(int(c[j-1]))
				y := float64(x[c[j]])
				sums[k] += y - m.Kernel.Softmax(x)
			}
			if len(c) > 1 {
				s.SetState(&state)
			}
		}
		out.Odds = append(out.Odds, scope.OddsAfter{A: sums[0], B: sums[1], Difference: sums[0] - sums[1]})
		ask.progress(i+1, len(ids))
	}
	return out, nil
}
