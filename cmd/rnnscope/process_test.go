package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"rnnscope/core/kernel"
)

// TestMain lets the test binary be the program, for tests that need a process
// of their own. Tests of the screen wait more than they work: more of them than
// there are processors go on at a time, unless -parallel says how many.
func TestMain(m *testing.M) {
	if os.Getenv("RNNSCOPE_BE_THE_PROGRAM") != "" {
		main()
	}
	flag.Parse()
	if n := runtime.GOMAXPROCS(0); flag.Lookup("test.parallel").Value.String() == itoa(n) {
		flag.Set("test.parallel", itoa(4*n))
	}
	os.Exit(m.Run())
}

func process(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "RNNSCOPE_BE_THE_PROGRAM=1", "LC_ALL=C")
	return c
}

// small are the flags of a model that trains in no time.
var small = []string{"--hidden", "12", "--embed", "6", "--layers", "1", "--dropout", "0", "--batch", "4", "--window", "16"}

// Ctrl+c saves, says where, and the run goes on from there to the same losses
// as one that was never stopped.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	dir := t.TempDir()
	c := process(append([]string{"train", "recall", "--updates", "100000", "--json", "--out", filepath.Join(dir, "a")}, small...)...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	first := losses(t, out, func(update int) {
		if update == 60 {
			c.Process.Signal(syscall.SIGINT)
		}
	})
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Fatalf("ended with %v, want status %d\n%s", err, exitInterrupted, errs.String())
	}
	if s := errs.String(); !strings.Contains(s, "saved in "+filepath.Join(dir, "a")) || !strings.Contains(s, "--resume") {
		t.Errorf("said %q", s)
	}
	n := len(first)
	resumed, errOut, code := call(t, "", "train", "--resume", filepath.Join(dir, "a"), "--updates", itoa(n+40), "--json")
	if code != 0 {
		t.Fatal(errOut)
	}
	again := losses(t, strings.NewReader(resumed), nil)
	whole, errOut, code := call(t, "", append([]string{"train", "recall", "--updates", itoa(n + 40), "--json", "--out", filepath.Join(dir, "b")}, small...)...)
	if code != 0 {
		t.Fatal(errOut)
	}
	want := losses(t, strings.NewReader(whole), nil)
	for u := 1; u <= n+40; u++ {
		got, ok := first[u]
		if !ok {
			got, ok = again[u]
		}
		if !ok || got != want[u] {
			t.Fatalf("loss of update %d: %v, uninterrupted %v (stopped after %d)", u, got, want[u], n)
		}
	}
}

// losses reads the updates of `train --json`, as exact decimal strings.
func losses(t *testing.T, r io.Reader, see func(update int)) map[int]string {
	t.Helper()
	all := map[int]string{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var u struct {
			Event  string
			Update int
			Loss   json.Number
		}
		if err := json.Unmarshal(lines.Bytes(), &u); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		if u.Event == "update" {
			all[u.Update] = u.Loss.String()
			if see != nil {
				see(u.Update)
			}
		}
	}
	return all
}

// The same seed and flags: the same losses to the last bit on one thread or
// two, with AVX-512 or AVX2.
func TestLossesDoNotDependOnTheMachine(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"rnn", "gru", "lstm"} {
		var want map[int]string
		if kernel.Available()[0].Name() == "portable" {
			t.Skip("this machine or build has no vector kernels to compare")
		}
		for _, kernels := range []string{"avx512", "avx2"} {
			for _, threads := range []string{"1", "2"} {
				out, errs, code := call(t, "", "train", "reber", "--cell", cell, "--layers", "2", "--dropout", "0.3", "--updates", "60", "--json",
					"--hidden", "20", "--embed", "8", "--batch", "5", "--window", "11", "--threads", threads, "--kernel", kernels, "--out", filepath.Join(t.TempDir(), "run"))
				if code == exitUsage && strings.Contains(errs, "cannot run") {
					t.Logf("this machine cannot run %s", kernels)
					continue
				}
				if code != 0 {
					t.Fatal(errs)
				}
				got := losses(t, strings.NewReader(out), nil)
				if want == nil {
					want = got
				}
				if len(got) != 60 {
					t.Fatalf("%d updates, want 60", len(got))
				}
				for u := range want {
					if got[u] != want[u] {
						t.Fatalf("%s: loss of update %d with %s on %s threads: %s, before %s", cell, u, kernels, threads, got[u], want[u])
					}
				}
			}
		}
	}
}

// A full disk: a clear error, and what was saved before stays whole.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a file system of a given size, which only Linux makes without more")
	}
	dir := t.TempDir()
	// A file system of 400 kB in a mount namespace of its own. The model's state
	// takes some 200 kB, so the second save cannot be written beside the first.
	script := `mount -t tmpfs -o size=400k none "$1" || exit 77
		run="$1/run"; program="$2"; shift 2
		"$program" "$@" --out "$run"; status=$?
		"$program" eval "$run" --json >&2
		exit $status`
	c := exec.Command("unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh", dir, os.Args[0],
		"train", "recall", "--updates", "40", "--save-every", "10", "--cell", "lstm", "--hidden", "48", "--embed", "32",
		"--layers", "1", "--dropout", "0", "--batch", "4", "--window", "16")
	c.Env = append(os.Environ(), "RNNSCOPE_BE_THE_PROGRAM=1", "LC_ALL=C")
	var errs bytes.Buffer
	c.Stderr = &errs
	err := c.Run()
	var exit *exec.ExitError
	s := errs.String()
	if !errors.As(err, &exit) && err != nil || strings.Contains(s, "unshare:") || exit != nil && exit.ExitCode() == 77 {
		t.Skipf("cannot mount a file system here: %v %s", err, s)
	}
	if exit == nil || exit.ExitCode() != exitError || !strings.Contains(s, "no space left on device") || !strings.Contains(s, "intact") {
		t.Errorf("ended with %v and said %q", err, s)
	}
	if !strings.Contains(s, `"split":"test"`) {
		t.Errorf("the model saved before cannot be evaluated: %q", s)
	}
}

// A reader that goes away, as head does, ends the run with all saved.
func TestClosedOutputSaves(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes break differently on Windows")
	}
	dir := filepath.Join(t.TempDir(), "run")
	c := process(append([]string{"train", "recall", "--updates", "1000000", "--json", "--out", dir}, small...)...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	err = c.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitError || !strings.Contains(errs.String(), "broken pipe") || !strings.Contains(errs.String(), "--resume") {
		t.Errorf("ended with %v and said %q", err, errs.String())
	}
	if _, errs, code := call(t, "", "eval", dir); code != 0 {
		t.Errorf("nothing was saved: %s", errs)
	}
}

// What prints and has no work to end says nothing of a reader who has enough.
func TestReaderHasEnough(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("pipes break differently on Windows")
	}
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in.Close()
	defer out.Close()
	c := process("corpora")
	var errs bytes.Buffer
	c.Stdout, c.Stderr = out, &errs
	err = c.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitError || errs.Len() > 0 {
		t.Errorf("ended with %v and said %q", err, errs.String())
	}
}

// Where there is nothing to save, ctrl+c ends the program at once.
func TestInterruptedReading(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	c := process("train", "-", "--out", filepath.Join(t.TempDir(), "run"))
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	// The pipe holds 64 kB: when a megabyte has gone in, the program is reading.
	if _, err := in.Write(bytes.Repeat([]byte("to be or not to be\n"), 50_000)); err != nil {
		t.Fatal(err)
	}
	c.Process.Signal(syscall.SIGINT)
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("ended with %v, want status %d\n%s", err, exitInterrupted, errs.String())
	}
}

// Writing to a full disk through standard output is an error, not a success.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	defer full.Close()
	run := trained(t, strings.Repeat("abcabcabc\n", 60))
	for _, args := range [][]string{
		{"sample", run}, {"sample", run, "--json"}, {"eval", run}, {"trace", run, "abc"}, {"corpora"},
		append([]string{"train", "recall", "--updates", "3", "--out", filepath.Join(t.TempDir(), "run")}, small...),
	} {
		var errs bytes.Buffer
		if status := newProgram(strings.NewReader(""), full, &errs).run(args); status != exitError || !strings.Contains(errs.String(), "standard output") {
			t.Errorf("%v: status %d, %q", args, status, errs.String())
		}
	}
}

// Runs that begin in the same second have directories of their own.
func TestRunsBegunTogether(t *testing.T) {
	dir := t.TempDir()
	var all []*exec.Cmd
	for range 4 {
		c := process(append([]string{"train", "recall", "--updates", "2"}, small...)...)
		c.Dir = dir
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	for _, c := range all {
		if err := c.Wait(); err != nil {
			t.Error(err)
		}
	}
	runs, err := filepath.Glob(filepath.Join(dir, "runs", "*", "model.safetensors"))
	if err != nil || len(runs) != 4 {
		t.Errorf("%d runs of 4 (%v)", len(runs), err)
	}
}

// A signal that comes twice at once, to the process and to its group, saves
// like one; and while a run is being written nobody else may go on with it.
func TestSignalledTwiceAndLocked(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	dir := filepath.Join(t.TempDir(), "run")
	c := process(append([]string{"train", "recall", "--updates", "10000000", "--save-every", "5", "--json", "--out", dir}, small...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	losses(t, out, func(update int) {
		switch update {
		case 20:
			if _, errs, code := call(t, "", "train", "--resume", dir, "--updates", "20000000"); code != exitError || !strings.Contains(errs, "another program") {
				t.Errorf("a run being written was taken: status %d, %s", code, errs)
			}
		case 40:
			c.Process.Signal(syscall.SIGTERM)
			c.Process.Signal(syscall.SIGTERM)
		}
	})
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Errorf("ended with %v, want status %d", err, exitInterrupted)
	}
	if _, errs, code := call(t, "", "eval", dir); code != 0 {
		t.Errorf("not saved: %s", errs)
	}
}

// A run whose validation loss is no number any more diverges and is saved like
// another.
func TestBrokenValidationLoss(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	out, errs, code := call(t, "", append([]string{"train", "recall", "--cell", "rnn", "--activation", "relu", "--optimizer", "sgd", "--clip", "0", "--lr", "1e22", "--eval-every", "1", "--updates", "5", "--json", "--out", dir}, small...)...)
	if code != exitError || !strings.Contains(out, `"event":"diverged"`) || !strings.Contains(errs, "--lr") || strings.Contains(errs, "json") {
		t.Errorf("status %d: %s\n%s", code, errs, out)
	}
	if out, errs, code := call(t, "", "eval", dir, "--json"); code != 0 || strings.Contains(out, "null") {
		t.Errorf("the run was left with status %d: %s %s", code, out, errs)
	}
}
