package probe

import (
	"math"
	"time"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// DynamicsOptions say how much of a text's dynamics is computed. A zero takes
// the default.
type DynamicsOptions struct {
	Samples   int // Jacobians and products to decompose; default by size, see below
	Exponents int // Lyapunov exponents; default 8
}

// A decomposition of an n x n matrix costs some 15 n³ multiply-adds. By
// default as many are made as workOfSamples pays for, two at least and one a
// step at most: about a second.
const workOfSamples = 3e9

// Products are followed back until their multiply-adds reach this, eight steps
// at least: some 300 steps for a state of 256, 37 for 512, 8 for 1024.
const workOfProducts = 5e9

// Dynamics measures the Jacobians of a layer's recurrence along a text, from
// the zero state: singular values, norms of products, Lyapunov exponents. All
// of it is float64.
func Dynamics(m *rnn.Model, ids []int32, layer int, d DynamicsOptions, o Control) (*scope.Jacobians, error) {
	began := time.Now()
	r := newRecurrence(m, layer)
	n, T := r.size(), len(ids)
	if T == 0 {
		return nil, say.Errorf("there is no step to look at")
	}
	samples := d.Samples
	if samples == 0 {
		samples = max(2, int(workOfSamples/(15*math.Pow(float64(n), 3))))
	}
	samples = min(samples, T)
	exponents := d.Exponents
	if exponents == 0 {
		exponents = 8
	}
	out := &scope.Jacobians{Layer: layer, Steps: T, Blocks: m.Blocks(), CellMax: math.NaN()}
	w := m.Recurrent(layer).Value.Data
	for b := range r.blocks {
		block := w[b*m.Hidden*m.Hidden : (b+1)*m.Hidden*m.Hidden]
		rho, err := rnn.SpectralRadius(block, m.Hidden)
		if err != nil && norm(block) > 0 { // of zeros it is 0
			return nil, err
		}
		out.Radius = append(out.Radius, rho)
	}
	points := r.points(ids)
	total, done := T+2*samples, 0
	tick := func() error { done++; return o.step(done, total) }

	slope, cells := 0.0, 0.0
	for _, p := range points {
		for i := range m.Hidden {
			slope += r.slope(p, i)
		}
	}
	out.Slope = slope / float64(T*m.Hidden)

	for _, t := range spread(T, samples) {
		values, ok := singular(r.jacobian(points[t]))
		if !ok {
			return nil, say.Errorf("the singular values of the Jacobian at step %d did not converge", t+1)
		}
		out.Sampled, out.Singular = append(out.Sampled, t), append(out.Singular, values)
		out.SigmaMax += values[0] / float64(samples)
		if m.HasMemory() { // ∂c/∂c' is diagonal
			top := 0.0
			for _, f := range points[t].z[m.Hidden : 2*m.Hidden] {
				top = math.Max(top, f)
			}
			cells += top / float64(samples)
			out.CellMax = cells
		}
		if err := tick(); err != nil {
			return nil, err
		}
	}
	if err := r.products(points, samples, out, tick); err != nil {
		return nil, err
	}
	if err := r.lyapunov(points, min(exponents, n), out, tick); err != nil {
		return nil, err
	}
	out.Seconds = time.Since(began).Seconds()
	return out, nil
}

// spread picks n of the steps 0 … T-1, the last among them.
func spread(T, n int) []int {
	var steps []int
	for i := range n {
		steps = append(steps, (i+1)*T/n-1)
	}
	return steps
}

// singular values, descending. Not finite matrices have none.
func singular(a *mat.Dense) ([]float64, bool) {
	for _, x := range a.RawMatrix().Data {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, false
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		return nil, false
	}
	return svd.Values(nil), true
}

// products measures ‖∂s_T/∂s_{T-k}‖₂ at n lags k. The product is kept at size
// one and its logarithm apart, so that no lag is out of range.
func (r *recurrence) products(points []point, n int, out *scope.Jacobians, tick func() error) error {
	T := min(len(points), max(8, int(workOfProducts/math.Pow(float64(r.size()), 3))))
	points = points[len(points)-T:]
	n = min(n, T)
	wanted := map[int]bool{}
	for _, t := range spread(T, n) {
		wanted[t+1] = true
	}
	var product, next mat.Dense
	product.CloneFrom(mat.NewDiagDense(r.size(), ones(r.size())))
	size := 0.0
	for k := 1; k <= T; k++ {
		next.Mul(&product, r.jacobian(points[T-k]))
		product, next = next, product
		top := mat.Norm(&product, math.Inf(1))
		if top == 0 || math.IsNaN(top) || math.IsInf(top, 0) {
			out.ProductLags, out.LogProduct = append(out.ProductLags, k), append(out.LogProduct, math.Log(top))
			return nil
		}
		product.Scale(1/top, &product)
		size += math.Log(top)
		if !wanted[k] {
			continue
		}
		values, ok := singular(&product)
		if !ok {
			return say.Errorf("the singular values of the product of %d Jacobians did not converge", k)
		}
		out.ProductLags, out.LogProduct = append(out.ProductLags, k), append(out.LogProduct, size+math.Log(values[0]))
		if err := tick(); err != nil {
			return err
		}
	}
	return nil
}

func ones(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	return x
}
