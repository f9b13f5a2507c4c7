//go:build unix

package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	tty "rnnscope/tui/terminal"
)

// The screen opens on figures, the loss falls, q ends it and restores the
// terminal.
func TestScreenShowsTraining(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	// It begins at chance, ln 73 = 4.29; how far it has come when the first
	// figures are drawn depends on the machine.
	const chance = 4.29
	s.until("a loss that has fallen", func(v *tty.Screen) bool { return loss(v) > 0 && loss(v) < chance-1.5 })
	first := 0.0
	s.See(func(v *tty.Screen) { first = loss(v) })
	s.until("a loss that goes on falling", func(v *tty.Screen) bool { return loss(v) > 0 && (loss(v) < first-0.02 || loss(v) < 1.9) })
	s.until("a validation", func(v *tty.Screen) bool { return v.Has("best ") })
	s.press("q")
	s.end(0)
}

// Pausing stops the updates, a single update is one, and going on goes on.
func TestScreenPausesAndSteps(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	paused := func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") }
	for _, key := range []string{"space", "p"} {
		s.press(key)
		s.until("paused", paused)
		at := 0
		s.See(func(v *tty.Screen) { at = update(v) })
		s.press(".")
		s.until("one update more", func(v *tty.Screen) bool { return update(v) == at+1 && paused(v) })
		s.press(".", ".", ".")
		s.until("three updates more", func(v *tty.Screen) bool { return update(v) == at+4 && paused(v) })
		s.press(key)
		s.until("training again", func(v *tty.Screen) bool { return update(v) > at+4 && !paused(v) })
	}
	s.press("ctrl+c")
	s.end(0)
}

// Another cell begins anew on the same text.
func TestScreenRestartsWithAnotherCell(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	for _, cell := range []string{"RNN", "GRU", "LSTM"} {
		s.press("c")
		s.until(cell, func(v *tty.Screen) bool { return strings.Contains(v.Line(0), " "+cell+" ") && update(v) > 0 })
	}
	s.press("q")
	s.end(0)
}

// The knobs act on the running model, and the chart says when.
func TestScreenTurnsKnobs(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	for i, knob := range []string{"rate", "clip", "window"} {
		if i > 0 {
			s.press("down")
		}
		turned := s.changed("│" + knob + " ")
		s.press("right")
		s.until(knob+" turned", turned)
	}
	s.until("the note of the window", func(v *tty.Screen) bool { return v.Has("gradients go back 24 steps") })
	// Round all panes and back: the knobs still have the keys.
	s.press("tab", "tab", "tab", "shift+tab", "shift+tab", "shift+tab", "left")
	s.until("the note of the window turned back", func(v *tty.Screen) bool { return v.Has("gradients go back 16 steps") })
	// What the trainer says of it comes back in the run's own description.
	s.press("ctrl+s")
	s.untilText("saved in")
	var dir string
	s.See(func(v *tty.Screen) { dir = row(v, "saved in") })
	if !strings.Contains(dir, "runs/") {
		t.Errorf("the place of the run is said as %q", dir)
	}
	s.press("q")
	s.end(0)
}

// bars are the rows of next tokens: the figures after the bars.
var barFigure = regexp.MustCompile(`[01]\.\d\d\d│`)

func bars(v *tty.Screen) string { return strings.Join(barFigure.FindAllString(v.Text(), -1), " ") }

// On screen 4 the model writes, and temperature changes what comes next.
func TestScreenSamples(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	s.press("4")
	s.until("bars", func(v *tty.Screen) bool { return strings.Count(bars(v), ".") >= 5 })
	s.press("p") // so that nothing but what is pressed changes the bars
	s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") })
	s.press("f") // and no newer weights either
	s.untilText("frozen weights")
	before, entropy := "", ""
	for range 3 {
		s.See(func(v *tty.Screen) { before = bars(v) })
		s.press("n")
		s.until("a token more", func(v *tty.Screen) bool { return bars(v) != before && v.Has(" p=") })
	}
	s.See(func(v *tty.Screen) { before, entropy = bars(v), row(v, "at T=1") })
	s.press("right")
	s.until("warmer bars", func(v *tty.Screen) bool {
		return v.Has("0.90") && bars(v) != before && row(v, "at T=1") != entropy
	})
	s.press("left")
	s.until("the bars of before", func(v *tty.Screen) bool { return bars(v) == before && row(v, "at T=1") == entropy })
	s.press(strings.Fields("left left left left left left left left left")...)
	s.untilText("always the most probable")
	s.press("right", "right", "right", "right", "right", "right", "right", "right", "+", "+", "+")
	s.untilText("160/s")

	s.press("space")
	s.untilText("writing")
	written := func(v *tty.Screen) (rows string) {
		for y := 3; y < 30; y++ {
			rows += strings.Split(v.Line(y), "││")[0]
		}
		return rows
	}
	begun := ""
	s.See(func(v *tty.Screen) { begun = written(v) })
	s.until("a longer text", func(v *tty.Screen) bool {
		return len(written(v)) > len(begun)+20 || strings.Count(written(v), "↵") > 10
	})
	s.press("v")
	s.until("five temperatures", func(v *tty.Screen) bool {
		return v.Has("T=0.2") && v.Has("T=0.5") && v.Has("T=0.8") && v.Has("T=1 ") && v.Has("T=1.5")
	})
	s.press("v", "e")
	s.untilText("enter takes it")
	s.press(strings.Split("q:?the cat", "")...) // no command while it is typed
	s.untilText("q:?the cat")
	s.press("enter")
	if err := s.Paste("a fox\nand"); err != nil {
		t.Fatal(err)
	}
	s.until("another prompt", func(v *tty.Screen) bool { return v.Has("a fox↵and") && !v.Has("the cata") })
	s.press("esc")
	s.until("the end of typing", func(v *tty.Screen) bool { return !v.Has("enter takes it") })
	s.press("q")
	s.end(0)
}

// Help tells what the screen shows; the palette finds and runs a command.
func TestScreenHelpAndPalette(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	for _, keys := range [][2]string{{"1", "watch the model learn"}, {"4", "one token after another"}, {"7", "what the model reads"}} {
		s.press(keys[0], "?")
		s.untilText(keys[1])
		s.press("x")
		s.until("closed help", func(v *tty.Screen) bool { return !v.Has(keys[1]) })
	}
	s.press(":")
	s.untilText("─ commands ─")
	s.press(strings.Split("pau trai", "")...)
	s.until("pause as the only or first", func(v *tty.Screen) bool {
		_, y, ok := v.Find(": pau trai")
		return ok && strings.Contains(v.Line(y+2), "pause training")
	})
	s.press("enter")
	s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") && !v.Has(": pau trai") })
	s.press(":")
	s.press(strings.Split("zzzz", "")...)
	s.untilText("no command is called that")
	s.press("esc")
	s.until("a closed palette", func(v *tty.Screen) bool { return !v.Has("─ commands ─") })
	s.press("q")
	s.end(0)
}

// The mouse opens a tab, sets a slider where it is pressed and dragged, and
// turns one with the wheel.
func TestScreenMouse(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	at := func(text string) (x, y int) {
		t.Helper()
		ok := false
		s.See(func(v *tty.Screen) { x, y, ok = v.Find(text) })
		if !ok {
			t.Fatalf("%q is not on the screen:\n%s", text, s.Text())
		}
		return x, y
	}
	x, y := at("│rate ")
	turned := s.changed("│rate ")
	s.Click(x+15, y)
	s.until("the rate set by a press", turned)
	turned = s.changed("│rate ")
	s.Wheel(x+15, y, -1)
	s.until("the rate turned by the wheel", turned)

	x, y = at(" 4 Sample")
	s.Click(x+3, y)
	s.untilText("next token")
	s.until("a slider", func(v *tty.Screen) bool { return v.Has("temperature ") && v.Has("0.80") })
	x, y = at("│temperature ")
	turned = s.changed("│temperature ")
	s.Drag(x+15, y, x+17, y)
	s.until("the temperature dragged", turned)
	x, y = at("q quit")
	s.Click(x, y)
	s.end(0)
}

// The screen opens on a kept run, paused where it was.
func TestScreenReopensARun(t *testing.T) {
	t.Parallel()
	s := open(t, look{args: []string{"--out", "kept"}})
	s.until("the first figures", started)
	s.press("p")
	s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") })
	at := 0
	s.See(func(v *tty.Screen) { at = update(v) })
	s.press("ctrl+s")
	s.untilText("saved in")
	s.press("q")
	s.end(0)
	if !strings.Contains(s.Text(), fmt.Sprintf("%s updates are saved in kept", thousands(int64(at)))) {
		t.Errorf("the end does not say where the run is:\n%s", s.Text())
	}

	c := process("kept")
	c.Dir = s.dir
	c.Env = plainEnv("RNNSCOPE_BE_THE_PROGRAM=1", "TERM=xterm-256color", "LANG=C")
	raw := new(bytes.Buffer)
	term, err := tty.Start(c, tty.Options{Columns: 120, Rows: 36, Copy: raw})
	if err != nil {
		t.Fatal(err)
	}
	defer term.Close()
	again := &screen{term, t, c.Dir, raw}
	again.until("the same update, paused", func(v *tty.Screen) bool {
		return strings.Contains(v.Line(0), "paused") && update(v) == at
	})
	again.press(".")
	again.until("one more update", func(v *tty.Screen) bool { return update(v) == at+1 })
	again.press("q")
	again.end(0)
}

// Lines instead of a screen where there is no terminal, or a dumb one.
func TestNoScreenWithoutATerminal(t *testing.T) {
	t.Parallel()
	limits := append(append([]string{}, quick...), "--updates", "30")
	c := process(limits...)
	c.Dir = t.TempDir()
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "after 30 updates") || strings.Contains(string(out), "\x1b") {
		t.Errorf("without a terminal: %v\n%q", err, out)
	}
	s := open(t, look{args: []string{"--updates", "30"}, env: []string{"TERM=dumb"}})
	s.end(0)
	s.See(func(v *tty.Screen) {
		if !strings.Contains(v.Text(), "after 30 updates") || v.Alternate() {
			t.Errorf("on a dumb terminal:\n%s", v.Text())
		}
	})
}
