package lag

import (
	"math/rand/v2"

	"rnnscope/core/say"
)

// source draws the windows of a task: B sequences from the zero state each.
// Every window has a generator of its own, so that any of them can be drawn
// again.
type source struct {
	task   *problem
	lag    int
	T, B   int
	seed   uint64
	stream uint64
	whole  bool // full lags only
	window int64
	seq    *sequence
	graded []bool // [T,B] of the last window
}

// Streams of the generators, so that each purpose draws its own numbers.
const (
	streamTraining = 1 << 60
	streamFresh    = 2 << 60
	streamFirst    = 3 << 60 // for the gradient before training
)

func newSource(t *problem, lag, B int, seed, stream uint64) *source {
	T := t.steps(lag)
	return &source{task: t, lag: lag, T: T, B: B, seed: seed, stream: stream, seq: newSequence(t, T), graded: make([]bool, T*B)}
}

func (s *source) Shape() (T, B int)              { return s.T, s.B }
func (s *source) Windows() int                   { return 1 }
func (s *source) Position() (int64, int64)       { return s.window, 0 }
func (s *source) ByValue() (inputs, target bool) { return s.task.symbols == 0, s.task.classes == 0 }

// SeekTo goes to a window; each is an epoch of its own.
func (s *source) SeekTo(epoch, offset int64) error {
	if epoch < 0 || offset != 0 {
		return say.Errorf("there is no window at epoch %d, offset %d", epoch, offset)
	}
	s.window = epoch
	return nil
}

func (s *source) Next(x, y []int32) (reset bool) { return s.NextValues(nil, nil, x, y) }

func (s *source) NextValues(values, goals []float32, x, y []int32) (reset bool) {
	g := rand.New(rand.NewPCG(s.seed, s.stream+uint64(s.window)))
	s.window++
	q, width := s.seq, s.task.width
	for b := range s.B {
		q.clear()
		s.task.write(g, s.lag, s.whole, q)
		for t := range s.T {
			r := t*s.B + b
			x[r], y[r], s.graded[r] = q.x[t], q.y[t], q.graded[t]
			if values != nil {
				copy(values[r*width:(r+1)*width], q.values[t])
			}
			if goals != nil {
				goals[r] = q.goals[t]
			}
		}
	}
	return true
}
