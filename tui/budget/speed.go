//go:build unix

package main

import (
	"fmt"
	"slices"
	"syscall"
	"time"

	"rnnscope/tui/terminal"
)

// speedBudget is the share of its speed that training keeps with a screen.
const speedBudget = 0.97

// warmUp is how long a run goes before its speed is measured.
const warmUp = 2 * time.Second

// speed compares training with a screen and without: rnnscope on screen 1, on
// screen 4 while the model writes, and rnnscope train, with the same text, seed and
// flags. All three are there at once, but only one of them runs, for some seconds,
// and then the next: two cores of a machine that is shared change their speed from
// minute to minute, by more than a screen costs. A round is one turn of each; its
// shares are of its own turn of train, and their median counts. After some rounds
// all begin anew, because two processes of the same program differ by some percent
// too, in what memory they were given.
//
// The updates come from what the program itself tells, the screen in its top line
// four times a second and train in its progress line ten times: a turn's speed is
// that between its first and its last count. Reading them happens afterwards.
func (b *bench) speed() error {
	for _, c := range []config{lstm, rnn} {
		rates := map[string][]float64{}
		for range b.times(5, 1) {
			if err := b.compare(c, rates); err != nil {
				return err
			}
		}
		b.table.add(fmt.Sprintf("config %s, rnnscope train", c.name), fmt.Sprintf("%.0f tokens/s (median of %d)", median(rates["train"]), len(rates["train"])), "", true)
		for _, way := range []string{"1", "4"} {
			var shares []float64
			for i, rate := range rates[way] {
				shares = append(shares, rate/rates["train"][i])
			}
			slices.Sort(shares)
			share, quarter := median(shares), len(shares)/4
			b.table.add(fmt.Sprintf("config %s, screen %s", c.name, way), fmt.Sprintf("%.0f tokens/s; %.1f %% (half of the rounds %.1f to %.1f)",
				median(rates[way]), 100*share, 100*shares[quarter], 100*shares[len(shares)-1-quarter]), "≥ 97 %", share >= speedBudget)
		}
	}
	return nil
}

// contender is one of the programs that take turns.
type contender struct {
	way   string // train, or the screen
	t     *terminal.Terminal
	turns []turn
}

// turn is when a program ran, and what was told of its updates.
type turn struct {
	from, to    time.Time
	first, last mark
}

// mark is an update and when the screen told of it.
type mark struct {
	at     time.Time
	update int
}

// rate is the tokens a second, 0 when the updates do not rise.
func (u turn) rate(c config) float64 {
	if u.last.update <= u.first.update {
		return 0
	}
	return float64((u.last.update-u.first.update)*c.tokens) / u.last.at.Sub(u.first.at).Seconds()
}

// trained measures the tokens a second of a program that trains, after a
// warm-up; 0 when its updates do not rise.
func trained(t *terminal.Terminal, c config, span time.Duration) float64 {
	p := contender{t: t}
	t.Hold()
	time.Sleep(warmUp)
	from := time.Now()
	time.Sleep(span)
	p.turns = []turn{{from: from, to: time.Now()}}
	p.read()
	return p.turns[0].rate(c)
}

// compare runs the three for some rounds and adds the speed of each turn to rates.
func (b *bench) compare(c config, rates map[string][]float64) error {
	var all []*contender
	defer func() {
		for _, p := range all {
			p.t.Close()
		}
	}()
	for _, way := range []string{"train", "1", "4"} {
		p := &contender{way: way}
		var err error
		if way == "train" {
			p.t, err = b.open(c, true, 0)
		} else {
			p.t, err = b.begin(c, way, 0)
		}
		if err != nil {
			return err
		}
		all = append(all, p)
		p.t.Hold()
		time.Sleep(warmUp)
		if err := p.signal(syscall.SIGSTOP); err != nil {
			return err
		}
	}
	for i := range b.times(3, 2) {
		for j := range all {
			if err := all[(i+j)%len(all)].run(b.seconds(4, 2)); err != nil {
				return err
			}
		}
	}
	for _, p := range all {
		if err := p.signal(syscall.SIGCONT); err != nil {
			return err
		}
		p.read()
		for _, turn := range p.turns {
			rate := turn.rate(c)
			if rate == 0 {
				return fmt.Errorf("config %s, %s: the updates do not rise; the screen:\n%s", c.name, p.way, p.t.Text())
			}
			rates[p.way] = append(rates[p.way], rate)
		}
	}
	return nil
}

func (p *contender) signal(s syscall.Signal) error { return p.t.Process().Signal(s) }

// run lets the program run for a span. The first part of it, in which screens catch
// up, does not count.
func (p *contender) run(span time.Duration) error {
	const settling = 700 * time.Millisecond
	if err := p.signal(syscall.SIGCONT); err != nil {
		return err
	}
	time.Sleep(settling)
	from := time.Now()
	time.Sleep(span)
	p.turns = append(p.turns, turn{from: from, to: time.Now()})
	return p.signal(syscall.SIGSTOP)
}

// read finds the counts of each turn in what the program has shown.
func (p *contender) read() {
	seen, i := 0, 0
	p.t.Release(func(at time.Time, s *terminal.Screen) {
		for i < len(p.turns) && at.After(p.turns[i].to) {
			i++
		}
		n := told(s)
		if n <= seen {
			return
		}
		seen = n
		if i == len(p.turns) || at.Before(p.turns[i].from) {
			return
		}
		turn := &p.turns[i]
		if turn.first.update == 0 {
			turn.first = mark{at, n}
		}
		turn.last = mark{at, n}
	})
}

// ignore looks at nothing.
func ignore(time.Time, *terminal.Screen) {}
