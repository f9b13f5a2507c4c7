//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"rnnscope/tui/terminal"
)

// How fast a key must be answered.
const (
	keyP50     = 15 * time.Millisecond
	keyP90     = 25 * time.Millisecond
	slowP90    = 50 * time.Millisecond
	slowTab    = 250 * time.Millisecond
	slowRate   = 1e6 // bytes a second
	pressGap   = 40 * time.Millisecond
	pressVaria = 80 * time.Millisecond
)

// control is something that keys move: what is seen of it on the screen.
type control struct {
	name   string
	screen string
	keys   [2]string // there and back
	seen   func(s *terminal.Screen) string
}

// controls are a knob and a cursor of each screen. What is waited for is another
// value of the slider, and another row that is marked.
var controls = []control{
	{"knob (rate)", "1", [2]string{"right", "left"}, func(s *terminal.Screen) string { return row(s, rateLabel) }},
	{"cursor (knobs)", "1", [2]string{"down", "up"}, func(s *terminal.Screen) string { return emphasis(s, rateLabel) }},
	{"knob (temperature)", "4", [2]string{"right", "left"}, func(s *terminal.Screen) string { return row(s, "temperature ") }},
	{"cursor (next token)", "4", [2]string{"down", "up"}, marked},
}

// rateLabel is where the slider of the learning rate begins, behind its frame:
// the chart writes of rates too.
const rateLabel = "│rate    "

// row is the line from a text on.
func row(s *terminal.Screen, text string) string {
	x, y, ok := s.Find(text)
	if !ok {
		return ""
	}
	line := ""
	for ; x < columns-2; x++ {
		line += s.Cell(x, y).Text
	}
	return line
}

// emphasis says how a label behind a frame is written.
func emphasis(s *terminal.Screen, text string) string {
	x, y, ok := s.Find(text)
	if !ok {
		return ""
	}
	c := s.Cell(x+1, y)
	return fmt.Sprint(c.Bold, c.FG)
}

// marked is the row of the candidates that a key acts on.
func marked(s *terminal.Screen) string {
	x, y, ok := s.Find("╭ next token")
	if !ok {
		return ""
	}
	for row := y + 1; row < rows-2; row++ {
		if c := s.Cell(x+1, row); c.BG != nil || c.Reverse {
			return fmt.Sprint(row)
		}
	}
	return ""
}

// pressAll presses a control's keys there and back n times in all, at irregular
// intervals, and returns how long each took to be seen.
func (c control) pressAll(t *terminal.Terminal, n int) ([]time.Duration, error) {
	var all []time.Duration
	for i := range n {
		time.Sleep(pressGap + rand.N(pressVaria))
		before := ""
		t.See(func(s *terminal.Screen) { before = c.seen(s) })
		d, err := t.Latency(patience, func() error { return t.Press(c.keys[i%2]) }, func(s *terminal.Screen) bool {
			now := c.seen(s)
			return now != "" && now != before
		})
		if err != nil {
			return nil, fmt.Errorf("%s, press %d: %w", c.name, i+1, err)
		}
		all = append(all, d)
	}
	return all, nil
}

// keys measures the time from a key to the screen while all cores train.
func (b *bench) keys() error { return b.press("", 0, keyP50, keyP90) }

// slow measures the same over a link of a megabyte a second, and the change of
// screens.
func (b *bench) slow() error { return b.press(" over 1 MB/s", slowRate, 0, slowP90) }

func (b *bench) press(how string, rate float64, p50, p90 time.Duration) error {
	for _, screen := range []string{"1", "4"} {
		t, err := b.begin(lstm, screen, rate)
		if err != nil {
			return err
		}
		err = func() error {
			defer t.Close()
			time.Sleep(b.seconds(5, 1))
			for _, c := range controls {
				if c.screen != screen {
					continue
				}
				d, err := c.pressAll(t, b.times(200, 20))
				if err != nil {
					return err
				}
				b.table.latencies(fmt.Sprintf("screen %s, %s%s", screen, c.name, how), d, p50, p90)
			}
			return quit(t, "q")
		}()
		if err != nil {
			return err
		}
	}
	return b.tabs(how, rate)
}

// tabs measures the time from the key of another screen until that is drawn to
// its last line.
func (b *bench) tabs(how string, rate float64) error {
	t, err := b.begin(lstm, "1", rate)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.Press("4"); err != nil { // the first time it is made
		return err
	}
	if _, err := t.Await(patience, onSample); err != nil {
		return err
	}
	time.Sleep(b.seconds(5, 1))
	var all []time.Duration
	for i := range b.times(60, 10) {
		time.Sleep(2*pressGap + rand.N(pressVaria))
		key, is := "1", onTrain
		if i%2 == 1 {
			key, is = "4", onSample
		}
		d, err := t.Latency(patience, func() error { return t.Press(key) }, is)
		if err != nil {
			return fmt.Errorf("screen %s: %w", key, err)
		}
		all = append(all, d)
	}
	budget := time.Duration(0)
	if rate > 0 {
		budget = slowTab
	}
	b.table.latencies("change of screen"+how, all, 0, budget)
	return quit(t, "q")
}
