package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// --tensorboard writes an event file into the run, another when the run goes
// on, and keeps to it without being told again.
func TestTensorBoardFiles(t *testing.T) {
	run := filepath.Join(t.TempDir(), "run")
	if _, errs, code := call(t, "", append([]string{"train", "recall", "--tensorboard", "--updates", "5", "--eval-every", "5", "--out", run}, small...)...); code != 0 {
		t.Fatal(errs)
	}
	if _, errs, code := call(t, "", "train", "--resume", run, "--updates", "8"); code != 0 {
		t.Fatal(errs)
	}
	files, err := filepath.Glob(filepath.Join(run, "events.out.tfevents.*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d event files, want 2 (%v)", len(files), err)
	}
	for i, counts := range []map[string]int{
		{"train/loss": 5, "train/grad_norm": 5, "lr": 5, "valid/loss": 1, "valid/perplexity": 1, "test/loss": 1},
		{"train/loss": 3, "train/grad_norm": 3, "lr": 3, "valid/loss": 1, "valid/perplexity": 1, "test/loss": 1},
	} {
		b, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		for tag, n := range counts {
			// a string field: its number and type, its length, its bytes
			if got := bytes.Count(b, append([]byte{1<<3 | 2, byte(len(tag))}, tag...)); got != n {
				t.Errorf("file %d has %s %d times, want %d", i, tag, got, n)
			}
		}
	}
}
