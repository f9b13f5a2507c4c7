package sample

import (
	"fmt"
	"math"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// Choice is the token that a draw fell on.
type Choice struct {
	ID      int
	P       float64 // its probability after temperature, top-k and top-p
	PAt1    float64 // at temperature 1, nothing cut
	Entropy float64 // of the distribution after temperature, top-k and top-p, in nats
}

// Chooser turns logits into a distribution and draws from it. For logits z of
// V tokens:
//
//	x = (z - max z)/T    w = exp(x)     at T = 0 only the first token is kept;
//	                                    0 from x = -708 down
//	p = w/Σw over the tokens kept, 0 elsewhere
//	H = ln Σw - Σwx/Σw
//
// A draw u takes the first token, most probable first, at which the sum of the
// w exceeds u·Σw, to the rounding of that sum: within some 1e-13 of a border it may
// fall on either side, whichever way the sum was taken.
//
// A Chooser allocates when it first sees a vocabulary of its size, then no
// more. It belongs to one goroutine.
type Chooser struct {
	options Options
	kernel  *kernel.Set
	logits  []float32
	highest float64   // max z
	divisor float64   // T, or 1 in place of 0
	weights []float64 // w of each token, kept or not
	ones    []float64 // the weights at temperature 1: weights, or in spare
	spare   []float64
	total1  float64 // Σones
	rank    ranking
	kept    int     // the first tokens of the ranking
	total   float64 // Σw over those
	entropy float64
	p       []float64
}

// NewChooser returns a chooser. It panics on options that Validate refuses.
func NewChooser(o Options) *Chooser {
	if err := o.Validate(); err != nil {
		panic("sample: NewChooser: " + err.Error())
	}
	return &Chooser{options: o, kernel: kernel.Available()[0]}
}

// Choose is Weigh and one draw.
func (c *Chooser) Choose(logits []float32, u float64) (Choice, error) {
	if err := c.Weigh(logits); err != nil {
		return Choice{}, err
	}
	return c.Draw(u), nil
}

// Weigh makes the distribution of the next token from logits [V], which it
// keeps no hold of. The error is a logit that is not finite.
func (c *Chooser) Weigh(logits []float32) error {
	if len(logits) == 0 {
		panic("sample: Weigh: no logits")
	}
	c.kept = 0
	if squares := c.kernel.SumSquares(logits); squares-squares != 0 { // NaN, or an infinity less itself
		for id, z := range logits {
			if z-z != 0 {
				return say.Errorf("the logit of token %d is %v: the weights of the model are broken or far too large", id, z)
			}
		}
	}
	c.logits = append(c.logits[:0], logits...)
	c.highest = float64(c.kernel.Max(logits))
	c.weights = sized(c.weights, len(logits))
	c.rank.reset(logits)
	c.divisor = c.options.Temperature
	if c.divisor == 0 {
		c.divisor = 1
	}
	c.weigh()
	c.cut()
	return nil
}

// weigh computes the weights and their sums with nothing cut.
func (c *Chooser) weigh() {
	var moment float64
	c.total, moment = c.kernel.Weigh(c.weights, c.logits, c.highest, c.divisor)
	if c.divisor == 1 {
		c.ones, c.total1 = c.weights, c.total
	} else {
		c.spare = sized(c.spare, len(c.logits))
		c.ones = c.spare
		c.total1, _ = c.kernel.Weigh(c.ones, c.logits, c.highest, 1)
	}
	c.kept = len(c.logits)
	c.entropy = math.Log(c.total) - moment/c.total
}

func sized(x []float64, n int) []float64 { return slices.Grow(x[:0], n)[:n] }

// cut keeps what temperature 0, top-k and top-p leave.
func (c *Chooser) cut() {
	o := c.options
	k, share := len(c.logits), o.TopP
	if o.TopK > 0 {
		k = min(k, o.TopK)
	}
	if o.Temperature == 0 {
		k = 1
	}
	if share == 0 {
		share = 1
	}
	if k < c.kept {
		c.keep(k, math.Inf(1))
	}
	if share < 1 {
		c.keep(c.kept, share*c.total)
	}
}

// keep cuts the distribution to the first most tokens, fewer if those already
// weigh enough.
func (c *Chooser) keep(most int, enough float64) {
	sum, wx := 0.0, 0.0
	n := 0
	for n < most && sum < enough {
		id := c.rank.at(n)
		w := c.weights[id]
		if w > 0 {
			wx += w * (float64(c.logits[id]) - c.highest) / c.divisor
		}
		sum += w
		n++
	}
	c.kept, c.total = n, sum
	c.entropy = math.Log(sum) - wx/sum
}

// Draw chooses a token of the distribution by a number u in [0, 1).
func (c *Chooser) Draw(u float64) Choice {
	if !(u >= 0 && u < 1) {
		panic(fmt.Sprintf("sample: Draw: %v is not in [0, 1)", u))
	}
	if c.kept == 0 {
		panic("sample: Draw: nothing weighed")
	}
	depth := u * c.total
	if c.rank.done == 0 && c.kept == len(c.weights) {
		return c.choice(c.rank.find(c.weights, depth))
	}
	id, sum := c.rank.at(0), 0.0
	for n := range c.kept {
		token := c.rank.at(n)
		w := c.weights[token]
		if w == 0 {
			break // only zeros follow: rounding has put depth past the last sum
		}
		id = token
		if sum += w; sum > depth {
			break
		}
	}
	return c.choice(id)
}

func (c *Chooser) choice(id int) Choice {
	return Choice{
		ID: id, P: c.weights[id] / c.total, Entropy: c.entropy,
		PAt1: c.ones[id] / c.total1,
	}
}

// Entropy of the distribution after temperature and cuts, in nats; Kept is how
// many tokens it has.
func (c *Chooser) Entropy() float64 { return c.entropy }
func (c *Chooser) Kept() int        { return c.kept }

// Rank is the id of the token at a rank, 0 the most probable.
func (c *Chooser) Rank(n int) int { return c.rank.at(n) }

// Probabilities is the distribution by id, [V], after temperature and cuts. The
// next Weigh or Choose makes it old, and the next call overwrites it.
func (c *Chooser) Probabilities() []float64 {
	c.p = sized(c.p, len(c.logits))
	if c.kept == len(c.logits) {
		for id, w := range c.weights {
			c.p[id] = w / c.total
		}
		return c.p
	}
	clear(c.p)
	for n := range c.kept {
		id := c.rank.at(n)
		c.p[id] = c.weights[id] / c.total
	}
	return c.p
}
