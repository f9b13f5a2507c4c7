package ngram_test

import (
	"math"
	"testing"

	"rnnscope/core/ngram"
)

// prosody are the counts of counts of Gale and Sampson's first example.
var prosody = []ngram.CountOfCount{
	{R: 1, N: 120}, {R: 2, N: 40}, {R: 3, N: 24}, {R: 4, N: 13}, {R: 5, N: 15}, {R: 6, N: 5}, {R: 7, N: 11}, {R: 8, N: 2},
	{R: 9, N: 2}, {R: 10, N: 1}, {R: 12, N: 3}, {R: 14, N: 2}, {R: 15, N: 1}, {R: 16, N: 1}, {R: 17, N: 3}, {R: 19, N: 1},
	{R: 20, N: 3}, {R: 21, N: 2}, {R: 23, N: 3}, {R: 24, N: 3}, {R: 25, N: 3}, {R: 26, N: 2}, {R: 27, N: 2}, {R: 28, N: 1},
	{R: 31, N: 2}, {R: 32, N: 2}, {R: 33, N: 1}, {R: 34, N: 2}, {R: 36, N: 2}, {R: 41, N: 3}, {R: 43, N: 1}, {R: 45, N: 3},
	{R: 46, N: 1}, {R: 47, N: 1}, {R: 50, N: 1}, {R: 71, N: 1}, {R: 84, N: 1}, {R: 101, N: 1}, {R: 105, N: 1}, {R: 121, N: 1},
	{R: 124, N: 1}, {R: 146, N: 1}, {R: 162, N: 1}, {R: 193, N: 1}, {R: 199, N: 1}, {R: 224, N: 1}, {R: 226, N: 1}, {R: 254, N: 1},
	{R: 257, N: 1}, {R: 339, N: 1}, {R: 421, N: 1}, {R: 456, N: 1}, {R: 481, N: 1}, {R: 483, N: 1}, {R: 1140, N: 1}, {R: 1256, N: 1},
	{R: 1322, N: 1}, {R: 1530, N: 1}, {R: 2131, N: 1}, {R: 2395, N: 1}, {R: 6925, N: 1}, {R: 7846, N: 1},
}

func TestSimpleGoodTuring(t *testing.T) {
	g, err := ngram.NewSimpleGoodTuring(prosody)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want, unit float64) {
		if math.Abs(got-want) > unit {
			t.Errorf("%s: got %.7g, Gale and Sampson %.7g", what, got, want)
		}
	}
	near("slope", g.Slope, -1.38937, 5e-6)
	near("intercept", g.Intercept, 4.468558, 5e-7)
	near("P0", g.P0, 120.0/30902, 1e-15)
	for _, want := range []struct {
		r          int64
		star, unit float64 // half of the last figure printed
	}{{1, .762808, 5e-7}, {2, 1.706448, 5e-7}, {3, 2.679796, 5e-7}, {5, 4.653366, 5e-7}, {10, 9.627446, 5e-7}, {7846, 7838.899, 5e-4}} {
		star, ok := g.Star(want.r)
		if !ok {
			t.Errorf("no r* of %d", want.r)
		}
		near("r*", star, want.star, want.unit)
	}
	sum := g.P0
	for _, a := range g.Adjusted {
		sum += float64(a.N) * a.Star / 30902
	}
	near("the mass of everything", sum, 1, 1e-12)
}

func TestSimpleGoodTuringRefuses(t *testing.T) {
	for what, counts := range map[string][]ngram.CountOfCount{
		"nothing":          nil,
		"one count":        {{R: 1, N: 5}},
		"nothing once":     {{R: 2, N: 5}, {R: 3, N: 1}},
		"rising with size": {{R: 1, N: 1}, {R: 2, N: 5}, {R: 3, N: 25}},
	} {
		if g, err := ngram.NewSimpleGoodTuring(counts); err == nil {
			t.Errorf("%s: %+v", what, g)
		}
	}
}
