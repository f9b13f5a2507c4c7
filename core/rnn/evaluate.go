package rnn

import "rnnscope/core/kernel"

// Tokens is a sequence of token ids; -1 is an unknown symbol.
type Tokens interface {
	Len() int
	Fill(dst []int32, from int) // copies len(dst) ids
}

// Evaluation is what a model makes of a text.
type Evaluation struct {
	Tokens  int     // predicted and scored
	Unknown int     // symbols the vocabulary does not have: read as zero embeddings, not scored
	Loss    float64 // mean, nats per token; 0 when nothing was scored
}

// evalSteps is the window of an evaluation: wide enough for full products,
// narrow enough that the logits of a large vocabulary stay in cache.
const evalSteps = 64

// Evaluate reads the text as one stream from a zero state and predicts every
// token but the first once. visit, if not nil, is called in order with each
// scored position, the distribution over what stands there, and its surprisal
// in nats; p is valid during the call. It stops early when stop, if not nil,
// returns true.
func (m *Model) Evaluate(text Tokens, team *kernel.Team, visit func(pos int, p []float32, nats float64), stop func() bool) Evaluation {
	return m.EvaluateAltered(text, team, nil, visit, stop)
}

// EvaluateAltered is Evaluate with states changed by alter, if not nil; step n
// is the one that reads token n.
func (m *Model) EvaluateAltered(text Tokens, team *kernel.Team, alter Alter, visit func(pos int, p []float32, nats float64), stop func() bool) Evaluation {
	var e Evaluation
	n := text.Len()
	steps := max(1, min(evalSteps, n-1))
	t := m.NewTape(steps, 1, team, 0)
	t.Alter(alter)
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
			y := ids[s+1]
			if y < 0 {
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

// Score computes the states of the window in IDs, what Logits returns as
// probabilities, and in Losses the surprisal of each target in nats; that of a
// target of -1 means nothing.
func (t *Tape) Score() {
	t.begin()
	t.team.Run(t.jobs.score)
	t.noted()
}

func (t *Tape) scoreRows(w int) {
	t.predict(w)
	for _, p := range t.mine(w) {
		first, rows := t.outputs(w, p)
		for g := range rows.Groups {
			for r := first + g*rows.Stride; r < first+g*rows.Stride+rows.Count; r++ {
				row, y := p.output(r), p.targets[r]
				var x float32
				if y >= 0 {
					x = row[y]
				}
				p.losses[r] = t.model.Kernel.Softmax(row) - float64(x)
			}
		}
	}
}
