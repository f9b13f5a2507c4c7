package probe

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// differences is for an analytic float64 derivative against a central
// difference with steps of 1e-5: truncation 1e-10 and rounding 1e-11.
const differences = 1e-8

// Every element of ∂s_t/∂s_{t-1} against central differences of the step.
func TestJacobianEqualsCentralDifferences(t *testing.T) {
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 12)
		for layer := range c.Layers {
			r := newRecurrence(m, layer)
			x := ids(6, c.Vocab, 4)
			points := r.points(x)
			p := points[5]
			// The layer's input at that step, from the layers below.
			input := r.exact.embedding(x[5])
			if layer > 0 {
				below := newRecurrence(m, layer-1).points(x)
				input = below[5].h
			}
			after := func(k int, by float64) []float64 {
				h0, c0 := slices.Clone(p.h0), slices.Clone(p.c0)
				if k < c.Hidden {
					h0[k] += by
				} else {
					c0[k-c.Hidden] += by
				}
				out := r.exact.step(layer, input, h0, c0, nil)
				return slices.Concat(out.h, out.c)
			}
			j := r.jacobian(p)
			const step = 1e-5
			for k := range r.size() {
				up, down := after(k, step), after(k, -step)
				for i := range r.size() {
					want := (up[i] - down[i]) / (2 * step)
					if math.Abs(j.At(i, k)-want) > differences {
						t.Fatalf("%s%s layer %d: ∂s[%d]/∂s'[%d]: got %.10f, central difference %.10f", c.Cell, c.Activation, layer, i, k, j.At(i, k), want)
					}
				}
			}
		}
	}
}

// The float64 model is the engine's: losses agree.
func TestDoubleIsTheEngine(t *testing.T) {
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 2)
		w := window(m, 20, 3)
		w.IDs[6] = -1
		step := m.NewStepper()
		var logits []float32
		for _, id := range w.IDs {
			logits = step.Step(int(id))
		}
		want := m.Kernel.Softmax(slices.Clone(logits)) - float64(logits[w.Target])
		if got := newDouble(m).loss(w); off(got, want) > 1e-5 {
			t.Errorf("%s L%d: loss %v, the engine's %v", c.Cell, c.Layers, got, want)
		}
	}
}

// The backward pass against central differences, every layer: what the user
// can ask for on the spot.
func TestCheckGradient(t *testing.T) {
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 21)
		w := window(m, 25, 1)
		for layer := range c.Layers {
			d, err := CheckGradient(m, w, layer, []int{0, 1, 2, 5, 9, 15}, Control{})
			if err != nil {
				t.Fatal(err)
			}
			if c.Activation == "relu" {
				continue // a kink may lie within ε
			}
			if d.Worst > engine || d.Gradient[0] == 0 || !d.Agree() || d.Told() < 5 {
				t.Errorf("%s L%d layer %d: worst %.3g: gradient %v, central %v", c.Cell, c.Layers, layer, d.Worst, d.Gradient, d.Central)
			}
		}
		// A pass back that is wrong must be seen to be.
		for i := range m.Recurrent(c.Layers - 1).Value.Data {
			m.Recurrent(c.Layers - 1).Value.Data[i] *= 1.5 // not packed: only float64 knows
		}
		d, err := CheckGradient(m, w, c.Layers-1, []int{1, 2}, Control{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Worst < 10*engine || d.Agree() {
			t.Errorf("%s: another W_hh goes unnoticed: %.3g", c.Cell, d.Worst)
		}
	}
}

// Where the gradient has vanished, rounding is no disagreement, and is not hidden
// either.
func TestCheckVanishedGradient(t *testing.T) {
	const T = 200
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 21)
		d, err := CheckGradient(m, window(m, T, 1), 0, append(everyLag(20), 49, 99, T-1), Control{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Activation == "relu" {
			continue // a kink may lie within ε
		}
		last := len(d.Lags) - 1
		if d.Doubt[last] != scope.Faint || d.Gradient[last] > 1e-20 || d.Doubt[0] != scope.Clear {
			t.Errorf("%s L%d: gradient %v at lag %d: %v; at lag 0: %v", c.Cell, c.Layers, d.Gradient[last], d.Lags[last], d.Doubt[last], d.Doubt[0])
		}
		if !d.Agree() {
			t.Errorf("%s L%d: off by %v", c.Cell, c.Layers, d.Worst)
		}
		for i, k := range d.Lags {
			if rest := math.Abs(d.Central[i] - d.Gradient[i]); rest > d.Error[i]+1e-3*d.Gradient[i] {
				t.Errorf("%s L%d, lag %d: apart by %v, known to %v", c.Cell, c.Layers, k, rest, d.Error[i])
			}
		}
	}
}

func everyLag(n int) []int {
	lags := make([]int, n)
	for k := range lags {
		lags[k] = k
	}
	return lags
}

// Where gradients explode the two are held against each other as far as float32
// and float64 go the same way.
func TestCheckExplodingGradient(t *testing.T) {
	const T = 100
	for _, c := range configs {
		if c.Activation == "relu" {
			continue
		}
		for _, gain := range []float64{2, 3, 5} {
			m := model(t, c, rnn.Init{Rule: "gain", Value: gain}, 4)
			for layer := range c.Layers {
				d, err := CheckGradient(m, window(m, T, 1), layer, everyLag(T), Control{})
				if err != nil {
					t.Fatal(err)
				}
				if !d.Agree() || d.Doubt[0] != scope.Clear || d.Doubt[1] != scope.Clear {
					t.Errorf("%s L%d, gain %v, layer %d: off by %v, %d told, gradient %.3g at lag %d", c.Cell, c.Layers, gain, layer, d.Worst, d.Told(), d.Gradient[T-1], T-1)
				}
			}
		}
	}
}

// A model that is sure of what comes next has a gradient that float32 no longer
// knows; that is not called a disagreement.
func TestCheckSureModel(t *testing.T) {
	m := model(t, rnn.Config{Cell: "lstm", Layers: 1, Embed: 5, Hidden: 7, Vocab: 6}, rnn.Init{}, 3)
	w := window(m, 12, 1)
	for _, x := range m.Tensors() {
		if x.Name == "fc.bias" {
			x.Value.Data[w.Target] = 17
		}
	}
	m.Pack()
	d, err := CheckGradient(m, w, 0, []int{0, 1, 2}, Control{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Told() > 0 || d.Agree() || d.Worst != 0 {
		t.Errorf("%d lags are told of, worst %v: %v against %v", d.Told(), d.Worst, d.Gradient, d.Central)
	}
}

// A gradient of zero where there is one differs, and nothing told is no agreement.
func TestDifferencesAgree(t *testing.T) {
	for _, c := range []struct {
		gradient, central, off float64
		doubt                  scope.Doubt
		agree                  bool
	}{
		{1, 1.001, 1e-6, scope.Clear, true}, {1, 1.1, 1e-6, scope.Clear, false}, {1, 1.1, 0.2, scope.Clear, true},
		{0, 0.3, 1e-6, scope.Clear, false}, {1, 1, 0, scope.Faint, false},
	} {
		d := scope.Differences{Lags: []int{0}, Gradient: []float64{c.gradient}, Central: []float64{c.central}, Error: []float64{c.off}, Doubt: []scope.Doubt{c.doubt}}
		if c.doubt == scope.Clear {
			d.Worst = d.Apart(0)
		}
		if d.Agree() != c.agree {
			t.Errorf("%+v: %v", d, d.Agree())
		}
	}
}

// A derivative is known to the bound that it comes with.
func TestDerivative(t *testing.T) {
	for name, c := range map[string]struct {
		f     func(float64) float64
		slope float64
	}{
		"sine": {math.Sin, 1}, "steep": {func(x float64) float64 { return math.Sin(1e5 * x) }, 1e5},
		"faint": {func(x float64) float64 { return 3 + 1e-9*math.Tanh(x) }, 1e-9}, "flat": {func(float64) float64 { return 4 }, 0},
	} {
		got, off := derivative(c.f, 4*ulp64*4)
		if math.Abs(got-c.slope) > off || off > 1e-3*c.slope+1e-14 {
			t.Errorf("%s: %v ± %v, is %v", name, got, off, c.slope)
		}
	}
}

func TestDynamics(t *testing.T) {
	const T = 30
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 5)
		layer := c.Layers - 1
		x := ids(T, c.Vocab, 3)
		r := newRecurrence(m, layer)
		n := r.size()
		d, err := Dynamics(m, x, layer, DynamicsOptions{Samples: T, Exponents: n}, Control{})
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s%s L%d", c.Cell, c.Activation, c.Layers)
		points := r.points(x)
		product := mat.NewDense(n, n, nil)
		for i := range n {
			product.Set(i, i, 1)
		}
		dets, sigma := 0.0, 0.0
		for s, p := range points {
			j := r.jacobian(p)
			// Σ σ² = ‖J‖_F², Π σ = |det J|: no decomposition needed.
			squares, logs := 0.0, 0.0
			for _, v := range d.Singular[s] {
				squares += v * v
				logs += math.Log(v)
			}
			sigma += d.Singular[s][0] / T
			if frobenius := mat.Norm(j, 2); off(squares, frobenius*frobenius) > 1e-10 {
				t.Errorf("%s step %d: Σσ² %v, ‖J‖² %v", name, s, squares, frobenius*frobenius)
			}
			det, _ := mat.LogDet(j)
			if c.Activation != "relu" && math.Abs(det-logs) > 1e-6*math.Abs(det) {
				t.Errorf("%s step %d: Σ ln σ %v, ln|det J| %v", name, s, logs, det)
			}
			dets += det / T
		}
		if off(d.SigmaMax, sigma) > 1e-12 {
			t.Errorf("%s: σmax %v, want %v", name, d.SigmaMax, sigma)
		}
		// The exponents of all directions sum to the mean of ln|det J|.
		sum := 0.0
		for _, l := range d.Lyapunov {
			sum += l
		}
		if c.Activation != "relu" && off(sum, dets) > 1e-6 {
			t.Errorf("%s: Σλ %v, mean ln|det J| %v", name, sum, dets)
		}
		// ‖product‖₂ by power iteration on AᵀA, at every lag.
		for k := 1; k <= T; k++ {
			var next mat.Dense
			next.Mul(product, r.jacobian(points[T-k]))
			product = &next
			if d.ProductLags[k-1] != k {
				t.Fatalf("%s: lags %v", name, d.ProductLags)
			}
			if want := math.Log(power(product)); k <= 15 && math.Abs(d.LogProduct[k-1]-want) > 1e-6*math.Max(1, math.Abs(want)) {
				t.Errorf("%s: ln‖product of %d‖ %v, by power iteration %v", name, k, d.LogProduct[k-1], want)
			}
		}
		if len(d.Radius) != len(m.Blocks()) || d.Radius[0] <= 0 {
			t.Errorf("%s: radii %v of blocks %v", name, d.Radius, m.Blocks())
		}
	}
}

// power is the largest singular value by power iteration.
func power(a *mat.Dense) float64 {
	_, n := a.Dims()
	v := mat.NewVecDense(n, nil)
	for i := range n {
		v.SetVec(i, 1+float64(i)/10)
	}
	size := 0.0
	for range 20000 {
		var u, w mat.VecDense
		u.MulVec(a, v)
		w.MulVec(a.T(), &u)
		next := mat.Norm(&w, 2)
		v.ScaleVec(1/next, &w)
		if math.Abs(next-size) < 1e-14*next {
			size = next
			break
		}
		size = next
	}
	return math.Sqrt(size)
}

// A linear text: with W = 0.9·Q, Q a rotation, and tiny states, every exponent
// is ln 0.9, and the tanh' is 1.
func TestDynamicsOfARotation(t *testing.T) {
	m := model(t, rnn.Config{Cell: "rnn", Vocab: 3, Embed: 2, Hidden: 6, Layers: 1}, rnn.Init{Rule: "orthogonal"}, 3)
	for _, p := range m.Tensors() {
		by := float32(1e-4)
		if p == m.Recurrent(0) {
			by = 0.9
		}
		for i := range p.Value.Data {
			p.Value.Data[i] *= by
		}
	}
	m.Pack()
	d, err := Dynamics(m, ids(50, 3, 1), 0, DynamicsOptions{Exponents: 6}, Control{})
	if err != nil {
		t.Fatal(err)
	}
	for i, l := range d.Lyapunov {
		if math.Abs(l-math.Log(0.9)) > 1e-5 {
			t.Errorf("exponent %d is %v, want %v", i, l, math.Log(0.9))
		}
	}
	if off(d.SigmaMax, 0.9) > 1e-5 || off(d.Slope, 1) > 1e-5 || off(d.Radius[0], 0.9) > 1e-5 {
		t.Errorf("σ %v, ρ %v, want 0.9; tanh' %v, want 1", d.SigmaMax, d.Radius[0], d.Slope)
	}
	if last := d.LogProduct[len(d.LogProduct)-1]; math.Abs(last-50*math.Log(0.9)) > 1e-3 {
		t.Errorf("ln‖product of 50‖ %v, want %v", last, 50*math.Log(0.9))
	}
}

// loss is -log p(target) after the window's last step.
func (d *double) loss(w Window) float64 {
	return surprisal(d.goOn(w, d.begin(), place{}, nil), int(w.Target))
}
