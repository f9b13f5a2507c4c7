package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// peer runs testdata/peer.py with a Python that has PyTorch.
func peer(t *testing.T, into any, args ...string) {
	t.Helper()
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	out, err := exec.Command(python, append([]string{"testdata/peer.py"}, args...)...).Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("peer.py %v: %v\n%s", args, err, e.Stderr)
		}
		t.Fatal(err)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatal(err)
	}
}

const (
	// tracing is allowed float32's rounding in another order of summing,
	// relative to the largest magnitude of the vector.
	tracing = 1e-5
	// training compounds it over fifty updates.
	training = 1e-4
)

func apart(got, want []float64) float64 {
	top, diff := 0.0, 0.0
	for i := range want {
		top = math.Max(top, math.Abs(want[i]))
		diff = math.Max(diff, math.Abs(got[i]-want[i]))
	}
	if len(got) != len(want) {
		return math.Inf(1)
	}
	return diff / top
}

func TestTraceEqualsPyTorch(t *testing.T) {
	for i, cell := range []string{"rnn", "gru", "lstm", "lstm"} {
		layers := 1 + i%3
		dir := t.TempDir()
		peer(t, nil, "make", dir, cell, fmt.Sprint(layers), "23", "12", "40", "11")
		g := rand.New(rand.NewPCG(1, uint64(i)))
		ids := make([]int, 60)
		var list []string
		for j := range ids {
			ids[j] = g.IntN(23)
			list = append(list, fmt.Sprint(ids[j]))
		}
		file := filepath.Join(dir, "ids.json")
		jsonFile(t, file, ids)
		var want []struct {
			H, C   [][]float64
			Logits []float64
		}
		peer(t, &want, "trace", dir+"/model.safetensors", cell, fmt.Sprint(layers), file)
		out, errs, code := call(t, "", "trace", dir+"/model.safetensors", "--ids", strings.Join(list, ","), "--json")
		if code != 0 {
			t.Fatalf("status %d: %s", code, errs)
		}
		var got struct {
			Steps []struct {
				Layers []struct{ H, C []float64 }
				Logits []float64
			}
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Steps) != len(want) {
			t.Fatalf("%d steps, want %d", len(got.Steps), len(want))
		}
		for s, w := range want {
			for l := range layers {
				if d := apart(got.Steps[s].Layers[l].H, w.H[l]); !(d <= tracing) {
					t.Errorf("%s x%d: h of layer %d at step %d is off by %g", cell, layers, l, s, d)
				}
				if w.C != nil {
					if d := apart(got.Steps[s].Layers[l].C, w.C[l]); !(d <= tracing) {
						t.Errorf("%s x%d: c of layer %d at step %d is off by %g", cell, layers, l, s, d)
					}
				}
			}
			if d := apart(got.Steps[s].Logits, w.Logits); !(d <= tracing) {
				t.Errorf("%s x%d: logits at step %d are off by %g", cell, layers, s, d)
			}
		}
	}
}

func TestTrainingEqualsPyTorch(t *testing.T) {
	const updates = 50
	g := rand.New(rand.NewPCG(5, 6))
	letters := []rune("abcdefghij klm\n.,")
	var text strings.Builder
	at := 0
	for range 4000 {
		if g.IntN(3) == 0 {
			at = g.IntN(len(letters))
		} else {
			at = (at*5 + 3) % len(letters)
		}
		text.WriteRune(letters[at])
	}
	for _, c := range []struct {
		cell, optimizer, lr, clip string
		layers                    int
	}{
		{"rnn", "adam", "0.002", "5", 1}, {"gru", "adam", "0.01", "0.3", 2}, {"lstm", "adam", "0.005", "0.5", 1},
		{"rnn", "sgd", "0.5", "0.25", 2}, {"gru", "sgd", "1", "0", 1}, {"lstm", "sgd", "2", "0.2", 2},
	} {
		t.Run(fmt.Sprintf("%s x%d %s clip %s", c.cell, c.layers, c.optimizer, c.clip), func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "text.txt")
			if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
			peer(t, nil, "make", dir, c.cell, fmt.Sprint(c.layers), fmt.Sprint(len(letters)), "10", "24", "3")
			ids := vocabularyIDs(text.String())[:4000*9/10]
			jsonFile(t, filepath.Join(dir, "ids.json"), ids)
			var want struct{ Losses, Norms []float64 }
			peer(t, &want, "train", dir+"/model.safetensors", c.cell, fmt.Sprint(c.layers), filepath.Join(dir, "ids.json"), "8", "20", fmt.Sprint(updates), c.optimizer, c.lr, c.clip)

			out, errs, code := call(t, "", "train", file, "--from", dir+"/model.safetensors", "--updates", fmt.Sprint(updates), "--batch", "8", "--window", "20",
				"--optimizer", c.optimizer, "--lr", c.lr, "--clip", c.clip, "--json", "--out", filepath.Join(dir, "run"))
			if code != 0 {
				t.Fatalf("status %d: %s", code, errs)
			}
			n := 0
			for line := range strings.Lines(out) {
				var u struct {
					Event    string
					Update   int
					Loss     float64
					GradNorm float64 `json:"grad_norm"`
				}
				if err := json.Unmarshal([]byte(line), &u); err != nil {
					t.Fatalf("%q: %v", line, err)
				}
				if u.Event != "update" {
					continue
				}
				if d := math.Abs(u.Loss-want.Losses[n]) / want.Losses[n]; !(d <= training) {
					t.Errorf("loss of update %d: %v, PyTorch %v", n+1, u.Loss, want.Losses[n])
				}
				if d := math.Abs(u.GradNorm-want.Norms[n]) / want.Norms[n]; !(d <= training) {
					t.Errorf("gradient norm of update %d: %v, PyTorch %v", n+1, u.GradNorm, want.Norms[n])
				}
				n++
			}
			if n != updates {
				t.Errorf("%d updates, want %d", n, updates)
			}
		})
	}
}

func jsonFile(t *testing.T, path string, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
