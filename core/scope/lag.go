package scope

import "time"

// Trial is one training run of the lag lab: a task at a lag, a cell with its
// initialisation and learning rate, a seed.
type Trial struct {
	Task       string  `json:"task"`
	Cell       string  `json:"cell"`
	Activation string  `json:"activation"` // of the RNN: tanh or relu; tanh elsewhere
	Init       string  `json:"init"`
	ForgetBias *Number `json:"forget_bias"` // of the LSTM, nil as drawn; 0 elsewhere
	Lag        int     `json:"lag"`
	Seed       uint64  `json:"seed"`
	LR         float64 `json:"lr"`
	Hidden     int     `json:"hidden"`
	Batch      int     `json:"batch"`
	Limit      int64   `json:"limit"` // updates, at most
	Clip       float64 `json:"clip"`
	Input      string  `json:"input"` // onehot, embedding; values where the task has numbers
}

// TrialResult is what became of a trial. Losses are nats per scored step, of
// the adding task mean squared errors.
type TrialResult struct {
	Trial
	Biases  string  `json:"biases,omitempty"` // why forget_bias is null
	Solved  bool    `json:"solved"`
	Updates int64   `json:"updates"` // made; when solved, the first evaluation that says so
	Seconds float64 `json:"seconds"`
	Final   Number  `json:"final"` // loss of the last evaluation
	Chance  float64 `json:"chance"`
	Optimum float64 `json:"optimum"`
	// Accuracy of the last evaluation: share of the decisions that depend on
	// the past that were right; adding: of answers within 0.04.
	Accuracy Number `json:"accuracy"`
	Reason   string `json:"reason,omitempty"` // why it ended early without being solved

	// Ratio is ‖∂L_T/∂h‖ at the earliest step that matters over that at the
	// step of the answer, Span steps later: geometric mean over a batch, before
	// training.
	Ratio   Number `json:"gradient_ratio_at_init"`
	Span    int    `json:"span"`
	Rate    Number `json:"rate_per_step_at_init"` // fitted to the norms by lag
	Horizon Number `json:"predicted_horizon"`     // lag at which that rate has left a thousandth; +Inf when it does not fall
	Endless string `json:"predicted_horizon_why,omitempty"`

	Curve []TrialPoint `json:"curve"`
}

// TrialPoint is one evaluation on fresh sequences.
type TrialPoint struct {
	Update   int64  `json:"update"`
	Loss     Number `json:"loss"`
	Accuracy Number `json:"accuracy"`
}

// LagPage is a grid of trials as a screen sees it while it fills.
type LagPage struct {
	Trials  []Trial
	States  []TrialState
	Results []*TrialResult // nil until there is one
	Curves  [][]TrialPoint // of those under way and done

	Running bool
	Workers int
	Done    int           // trials with a result
	Before  int           // of those, how many a resumed log had
	Elapsed time.Duration // of this start
	Left    time.Duration // at most, as far as can be told; 0 when it cannot
	Path    string        // the log
	Failure error         // of the last start
}

// TrialState is how far a trial is.
type TrialState uint8

// The states.
const (
	TrialWaits TrialState = iota
	TrialRuns
	TrialSolved
	TrialFailed
)
