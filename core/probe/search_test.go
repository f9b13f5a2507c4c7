package probe

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// naive is AUC-½ by counting pairs, or the correlation by its definition, of
// known tokens; the feature is read k tokens further on, around the end.
func naive(f scope.Feature, h []float32, k int) float64 {
	n := len(h)
	var x, y []float64
	for i := range h {
		if v := f.Values[(i+k)%n]; v == v {
			x, y = append(x, float64(h[i])), append(y, float64(v))
		}
	}
	if f.Binary {
		wins, pairs := 0.0, 0.0
		for i := range x {
			for j := range x {
				if y[i] == 1 && y[j] == 0 {
					pairs++
					if x[i] > x[j] {
						wins++
					} else if x[i] == x[j] {
						wins += 0.5
					}
				}
			}
		}
		return wins/pairs - 0.5
	}
	var mx, my, xx, yy, xy float64
	for i := range x {
		mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(x))
	}
	for i := range x {
		xx, yy, xy = xx+(x[i]-mx)*(x[i]-mx), yy+(y[i]-my)*(y[i]-my), xy+(x[i]-mx)*(y[i]-my)
	}
	return xy / math.Sqrt(xx*yy)
}

// slow is a line whose neighbours are alike, as states and features are.
func slow(g *rand.Rand, n int) []float32 {
	x, at := make([]float32, n), 0.0
	for i := range x {
		at = 0.9*at + g.NormFloat64()
		x[i] = float32(at)
	}
	return x
}

func signs(x []float32) []float32 {
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = bit(v > 0)
	}
	return y
}

// Every score at every shift, both p and the correction against counting them
// one by one, with ties among the states.
func TestComparisonsEqualCounting(t *testing.T) {
	const n, H, close = 108, 5, 1e-9
	g := rand.New(rand.NewPCG(4, 2))
	lines := make([][]float32, H)
	for u := range lines {
		lines[u] = slow(g, n)
		for i := range lines[u] {
			lines[u][i] = float32(math.Round(float64(lines[u][i]))) / 4
		}
	}
	clear(lines[4]) // a unit that never moves
	features := []scope.Feature{
		{Name: "number", Values: slow(g, n)},
		{Name: "bit", Binary: true, Values: signs(slow(g, n))},
		{Name: "constant", Values: make([]float32, n)},
	}
	for threads := range 3 {
		all, err := compareAll(lines, features, Ask{Threads: threads}, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 2 {
			t.Fatalf("%d features compared, want the two that vary", len(all))
		}
		for _, c := range all {
			s := make([][]float64, H-1)
			for u := range s {
				for k := range n {
					s[u] = append(s[u], math.Abs(naive(c.feature, lines[u], k)))
				}
			}
			for u := range s {
				alone, any := 0.0, 0.0
				for k := range n {
					best := 0.0
					for v := range s {
						best = max(best, s[v][k])
					}
					if math.Abs(c.most[k]-best) > close {
						t.Fatalf("%s: the best at shift %d is %v, want %v", c.feature.Name, k, c.most[k], best)
					}
					if s[u][k] >= s[u][0]-same {
						alone++
					}
					if best >= s[u][0]-same {
						any++
					}
				}
				found := c.found(u, lines[u])
				if math.Abs(c.here[u]-s[u][0]) > close || math.Abs(found.P-alone/n) > close || math.Abs(found.PUnits-any/n) > close {
					t.Errorf("%s unit %d: s %v p %v corrected %v, want %v %v %v", c.feature.Name, u, c.here[u], found.P, found.PUnits, s[u][0], alone/n, any/n)
				}
				want := naive(c.feature, lines[u], 0)
				if c.feature.Binary {
					want += 0.5
				}
				if math.Abs(found.Score-want) > close {
					t.Errorf("%s unit %d: score %v, want %v", c.feature.Name, u, found.Score, want)
				}
			}
			if c.here[4] > close || c.p[4] != 1 {
				t.Errorf("%s: a unit that never moves has s %v, p %v", c.feature.Name, c.here[4], c.p[4])
			}
		}
	}
}

// Where a feature is not known, the score is that of known tokens alone.
func TestScoreOfKnownTokens(t *testing.T) {
	const n = 90
	g := rand.New(rand.NewPCG(8, 1))
	h := slow(g, n)
	for _, binary := range []bool{false, true} {
		f := scope.Feature{Binary: binary, Values: slow(g, n)}
		if binary {
			f.Values = signs(f.Values)
		}
		for i := range n {
			if i%3 == 1 {
				f.Values[i] = unknown
			}
		}
		want := naive(f, h, 0)
		if binary {
			want += 0.5
		}
		if got := score(f, h); math.Abs(got-want) > 1e-9 {
			t.Errorf("binary %v: score %v, want %v", binary, got, want)
		}
	}
}

// Lines that have nothing to do with each other are called significant no more
// often than p says, slow as they are: of 300 searches of 8 units about 15 at
// 5 %, and more than 26 once in 200 such tests. Were tokens shuffled, most would
// be.
func TestChanceIsCountedRightly(t *testing.T) {
	const n, H, trials = 240, 8, 300
	g := rand.New(rand.NewPCG(6, 6))
	for _, binary := range []bool{false, true} {
		called := 0
		for range trials {
			lines := make([][]float32, H)
			for u := range lines {
				lines[u] = slow(g, n)
			}
			f := scope.Feature{Binary: binary, Values: slow(g, n)}
			if binary {
				f.Values = signs(f.Values)
			}
			all, err := compareAll(lines, []scope.Feature{f}, Ask{}, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			if all[0].best(lines, 1)[0].PUnits <= 0.05 {
				called++
			}
		}
		if called > 26 || called < 3 {
			t.Errorf("binary %v: %d of %d searches of unrelated lines are significant at 0.05", binary, called, trials)
		}
	}
}

// A planted line is found, first and sure, whichever its sign.
func TestAPlantedUnitIsFound(t *testing.T) {
	const n = 1000
	g := rand.New(rand.NewPCG(3, 9))
	f := scope.Feature{Name: "planted", Values: slow(g, n)}
	lines := make([][]float32, 20)
	for u := range lines {
		lines[u] = slow(g, n)
	}
	for i := range lines[13] {
		lines[13][i] -= 2 * f.Values[i]
	}
	all, err := compareAll(lines, []scope.Feature{f}, Ask{Threads: 2}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	best := all[0].best(lines, 3)[0]
	if best.Unit != 13 || best.PUnits > 0.01 || best.Score > -0.8 {
		t.Errorf("found %+v", best)
	}
}

// Ablations side by side are evaluations under one ablation each, and where a
// feature holds is after the token that it holds at.
func TestAblationsAreEvaluations(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "gru", Layers: 2})
	ids := drawnIDs(m, 200)
	ids[50] = -1
	const n, start = 150, 40
	f := scope.Feature{Name: "even", Binary: true, Values: make([]float32, 200)}
	for i := range f.Values {
		f.Values[i] = bit(i%2 == 0)
	}
	base := scope.Changes{Units: []scope.UnitChange{scope.Clamp(1, 4, 0.3)}}
	for layer := range 2 { // a start that is even: the feature holds at the same parity
		units := []int{3, 11}
		out := &scope.UnitSearch{}
		for _, u := range units {
			out.Found = append(out.Found, scope.FoundUnit{Unit: u, Feature: "even", Binary: true})
		}
		if err := judge(m, sequence(ids), Search{Layer: layer, Features: []scope.Feature{f}, Ablated: 9}, start, n, out, Ask{Changes: base, Threads: 2}, func(int) {}); err != nil {
			t.Fatal(err)
		}
		loss := func(changes scope.Changes) (mean, even float64) {
			count := 0.0
			e, err := evaluate(m, sequence(ids[start:start+n]), func(pos int, _ []float32, nats float64) {
				if pos%2 == 1 {
					even += nats
					count++
				}
			}, Ask{Changes: changes})
			if err != nil {
				t.Fatal(err)
			}
			return e.Loss, even / count
		}
		mean, even := loss(base)
		for i, u := range units {
			m1, e1 := loss(scope.Changes{Units: append(slices.Clone(base.Units), scope.Ablate(layer, u))})
			got := out.Found[i].Effect
			if math.Abs(got.Loss-(m1-mean)) > 1e-6 || math.Abs(got.Holds-(e1-even)) > 1e-6 || got.Count != 75 && got.Count != 74 {
				t.Errorf("layer %d unit %d: %+v, want %v %v", layer, u, *got, m1-mean, e1-even)
			}
		}
		if math.Abs(out.Loss-mean) > 1e-6 || out.EffectTokens != n || out.EffectFrom != start {
			t.Errorf("loss %v of %d tokens, want %v", out.Loss, out.EffectTokens, mean)
		}
	}
}

// A search reports rising progress up to its total, and ends when told to in
// each of its parts.
func TestSearchStopsAndReports(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "lstm", Layers: 1})
	ids := drawnIDs(m, 500)
	s := Search{Features: []scope.Feature{{Name: "x", Values: slow(rand.New(rand.NewPCG(1, 1)), 500)}}}
	last, total := 0, 0
	polls := 0
	got, err := FindUnits(m, sequence(ids), s, Ask{Threads: 2, Stop: func() bool { polls++; return false }, Progress: func(d, n int) {
		if d < last || d > n {
			t.Errorf("progress %d of %d after %d", d, n, last)
		}
		last, total = d, n
	}})
	if err != nil || last != total || total == 0 {
		t.Fatalf("%v, progress ended at %d of %d", err, last, total)
	}
	if got.Units != 18 || got.Tokens != 500 || len(got.Found) != 5 || got.Found[0].Effect == nil {
		t.Errorf("found %+v", got)
	}
	for at := range polls {
		calls := 0
		_, err := FindUnits(m, sequence(ids), s, Ask{Threads: 2, Stop: func() bool { calls++; return calls > at }})
		if !errors.Is(err, ErrStopped) {
			t.Errorf("told to stop at poll %d of %d: %v", at, polls, err)
		}
	}
	// What is left behind the searched tokens is where the cost is taken.
	front := s
	front.Tokens = 300
	if got, err = FindUnits(m, sequence(ids), front, Ask{}); err != nil || got.Tokens != 300 || got.EffectFrom != 300 || got.EffectTokens != 200 {
		t.Errorf("%v: searched %d, judged on %d from %d", err, got.Tokens, got.EffectTokens, got.EffectFrom)
	}
	front.Tokens = 450
	if got, err = FindUnits(m, sequence(ids), front, Ask{}); err != nil || got.EffectFrom != 0 || got.EffectTokens != 500 {
		t.Errorf("%v: judged on %d from %d", err, got.EffectTokens, got.EffectFrom)
	}
	if _, err := FindUnits(m, sequence(ids[:50]), s, Ask{}); err == nil {
		t.Error("50 tokens are searched")
	}
	if _, err := FindUnits(m, sequence(ids), Search{Layer: 1, Features: s.Features}, Ask{}); fmt.Sprint(err) != "there is no layer 1: this model's layers are 0 to 0" {
		t.Errorf("layer 1: %v", err)
	}
}
