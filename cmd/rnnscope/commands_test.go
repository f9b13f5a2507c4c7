package main

import (
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// trained makes a small run on a text and returns its directory.
func trained(t *testing.T, text string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "text.txt")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(dir, "run")
	args := append(append([]string{"train", file, "--updates", "5", "--out", run}, small...), flags...)
	if _, errs, code := call(t, "", args...); code != 0 {
		t.Fatal(errs)
	}
	return run
}

func decode[T any](t *testing.T, line string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &v); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return v
}

// The JSON of train: an update a line with the fields scripts read, then done.
func TestTrainJSON(t *testing.T) {
	out, errs, code := call(t, "", append([]string{"train", "recall", "--updates", "4", "--eval-every", "2", "--json", "--out", filepath.Join(t.TempDir(), "run")}, small...)...)
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	var events []string
	for line := range strings.Lines(out) {
		e := decode[map[string]any](t, line)
		events = append(events, e["event"].(string))
		want := map[string][]string{
			"update": {"update", "epoch", "loss", "grad_norm", "clipped", "lr", "tokens", "tokens_per_s"},
			"valid":  {"update", "loss", "perplexity", "bits"},
			"sample": {"update", "text"},
			"saved":  {"update", "out"},
			"done":   {"updates", "seconds", "train_loss", "valid", "test", "out"},
		}[e["event"].(string)]
		if want == nil {
			t.Errorf("unknown event %v", e)
		}
		for _, field := range want {
			if _, ok := e[field]; !ok {
				t.Errorf("%v has no %s", e, field)
			}
		}
		if e["event"] == "done" {
			test := e["test"].(map[string]any)
			loss := test["loss"].(float64)
			if math.Abs(test["bits"].(float64)-loss/math.Ln2) > 1e-12 || math.Abs(test["perplexity"].(float64)-math.Exp(loss)) > 1e-12 {
				t.Errorf("test split: %v", test)
			}
		}
	}
	if got := strings.Join(events, " "); got != "update update valid update update valid sample saved done" {
		t.Errorf("events: %s", got)
	}
}

// A symbol the model does not know is stepped over with a zero embedding, not
// scored, and counted.
func TestUnknownSymbols(t *testing.T) {
	run := trained(t, strings.Repeat("abc\n", 200))
	type eval struct{ Tokens, Unknown int }
	for text, want := range map[string]eval{
		"abcabc":   {5, 0},
		"abXcabc":  {5, 1},
		"XabcXabc": {6, 2}, // the first token is never scored
	} {
		out, errs, code := call(t, text, "eval", run, "-", "--split", "all", "--json")
		if code != 0 {
			t.Fatal(errs)
		}
		if got := decode[eval](t, out); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	out, errs, code := call(t, "", "trace", run, "abXc", "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	trace := decode[struct {
		Steps []struct {
			Token     string
			ID        int
			Surprisal *float64
		}
	}](t, out)
	for i, s := range trace.Steps {
		unknown := i == 2
		if s.Token != string("abXc"[i]) || (s.ID < 0) != unknown || (s.Surprisal == nil) != (unknown || i == 0) {
			t.Errorf("step %d: %+v", i, s)
		}
	}
}

// eval of a run's own test split is what training said at its end.
func TestEvalAgreesWithTraining(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	out, errs, code := call(t, "", append([]string{"train", "reber", "--updates", "30", "--json", "--out", dir}, small...)...)
	if code != 0 {
		t.Fatal(errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	done := decode[struct{ Test json.RawMessage }](t, lines[len(lines)-1])
	again, errs, code := call(t, "", "eval", dir, "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	if strings.TrimSpace(again) != string(done.Test) {
		t.Errorf("eval says %s, training said %s", again, done.Test)
	}
}

// At temperature 0 the writer takes the most probable token; the prompt is
// read once; without a start token the first is drawn uniformly.
func TestSample(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 60), "--updates", "400", "--lr", "0.01")
	out, errs, code := call(t, "", "sample", run, "--prompt", "abca", "--temperature", "0", "--length", "5")
	if code != 0 {
		t.Fatal(errs)
	}
	if out != "bcabc\n" {
		t.Errorf("after abca it writes %q", out)
	}
	out, _, _ = call(t, "", "sample", run, "--temperature", "0", "--length", "4")
	if out != "abca\n" {
		t.Errorf("after the start token it writes %q", out)
	}
	out, _, _ = call(t, "", "sample", run, "--prompt", "ab", "--temperature", "0", "--length", "50", "--stop", "ca")
	if out != "ca\n" {
		t.Errorf("with --stop ca it writes %q", out)
	}
	type token struct {
		Token       string
		ID          int
		P           float64
		PAt1        float64 `json:"p_at_1"`
		Entropy     float64
		Temperature float64
	}
	out, _, _ = call(t, "", "sample", run, "--prompt", "ab", "--length", "20", "--json", "--temperature", "0.5", "--seed", "7")
	again, _, _ := call(t, "", "sample", run, "--prompt", "ab", "--length", "20", "--json", "--temperature", "0.5", "--seed", "7")
	if out != again {
		t.Error("one seed wrote two texts")
	}
	for line := range strings.Lines(out) {
		if c := decode[token](t, line); c.Temperature != 0.5 || !(c.P > 0 && c.P <= 1) || !(c.PAt1 > 0) || c.Entropy < 0 || c.Token == "" {
			t.Errorf("token %+v", c)
		}
	}
}

func itoa(n int) string { return string(mustJSON(n)) }

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// The lecture's model: its sizes, and that it trains on words.
func TestPresetLecture(t *testing.T) {
	data := os.Getenv("RNNSCOPE_TEST_DATA")
	if data == "" {
		t.Skip("RNNSCOPE_TEST_DATA names no directory with tinyshakespeare.txt")
	}
	dir := filepath.Join(t.TempDir(), "run")
	out, errs, code := call(t, "", "train", filepath.Join(data, "tinyshakespeare.txt"), "--preset", "lecture", "--tokens", "punct", "--min-count", "2", "--lines", "--updates", "3", "--split", "1,0,0", "--json", "--out", dir)
	if code != 0 {
		t.Fatal(errs)
	}
	if n := len(losses(t, strings.NewReader(out), nil)); n != 3 {
		t.Errorf("%d updates", n)
	}
	info, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	run := decode[struct {
		Model struct {
			Cell                         string
			Embed, Hidden, Layers, Vocab int
			Dropout                      float64
		}
		Config struct {
			Batch, Window int
			Train         struct {
				Optimizer string
				LR, Clip  float64
			}
		}
	}](t, string(info))
	m, c := run.Model, run.Config
	if m.Cell != "rnn" || m.Embed != 256 || m.Hidden != 512 || m.Layers != 2 || m.Dropout != 0.3 || c.Batch != 32 || c.Window != 35 || c.Train.Optimizer != "adam" || c.Train.LR != 1e-3 || c.Train.Clip != 5 {
		t.Errorf("the preset is %+v", run)
	}
}

// Every command has an example and help that runs.
func TestEveryCommandHasAnExample(t *testing.T) {
	root := newProgram(nil, io.Discard, io.Discard).root()
	commands := append(root.Commands(), root)
	for _, c := range root.Commands() {
		commands = append(commands, c.Commands()...)
	}
	for _, c := range commands {
		if c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		if _, errs, code := call(t, "", append(strings.Fields(c.CommandPath())[1:], "--help")...); code != 0 {
			t.Errorf("%s --help: status %d, %s", c.CommandPath(), code, errs)
		}
	}
}

func TestManAndCompletion(t *testing.T) {
	dir := t.TempDir()
	if _, errs, code := call(t, "", "man", dir); code != 0 {
		t.Fatal(errs)
	}
	page, err := os.ReadFile(filepath.Join(dir, "rnnscope-train.1"))
	if err != nil || !strings.Contains(string(page), "hidden") {
		t.Errorf("the manual page of train: %v", err)
	}
	if out, _, code := call(t, "", "completion", "bash"); code != 0 || !strings.Contains(out, "rnnscope") {
		t.Errorf("completion bash: status %d", code)
	}
}

// A run is gone on with up to its own limit, or to one given; past it there is
// nothing to do, and that is said.
func TestResumeKeepsTheRunsLimits(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 200), "--updates", "5")
	if _, errs, code := call(t, "", "train", "--resume", run); code != exitError || !strings.Contains(errs, "5 updates") || !strings.Contains(errs, "--updates") {
		t.Errorf("status %d: %s", code, errs)
	}
	out, errs, code := call(t, "", "train", "--resume", run, "--updates", "9", "--json")
	if n := len(losses(t, strings.NewReader(out), nil)); code != 0 || n != 4 {
		t.Errorf("%d updates, want 4 more; status %d: %s", n, code, errs)
	}
	out, errs, code = call(t, "", "train", "--resume", run, "--for", "100ms", "--json")
	if n := len(losses(t, strings.NewReader(out), nil)); code != 0 || n < 1 {
		t.Errorf("%d updates in a tenth of a second; status %d: %s", n, code, errs)
	}
}

// A bare file cannot tell relu from tanh: --activation does, and must not be
// ignored.
func TestActivationOfABareFile(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 200), "--cell", "rnn", "--activation", "relu", "--updates", "50")
	header := func(path string) string { b, _ := os.ReadFile(path); return string(b) }
	file := filepath.Join(t.TempDir(), "bare.safetensors")
	text := strings.Replace(header(filepath.Join(run, "model.safetensors")), `"activation":"relu"`, `"aktivation":"relu"`, 1)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	trace := func(path string, flags ...string) string {
		out, errs, code := call(t, "", append([]string{"trace", path, "--ids", "0,1,2,3", "--json"}, flags...)...)
		if code != 0 {
			t.Fatal(errs)
		}
		return string(mustJSON(decode[struct{ Steps []struct{ Logits []float64 } }](t, out)))
	}
	want := trace(run)
	if trace(file, "--activation", "relu") != want {
		t.Error("--activation relu does not give the relu model")
	}
	if trace(file) == want {
		t.Error("a bare file was taken for a relu model")
	}
	if _, errs, code := call(t, "", "trace", run, "--ids", "0", "--activation", "tanh"); code != exitUsage || !strings.Contains(errs, "contradicts") {
		t.Errorf("status %d: %s", code, errs)
	}
}

// Without a start token the first token is uniform whatever the options.
func TestFirstTokenIsUniform(t *testing.T) {
	run := trained(t, strings.Repeat("abc", 300))
	first := map[string]int{}
	for seed := range 60 {
		out, errs, code := call(t, "", "sample", run, "--length", "1", "--temperature", "0", "--top-k", "1", "--seed", itoa(seed))
		if code != 0 {
			t.Fatal(errs)
		}
		first[strings.TrimSpace(out)]++
	}
	for _, s := range []string{"a", "b", "c"} {
		if first[s] < 8 {
			t.Errorf("of 60 first tokens %v: %q is not as likely as the others", first, s)
		}
	}
}
