package probe

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// spanUnits are the units that are on throughout a span and off on both sides,
// by that definition and nothing else.
func spanUnits(states []scope.Vector, from, to int, threshold float32) map[scope.PatternUnit]bool {
	units := map[scope.PatternUnit]bool{}
	for u := range states[0] {
		for _, sign := range []int{-1, 1} {
			is := func(i int) bool { return states[i][u]*float32(sign) >= threshold }
			all := true
			for i := from; i < to; i++ {
				all = all && is(i)
			}
			if all && (from == 0 || !is(from-1)) && (to == len(states) || !is(to)) {
				units[scope.PatternUnit{Unit: u, Sign: sign}] = true
			}
		}
	}
	return units
}

// Every span of a text compared with the selection by the definition: the match
// finds the same spans with the same counts, ranked, in one pass.
func TestMatchEqualsTryingEverySpan(t *testing.T) {
	patterns, spans := 0, 0
	for _, c := range questioned {
		m := drawnModel(t, c)
		m.Kernel.Scale(m.Weights(), 2)
		m.Pack()
		ids := drawnIDs(m, 70)
		whole := traced(t, m, ids, Ask{})
		layer := c.Layers - 1
		var states []scope.Vector
		for _, s := range whole.Steps {
			states = append(states, s.Layers[layer].H)
		}
		sentence := traced(t, m, ids[20:31], Ask{})
		var here []scope.Vector
		for _, s := range sentence.Steps {
			here = append(here, s.Layers[layer].H)
		}
		for _, s := range []Selection{{layer, 0, 1, 0.2}, {layer, 3, 5, 0.3}, {layer, 2, 9, 0.05}, {layer, 10, 11, 0.4}} {
			want := spanUnits(here, s.From, s.To, s.Threshold)
			got, err := Match(m, sentence, s, sequence(ids), 1<<20, Ask{})
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s %d layers %+v", c.Cell, c.Layers, s)
			if len(got.Pattern) != len(want) {
				t.Fatalf("%s: pattern %v, want %v", name, got.Pattern, want)
			}
			for _, u := range got.Pattern {
				if !want[u] {
					t.Errorf("%s: unit %+v is not on there alone", name, u)
				}
			}
			var all []scope.Span
			for from := range states {
				for to := from + 1; to <= len(states); to++ {
					x := scope.Span{From: from, To: to}
					for u := range spanUnits(states, from, to, s.Threshold) {
						if want[u] {
							x.Shared++
						} else {
							x.Extra++
						}
					}
					if x.Shared > 0 {
						x.Likeness = float64(x.Shared) / float64(len(want)+x.Extra)
						all = append(all, x)
					}
				}
			}
			for i, x := range got.Spans {
				if !slices.Contains(all, x) {
					t.Errorf("%s: found %+v, which is no such span", name, x)
				}
				if i > 0 && x.Likeness > got.Spans[i-1].Likeness {
					t.Errorf("%s: span %d is liker than the one before", name, i)
				}
			}
			for _, x := range all { // found, or overlapped by one at least as like
				if !slices.ContainsFunc(got.Spans, func(y scope.Span) bool {
					return x == y || x.From < y.To && y.From < x.To && y.Likeness >= x.Likeness
				}) {
					t.Errorf("%s: %+v is missing", name, x)
				}
			}
			patterns, spans = patterns+len(want), spans+len(got.Spans)
			if len(want) > 0 && len(got.Spans) > 3 {
				few, err := Match(m, sentence, s, sequence(ids), 3, Ask{})
				if err != nil || !slices.Equal(few.Spans, got.Spans[:3]) {
					t.Errorf("%s: three spans are %v (%v), want the first of %v", name, few.Spans, err, got.Spans)
				}
			}
		}
		// The sentence searched in itself is found first, all units shared.
		s := Selection{layer, 3, 5, 0.2}
		got, err := Match(m, sentence, s, sequence(ids[20:31]), 5, Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Pattern) > 0 && (got.Spans[0].From != 3 || got.Spans[0].To != 5 || got.Spans[0].Likeness != 1) {
			t.Errorf("%s: the selection itself is not found first: %+v", c.Cell, got.Spans[0])
		}
	}
	if patterns < 30 || spans < 200 {
		t.Errorf("only %d units in patterns and %d spans were compared", patterns, spans)
	}
}

func TestMatchRefuses(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "rnn", Layers: 1})
	ids := drawnIDs(m, 100)
	trace := traced(t, m, ids[:5], Ask{})
	for _, s := range []Selection{{0, 2, 2, 0.1}, {0, -1, 2, 0.1}, {0, 2, 6, 0.1}, {1, 0, 1, 0.1}, {0, 0, 1, 0}, {0, 0, 1, float32(math.NaN())}} {
		if _, err := Match(m, trace, s, sequence(ids), 5, Ask{}); err == nil {
			t.Errorf("%+v is not refused", s)
		}
	}
	if got, err := Match(m, trace, Selection{0, 0, 2, 2}, sequence(ids), 5, Ask{}); err != nil || len(got.Pattern)+len(got.Spans) > 0 {
		t.Errorf("above every state: %+v, %v", got, err)
	}
	if _, err := Match(m, trace, Selection{0, 0, 1, 0.001}, sequence(ids), 5, Ask{Stop: func() bool { return true }}); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
}

// One unit through a text is what a trace has of it; its peaks are its extreme
// values, far enough apart and in different contexts.
func TestReadUnit(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "lstm", Layers: 2})
	// The same forty tokens again and again: each context occurs many times.
	ids := slices.Repeat(drawnIDs(m, 40), 5)
	const layer, unit, context = 1, 7, 8
	got, err := ReadUnit(m, sequence(ids), layer, unit, context, 6, Ask{})
	if err != nil {
		t.Fatal(err)
	}
	sum, squares := 0.0, 0.0
	for i, s := range traced(t, m, ids, Ask{}).Steps {
		v := s.Layers[layer].H[unit]
		if got.Values[i] != v {
			t.Fatalf("value %d is %v, the trace has %v", i, got.Values[i], v)
		}
		sum, squares = sum+float64(v), squares+float64(v)*float64(v)
	}
	n := float64(len(ids))
	if mean, sd := sum/n, math.Sqrt(squares/n-sum/n*sum/n); math.Abs(got.Mean-mean) > 1e-9 || math.Abs(got.SD-sd) > 1e-7 {
		t.Errorf("mean %v sd %v, want %v %v", got.Mean, got.SD, mean, sd)
	}
	if got.Top[0].Value != slices.Max(got.Values) || got.Bottom[0].Value != slices.Min(got.Values) {
		t.Errorf("peaks %v and %v, extremes %v and %v", got.Top[0], got.Bottom[0], slices.Max(got.Values), slices.Min(got.Values))
	}
	for _, peaks := range [][]scope.Peak{got.Top, got.Bottom} {
		last := map[string]bool{}
		for i, p := range peaks {
			if p.Value != got.Values[p.At] || p.From != max(0, p.At-context+1) {
				t.Errorf("peak %+v", p)
			}
			for _, q := range peaks[:i] {
				if d := q.At - p.At; d < context && d > -context {
					t.Errorf("peaks %d and %d are neighbours", q.At, p.At)
				}
			}
			key := fmt.Sprint(ids[max(0, p.At-1) : p.At+1])
			if last[key] {
				t.Errorf("two peaks after %v", key)
			}
			last[key] = true
		}
	}
	if _, err := ReadUnit(m, sequence(ids), 0, 18, 8, 6, Ask{}); fmt.Sprint(err) != "layer 0 has no unit 18: its units are 0 to 17" {
		t.Errorf("unit 18: %v", err)
	}
}

// The odds after each token are those of whole sentences read one by one, with
// continuations of one token and of several, and under an intervention.
func TestLogOdds(t *testing.T) {
	for _, c := range questioned {
		m := drawnModel(t, c)
		ids := drawnIDs(m, 9)
		changes := scope.Changes{Units: []scope.UnitChange{scope.Clamp(0, 3, 0.7).Starting(4)}}
		alter, err := Alter(m, changes)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2][]int32{{{4}, {9}}, {{4, 7, 7}, {4, 2}}} {
			got, err := LogOdds(m, ids, pair[0], pair[1], Ask{Changes: changes})
			if err != nil {
				t.Fatal(err)
			}
			for i, o := range got.Odds {
				var sums [2]float64
				for k, c := range pair {
					for j, id := range c {
						sums[k] += logProb(m, slices.Concat(ids[:i+1], c[:j]), int(id), alter)
					}
				}
				if math.Abs(o.A-sums[0]) > 1e-6 || math.Abs(o.B-sums[1]) > 1e-6 || o.Difference != o.A-o.B {
					t.Errorf("%s after token %d: %+v, want %v", c.Cell, i, o, sums)
				}
			}
		}
	}
	m := drawnModel(t, rnn.Config{Cell: "gru", Layers: 1})
	for _, c := range [][]int32{nil, {-1}, {21}} {
		if _, err := LogOdds(m, []int32{1}, []int32{2}, c, Ask{}); err == nil {
			t.Errorf("continuation %v is not refused", c)
		}
	}
	if _, err := LogOdds(m, []int32{1}, []int32{2}, []int32{3}, Ask{Stop: func() bool { return true }}); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
}
