package probe

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/train"
)

// configs are the models of the tests below: every cell and activation, one
// layer and two, sizes that are no multiple of a vector.
var configs = []rnn.Config{
	{Cell: "rnn", Vocab: 9, Embed: 5, Hidden: 7, Layers: 1},
	{Cell: "rnn", Activation: "relu", Vocab: 9, Embed: 5, Hidden: 17, Layers: 2},
	{Cell: "gru", Vocab: 11, Embed: 6, Hidden: 12, Layers: 1},
	{Cell: "gru", Vocab: 11, Embed: 6, Hidden: 9, Layers: 2},
	{Cell: "lstm", Vocab: 13, Embed: 4, Hidden: 10, Layers: 1},
	{Cell: "lstm", Vocab: 13, Embed: 9, Hidden: 9, Layers: 2, Tie: true},
}

func TestEveryCellIsProbed(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range configs {
		seen[c.Cell] = true
	}
	for _, cell := range rnn.Cells() {
		if !seen[cell] {
			t.Errorf("no test probes a model of %s cells", cell)
		}
	}
}

func model(t *testing.T, c rnn.Config, rule rnn.Init, seed uint64) *rnn.Model {
	t.Helper()
	m, err := rnn.New(c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rule, seed); err != nil {
		t.Fatal(err)
	}
	return m
}

func ids(n, vocab int, seed uint64) []int32 {
	g := rand.New(rand.NewPCG(seed, 77))
	x := make([]int32, n)
	for i := range x {
		x[i] = int32(g.IntN(vocab))
	}
	return x
}

func window(m *rnn.Model, n int, seed uint64) Window {
	x := ids(n+1, m.Vocab, seed)
	return Window{x[:n], x[n]}
}

// off is how far got is from want, relative to want.
func off(got, want float64) float64 {
	if got == want {
		return 0
	}
	return math.Abs(got-want) / math.Abs(want)
}

// engine is for norms out of the float32 pass against float64, whose rounding
// grows with the number of steps.
const engine = 1e-4

// The norms against products of the float64 Jacobians of jacobian.go, which
// jacobian_test.go holds against central differences: the vector from the
// output goes back step by step. Down to 1e-20 with PyTorch's draw, and far
// below float32's range with a weak W_hh.
func TestFlowEqualsProductsOfJacobians(t *testing.T) {
	for _, c := range configs {
		if c.Layers > 1 {
			continue // below the top the layer above has a part too; see TestCheckGradient
		}
		for _, rule := range []rnn.Init{{}, {Rule: "gain", Value: 0.2}, {Rule: "orthogonal"}} {
			name := fmt.Sprintf("%s%s H%d %s", c.Cell, c.Activation, c.Hidden, rule.Rule)
			m := model(t, c, rule, 3)
			const steps = 70
			w := window(m, steps, 5)
			f, err := Flow(m, []Window{w}, Control{})
			if err != nil {
				t.Fatal(err)
			}
			h, cell := byJacobians(m, w)
			if rule.Value == 0.2 && c.Cell == "rnn" && h[steps-1] > 1e-40 {
				t.Errorf("%s: the norm at lag %d is %.2g: this does not leave float32's range", name, steps-1, h[steps-1])
			}
			for k := range steps {
				if got := f.Layers[0].H.Arithmetic[k]; off(got, h[k]) > engine {
					t.Fatalf("%s: ‖∂L/∂h‖ at lag %d: got %.8g, float64 %.8g", name, k, got, h[k])
				}
				if !m.HasMemory() {
					continue
				}
				if got := f.Layers[0].C.Arithmetic[k]; off(got, cell[k]) > engine {
					t.Fatalf("%s: ‖∂L/∂c‖ at lag %d: got %.8g, float64 %.8g", name, k, got, cell[k])
				}
			}
		}
	}
}

// byJacobians is ‖∂L/∂h_{T-k}‖ and ‖∂L/∂c_{T-k}‖ of a one-layer model.
func byJacobians(m *rnn.Model, w Window) (h, c []float64) {
	r, H, T := newRecurrence(m, 0), m.Hidden, len(w.IDs)
	points := r.points(w.IDs)
	logits := make([]float64, m.Vocab)
	affine(logits, r.exact.fc, r.exact.fb, points[T-1].h)
	v := mat.NewVecDense(r.size(), nil)
	for y := range logits {
		p := math.Exp(-surprisal(logits, y))
		if y == int(w.Target) {
			p--
		}
		for j := range H {
			v.SetVec(j, v.AtVec(j)+p*r.exact.fc[y*H+j])
		}
	}
	for k := range T {
		p := points[T-1-k]
		hh, cc := 0.0, 0.0
		for j := range H {
			hh += v.AtVec(j) * v.AtVec(j)
			if m.HasMemory() {
				tc := math.Tanh(p.c[j])
				d := v.AtVec(H+j) + v.AtVec(j)*p.z[3*H+j]*(1-tc*tc)
				cc += d * d
			}
		}
		h, c = append(h, math.Sqrt(hh)), append(c, math.Sqrt(cc))
		var next mat.VecDense
		next.MulVec(r.jacobian(p).T(), v)
		v = &next
	}
	return h, c
}

// One unit: ∂L/∂h_{T-k} = ∂L/∂h_T · w^k · Π tanh'(a), all of it computed here.
func TestFlowOfOneUnitIsTheClosedForm(t *testing.T) {
	m := model(t, rnn.Config{Cell: "rnn", Vocab: 3, Embed: 1, Hidden: 1, Layers: 1}, rnn.Init{}, 11)
	values := map[string][]float32{}
	for _, p := range m.Tensors() {
		values[p.Name] = p.Value.Data
	}
	values["rnn.weight_hh_l0"][0] = -0.83
	m.Pack()
	w := window(m, 40, 9)
	f, err := Flow(m, []Window{w}, Control{})
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string, i int) float64 { return float64(values[name][i]) }
	h, slopes := 0.0, []float64{}
	for _, id := range w.IDs {
		h = math.Tanh(at("rnn.weight_ih_l0", 0)*at("embedding.weight", int(id)) + at("rnn.bias_ih_l0", 0) - 0.83*h + at("rnn.bias_hh_l0", 0))
		slopes = append(slopes, 1-h*h)
	}
	sum, first := 0.0, 0.0
	for y := range 3 {
		sum += math.Exp(at("fc.weight", y)*h + at("fc.bias", y))
	}
	for y := range 3 {
		p := math.Exp(at("fc.weight", y)*h+at("fc.bias", y)) / sum
		if y == int(w.Target) {
			p--
		}
		first += p * at("fc.weight", y)
	}
	want := math.Abs(first)
	for k := range 40 {
		if got := f.Layers[0].H.Geometric[k]; off(got, want) > engine {
			t.Fatalf("lag %d: got %.9g, |∂L/∂h_T|·|w|^k·Π tanh' = %.9g", k, got, want)
		}
		want *= 0.83 * slopes[39-k]
	}
}

// The rate is that of the norms that float32 tells of: at 0.6 a step those below
// its range stay at its smallest number, and at 0.05 they lose their digits.
func TestRateIsOfWhatFloat32Holds(t *testing.T) {
	for _, c := range []struct {
		factor float32
		steps  int
	}{{0.6, 600}, {0.05, 60}} {
		m := model(t, rnn.Config{Cell: "rnn", Vocab: 3, Embed: 1, Hidden: 3, Layers: 1}, rnn.Init{}, 11)
		for _, p := range m.Tensors() { // h = 0 all along: ∂L/∂h_{t-1} = factor·∂L/∂h_t
			switch p.Name {
			case "rnn.weight_hh_l0":
				clear(p.Value.Data)
				for j := range m.Hidden {
					p.Value.Data[j*m.Hidden+j] = c.factor
				}
			case "rnn.weight_ih_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0":
				clear(p.Value.Data)
			}
		}
		m.Pack()
		f, err := Flow(m, []Window{window(m, c.steps, 9), window(m, c.steps, 10)}, Control{})
		if err != nil {
			t.Fatal(err)
		}
		h := f.Layers[0].H
		if last := h.Geometric[c.steps-1]; last >= scope.Faintest {
			t.Fatalf("after %d steps the norm is %v: the test needs one that float32 does not hold", c.steps, last)
		}
		if off(h.Rate, float64(c.factor)) > engine {
			t.Errorf("rate %v, want %v; the last norms are %v", h.Rate, c.factor, h.Geometric[c.steps-3:])
		}
	}
}

// With all losses seeded as training does, the norms are those of the
// trainer's own ∂L/∂h.
func TestFlowOfAllLossesIsTheTrainers(t *testing.T) {
	const T, B, single = 12, 6, 1e-5
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 4)
		x, y := ids(T*B, c.Vocab, 1), ids(T*B, c.Vocab, 2)
		source := &fixed{x, y, T, B}
		team := kernel.NewTeam(2)
		defer team.Close()
		before := m.Clone()
		tr, err := train.New(m, source, team, train.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tr.Step(); err != nil {
			t.Fatal(err)
		}
		tape := before.NewTape(T, B, team, 0)
		copy(tape.IDs, x)
		n := Backflow(before, tape, func(s, b int, logits []float32, scale float32) {
			before.Kernel.SoftmaxLoss(logits, int(y[s*B+b]), scale/(T*B))
		})
		for l := range c.Layers {
			for s := range T {
				for b := range B {
					if want := norm(tr.Tape().Gradient(l, s, b)); off(n.H[l][s][b], want) > single {
						t.Fatalf("%s layer %d step %d stream %d: %v, the trainer's %v", c.Cell, l, s, b, n.H[l][s][b], want)
					}
				}
			}
		}
	}
}

type fixed struct {
	x, y []int32
	T, B int
}

func (f *fixed) Shape() (int, int)         { return f.T, f.B }
func (f *fixed) Windows() int              { return 1 }
func (f *fixed) Position() (int64, int64)  { return 0, 0 }
func (f *fixed) SeekTo(int64, int64) error { return nil }
func (f *fixed) Next(x, y []int32) bool    { copy(x, f.x); copy(y, f.y); return true }

// Means over windows, unknown targets left out, and the windows of a text.
func TestFlowAveragesWindows(t *testing.T) {
	m := model(t, configs[2], rnn.Init{}, 6)
	text := text(ids(203, m.Vocab, 8))
	all := Windows(text, 10, 100)
	if len(all) != 20 { // the 21st would need token 210
		t.Fatalf("%d windows of 10 in 203 tokens", len(all))
	}
	for i, w := range all {
		if w.Target != text[10*i+10] || w.IDs[0] != text[10*i] {
			t.Errorf("window %d begins with %d and is followed by %d", i, w.IDs[0], w.Target)
		}
	}
	all[4].Target = -1
	f, err := Flow(m, all, Control{})
	if err != nil {
		t.Fatal(err)
	}
	if f.Windows != 19 || f.Skipped != 1 {
		t.Errorf("%d windows and %d skipped, want 19 and 1", f.Windows, f.Skipped)
	}
	sum, logs, n := make([]float64, 10), make([]float64, 10), 0.0
	for _, w := range all {
		if w.Target < 0 {
			continue
		}
		n++
		one, err := Flow(m, []Window{w}, Control{})
		if err != nil {
			t.Fatal(err)
		}
		for k, x := range one.Layers[0].H.Arithmetic {
			sum[k] += x
			logs[k] += math.Log(x)
		}
	}
	for k := range 10 {
		d := f.Layers[0].H
		if off(d.Arithmetic[k], sum[k]/n) > 1e-12 || off(d.Geometric[k], math.Exp(logs[k]/n)) > 1e-12 {
			t.Errorf("lag %d: means %v and %v, want %v and %v", k, d.Arithmetic[k], d.Geometric[k], sum[k]/n, math.Exp(logs[k]/n))
		}
		if d.Least[k] > d.Geometric[k] || d.Geometric[k] > d.Arithmetic[k] || d.Arithmetic[k] > d.Most[k] {
			t.Errorf("lag %d: least %v, geometric %v, arithmetic %v, most %v", k, d.Least[k], d.Geometric[k], d.Arithmetic[k], d.Most[k])
		}
	}
}

type text []int32

func (t text) Len() int                   { return len(t) }
func (t text) Fill(dst []int32, from int) { copy(dst, t[from:]) }

func TestFitAndHalfLife(t *testing.T) {
	line := Guide(0.3, 0.8, 30)
	if got := Fit(line, line); off(got, 0.8) > 1e-12 {
		t.Errorf("rate %v of 0.8^k", got)
	}
	line[7], line[9] = 0, math.Inf(1)
	if got := Fit(line, line); off(got, 0.8) > 1e-12 {
		t.Errorf("rate %v with two values missing", got)
	}
	if got := HalfLife(0.5); off(got, 1) > 1e-12 {
		t.Errorf("half-life %v of 0.5", got)
	}
	if !math.IsInf(HalfLife(1), 1) || !math.IsNaN(Fit([]float64{1}, []float64{1})) || !math.IsNaN(HalfLife(math.NaN())) {
		t.Error("a rate of one has no half-life, and one point no rate")
	}
	if g := Guide(1, 0.8, 51); off(g[10], 0.107374) > 1e-5 || off(g[50], 1.42725e-5) > 1e-5 {
		t.Errorf("0.8^10 = %v, 0.8^50 = %v", g[10], g[50])
	}
}

// Long questions end when told to.
func TestQuestionsStop(t *testing.T) {
	m := model(t, configs[0], rnn.Init{}, 1)
	var all []Window
	for i := range 40 {
		all = append(all, window(m, 8, uint64(i)))
	}
	asked := 0
	o := Control{Stop: func() bool { asked++; return asked > 1 }}
	if _, err := Flow(m, all, o); !errors.Is(err, ErrStopped) {
		t.Errorf("Flow: %v", err)
	}
	asked = 0
	if _, err := Dynamics(m, all[0].IDs, 0, DynamicsOptions{}, o); !errors.Is(err, ErrStopped) {
		t.Errorf("Dynamics: %v", err)
	}
	asked = 0
	if _, err := CheckGradient(m, all[0], 0, []int{0, 1, 2}, o); !errors.Is(err, ErrStopped) {
		t.Errorf("CheckGradient: %v", err)
	}
	asked = 0
	if _, err := Truncate(m, ids(40, m.Vocab, 1), ids(40, m.Vocab, 2), 2, 0, []int{1, 2, 3}, o); !errors.Is(err, ErrStopped) {
		t.Errorf("Truncate: %v", err)
	}
}
