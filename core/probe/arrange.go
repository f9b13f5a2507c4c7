package probe

import (
	"math"
	"slices"

	"rnnscope/core/scope"
)

// MostArranged is how many lines Similar compares at most: the distances of all
// pairs are kept.
const MostArranged = 4096

// Similar orders lines so that those that move alike stand together: the leaves
// of an average-linkage tree (UPGMA) over the distances 1 - r, r being the
// correlation of two lines. Each joint of the tree is turned so that its nearest
// ends meet. Lines that do not move, or are not finite, come last in their own
// order. values is [T·n], n values a step.
//
// Clusters are joined along chains of nearest neighbours (Müllner 2011), which
// finds the same tree as joining the nearest pair of all each time, with n²
// comparisons in place of n³.
func Similar(values []float32, n int, stop func() bool) (order []int, ok bool) {
	lines, still := standardised(values, n)
	if len(lines) > MostArranged {
		panic("probe: Similar: too many lines")
	}
	d := newLinkage(lines, stop)
	if d == nil {
		return nil, false
	}
	order = d.tree(lines)
	for i, at := range order {
		order[i] = lines[at].unit
	}
	return append(order, still...), true
}

// line is a unit's line less its mean, of length 1.
type line struct {
	unit int
	x    []float64
}

// standardised cuts [T·n] values into lines.
func standardised(values []float32, n int) (moving []line, still []int) {
	if n == 0 {
		return nil, nil
	}
	for u := range n {
		h := make([]float32, len(values)/n)
		for t := range h {
			h[t] = values[t*n+u]
		}
		x, sum := centred(h), 0.0
		for _, v := range x {
			sum += v * v
		}
		if math.Abs(sum-1) < 1e-6 { // not NaN, not 0
			moving = append(moving, line{u, x})
		} else {
			still = append(still, u)
		}
	}
	return moving, still
}

// linkage is 1 - r of all pairs of clusters, and the leaves of each in order.
type linkage struct {
	n      int
	d      []float32 // [n·n]; between clusters the mean over pairs of leaves
	leaves [][]int   // nil for a cluster that was joined to another
	pairs  []float32 // between lines, as d was at first
}

func newLinkage(lines []line, stop func() bool) *linkage {
	n := len(lines)
	d := &linkage{n: n, d: make([]float32, n*n), leaves: make([][]int, n)}
	for i := range n {
		if stop != nil && stop() {
			return nil
		}
		d.leaves[i] = []int{i}
		for j := range i {
			r := 0.0
			for t, v := range lines[i].x {
				r += v * lines[j].x[t]
			}
			d.d[i*n+j], d.d[j*n+i] = float32(1-r), float32(1-r)
		}
	}
	d.pairs = slices.Clone(d.d)
	return d
}

// nearest is the cluster nearest to i, prefer among equals.
func (d *linkage) nearest(i, prefer int) int {
	best := prefer
	for j, leaves := range d.leaves {
		if j != i && leaves != nil && (best < 0 || d.d[i*d.n+j] < d.d[i*d.n+best]) {
			best = j
		}
	}
	return best
}

// tree joins all clusters and returns the leaves in order.
func (d *linkage) tree(lines []line) []int {
	var chain []int
	for left := d.n; left > 1; {
		if len(chain) == 0 {
			chain = append(chain, slices.IndexFunc(d.leaves, func(l []int) bool { return l != nil }))
		}
		at, before := chain[len(chain)-1], -1
		if len(chain) > 1 {
			before = chain[len(chain)-2]
		}
		next := d.nearest(at, before)
		if next != before {
			chain = append(chain, next)
			continue
		}
		chain = chain[:len(chain)-2]
		d.join(min(at, next), max(at, next))
		left--
	}
	for _, leaves := range d.leaves {
		if leaves != nil {
			return leaves
		}
	}
	return nil
}

// join puts cluster j into i.
func (d *linkage) join(i, j int) {
	a, b := d.leaves[i], d.leaves[j]
	wa, wb := float32(len(a)), float32(len(b))
	for k := range d.n {
		m := (wa*d.d[i*d.n+k] + wb*d.d[j*d.n+k]) / (wa + wb)
		d.d[i*d.n+k], d.d[k*d.n+i] = m, m
	}
	first := func(x []int) int { return x[0] }
	last := func(x []int) int { return x[len(x)-1] }
	between := func(x, y int) float32 { return d.pairs[x*d.n+y] }
	gap := between(last(a), first(b))
	turnA, turnB := false, false
	for _, turn := range [...]struct {
		a, b bool
		gap  float32
	}{{true, false, between(first(a), first(b))}, {false, true, between(last(a), last(b))}, {true, true, between(first(a), last(b))}} {
		if turn.gap < gap {
			gap, turnA, turnB = turn.gap, turn.a, turn.b
		}
	}
	if turnA {
		slices.Reverse(a)
	}
	if turnB {
		slices.Reverse(b)
	}
	d.leaves[i], d.leaves[j] = append(a, b...), nil
}

// Correlations is the correlation of each line of [T·n] values with a feature,
// among the tokens where it is known; NaN for a line that does not move there,
// or when the feature does not.
func Correlations(values []float32, n int, f scope.Feature) []float64 {
	out := make([]float64, n)
	plain := f
	plain.Binary = false // a correlation, not an AUC
	h := make([]float32, len(values)/max(1, n))
	for u := range out {
		for t := range h {
			h[t] = values[t*n+u]
		}
		if out[u] = score(plain, h); out[u] == 0 && !moves(h) {
			out[u] = math.NaN()
		}
	}
	return out
}

func moves(h []float32) bool {
	return slices.ContainsFunc(h, func(v float32) bool { return v != h[0] })
}
