package rnn

import "rnnscope/core/say"

// Config is the architecture of a language model.
type Config struct {
	Cell       string  `json:"cell"`                 // a name of Cells()
	Activation string  `json:"activation,omitempty"` // of the RNN: tanh ("" means it) or relu
	Vocab      int     `json:"vocab"`                // V
	Embed      int     `json:"embed"`                // E
	Hidden     int     `json:"hidden"`               // H
	Layers     int     `json:"layers"`               // L
	Dropout    float64 `json:"dropout"`              // on the outputs of every layer but the last, while training
	Tie        bool    `json:"tie,omitempty"`        // output weights are the embedding; needs E = H
}

// Most is the largest size of any dimension and mostWeights of a model, to keep
// a mistyped number from taking the machine's memory.
const (
	Most        = 1 << 20
	mostWeights = float64(1 << 30)
)

// count is the number of parameters but for the biases.
func (c Config) count() float64 {
	v, e, h, l := float64(c.Vocab), float64(c.Embed), float64(c.Hidden), float64(c.Layers)
	gates := 4.0
	if cell, err := cellOf(c); err == nil {
		gates = float64(cell.gates)
	}
	return v*e + gates*h*(e+h) + (l-1)*gates*2*h*h + v*h
}

// Validate says what is wrong with c in the words of the flags.
func (c Config) Validate() error {
	if _, err := cellOf(c); err != nil {
		return err
	}
	for _, d := range []struct {
		name string
		n    int
	}{{"vocabulary", c.Vocab}, {"embed", c.Embed}, {"hidden", c.Hidden}, {"layers", c.Layers}} {
		if d.n < 1 || d.n > Most {
			return say.Errorf("%s must be from 1 to %d, not %d", d.name, Most, d.n)
		}
	}
	if w := c.count(); w > mostWeights {
		return say.Errorf("a model of %.3g weights is too large: the most is %.3g; make hidden, embed or the vocabulary smaller", w, mostWeights)
	}
	if !(c.Dropout >= 0 && c.Dropout < 1) {
		return say.Errorf("dropout must be at least 0 and below 1, not %v", c.Dropout)
	}
	if c.Tie && c.Embed != c.Hidden {
		return say.Errorf("tied weights need embed = hidden, not %d and %d", c.Embed, c.Hidden)
	}
	return nil
}
