package window

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"rnnscope/core/kernel"
)

// peer is what testdata/pytorch.py prints.
type peer struct {
	V, E, H, N int
	X, Y       [][]int // [B][T]
	Params     map[string][]float64
	Logits     []float64 // [B,T,V]
	Loss       float64
	Grads      map[string][]float64
}

// pytorch runs testdata/pytorch.py with a Python that has PyTorch.
func pytorch(t *testing.T, args ...string) peer {
	t.Helper()
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	out, err := exec.Command(python, append([]string{"testdata/pytorch.py"}, args...)...).Output()
	if err != nil {
		t.Fatalf("pytorch.py %v: %v", args, err)
	}
	var p peer
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// double is for the float64 reference against PyTorch's float64: rounding in
// sums of at most a hundred terms.
const double = 1e-12

func TestReferenceEqualsPyTorchDouble(t *testing.T) {
	f := pytorch(t, "f64", "1")
	r := &reference{Config{f.V, f.E, f.H, f.N}, f.Params}
	var logits []float64
	for _, stream := range f.X {
		for s := range stream {
			logits = append(logits, r.logits(stream[:s+1])...)
		}
	}
	compare(t, "logits", logits, f.Logits, double)
	compare(t, "loss", []float64{r.loss(f.X, f.Y, 0)}, []float64{f.Loss}, double)
}

func TestModelEqualsPyTorchSingle(t *testing.T) {
	f := pytorch(t, "f32", "2")
	everySetAndTeam(t, func(t *testing.T, set *kernel.Set, team *kernel.Team) {
		m, err := New(Config{f.V, f.E, f.H, f.N}, set)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Tensors() {
			if len(f.Params[p.Name]) != len(p.Value) {
				t.Fatalf("%s has %d values, want %d", p.Name, len(f.Params[p.Name]), len(p.Value))
			}
			for i, v := range f.Params[p.Name] {
				p.Value[i] = float32(v)
			}
		}
		m.Pack(0, 1)
		tape := m.NewTape(len(f.X[0]), len(f.X), team)
		fill(tape, f.X, f.Y, 0)
		tape.Forward()
		var logits []float64
		for b := range tape.B {
			for s := range tape.T {
				logits = append(logits, widen(tape.Logits(s, b))...)
			}
		}
		compare(t, "logits", logits, f.Logits, single)
		tape.Reset()
		loss := tape.Learn(nil)
		compare(t, "loss", []float64{loss}, []float64{f.Loss}, single)
		for _, p := range m.Tensors() {
			compare(t, "∂"+p.Name, widen(p.Grad), f.Grads[p.Name], single)
		}
	})
}
