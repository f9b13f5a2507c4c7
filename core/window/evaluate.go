package window

import "rnnscope/core/kernel"

// Tokens is a sequence of token ids; -1 is a symbol without one.
type Tokens interface {
	Len() int
	Fill(dst []int32, from int) // copies len(dst) ids
}

// Evaluation is what a model makes of a text.
type Evaluation struct {
	Tokens  int     // predicted and scored
	Unknown int     // symbols without an id: read as zeros, not scored
	Loss    float64 // mean, nats per token; 0 when nothing was scored
}

// evalSteps is how many tokens are evaluated at once.
const evalSteps = 64

// Evaluate reads the text from its start and predicts every token but the first
// once, as rnn.Model.Evaluate does. visit, if not nil, is called in order with
// each scored position, the distribution over what stands there, valid during
// the call, and its surprisal in nats. It stops early when stop, if not nil,
// returns true.
func (m *Model) Evaluate(text Tokens, team *kernel.Team, visit func(pos int, p []float32, nats float64), stop func() bool) Evaluation {
	var e Evaluation
	n := text.Len()
	steps := max(1, min(evalSteps, n-1))
	t := m.NewTape(steps, 1, team)
	ids := make([]int32, steps+1)
	sum := 0.0
	for at := 0; at < n-1; at += steps {
		if stop != nil && stop() {
			break
		}
		k := min(steps, n-1-at)
		text.Fill(ids[:k+1], at)
		if at == 0 && ids[0] < 0 {
			e.Unknown++
		}
		for s := range steps {
			t.IDs[s], t.Targets[s] = -1, -1
			if s < k {
				t.IDs[s], t.Targets[s] = ids[s], ids[s+1]
			}
		}
		t.Score()
		for s := range k {
			if ids[s+1] < 0 {
				e.Unknown++
				continue
			}
			e.Tokens++
			sum += t.Losses[s]
			if visit != nil {
				visit(at+s+1, t.Logits(s, 0), t.Losses[s])
			}
		}
	}
	if e.Tokens > 0 {
		e.Loss = sum / float64(e.Tokens)
	}
	return e
}
