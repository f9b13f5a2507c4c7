package train

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/window"
)

func windowTrainer(t *testing.T, c window.Config, cfg Config, source Source, workers int) (*Trainer, *window.Model) {
	t.Helper()
	m, err := window.New(c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	m.Init(5)
	team := kernel.NewTeam(workers)
	t.Cleanup(team.Close)
	tr, err := NewWindow(m, source, team, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tr, m
}

// Five clipped updates by Adam of a window model against PyTorch's.
func TestWindowUpdatesEqualPyTorch(t *testing.T) {
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	out, err := exec.Command(python, "../window/testdata/pytorch.py", "f32", "3").Output()
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		V, E, H, N           int
		X, Y                 [][]int
		Clip, LR, Norm, Loss float64
		Params, After        map[string][]float64
		Losses               []float64
	}
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatal(err)
	}
	tr, m := windowTrainer(t, window.Config{Vocab: f.V, Embed: f.E, Hidden: f.H, Length: f.N}, Config{Optimizer: "adam", LR: f.LR, Clip: f.Clip}, one{f.X, f.Y}, 2)
	for _, p := range m.Tensors() {
		for i, x := range f.Params[p.Name] {
			p.Value[i] = float32(x)
		}
	}
	m.Pack(0, 1)
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= single*math.Max(1, math.Abs(want))) {
			t.Errorf("%s: got %v, PyTorch %v", what, got, want)
		}
	}
	for n, want := range append([]float64{f.Loss}, f.Losses...) {
		r, err := tr.Step()
		if err != nil {
			t.Fatal(err)
		}
		near(fmt.Sprintf("loss %d", n+1), r.Loss, want)
		if n > 0 {
			continue
		}
		near("gradient norm", r.GradNorm, f.Norm)
		for _, p := range m.Tensors() {
			for i, x := range f.After[p.Name] {
				near(fmt.Sprintf("%s[%d] after an update", p.Name, i), float64(p.Value[i]), x)
			}
		}
	}
}

// The losses are the same on any number of workers, they fall, and going back
// leads to the same losses again: a window model is trained as the others are.
func TestWindowModelTrains(t *testing.T) {
	const updates = 150
	text := random(4000, 12)
	c := window.Config{Vocab: 12, Embed: 8, Hidden: 16, Length: 3}
	losses := func(workers int) []float64 {
		tr, _ := windowTrainer(t, c, Defaults(), &cycle{text: text, T: 10, B: 8}, workers)
		var out []float64
		for range updates {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r.Loss)
		}
		if back := tr.GoBack(); back > updates {
			t.Fatalf("went back to update %d", back)
		}
		from := int(tr.Updates())
		for i := from; i < from+20; i++ {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if r.Loss != out[i] {
				t.Fatalf("update %d after going back: loss %v, was %v", i+1, r.Loss, out[i])
			}
		}
		return out
	}
	one := losses(1)
	if first, last := one[0], one[updates-1]; !(last < first-0.5) {
		t.Errorf("loss went from %v to %v", first, last)
	}
	for _, workers := range []int{2, 3} {
		for i, l := range losses(workers) {
			if l != one[i] {
				t.Fatalf("%d workers, update %d: loss %v, with one worker %v", workers, i+1, l, one[i])
			}
		}
	}
	tr, _ := windowTrainer(t, c, Defaults(), &cycle{text: text, T: 10, B: 8}, 2)
	for range 3 {
		tr.Step()
	}
	if n := testing.AllocsPerRun(20, func() { tr.Step() }); n > 0 {
		t.Errorf("%v allocations a step, want none", n)
	}
	if s := tr.Snapshot(); len(s.Stream.IDs) != 0 || s.Update == 0 {
		t.Errorf("snapshot of a window model: update %d, %d ids of a stream", s.Update, len(s.Stream.IDs))
	}
}
