//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"testing"

	tty "rnnscope/tui/terminal"
)

// The timeline goes back to weights of before on every screen while training
// goes on, and a fork from there shows the run before beside it.
func TestScreenLooksBackAndForks(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 150, rows: 40})
	s.until("weights of before", func(v *tty.Screen) bool { return update(v) > 120 && strings.Contains(v.Line(1), "├") })
	back := func(text string) func(*tty.Screen) bool {
		return func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "◀ update "+text) }
	}
	s.press("{")
	s.until("an earlier update", back(""))
	for range 30 {
		s.press("{")
	}
	s.until("the first weights", back("0 "))
	s.press("}")
	s.until("the next ones", back("1 "))
	at := ""
	s.See(func(v *tty.Screen) { at = row(v, "epoch") })
	s.until("training that goes on", func(v *tty.Screen) bool { return row(v, "epoch") != at })
	s.press("2")
	s.until("a trace of then", func(v *tty.Screen) bool { return v.Has("looking back, update 1") })
	s.press("3")
	s.until("gradients of then", func(v *tty.Screen) bool { return v.Has("weights of update 1 ") })
	s.press("4")
	s.until("writing of then", func(v *tty.Screen) bool { return v.Has("looking back, update 1") })
	s.press("|")
	s.until("now", func(v *tty.Screen) bool { return !strings.Contains(v.Line(0), "◀") && !v.Has("looking back") })
	s.press("1", "ctrl+f")
	s.untilText("look back first")
	s.press("{", "{")
	s.until("an earlier update", back(""))
	s.press("ctrl+f")
	s.until("the fork", func(v *tty.Screen) bool { return v.Has("the run before, from update") })
	if runs, err := filepath.Glob(filepath.Join(s.dir, "runs", "*")); err != nil || len(runs) != 1 {
		t.Errorf("runs %v, %v: that before is not kept", runs, err)
	}
	s.press("q")
	s.end(0)
}
