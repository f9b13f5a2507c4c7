package probe

import (
	"fmt"
	"math"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// FarthestInfluence is how many tokens back Influence looks at most: the tape
// of a gradient holds every step of them, and its pass is not stopped.
const FarthestInfluence = 1024

// leaveOut is how many sentences with a token left out run side by side.
const leaveOut = 16

// Influence asks how much each token up to step at matters to log p(target),
// the prediction after it. The gradient takes one pass; with leaveOut, log p is
// also computed anew for each token zeroed and each left out, which is about n²
// steps for n tokens.
//
// Leaving a token out closes the gap: those after it follow those before it,
// and interventions stay with the tokens that they were for. Zeroing it steps
// on with a zero embedding, as an unknown symbol does. Of a sentence longer
// than FarthestInfluence tokens only the last so many are measured.
func Influence(m *rnn.Model, ids []int32, at, target int, without bool, ask Ask) (*scope.Influence, error) {
	if at < 0 || at >= len(ids) {
		panic(fmt.Sprintf("probe: Influence: step %d of %d", at, len(ids)))
	}
	if target < 0 || target >= m.Vocab {
		return nil, say.Errorf("the token asked about has id %d; this model's ids are 0 to %d", target, m.Vocab-1)
	}
	alter, err := Alter(m, ask.Changes)
	if err != nil {
		return nil, err
	}
	q := influence{m: m, ids: ids[:at+1], target: target, alter: alter, ask: ask}
	q.out = &scope.Influence{At: at, Target: target, From: max(0, at+1-FarthestInfluence)}
	q.total = 1
	if without {
		q.total += 2 * (at + 1 - q.out.From)
	}
	if err := q.lead(); err != nil {
		return nil, err
	}
	logP := q.gradient()
	if finite(logP) {
		q.out.LogP = &logP
	} else {
		q.out.Reason = "the model's output is not finite"
	}
	q.done = 1
	ask.progress(q.done, q.total)
	if ask.stopped() {
		return nil, ErrStopped
	}
	if !without {
		return q.out, nil
	}
	if err := q.withouts(logP); err != nil {
		return nil, err
	}
	return q.out, nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// influence is a question under way.
type influence struct {
	m           *rnn.Model
	ids         []int32 // up to the prediction
	target      int
	alter       rnn.Alter
	ask         Ask
	state       rnn.State // before token out.From
	out         *scope.Influence
	done, total int
}

// placed is an alteration of a tape whose step 0 reads another token than the
// sentence's first: token says which one a stream reads at a step.
type placed struct {
	rnn.Alter
	token func(step, stream int) int
}

func (p placed) State(layer, step, stream int, h, c []float32) {
	p.Alter.State(layer, p.token(step, stream), stream, h, c)
}

func (p placed) Gradient(layer, step, stream int, dh, dc []float32) {
	p.Alter.Gradient(layer, p.token(step, stream), stream, dh, dc)
}

// tape is a tape of so many steps and streams that starts from state; token
// says which token of the sentence a stream reads at a step.
func (q *influence) tape(T, B int, team *kernel.Team, state *rnn.State, token func(step, stream int) int) *rnn.Tape {
	t := q.m.NewTape(T, B, team, 0)
	if q.alter != nil {
		t.Alter(placed{q.alter, token})
	}
	t.SetState(state)
	return t
}

// copies is one stream's state as that of B streams.
func copies(state *rnn.State, B int) *rnn.State {
	wide := new(rnn.State)
	for l := range state.H {
		wide.H = append(wide.H, slices.Repeat(state.H[l], B))
		if l < len(state.C) {
			wide.C = append(wide.C, slices.Repeat(state.C[l], B))
		}
	}
	return wide
}

// lead runs up to the first token measured.
func (q *influence) lead() error {
	s := q.m.NewStepper()
	s.Alter(q.alter)
	for i, id := range q.ids[:q.out.From] {
		if i%traceSteps == 0 && q.ask.stopped() {
			return ErrStopped
		}
		s.Step(int(id))
	}
	s.State(&q.state)
	return nil
}

// gradient fills in Norm and Dot and returns log p.
func (q *influence) gradient() (logP float64) {
	from, T := q.out.From, len(q.ids)-q.out.From
	team := kernel.NewTeam(1)
	defer team.Close()
	t := q.tape(T, 1, team, &q.state, func(step, _ int) int { return from + step })
	copy(t.IDs, q.ids[from:])
	t.Backpropagate(func(s, _ int, logits []float32) {
		if s < T-1 {
			clear(logits)
			return
		}
		logP = -q.m.Kernel.SoftmaxLoss(logits, q.target, -1)
	})
	embedding := q.m.Tensors()[0].Value
	for s := range T {
		var norm, dot float64
		for j, d := range t.InputGradient(s, 0) {
			norm += float64(d) * float64(d)
			if id := int(t.IDs[s]); id >= 0 {
				dot += float64(d) * float64(embedding.Data[id*embedding.Stride+j])
			}
		}
		q.out.Norm, q.out.Dot = append(q.out.Norm, math.Sqrt(norm)), append(q.out.Dot, dot)
	}
	return logP
}

// withouts fills in Zero and Drop. A group of neighbouring tokens shares the
// state before its first; each stream is the sentence from there without one.
func (q *influence) withouts(logP float64) error {
	team := q.ask.team()
	defer team.Close()
	s := q.m.NewStepper()
	s.SetState(&q.state)
	n := len(q.ids)
	for lo := q.out.From; lo < n; lo += leaveOut {
		hi := min(n, lo+leaveOut)
		var before rnn.State
		s.State(&before)
		zero, err := q.run(n-lo, hi-lo, team, &before, func(step, stream int) (id int32, token int) {
			if step == stream {
				return -1, lo + step
			}
			return q.ids[lo+step], lo + step
		})
		if err != nil {
			return err
		}
		drop, err := q.run(n-lo-1, hi-lo, team, &before, func(step, stream int) (id int32, token int) {
			if step >= stream {
				step++
			}
			return q.ids[lo+step], lo + step
		})
		if err != nil {
			return err
		}
		for i := range zero {
			q.out.Zero = append(q.out.Zero, logP-zero[i])
			q.out.Drop = append(q.out.Drop, logP-drop[i])
		}
		for i := lo; i < hi; i++ {
			q.step(s, i)
		}
	}
	return nil
}

// step takes the stepper past token i, as that token's step whatever was read
// before.
func (q *influence) step(s *rnn.Stepper, i int) {
	if q.alter != nil {
		s.Alter(placed{q.alter, func(int, int) int { return i }})
	}
	s.Step(int(q.ids[i]))
}

// run is log p(target) after T steps of B streams from one state, in windows
// between which it can be stopped; read says what a stream reads at a step.
func (q *influence) run(T, B int, team *kernel.Team, before *rnn.State, read func(step, stream int) (id int32, token int)) ([]float64, error) {
	out := make([]float64, B)
	if T == 0 { // nothing is read: the output sees the state as it was
		x := q.output(before.H[q.m.Layers-1])
		y := float64(x[q.target])
		total := q.m.Kernel.Softmax(x)
		for b := range out {
			out[b] = y - total
		}
		q.advance(B)
		return out, nil
	}
	// The first window is the short one, so that the last step ends a window.
	steps := min(traceSteps, T)
	first := (T-1)%steps + 1
	window := func(t *rnn.Tape, at int) {
		for s := range t.T {
			for b := range B {
				t.IDs[s*B+b], _ = read(at+s, b)
			}
		}
		t.Forward()
	}
	t := q.tape(first, B, team, copies(before, B), func(step, stream int) int {
		_, token := read(step, stream)
		return token
	})
	window(t, 0)
	if T > first {
		var state rnn.State
		t.State(&state)
		t = q.tape(steps, B, team, &state, func(step, stream int) int {
			_, token := read(first+step, stream)
			return token
		})
	}
	for at := first; at < T; at += steps {
		if q.ask.stopped() {
			return nil, ErrStopped
		}
		window(t, at)
	}
	for b := range out {
		x := t.Logits(t.T-1, b)
		y := float64(x[q.target])
		out[b] = y - q.m.Kernel.Softmax(x)
	}
	q.advance(B)
	return out, nil
}

// advance reports progress.
func (q *influence) advance(by int) {
	q.done += by
	q.ask.progress(q.done, q.total)
}

// output is the logits of a state of the top layer.
func (q *influence) output(h []float32) []float32 {
	tensors := q.m.Tensors()
	weight := tensors[0].Value // tied
	if !q.m.Tie {
		weight = tensors[len(tensors)-2].Value
	}
	x := multiply(weight, h)
	q.m.Kernel.Add(x, tensors[len(tensors)-1].Value.Data)
	return x
}
