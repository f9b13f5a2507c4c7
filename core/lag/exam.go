package lag

import (
	"math"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// exam puts fresh sequences to a model in training, other ones each time.
type exam struct {
	m      *rnn.Model
	task   *problem
	source *source
	tape   *rnn.Tape
}

// examRows bounds the rows of an exam's tape, so that it stays in cache.
const examRows = 4096

func newExam(m *rnn.Model, t *problem, c scope.Trial, team *kernel.Team) *exam {
	B := evalSequences
	for B*t.steps(c.Lag) > examRows && B > 4 { // 400, 200, 100, 50, 25, then 5 and 1
		switch {
		case B%2 == 0:
			B /= 2
		default:
			B /= 5
		}
	}
	e := &exam{m: m, task: t, source: newSource(t, c.Lag, B, c.Seed, streamFresh), tape: m.NewTape(t.steps(c.Lag), B, team, 0)}
	e.source.whole = true
	if inputs, targets := e.source.ByValue(); inputs || targets {
		e.tape.ByValue(inputs, targets)
	}
	return e
}

// sit is the mean loss over the steps that the task reports, and the share of
// graded answers that were right.
func (e *exam) sit() (loss, accuracy float64) {
	t, s := e.tape, e.source
	var n, graded, right int
	for range evalSequences / s.B {
		s.NextValues(t.Values, t.Goals, t.IDs, t.Targets)
		t.Reset()
		t.Forward()
		for r, y := range t.Targets {
			if y < 0 || e.task.gradedLoss && !s.graded[r] {
				continue
			}
			out := t.Logits(r/s.B, r%s.B)
			n++
			ok := false
			if e.task.classes == 0 {
				d := float64(out[0]) - float64(t.Goals[r])
				loss += d * d
				ok = math.Abs(d) < within
			} else {
				best := slices.Max(out)
				ok = out[y] == best && !math.IsNaN(float64(best))
				loss += surprisal(out, int(y))
			}
			if s.graded[r] {
				graded++
				if ok {
					right++
				}
			}
		}
	}
	return loss / float64(n), float64(right) / float64(graded)
}

// surprisal is -log softmax(logits)[y], in nats.
func surprisal(logits []float32, y int) float64 {
	top, sum := float64(slices.Max(logits)), 0.0
	for _, v := range logits {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum) - float64(logits[y])
}
