package probe

import (
	"math"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// traceSteps is the window of a trace.
const traceSteps = 64

// Trace runs the ids through the model from a zero state and keeps everything.
// An id of -1 is an unknown symbol: the state steps on with a zero embedding.
// token names an id of a position, for the reader.
func Trace(m *rnn.Model, ids []int32, token func(i int) string) *scope.Trace {
	team := kernel.NewTeam(1)
	steps := max(1, min(traceSteps, len(ids)))
	tape := m.NewTape(steps, 1, team, 0)
	watch := tape.Watch(0)
	out := &scope.Trace{Steps: make([]scope.Step, 0, len(ids))}
	var p, before []float32 // the distribution after a step; the logits that predict the next token
	var total float64       // log Σ e^logit of before
	for at := 0; at < len(ids); at += steps {
		n := copy(tape.IDs, ids[at:])
		for i := n; i < steps; i++ {
			tape.IDs[i] = -1
		}
		tape.Forward()
		for s := range n {
			id := int(ids[at+s])
			step := scope.Step{Token: token(at + s), ID: id, Logits: slices.Clone(tape.Logits(s, 0))}
			if before != nil && id >= 0 {
				nats := max(0, total-float64(before[id]))
				if !math.IsInf(nats, 0) && !math.IsNaN(nats) {
					step.Surprisal = &nats
				}
			}
			if id < 0 {
				out.Unknown++
			}
			before = append(before[:0], step.Logits...)
			p = append(p[:0], step.Logits...)
			total = m.Kernel.Softmax(p)
			if e := entropy(p); !math.IsNaN(e) {
				step.Entropy = &e
			}
			if !step.Logits.Finite() {
				step.Reason = "the model's output is not finite"
			}
			for l := range m.Layers {
				step.Layers = append(step.Layers, layerState(m, tape, watch, l, s))
			}
			out.Steps = append(out.Steps, step)
		}
	}
	return out
}

func layerState(m *rnn.Model, tape *rnn.Tape, watch *rnn.Watch, l, s int) scope.LayerState {
	y := scope.LayerState{H: slices.Clone(tape.Hidden(l, s, 0)), Gates: map[string]scope.Vector{}}
	if c := tape.Cell(l, s, 0); c != nil {
		y.C = slices.Clone(c)
	}
	z := watch.Layers[l].Z
	blocks := z[s*len(z)/tape.T : (s+1)*len(z)/tape.T]
	for i, name := range m.Gates() {
		y.Gates[name] = slices.Clone(blocks[i*m.Hidden : (i+1)*m.Hidden])
	}
	return y
}

// entropy of a distribution, in nats.
func entropy(p []float32) float64 {
	h := 0.0
	for _, x := range p {
		if x != 0 {
			h -= float64(x) * math.Log(float64(x))
		}
	}
	return h
}
