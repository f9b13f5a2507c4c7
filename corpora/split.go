package corpora

import (
	"math/big"
	"strconv"
)

// Split is a part of a corpus.
type Split struct {
	IDs IDs
	// Unknown counts the tokens that the vocabulary lacks: <unk> or -1.
	Unknown int64
	// FloorNats is what a model that knows the generating grammar pays for
	// each token after the first, in nats; NaN when that is not known.
	FloorNats float64
	// Scored are the positions that carry the corpus' phenomenon, ascending.
	Scored []Scored
}

// Scored marks token Pos of a split as one that carries the corpus'
// phenomenon: the model is right there when the probability of the set Right
// exceeds that of every other set of Choice.
type Scored struct {
	Pos    int
	Class  uint8  // of Phenomenon.Classes
	Choice uint16 // of Phenomenon.Choices
	Right  uint8  // the set of Choice that is right
	Line   int32
}

// Phenomenon is what a generated corpus was built to show.
type Phenomenon struct {
	Title   string
	Classes []string // what Scored.Class distinguishes, e.g. "1 attractor"
	// Choices has, for each kind of decision, the sets of ids decided between.
	Choices [][][]int32
	// WholeLine: a line counts as right only when all its positions are.
	WholeLine bool
	// Floor is the entropy of the grammar, Forgets what a model reaches that
	// forgets the long dependency; nats per token, NaN when not stated.
	Floor, Forgets float64
}

// cuts says where validation and test begin among n tokens. The shares count
// as the decimals they were written as: floor(0.95·20) is 19, whatever the
// binary fraction next to 0.9 + 0.05.
func cuts(n int, shares [3]float64) (valid, test int) {
	sum := new(big.Rat)
	at := func(share float64) int {
		decimal, _ := new(big.Rat).SetString(strconv.FormatFloat(share, 'g', -1, 64))
		sum.Add(sum, decimal)
		x := new(big.Rat).Mul(sum, new(big.Rat).SetInt64(int64(n)))
		return min(n, int(new(big.Int).Quo(x.Num(), x.Denom()).Int64()))
	}
	valid = at(shares[0])
	return valid, at(shares[1])
}
