//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	tty "rnnscope/tui/terminal"
)

// However the program ends, it leaves the terminal as it found it. q and ctrl+c
// end the tests in screen_test.go.
func TestScreenRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		env    []string
		status int
		says   string
	}{
		{"SIGTERM", syscall.SIGTERM, nil, 0, "updates are not kept"},
		{"SIGHUP", syscall.SIGHUP, nil, 0, "updates are not kept"},
		{"SIGQUIT", syscall.SIGQUIT, nil, 2, "goroutine "},
		{"panic of the trainer", syscall.SIGUSR1, []string{panicking + "=1"}, 1, "panic in trainer: a test asked for it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, look{env: c.env})
			s.until("the first figures", started)
			s.See(func(v *tty.Screen) {
				if !v.Alternate() || v.CursorShown() || !v.Mode(2004) || !v.Mode(1002) {
					t.Error("the screen does not ask for what it is to give back")
				}
			})
			if err := s.Process().Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			s.end(c.status)
			if !strings.Contains(s.Text(), c.says) {
				t.Errorf("the terminal does not say %q:\n%s", c.says, s.Text())
			}
		})
	}
}

// So do the screens that look at other programs' runs.
func TestWatchRestoresTheTerminal(t *testing.T) {
	t.Parallel()
	run := trained(t, strings.Repeat("abcabcabc\n", 200), "--updates", "5")
	for _, c := range []struct{ name, path, shows string }{
		{"a run", run, "ppl "}, {"a list of runs", filepath.Dir(run), filepath.Base(run)},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
			t.Run(c.name+" "+signal.String(), func(t *testing.T) {
				t.Parallel()
				s := watch(t, look{}, c.path)
				s.until("the screen", func(v *tty.Screen) bool { return v.Alternate() && v.Has(c.shows) })
				if err := s.Process().Signal(signal); err != nil {
					t.Fatal(err)
				}
				s.end(0)
			})
		}
	}
}

// Ctrl+z goes back to the shell, which finds its terminal in order, and fg
// brings the screen back.
func TestScreenSuspends(t *testing.T) {
	t.Parallel()
	// A shell with job control, whose line discipline the program finds.
	const script = `set -m; "$@"; echo in the shell; stty -a; read line; fg >/dev/null; echo the end`
	s := open(t, look{wrap: []string{"sh", "-c", script, "sh"}})
	s.until("the first figures", started)
	s.press("ctrl+z")
	s.until("the shell", func(v *tty.Screen) bool {
		return v.Has("in the shell") && v.Has(" icanon") && v.Has(" echo ") && !v.Alternate() && v.CursorShown() && !v.Mode(2004) && !v.Mode(1002)
	})
	s.press("enter")
	at := -1
	s.until("the screen again", func(v *tty.Screen) bool {
		at = update(v)
		return started(v) && v.Alternate() && !v.CursorShown() && v.Mode(2004) && v.Mode(1002)
	})
	s.until("training again", func(v *tty.Screen) bool { return update(v) > at })
	s.press("q")
	s.untilText("the end")
	s.end(0)
}

// A program that another one stops gives the terminal to its shell, or where it
// cannot takes it anew when it goes on.
func TestScreenIsStopped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		signal syscall.Signal
		shell  string // what it does to find its terminal in order
	}{{syscall.SIGTSTP, "stty -a"}, {syscall.SIGSTOP, "stty sane"}} {
		t.Run(c.signal.String(), func(t *testing.T) {
			t.Parallel()
			script := `set -m; sh -c 'echo $$ >pid; exec "$@"' sh "$@"; ` + c.shell + `; echo in the shell; read line; fg >/dev/null; echo the end`
			s := open(t, look{wrap: []string{"sh", "-c", script, "sh"}})
			s.until("the first figures", started)
			text, err := os.ReadFile(filepath.Join(s.dir, "pid"))
			if err != nil {
				t.Fatal(err)
			}
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(pid, c.signal); err != nil {
				t.Fatal(err)
			}
			s.until("the shell", func(v *tty.Screen) bool {
				return v.Has("in the shell") && (c.signal == syscall.SIGSTOP || v.Has(" icanon") && !v.Alternate() && v.CursorShown())
			})
			s.press("enter")
			at := -1
			s.until("the screen again", func(v *tty.Screen) bool {
				at = update(v)
				return started(v) && !v.Has("in the shell") && v.Alternate() && !v.CursorShown() && v.Mode(2004) && v.Mode(1002)
			})
			s.until("training again", func(v *tty.Screen) bool { return update(v) > at })
			s.press("4") // is read at once only from a raw terminal
			s.untilText("next token")
			s.press("1")
			s.until("figures", started)
			s.press("q")
			s.untilText("the end")
			s.end(0)
		})
	}
}

// Where no shell waits for it, the program goes on at once.
func TestScreenSuspendsWithoutAShell(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	s.press("ctrl+z")
	s.until("a terminal given back", func(v *tty.Screen) bool { return !v.Alternate() })
	s.until("the screen again", func(v *tty.Screen) bool { return started(v) && v.Alternate() })
	s.press("q")
	s.end(0)
}

// Keys come from the terminal also when standard input is something else.
func TestScreenWithoutStandardInput(t *testing.T) {
	t.Parallel()
	s := open(t, look{wrap: []string{"sh", "-c", `exec "$@" </dev/null`, "sh"}})
	s.until("the first figures", started)
	s.press("4")
	s.untilText("next token")
	s.press("q")
	s.end(0)
}
