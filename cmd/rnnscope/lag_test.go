package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"rnnscope/core/lag"
	"rnnscope/core/say"
	"rnnscope/tui/words"
)

type lagLine struct {
	Task, Cell, Init string
	ForgetBias       *float64 `json:"forget_bias"`
	Biases           string
	Lag, Seed        int
	LR               float64
	Hidden           int
	Solved           bool
	Updates          int
	Seconds          float64
	Final            *float64
	Chance, Optimum  float64
	Ratio            *float64 `json:"gradient_ratio_at_init"`
	Curve            []struct{ Update int }
}

func lagTrials(t *testing.T, text string) []lagLine {
	t.Helper()
	var all []lagLine
	for line := range strings.Lines(text) {
		all = append(all, decode[lagLine](t, line))
	}
	return all
}

// quickLag is a grid of four trials that take no time.
var quickLag = []string{"--task", "recall", "--lag", "2", "--cell", "rnn,lstm", "--forget-bias", "1", "--seeds", "2", "--updates", "60", "--hidden", "8", "--batch", "8"}

// The JSON of lag: a line a trial with the fields scripts read, in the file too.
func TestLagJSON(t *testing.T) {
	file := filepath.Join(t.TempDir(), "grid.jsonl")
	out, errs, code := call(t, "", append([]string{"lag", "--json", "--out", file}, quickLag...)...)
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	trials := lagTrials(t, out)
	if len(trials) != 4 {
		t.Fatalf("%d lines", len(trials))
	}
	for _, r := range trials {
		bias := map[string]float64{"rnn": 0, "lstm": 1}[r.Cell]
		if r.Task != "recall" || r.Init != "pytorch" || r.ForgetBias == nil || *r.ForgetBias != bias || r.Lag != 2 || r.LR != 0.001 || r.Hidden != 8 ||
			r.Updates < 50 || r.Final == nil || r.Ratio == nil || *r.Ratio <= 0 || r.Chance < 2.07 || r.Chance > 2.08 || len(r.Curve) == 0 {
			t.Errorf("%+v", r)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil || len(lagTrials(t, string(kept))) != 4 {
		t.Errorf("the file has %d lines (%v)", len(lagTrials(t, string(kept))), err)
	}
	// As drawn: null, and a field says why.
	out, errs, code = call(t, "", append([]string{"lag", "--json", "--out", filepath.Join(t.TempDir(), "x")}, append(quickLag, "--forget-bias", "drawn", "--cell", "lstm", "--seeds", "1")...)...)
	if code != 0 {
		t.Fatal(errs)
	}
	if r := lagTrials(t, out)[0]; r.ForgetBias != nil || r.Biases != "as drawn" {
		t.Errorf("%+v", r)
	}
}

// A file goes on: what it has is not run again, and more flags extend it.
func TestLagResume(t *testing.T) {
	file := filepath.Join(t.TempDir(), "grid.jsonl")
	if _, errs, code := call(t, "", append([]string{"lag", "--out", file}, quickLag...)...); code != 0 {
		t.Fatal(errs)
	}
	whole, _ := os.ReadFile(file)
	lines := strings.SplitAfter(strings.TrimSuffix(string(whole), "\n"), "\n")
	os.WriteFile(file, []byte(lines[0]+lines[1][:30]), 0o644) // stopped in the middle of a line
	out, errs, code := call(t, "", "lag", "--resume", file, "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	if got := lagTrials(t, out); len(got) != 3 {
		t.Errorf("%d trials run, want the 3 that the file lacks", len(got))
	}
	again, _ := os.ReadFile(file)
	seconds := func(text string) map[string]lagLine {
		all := map[string]lagLine{}
		for _, r := range lagTrials(t, text) {
			all[r.Cell+itoa(r.Seed)] = r
		}
		return all
	}
	before, after := seconds(string(whole)), seconds(string(again))
	for key, r := range before {
		if a := after[key]; a.Final == nil || *a.Final != *r.Final || a.Updates != r.Updates {
			t.Errorf("%s: %+v, uninterrupted %+v", key, a, r)
		}
	}
	out, errs, code = call(t, "", "lag", "--resume", file, "--seeds", "3")
	if code != 0 {
		t.Fatal(errs)
	}
	if !strings.Contains(out, "4 of 6 trials are in "+file+" already") || !strings.Contains(out, "of 3") {
		t.Errorf("said %s", out)
	}
}

// The table for people: a line a row of the grid, in 80 columns.
func TestLagForPeople(t *testing.T) {
	out, errs, code := call(t, "", append([]string{"lag", "--out", filepath.Join(t.TempDir(), "g.jsonl"), "--init", "pytorch,orthogonal"}, quickLag...)...)
	if code != 0 || errs != "" {
		t.Fatalf("status %d: %s", code, errs)
	}
	_, table, found := strings.Cut(out, "\nrecall, lag 2: say the first symbol again after a fixed lag\n")
	if !found || !strings.HasPrefix(table, "cell      init           b_f lr        solved  updates    loss   arrives horizon\n") {
		t.Fatalf("said %s", out)
	}
	rows := strings.Split(table, "\n")
	for i, want := range []string{"rnn       pytorch            0.001 ", "rnn       orthogonal         0.001 ", "lstm      pytorch          1 0.001 ", "lstm      orthogonal       1 0.001 "} {
		if !strings.HasPrefix(rows[1+i], want) || !strings.Contains(rows[1+i], " of 2 ") {
			t.Errorf("row %d: %q", i, rows[1+i])
		}
	}
	for _, line := range rows {
		if n := utf8.RuneCountInString(line); n > 80 && !strings.Contains(line, "results and curves") {
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

// Ctrl+c keeps what was done, says where, and --resume goes on.
func TestInterruptedLagGoesOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt on Windows")
	}
	file := filepath.Join(t.TempDir(), "grid.jsonl")
	c := process("lag", "--json", "--out", file, "--task", "adding", "--lag", "20", "--cell", "rnn", "--lr", "1e-6", "--hidden", "8", "--seeds", "2000", "--updates", "200", "--threads", "2")
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if seen++; seen == 3 {
			c.Process.Signal(syscall.SIGINT)
		}
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Fatalf("ended with %v, want status %d\n%s", err, exitInterrupted, errs.String())
	}
	kept, _ := os.ReadFile(file)
	n := len(lagTrials(t, string(kept)))
	if want := itoa(n) + " of 2000 trials are in " + file; n != seen || !strings.Contains(errs.String(), want) || !strings.Contains(errs.String(), "rnnscope lag --resume "+file) {
		t.Errorf("%d kept, %d seen; said %q", n, seen, errs.String())
	}
	resumed, errText, code := call(t, "", "lag", "--resume", file, "--seeds", itoa(n+2), "--json")
	if code != 0 || len(lagTrials(t, resumed)) != 2 {
		t.Errorf("status %d, %d lines: %s", code, len(lagTrials(t, resumed)), errText)
	}
}

func TestLagCalledWrongly(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	os.WriteFile(there, []byte("x\n"), 0o644)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--task", "parity"}, exitUsage, "task must be one of"},
		{[]string{"--cell", "rnn,,gru"}, exitUsage, `cell: "" is not one of its values`},
		{[]string{"--lr", "fast"}, exitUsage, `lr: "fast" is not one of its values`},
		{[]string{"--forget-bias", "x"}, exitUsage, `forget-bias: "x"`},
		{[]string{"--lag", "1", "--task", "order"}, exitUsage, "lag of the order task must be from 10"},
		{[]string{"--seeds", "0"}, exitUsage, "seeds must be 1 or more"},
		{[]string{"--preset", "none"}, exitUsage, "one of: lecture"},
		{[]string{"--preset", "lecture", "--resume", there}, exitUsage, "contradicts"},
		{[]string{"--out", "a", "--resume", there}, exitUsage, "contradicts"},
		{[]string{"--threads", "0"}, exitUsage, "threads must be from 1"},
		{[]string{"--out", there}, exitError, "is there already"},
		{[]string{"--resume", there}, exitError, "line 1 is no result of a trial"},
		{[]string{"--resume", there}, exitError, "or begin a new one"},
		{[]string{"--resume", filepath.Join(dir, "no")}, exitError, "no such file"},
		{[]string{"text"}, exitUsage, "takes no argument"},
	} {
		out, errs, code := call(t, "", append([]string{"lag"}, c.args...)...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: status %d, want %d; said %q", c.args, code, c.code, errs)
		}
	}
}

// Whatever is typed as a list is read or refused, and never panics.
func FuzzLagFlags(f *testing.F) {
	f.Add("adding,recall", "rnn", "pytorch,gain:2", "1,drawn", "5,50", "0.001,1e-3", "onehot")
	f.Add(",", "lstm,", "uniform:-1", "1e400", "99999999999999999999", "NaN", "")
	f.Fuzz(func(t *testing.T, tasks, cells, inits, bias, lags, rates, input string) {
		var flags lagFlags
		set := pflag.NewFlagSet("lag", pflag.ContinueOnError)
		flags.bind(set)
		for name, value := range map[string]string{"task": tasks, "cell": cells, "init": inits, "forget-bias": bias, "lag": lags, "lr": rates, "input": input} {
			set.Set(name, value)
		}
		g, err := flags.over(lag.Defaults())
		if err != nil {
			return
		}
		trials, err := g.Trials()
		if err == nil && len(trials) == 0 {
			t.Errorf("no trial of %+v", g)
		}
	})
}

// Stopped before anything was finished: no empty file is left behind.
func TestLagInterruptedAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "grid.jsonl")
	var o, e bytes.Buffer
	p := newProgram(strings.NewReader(""), &o, &e)
	p.cancel()
	code := p.run(append([]string{"lag", "--out", file}, quickLag...))
	if _, err := os.Stat(file); code != exitInterrupted || !errors.Is(err, os.ErrNotExist) || !strings.Contains(e.String(), "no trial had been finished") {
		t.Errorf("status %d, %v, said %q", code, err, e.String())
	}
}

// The help lists every task with its usual lag, and each has a Chinese title.
func TestLagHelpListsEveryTask(t *testing.T) {
	out, _, code := call(t, "", "lag", "--help", "--lang", "en")
	if code != 0 {
		t.Fatal(out)
	}
	for _, name := range lag.Tasks() {
		if want := fmt.Sprintf("  %-13s %s (%d)\n", name, lag.Title(name), lag.UsualLag(name)); !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
		if title := words.Say(words.Chinese, say.Phrase(lag.Title(name))); !han(title) {
			t.Errorf("%s: the Chinese of its title is %q", name, title)
		}
	}
}

// README's table of the lecture's experiment is what the command prints. Of its
// rows those are run that learn quickly.
func TestReadmeLecture(t *testing.T) {
	if testing.Short() {
		t.Skip("trains twenty networks")
	}
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ begins, cell, bias, lr string }{
		{"| RNN | orthogonal | | 0.001 |", "rnn", drawn, "0.001"},
		{"| RNN | orthogonal | | 0.005 |", "rnn", drawn, "0.005"},
		{"| LSTM | orthogonal | 1 | 0.001 |", "lstm", "1", "0.001"},
		{"| LSTM | orthogonal | 1 | 0.005 |", "lstm", "1", "0.005"},
	} {
		_, rest, ok := strings.Cut(string(text), row.begins)
		if !ok {
			t.Errorf("README has no row %q", row.begins)
			continue
		}
		rest, _, _ = strings.Cut(rest, "\n")
		var said []string // solved, updates, gradient, horizon
		for _, cell := range strings.Split(strings.Trim(rest, "| "), "|") {
			said = append(said, strings.TrimSpace(cell))
		}
		out, errs, code := call(t, "", "lag", "--preset", "lecture", "--cell", row.cell, "--init", "orthogonal", "--forget-bias", row.bias, "--lr", row.lr, "--out", filepath.Join(t.TempDir(), "grid.jsonl"))
		if code != 0 {
			t.Fatal(errs)
		}
		_, table, _ := strings.Cut(out, "horizon\n")
		line, _, _ := strings.Cut(table, "\n")
		f := strings.Fields(line)
		n := len(f)
		arrives := strings.Replace(f[n-2], "e-0", "e-", 1)
		if printed := []string{strings.Join(f[n-7:n-4], " "), f[n-4], arrives, f[n-1]}; !slices.Equal(printed, said) {
			t.Errorf("%s: README says %q, the command %q", row.begins, said, printed)
		}
	}
}
