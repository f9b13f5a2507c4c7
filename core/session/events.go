package session

import (
	"math"

	"rnnscope/core/scope"
	"rnnscope/core/train"
)

// Event is one thing that happened in a run. As JSON it is a line of
// `train --json` and of a run's metrics.jsonl; the field event says which.
type Event interface{ event() }

// Update is one optimizer step.
type Update struct {
	Event        string  `json:"event"` // update
	Update       int64   `json:"update"`
	Epoch        float64 `json:"epoch"`
	Loss         Number  `json:"loss"`
	GradNorm     Number  `json:"grad_norm"`
	Clipped      bool    `json:"clipped"`
	LR           float64 `json:"lr"`
	Tokens       int64   `json:"tokens"` // trained on since the run began
	TokensPerSec float64 `json:"tokens_per_s"`
	Reason       string  `json:"reason,omitempty"` // why a number is null
}

// Valid is an evaluation of the validation split during training.
type Valid struct {
	Event  string `json:"event"` // valid
	Update int64  `json:"update"`
	Evaluation
	Seconds float64 `json:"seconds"` // since the run began
	Train   Number  `json:"train_loss"`
}

// Overfitting is said once when the validation loss has begun to rise.
type Overfitting struct {
	Event  string `json:"event"` // overfitting
	Update int64  `json:"update"`
	Since  int64  `json:"since"`
	Best   Number `json:"best"`
}

// Sample is what the model wrote.
type Sample struct {
	Event       string  `json:"event"` // sample
	Update      int64   `json:"update"`
	Temperature float64 `json:"temperature"`
	Text        string  `json:"text"`
}

// Saved says that the run can go on from here.
type Saved struct {
	Event  string `json:"event"` // saved
	Update int64  `json:"update"`
	Out    string `json:"out"`
}

// Diverged ends a run whose loss or gradient went wrong.
type Diverged struct {
	Event    string `json:"event"` // diverged
	Update   int64  `json:"update"`
	Tensor   string `json:"tensor"`
	Reason   string `json:"reason"`
	NormLast Number `json:"grad_norm_before"`
	Good     int64  `json:"good_update"` // whose weights were saved
	Out      string `json:"out"`
}

// Done ends a run.
type Done struct {
	Event       string      `json:"event"` // done
	Updates     int64       `json:"updates"`
	Epoch       float64     `json:"epoch"`
	Seconds     float64     `json:"seconds"`
	TrainLoss   Number      `json:"train_loss"` // smoothed over about the last fifty updates
	Valid       *Evaluation `json:"valid"`      // null when the split is empty
	Test        *Evaluation `json:"test"`
	BestUpdate  int64       `json:"best_update,omitempty"` // of the lowest validation loss
	BestValid   *float64    `json:"best_valid_loss,omitempty"`
	BestTest    *Evaluation `json:"best_test,omitempty"` // by the weights of best_update, when those are not the last
	Interrupted bool        `json:"interrupted,omitempty"`
	Out         string      `json:"out"` // "" when nothing is saved
	Reason      string      `json:"reason,omitempty"`
}

func (Update) event()      {}
func (Valid) event()       {}
func (Overfitting) event() {}
func (Sample) event()      {}
func (Saved) event()       {}
func (Diverged) event()    {}
func (Done) event()        {}

// phase is how a run stands that has said so last.
func (d Done) phase() scope.Phase {
	if d.Interrupted {
		return scope.Interrupted
	}
	return scope.Finished
}

func newUpdate(r train.Result, tokens int64, rate float64) Update {
	u := Update{
		Event: "update", Update: r.Update, Epoch: r.Epoch, Loss: Number(r.Loss), GradNorm: Number(r.GradNorm),
		Clipped: r.Clipped, LR: r.LR, Tokens: tokens, TokensPerSec: rate,
	}
	switch {
	case r.Tokens == 0:
		u.Reason = "no target of this window is in the vocabulary"
	case why("loss", u.Loss) != "":
		u.Reason = why("loss", u.Loss)
	default:
		u.Reason = why("grad_norm", u.GradNorm)
	}
	return u
}

// Evaluation is what a model makes of a split: figures per scored token.
type Evaluation struct {
	Split      string      `json:"split,omitempty"`
	Tokens     int         `json:"tokens"`
	Loss       Number      `json:"loss"`       // nats
	Perplexity Number      `json:"perplexity"` // e^loss
	Bits       Number      `json:"bits"`       // loss / ln 2
	Unknown    int         `json:"unknown"`
	Floor      *Floor      `json:"floor,omitempty"`  // of a generated text
	Scored     *Phenomenon `json:"scored,omitempty"` // likewise
	Reason     string      `json:"reason,omitempty"` // why a number is null
}

// Floor is the exact entropy of the split under the grammar that made it, per
// token: no model can stay below it for long.
type Floor struct {
	Loss Number `json:"loss"`
	Bits Number `json:"bits"`
	// Forgets is what a model reaches that forgets the long dependency, in bits.
	Forgets *float64 `json:"forgets_bits,omitempty"`
}

// Phenomenon is how often the model is right at the positions that carry what
// the grammar is about.
type Phenomenon struct {
	Title    string  `json:"title"`
	Accuracy Number  `json:"accuracy"`
	Loss     Number  `json:"loss"` // mean surprisal there, nats
	Count    int     `json:"count"`
	Classes  []Class `json:"classes,omitempty"`
}

// Class is one kind of scored position.
type Class struct {
	Name     string `json:"name"`
	Count    int    `json:"count"`
	Accuracy Number `json:"accuracy"`
}

// finish fills in what follows from the loss.
func (e *Evaluation) finish() {
	e.Perplexity, e.Bits = Number(math.Exp(float64(e.Loss))), e.Loss/math.Ln2
	if e.Reason = why("loss", e.Loss); e.Reason == "" {
		e.Reason = why("perplexity", e.Perplexity)
	}
}
