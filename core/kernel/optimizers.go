package kernel

// AdamStep is what an Adam update needs beside the vectors (Kingma & Ba 2015,
// with PyTorch's L2 weight decay):
//
//	g ← Scale·g + Decay·p
//	m ← m + (1-β1)(g-m)      v ← β2·v + (1-β2)·g²
//	p ← p - Rate·m / (√v·Root + Eps)
//
// with Rate = lr/(1-β1ᵗ) and Root = 1/√(1-β2ᵗ).
type AdamStep struct {
	Scale, Decay, Rate, Root, Eps       float32
	OneMinusBeta1, Beta2, OneMinusBeta2 float32
}

// Adam moves p, m and v by one update; g is left as it was.
func (s *Set) Adam(p, m, v, g []float32, a *AdamStep) {
	check(min(len(m), len(v), len(g)) >= len(p), "Adam", len(p))
	s.adam(p, m, v, g, *a)
}

// MomentumStep is what a momentum update needs beside the vectors:
//
//	buf ← Mu·buf + (Scale·g + Decay·p)      p ← p - Rate·buf
//
// With Mu = 0 it is plain stochastic gradient descent.
type MomentumStep struct{ Scale, Decay, Rate, Mu float32 }

// Momentum moves p and buf by one update.
func (s *Set) Momentum(p, buf, g []float32, a *MomentumStep) {
	check(min(len(buf), len(g)) >= len(p), "Momentum", len(p))
	s.momentum(p, buf, g, *a)
}

// RMSpropStep is what an RMSprop update needs beside the vectors:
//
//	g ← Scale·g + Decay·p     v ← Alpha·v + OneMinusAlpha·g²     p ← p - Rate·g/(√v + Eps)
type RMSpropStep struct{ Scale, Decay, Rate, Alpha, OneMinusAlpha, Eps float32 }

// RMSprop moves p and v by one update.
func (s *Set) RMSprop(p, v, g []float32, a *RMSpropStep) {
	check(min(len(v), len(g)) >= len(p), "RMSprop", len(p))
	s.rmsprop(p, v, g, *a)
}
