//go:build unix

package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"rnnscope/tui/terminal"
)

// The size of the terminal.
const (
	columns = 200
	rows    = 60
)

// patience is how long is waited for what must come.
const patience = time.Minute

// config is a model and its training.
type config struct {
	name   string
	tokens int // of an update: batch x window
	flags  string
}

// The configurations that speed is compared on: one whose updates take
// milliseconds and one whose updates take a fraction of one, so that there are
// many of them between two frames.
var (
	lstm = config{"a LSTM 1x128", 32 * 50, "--cell lstm --embed 64 --hidden 128 --layers 1 --dropout 0 --batch 32 --window 50"}
	rnn  = config{"d RNN 1x64", 16 * 25, "--cell rnn --embed 16 --hidden 64 --layers 1 --dropout 0 --batch 16 --window 25"}
)

// open starts the program with a configuration, on the built-in fables and all
// cores; train says without a screen. The terminal carries rate bytes a second,
// 0 for no limit.
func (b *bench) open(c config, train bool, rate float64, flags ...string) (*terminal.Terminal, error) {
	args := append([]string{"fables", "--seed", "1"}, strings.Fields(c.flags)...)
	if train {
		args = append([]string{"train"}, append(args, "--for", "0")...)
	} else {
		args = append(args, "--theme", "dark")
	}
	return b.command(rate, append(args, flags...)...)
}

// command starts the program with arguments in a directory of its own.
func (b *bench) command(rate float64, args ...string) (*terminal.Terminal, error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(b.program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=en_US.UTF-8", "NO_COLOR=")
	return terminal.Start(cmd, terminal.Options{Columns: columns, Rows: rows, Rate: rate})
}

// begin opens the screen and waits for figures, then for the screen with a
// number; on the screen where the model writes it lets it write.
func (b *bench) begin(c config, screen string, rate float64) (*terminal.Terminal, error) {
	t, err := b.open(c, false, rate)
	if err != nil {
		return nil, err
	}
	if _, err = t.Await(patience, hasData); err == nil && screen == "4" {
		if err = t.Press("4", "space"); err == nil {
			_, err = t.Await(patience, func(s *terminal.Screen) bool { return onSample(s) && s.Has("sampling: writing") })
		}
	}
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

var updateNumber = regexp.MustCompile(`update\s+([\d,]+)\s+epoch`)

// updateIn is the number of updates that a line tells, 0 when it tells none.
func updateIn(line string) int {
	last := 0
	for _, m := range updateNumber.FindAllStringSubmatch(line, -1) {
		if n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", "")); err == nil {
			last = max(last, n)
		}
	}
	return last
}

// told is the number of updates that a screen tells, or the line of progress of a
// run without one.
func told(s *terminal.Screen) int {
	if s.Alternate() {
		return updateIn(s.Line(0))
	}
	return updateIn(s.Text())
}

// hasFigures says that the screen shows figures of a model, hasData those of an
// update.
func hasFigures(s *terminal.Screen) bool { return strings.Contains(s.Text(), "ppl ") }
func hasData(s *terminal.Screen) bool    { return updateIn(s.Line(0)) > 0 && hasFigures(s) }

// The bottom lines of the two screens are drawn last, and differ.
func onTrain(s *terminal.Screen) bool  { return strings.Contains(s.Line(rows-1), "restart") }
func onSample(s *terminal.Screen) bool { return strings.Contains(s.Line(rows-1), "five T") }

// quit ends a program.
func quit(t *terminal.Terminal, key string) error {
	if err := t.Press(key); err != nil {
		return err
	}
	_, _, err := t.End(patience)
	return err
}

// model is the name of the processor, as far as the system tells.
func model() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "processor unknown"
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "processor unknown"
}
