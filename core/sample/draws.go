package sample

import "math/rand/v2"

// Draws are reproducible uniform numbers in [0, 1), one for each token.
type Draws struct{ pcg *rand.PCG }

// stream keeps the draws apart from other uses of the same seed.
const stream = 3 << 32

// NewDraws starts the sequence of a seed.
func NewDraws(seed uint64) *Draws { return &Draws{rand.NewPCG(seed, stream)} }

// Next is a multiple of 2⁻⁵³, all of them equally likely.
func (d *Draws) Next() float64 { return float64(d.pcg.Uint64()>>11) / (1 << 53) }
