package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/store"
)

// kills is how many times TestKilledAtAnyMoment kills; more with
// RNNSCOPE_TEST_KILLS.
const kills = 8

// Killed at any moment while it saves every fifth of a second, a run opens: with
// a state no older than the last save that was completed, with its models, with
// metrics of which no line but the last is torn, and goes on. Killed again and
// again, the same run loses nothing.
func TestKilledAtAnyMoment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("renaming over a file that is being read fails there now and then")
	}
	n := kills
	if s := os.Getenv("RNNSCOPE_TEST_KILLS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	set, err := kernel.Choose("auto")
	if err != nil {
		t.Fatal(err)
	}
	draw := rand.New(rand.NewPCG(1, 2))
	run := filepath.Join(t.TempDir(), "run")
	latest := int64(0) // update of the last completed save
	for i := range n {
		args := []string{"train", "--resume", run, "--updates", "100000000", "--threads", "1", "--json"}
		if _, err := os.Stat(run); err != nil {
			args = append([]string{"train", "recall", "--save-every", "200ms", "--eval-every", "500", "--tensorboard", "--threads", "1", "--updates", "100000000", "--json", "--out", run}, small...)
		}
		c := process(args...)
		var errs bytes.Buffer
		c.Stderr = &errs
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(draw.Int64N(int64(900*time.Millisecond))), func() { c.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var e struct {
				Event  string
				Update int64
			}
			if json.Unmarshal(lines.Bytes(), &e) == nil && e.Event == "saved" {
				latest = e.Update
			}
		}
		var exit *exec.ExitError
		if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
			t.Fatalf("it ended by itself: %v %s", err, errs.String())
		}
		kill.Stop()

		if _, err := os.Stat(filepath.Join(run, "state.safetensors")); err != nil && latest == 0 {
			os.RemoveAll(run) // killed before there was a run
			continue
		}
		state, err := store.ReadState(run)
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		var saved struct{ Progress struct{ Update int64 } }
		if err := json.Unmarshal([]byte(state.Meta), &saved); err != nil {
			t.Fatal(err)
		}
		if saved.Progress.Update < latest {
			t.Errorf("kill %d: the state is of update %d, but %d was saved", i, saved.Progress.Update, latest)
		}
		latest = saved.Progress.Update
		if _, err := store.OpenModel(run, set); err != nil {
			t.Errorf("kill %d: %v", i, err)
		}
		models := []string{}
		if best := filepath.Join(run, "best.safetensors"); exists(best) {
			models = append(models, best)
		}
		snapshots, err := store.Snapshots(run)
		if err != nil || len(snapshots) == 0 && latest > 0 {
			t.Errorf("kill %d: %d snapshots (%v)", i, len(snapshots), err)
		}
		for _, s := range snapshots {
			models = append(models, s.Path)
		}
		for _, path := range models {
			if _, err := store.OpenModel(path, set); err != nil {
				t.Errorf("kill %d: %v", i, err)
			}
		}
		last, err := lastUpdate(run)
		if err != nil {
			t.Errorf("kill %d: %v", i, err)
		} else if last < keptBefore(latest) {
			t.Errorf("kill %d: the metrics end at update %d, the state is of %d", i, last, latest)
		}
	}
	if latest == 0 {
		t.Error("nothing was ever saved")
	}
	t.Logf("%d kills, %d updates", n, latest)
	if _, errs, code := call(t, "", "train", "--resume", run, "--updates", strconv.FormatInt(latest+3, 10)); code != 0 {
		t.Error(errs)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// keptBefore is the last update not after u that is in the metrics: all up to
// 2,000, every tenth up to 20,000, and so on.
func keptBefore(u int64) int64 {
	every := int64(1)
	for u > 2000*every {
		every *= 10
	}
	return u - u%every
}

func lastUpdate(run string) (last int64, err error) {
	last = -1
	for r, err := range store.History(run) {
		if err != nil {
			return last, err
		}
		if r.Event == "update" {
			last = max(last, r.Update)
		}
	}
	return last, nil
}

// What is in the way of a save is said, and what was saved stays.
func TestSavesThatCannotBe(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 60))
	before, err := os.ReadFile(filepath.Join(run, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"metrics.jsonl", "run.json"} {
		path := filepath.Join(run, file)
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o777); err != nil {
			t.Fatal(err)
		}
		_, errs, code := call(t, "", "train", "--resume", run, "--updates", "9")
		if code != 1 || !strings.Contains(errs, "is a directory") {
			t.Errorf("a directory in place of %s: status %d, %q", file, code, errs)
		}
		os.Remove(path)
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
	}
	if now, err := os.ReadFile(filepath.Join(run, "model.safetensors")); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the model changed (%v)", err)
	}

	// While it trains, somebody puts a directory in the state's place.
	busy := filepath.Join(t.TempDir(), "run")
	c := process(append([]string{"train", "recall", "--save-every", "20", "--updates", "1000000", "--json", "--out", busy}, small...)...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	moved := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if !moved && strings.Contains(lines.Text(), `"saved"`) {
			moved = true
			path := filepath.Join(busy, "state.safetensors")
			os.Rename(path, path+".away")
			os.Mkdir(path, 0o777)
			os.WriteFile(filepath.Join(path, "x"), nil, 0o666)
		}
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitError || !strings.Contains(errs.String(), "state.safetensors: cannot be written") {
		t.Errorf("ended with %v and said %q", err, errs.String())
	}
	if _, errs, code := call(t, "", "eval", busy); code != 0 {
		t.Errorf("the model saved before is gone: %s", errs)
	}
}

// A run in a directory that has become read-only: an error, and all stays.
func TestReadOnlyRun(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a file system that is mounted anew, which only Linux makes without more")
	}
	dir := t.TempDir()
	script := `mount -t tmpfs none "$1" || exit 77
		run="$1/run"; program="$2"; shift 2
		"$program" "$@" --out "$run" >/dev/null || exit 76
		mount -o remount,ro none "${run%/run}" || exit 77
		"$program" train --resume "$run" --updates 40; status=$?
		"$program" train recall --updates 3 --out "${run}2" && exit 75
		"$program" eval "$run" --json >&2
		exit $status`
	c := exec.Command("unshare", append([]string{"--mount", "--map-root-user", "sh", "-c", script, "sh", dir, os.Args[0], "train", "recall", "--updates", "10"}, small...)...)
	c.Env = append(os.Environ(), "RNNSCOPE_BE_THE_PROGRAM=1", "LC_ALL=C")
	var errs bytes.Buffer
	c.Stderr = &errs
	err := c.Run()
	var exit *exec.ExitError
	s := errs.String()
	if !errors.As(err, &exit) && err != nil || strings.Contains(s, "unshare:") || exit != nil && exit.ExitCode() == 77 {
		t.Skipf("cannot mount a file system here: %v %s", err, s)
	}
	if exit == nil || exit.ExitCode() != exitError || strings.Count(s, "read-only file system") != 2 || !strings.Contains(s, "--out") {
		t.Errorf("ended with %v and said %q", err, s)
	}
	if !strings.Contains(s, `"split":"test"`) {
		t.Errorf("the model cannot be evaluated: %q", s)
	}
}
