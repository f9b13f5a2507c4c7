//go:build unix

package main

import (
	"fmt"
	"time"

	"rnnscope/tui/terminal"
)

// speedBudget is the share of its speed that training keeps with a screen.
const speedBudget = 0.97

// speed compares training with a screen and without: rnnscope on screen 1, on
// screen 4 while the model writes, and rnnscope train, one after another in
// changing order, with the same text, seed and flags. The updates come from what
// the program itself tells, the screen in its top line five times a second and
// train in its progress line ten times: each count is taken with the time when
// it appeared, which makes an error of some milliseconds in twenty seconds.
// Watching happens afterwards.
func (b *bench) speed() error {
	ways := []string{"train", "1", "4"}
	for _, c := range []config{lstm, rnn} {
		all := map[string][]float64{}
		for i := range b.times(5, 1) {
			for j := range ways {
				way := ways[(i+j)%len(ways)]
				rate, err := b.measure(c, way, b.seconds(20, 4))
				if err != nil {
					return err
				}
				all[way] = append(all[way], rate)
			}
		}
		plain := median(all["train"])
		b.table.add(fmt.Sprintf("config %s, rnnscope train", c.name), fmt.Sprintf("%.0f tokens/s (median of %d)", plain, len(all["train"])), "", true)
		for _, way := range ways[1:] {
			share := median(all[way]) / plain
			b.table.add(fmt.Sprintf("config %s, screen %s", c.name, way), fmt.Sprintf("%.0f tokens/s, %.1f %%", median(all[way]), 100*share), "≥ 97 %", share >= speedBudget)
		}
	}
	return nil
}

// warmUp is how long a run goes before its speed is measured.
const warmUp = 2 * time.Second

// measure returns the tokens a second of one run.
func (b *bench) measure(c config, way string, span time.Duration) (float64, error) {
	var t *terminal.Terminal
	var err error
	key := "q"
	if way == "train" {
		key = "ctrl+c"
		t, err = b.open(c, true, 0)
	} else {
		t, err = b.begin(c, way, 0)
	}
	if err != nil {
		return 0, err
	}
	defer t.Close()
	rate := trained(t, c, span)
	if rate == 0 {
		return 0, fmt.Errorf("config %s, %s: the updates do not rise; the screen:\n%s", c.name, way, t.Text())
	}
	return rate, quit(t, key)
}

// trained measures the tokens a second of a program that trains, after a
// warm-up; 0 when its updates do not rise.
func trained(t *terminal.Terminal, c config, span time.Duration) float64 {
	t.Hold()
	from := time.Now().Add(warmUp)
	to := from.Add(span)
	time.Sleep(time.Until(to))
	var first, last mark
	seen := 0
	t.Release(func(at time.Time, s *terminal.Screen) {
		n := told(s)
		if n <= seen {
			return
		}
		if seen > 0 && at.After(from) && at.Before(to) {
			if first.update == 0 {
				first = mark{at, n}
			}
			last = mark{at, n}
		}
		seen = n
	})
	if last.update <= first.update {
		return 0 // none was made, or too few to tell
	}
	return float64((last.update-first.update)*c.tokens) / last.at.Sub(first.at).Seconds()
}

// mark is an update and when the screen told of it.
type mark struct {
	at     time.Time
	update int
}

// ignore looks at nothing.
func ignore(time.Time, *terminal.Screen) {}
