package window

import (
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/sample"
)

// Stepper runs a model one token at a time, for sampling and scoring. It reads
// the packed weights: nobody may change them meanwhile.
type Stepper struct {
	m            *Model
	window       []int32 // [N] what the next prediction reads, the last token last
	x, h, logits []float32
}

var _ sample.Writer = (*Stepper)(nil)

// NewStepper returns a stepper at the start of a text.
func (m *Model) NewStepper() *Stepper {
	s := &Stepper{m: m, window: make([]int32, m.Length), x: kernel.Alloc(m.Length * m.Embed), h: kernel.Alloc(m.Hidden), logits: kernel.Alloc(m.Vocab)}
	s.Reset()
	return s
}

// Vocab is V.
func (s *Stepper) Vocab() int { return s.m.Vocab }

// Reset goes to the start of a text.
func (s *Stepper) Reset() {
	for i := range s.window {
		s.window[i] = s.m.Padding()
	}
}

// Window is what the last Step read, [N]: Model.Padding where the text had not
// begun, -1 for a symbol without an id.
func (s *Stepper) Window() []int32 { return slices.Clone(s.window) }

// Step reads the token id (-1 is a symbol without one) and returns the logits of
// the next, [V], which the next Step overwrites.
func (s *Stepper) Step(id int) []float32 {
	m, one := s.m, kernel.Consecutive(1)
	copy(s.window, s.window[1:])
	s.window[m.Length-1] = int32(id)
	clear(s.x)
	for i, w := range s.window {
		if e := m.embed(w); e != nil {
			copy(s.x[i*m.Embed:], e)
		}
	}
	copy(s.h, m.hiddenB.Value)
	m.Kernel.Mul(one, s.x, len(s.x), m.hidFwd, 0, m.hidFwd.Panels(), s.h, m.Hidden, true)
	m.Kernel.Tanh(s.h, s.h)
	copy(s.logits, m.fcB.Value)
	m.Kernel.Mul(one, s.h, m.Hidden, m.fcFwd, 0, m.fcFwd.Panels(), s.logits, m.Vocab, true)
	return s.logits
}
