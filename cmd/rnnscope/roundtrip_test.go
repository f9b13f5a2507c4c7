package main

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// From PyTorch and back: what torch.save wrote, as other programs call its
// parts, has here the perplexity that PyTorch's logits have, and so has the file
// that is written from it, in PyTorch.
func TestRoundTripThroughPyTorch(t *testing.T) {
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON names no Python with PyTorch")
	}
	dir := t.TempDir()
	if out, err := exec.Command(python, "../../core/store/testdata/torchfiles.py", "make", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ids := []int{0, 3, 1, 4, 1, 2, 0, 0} // the first stream of torchfiles.py
	text, vocab := filepath.Join(dir, "text.txt"), filepath.Join(dir, "vocab.txt")
	letters := ""
	for _, id := range ids {
		letters += string(rune('a' + id))
	}
	for path, content := range map[string]string{text: letters, vocab: "a\nb\nc\nd\ne\n"} {
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"example", "example-tied", "legacy", "checkpoint", "transposed"} {
		b, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var logits [][][]float64
		if err := json.Unmarshal(b, &logits); err != nil {
			t.Fatal(err)
		}
		nats := 0.0
		for i, next := range ids[1:] {
			sum := 0.0
			for _, x := range logits[0][i] {
				sum += math.Exp(x)
			}
			nats += math.Log(sum) - logits[0][i][next]
		}
		want := math.Exp(nats / float64(len(ids)-1))
		here := evaluated(t, "eval", filepath.Join(dir, name+".pt"), text, "--split", "all", "--vocab", vocab)
		back := filepath.Join(dir, "back", name+".pt")
		if _, errs, code := call(t, "", "convert", filepath.Join(dir, name+".pt"), back, "--vocab", vocab); code != 0 {
			t.Fatal(errs)
		}
		again := loaded(t, back, text, "--split", "all")
		if !(math.Abs(here-want) <= sameFigure*want) || !(math.Abs(again-want) <= sameFigure*want) {
			t.Errorf("%s: perplexity %.9f in PyTorch, %.9f here, %.9f back in PyTorch", name, want, here, again)
		}
	}
}
