package train

import (
	"math"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// optimizer moves weights p by the gradient g. moments are vectors of its own,
// zero at first, as long as p.
type optimizer struct {
	name    string
	moments []string // their names in a checkpoint
	still   bool     // it leaves weights without a gradient where they are, if they do not decay
	update  func(k *kernel.Set, p, g []float32, moments [][]float32, s *step)
}

// step is what an update depends on beside the vectors.
type step struct {
	lr    float64
	scale float32 // of the gradient: what clipping by norm multiplies it by
	decay float64
	n     int64 // this is the optimizer's n-th update, from 1

	// Room for what the kernels are given by pointer.
	adam     kernel.AdamStep
	momentum kernel.MomentumStep
	rmsprop  kernel.RMSpropStep
}

// optimizers is the table of optimizers; tests range over it.
var optimizers = []*optimizer{adam, sgd, momentum, rmsprop}

// Optimizers returns their names.
func Optimizers() []string {
	var names []string
	for _, o := range optimizers {
		names = append(names, o.name)
	}
	return names
}

func optimizerOf(name string) (*optimizer, error) {
	for _, o := range optimizers {
		if o.name == name {
			return o, nil
		}
	}
	return nil, say.Errorf("optimizer must be one of %v, not %q", Optimizers(), name)
}

// adam is torch.optim.Adam with betas 0.9 and 0.999 and eps 1e-8 (Kingma & Ba
// 2015); see kernel.AdamStep for the equations.
var adam = &optimizer{
	name: "adam", moments: []string{"exp_avg", "exp_avg_sq"},
	update: func(k *kernel.Set, p, g []float32, moments [][]float32, s *step) {
		const beta1, beta2 = 0.9, 0.999
		s.adam = kernel.AdamStep{
			Scale: s.scale, Decay: float32(s.decay), Eps: 1e-8,
			Rate:          float32(s.lr / (1 - math.Pow(beta1, float64(s.n)))),
			Root:          float32(1 / math.Sqrt(1-math.Pow(beta2, float64(s.n)))),
			OneMinusBeta1: 1 - beta1, Beta2: beta2, OneMinusBeta2: 1 - beta2,
		}
		k.Adam(p, moments[0], moments[1], g, &s.adam)
	},
}

// sgd is torch.optim.SGD: p ← p - lr·(g + decay·p).
var sgd = &optimizer{
	name: "sgd", still: true,
	update: func(k *kernel.Set, p, g []float32, _ [][]float32, s *step) {
		if s.decay > 0 {
			k.Scale(p, float32(1-s.lr*s.decay))
		}
		k.Axpy(p, float32(-s.lr*float64(s.scale)), g)
	},
}

// momentum is torch.optim.SGD with momentum 0.9: buf ← 0.9·buf + g, p ← p - lr·buf.
var momentum = &optimizer{
	name: "momentum", moments: []string{"momentum_buffer"},
	update: func(k *kernel.Set, p, g []float32, moments [][]float32, s *step) {
		s.momentum = kernel.MomentumStep{Scale: s.scale, Decay: float32(s.decay), Rate: float32(s.lr), Mu: 0.9}
		k.Momentum(p, moments[0], g, &s.momentum)
	},
}

// rmsprop is torch.optim.RMSprop with alpha 0.99 and eps 1e-8.
var rmsprop = &optimizer{
	name: "rmsprop", moments: []string{"square_avg"},
	update: func(k *kernel.Set, p, g []float32, moments [][]float32, s *step) {
		const alpha = 0.99
		s.rmsprop = kernel.RMSpropStep{Scale: s.scale, Decay: float32(s.decay), Rate: float32(s.lr), Alpha: alpha, OneMinusAlpha: 1 - alpha, Eps: 1e-8}
		k.RMSprop(p, moments[0], g, &s.rmsprop)
	},
}
