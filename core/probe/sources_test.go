package probe

import (
	"math"
	"testing"

	"rnnscope/core/rnn"
)

// The two sources sum to the engine's gradient, and the output's share is
// W_fcᵀ(p - y)/n, computed here in float64.
func TestSources(t *testing.T) {
	const T = 18
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 8)
		x, y := ids(T, c.Vocab, 1), ids(T, c.Vocab, 2)
		y[4] = -1
		exact, top := newDouble(m), c.Layers-1
		points := newRecurrence(m, top).points(x)
		for layer := range c.Layers {
			s := SourcesOf(m, x, y, layer)
			if s.Residual > 1e-6 || len(s.Steps) != T {
				t.Errorf("%s layer %d: residual %v", c.Cell, layer, s.Residual)
			}
			if s.Steps[T-1].Future != 0 || !math.IsNaN(s.Steps[T-1].Cosine) {
				t.Errorf("%s layer %d: the last step has a future: %+v", c.Cell, layer, s.Steps[T-1])
			}
			for i, step := range s.Steps {
				// The law of cosines: three norms fix the angle.
				a, b, w := step.Above, step.Future, step.Whole
				if a > 0 && b > 0 && math.Abs(a*a+b*b+2*a*b*step.Cosine-w*w) > 1e-5*(a+b)*(a+b) {
					t.Errorf("%s layer %d step %d: norms %v and %v at cosine %v do not make %v", c.Cell, layer, i, a, b, step.Cosine, w)
				}
				if layer < top {
					continue
				}
				want := 0.0
				if y[i] >= 0 {
					logits, d := make([]float64, c.Vocab), make([]float64, c.Hidden)
					affine(logits, exact.fc, exact.fb, points[i].h)
					for v := range logits {
						p := math.Exp(-surprisal(logits, v))
						if v == int(y[i]) {
							p--
						}
						for j := range d {
							d[j] += p / (T - 1) * exact.fc[v*c.Hidden+j]
						}
					}
					want = math.Sqrt(inner(d, d))
				}
				if want == 0 && a != 0 || want > 0 && off(a, want) > engine {
					t.Errorf("%s step %d: from the output %v, want %v", c.Cell, i, a, want)
				}
			}
		}
	}
}

// outer is Σ over the given steps of a_t ⊗ h_{t-1}, all formed.
func outer(m *rnn.Model, w Window, layer, from int) []float64 {
	T := len(w.IDs)
	tape := m.NewTape(T, 1, Control{}.team(), 0)
	seed := lastStep(m, tape, []Window{w})
	tape.Backpropagate(func(s, b int, logits []float32) { seed(s, b, logits, 1) })
	sum := make([]float64, len(m.Recurrent(layer).Value.Data))
	for s := from; s < T; s++ {
		for i, a := range tape.RecurrentGradient(nil, layer, s, 0) {
			for j, h := range tape.Hidden(layer, s-1, 0) {
				sum[i*m.Hidden+j] += float64(a) * float64(h)
			}
		}
	}
	return sum
}

// The terms against matrices that are formed, and their sum against Learn's
// gradient.
func TestTerms(t *testing.T) {
	const T = 15
	for _, c := range configs {
		m := model(t, c, rnn.Init{}, 14)
		w := window(m, T, 6)
		for layer := range c.Layers {
			got := TermsOf(m, w, layer)
			whole := outer(m, w, layer, 0)
			tape := m.NewTape(T, 1, Control{}.team(), 0)
			for s := range T {
				tape.IDs[s], tape.Targets[s] = w.IDs[s], -1
			}
			tape.Targets[T-1] = w.Target
			tape.Learn(nil)
			if want := norm(m.Recurrent(layer).Grad.Data); off(got.Whole, want) > 1e-5 || off(math.Sqrt(inner(whole, whole)), want) > 1e-5 {
				t.Errorf("%s layer %d: ‖∂W_hh‖ %v, Learn's %v", c.Cell, layer, got.Whole, want)
			}
			before := make([]float64, len(whole))
			for k := 1; k <= T; k++ {
				part := outer(m, w, layer, T-k)
				term, rest := make([]float64, len(part)), make([]float64, len(part))
				for i := range part {
					term[i], rest[i] = part[i]-before[i], whole[i]-part[i]
				}
				before = part
				cut := got.Cuts[k-1]
				size, all := math.Sqrt(inner(part, part)), math.Sqrt(inner(whole, whole))
				if n := math.Sqrt(inner(term, term)); math.Abs(got.Norm[k-1]-n) > 1e-9*all {
					t.Errorf("%s layer %d lag %d: ‖term‖ %v, want %v", c.Cell, layer, k-1, got.Norm[k-1], n)
				}
				if cut.Window != k || off(cut.Norm, size) > 1e-9 || math.Abs(cut.Cosine-inner(part, whole)/(size*all)) > 1e-9 {
					t.Errorf("%s layer %d cut %d: %+v", c.Cell, layer, k, cut)
				}
				if share := math.Sqrt(inner(rest, rest)) / all; math.Abs(cut.CutOff-share) > 1e-7 {
					t.Errorf("%s layer %d cut %d: cuts off %v, want %v", c.Cell, layer, k, cut.CutOff, share)
				}
			}
		}
	}
}

// A wall every k steps, against a sum over all pairs of a loss and a step of
// the same piece.
func TestTruncate(t *testing.T) {
	const T, B = 13, 3
	for _, c := range configs {
		if c.Layers > 1 {
			continue
		}
		m := model(t, c, rnn.Init{}, 17)
		x, y := ids(T*B, c.Vocab, 1), ids(T*B, c.Vocab, 2)
		y[7] = -1
		windows := []int{1, 4, 5, 13, 40}
		got, err := Truncate(m, x, y, B, 0, windows, Control{})
		if err != nil {
			t.Fatal(err)
		}
		byHand := func(k int) []float64 {
			sum := make([]float64, len(m.Recurrent(0).Value.Data))
			for b := range B {
				for loss := range T {
					if y[loss*B+b] < 0 {
						continue
					}
					w := Window{Target: y[loss*B+b]}
					for s := range loss + 1 {
						w.IDs = append(w.IDs, x[s*B+b])
					}
					for i, v := range outer(m, w, 0, loss/k*k) {
						sum[i] += v / (T*B - 1)
					}
				}
			}
			return sum
		}
		whole := byHand(T)
		for i, k := range windows {
			part := byHand(min(k, T))
			rest := make([]float64, len(part))
			for j := range rest {
				rest[j] = whole[j] - part[j]
			}
			size, all := math.Sqrt(inner(part, part)), math.Sqrt(inner(whole, whole))
			cut := got.Cuts[i]
			if cut.Window != k || off(cut.Norm, size) > 1e-4 || math.Abs(cut.Cosine-inner(part, whole)/(size*all)) > 1e-5 || math.Abs(cut.CutOff-math.Sqrt(inner(rest, rest))/all) > 1e-3 {
				t.Errorf("%s k=%d: %+v; by hand norm %v, cosine %v, cut off %v", c.Cell, k, cut, size, inner(part, whole)/(size*all), math.Sqrt(inner(rest, rest))/all)
			}
			if cut.Bytes <= 0 || i > 0 && k <= T && cut.Bytes <= got.Cuts[i-1].Bytes {
				t.Errorf("%s k=%d: a tape of %d bytes", c.Cell, k, cut.Bytes)
			}
		}
	}
}

func TestForgetting(t *testing.T) {
	c := configs[4]
	m := model(t, c, rnn.Init{}, 9)
	// No way through h: what the gates predict is all there is.
	clear(m.Recurrent(0).Value.Data)
	m.Pack()
	w := window(m, 25, 2)
	f, err := ForgettingOf(m, []Window{w, {IDs: w.IDs, Target: -1}}, 0, Control{})
	if err != nil {
		t.Fatal(err)
	}
	for k := range f.Measured {
		if off(f.Measured[k], f.Predicted[k]) > engine {
			t.Errorf("lag %d: measured %v, forget gates alone %v", k, f.Measured[k], f.Predicted[k])
		}
	}
	// With W_hh the two part, and the measured one is Flow's.
	m = model(t, c, rnn.Init{}, 9)
	f, err = ForgettingOf(m, []Window{w}, 0, Control{})
	if err != nil {
		t.Fatal(err)
	}
	flow, err := Flow(m, []Window{w}, Control{})
	if err != nil {
		t.Fatal(err)
	}
	parted := false
	for k := range f.Measured {
		if off(f.Measured[k], flow.Layers[0].C.Geometric[k]) > 1e-9 {
			t.Errorf("lag %d: measured %v, the flow's %v", k, f.Measured[k], flow.Layers[0].C.Geometric[k])
		}
		parted = parted || off(f.Measured[k], f.Predicted[k]) > 0.01
	}
	if !parted {
		t.Error("W_hh makes no difference to the cell gradient")
	}
	if f, err := ForgettingOf(model(t, configs[0], rnn.Init{}, 1), []Window{w}, 0, Control{}); f != nil || err != nil {
		t.Errorf("an RNN has no forget gates: %v, %v", f, err)
	}
}

func TestClipping(t *testing.T) {
	c := ClippingOf([]float32{3, 4, 0}, 2.5, 3) // by value: [3 3 0]
	if off(c.Norm, 5) > 1e-7 || off(c.ByNorm, 2.5) > 1e-6 || c.NormAngle > 1e-6 {
		t.Errorf("by norm: %+v", c)
	}
	if off(c.ByValue, math.Sqrt(18)) > 1e-7 || off(c.ValueAngle, 8.130102354) > 1e-6 || off(c.Cut, 1.0/3) > 1e-12 {
		t.Errorf("by value: %+v", c)
	}
	h := HistogramOf([]float64{1, 2, 4, 8, 16, 0, math.Inf(1), math.NaN()}, []int{1, 1, 1, 1, 2, 1, 1, 1}, 4, 7)
	if h.Odd != 3 || h.Above != 3 || len(h.Counts) != 4 {
		t.Errorf("%+v", h)
	}
	if off(h.Edges[2], 4) > 1e-12 || h.Counts[0]+h.Counts[1]+h.Counts[2]+h.Counts[3] != 6 || h.Counts[3] != 3 {
		t.Errorf("%+v", h)
	}
	m := model(t, configs[4], rnn.Init{}, 3)
	var x, y [][]int32
	for i := range uint64(3) {
		x, y = append(x, ids(20, m.Vocab, i)), append(y, ids(20, m.Vocab, i+9))
	}
	norms, last, err := GradientNorms(m, x, y, 4, Control{})
	if err != nil || len(norms) != 3 {
		t.Fatal(norms, err)
	}
	if off(norm(last), norms[2]) > 1e-12 || norms[0] == norms[1] {
		t.Errorf("norms %v, of the last gradient %v", norms, norm(last))
	}
	for _, g := range m.Grads() {
		if g != 0 {
			t.Fatal("asking touched the model's gradients")
		}
	}
}
