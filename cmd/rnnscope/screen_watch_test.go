//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tty "rnnscope/tui/terminal"
)

// training starts a program that trains into a directory until the test ends.
func writer(t *testing.T, dir string, more ...string) *exec.Cmd {
	t.Helper()
	c := process(append(append([]string{"train", "--for", "0", "--save-every", "0.5s", "--out", dir}, quick...), more...)...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	return c
}

// watch opens the screen on what is in a directory, when that is there.
func watch(t *testing.T, l look, path string) *screen {
	t.Helper()
	c := process(append([]string{"watch", path}, l.args...)...)
	c.Dir = t.TempDir()
	c.Env = plainEnv("RNNSCOPE_BE_THE_PROGRAM=1", "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8")
	term, err := tty.Start(c, tty.Options{Columns: max(80, l.columns), Rows: max(24, l.rows)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return &screen{term, t, c.Dir, nil}
}

var weightsOf = regexp.MustCompile(`weights of ([\d,]+)`)

// A run that another process trains is on the screen with its numbers and its
// weights; nothing there changes it, and its end and its going away are told.
func TestScreenWatchesAnotherProcess(t *testing.T) {
	t.Parallel()
	runs := t.TempDir()
	dir := filepath.Join(runs, "one")
	trainer := writer(t, dir)
	for !exists(filepath.Join(dir, "model.safetensors")) {
		if trainer.ProcessState != nil {
			t.Fatal("the writer has ended")
		}
	}
	s := watch(t, look{columns: 140, rows: 40}, dir)
	s.until("figures", started)
	s.until("weights", func(v *tty.Screen) bool {
		return strings.Contains(v.Line(0), "watching one") && weightsOf.MatchString(v.Line(0))
	})
	at := 0
	s.See(func(v *tty.Screen) { at = update(v) })
	s.until("more updates", func(v *tty.Screen) bool { return update(v) > at })
	weights := ""
	s.See(func(v *tty.Screen) { weights = weightsOf.FindString(v.Line(0)) })
	s.until("newer weights", func(v *tty.Screen) bool {
		now := weightsOf.FindString(v.Line(0))
		return now != "" && now != weights
	})
	s.press("right") // a knob
	s.untilText("nothing can be done to it from here")
	s.press("?")
	s.until("help without a pause", func(v *tty.Screen) bool { return v.Has("quit") && !v.Has("pause or go on") })
	s.press("esc", "2")
	s.until("a trace", func(v *tty.Screen) bool { return v.Has("hidden state") })
	s.press("3")
	s.until("a half-life", func(v *tty.Screen) bool { return v.Has("half-life") })
	s.press("4", "space")
	s.until("writing", func(v *tty.Screen) bool { return v.Has("writing") })
	s.press("1")
	if err := trainer.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	s.until("the end", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "stopped") })
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s.until("that it is gone", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "the run is gone") })
	s.press("q")
	s.end(0)
}

// Several runs are listed; they can be overlaid, opened and left.
func TestScreenListsRuns(t *testing.T) {
	t.Parallel()
	runs := t.TempDir()
	s := watch(t, look{columns: 120, rows: 36}, runs)
	s.untilText("There is no run in")
	for _, name := range []string{"alpha", "beta"} {
		writer(t, filepath.Join(runs, name))
	}
	s.until("both", func(v *tty.Screen) bool { return v.Has("alpha") && v.Has("beta") && v.Has("training") })
	s.press("space", "down", "space")
	s.until("two curves", func(v *tty.Screen) bool {
		return strings.Count(v.Text(), "beta") >= 2 && strings.Count(v.Text(), "alpha") >= 2
	})
	s.press("s", "s", "S")
	s.until("the order turned round", func(v *tty.Screen) bool { return v.Has("update↑") })
	s.press("enter")
	s.until("a run", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "watching") && update(v) > 0 })
	s.press("q")
	s.until("the list again", func(v *tty.Screen) bool { return v.Has("runs in") && v.Has("alpha") })
	s.press("q")
	s.end(0)
}

// A run whose text is not here is shown on what it wrote: its numbers, curves and
// states, but nothing that is counted in its text.
func TestScreenWatchesARunWithoutItsText(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("the quick brown fox jumps over the lazy dog\n", 200)), 0o644); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(dir, "run")
	if _, errs, status := call(t, "", append([]string{"train", text, "--updates", "40", "--out", run}, small...)...); status != 0 {
		t.Fatal(errs)
	}
	if err := os.Remove(text); err != nil {
		t.Fatal(err)
	}
	s := watch(t, look{columns: 140, rows: 40}, run)
	s.until("figures", func(v *tty.Screen) bool {
		return started(v) && v.Has("its own writing (mine.txt is not here)") && v.Has("update 40")
	})
	s.press("5")
	s.until("why there is no ladder", func(v *tty.Screen) bool { return v.Has("rnnscope watch RUN TEXT") })
	s.press("7")
	s.until("its own writing", func(v *tty.Screen) bool { return v.Has("vocabulary") })
	s.press("q")
}
