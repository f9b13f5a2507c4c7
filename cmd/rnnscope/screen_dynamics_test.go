//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rnnscope/core/lag"
	tty "rnnscope/tui/terminal"
)

// The screen of gradients measures the model that trains, view after view, and
// its knobs act on it.
func TestScreenOfGradients(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 80, rows: 24})
	s.until("the first figures", started)
	s.press("3")
	s.until("a half-life", func(v *tty.Screen) bool { return v.Has("half-life") && v.Has("0.8^k") && v.Has("at the start") })
	measured := regexp.MustCompile(`weights of update ([\d,]+)`)
	at := ""
	s.See(func(v *tty.Screen) { at = measured.FindString(v.Text()) })
	s.until("newer weights", func(v *tty.Screen) bool { m := measured.FindString(v.Text()); return m != "" && m != at })
	s.press("o")
	s.until("the other cells", func(v *tty.Screen) bool { return v.Has("other cells of 128 units") && v.Has("GRU: ") })
	s.press("o")
	s.until("them no more", func(v *tty.Screen) bool { return !v.Has("other cells of 128 units") })
	for _, view := range []string{"log10 |dL/dh|", "off by", "product of Jacobians", "cuts off", "norm of the term", "turned by"} {
		s.press("tab")
		s.until(view, func(v *tty.Screen) bool { return v.Has(view) })
	}
	s.press("c")
	s.until("central differences", func(v *tty.Screen) bool { return v.Has("central differences") })
	s.press("tab", "down", "down", "down", "enter") // the radius
	s.press("B")
	s.until("clipping is off", func(v *tty.Screen) bool { return v.Has("nothing is clipped") })
	s.press("H", "1")
	s.until("what was done, in the chart", func(v *tty.Screen) bool { return v.Has("healed") || v.Has("broken") || v.Has("W_hh") })
	s.press("q")
	s.end(0)
}

// The lag lab fills its grid, stops, and goes on with its log, which the command
// reads.
func TestScreenOfTheLagLab(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	s.press("p", "6")
	s.untilText("Which cell remembers for how long?")
	s.press("space")
	s.until("a result", func(v *tty.Screen) bool { return regexp.MustCompile(`\b[1-9]\d* of 60 trials`).MatchString(v.Text()) })
	s.until("signs", func(v *tty.Screen) bool { return v.Has("solved") && strings.ContainsAny(v.Text(), "●×◐") })
	s.press("1")
	s.until("the first screen", func(v *tty.Screen) bool { return v.Has("knobs: they act at once") })
	s.press("6", "space")
	s.untilText("stopped")
	logs, err := filepath.Glob(filepath.Join(s.dir, "runs", "lag-*.jsonl"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("logs %v, %v", logs, err)
	}
	f, err := os.Open(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	results, grid, _, err := lag.ReadLog(f)
	if err != nil || len(results) == 0 || len(grid.Cells) != 2 {
		t.Fatalf("%d results of %+v, %v", len(results), grid, err)
	}
	s.press("o")
	s.until("the log's name", func(v *tty.Screen) bool { return v.Has(filepath.Base(logs[0])) })
	s.press("enter")
	s.until("more of it", func(v *tty.Screen) bool { return v.Has("at a time") && !v.Has("stopped") && v.Has("◐") })
	s.press("q")
	s.end(0)
}
