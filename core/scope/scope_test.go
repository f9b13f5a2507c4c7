package scope

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"rnnscope/core/task"
)

func TestNewestWins(t *testing.T) {
	var m Mailbox[int]
	if m.Take() != nil || !m.Empty() {
		t.Fatal("a new mailbox holds something")
	}
	one, two := 1, 2
	m.Put(&one)
	m.Put(&two)
	if m.Empty() || *m.Take() != 2 || m.Take() != nil || !m.Empty() {
		t.Error("want the newest value once")
	}
}

func TestMailboxLosesOnlyOlderValues(t *testing.T) {
	const n = 20000
	var m Mailbox[int]
	var wait sync.WaitGroup
	wait.Add(1)
	task.Go("sender", func() {
		defer wait.Done()
		for i := 1; i <= n; i++ {
			m.Put(&i)
		}
	})
	last := 0
	for last < n {
		if v := m.Take(); v != nil {
			if *v <= last {
				t.Fatalf("%d came after %d", *v, last)
			}
			last = *v
		}
	}
	wait.Wait()
}

// Whatever the number of buckets, each holds the minimum, mean, maximum and
// number of bad values of the updates it says it covers.
func TestCurveEqualsItsValues(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 1))
	for _, limit := range []int{2, 8, 64} {
		for _, n := range []int{1, 2, 63, 64, 65, 1000} {
			values := make([]float64, n)
			c := NewCurve(limit)
			for i := range values {
				values[i] = g.NormFloat64()
				if g.IntN(4) == 0 {
					values[i] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[g.IntN(3)]
				}
				c.Add(int64(i+1), values[i])
			}
			at := int64(1)
			for _, b := range c.Buckets {
				if b.First != at {
					t.Fatalf("limit %d, %d values: a bucket starts at %d, want %d", limit, n, b.First, at)
				}
				var good []float64
				for _, v := range values[at-1 : at-1+b.Count] {
					if !math.IsNaN(v) && !math.IsInf(v, 0) {
						good = append(good, v)
					}
				}
				at += b.Count
				if b.Bad != b.Count-int64(len(good)) {
					t.Fatalf("%d bad of %d, want %d", b.Bad, b.Count, b.Count-int64(len(good)))
				}
				if len(good) == 0 {
					if !math.IsNaN(b.Min) || !math.IsNaN(b.Mean) || !math.IsNaN(b.Max) {
						t.Fatalf("a bucket without a finite value says %+v", b)
					}
					continue
				}
				mean := 0.0
				for _, v := range good {
					mean += v / float64(len(good))
				}
				if b.Min != slices.Min(good) || b.Max != slices.Max(good) || math.Abs(b.Mean-mean) > 1e-12 {
					t.Fatalf("bucket %+v, want min %v mean %v max %v", b, slices.Min(good), mean, slices.Max(good))
				}
			}
			if at != int64(n+1) || len(c.Buckets) > limit {
				t.Fatalf("limit %d: %d buckets cover %d of %d values", limit, len(c.Buckets), at-1, n)
			}
		}
	}
}

func TestCurveAllocatesNothingAfterTheStart(t *testing.T) {
	c := NewCurve(64)
	i := int64(0)
	if n := testing.AllocsPerRun(1000, func() { i++; c.Add(i, 1) }); n > 0 {
		t.Errorf("%v allocations an update", n)
	}
}

func TestCloneIsApart(t *testing.T) {
	var c Curve
	c.Add(1, 1)
	d := c.Clone()
	c.Add(2, 2)
	c.Buckets[0].Max = 9
	if len(d.Buckets) != 1 || d.Buckets[0].Max != 1 {
		t.Errorf("the clone changed: %+v", d.Buckets)
	}
}

// What is cut off leaves no trace in the figures of what stays, also where a
// bucket went on beyond the cut.
func TestCutLeavesNoTrace(t *testing.T) {
	for cut := int64(0); cut <= 16; cut++ {
		c := NewCurve(4)
		for u := int64(1); u <= 16; u++ {
			switch {
			case u <= cut:
				c.Add(u, 2)
			case u%2 == 0:
				c.Add(u, 1e6)
			default:
				c.Add(u, math.NaN())
			}
		}
		c.Cut(cut)
		last := int64(0)
		for _, b := range c.Buckets {
			if b.Bad != 0 || b.Min != 2 || b.Mean != 2 || b.Max != 2 || b.First <= last {
				t.Errorf("cut at %d: %+v", cut, b)
			}
			last = b.First + b.Count - 1
		}
		if last > cut || cut-last >= c.Width {
			t.Errorf("cut at %d: the curve ends at %d", cut, last)
		}
	}
}
