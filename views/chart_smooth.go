package views

import (
	"math"

	"rnnscope/core/scope"
)

// Smooth appends to x and y the running average of a curve, a point for each
// bucket at the middle of its updates. Each update keeps the given share of the
// average, so that one over about n updates keeps 1-1/n; what is missing before
// the first update is corrected for. A bucket without a finite value is a gap
// and leaves the average as it was.
//
//	m = keep·m' + (1-keep)·value   y = m / (1 - keep^updates)
func Smooth(curve []scope.Bucket, keep float64, x, y []float64) (xs, ys []float64) {
	m, weight := 0.0, 0.0
	for _, b := range curve {
		at := math.NaN()
		if good := b.Count - b.Bad; good > 0 {
			k := math.Pow(keep, float64(good))
			m = k*m + (1-k)*b.Mean
			weight = k*weight + (1 - k)
			at = m / weight
		}
		x = append(x, float64(b.First)+float64(b.Count-1)/2)
		y = append(y, at)
	}
	return x, y
}
