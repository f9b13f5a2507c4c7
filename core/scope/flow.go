package scope

import "math"

// Flow is how far back the gradient of one step's loss reaches: for a window of
// K steps, the 2-norms of ∂(-log p_T)/∂h_{T-k} and ∂(-log p_T)/∂c_{T-k} by lag
// k = 0 … K-1, where T is the window's last step. Norms are nats per unit of
// the state.
type Flow struct {
	Cell    string
	Hidden  int
	Steps   int // K
	Windows int // measured
	Skipped int // windows whose last target is an unknown symbol
	Layers  []FlowLayer
}

// FlowLayer is one layer's; C is nil for cells without a cell state.
type FlowLayer struct{ H, C *Decay }

// Faintest is the norm below which a gradient that was followed back is too small,
// or 0: it is computed in float32.
const Faintest = 1e-55

// Decay is a norm by lag, over windows: [K] each.
type Decay struct {
	Arithmetic  []float64 // mean
	Geometric   []float64 // exp of the mean logarithm; 0 when a norm is 0
	Least, Most []float64
	Rate        float64 // fitted factor per step where norms are not below Faintest, see probe.Fit; NaN when there is nothing to fit
	HalfLife    float64 // steps in which the fit falls by half; +Inf when it does not fall
}

// Held is the number of lags whose norms are not below Faintest: those of the fit.
func (d *Decay) Held() int {
	n := 0
	for _, x := range d.Least {
		if x >= Faintest {
			n++
		}
	}
	return n
}

// Sources is, for every step of a window, where ∂L/∂h of a layer came from:
// this step's output or the layer above, and the step after.
type Sources struct {
	Layer int
	Steps []Source
	// Residual is the largest |above + future - whole| over all steps and
	// units, relative to the largest |whole|, where whole is the gradient that
	// training uses.
	Residual float64
}

// Source is one step's share. Norms are 2-norms.
type Source struct {
	Above, Future, Whole float64
	Cosine               float64 // of the angle between the two; NaN when one is zero
}

// Differences is ∂L/∂h_t along one direction for some steps t, from the
// backward pass and from a central difference in float64.
type Differences struct {
	Layer    int
	Lags     []int
	Gradient []float64 // ‖∂L/∂h‖: the derivative along the gradient itself
	Central  []float64 // the derivative along that direction, or where it is zero along another
	Error    []float64 // what Central may be off by
	Doubt    []Doubt   // why a lag says nothing
	Worst    float64   // largest Apart of those that are Clear
}

// Doubt is why a gradient and its central difference cannot be held against each
// other.
type Doubt uint8

// The doubts.
const (
	Clear  Doubt = iota // they can
	Faint               // too small for a difference to have two digits
	Sure                // the model is so sure of the token that float32 has lost the digits of p-1
	Parted              // the rounding of float32 has grown on the way until it goes elsewhere than float64
)

// String is what a script reads.
func (d Doubt) String() string { return [...]string{"", "faint", "sure", "parted"}[d] }

// Apart is by how much the gradient and the central difference of a place in Lags
// differ beyond what the latter may be off by, relative to the larger.
func (d *Differences) Apart(i int) float64 {
	g, c := d.Gradient[i], math.Abs(d.Central[i])
	if top := math.Max(g, c); top > 0 {
		return math.Max(0, math.Abs(d.Central[i]-g)-d.Error[i]) / top
	}
	return 0
}

// Told is how many lags can be told of.
func (d *Differences) Told() int {
	n := 0
	for _, doubt := range d.Doubt {
		if doubt == Clear {
			n++
		}
	}
	return n
}

// Agree says whether the backward pass, whose float32 loses digits on a long way,
// is that of the equations as far as differences tell: at one lag at least.
func (d *Differences) Agree() bool { return d.Told() > 0 && d.Worst <= 0.01 }

// Truncation is what a window of k steps does to the gradient of a layer's
// W_hh.
type Truncation struct {
	Layer int
	Cuts  []Cut // in order of k
}

// Cut is the gradient that stops every k steps, beside the whole one.
type Cut struct {
	Window  int
	Norm    float64 // of the truncated gradient
	Cosine  float64 // of its angle with the whole one
	CutOff  float64 // ‖whole - truncated‖ / ‖whole‖
	Seconds float64 // of one pass over the steps, measured; 0 when it was not run
	Bytes   int     // that a tape of the window holds; 0 likewise
}

// Terms is ∂L_T/∂W_hh of a layer as a sum of one term a step,
//
//	∂L_T/∂W_hh = Σ_k a_{T-k} ⊗ h_{T-k-1}
//
// a the gradient of the recurrent pre-activations. By lag k:
type Terms struct {
	Layer  int
	Norm   []float64 // ‖term‖
	Cosine []float64 // with the whole sum; NaN when a norm is zero
	Whole  float64   // ‖sum of all‖
	Cuts   []Cut     // Cuts[k-1] keeps the terms of the last k steps
}

// Jacobians is the dynamics of a layer's own recurrence along a text. The state
// s is h, of an LSTM (h, c).
type Jacobians struct {
	Layer    int
	Steps    int       // of the text
	Blocks   []string  // of W_hh
	Radius   []float64 // spectral radius of each block, at the present weights
	Sampled  []int     // steps t at which ∂s_t/∂s_{t-1} was decomposed
	Singular [][]float64
	SigmaMax float64 // mean of the largest singular value over Sampled
	CellMax  float64 // the same of ∂c_t/∂c_{t-1} alone, of an LSTM; NaN elsewhere
	Slope    float64 // mean derivative of the nonlinearity that h passes: tanh' of a, n or c; of ReLU the share that is on

	ProductLags []int     // k
	LogProduct  []float64 // ln of the 2-norm of ∂s_T/∂s_{T-k}
	Lyapunov    []float64 // largest exponents, nats per step, descending
	Seconds     float64   // that all of this took
}

// Forgetting is the cell gradient of an LSTM beside what its forget gates alone
// predict, by lag: geometric means over windows.
type Forgetting struct {
	Layer     int
	Measured  []float64 // ‖∂L/∂c_{T-k}‖
	Predicted []float64 // ‖∂L/∂c_T ⊙ f_T ⊙ … ⊙ f_{T-k+1}‖
}

// Clipping is what two ways of clipping do to one gradient.
type Clipping struct {
	Norm       float64 // before
	ByNorm     float64 // the norm after clipping to a norm of Limit
	NormAngle  float64 // degrees between the gradient and that
	ByValue    float64 // the norm after clipping each element to ±Each
	ValueAngle float64
	Limit      float64
	Each       float64
	Cut        float64 // share of elements that clipping by value changed
}

// Histogram counts values in bins of equal width on a logarithmic axis: bin i
// is Edges[i] … Edges[i+1].
type Histogram struct {
	Edges  []float64
	Counts []int
	Odd    int // values that are zero or not finite
	Above  int // values above the threshold that was asked about
}
