package corpora

import (
	"math"
	"testing"
)

// chiSquared is the sum of (count-expected)²/expected over equally likely
// cells; about cells-1, with a standard deviation of √(2·(cells-1)).
func chiSquared(counts []int) float64 {
	total := 0
	for _, n := range counts {
		total += n
	}
	expected, sum := float64(total)/float64(len(counts)), 0.0
	for _, n := range counts {
		sum += (float64(n) - expected) * (float64(n) - expected) / expected
	}
	return sum
}

// Five standard deviations: a wrong method misses by hundreds.
func checkUniform(t *testing.T, what string, counts []int) {
	t.Helper()
	free := float64(len(counts) - 1)
	if got, most := chiSquared(counts), free+5*math.Sqrt(2*free); got > most {
		t.Errorf("%s: χ² %.1f of counts %v, want under %.1f", what, got, counts, most)
	}
}

func TestBelowIsUniform(t *testing.T) {
	d := newDraws(1, 2)
	for _, n := range []int{2, 3, 7, 8, 100} {
		counts := make([]int, n)
		for range 1000 * n {
			counts[d.below(n)]++
		}
		checkUniform(t, "below", counts)
	}
	if one := d.below(1); one != 0 {
		t.Errorf("below(1) is %d", one)
	}
	coins := make([]int, 2)
	for range 10_000 {
		if d.chance(2) {
			coins[0]++
		} else {
			coins[1]++
		}
	}
	checkUniform(t, "chance(2)", coins)
}

// Of 2⁶⁴ values, 3·2⁶¹ results get 8/3 each. Taken without drawing again, one
// result in three would get two values and the others three.
func TestBelowDrawsAgain(t *testing.T) {
	n := uint64(3) << 61
	if n > math.MaxInt {
		t.Skip("int is too small for a bound that is often uneven")
	}
	d := newDraws(3, 4)
	counts := make([]int, 3)
	for range 30_000 {
		counts[d.below(int(n))%3]++
	}
	checkUniform(t, "below(3·2⁶¹) mod 3", counts)
}

func TestSeedsAndStreamsDiffer(t *testing.T) {
	first := map[int]bool{}
	for _, d := range []*draws{newDraws(1, 1), newDraws(1, 2), newDraws(2, 1), newDraws(2, 2)} {
		first[d.below(1<<30)] = true
	}
	if len(first) != 4 {
		t.Errorf("four generators begin with %d different numbers", len(first))
	}
}
