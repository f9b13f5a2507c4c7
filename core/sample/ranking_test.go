package sample

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRankingEqualsFullSort(t *testing.T) {
	shapes := map[string]func(g *rand.Rand, i, n int) float32{
		"random":     func(g *rand.Rand, i, n int) float32 { return float32(g.NormFloat64()) },
		"few values": func(g *rand.Rand, i, n int) float32 { return float32(g.IntN(4)) - 2 },
		"equal":      func(*rand.Rand, int, int) float32 { return 0 },
		"rising":     func(_ *rand.Rand, i, n int) float32 { return float32(i) },
		"falling":    func(_ *rand.Rand, i, n int) float32 { return float32(-i) },
		"organ pipe": func(_ *rand.Rand, i, n int) float32 { return float32(min(i, n-i)) },
		"saw":        func(_ *rand.Rand, i, n int) float32 { return float32(i % 7) },
	}
	for name, shape := range shapes {
		g := rand.New(rand.NewPCG(3, 3))
		var r ranking // used again: reset must forget everything
		for _, n := range []int{1, 2, few, few + 1, 2*few + 3, 100, many, many + 1, 7001} {
			logits := make([]float32, n)
			want := make([]int, n)
			for i := range logits {
				logits[i], want[i] = shape(g, i, n), i
			}
			slices.SortStableFunc(want, func(a, b int) int { return cmp.Compare(logits[b], logits[a]) })
			r.reset(logits)
			for range 20 {
				if i := g.IntN(1 + g.IntN(n)); r.at(i) != want[i] {
					t.Fatalf("%s, %d tokens: rank %d: got %d, want %d", name, n, i, r.at(i), want[i])
				}
			}
			for i := range want {
				if r.at(i) != want[i] {
					t.Fatalf("%s, %d tokens: rank %d: got %d, want %d", name, n, i, r.at(i), want[i])
				}
			}
		}
	}
}

// Asking for the first ranks must not sort the rest.
func TestRankingIsLazy(t *testing.T) {
	var r ranking
	r.reset(normal(10_000, 1, 1))
	r.at(9)
	if r.done > 200 {
		t.Errorf("ten ranks asked for, %d sorted", r.done)
	}
}
