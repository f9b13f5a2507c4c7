package rnn

import "rnnscope/core/kernel"

// ByValue makes the tape one of numbers, before its first window: with inputs,
// each step reads a row of Values in place of an embedding; with targets, the
// output is a regression on Goals and the loss of a row is
//
//	L = Σ_v (logit_v - goal_v)² / V      ∂L/∂logit_v = 2 (logit_v - goal_v) / V
//
// where Targets only says which rows are scored (0 or more). The embedding is
// left as it is; tied weights have no such tape.
func (t *Tape) ByValue(inputs, targets bool) {
	m, R := t.model, t.T*t.B
	if m.Tie {
		panic("rnn: ByValue: tied weights")
	}
	if targets {
		t.Goals = kernel.Alloc(R * m.Vocab)
	}
	if !inputs {
		return
	}
	// Every row is an input of its own: the table of projections is z itself.
	t.Values = kernel.Alloc(R * m.Embed)
	t.cut(1, t.parts[0].layers[0].mask != nil)
	t.own = false
	t.Alter(t.alter)
	p := t.parts[0]
	p.inputs, p.table, p.dtable = t.Values, p.layers[0].z, p.layers[0].z
	p.ids = make([]int32, R)
	t.fixed = true
}

// FixEmbedding keeps Learn from computing the embedding's gradient, which stays
// zero: with the identity as embedding, ids are one-hot inputs.
func (t *Tape) FixEmbedding() {
	if t.model.Tie {
		panic("rnn: FixEmbedding: tied weights")
	}
	t.fixed = true
}

// squares turns a row of outputs into scale·∂L/∂output and returns L; a row
// that is not scored becomes zeros.
func squares(row, goal []float32, scored bool, scale float32) float64 {
	if !scored {
		clear(row)
		return 0
	}
	sum, v := 0.0, float64(len(row))
	for i, x := range row {
		d := x - goal[i]
		sum += float64(d) * float64(d)
		row[i] = float32(2*float64(d)/v) * scale
	}
	return sum / v
}
