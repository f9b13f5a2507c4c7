package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where there is no terminal a run is followed as lines, or as its metrics are.
func TestWatchPrintsARun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if _, errs, status := call(t, "", append([]string{"train", "sums", "--updates", "30", "--out", dir}, small...)...); status != 0 {
		t.Fatal(errs)
	}
	out, errs, status := call(t, "", "watch", dir)
	if status != 0 || !strings.Contains(out, "done after 30 updates") || !strings.Contains(out, "valid") {
		t.Errorf("status %d, %s%s", status, errs, out)
	}
	out, errs, status = call(t, "", "watch", dir, "--json")
	metrics, err := os.ReadFile(filepath.Join(dir, "metrics.jsonl"))
	if err != nil || status != 0 || out != string(metrics) {
		t.Errorf("status %d, %v, %s; the lines are not those of metrics.jsonl:\n%s", status, err, errs, out)
	}
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("%q is no JSON", line)
		}
	}
}

func TestWatchRefuses(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"watch"}, 2, "RUN"},
		{[]string{"watch", filepath.Join(empty, "none")}, 1, "no run"},
		{[]string{"watch", empty}, 1, "name a run in it"},
	} {
		_, errs, status := call(t, "", c.args...)
		if status != c.status || !strings.Contains(errs, c.want) {
			t.Errorf("%v: status %d, %q; want %d and %q", c.args, status, errs, c.status, c.want)
		}
	}
}
