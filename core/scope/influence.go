package scope

import (
	"math"
	"strconv"
)

// Influence is how much each token read so far matters to the log-probability
// of one next token. Index i of the four measures is token From+i. All are in
// nats except Norm, and positive where the token speaks for the target; they
// ask different questions and differ.
type Influence struct {
	At     int      `json:"at"`     // the prediction after this step
	Target int      `json:"target"` // the id it is about
	Token  string   `json:"token"`  // its name, where the asker gives one
	LogP   *float64 `json:"log_p"`  // its log-probability there, nats; nil when it is not finite
	From   int      `json:"from"`   // the first token measured

	Norm Figures `json:"gradient_norm"`        // ‖∂log p/∂x‖₂: how steep log p is in the token's embedding x, nats per unit of x
	Dot  Figures `json:"gradient_times_input"` // ∂log p/∂x · x: the first-order estimate of Zero
	Zero Figures `json:"zeroed,omitempty"`     // log p - log p with zeros in place of the embedding; nil when not asked for
	Drop Figures `json:"left_out,omitempty"`   // log p - log p of the sentence without the token; nil when not asked for

	Reason string `json:"reason,omitempty"` // why figures are missing
}

// Figures are float64 values whose JSON has null for what is not finite.
type Figures []float64

// MarshalJSON writes each value with as few digits as it needs.
func (v Figures) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 20*len(v)+2), '[')
	for i, x := range v {
		if i > 0 {
			out = append(out, ',')
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			out = append(out, "null"...)
		} else {
			out = strconv.AppendFloat(out, x, 'g', -1, 64)
		}
	}
	return append(out, ']'), nil
}

// LogOdds is how a model weighs two continuations after each token of a
// sentence.
type LogOdds struct {
	A, B []int32     // the continuations, ids
	Odds []OddsAfter // [T] after each token
}

// OddsAfter is the summed log-probability of each continuation, nats, and their
// difference. A longer continuation has more to pay: lengths are not evened out.
type OddsAfter struct{ A, B, Difference float64 }
