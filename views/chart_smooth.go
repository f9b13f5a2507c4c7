package views

import (
	"math"

	"rnnscope/core/scope"
)

// Smooth appends to x and y the running average of a curve, a point for each
// bucket at the middle of its updates, over about the last n updates, and at the
// beginning, where a loss falls fast, over the last fifth of all. A bucket without
// a finite value is a gap and leaves the average as it was.
//
//	m = m' + share·(value - m')   share of update u = max(1/n, min(1, 5/u))
func Smooth(curve []scope.Bucket, n float64, x, y []float64) (xs, ys []float64) {
	m := 0.0
	seen := int64(0)
	for _, b := range curve {
		at := math.NaN()
		if good := b.Count - b.Bad; good > 0 {
			keep := 1.0
			for u := seen + 1; u <= seen+good; u++ {
				share := scope.SmoothingShare(u, n)
				if keep *= 1 - share; share == 1/n { // from here on it is always that
					keep *= math.Pow(1-share, float64(seen+good-u))
					break
				}
			}
			seen += good
			m = keep*m + (1-keep)*b.Mean
			at = m
		}
		x = append(x, float64(b.First)+float64(b.Count-1)/2)
		y = append(y, at)
	}
	return x, y
}
