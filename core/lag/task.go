package lag

import (
	"math/rand/v2"
	"slices"

	"rnnscope/core/say"
)

// problem is one kind of sequence and what is asked about it.
type problem struct {
	name, title string
	symbols     int  // of the input; 0: the inputs are numbers
	width       int  // of the inputs by number
	classes     int  // of the output; 0: the output is one number
	least, most int  // lags that make sense
	usual       int  // lag
	gradedLoss  bool // the reported loss is that of graded steps; else of all scored ones

	steps func(lag int) int // T of a sequence, the longest
	// span is from the earliest step that an answer can depend on to that
	// answer, in steps.
	span   func(lag int) int
	chance func(lag int) float64 // loss of knowing the task and nothing of the sequence
	// write draws one sequence into s; whole asks for the full lag where lags
	// are mixed.
	write func(g *rand.Rand, lag int, whole bool, s *sequence)
}

// sequence is one stream of a window: T steps.
type sequence struct {
	x      []int32     // symbols; -1 past the end
	y      []int32     // classes; -1 is not scored
	graded []bool      // the steps whose answer depends on the past: accuracy is theirs
	values [][]float32 // [T][width] inputs by number
	goals  []float32   // targets by number; y is then 0 where they are scored
}

func newSequence(t *problem, steps int) *sequence {
	s := &sequence{x: make([]int32, steps), y: make([]int32, steps), graded: make([]bool, steps)}
	if t.symbols == 0 {
		s.goals, s.values = make([]float32, steps), make([][]float32, steps)
		for i := range s.values {
			s.values[i] = make([]float32, t.width)
		}
	}
	return s
}

// clear leaves a sequence of nothing, of which no step is scored.
func (s *sequence) clear() {
	for i := range s.x {
		s.x[i], s.y[i], s.graded[i] = -1, -1, false
	}
	for i := range s.values {
		clear(s.values[i])
		s.goals[i] = 0
	}
}

// answer asks for class y after step i and grades it.
func (s *sequence) answer(i, y int) { s.y[i], s.graded[i] = int32(y), true }

// tasks is the table of tasks; tests range over it.
var tasks = []*problem{adding, order, recall, recallMixed, copying, reber}

// Tasks returns their names.
func Tasks() []string {
	var names []string
	for _, t := range tasks {
		names = append(names, t.name)
	}
	return names
}

// Title says in a line what a task asks.
func Title(name string) string {
	t, err := taskOf(name)
	if err != nil {
		return ""
	}
	return t.title
}

// UsualLag is the lag a task is tried at when none is asked for.
func UsualLag(name string) int {
	t, err := taskOf(name)
	if err != nil {
		return 0
	}
	return t.usual
}

func taskOf(name string) (*problem, error) {
	if i := slices.IndexFunc(tasks, func(t *problem) bool { return t.name == name }); i >= 0 {
		return tasks[i], nil
	}
	return nil, say.Errorf("task must be one of %v, not %q", Tasks(), name)
}
