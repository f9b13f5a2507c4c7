package lag

import "math/rand/v2"

// adding is the adding problem (Hochreiter & Schmidhuber 1997, experiment 4, in
// the form of Le, Jaitly & Hinton 2015): T steps of two numbers, u uniform on
// [0, 1) and a mark. One step of each half is marked; the target, read after
// the last step, is the sum of the two marked numbers.
//
//	u  .31 .94 .08 .57 .66 .12        target .94 + .12
//	m   0   1   0   0   0   1
//
// Who answers 1 every time has a mean squared error of 2·Var(u) = 1/6.
var adding = &problem{
	name: "adding", title: "add two marked numbers of a long sequence",
	width: 2, least: 2, most: mostLag, usual: 50, gradedLoss: true,
	steps:  func(lag int) int { return lag },
	span:   func(lag int) int { return lag - 1 },
	chance: func(int) float64 { return 1.0 / 6 },
	write: func(g *rand.Rand, lag int, _ bool, s *sequence) {
		for i := range lag {
			s.values[i][0] = g.Float32()
		}
		a, b := g.IntN(lag/2), lag/2+g.IntN(lag-lag/2)
		s.values[a][1], s.values[b][1] = 1, 1
		s.goals[lag-1] = s.values[a][0] + s.values[b][0]
		s.answer(lag-1, 0)
	},
}

// within is how near an answer to the adding problem must be to count as right
// (Hochreiter & Schmidhuber's criterion).
const within = 0.04

// mostLag keeps a mistyped lag from taking the machine's memory.
const mostLag = 20000
