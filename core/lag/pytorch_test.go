package lag

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/train"
)

// together is for float32 losses after up to thirty updates of two programs.
const together = 1e-4

// The lab's training against PyTorch's: one-hot and numbers as inputs, classes
// and a number as outputs, Adam, clipping; the same windows, the same start.
func TestTrainingEqualsPyTorch(t *testing.T) {
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	const updates = 30
	set := kernel.Available()[0]
	var trials []scope.Trial
	var questions []any
	for _, name := range []string{"adding", "order", "recall"} {
		for _, cell := range []string{"rnn", "gru", "lstm"} {
			c := trial(name, cell)
			c.Lag, c.Clip = 15, 0.5
			trials, questions = append(trials, c), append(questions, question(t, c, set, updates))
		}
	}
	text, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/peer.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	answers, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []struct{ Losses, Norms []float64 }
	if err := json.Unmarshal(answers, &want); err != nil || len(want) != len(trials) {
		t.Fatal(len(want), err)
	}
	for n, c := range trials {
		p, m := start(t, c, set)
		tr, err := train.New(m, newSource(p, c.Lag, c.Batch, c.Seed, streamTraining), kernel.NewTeam(1), trainingOf(p, c))
		if err != nil {
			t.Fatal(err)
		}
		for i := range updates {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if w := want[n].Losses[i]; math.Abs(r.Loss-w) > together*w {
				t.Errorf("%s %s update %d: loss %v, PyTorch %v", c.Task, c.Cell, i+1, r.Loss, w)
				break
			}
			if w := want[n].Norms[0]; i == 0 && math.Abs(r.GradNorm-w) > together*w {
				t.Errorf("%s %s: gradient norm %v, PyTorch %v", c.Task, c.Cell, r.GradNorm, w)
			}
		}
	}
}

func start(t *testing.T, c scope.Trial, set *kernel.Set) (*problem, *rnn.Model) {
	t.Helper()
	p, err := taskOf(c.Task)
	if err != nil {
		t.Fatal(err)
	}
	m, err := modelFor(p, c, set)
	if err != nil {
		t.Fatal(err)
	}
	return p, m
}

// question is a trial as the other side reads it: weights before training, of
// the output the classes' rows alone, and the windows as vectors.
func question(t *testing.T, c scope.Trial, set *kernel.Set, updates int) any {
	t.Helper()
	p, m := start(t, c, set)
	params, outputs := map[string][]float32{}, max(1, p.classes)
	for _, tensor := range m.Tensors() {
		data := tensor.Value.Data
		switch tensor.Name {
		case "fc.weight":
			data = data[:outputs*c.Hidden]
		case "fc.bias":
			data = data[:outputs]
		}
		params[tensor.Name] = data
	}
	type window struct {
		X []float32 `json:"x"`
		Y []float32 `json:"y"`
	}
	var windows []window
	source, width := newSource(p, c.Lag, c.Batch, c.Seed, streamTraining), m.Embed
	R := source.T * source.B
	for range updates {
		x, y := make([]int32, R), make([]int32, R)
		values, goals := make([]float32, R*width), make([]float32, R)
		if p.symbols == 0 {
			source.NextValues(values, goals, x, y)
		} else {
			source.Next(x, y)
			for r, id := range x {
				values[r*width+int(id)] = 1
			}
		}
		w := window{X: values}
		for r := R - source.B; r < R; r++ {
			if p.classes == 0 {
				w.Y = append(w.Y, goals[r])
			} else {
				w.Y = append(w.Y, float32(y[r]))
			}
		}
		windows = append(windows, w)
	}
	return map[string]any{
		"cell": c.Cell, "hidden": c.Hidden, "width": width, "outputs": outputs, "params": params, "steps": source.T,
		"batch": c.Batch, "lr": c.LR, "clip": c.Clip, "windows": windows,
	}
}
