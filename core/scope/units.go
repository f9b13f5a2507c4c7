package scope

import "math"

// Feature is a property of a text's tokens, known once the token is read.
type Feature struct {
	Name   string
	Binary bool      // values are 0 and 1
	Values []float32 // one a token; NaN where it is not known
	// Spans, of a feature that KnownIn made, are where it is known: the value of
	// one is a single observation, however many tokens have it.
	Spans []KnownSpan
}

// KnownIn is a feature of n tokens that is known only in spans of them, such as
// the number of a subject from its noun to its verb. Spans do not overlap.
func KnownIn(name string, binary bool, n int, spans []KnownSpan) Feature {
	f := Feature{Name: name, Binary: binary, Values: make([]float32, n), Spans: spans}
	for i := range f.Values {
		f.Values[i] = float32(math.NaN())
	}
	for _, s := range spans {
		for i := max(0, s.From); i < min(n, s.To); i++ {
			f.Values[i] = s.Value
		}
	}
	return f
}

// KnownSpan is a value that tokens From … To-1 have.
type KnownSpan struct {
	From, To int
	Value    float32
}

// UnitSearch is what a search for units that track features found.
type UnitSearch struct {
	Layer        int
	Tokens       int // that the states are of
	Units        int // searched, for whose number p is corrected
	Shifts       int // circular shifts of the text that p counts among, the true place included
	Permutations int // that p counts among instead for a feature known in spans, the true order included; 0 without one
	EffectTokens int // that ablation was judged on
	EffectFrom   int // the first of them: behind the searched ones, or 0 where there were too few
	Loss         float64
	Found        []FoundUnit // by the effect where the feature holds, largest first; those without one after them
}

// FoundUnit is a unit and a feature that it may track.
type FoundUnit struct {
	Unit    int
	Feature string
	Binary  bool
	Score   float64 // AUC of a binary feature (½: no relation), correlation of another
	P       float64 // of as good a score by this unit at a random shift, or with the values of spans permuted
	PUnits  float64 // of as good a score by any unit then: corrected for their number
	Effect  *Effect // of ablating the unit; nil when it was not among those tried
}

// Effect is the change of the loss when a unit is ablated, nats per token; a
// cost is positive.
type Effect struct {
	Loss  float64 // over all tokens
	Holds float64 // over predictions after tokens where the feature holds: it is 1, or above its median; NaN when there are none
	Count int     // of those predictions
}

// Match is what a pattern of units found in a text.
type Match struct {
	Layer     int
	Threshold float32
	Pattern   []PatternUnit
	Spans     []Span // by Likeness, then by how near their length is to the selection's
}

// PatternUnit is a unit that is on throughout a span and off on both sides.
type PatternUnit struct {
	Unit int
	Sign int // +1: on is h ≥ threshold; -1: on is h ≤ -threshold
}

// Span is tokens From … To-1 of the searched text.
type Span struct {
	From, To int
	Shared   int     // units of the pattern that are on there and off around it
	Extra    int     // units that are so and not in the pattern
	Likeness float64 // Shared / (pattern + Extra): 1 is the same pattern
}

// UnitText is one unit through a text.
type UnitText struct {
	Layer, Unit int
	Values      []float32 // h after each token
	Mean, SD    float64
	Top, Bottom []Peak // places that drive it most, one for each context
}

// Peak is a place where a unit is high or low: token At, after tokens From …
// At-1, which its context is.
type Peak struct {
	From, At int
	Value    float32
}
