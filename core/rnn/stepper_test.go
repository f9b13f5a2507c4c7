package rnn

import (
	"slices"
	"testing"

	"rnnscope/core/kernel"
)

// What a stepper keeps of the inputs' projections is of the weights as they are: it
// answers like a new one after they have changed, and like one that keeps nothing.
func TestStepperFollowsTheWeights(t *testing.T) {
	for _, c := range configs {
		m, err := New(c, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Init(Init{}, 5); err != nil {
			t.Fatal(err)
		}
		kept, none := m.NewStepper(), m.NewStepper()
		if kept.table == nil {
			t.Fatalf("%v: nothing is kept", c)
		}
		none.table = nil
		text := []int{0, c.Vocab - 1, -1, 0, 0, c.Vocab - 1}
		for round := range 3 {
			fresh := m.NewStepper()
			for _, s := range []*Stepper{kept, none, fresh} {
				s.Reset()
			}
			for i, id := range text {
				want := slices.Clone(none.Step(id))
				for name, s := range map[string]*Stepper{"the old one": kept, "a new one": fresh} {
					if got := s.Step(id); !slices.Equal(got, want) {
						t.Fatalf("%v, round %d, token %d: %s says %v, want %v", c, round, i, name, got, want)
					}
				}
			}
			for i := range m.Weights() {
				m.Weights()[i] *= 1.5
			}
			m.Pack()
		}
	}
}
