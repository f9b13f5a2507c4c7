package sample

import (
	"math"

	"rnnscope/core/say"
)

// Options shape the distribution that the next token is drawn from, in the
// order of the fields. The zero value always takes the most probable token.
type Options struct {
	// Temperature T divides the logits; 0 takes the most probable token, of
	// equals the one with the lowest id.
	Temperature float64
	// TopK keeps the k most probable tokens, of equals those with the lowest
	// ids; 0 keeps all.
	TopK int
	// TopP keeps the smallest set of most probable tokens that has at least
	// this share of what TopK left (nucleus sampling, Holtzman et al. 2020); 0
	// and 1 keep all.
	TopP float64
}

// Validate says what is wrong with o in the words of the flags.
func (o Options) Validate() error {
	switch {
	case !(o.Temperature >= 0) || math.IsInf(o.Temperature, 0):
		return say.Errorf("temperature must be 0 (the most probable token) or a positive number, not %v", o.Temperature)
	case o.TopK < 0:
		return say.Errorf("top-k must be 0 (off) or a number of tokens, not %d", o.TopK)
	case !(o.TopP >= 0 && o.TopP <= 1):
		return say.Errorf("top-p must be between 0 and 1 (both are off), not %v", o.TopP)
	}
	return nil
}
