//go:build unix

package main

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"rnnscope/tui/terminal"
)

// inspectP50 is how fast a cursor of screen 2 must move.
const inspectP50 = 16 * time.Millisecond

// wide is a model of 512 units: more than screen 2 has rows for.
var wide = config{"LSTM 1x512", 32 * 50, "--cell lstm --embed 64 --hidden 512 --layers 1 --dropout 0 --batch 32 --window 50"}

// What the line above the views says of the cursors. The values there change
// with every new weights: they are left out.
var tokenAt, unitAt = regexp.MustCompile(`token \d+ of`), regexp.MustCompile(`unit \d+ `)

// inspectControls are the two cursors of screen 2.
var inspectControls = []control{
	{"token cursor", "2", [2]string{"left", "right"}, func(s *terminal.Screen) string { return tokenAt.FindString(s.Text()) }},
	{"unit cursor", "2", [2]string{"down", "up"}, func(s *terminal.Screen) string { return unitAt.FindString(s.Text()) }},
}

// inspect measures the time from a key to the screen on screen 2, with a
// sentence of 200 tokens and 512 units, while all cores train.
func (b *bench) inspect() error {
	t, err := b.begin(wide, "1", 0)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := t.Press("2"); err != nil {
		return err
	}
	if _, err := t.Await(patience, func(s *terminal.Screen) bool { return s.Has("hidden state") }); err != nil {
		return err
	}
	const sentence = "The keys to the cabinet. "
	if err := t.Paste(strings.Repeat(sentence, 8)); err != nil {
		return err
	}
	of := fmt.Sprintf(" of %d", 8*len(sentence))
	if _, err := t.Await(patience, func(s *terminal.Screen) bool { return s.Has(of) }); err != nil {
		return err
	}
	time.Sleep(b.seconds(5, 1))
	for _, c := range inspectControls {
		d, err := c.pressAll(t, b.times(200, 20))
		if err != nil {
			return err
		}
		b.table.latencies(fmt.Sprintf("screen 2, %s, 200 tokens x 512 units", c.name), d, inspectP50, keyP90)
	}
	return quit(t, "q")
}
