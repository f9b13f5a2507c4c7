package probe

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// Search says what units are searched for. Zeros stand for the defaults.
type Search struct {
	Layer        int
	Features     []scope.Feature // of every token of the text
	Tokens       int             // of the text's front that are searched: all
	Listed       int             // units listed for a feature, best score first: 5
	Ablated      int             // distinct units ablated, surest first: 12; negative is none
	EffectTokens int             // that they are ablated on, behind the searched ones, or of the front where there are too few: 4096
}

// LeastSearch is how many tokens a search needs.
const LeastSearch = 100

// FindUnits searches a layer for units whose h tracks features of a text: for
// each feature the units with the best scores, how likely as good a score is
// by chance, and what ablating the surest of them does to the loss.
//
// Chance is counted over all circular shifts of the text (its last few tokens
// are left out where their number is bad for the transform), and corrected for
// the number of units by the largest score of any unit at each shift; it is not
// corrected for the number of features. p cannot be below 1/shifts. For a feature known in spans
// only, the values of its spans are permuted instead.
func FindUnits(m *rnn.Model, text rnn.Tokens, s Search, ask Ask) (*scope.UnitSearch, error) {
	s.Listed, s.Ablated, s.EffectTokens = cmp.Or(s.Listed, 5), cmp.Or(s.Ablated, 12), cmp.Or(s.EffectTokens, 4096)
	searched := min(cmp.Or(s.Tokens, text.Len()), text.Len())
	n := smooth(searched)
	if n < LeastSearch {
		return nil, say.Errorf("%d tokens are too few to search: it takes %d", searched, LeastSearch)
	}
	for _, f := range s.Features {
		if len(f.Values) < text.Len() {
			panic(fmt.Sprintf("probe: FindUnits: %q has %d values for %d tokens", f.Name, len(f.Values), text.Len()))
		}
	}
	// What a unit was chosen on flatters it: its cost is taken elsewhere if it can be.
	from := searched
	if text.Len()-from < LeastSearch {
		from = 0
	}
	judged := max(2, min(s.EffectTokens, text.Len()-from))
	if s.Ablated < 0 {
		judged = 0
	}
	total := n + m.Hidden + judged
	lines := make([][]float32, m.Hidden) // of each unit, [n]
	for u := range lines {
		lines[u] = make([]float32, n)
	}
	err := record(m, text, n, s.Layer, ask, func(i int, h []float32) {
		for u, x := range h {
			lines[u][i] = x
		}
	}, func(tokens int) { ask.progress(tokens, total) })
	if err != nil {
		return nil, err
	}
	out := &scope.UnitSearch{Layer: s.Layer, Tokens: n, Units: m.Hidden, Shifts: n}
	tests, err := compareAll(lines, s.Features, ask, func(units int) { ask.progress(n+units, total) })
	if err != nil {
		return nil, err
	}
	for _, t := range tests {
		if len(t.feature.Spans) > 0 {
			out.Permutations = len(t.most)
		}
		out.Found = append(out.Found, t.best(lines, s.Listed)...)
	}
	if s.Ablated > 0 {
		if err := judge(m, text, s, from, judged, out, ask, func(tokens int) { ask.progress(n+m.Hidden+tokens, total) }); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out.Found, byEffect)
	return out, nil
}

// byEffect puts what costs most first, and what was not tried last by score.
func byEffect(a, b scope.FoundUnit) int {
	switch {
	case a.Effect != nil && b.Effect != nil:
		return cmp.Compare(b.Effect.Holds, a.Effect.Holds)
	case a.Effect != nil:
		return -1
	case b.Effect != nil:
		return 1
	}
	return bySureness(a, b)
}

// bySureness puts the smallest p first, then the largest score: AUC and
// correlation both on a scale where 1 is perfect.
func bySureness(a, b scope.FoundUnit) int {
	strength := func(u scope.FoundUnit) float64 {
		if u.Binary {
			return math.Abs(2*u.Score - 1)
		}
		return math.Abs(u.Score)
	}
	return cmp.Or(cmp.Compare(a.PUnits, b.PUnits), cmp.Compare(strength(b), strength(a)))
}

// comparison is one feature against all units: s at the true place, the share
// of shifts where a unit is as good, and the best of all units at each shift.
type comparison struct {
	feature scope.Feature
	here    []float64 // [H] s at the true place
	p       []float64 // [H]
	most    []float64 // [n] the largest s of any unit at each shift, or permutation
}

// compareAll compares features with units on all the asker's threads. Each
// unit is one worker's, and a maximum does not ask for an order, so that the
// result does not depend on their number.
func compareAll(lines [][]float32, features []scope.Feature, ask Ask, done func(units int)) ([]*comparison, error) {
	n := len(lines[0])
	first := newSpectra(n)
	var all, shifted []*comparison
	var transformed [][]complex128
	for _, f := range features {
		w, ok := weights(f, n)
		if !ok {
			continue
		}
		c := &comparison{feature: f, here: make([]float64, len(lines)), p: make([]float64, len(lines))}
		all = append(all, c)
		if len(f.Spans) > 0 {
			if err := c.permute(lines, spansIn(f, n), ask); err != nil {
				return nil, err
			}
			continue
		}
		c.most = make([]float64, n)
		shifted, transformed = append(shifted, c), append(transformed, first.transform(w))
	}
	var mu sync.Mutex
	var next atomic.Int64
	var stop atomic.Bool
	finished := make(chan struct{}, len(lines))
	var wait sync.WaitGroup
	for range max(1, ask.Threads) {
		wait.Add(1)
		task.Go("unit search", func() {
			defer wait.Done()
			f := newSpectra(n)
			best := make([][]float64, len(shifted))
			for i := range best {
				best[i] = make([]float64, n)
			}
			for u := int(next.Add(1)) - 1; u < len(lines) && !stop.Load(); u = int(next.Add(1)) - 1 {
				f.unit(lines[u], u, shifted, transformed, best)
				finished <- struct{}{}
			}
			mu.Lock()
			defer mu.Unlock()
			for i, c := range shifted {
				for k, s := range best[i] {
					c.most[k] = max(c.most[k], s)
				}
			}
		})
	}
	for u := 0; u < len(lines) && !stop.Load(); {
		<-finished
		u++
		done(u)
		stop.Store(ask.stopped())
	}
	wait.Wait()
	if stop.Load() {
		return nil, ErrStopped
	}
	return all, nil
}

// unit compares one unit with all features and raises best where it is better.
func (f *spectra) unit(line []float32, u int, all []*comparison, transformed [][]complex128, best [][]float64) {
	for _, binary := range []bool{false, true} {
		taken := false
		for i, c := range all {
			if c.feature.Binary != binary {
				continue
			}
			if !taken {
				taken = true
				x := centred(line)
				if binary {
					x = ranks(line)
				}
				f.take(x)
			}
			s := f.shifted(transformed[i])
			c.here[u] = s[0]
			count := 0
			for k, v := range s {
				if v >= s[0]-same {
					count++
				}
				best[i][k] = max(best[i][k], v)
			}
			c.p[u] = float64(count) / float64(len(s))
		}
	}
}

// best lists the n units with the best scores.
func (c *comparison) best(lines [][]float32, n int) []scope.FoundUnit {
	units := make([]int, len(c.here))
	for u := range units {
		units[u] = u
	}
	slices.SortStableFunc(units, func(a, b int) int { return cmp.Compare(c.here[b], c.here[a]) })
	var found []scope.FoundUnit
	for _, u := range units[:min(n, len(units))] {
		found = append(found, c.found(u, lines[u]))
	}
	return found
}

// found is what is said of a unit.
func (c *comparison) found(u int, line []float32) scope.FoundUnit {
	count := 0
	for _, s := range c.most {
		if s >= c.here[u]-same {
			count++
		}
	}
	return scope.FoundUnit{
		Unit: u, Feature: c.feature.Name, Binary: c.feature.Binary, Score: score(c.feature, line),
		P: c.p[u], PUnits: float64(count) / float64(len(c.most)),
	}
}
