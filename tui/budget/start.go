//go:build unix

package main

import (
	"fmt"
	"syscall"
	"time"

	"rnnscope/tui/terminal"
)

// How long a start and an end may take.
const (
	startBudget = 50 * time.Millisecond
	quitBudget  = 10 * time.Millisecond
)

// start measures, over several starts of the default model and of config a: the
// time from starting the process to figures on the screen, of the untrained
// model and then of an update; from
// the key q to a restored terminal (alternate screen left, cursor shown, paste
// off) and to the end of the process.
func (b *bench) start() error {
	for _, c := range []config{{name: "the default model"}, lstm} {
		var first, updated, restored, ended []time.Duration
		for range b.times(20, 4) + 1 {
			began := time.Now()
			t, err := b.open(c, false, 0)
			if err != nil {
				return err
			}
			for _, x := range []struct {
				seen  func(*terminal.Screen) bool
				times *[]time.Duration
			}{{hasFigures, &first}, {hasData, &updated}} {
				at, err := t.Await(patience, x.seen)
				if err != nil {
					t.Close()
					return err
				}
				*x.times = append(*x.times, at.Sub(began))
			}
			// A second of training, so that there is something to end.
			time.Sleep(b.seconds(1, 0.3))
			pressed := time.Now()
			gone, err := t.Latency(patience, func() error { return t.Press("q") }, func(s *terminal.Screen) bool {
				return !s.Alternate() && s.CursorShown() && !s.Mode(2004)
			})
			if err != nil {
				t.Close()
				return err
			}
			end, status, err := t.End(patience)
			t.Close()
			if err != nil {
				return err
			}
			if wrong := t.Restored(); status != 0 || len(wrong) > 0 {
				return fmt.Errorf("status %d, %v", status, wrong)
			}
			restored, ended = append(restored, gone), append(ended, end.Sub(pressed))
		}
		// The first start read the program from disk.
		b.table.latencies("first figures after the start, "+c.name, first[1:], startBudget, 0)
		b.table.latencies("figures of the first update, "+c.name, updated[1:], 0, 0)
		b.table.latencies("q to a restored terminal, "+c.name, restored[1:], quitBudget, 0)
		b.table.latencies("q to the end of the process, "+c.name, ended[1:], 0, 0)
	}
	return nil
}

// redraw is the bytes that a full redraw of a screen at rest takes: what comes
// after a signal that the size has changed. keys bring it to rest.
func redraw(t *terminal.Terminal, keys ...string) (float64, error) {
	if err := t.Press(keys...); err != nil {
		return 0, err
	}
	if !t.Quiet(time.Second, patience) {
		return 0, fmt.Errorf("a paused screen does not come to rest")
	}
	before := t.Bytes()
	if err := t.Process().Signal(syscall.SIGWINCH); err != nil {
		return 0, err
	}
	for end := time.Now().Add(patience); t.Bytes() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			return 0, fmt.Errorf("nothing is drawn anew")
		}
	}
	t.Quiet(time.Second, patience)
	return float64(t.Bytes() - before), nil
}
