package session

import (
	"math"
	"sort"

	"rnnscope/core/ngram"
	"rnnscope/core/scope"
)

// Workbench says what n-grams of an order make of a typed history, by four
// smoothings side by side: maximum likelihood, add k, Katz and modified
// Kneser-Ney. It waits for the counts.
func (d *Ladder) Workbench(history string, order int, k float64) <-chan *scope.Workbench {
	answer := make(chan *scope.Workbench, 1)
	d.asking("workbench", func(b *bench) { answer <- d.workbench(b, history, order, k) })
	return answer
}

// Orders is the longest order of the workbench, and the one that it opens with.
func (d *Ladder) Orders() (top, usual int) {
	top = ladderOrder(d.text.corpus)
	return top, min(3, top)
}

// AddK is what the ladder's add-k adds.
func (d *Ladder) AddK() float64 { return addK(d.text.corpus.Level) }

func (d *Ladder) workbench(b *bench, history string, order int, k float64) *scope.Workbench {
	order = max(1, min(order, b.counts.Order))
	v := d.text.corpus.Vocab
	w := &scope.Workbench{Order: order, P0: math.NaN()}
	ids := v.Encode(history)
	for _, id := range ids {
		if id < 0 || int(id) == v.Unknown() {
			w.Unknown++
		}
	}
	if n := len(ids); n > 0 && ids[n-1] >= 0 {
		c := d.contrast(b.counts, ids[n-1])
		w.Typed = &c
	}
	ids = ids[max(0, len(ids)-order+1):]
	for _, id := range ids {
		w.History = append(w.History, d.token(id))
	}
	for _, next := range b.counts.Continuations(ids) { // not what ends the text: nothing follows it
		w.Seen += next.Count
	}
	var p [][]float64
	for _, s := range []ngram.Smoothing{{Name: "mle"}, {Name: "add", K: k}, {Name: "katz"}, {Name: "mkn"}} {
		m := d.model(b, order, s)
		state := m.After(ids...)
		row := make([]float64, v.Len())
		state.Distribution(row)
		moved, unseen, ok := state.Moved()
		w.Columns, w.Moved, w.Unseen = append(w.Columns, s.String()), append(w.Moved, moved), append(w.Unseen, unseen)
		w.Used, w.Judged = state.Seen(), ok
		p = append(p, row)
	}
	w.Rows = d.benchRows(b.counts, ids, p)
	for n := 1; n <= b.counts.Order; n++ {
		w.Meter = append(w.Meter, scope.Storage{N: n, Possible: b.counts.Possible(n), Seen: b.counts.Seen(n), Bytes: b.counts.BytesOf(n)})
	}
	d.adjust(b.counts, w)
	d.francisco(b.counts, w)
	return w
}

func (d *Ladder) token(id int32) scope.Token {
	return scope.Token{ID: int(id), Text: d.text.Token(int(id))}
}

// benchRows lists all that may come next: what was seen after the history, the most
// frequent first, then what was not, the most probable of modified Kneser-Ney
// first.
func (d *Ladder) benchRows(c *ngram.Counts, history []int32, p [][]float64) []scope.WorkRow {
	rows := make([]scope.WorkRow, len(p[0]))
	for id := range rows {
		rows[id] = scope.WorkRow{Token: d.token(int32(id)), Contexts: -1}
		for _, column := range p {
			rows[id].P = append(rows[id].P, column[id])
		}
	}
	for _, next := range c.Continuations(history) {
		rows[next.ID].Count, rows[next.ID].Contexts = next.Count, next.Contexts
	}
	last := len(p) - 1
	sort.SliceStable(rows, func(i, j int) bool {
		if rows[i].Count != rows[j].Count {
			return rows[i].Count > rows[j].Count
		}
		return rows[i].P[last] > rows[j].P[last]
	})
	return rows
}

// adjust fills in the counts of counts and what Good-Turing makes of them.
func (d *Ladder) adjust(c *ngram.Counts, w *scope.Workbench) {
	const most = 10
	all := c.CountsOfCounts(w.Order, false)
	_, shares, _ := c.GoodTuring(w.Order)
	w.Discounts = len(shares)
	simple, err := ngram.NewSimpleGoodTuring(all)
	if err == nil {
		w.P0 = simple.P0
	}
	for _, n := range all[:min(most, len(all))] {
		a := scope.Adjusted{R: n.R, N: n.N, Katz: float64(n.R), Simple: math.NaN()}
		if int(n.R) <= len(shares) {
			a.Katz *= shares[n.R-1]
		}
		if err == nil {
			if star, ok := simple.Star(n.R); ok {
				a.Simple = star
			}
		}
		w.Adjusted = append(w.Adjusted, a)
	}
}

func (d *Ladder) contrast(c *ngram.Counts, id int32) scope.Contrast {
	count, contexts := c.Occurrences([]int32{id})
	return scope.Contrast{Token: d.token(id), Count: count, Contexts: contexts}
}

// francisco finds the tokens of this text that tell the story of "Francisco":
// frequent, but after few different tokens, so that they are not to be expected
// after others; and beside each the token nearest in frequency that follows the
// most.
func (d *Ladder) francisco(c *ngram.Counts, w *scope.Workbench) {
	if c.Order < 2 {
		return
	}
	const pairs = 5
	v := d.text.corpus.Vocab
	w.All = [2]int64{c.Tokens, c.Seen(2)}
	var all []scope.Contrast
	least := max(10, c.Tokens/int64(5*v.Len())) // a fifth of the mean: rarer ones have few contexts anyway
	for id := range int32(v.Len()) {
		if x := d.contrast(c, id); x.Count >= least {
			all = append(all, x)
		}
	}
	// What limits contexts is the smaller of the count and V.
	share := func(x scope.Contrast) float64 {
		return float64(x.Contexts) / math.Min(float64(x.Count), float64(v.Len()))
	}
	sort.SliceStable(all, func(i, j int) bool { return share(all[i]) < share(all[j]) })
	shown := map[int]bool{}
	for _, x := range all[:min(pairs, len(all)/2)] {
		best, found := scope.Contrast{}, false
		for _, y := range all {
			near := y.Count*2 >= x.Count && y.Count <= x.Count*2
			if !shown[y.ID] && near && y.Contexts > x.Contexts && (!found || y.Contexts > best.Contexts) {
				best, found = y, true
			}
		}
		if found {
			shown[best.ID] = true
			w.Fickle, w.Steady = append(w.Fickle, x), append(w.Steady, best)
		}
	}
}

// ngramWriter makes the n-gram that writes on the screen of samples: modified
// Kneser-Ney of the usual order. It waits for the counts.
func (d *Ladder) ngramWriter(ready func(m *ngram.Model)) {
	d.asking("n-gram writer", func(b *bench) {
		ready(d.model(b, min(NgramOrder(d.text.corpus.Level), b.counts.Order), ngram.Smoothing{Name: "mkn"}))
	})
}
