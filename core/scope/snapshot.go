package scope

import (
	"time"

	"rnnscope/core/say"
)

// Snapshot is a run between two updates. Losses are in nats per token.
type Snapshot struct {
	Run   int   // counts the models of this exploration, from 1: a restart begins the next
	Phase Phase // what training is doing
	Shape Shape
	Knobs Knobs

	Update    int64
	Epoch     float64
	Tokens    int64   // trained on so far
	Rate      float64 // tokens a second
	Loss      float64 // of the last update; before the first, of a few tokens, 0 if not known
	Untrained bool    // the weights are as they were drawn
	Smoothed  float64 // over about the last fifty updates, at the beginning the last fifth; see SmoothingShare
	GradNorm  float64 // of the last update, before clipping
	Clipped   float64 // share of all updates that were clipped
	LR        float64 // of the last update, after the schedule
	Elapsed   time.Duration

	Losses, Norms Curve
	LastNorms     []float64    // of the last updates one by one, the last one last
	Valid         []Validation // in order of update
	Ratios        []Ratio      // of the last update that was measured, about one a second
	Stream        Stream       // the first stream of the batch, through the last window

	Best        *Validation // the lowest validation loss so far; nil before the first
	Overfitting int64       // the update since which validation loss has been rising, 0 while it has not
	Samples     []Sample    // what the model wrote, in this order
	Changes     []Change    // what was done to the running model, in order of update
	Trouble     *Trouble    // why training stopped, when it diverged
	Score       *Score      // of a generated text: how often the model is right where it matters
	Rivals      []Rival     // n-grams counted on the same text, by order; they come while the model trains
	Kept        string      // the directory the run is saved in, "" while it is not
	Failure     error       // what could not be done last, nil when nothing failed
	Failures    int         // of what was asked for, so far
	Past        []int64     // updates whose weights can be looked back at, in order
	Looking     *int64      // the one that is looked at; nil is the newest
	Before      *Before     // of a run that was forked from another
	Watch       *Watch      // of a run that another program trains; nil when this one does
}

// Before is the run that another was forked from.
type Before struct {
	Update int64 // whose weights the fork began with
	Losses Curve // from there on, counted from there
}

// Watch is what is known of a run that another program trains. Numbers come as
// they are written, about once a second; weights with every save.
type Watch struct {
	Dir     string
	Heard   time.Time // when the last numbers came, zero before
	Weights int64     // the update whose weights are looked at, -1 while none are saved
	Damaged int       // lines of the metrics that could not be read
}

// Phase is what a run is doing.
type Phase uint8

// The phases.
const (
	Starting Phase = iota // before the first update
	Training
	Validating
	Paused
	Diverged    // stopped by the watch over the loss
	Finished    // a limit is reached
	Silent      // watched, and nothing has come for a while
	Gone        // watched, and its directory is not there
	Interrupted // watched or listed: ended before its limit, to be gone on with
)

// Shape is a model's architecture.
type Shape struct {
	Cell, Activation             string
	Layers, Hidden, Embed, Vocab int
	Weights                      int // parameters
	Batch                        int // B
	Seed                         uint64
	Optimizer                    string
}

// Knobs are what can be turned while a model trains.
type Knobs struct {
	LR      float64 // before the schedule
	Clip    float64 // global norm, 0 is off
	ClipAt  float64 // of each value, 0 is off
	Window  int     // K, the truncation of backpropagation
	Dropout float64
}

// Validation is one evaluation of the validation split.
type Validation struct {
	Update int64
	Tokens int
	Loss   float64
}

// Rival is an n-gram model (modified Kneser-Ney) and its validation loss.
type Rival struct {
	Order int
	Loss  float64
}

// Ratio is how far an update moved a part of the model: ‖ΔW‖₂/‖W‖₂. Parts are
// embedding, l0, l1, … and fc.
type Ratio struct {
	Part  string
	Value float64
}

// Sample is what a model wrote after an update, and how much of it is like the
// text it learnt.
type Sample struct {
	Update      int64
	Temperature float64
	Text        string
	Likeness    *Likeness // nil when it was not measured
}

// Likeness compares a written text with the training text.
type Likeness struct {
	Unit         string  // what was looked up: word, or pair of characters where a script has no spaces
	Units, Known int     // of the written text, and how many of them the training text has
	Line         float64 // mean length of its whole lines, characters
	TextLine     float64 // of the training text's
	Copied       string  // the longest stretch that stands in the training text too
}

// Change is something that was done to a model in training.
type Change struct {
	Update int64
	What   string  // lr, clip, window, dropout; back, to the update To; radius, forget, redraw, break, heal
	From   float64 // what it was before; NaN where that is no one number
	To     float64
}

// Trouble is why training stopped.
type Trouble struct {
	Update     int64
	Tensor     string // the first that is not finite, "" when only the loss rose
	Reason     say.Text
	Loss       float64
	NormBefore float64 // gradient norm of the update before
	Good       int64   // the update that can be gone back to
}

// Score is how often a model is right at the positions that carry what a
// grammar is about.
type Score struct {
	Title  string
	Right  float64 // share
	Count  int
	Update int64
}

// Stream is what one stream of a window left behind: T tokens and, for every
// layer, the states after them.
type Stream struct {
	Update int64   // that read it; of a run that is watched, a number that grows with every window
	IDs    []int32 // none before the first update
	Offset int64   // of its first token in each stream
	Hidden int
	H, C   [][]float32 // [L][T·H], C empty for cells without a cell state
}
