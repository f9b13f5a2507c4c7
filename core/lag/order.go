package lag

import (
	"math"
	"math/rand/v2"
)

// order is the temporal order problem in the layout of Pascanu, Mikolov & Bengio
// 2013 (their tempOrder.py): L symbols c d e f, uniform, but for an A or a B at
//
//	p0 = ⌊L/10⌋ + U{0 … ⌊L/10⌋-1}     p1 = ⌊L/2⌋ + U{0 … ⌊L/10⌋-1}
//
// After the last step the class is which of AA, AB, BA, BB it was.
var order = &problem{
	name: "order", title: "tell in which order two rare symbols came",
	symbols: 6, classes: 4, least: 10, most: mostLag, usual: 50, gradedLoss: true,
	steps:  func(lag int) int { return lag },
	span:   func(lag int) int { return lag - 1 - lag/10 },
	chance: func(int) float64 { return math.Log(4) },
	write: func(g *rand.Rand, lag int, _ bool, s *sequence) {
		for i := range lag {
			s.x[i] = int32(2 + g.IntN(4))
		}
		first, second := g.IntN(2), g.IntN(2)
		s.x[lag/10+g.IntN(lag/10)] = int32(first)
		s.x[lag/2+g.IntN(lag/10)] = int32(second)
		s.answer(lag-1, 2*first+second)
	},
}
