//go:build unix

package main

import (
	"fmt"
	"time"

	"rnnscope/tui/terminal"
)

// gradientsBudget is the share of its speed that training keeps while screen 3
// measures its gradients.
const gradientsBudget = 0.90

// gradients compares the updates a second while screen 3 is open with those
// while screen 7, which is still, is: in one process, the one and the other in
// turn, so that nothing else differs.
func (b *bench) gradients() error {
	for _, c := range []config{lstm, rnn} {
		rates := map[string][]float64{}
		t, err := b.begin(c, "1", 0)
		if err != nil {
			return err
		}
		err = func() error {
			defer t.Close()
			time.Sleep(b.seconds(4, 2)) // the counts of n-grams are over
			for range b.times(8, 2) {
				for _, screen := range []string{"7", "3"} {
					if err := t.Press(screen); err != nil {
						return err
					}
					time.Sleep(time.Second)
					rate, err := updates(t, b.seconds(4, 2))
					if err != nil {
						return err
					}
					rates[screen] = append(rates[screen], rate*float64(c.tokens))
				}
			}
			return quit(t, "q")
		}()
		if err != nil {
			return err
		}
		share := median(rates["3"]) / median(rates["7"])
		b.table.add(fmt.Sprintf("config %s, gradients measured on screen 3", c.name), fmt.Sprintf("%.0f tokens/s, %.1f %% of those on screen 7", median(rates["3"]), 100*share), "≥ 90 %", share >= gradientsBudget)
	}
	return nil
}

// updates is the updates a second over about a span, from one change of the
// number on the screen to another.
func updates(t *terminal.Terminal, span time.Duration) (float64, error) {
	first, err := turned(t)
	if err != nil {
		return 0, err
	}
	time.Sleep(span)
	last, err := turned(t)
	if err != nil {
		return 0, err
	}
	return float64(last.update-first.update) / last.at.Sub(first.at).Seconds(), nil
}

// turned waits for the number of updates to change.
func turned(t *terminal.Terminal) (mark, error) {
	was := 0
	t.See(func(s *terminal.Screen) { was = told(s) })
	m := mark{}
	var err error
	m.at, err = t.Await(patience, func(s *terminal.Screen) bool {
		m.update = told(s)
		return m.update > was
	})
	return m, err
}
