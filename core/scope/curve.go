package scope

import "math"

// Curve records a value of every update in bounded room: when it is full,
// neighbouring buckets are merged, and a bucket keeps its minimum, mean and
// maximum, so that resolution is lost and a spike is not. The zero value holds
// DefaultBuckets.
type Curve struct {
	Width   int64 // updates a full bucket covers: 1, 2, 4, …
	Buckets []Bucket
	limit   int
}

// DefaultBuckets is how many buckets a Curve keeps at most.
const DefaultBuckets = 4096

// Bucket is what is known of Count consecutive updates from First on. Its
// figures are those of the finite values; Bad counts the others.
type Bucket struct {
	First          int64
	Count, Bad     int64
	Min, Mean, Max float64 // NaN when all are bad
}

// NewCurve returns a curve of at most limit buckets, an even number.
func NewCurve(limit int) *Curve {
	if limit < 2 || limit%2 != 0 {
		panic("scope: NewCurve: the limit must be even and at least 2")
	}
	return &Curve{Width: 1, limit: limit, Buckets: make([]Bucket, 0, limit)}
}

// Add records the value of an update. Updates are added in order.
func (c *Curve) Add(update int64, value float64) {
	if c.limit == 0 {
		*c = *NewCurve(DefaultBuckets)
	}
	b := Bucket{First: update, Count: 1, Min: value, Mean: value, Max: value}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		b.Bad, b.Min, b.Mean, b.Max = 1, math.NaN(), math.NaN(), math.NaN()
	}
	if n := len(c.Buckets); n > 0 && c.Buckets[n-1].Count < c.Width {
		c.Buckets[n-1] = c.Buckets[n-1].merge(b)
		return
	}
	if len(c.Buckets) == c.limit {
		for i := range c.limit / 2 {
			c.Buckets[i] = c.Buckets[2*i].merge(c.Buckets[2*i+1])
		}
		c.Buckets = c.Buckets[:c.limit/2]
		c.Width *= 2
	}
	c.Buckets = append(c.Buckets, b)
}

// AverageOver is about how many updates a running average of the loss is over.
const AverageOver = 50

// SmoothingShare is the weight that update u has in a running average over about
// n updates, or at the beginning over the last fifth of all.
func SmoothingShare(u int64, n float64) float64 {
	return max(1/n, min(1, 5/float64(u)))
}

// Cut forgets what came after an update. A bucket that goes on beyond it is
// forgotten whole: what its updates up to there were is not known any more.
func (c *Curve) Cut(update int64) {
	n := len(c.Buckets)
	for n > 0 && c.Buckets[n-1].First+c.Buckets[n-1].Count-1 > update {
		n--
	}
	c.Buckets = c.Buckets[:n]
}

// merge joins b and the bucket after it.
func (b Bucket) merge(next Bucket) Bucket {
	good, more := float64(b.Count-b.Bad), float64(next.Count-next.Bad)
	out := Bucket{First: b.First, Count: b.Count + next.Count, Bad: b.Bad + next.Bad}
	switch {
	case more == 0:
		out.Min, out.Mean, out.Max = b.Min, b.Mean, b.Max
	case good == 0:
		out.Min, out.Mean, out.Max = next.Min, next.Mean, next.Max
	default:
		out.Min, out.Max = math.Min(b.Min, next.Min), math.Max(b.Max, next.Max)
		out.Mean = b.Mean + (next.Mean-b.Mean)*(more/(good+more))
	}
	return out
}

// Clone returns a copy that later values do not change.
func (c *Curve) Clone() Curve {
	return Curve{Width: c.Width, limit: c.limit, Buckets: append([]Bucket(nil), c.Buckets...)}
}
