package probe

import (
	"math"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// traceSteps is the window of a trace.
const traceSteps = 64

// Trace runs the ids through the model from a zero state and keeps everything:
// at each step and layer about 10·H values for a gated cell, and 2·V for the
// output. An id of -1 is an unknown symbol: the state steps on with a zero
// embedding. token names an id of a position, for the reader.
func Trace(m *rnn.Model, ids []int32, token func(i int) string, ask Ask) (*scope.Trace, error) {
	alter, err := Alter(m, ask.Changes)
	if err != nil {
		return nil, err
	}
	team := ask.team()
	defer team.Close()
	steps := max(1, min(traceSteps, len(ids)))
	tape := m.NewTape(steps, 1, team, 0)
	tape.Alter(alter)
	watch := tape.Watch(0)
	out := &scope.Trace{Steps: make([]scope.Step, 0, len(ids))}
	var before scope.Vector // the logits that predict the next token
	var total float64       // log Σ e^logit of before
	for at := 0; at < len(ids); at += steps {
		if ask.stopped() {
			return nil, ErrStopped
		}
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
			before = step.Logits
			step.P = slices.Clone(step.Logits)
			total = m.Kernel.Softmax(step.P)
			if e := entropy(step.P); !math.IsNaN(e) {
				step.Entropy = &e
			}
			if !step.Logits.Finite() {
				step.Reason = "the model's output is not finite"
			}
			for l := range m.Layers {
				step.Layers = append(step.Layers, layerState(m, tape, watch, l, s, alter != nil))
			}
			out.Steps = append(out.Steps, step)
		}
		ask.progress(at+n, len(ids))
	}
	return out, nil
}

func layerState(m *rnn.Model, tape *rnn.Tape, watch *rnn.Watch, l, s int, altered bool) scope.LayerState {
	y := scope.LayerState{H: slices.Clone(tape.Hidden(l, s, 0)), Gates: map[string]scope.Vector{}, A: map[string]scope.Vector{}}
	if c := tape.Cell(l, s, 0); c != nil {
		y.C = slices.Clone(c)
	}
	y.ComputedH, y.ComputedC = y.H, y.C
	if altered {
		h, c := tape.Computed(l, s, 0)
		y.ComputedH, y.ComputedC = slices.Clone(h), slices.Clone(c)
	}
	block := func(of []float32, i int) scope.Vector {
		row := of[s*len(of)/tape.T : (s+1)*len(of)/tape.T]
		return slices.Clone(row[i*m.Hidden : (i+1)*m.Hidden])
	}
	w := watch.Layers[l]
	for i, name := range m.Gates() {
		y.Gates[name] = block(w.Z, i)
		y.A[name] = block(w.A, i)
	}
	if m.Cell == "gru" {
		y.A["nx"], y.A["nh"] = y.A["n"], block(w.A, 3)
		n := slices.Clone(y.A["nx"])
		for j, r := range y.Gates["r"] {
			n[j] += float32(r * y.A["nh"][j])
		}
		y.A["n"] = n
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
