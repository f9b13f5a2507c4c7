package scope

import "time"

// OtherFlow is the flow of a network of the ladder. Those are trained on the same
// batches and differ in their cell.
type OtherFlow struct {
	Cell   string
	Update int64 // made of that network
	Flow   *Flow
}

// Gradients is what is known about the gradients of a model in training: of a
// copy of its weights, made after an update. Parts that nobody looks at are nil.
type Gradients struct {
	Run    int // as in Snapshot
	Update int64
	Layer  int // that Map, Sources, Terms and the slow parts are of
	Steps  int // of a window; those read begin at 0, Steps, … of the training text, from the zero state

	Flow    *Flow
	Initial *Flow       // of the weights that the run began with
	Others  []OtherFlow // of other cells trained on the same batches, when they are asked for
	Drawn   bool        // Initial is or can be known: the run began with weights drawn from its seed
	Map     *GradientMap
	Sources *Sources // of the first window, all losses
	Terms   *Terms   // of the first window, its last loss
	Clip    *Clipping

	Jacobians  Asked[Jacobians]
	Forgetting Asked[Forgetting]
	Truncation Asked[Truncation]
	Check      Asked[Differences]
	Costs      Asked[Costs]

	Took    time.Duration // by the last round of the quick parts, on its processor
	Every   time.Duration // until the next, while the model trains
	Failure error         // of the last round
}

// Asked is a question that takes long, and its last answer.
type Asked[T any] struct {
	Answer  *T
	Update  int64         // of the weights that the answer is about
	Took    time.Duration // with the pauses that leave the time to training
	Busy    bool          // it is being answered anew
	Done    int           // of Total steps
	Total   int
	Failure error
}

// GradientMap is |∂L_T/∂h_t| of every unit of a layer at every step of a
// window, for the loss L_T after its last step.
type GradientMap struct {
	Layer, Hidden int
	IDs           []int32   // read, [T]
	Target        int32     // what follows
	Values        []float32 // [T·H]
}

// Costs is what an update costs by the window k.
type Costs struct {
	Batch int // B
	Of    []Cost
}

// Cost is that of one k: the shortest time of a forward and backward pass over
// [k,B] on one thread, and what its tape holds.
type Cost struct {
	Window  int
	Seconds float64
	Bytes   int
}
