package lag

import (
	"math"
	"math/rand/v2"
)

// Delayed recall: a key, lag distractors, a question mark, after which the key
// is to be said. Keys, distractors and the question mark are symbols of their
// own, eight, eight and one.
//
//	F b g a h c ?   → F
//
// The key lies lag+1 steps before its answer. Where lags are mixed, each
// sequence of the training has one of 1 … lag, all as likely, and the
// evaluation the whole lag.
const recallKeys = 8

var recall = &problem{
	name: "recall", title: "say the first symbol again after a fixed lag",
	symbols: 2*recallKeys + 1, classes: recallKeys, least: 1, most: mostLag, usual: 20, gradedLoss: true,
	steps: recallSteps, span: recallSpan, chance: recallChance,
	write: func(g *rand.Rand, lag int, _ bool, s *sequence) { writeRecall(g, lag, s) },
}

var recallMixed = &problem{
	name: "recall-mixed", title: "the same, trained on all lags up to that",
	symbols: 2*recallKeys + 1, classes: recallKeys, least: 1, most: mostLag, usual: 20, gradedLoss: true,
	steps: recallSteps, span: recallSpan, chance: recallChance,
	write: func(g *rand.Rand, lag int, whole bool, s *sequence) {
		if !whole {
			lag = 1 + g.IntN(lag)
		}
		writeRecall(g, lag, s)
	},
}

func recallSteps(lag int) int  { return lag + 2 }
func recallSpan(lag int) int   { return lag + 1 }
func recallChance(int) float64 { return math.Log(recallKeys) }

func writeRecall(g *rand.Rand, lag int, s *sequence) {
	key := g.IntN(recallKeys)
	s.x[0] = int32(key)
	for i := 1; i <= lag; i++ {
		s.x[i] = int32(recallKeys + g.IntN(recallKeys))
	}
	s.x[lag+1] = 2 * recallKeys
	s.answer(lag+1, key)
}
