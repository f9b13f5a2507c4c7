package lag

import (
	"math"
	"math/rand/v2"
	"slices"

	"rnnscope/corpora"
)

// reber is the embedded Reber grammar (Hochreiter & Schmidhuber 1997,
// experiment 1): predict each next symbol of a string; graded is the second of
// the two outer letters, which the first decides. The grammar has its own lags:
// the letters are six or more symbols apart, nine on average. Strings in which
// they are further apart than lag are drawn again.
var reber = &problem{
	name: "reber", title: "close the embedded Reber grammar with its first letter",
	symbols: 7, classes: 7, least: 6, most: 1000, usual: 20, gradedLoss: true,
	steps:  func(lag int) int { return lag + 2 },
	span:   func(int) int { return 5 },
	chance: func(int) float64 { return math.Ln2 },
	write: func(g *rand.Rand, lag int, _ bool, s *sequence) {
		symbols := corpora.ReberSymbols()
		text := corpora.EmbeddedReber(g.IntN)
		for len(text) > lag+3 {
			text = corpora.EmbeddedReber(g.IntN)
		}
		for i, symbol := range text {
			id := slices.Index(symbols, symbol)
			if i < len(text)-1 {
				s.x[i] = int32(id)
			}
			if i > 0 {
				s.y[i-1] = int32(id)
			}
		}
		s.graded[len(text)-3] = true // what is predicted there is the last symbol but one
	},
}
