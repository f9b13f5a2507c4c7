package probe

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"rnnscope/core/scope"
)

// The clusters of average linkage by its definition: of all pairs of clusters
// those join whose lines are nearest on average.
func joined(lines [][]float64) (clusters [][]int) {
	distance := func(a, b []int) float64 {
		sum := 0.0
		for _, i := range a {
			for _, j := range b {
				sum += 1 - stat.Correlation(lines[i], lines[j], nil)
			}
		}
		return sum / float64(len(a)*len(b))
	}
	var now [][]int
	for i := range lines {
		now = append(now, []int{i})
	}
	for len(now) > 1 {
		a, b, best := 0, 0, math.Inf(1)
		for i := range now {
			for j := range i {
				if d := distance(now[i], now[j]); d < best {
					a, b, best = j, i, d
				}
			}
		}
		both := slices.Concat(now[a], now[b])
		now = append(slices.Delete(slices.Delete(now, b, b+1), a, a+1), both)
		clusters = append(clusters, both)
	}
	return clusters
}

// Every cluster of the tree stands together in the order.
func TestSimilarKeepsClustersTogether(t *testing.T) {
	draws := rand.New(rand.NewPCG(1, 2))
	for _, size := range []struct{ n, T int }{{2, 5}, {3, 4}, {17, 9}, {40, 30}} {
		values := make([]float32, size.n*size.T)
		for i := range values {
			values[i] = float32(draws.NormFloat64())
		}
		lines := make([][]float64, size.n)
		for u := range lines {
			for s := range size.T {
				lines[u] = append(lines[u], float64(values[s*size.n+u]))
			}
		}
		order, ok := Similar(values, size.n, nil)
		if !ok || len(order) != size.n {
			t.Fatalf("%d lines come as %v", size.n, order)
		}
		place := make([]int, size.n)
		for at, u := range order {
			place[u] = at
		}
		for _, cluster := range joined(lines) {
			first, last := size.n, -1
			for _, u := range cluster {
				first, last = min(first, place[u]), max(last, place[u])
			}
			if last-first+1 != len(cluster) {
				t.Errorf("%d lines: cluster %v stands at %d to %d of %v", size.n, cluster, first, last, order)
			}
		}
	}
}

// Lines that do not move, or are not finite, come last; and nothing breaks
// without lines.
func TestSimilarLeavesWhatDoesNotMove(t *testing.T) {
	nan := float32(math.NaN())
	values := []float32{ // lines 0 and 3 move alike, 1 stands still, 2 is not a number
		1, 7, nan, 2, -1,
		2, 7, 0, 4, -3,
		0, 7, 0, 0, 1,
	}
	order, ok := Similar(values, 5, nil)
	if !ok || !slices.Equal(order[3:], []int{1, 2}) {
		t.Errorf("the order is %v", order)
	}
	if at := slices.Index(order, 0); order[min(at+1, 4)] != 3 && order[max(at-1, 0)] != 3 {
		t.Errorf("0 and 3 move alike and stand apart: %v", order)
	}
	if order, ok := Similar(nil, 0, nil); !ok || len(order) != 0 {
		t.Errorf("no lines come as %v", order)
	}
	if _, ok := Similar(values, 5, func() bool { return true }); ok {
		t.Error("it goes on although it was stopped")
	}
}

// Correlations are gonum's, among tokens where the feature is known.
func TestCorrelations(t *testing.T) {
	const n, T = 4, 12
	draws := rand.New(rand.NewPCG(3, 4))
	values := make([]float32, n*T)
	for i := range values {
		if values[i] = float32(draws.NormFloat64()); i%n == 2 {
			values[i] = 5
		}
	}
	f := scope.Feature{Binary: true, Values: make([]float32, T)}
	var known []int
	for i := range f.Values {
		if f.Values[i] = float32(i % 3 / 2); i == 4 || i == 7 {
			f.Values[i] = unknown
		} else {
			known = append(known, i)
		}
	}
	got := Correlations(values, n, f)
	for u := range n {
		var x, y []float64
		for _, i := range known {
			x, y = append(x, float64(values[i*n+u])), append(y, float64(f.Values[i]))
		}
		want := stat.Correlation(x, y, nil)
		if u == 2 {
			if !math.IsNaN(got[u]) {
				t.Errorf("a unit that does not move correlates by %v", got[u])
			}
			continue
		}
		if math.Abs(got[u]-want) > 1e-6 { // float32 states
			t.Errorf("unit %d correlates by %v, want %v", u, got[u], want)
		}
	}
}
