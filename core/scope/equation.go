package scope

// Equation is one step of a model, written out as the vectors that its
// equations name, in the order in which they come about.
type Equation struct {
	Step  int
	Terms []Term
}

// Term is one vector of an equation, and how it comes from those before it.
type Term struct {
	Layer  int    // from 0; the number of layers for the output
	Block  string // the gate it belongs to; "" for those of the whole layer
	Name   string // "W_hi·h'", "a_i", "i", "c"
	Means  string // the right-hand side, "σ(a_i)"; "" for what is given: an input, a bias
	Op     Op
	From   []int  // the terms it is computed from, by index
	Values Vector // [H], [E] of the embedding, [V] of the output
}

// Op is how a term comes from its operands, element by element but for Product
// and Softmax.
type Op int

const (
	Given      Op = iota // read: an embedding, a state, a bias
	Product              // a weight matrix times the operand
	Sum                  // of all operands
	Times                // the product of two
	Tanh                 // of one
	Relu                 // of one
	Sigmoid              // of one
	Complement           // 1 - one
	Softmax              // of one
	Changed              // of one, by an intervention
)
