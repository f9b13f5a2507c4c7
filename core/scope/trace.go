package scope

import (
	"math"
	"strconv"
)

// Trace is everything a model did with a sentence, step by step, from a zero
// state. Its JSON is what `rnnscope trace --json` prints.
type Trace struct {
	Model   string `json:"model"`
	Unknown int    `json:"unknown"` // symbols the vocabulary does not have
	Steps   []Step `json:"steps"`

	Ablated   []string   `json:"ablated,omitempty"`   // units that were, as layer:unit
	Influence *Influence `json:"influence,omitempty"` // on the last token, of those before it
}

// Step is one token read and the state and prediction after it.
type Step struct {
	Token     string       `json:"token"`
	ID        int          `json:"id"`        // -1: a symbol the vocabulary does not have
	Surprisal *float64     `json:"surprisal"` // of this token given those before it, nats; nil for the first and for unknown symbols
	Entropy   *float64     `json:"entropy"`   // of the prediction after it, nats; nil when it is not finite
	Layers    []LayerState `json:"layers"`
	Logits    Vector       `json:"logits"` // [V]
	Reason    string       `json:"reason,omitempty"`

	P Vector `json:"-"` // [V] the distribution after it; its softmax in float32
}

// LayerState is a layer after a step, as the next one reads it: interventions
// have been made. Gates are by name: i f g o of an LSTM, r z n of a GRU, the
// pre-activation a of a simple RNN.
type LayerState struct {
	H     Vector            `json:"h"`
	C     Vector            `json:"c,omitempty"`
	Gates map[string]Vector `json:"gates"`

	// A is the pre-activation of each gate; of a GRU's n also its two halves,
	// n = tanh(nx + r⊙nh). Of a simple RNN it is what Gates has.
	A map[string]Vector `json:"-"`
	// What h and c were before an intervention; H and C themselves without one.
	ComputedH, ComputedC Vector `json:"-"`
}

// Change is Δh = h - h' of a layer at a step, h' being 0 before the first.
func (t *Trace) Change(step, layer int) Vector {
	h := t.Steps[step].Layers[layer].H
	d := append(Vector(nil), h...)
	if step > 0 {
		for j, x := range t.Steps[step-1].Layers[layer].H {
			d[j] -= x
		}
	}
	return d
}

// Vector is float32 values whose JSON has null for what is not finite.
type Vector []float32

// MarshalJSON writes each value with as few digits as float32 needs.
func (v Vector) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 12*len(v)+2)
	out = append(out, '[')
	for i, x := range v {
		if i > 0 {
			out = append(out, ',')
		}
		if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
			out = append(out, "null"...)
		} else {
			out = strconv.AppendFloat(out, f, 'g', -1, 32)
		}
	}
	return append(out, ']'), nil
}

// Finite says whether all values are.
func (v Vector) Finite() bool {
	for _, x := range v {
		if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}
