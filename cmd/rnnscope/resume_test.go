package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rnnscope/core/rnn"
	"rnnscope/core/store"
)

// A run that goes on is the run that was never stopped: the same losses,
// gradient norms and rates to the last digit, and at the end the same weights,
// moments, carried state and position. For each cell and optimizer, with
// dropout and a schedule, stopped in the middle of an epoch, saved on one number
// of threads and gone on with on another.
func TestResumeIsExact(t *testing.T) {
	t.Parallel()
	const stop, end = 23, 47 // an epoch of this text has 17 windows
	text := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("the cat sat on the mat, and the dog barked. ", 40)), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, cell := range rnn.Cells() {
		for i, optimizer := range []string{"adam", "sgd"} {
			for _, threads := range []string{"1", "2"} {
				t.Run(fmt.Sprintf("%s %s %s threads", cell, optimizer, threads), func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					whole, half := filepath.Join(dir, "whole"), filepath.Join(dir, "half")
					args := []string{"train", text, "--cell", cell, "--optimizer", optimizer, "--lr", []string{"0.01", "0.5"}[i], "--schedule", "step:1,0.5",
						"--layers", "2", "--dropout", "0.4", "--hidden", "17", "--embed", "9", "--batch", "5", "--window", "18", "--eval-every", "10", "--json"}
					lines := map[string][]string{}
					for name, flags := range map[string][]string{
						"whole": append(args, "--updates", itoa(end), "--threads", "1", "--out", whole),
						"half":  append(args, "--updates", itoa(stop), "--threads", threads, "--out", half),
					} {
						out, errs, code := call(t, "", flags...)
						if code != 0 {
							t.Fatal(errs)
						}
						lines[name] = exactly(t, out)
					}
					other := map[string]string{"1": "2", "2": "1"}[threads]
					out, errs, code := call(t, "", "train", "--resume", half, "--updates", itoa(end), "--threads", other, "--json")
					if code != 0 {
						t.Fatal(errs)
					}
					got := append(lines["half"], exactly(t, out)...)
					if len(got) != end || len(lines["whole"]) != end {
						t.Fatalf("%d updates and %d, want %d", len(got), len(lines["whole"]), end)
					}
					for u, want := range lines["whole"] {
						if got[u] != want {
							t.Fatalf("update %d: %s, uninterrupted %s", u+1, got[u], want)
						}
					}
					sameState(t, half, whole)
				})
			}
		}
	}
}

// exactly is what train --json says of each update, but for times.
func exactly(t *testing.T, out string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(out) {
		u := decode[struct {
			Event           string
			Update, Tokens  json.Number
			Loss, LR, Epoch json.Number
			Norm            json.Number `json:"grad_norm"`
		}](t, line)
		if u.Event == "update" {
			all = append(all, fmt.Sprint(u.Update, u.Tokens, u.Loss, u.Norm, u.LR, u.Epoch))
		}
	}
	return all
}

// sameState compares the states of two runs, but for the time they took and
// for what the validation at the end of the first half has told.
func sameState(t *testing.T, a, b string) {
	t.Helper()
	var first map[string]any
	for _, run := range []string{a, b} {
		state, err := store.ReadState(run)
		if err != nil {
			t.Fatal(err)
		}
		var meta map[string]any
		if err := json.Unmarshal([]byte(state.Meta), &meta); err != nil {
			t.Fatal(err)
		}
		progress := meta["progress"].(map[string]any)
		if first == nil {
			first = progress
		} else if fmt.Sprint(first) != fmt.Sprint(progress) {
			t.Errorf("progress %v, then %v", first, progress)
		}
	}
	read := func(run string) []byte {
		b, err := os.ReadFile(filepath.Join(run, "state.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		// The tensors' bytes: after the header, whose metadata has the time.
		n := int(b[0]) | int(b[1])<<8 | int(b[2])<<16
		return b[8+n:]
	}
	if !bytes.Equal(read(a), read(b)) {
		t.Error("the tensors of the states differ")
	}
}

// Without a terminal the program called on a run goes on with it, as lines.
func TestOpensARunWithoutATerminal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	small := []string{"--layers", "1", "--hidden", "8", "--embed", "4", "--dropout", "0", "--batch", "4", "--window", "8"}
	if _, errs, status := call(t, "", append([]string{"train", "recall", "--updates", "2", "--out", dir}, small...)...); status != 0 {
		t.Fatal(errs)
	}
	if out, errs, status := call(t, "", dir, "--updates", "5"); status != 0 || !strings.Contains(out, "done after 5 updates") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}

// A run that is gone on with still says where its first weights came from.
func TestResumeKeepsTheOriginOfWeights(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("the cat sat on the mat. ", 60)
	drawn := trained(t, text)
	given := trained(t, text, "--from", drawn)
	for run, want := range map[string]store.Origin{drawn: store.Drawn, given: store.Given} {
		for updates := 5; updates <= 7; updates++ { // as it began, gone on with, and once more
			if updates > 5 {
				if _, errs, code := call(t, "", "train", "--resume", run, "--updates", itoa(updates)); code != 0 {
					t.Fatal(errs)
				}
			}
			info, err := store.ReadInfo(run)
			if err != nil {
				t.Fatal(err)
			}
			if info.Weights != want || info.Drawn() != (want == store.Drawn) {
				t.Errorf("after %d updates run.json says that the weights were %q, want %q", updates, info.Weights, want)
			}
		}
	}
}
