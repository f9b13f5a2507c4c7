//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rnnscope/core/task"
	tty "rnnscope/tui/terminal"
)

// patience is how long a test waits for what must come at once: a loaded
// machine may take its time, and nothing is asserted about that.
const patience = 30 * time.Second

// panicking is set for a program whose trainer is to panic on SIGUSR1. Only the
// test binary knows it.
const panicking = "RNNSCOPE_TEST_PANIC"

func init() {
	if os.Getenv(panicking) == "" {
		return
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	task.Go("trainer", func() {
		<-asked
		panic("a test asked for it")
	})
}

// screen is the program with its screen open.
type screen struct {
	*tty.Terminal
	t   *testing.T
	dir string // that it was started in
	raw *bytes.Buffer
}

// quick are the flags of a model that shows something at once and leaves room
// on the machine for other tests.
var quick = []string{
	"--cell", "lstm", "--hidden", "24", "--embed", "12", "--layers", "1", "--dropout", "0", "--batch", "8", "--window", "16",
	"--threads", "1", "--lr", "0.01", "--eval-every", "200",
}

// look is how a screen is opened.
type look struct {
	columns, rows int
	env           []string
	args          []string
	wrap          []string // a command that starts the program
}

// open opens the screen on the fables, or on what the arguments say.
func open(t *testing.T, l look) *screen {
	t.Helper()
	c := process(append(append([]string{}, quick...), l.args...)...)
	if l.wrap != nil {
		c.Args = append(append([]string{}, l.wrap...), c.Args...)
		path, err := exec.LookPath(l.wrap[0])
		if err != nil {
			t.Skip(err)
		}
		c.Path = path
	}
	c.Dir = t.TempDir()
	c.Env = plainEnv("RNNSCOPE_BE_THE_PROGRAM=1", "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8")
	c.Env = append(c.Env, l.env...)
	if l.columns == 0 {
		l.columns, l.rows = 120, 36
	}
	raw := new(bytes.Buffer)
	term, err := tty.Start(c, tty.Options{Columns: l.columns, Rows: l.rows, Copy: raw})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return &screen{term, t, c.Dir, raw}
}

// plainEnv is the environment without what changes how a screen looks.
func plainEnv(more ...string) []string {
	var out []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "LC_ALL", "LC_MESSAGES", "LANG", "TERM", "COLORTERM", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM_PROGRAM", "SSH_TTY", "TMUX", "STY", "COLUMNS", "LINES":
			continue
		}
		out = append(out, v)
	}
	return append(out, more...)
}

// until waits for something to stand on the screen.
func (s *screen) until(what string, is func(*tty.Screen) bool) {
	s.t.Helper()
	if _, err := s.Await(patience, is); err != nil {
		s.t.Fatalf("waiting for %s: %v", what, err)
	}
}

func (s *screen) untilText(text string) {
	s.t.Helper()
	s.until(strconv.Quote(text), func(v *tty.Screen) bool { return v.Has(text) })
}

func (s *screen) press(keys ...string) {
	s.t.Helper()
	if err := s.Press(keys...); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the program to end and checks that it left the terminal as it
// found it.
func (s *screen) end(status int) {
	s.t.Helper()
	_, got, err := s.End(patience)
	if err != nil {
		before := s.Bytes()
		s.Process().Signal(syscall.SIGQUIT) // where does it hang?
		s.End(patience)
		s.t.Fatalf("%v\n%s", err, s.raw.Bytes()[before:])
	}
	if got != status {
		s.t.Errorf("status %d, want %d; the terminal:\n%s", got, status, s.Text())
	}
	for _, wrong := range s.Restored() {
		s.t.Error(wrong)
	}
}

var updateNumber = regexp.MustCompile(`update ([\d,]+)`)

// update is the number of updates in the top line, -1 when there is none.
func update(v *tty.Screen) int {
	m := updateNumber.FindStringSubmatch(v.Line(0))
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	return n
}

var trainLoss = regexp.MustCompile(`│\s*train\s+(\d+\.\d+)`)

// loss is the smoothed training loss among the figures, -1 when there is none.
func loss(v *tty.Screen) float64 {
	m := trainLoss.FindStringSubmatch(v.Text())
	if m == nil {
		return -1
	}
	x, _ := strconv.ParseFloat(m[1], 64)
	return x
}

// row is the text of the first row that contains a text.
func row(v *tty.Screen, text string) string {
	_, y, ok := v.Find(text)
	if !ok {
		return ""
	}
	return v.Line(y)
}

// changed says that the row with a text is there and is another than it was.
func (s *screen) changed(text string) func(*tty.Screen) bool {
	was := ""
	s.See(func(v *tty.Screen) { was = row(v, text) })
	return func(v *tty.Screen) bool { r := row(v, text); return r != "" && r != was }
}

// started says that the screen has figures, down to its last line.
func started(v *tty.Screen) bool { return update(v) > 0 && loss(v) > 0 && v.Has("q quit") }
