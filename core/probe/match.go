package probe

import (
	"cmp"
	"slices"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
)

// Selection is tokens From … To-1 of a traced sentence, in a layer. A unit is
// on where |h| ≥ Threshold, with the sign of h.
type Selection struct {
	Layer, From, To int
	Threshold       float32
}

// Match asks LSTMVis's question (Strobelt et al. 2018): which units are on
// throughout the selection and off on both sides of it, and where in a text do
// the same units do so? On both sides is the one token before and after; where
// the sentence ends nothing is asked. A unit counts with its sign.
//
// It returns the limit spans of the text that are most alike, none overlapping
// a better one. A unit shares a span when one of its runs of being on is that
// span exactly, so every span that shares a unit is looked at. An empty pattern
// finds nothing: the threshold may be too high, or the span's ends too sharp.
func Match(m *rnn.Model, t *scope.Trace, s Selection, text rnn.Tokens, limit int, ask Ask) (*scope.Match, error) {
	if s.From < 0 || s.From >= s.To || s.To > len(t.Steps) {
		return nil, say.Errorf("the selection must lie in the sentence and hold a token: %d to %d of %d", s.From, s.To, len(t.Steps))
	}
	if !(s.Threshold > 0) {
		return nil, say.Errorf("the threshold must be above 0, not %v", s.Threshold)
	}
	if s.Layer < 0 || s.Layer >= m.Layers {
		return nil, say.Errorf("there is no layer %d: this model's layers are 0 to %d", s.Layer, m.Layers-1)
	}
	out := &scope.Match{Layer: s.Layer, Threshold: s.Threshold}
	signs := make([]int8, m.Hidden) // of the pattern; 0 is not in it
	for u := range signs {
		signs[u] = pattern(t, s, u)
		if signs[u] != 0 {
			out.Pattern = append(out.Pattern, scope.PatternUnit{Unit: u, Sign: int(signs[u])})
		}
	}
	if len(out.Pattern) == 0 {
		return out, nil
	}
	n := text.Len()
	r := newRuns(signs, s.Threshold)
	err := record(m, text, n, s.Layer, ask, func(i int, h []float32) { r.token(i, h) }, func(tokens int) { ask.progress(tokens, n) })
	if err != nil {
		return nil, err
	}
	r.end(n)
	for i := range r.spans {
		x := &r.spans[i]
		x.Likeness = float64(x.Shared) / float64(len(out.Pattern)+x.Extra)
	}
	slices.SortFunc(r.spans, func(a, b scope.Span) int {
		return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(longer(a, s), longer(b, s)), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	for _, x := range r.spans {
		if len(out.Spans) == limit {
			break
		}
		if !slices.ContainsFunc(out.Spans, func(y scope.Span) bool { return x.From < y.To && y.From < x.To }) {
			out.Spans = append(out.Spans, x)
		}
	}
	return out, nil
}

// on is the sign with which h is on, 0 when it is off.
func on(h, threshold float32) int8 {
	switch {
	case h >= threshold:
		return 1
	case h <= -threshold:
		return -1
	}
	return 0
}

// pattern is the sign of a unit that is on throughout a selection and not so on
// its sides, 0 for another.
func pattern(t *scope.Trace, s Selection, u int) int8 {
	at := func(i int) int8 { return on(t.Steps[i].Layers[s.Layer].H[u], s.Threshold) }
	sign := at(s.From)
	for i := s.From; i < s.To; i++ {
		if at(i) != sign {
			return 0
		}
	}
	if s.From > 0 && at(s.From-1) == sign || s.To < len(t.Steps) && at(s.To) == sign {
		return 0
	}
	return sign
}

// runs follows for how long each unit has been on, and keeps the spans that are
// a run of a unit of the pattern.
type runs struct {
	signs     []int8 // of the pattern
	threshold float32
	sign      []int8 // of each unit now
	since     []int
	spans     []scope.Span
}

func newRuns(signs []int8, threshold float32) *runs {
	return &runs{signs: signs, threshold: threshold, sign: make([]int8, len(signs)), since: make([]int, len(signs))}
}

// token takes the states after token i.
func (r *runs) token(i int, h []float32) {
	r.over(i, func(u int) int8 { return on(h[u], r.threshold) })
}

// end closes the runs that reach the end of n tokens.
func (r *runs) end(n int) { r.over(n, func(int) int8 { return 0 }) }

// over ends the runs of units whose sign is another at token i. Those of the
// pattern come first: a run of others only counts on a span of theirs.
func (r *runs) over(i int, sign func(u int) int8) {
	ended := len(r.spans) // spans from here on end at i
	for _, others := range []bool{false, true} {
		for u, was := range r.sign {
			if was == 0 || sign(u) == was || (was == r.signs[u]) == others {
				continue
			}
			at := slices.IndexFunc(r.spans[ended:], func(s scope.Span) bool { return s.From == r.since[u] })
			switch {
			case at < 0 && others:
				continue
			case at < 0:
				at = len(r.spans) - ended
				r.spans = append(r.spans, scope.Span{From: r.since[u], To: i})
			}
			if others {
				r.spans[ended+at].Extra++
			} else {
				r.spans[ended+at].Shared++
			}
		}
	}
	for u, was := range r.sign {
		if now := sign(u); now != was {
			r.sign[u], r.since[u] = now, i
		}
	}
}

// longer is by how many tokens a span is longer or shorter than the selection.
func longer(x scope.Span, s Selection) int {
	d := x.To - x.From - (s.To - s.From)
	return max(d, -d)
}
