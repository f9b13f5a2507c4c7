//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"rnnscope/tui/terminal"
)

// watchBudget is the share of its speed that a run keeps while somebody watches
// it and a processor is free for that.
const watchBudget = 0.99

// watch compares the speed of a run that is written to disk while nobody looks
// with that while rnnscope watch shows it, the one and the other in turn: with a
// processor left to the watcher, and with all of them training.
func (b *bench) watch() error {
	for _, threads := range []int{max(1, runtime.NumCPU()-1), runtime.NumCPU()} {
		run := filepath.Join(b.dir, fmt.Sprintf("watched%d", threads))
		writer, err := b.open(lstm, true, 0, "--out", run, "--threads", strconv.Itoa(threads))
		if err != nil {
			return err
		}
		rates, err := b.watched(writer, run)
		writer.Close()
		if err != nil {
			return err
		}
		share := median(rates[true]) / median(rates[false])
		what, most, good := fmt.Sprintf("config %s on %d of %d cores, watched", lstm.name, threads, runtime.NumCPU()), "", true
		if threads < runtime.NumCPU() {
			most, good = "≥ 99 %", share >= watchBudget
		}
		b.table.add(what, fmt.Sprintf("%.0f tokens/s, %.1f %% of those alone", median(rates[true]), 100*share), most, good)
	}
	return nil
}

// watched returns the tokens a second of a run by whether it was watched.
func (b *bench) watched(writer *terminal.Terminal, run string) (map[bool][]float64, error) {
	rates := map[bool][]float64{}
	if _, err := writer.Await(patience, func(s *terminal.Screen) bool { return told(s) > 0 }); err != nil {
		return nil, err
	}
	time.Sleep(warmUp)
	for range b.times(6, 1) {
		for _, seen := range []bool{false, true} {
			rate, err := b.writes(writer, run, seen)
			if err != nil {
				return nil, err
			}
			rates[seen] = append(rates[seen], rate*float64(lstm.tokens))
		}
	}
	return rates, quit(writer, "ctrl+c")
}

// writes is the updates a second of the writer, while a screen watches it if seen.
func (b *bench) writes(writer *terminal.Terminal, run string, seen bool) (float64, error) {
	if seen {
		t, err := b.command(0, "watch", run, "--theme", "dark")
		if err != nil {
			return 0, err
		}
		defer t.Close()
		if _, err := t.Await(patience, hasData); err != nil {
			return 0, err
		}
		defer quit(t, "q")
	}
	time.Sleep(time.Second)
	return updates(writer, b.seconds(8, 3))
}
