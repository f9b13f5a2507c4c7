package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"rnnscope/core/lag"
	"rnnscope/core/scope"
	"rnnscope/core/train"
	"rnnscope/tui/words"
)

// lagLines prints results as they come and the table at the end.
type lagLines struct {
	p            *program
	asJSON       bool
	status       *lines
	trials, todo []scope.Trial
	before, done int
	began        time.Time
	shown        time.Time
}

func (l *lagLines) event(e lag.Event) {
	if e.Result != nil {
		l.done++
		l.status.status("")
		if l.asJSON {
			l.p.json(e.Result)
		} else {
			l.result(e.Result)
		}
	}
	if time.Since(l.shown) < progressEvery {
		return
	}
	l.shown = time.Now()
	s := l.p.say("%d of %d trials, %.0f s", l.before+l.done, len(l.trials), time.Since(l.began).Seconds())
	if p := e.Point; p != nil {
		s += l.p.say("; %s: update %s, loss %s", rowOf(l.todo[e.Trial]), thousands(p.Update), finite("%.4f", p.Loss))
	}
	l.status.status(s)
}

// rowOf names a trial but for its seed.
func rowOf(c scope.Trial) string {
	return fmt.Sprintf("%s %d %s %s%s lr %g", c.Task, c.Lag, cellOf(c), c.Init, biasOf(c, " b_f "), c.LR)
}

func cellOf(c scope.Trial) string {
	if c.Activation == "relu" {
		return c.Cell + " relu"
	}
	return c.Cell
}

// biasOf is the forget bias that was set, "" where none was.
func biasOf(c scope.Trial, before string) string {
	if c.Cell != "lstm" || c.ForgetBias == nil {
		return ""
	}
	return fmt.Sprintf("%s%g", before, float64(*c.ForgetBias))
}

func (l *lagLines) result(r *scope.TrialResult) {
	verdict := l.p.say("not in %s updates, loss %s", thousands(r.Updates), lossOf(r.Final))
	switch {
	case r.Solved:
		verdict = l.p.say("solved at update %s", thousands(r.Updates))
	case r.Reason != "":
		verdict = words.Say(l.p.lang, train.MessageOf(r.Reason))
	}
	fmt.Fprintln(l.p.out, l.p.say("%s seed %d: %s, %.1f s", rowOf(r.Trial), r.Seed, verdict, r.Seconds))
}

// summary is a line for each row of the grid, over its seeds.
func (l *lagLines) summary(results []scope.TrialResult) {
	var heading string
	var rows []string
	byRow := map[string][]scope.TrialResult{}
	for _, r := range results {
		key := rowOf(r.Trial)
		if byRow[key] == nil {
			rows = append(rows, key)
		}
		byRow[key] = append(byRow[key], r)
	}
	for _, key := range rows {
		all := byRow[key]
		c := all[0].Trial
		if h := l.p.say("%s, lag %d: %s", c.Task, c.Lag, l.p.phrase(lag.Title(c.Task))); h != heading {
			heading = h
			fmt.Fprintf(l.p.out, "\n%s\n", h)
			l.columns(l.p.say("cell"), l.p.say("init"), "b_f", "lr", l.p.say("solved"), l.p.say("updates"), l.p.say("loss"), l.p.say("arrives"), l.p.say("horizon"))
		}
		solved, updates, losses, ratios, horizons := 0, []float64{}, []float64{}, []float64{}, []float64{}
		for _, r := range all {
			if r.Solved {
				solved++
				updates = append(updates, float64(r.Updates))
			}
			losses, ratios, horizons = append(losses, float64(r.Final)), append(ratios, float64(r.Ratio)), append(horizons, float64(r.Horizon))
		}
		l.columns(cellOf(c), c.Init, biasOf(c, ""), fmt.Sprint(c.LR), l.p.say("%d of %d", solved, len(all)),
			finite("%.0f", median(updates)), lossOf(median(losses)), finite("%.1e", median(ratios)), finite("%.0f", median(horizons)))
	}
	fmt.Fprintln(l.p.out, l.p.say("\nmedians over seeds; updates are those of the solved"))
}

// columns prints a row of the table.
func (l *lagLines) columns(cell, init, bias, lr, solved, updates, loss, arrives, horizon string) {
	fmt.Fprintln(l.p.out, pad(cell, 9), pad(init, 12), padLeft(bias, 5), pad(lr, 7), padLeft(solved, 8), padLeft(updates, 8),
		padLeft(loss, 7), padLeft(arrives, 9), padLeft(horizon, 7))
}

// lossOf is a loss as wide as its column.
func lossOf(x scope.Number) string {
	switch {
	case x >= 1e6:
		return finite("%.2g", x)
	case x >= 100:
		return finite("%.0f", x)
	}
	return finite("%.4f", x)
}

// median of figures, NaN when there is none.
func median(x []float64) scope.Number {
	if len(x) == 0 {
		return scope.Number(math.NaN())
	}
	slices.Sort(x)
	m := x[len(x)/2]
	if len(x)%2 == 0 {
		m = (m + x[len(x)/2-1]) / 2
	}
	return scope.Number(m)
}
