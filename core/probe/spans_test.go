package probe

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"rnnscope/core/scope"
)

// sentences are lines of units through sentences: units follow the place in the
// sentence, and from the subject to the verb an offset of the sentence's own,
// which the rest of it hardly shows. spans are from subject to verb.
func sentences(g *rand.Rand, n, H int) (lines [][]float32, spans []scope.KnownSpan) {
	lines = make([][]float32, H)
	for u := range lines {
		lines[u] = make([]float32, n)
	}
	for at := 0; at < n; {
		span := 2 + 2*g.IntN(4)
		offsets := make([]float64, H)
		for u := range offsets {
			offsets[u] = g.NormFloat64()
		}
		for j := range span + 6 {
			if at+j == n {
				break
			}
			for u := range lines {
				size := 0.02
				if j > 0 && j <= span {
					size = 1
				}
				lines[u][at+j] = float32(0.1*math.Sin(float64(j+u)) + size*offsets[u])
			}
		}
		if at+1 < n {
			spans = append(spans, scope.KnownSpan{From: at + 1, To: min(n, at+1+span), Value: float32(g.IntN(2))})
		}
		at += span + 6
	}
	return lines, spans
}

// A value drawn for each sentence says nothing of its units: of 200 such
// features about 10 are significant at 5 % after the correction, and more than
// 20 once in 600 such tests. By shifts of the text far more would be.
func TestChanceIsCountedRightlyOverSpans(t *testing.T) {
	const n, H, trials = 1200, 6, 200
	g := rand.New(rand.NewPCG(5, 2))
	for _, binary := range []bool{true, false} {
		called := 0
		for range trials {
			lines, spans := sentences(g, n, H)
			if !binary {
				for i := range spans {
					spans[i].Value = float32(g.NormFloat64())
				}
			}
			all, err := compareAll(lines, []scope.Feature{scope.KnownIn("drawn", binary, n, spans)}, Ask{Threads: 2}, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			if all[0].best(lines, 1)[0].PUnits <= 0.05 {
				called++
			}
		}
		t.Logf("binary %v: %d of %d", binary, called, trials)
		if called > 20 || called < 2 {
			t.Errorf("binary %v: %d of %d values drawn for sentences are significant at 0.05", binary, called, trials)
		}
	}
}

// A unit that swings wide where the feature is not known, and hardly but always
// with it where it is, is found; p is of the score that is shown.
func TestAUnitIsFoundInSpans(t *testing.T) {
	const n, H, close = 1200, 6, 1e-9
	g := rand.New(rand.NewPCG(7, 2))
	lines, spans := sentences(g, n, H)
	for i := range lines[2] {
		lines[2][i] = float32(g.NormFloat64())
	}
	for _, s := range spans {
		for i := s.From; i < s.To; i++ {
			lines[2][i] = 0.01*(s.Value-0.5) + 0.001*float32(g.Float64())
		}
	}
	for _, binary := range []bool{true, false} {
		f := scope.KnownIn("number", binary, n, spans)
		one, err := compareAll(lines, []scope.Feature{f}, Ask{}, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		best := one[0].best(lines, 2)
		if best[0].Unit != 2 || best[0].PUnits != 1.0/(1+permutations) || best[0].Score < 0.99 {
			t.Errorf("binary %v: found %+v", binary, best[0])
		}
		two, err := compareAll(lines, []scope.Feature{f}, Ask{Threads: 3}, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		for u := range lines {
			if got, want := one[0].here[u], math.Abs(naive(f, lines[u], 0)); math.Abs(got-want) > close {
				t.Errorf("binary %v unit %d: s is %v, counted %v", binary, u, got, want)
			}
			if one[0].found(u, lines[u]) != two[0].found(u, lines[u]) {
				t.Errorf("binary %v unit %d: other threads find another p", binary, u)
			}
		}
		if _, err := compareAll(lines, []scope.Feature{f}, Ask{Threads: 2, Stop: func() bool { return true }}, func(int) {}); !errors.Is(err, ErrStopped) {
			t.Errorf("told to stop: %v", err)
		}
	}
}
