package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"rnnscope/core/kernel"
	"rnnscope/core/store"
)

type gradientsLine struct {
	Cell           string
	Hidden, Layer  int
	Windows        int
	Lags           []int
	Norm           []float64
	NormGeometric  []float64 `json:"norm_geometric"`
	NormC          []float64 `json:"norm_c"`
	RatePerStep    *float64  `json:"rate_per_step"`
	HalfLife       *float64  `json:"half_life"`
	HalfLifeWhy    string    `json:"half_life_why"`
	SpectralRadius []float64 `json:"spectral_radius"`
	SigmaMaxMean   float64   `json:"sigma_max_mean"`
	TanhPrimeMean  float64   `json:"tanh_prime_mean"`
	Check          *struct{ Worst float64 }
}

// asking is for float32 against float64 through some sixty steps.
const asking = 1e-4

// The windows of a text are those of the contract: 0, K, 2K, … of the training
// split, each from a zero state, the token after it as target; means over them.
func TestGradientsOfATextAreThoseOfItsWindows(t *testing.T) {
	text := strings.Repeat("the cat sat on the mat. ", 20)
	run := trained(t, text)
	out, errs, code := call(t, "", "gradients", run, "--window", "7", "--windows", "5", "--check", "--json")
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	got := decode[gradientsLine](t, out)
	if got.Cell != "lstm" || got.Hidden != 12 || got.Windows != 5 || len(got.Lags) != 7 || got.Lags[6] != 6 || len(got.SpectralRadius) != 4 {
		t.Fatalf("%+v", got)
	}
	if got.Check == nil || got.Check.Worst > asking {
		t.Errorf("check: %+v", got.Check)
	}
	if got.SigmaMaxMean <= 0 || got.TanhPrimeMean <= 0 || got.TanhPrimeMean > 1 {
		t.Errorf("%+v", got)
	}
	all := vocabularyIDs(text)
	sum, logs := make([]float64, 7), make([]float64, 7)
	for w := range 5 {
		one := gradientsOf(t, run, all[7*w:7*w+8])
		for k, x := range one.Norm {
			sum[k] += x / 5
			logs[k] += math.Log(x) / 5
		}
	}
	for k := range sum {
		if math.Abs(got.Norm[k]-sum[k]) > 1e-9*sum[k] || math.Abs(got.NormGeometric[k]-math.Exp(logs[k])) > 1e-9*sum[k] {
			t.Errorf("lag %d: %v and %v, by hand %v and %v", k, got.Norm[k], got.NormGeometric[k], sum[k], math.Exp(logs[k]))
		}
	}
	if math.Abs(*got.HalfLife+math.Ln2/math.Log(*got.RatePerStep)) > 1e-9 {
		t.Errorf("half-life %v of rate %v", *got.HalfLife, *got.RatePerStep)
	}
}

func gradientsOf(t *testing.T, model string, ids []int, flags ...string) gradientsLine {
	t.Helper()
	var list []string
	for _, id := range ids {
		list = append(list, fmt.Sprint(id))
	}
	out, errs, code := call(t, "", append([]string{"gradients", model, "--ids", strings.Join(list, ","), "--json"}, flags...)...)
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	return decode[gradientsLine](t, out)
}

// What cannot be fitted is null, and a field says why.
func TestGradientsWithoutARate(t *testing.T) {
	run := trained(t, strings.Repeat("abc\n", 200))
	got := gradientsOf(t, run, []int{1, 2})
	if got.RatePerStep != nil || got.HalfLife != nil || got.HalfLifeWhy == "" || len(got.Norm) != 1 {
		t.Errorf("%+v", got)
	}
}

// Every model file, layer and lag against PyTorch's autograd.
func TestGradientsEqualPyTorch(t *testing.T) {
	for i, cell := range []string{"rnn", "gru", "lstm"} {
		dir, layers := t.TempDir(), 1+i%2
		peer(t, nil, "make", dir, cell, fmt.Sprint(layers), "17", "9", "28", fmt.Sprint(5+i))
		file := filepath.Join(dir, "model.safetensors")
		opened, err := store.OpenModel(file, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		g := rand.New(rand.NewPCG(4, uint64(i)))
		ids := make([]int, 61)
		for j := range ids {
			ids[j] = g.IntN(17)
		}
		params := map[string]any{}
		for _, p := range opened.Model.Tensors() {
			params[p.Name] = map[string]any{"shape": p.Shape(), "data": p.Value.Data}
		}
		cmd := exec.Command(os.Getenv("RNNSCOPE_TEST_PYTHON"), "../../core/probe/testdata/autograd.py")
		cmd.Stdin = bytes.NewReader(mustJSON(map[string]any{
			"cell": cell, "layers": layers, "hidden": 28, "embed": 9, "params": params, "ids": ids[:60], "target": ids[60],
		}))
		cmd.Stderr = os.Stderr
		text, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var want struct{ H, C [][]float64 }
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		for l := range layers {
			got := gradientsOf(t, file, ids, "--layer", fmt.Sprint(l))
			for k, x := range got.Norm {
				if y := want.H[l][59-k]; math.Abs(x-y) > asking*y {
					t.Fatalf("%s layer %d lag %d: |dL/dh| %v, autograd %v", cell, l, k, x, y)
				}
				if cell == "lstm" {
					if y := want.C[l][59-k]; math.Abs(got.NormC[k]-y) > asking*y {
						t.Fatalf("layer %d lag %d: |dL/dc| %v, autograd %v", l, k, got.NormC[k], y)
					}
				}
			}
		}
	}
}

// The table fits 80 columns and says what it shows.
func TestGradientsForPeople(t *testing.T) {
	run := trained(t, strings.Repeat("the cat sat on the mat. ", 40))
	out, errs, code := call(t, "", "gradients", run, "--window", "40", "--check", "--truncate", "1,10,40")
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	for _, want := range []string{"21 windows of 40 steps", "at init", "|dL/dc|", "* now   o at initialisation   : 0.8^k", "per step, half-life", "spectral radius     W_hh  i ", "forget gates", "central difference", "sum to it within", "a wall every k steps, 21 streams", "     40    1.0000     0.0 %"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

func TestGradientsCalledWrongly(t *testing.T) {
	run := trained(t, strings.Repeat("abc\n", 200))
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--layer 3", exitUsage, "has no layer 3"},
		{"--ids 1", exitUsage, "--ids needs two ids at least"},
		{"--ids 1,99", exitUsage, "ids must be numbers from 0 to 3"},
		{"--ids 1,2 --window 4", exitUsage, "--ids gives the one window"},
		{"--windows 0", exitUsage, "windows must be 1 or more"},
		{"--window 100000", exitUsage, "window must be from 1"},
		{"--window 5000", exitError, "try --window 719"},
		{"--truncate 0,4", exitUsage, "truncate must be numbers of steps"},
		{"--truncate x", exitUsage, "truncate must be numbers of steps"},
	} {
		out, errs, code := call(t, "", append([]string{"gradients", run}, strings.Fields(c.args)...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%s: status %d, want %d; said %q", c.args, code, c.code, errs)
		}
	}
}

// A model that has broken is named, with the next move.
func TestGradientsOfABrokenModel(t *testing.T) {
	run := trained(t, strings.Repeat("abc\n", 200))
	file := filepath.Join(run, "model.safetensors")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	copy(raw[len(raw)-4:], []byte{0, 0, 0xc0, 0x7f}) // the last weight becomes NaN
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs, code := call(t, "", "gradients", run)
	if code != exitError || out != "" || !strings.Contains(errs, "not finite") || !strings.Contains(errs, "best.safetensors") {
		t.Errorf("status %d: %q", code, errs)
	}
}
