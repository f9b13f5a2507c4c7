package rnn

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rnnscope/core/kernel"
)

// fixture is one of the files that testdata/pytorch.py writes: what PyTorch
// makes of one small model and one batch.
type fixture struct {
	Cell          string
	Dtype         string
	Layers        int
	V, E, H, B, T int
	X, Y          [][]int // [B][T]
	Params        map[string]struct {
		Shape []int
		Data  []float64
	}
	Out                   struct{ Data []float64 } // [B,T,H]
	Logits                []float64                // [B,T,V]
	Loss                  float64
	Hn                    [][]float64
	Grads                 map[string][]float64
	Clip                  struct{ Max_norm, Total_norm float64 }
	Grads_clipped_fc_bias []float64
	After_adam_1          map[string][]float64
	Losses_steps_2_5      []float64
	After_adam_5_fc_bias  []float64
}

func fixtures(t *testing.T, dtype string) map[string]fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/pytorch/*_" + dtype + ".json")
	if err != nil || len(files) != 6 {
		t.Fatalf("%d fixtures of %s, want 6 (%v)", len(files), dtype, err)
	}
	all := map[string]fixture{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var x fixture
		if err := json.Unmarshal(text, &x); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".json")] = x
	}
	return all
}

func (f fixture) config() Config {
	return Config{Cell: f.Cell, Vocab: f.V, Embed: f.E, Hidden: f.H, Layers: f.Layers}
}

// timeMajor turns [B][T] into [T][B].
func timeMajor(x [][]int) [][]int {
	out := make([][]int, len(x[0]))
	for t := range out {
		for b := range x {
			out[t] = append(out[t], x[b][t])
		}
	}
	return out
}

// worst is the largest difference relative to the largest magnitude of want.
func worst(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	top, diff := 0.0, 0.0
	for i := range want {
		top = math.Max(top, math.Abs(want[i]))
		if math.IsNaN(got[i]) || math.IsNaN(want[i]) {
			return math.Inf(1)
		}
		diff = math.Max(diff, math.Abs(got[i]-want[i]))
	}
	if diff == 0 {
		return 0
	}
	return diff / top
}

func compare(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if w := worst(got, want); !(w <= tolerance) {
		t.Errorf("%s: off by %.3g of its largest magnitude, allowed %g", what, w, tolerance)
	}
}

const (
	// double is for the float64 reference against PyTorch's float64: rounding
	// in sums of at most a hundred terms.
	double = 1e-12
	// single is for float32 against PyTorch's float32: the orders of the sums
	// and the polynomials of tanh differ.
	single = 1e-5
)

func TestReferenceEqualsPyTorchDouble(t *testing.T) {
	for n, f := range fixtures(t, "f64") {
		t.Run(n, func(t *testing.T) {
			params := map[string][]float64{}
			for k, v := range f.Params {
				params[k] = v.Data
			}
			r := newReference(f.config(), params)
			x, y := timeMajor(f.X), timeMajor(f.Y)
			r.forward(x, nil, nil)
			_, loss := r.losses(y)
			r.backward(x, y)
			compare(t, "loss", []float64{loss}, []float64{f.Loss}, double)
			var out, logits []float64
			for b := range f.B {
				for s := range f.T {
					out = append(out, r.h[f.Layers-1][s+1][b]...)
					logits = append(logits, r.logits[s][b]...)
				}
			}
			compare(t, "out", out, f.Out.Data, double)
			compare(t, "logits", logits, f.Logits, double)
			for k, want := range f.Grads {
				compare(t, "∂"+k, r.g[k], want, double)
			}
		})
	}
}

// load sets a model's weights by tensor name.
func load(t *testing.T, m *Model, params map[string][]float64) {
	t.Helper()
	for _, p := range m.Tensors() {
		if len(params[p.Name]) != len(p.Value.Data) {
			t.Fatalf("%s has %d values, want %d", p.Name, len(params[p.Name]), len(p.Value.Data))
		}
		for i, x := range params[p.Name] {
			p.Value.Data[i] = float32(x)
		}
	}
	m.Pack()
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// everySetAndTeam runs f with each kernel set the machine has and one to three
// workers.
func everySetAndTeam(t *testing.T, f func(t *testing.T, set *kernel.Set, team *kernel.Team)) {
	for _, set := range kernel.Available() {
		for _, size := range []int{1, 2, 3} {
			t.Run(fmt.Sprintf("%s/%d", set.Name(), size), func(t *testing.T) {
				team := kernel.NewTeam(size)
				defer team.Close()
				f(t, set, team)
			})
		}
	}
}

// everyTape is everySetAndTeam with tapes of one part and of two.
func everyTape(t *testing.T, f func(t *testing.T, set *kernel.Set, team *kernel.Team, parts int)) {
	everySetAndTeam(t, func(t *testing.T, set *kernel.Set, team *kernel.Team) {
		for _, parts := range []int{1, 2} {
			t.Run(fmt.Sprintf("%d parts", parts), func(t *testing.T) { f(t, set, team, parts) })
		}
	})
}

func TestModelEqualsPyTorchSingle(t *testing.T) {
	for n, f := range fixtures(t, "f32") {
		t.Run(n, func(t *testing.T) {
			everyTape(t, func(t *testing.T, set *kernel.Set, team *kernel.Team, parts int) {
				m, err := New(f.config(), set)
				if err != nil {
					t.Fatal(err)
				}
				params := map[string][]float64{}
				for k, v := range f.Params {
					params[k] = v.Data
				}
				load(t, m, params)
				tape := m.newTape(f.T, f.B, team, 0, min(parts, f.B))
				for b := range f.B {
					for s := range f.T {
						tape.IDs[s*f.B+b], tape.Targets[s*f.B+b] = int32(f.X[b][s]), int32(f.Y[b][s])
					}
				}
				tape.Forward()
				var out, logits []float64
				for b := range f.B {
					for s := range f.T {
						out = append(out, widen(tape.Hidden(f.Layers-1, s, b))...)
						logits = append(logits, widen(tape.Logits(s, b))...)
					}
				}
				compare(t, "out", out, f.Out.Data, single)
				compare(t, "logits", logits, f.Logits, single)
				var state State
				tape.State(&state)
				for i, want := range f.Hn {
					got := state.H
					if i == 1 {
						got = state.C
					}
					var all []float64
					for l := range f.Layers {
						all = append(all, widen(got[l])...)
					}
					compare(t, fmt.Sprintf("final state %d", i), all, want, single)
				}

				tape.Reset()
				loss := tape.Learn(nil)
				compare(t, "loss", []float64{loss}, []float64{f.Loss}, single)
				for _, p := range m.Tensors() {
					compare(t, "∂"+p.Name, widen(p.Grad.Data), f.Grads[p.Name], single)
				}
			})
		})
	}
}
