package rnn

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// Init is a rule for the first weights. The zero value is PyTorch's.
type Init struct {
	Rule       string   // pytorch (or ""), uniform, orthogonal, identity, gain
	Value      float64  // A of uniform, G of gain
	ForgetBias *float64 // of an LSTM: b_ih of the forget gate, with b_hh 0 there; nil leaves the draw
}

// ParseInit reads pytorch, uniform:A, orthogonal, identity or gain:G.
func ParseInit(s string) (Init, error) {
	rule, value, colon := strings.Cut(s, ":")
	i := Init{Rule: rule}
	switch rule {
	case "pytorch", "orthogonal", "identity":
		if colon {
			return i, say.Errorf("initialisation %s takes no value", rule)
		}
		return i, nil
	case "uniform", "gain":
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return i, say.Errorf("initialisation %s needs a number above 0 after a colon, as in %s:0.5", rule, rule)
		}
		i.Value = v
		return i, nil
	}
	return i, say.Errorf("initialisation must be pytorch, uniform:A, orthogonal, identity or gain:G, not %q", s)
}

// Init draws all weights anew from seed, each tensor from a stream of its own:
//
//	embedding            N(0, 1)
//	recurrent, biases    U(±1/√H)
//	output, its bias     U(±1/√H)  (its input size is H)
//
// as PyTorch's modules do (a tied embedding is drawn as the output it also is),
// unless uniform says U(±A) for all. The other rules
// then replace the H x H block of each gate in every W_hh: by a random
// orthogonal matrix, by the identity, or by the draw scaled to spectral radius
// G. An error is a draw that cannot be scaled.
func (m *Model) Init(rule Init, seed uint64) error {
	bound := 1 / math.Sqrt(float64(m.Hidden))
	if rule.Rule == "uniform" {
		bound = rule.Value
	}
	team := kernel.NewTeam(min(runtime.GOMAXPROCS(0), len(m.tensors)))
	var drawn atomic.Int64 // tensors, each from a stream of its own
	team.Run(func(int) {
		for i := drawn.Add(1) - 1; i < int64(len(m.tensors)); i = drawn.Add(1) - 1 {
			t, pcg := m.tensors[i], rand.NewPCG(seed, streamInit+uint64(i))
			if t == m.embedding && !m.Tie && rule.Rule != "uniform" {
				drawNormal(t.Value.Data, pcg)
			} else {
				drawUniform(t.Value.Data, bound, pcg)
			}
		}
	})
	team.Close()
	for l, p := range m.layers {
		g := rand.New(rand.NewPCG(seed, streamBlocks+uint64(l)))
		for b := range m.cell.gates {
			block := p.whh.Value.Data[b*m.Hidden*m.Hidden : (b+1)*m.Hidden*m.Hidden]
			if err := setBlock(block, m.Hidden, rule, g); err != nil {
				return err
			}
		}
	}
	if rule.ForgetBias != nil {
		m.SetForgetBias(*rule.ForgetBias)
	}
	m.Pack()
	return nil
}

// InitRecurrent draws only the W_hh of every layer anew, as Init does: U(±1/√H)
// or U(±A), then each H x H block by the rule. A forget bias that the rule has
// is set too. Pack before the model is used.
func (m *Model) InitRecurrent(rule Init, seed uint64) error {
	bound := 1 / math.Sqrt(float64(m.Hidden))
	if rule.Rule == "uniform" {
		bound = rule.Value
	}
	for l, p := range m.layers {
		pcg := rand.NewPCG(seed, streamRecurrent+uint64(l))
		drawUniform(p.whh.Value.Data, bound, pcg)
		g := rand.New(pcg)
		for b := range m.cell.gates {
			if err := setBlock(p.whh.Value.Data[b*m.Hidden*m.Hidden:(b+1)*m.Hidden*m.Hidden], m.Hidden, rule, g); err != nil {
				return err
			}
		}
	}
	if rule.ForgetBias != nil {
		m.SetForgetBias(*rule.ForgetBias)
	}
	return nil
}

// drawNormal draws from N(0, 1).
func drawNormal(x []float32, pcg *rand.PCG) {
	g := rand.New(pcg)
	for j := range x {
		x[j] = float32(g.NormFloat64())
	}
}

// drawUniform draws from U(±bound), by the formula of rand.Float64 without its
// interface: a screen waits for this.
func drawUniform(x []float32, bound float64, pcg *rand.PCG) {
	for j := range x {
		u := float64(pcg.Uint64()<<11>>11) / (1 << 53)
		x[j] = float32((2*u - 1) * bound)
	}
}

// ScaleRecurrent scales every H x H block of every W_hh to a spectral radius.
// Pack before the model is used. An error is a block that cannot be scaled;
// nothing has changed then.
func (m *Model) ScaleRecurrent(radius float64) error {
	var scales []float64
	for _, p := range m.layers {
		for b := range m.cell.gates {
			rho, err := SpectralRadius(p.whh.Value.Data[b*m.Hidden*m.Hidden:(b+1)*m.Hidden*m.Hidden], m.Hidden)
			if err != nil {
				return err
			}
			scales = append(scales, radius/rho)
		}
	}
	for _, p := range m.layers {
		for b := range m.cell.gates {
			block := p.whh.Value.Data[b*m.Hidden*m.Hidden : (b+1)*m.Hidden*m.Hidden]
			for i := range block {
				block[i] *= float32(scales[0])
			}
			scales = scales[1:]
		}
	}
	return nil
}

// SetForgetBias sets the bias of an LSTM's forget gates: b_ih, with b_hh 0.
// Other cells have none. Pack before the model is used.
func (m *Model) SetForgetBias(v float64) {
	if m.cell != lstmCell {
		return
	}
	for _, p := range m.layers {
		for j := m.Hidden; j < 2*m.Hidden; j++ {
			p.bih.Value.Data[j], p.bhh.Value.Data[j] = float32(v), 0
		}
	}
}

// Streams of the generators, so that each purpose draws its own numbers.
const (
	streamInit      = 1 << 60
	streamBlocks    = 2 << 60
	streamDropout   = 3 << 60
	streamRecurrent = 4 << 60
)

// setBlock replaces one gate's H x H recurrent block as the rule says.
func setBlock(block []float32, h int, rule Init, g *rand.Rand) error {
	switch rule.Rule {
	case "orthogonal":
		a := mat.NewDense(h, h, nil)
		for i := range h {
			for j := range h {
				a.Set(i, j, g.NormFloat64())
			}
		}
		var qr mat.QR
		qr.Factorize(a)
		var q, r mat.Dense
		qr.QTo(&q)
		qr.RTo(&r)
		for i := range h {
			for j := range h {
				// Signs of R's diagonal make the draw uniform (Mezzadri 2007).
				block[i*h+j] = float32(math.Copysign(1, r.At(j, j)) * q.At(i, j))
			}
		}
	case "identity":
		clear(block)
		for i := range h {
			block[i*h+i] = 1
		}
	case "gain":
		rho, err := SpectralRadius(block, h)
		if err != nil {
			return err
		}
		for i := range block {
			block[i] *= float32(rule.Value / rho)
		}
	}
	return nil
}

// SpectralRadius is the largest magnitude of the eigenvalues of a square
// matrix [h, h].
func SpectralRadius(w []float32, h int) (float64, error) {
	a := mat.NewDense(h, h, nil)
	for i, x := range w {
		a.Set(i/h, i%h, float64(x))
	}
	var eig mat.Eigen
	if !eig.Factorize(a, mat.EigenNone) {
		return 0, say.Errorf("the eigenvalues of a %d x %d matrix did not converge", h, h)
	}
	rho := 0.0
	for _, v := range eig.Values(nil) {
		rho = max(rho, math.Hypot(real(v), imag(v)))
	}
	if rho == 0 || math.IsNaN(rho) {
		return 0, say.Errorf("a %d x %d matrix has spectral radius %v and cannot be scaled", h, h, rho)
	}
	return rho, nil
}
