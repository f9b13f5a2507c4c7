package scope

// Snapshot is a run between two updates. Losses are in nats per token.
type Snapshot struct {
	Update   int64
	Epoch    float64
	Tokens   int64   // trained on so far
	Loss     float64 // of the last update
	Smoothed float64 // over about the last fifty updates
	GradNorm float64 // of the last update, before clipping
	Clipped  float64 // share of all updates that were clipped
	LR       float64

	Losses, Norms Curve
	Valid         []Validation // in order of update
	Stream        Stream       // the first stream of the batch, through the last window
}

// Validation is one evaluation of the validation split.
type Validation struct {
	Update int64
	Tokens int
	Loss   float64
}

// Stream is what one stream of a window left behind: T tokens and, for every
// layer, the states after them.
type Stream struct {
	IDs    []int32
	Hidden int
	H, C   [][]float32 // [L][T·H], C empty for cells without a cell state
}
