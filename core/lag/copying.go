package lag

import (
	"math"
	"math/rand/v2"
)

// copying is the copy memory task in the layout of Bai, Kolter & Koltun 2018:
// ten symbols of eight, T-1 blanks, eleven delimiters; while the last ten
// delimiters are read, the ten symbols are to be said again, and before that
// blanks. Length T+20.
//
//	x   s s s s s s s s s s  0 0 0 …   9 9 9 9 9 9 9 9 9 9 9
//	y   0 0 0 0 0 0 0 0 0 0  0 0 0 …   0 s s s s s s s s s s
//
// All steps are scored; who forgets pays 10 ln 8/(T+20) a step.
const copied = 10

var copying = &problem{
	name: "copy", title: "say ten symbols again after a pause",
	symbols: 10, classes: 10, least: 1, most: mostLag, usual: 20,
	steps:  func(lag int) int { return lag + 2*copied },
	span:   func(lag int) int { return lag + copied },
	chance: func(lag int) float64 { return copied * math.Log(8) / float64(lag+2*copied) },
	write: func(g *rand.Rand, lag int, _ bool, s *sequence) {
		for i := range lag + 2*copied {
			s.x[i], s.y[i] = 0, 0
			if i >= lag+copied-1 {
				s.x[i] = 9
			}
		}
		for i := range copied {
			symbol := 1 + g.IntN(8)
			s.x[i] = int32(symbol)
			s.answer(lag+copied+i, symbol)
		}
	},
}
