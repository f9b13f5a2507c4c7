package main

import (
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// loaded is the perplexity that load.py beside a model prints.
func loaded(t *testing.T, model, text string, args ...string) float64 {
	t.Helper()
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	out, err := exec.Command(python, append([]string{filepath.Join(filepath.Dir(model), "load.py"), model, text}, args...)...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("load.py: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	m := regexp.MustCompile(`perplexity ([0-9.]+)`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("load.py printed %q", out)
	}
	x, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sameFigure is what two programs may differ by in a perplexity: float32's
// rounding, relative.
const sameFigure = 1e-5

func TestConvertedModelsHaveTheSamePerplexityInPyTorch(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		flags []string
	}{
		"characters": {"naïve 红楼梦\r\nthe cat sat, on the mat.\n\n", []string{"--cell", "gru", "--layers", "2"}},
		"words":      {"the cat sat on the mat\n\na dog, the cat; it's 42\n", []string{"--level", "word", "--tokens", "punct", "--min-count", "30", "--cell", "lstm"}},
		"tied relu":  {"The Cat sat\u00a0on the mat\n", []string{"--level", "word", "--lowercase", "--lines", "--cell", "rnn", "--activation", "relu", "--embed", "12", "--hidden", "12", "--tie"}},
	} {
		t.Run(name, func(t *testing.T) {
			run := trained(t, strings.Repeat(c.text, 60)+"a dog sat", c.flags...)
			text := filepath.Join(filepath.Dir(run), "text.txt")
			want := evaluated(t, "eval", run)
			for _, file := range []string{"model.pt", "model.safetensors"} {
				out := filepath.Join(t.TempDir(), file)
				if _, errs, code := call(t, "", "convert", run, out); code != 0 {
					t.Fatal(errs)
				}
				if got := loaded(t, out, text); !(math.Abs(got-want) <= sameFigure*want) {
					t.Errorf("%s: PyTorch has perplexity %v, rnnscope %v", file, got, want)
				}
				// And back: a run of its own, which goes on.
				again := filepath.Join(t.TempDir(), "run")
				back := []string{"convert", out, again, text, "--vocab", filepath.Join(filepath.Dir(out), "model.json"), "--batch", "4", "--window", "16"}
				if strings.Contains(name, "relu") && file == "model.pt" {
					back = append(back, "--activation", "relu")
				}
				if strings.Contains(name, "relu") {
					back = append(back, "--lines")
				}
				if _, errs, code := call(t, "", back...); code != 0 {
					t.Fatal(errs)
				}
				if got := evaluated(t, "eval", again); got != want {
					t.Errorf("%s back in a run: perplexity %v, want %v", file, got, want)
				}
				// A file made from a bare one measures a text as eval does.
				vocab := []string{"--vocab", filepath.Join(filepath.Dir(out), "model.json")}
				if strings.Contains(name, "relu") {
					vocab = append(vocab, "--lines")
				}
				bare := filepath.Join(t.TempDir(), "bare.pt")
				if _, errs, code := call(t, "", append([]string{"convert", out, bare}, vocab...)...); code != 0 {
					t.Fatal(errs)
				}
				if !strings.Contains(name, "relu") { // which the tensors do not tell
					want := evaluated(t, append([]string{"eval", bare, text}, vocab...)...)
					if got := loaded(t, bare, text); !(math.Abs(got-want) <= sameFigure*want) {
						t.Errorf("%s: PyTorch has perplexity %v, rnnscope %v", bare, got, want)
					}
				}
				if _, errs, code := call(t, "", "train", "--resume", again, "--updates", "2"); code != 0 {
					t.Error(errs)
				}
			}
		})
	}
}

func evaluated(t *testing.T, args ...string) float64 {
	t.Helper()
	out, errs, code := call(t, "", append(args, "--json")...)
	if code != 0 {
		t.Fatal(errs)
	}
	return decode[struct{ Perplexity float64 }](t, out).Perplexity
}

// A file without a run around it: the vocabulary is asked for, files that exist
// are kept, a run without a text says so.
func TestConvertRefusals(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 60))
	dir := t.TempDir()
	model, bare := filepath.Join(dir, "model.pt"), filepath.Join(dir, "bare")
	alone := filepath.Join(t.TempDir(), "alone.pt") // with nothing beside it
	if _, errs, code := call(t, "", "convert", run, alone); code != 0 {
		t.Fatal(errs)
	}
	if err := os.Remove(strings.TrimSuffix(alone, ".pt") + ".json"); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"convert", run, model}, 0, ""},
		{[]string{"convert", run, model}, 1, "--force"},
		{[]string{"convert", run, model, "--force"}, 0, ""},
		{[]string{"convert", alone, bare}, 1, "--vocab"},
		{[]string{"convert", alone, bare, "--vocab", filepath.Join(dir, "model.json")}, 0, ""},
		{[]string{"eval", bare}, 1, "no text"},
		{[]string{"eval", bare, filepath.Join(filepath.Dir(run), "text.txt")}, 0, ""},
		{[]string{"train", "--from", bare}, 1, "no text"},
		{[]string{"train", "--resume", bare}, 1, "no text"},
		{[]string{"eval", model, filepath.Join(filepath.Dir(run), "text.txt")}, 0, ""},
		{[]string{"convert", run, bare}, 1, "not empty"},
		{[]string{"convert", run, filepath.Join(run, "run.json", "x.pt")}, 1, "another place"},
		{[]string{"convert", run, filepath.Join(dir, "new", "x.safetensors")}, 0, ""},
		{[]string{"convert", run, filepath.Join(dir, "x.pt"), "recall"}, 2, "TEXT"},
		{[]string{"sample", model, "--length", "3", "--vocab", filepath.Join(dir, "model.json")}, 0, ""},
	}
	for _, s := range steps {
		_, errs, code := call(t, "", s.args...)
		if code != s.code || !strings.Contains(errs, s.say) {
			t.Errorf("%v: status %d, %q; want %d and %q", s.args, code, errs, s.code, s.say)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "load.py"), []byte("print(1)"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := call(t, "", "convert", run, filepath.Join(dir, "other.pt")); code != 1 || !strings.Contains(errs, "another program") {
		t.Errorf("a program of the user's was not kept: status %d, %q", code, errs)
	}
}

// An exported file keeps what stands beside it: its vocabulary and text are known
// without a flag, and another file of the same model may take the same name.
func TestConvertKeepsWhatStandsBeside(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 60))
	dir := t.TempDir()
	one, other := filepath.Join(dir, "m.safetensors"), filepath.Join(dir, "m.pt")
	for _, args := range [][]string{
		{"convert", run, one}, {"convert", one, other}, {"sample", other, "--length", "3"}, {"convert", other, filepath.Join(dir, "run")},
	} {
		if _, errs, code := call(t, "", args...); code != 0 {
			t.Errorf("%v: status %d, %s", args, code, errs)
		}
	}
	text := filepath.Join(filepath.Dir(run), "text.txt")
	if a, b := evaluated(t, "eval", run), evaluated(t, "eval", filepath.Join(dir, "run"), text); a != b {
		t.Errorf("the run has perplexity %v, converted twice and back %v", a, b)
	}
	different := trained(t, strings.Repeat("xyzxyzxyz\n", 60))
	if _, errs, code := call(t, "", "convert", different, filepath.Join(dir, "m.pth")); code != 1 || !strings.Contains(errs, "m.json exists") {
		t.Errorf("what stands beside another model was replaced: status %d, %s", code, errs)
	}
}
