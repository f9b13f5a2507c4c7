package rnn

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"rnnscope/core/kernel"
)

func initialised(t *testing.T, c Config, rule Init, seed uint64) *Model {
	t.Helper()
	m, err := New(c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rule, seed); err != nil {
		t.Fatal(err)
	}
	return m
}

// kolmogorov is the largest distance between the values' distribution and the
// one given.
func kolmogorov(x []float32, cdf func(float64) float64) float64 {
	v := widen(x)
	slices.Sort(v)
	d := 0.0
	for i, u := range v {
		f := cdf(u)
		d = math.Max(d, math.Max(math.Abs(f-float64(i)/float64(len(v))), math.Abs(f-float64(i+1)/float64(len(v)))))
	}
	return d
}

// The Kolmogorov-Smirnov distance of n values exceeds 1.95/√n once in a
// thousand draws; the seeds here are fixed.
func fits(t *testing.T, what string, x []float32, cdf func(float64) float64) {
	t.Helper()
	if d, most := kolmogorov(x, cdf), 1.95/math.Sqrt(float64(len(x))); d > most {
		t.Errorf("%s: distance %.4f from the distribution stated, allowed %.4f", what, d, most)
	}
}

func uniform(bound float64) func(float64) float64 {
	return func(x float64) float64 { return math.Min(1, math.Max(0, (x+bound)/(2*bound))) }
}

func TestInitHasPyTorchsDistributions(t *testing.T) {
	c := Config{Cell: "lstm", Vocab: 300, Embed: 40, Hidden: 64, Layers: 2}
	normal := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	for _, p := range initialised(t, c, Init{}, 1).Tensors() {
		if p.Name == "embedding.weight" {
			fits(t, p.Name, p.Value.Data, normal)
			continue
		}
		fits(t, p.Name, p.Value.Data, uniform(1/math.Sqrt(64)))
	}
	for _, p := range initialised(t, c, Init{Rule: "uniform", Value: 0.1}, 1).Tensors() {
		fits(t, p.Name+" of uniform:0.1", p.Value.Data, uniform(0.1))
	}
	if a, b := initialised(t, c, Init{}, 1), initialised(t, c, Init{}, 2); slices.Equal(a.Weights(), b.Weights()) {
		t.Error("two seeds drew the same weights")
	}
	if a, b := initialised(t, c, Init{}, 1), initialised(t, c, Init{}, 1); !slices.Equal(a.Weights(), b.Weights()) {
		t.Error("one seed drew two different models")
	}
}

func TestInitOfRecurrentBlocks(t *testing.T) {
	const h = 24
	for _, cell := range Cells() {
		c := Config{Cell: cell, Vocab: 5, Embed: 3, Hidden: h, Layers: 2}
		plain := initialised(t, c, Init{}, 4)
		for _, rule := range []Init{{Rule: "orthogonal"}, {Rule: "identity"}, {Rule: "gain", Value: 1.3}} {
			m := initialised(t, c, rule, 4)
			for i, p := range m.Tensors() {
				if p.Value.Rows == plain.cell.gates*h && p.Value.Cols == h && p.Name[4:13] == "weight_hh" {
					for b := range m.cell.gates {
						checkBlock(t, rule, p.Value.Data[b*h*h:(b+1)*h*h], plain.Tensors()[i].Value.Data[b*h*h:(b+1)*h*h], h)
					}
				} else if !slices.Equal(p.Value.Data, plain.Tensors()[i].Value.Data) {
					t.Errorf("%s %s changed %s", cell, rule.Rule, p.Name)
				}
			}
		}
	}
}

func checkBlock(t *testing.T, rule Init, w, plain []float32, h int) {
	t.Helper()
	a := mat.NewDense(h, h, widen(w))
	switch rule.Rule {
	case "orthogonal", "identity":
		var p mat.Dense
		p.Mul(a, a.T())
		for i := range h {
			for j := range h {
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(p.At(i, j)-want) > 1e-5 {
					t.Fatalf("%s: (W Wᵀ)[%d,%d] = %v", rule.Rule, i, j, p.At(i, j))
				}
			}
		}
		if rule.Rule == "identity" && stat.Mean(widen(w), nil) != 1/float64(h) {
			t.Errorf("identity is not the identity")
		}
	case "gain":
		rho, err := SpectralRadius(w, h)
		if err != nil || math.Abs(rho-rule.Value) > 1e-5 {
			t.Errorf("spectral radius %v (%v), want %v", rho, err, rule.Value)
		}
		if r := float64(w[0] / plain[0]); math.Abs(float64(w[7])/r-float64(plain[7])) > 1e-6 {
			t.Error("gain did more than scale")
		}
	}
}

func TestForgetBias(t *testing.T) {
	const h = 10
	b := 1.5
	c := Config{Cell: "lstm", Vocab: 5, Embed: 3, Hidden: h, Layers: 2}
	m, plain := initialised(t, c, Init{ForgetBias: &b}, 4), initialised(t, c, Init{}, 4)
	for l, p := range m.layers {
		q := plain.layers[l]
		for j := range 4 * h {
			ih, hh := p.bih.Value.Data[j], p.bhh.Value.Data[j]
			if forget := j >= h && j < 2*h; forget && (ih != 1.5 || hh != 0) {
				t.Errorf("layer %d: forget biases %v and %v", l, ih, hh)
			} else if !forget && (ih != q.bih.Value.Data[j] || hh != q.bhh.Value.Data[j]) {
				t.Errorf("layer %d: another gate's bias changed", l)
			}
		}
	}
}

// The closed form for a rotation scaled by r: both eigenvalues have magnitude r.
func TestSpectralRadius(t *testing.T) {
	if rho, err := SpectralRadius([]float32{0, -0.5, 0.5, 0}, 2); err != nil || math.Abs(rho-0.5) > 1e-12 {
		t.Errorf("got %v, %v; want 0.5", rho, err)
	}
	if _, err := SpectralRadius(make([]float32, 9), 3); err == nil {
		t.Error("a zero matrix was said to be scalable")
	}
}

func TestParseInit(t *testing.T) {
	for _, good := range []string{"pytorch", "orthogonal", "identity", "uniform:0.1", "gain:1.5"} {
		if _, err := ParseInit(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "xavier", "uniform", "gain:", "gain:-1", "gain:NaN", "uniform:Inf", "identity:2"} {
		if _, err := ParseInit(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestConfigIsChecked(t *testing.T) {
	good := Config{Cell: "lstm", Vocab: 5, Embed: 4, Hidden: 4, Layers: 1}
	for _, change := range []func(*Config){
		func(c *Config) { c.Cell = "transformer" },
		func(c *Config) { c.Activation = "relu" },
		func(c *Config) { c.Cell, c.Activation = "rnn", "sigmoid" },
		func(c *Config) { c.Hidden = 0 },
		func(c *Config) { c.Layers = -1 },
		func(c *Config) { c.Embed = Most + 1 },
		func(c *Config) { c.Vocab = 0 },
		func(c *Config) { c.Dropout = 1 },
		func(c *Config) { c.Dropout = math.NaN() },
		func(c *Config) { c.Tie, c.Hidden = true, 5 },
	} {
		c := good
		change(&c)
		if _, err := New(c, kernel.Available()[0]); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
