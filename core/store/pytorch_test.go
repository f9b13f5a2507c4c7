package store

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rnnscope/core/rnn"
)

// python runs testdata/lecture.py with a Python that has PyTorch.
func python(t *testing.T, args ...string) []byte {
	t.Helper()
	program := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if program == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	c := exec.Command(program, append([]string{"testdata/lecture.py"}, args...)...)
	out, err := c.Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("lecture.py %v: %v\n%s", args, err, e.Stderr)
		}
		t.Fatal(err)
	}
	return out
}

// A run's model.safetensors is a state_dict of the lecture's class, loaded with
// strict=True, and gives the logits that it gives here.
func TestPyTorchOpensARun(t *testing.T) {
	ids := [][]int{{0, 3, 1, 4, 1, 2, 0, 0}, {4, 4, 2, 3, 0, 1, 1, 2}}
	text, err := json.Marshal(ids)
	if err != nil {
		t.Fatal(err)
	}
	var models []*rnn.Model
	args := []string{"logits", string(text)}
	for _, c := range configs() {
		c.Vocab = 5
		r, m := newRun(t, c), random(t, c)
		if err := r.Save(tensorsOf(m, modelPrefix), "{}"); err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
		args = append(args, filepath.Join(r.Dir(), modelFile), c.Cell, cmp.Or(c.Activation, "tanh"))
	}
	var all [][][][]float64 // [model][B][T][V]
	if err := json.Unmarshal(python(t, args...), &all); err != nil {
		t.Fatal(err)
	}
	for i, m := range models {
		var want []float64
		for _, stream := range all[i] {
			for _, step := range stream {
				want = append(want, step...)
			}
		}
		compareLogits(t, logits(m, ids), want)
	}
}

// Every number of sixteen bits is read as PyTorch reads it.
func TestDTypesAreThoseOfPyTorch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dtypes.safetensors")
	python(t, "dtypes", path)
	f, err := openTensors(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, count := range map[string]int{"F16": 65536, "BF16": 65536, "F64": 5} {
		got, err := f.Float32s(name)
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.Float32s(name + " as F32")
		if err != nil || len(got) != count || len(want) != count {
			t.Fatalf("%s: %d values and %d (%v), want %d", name, len(got), len(want), err, count)
		}
		for i := range want {
			bothNaN := got[i] != got[i] && want[i] != want[i]
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) && !bothNaN {
				t.Fatalf("%s[%d]: got %v, PyTorch %v", name, i, got[i], want[i])
			}
		}
	}
}
