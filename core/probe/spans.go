package probe

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// A feature that is known in spans only, such as the number of a subject from
// its noun to its verb, is not judged by shifts of the text: shifted, its spans
// fall on other places of the sentence, where a unit may hardly move, and every
// place compared is easier to beat than the true one. Its spans stay, and their
// values are permuted among them; s is of known tokens alone, so that p is of
// the score that is shown. A span is one observation, however long it is.
const (
	permutations    = 1999
	permutationSeed = 1
)

// spansIn are the spans of a feature that have tokens among the first n.
func spansIn(f scope.Feature, n int) []scope.KnownSpan {
	var in []scope.KnownSpan
	for _, x := range f.Spans {
		if x.From, x.To = max(0, x.From), min(n, x.To); x.From < x.To {
			in = append(in, x)
		}
	}
	return in
}

// spanSums is x of each unit, as in s, summed over each span: [H][spans].
func spanSums(lines [][]float32, spans []scope.KnownSpan, binary bool) [][]float64 {
	sums := make([][]float64, len(lines))
	for u, line := range lines {
		var known []float32
		for _, x := range spans {
			known = append(known, line[x.From:x.To]...)
		}
		x := centred(known)
		if binary {
			x = ranks(known)
		}
		sums[u] = make([]float64, len(spans))
		for i, span := range spans {
			for range span.To - span.From {
				sums[u][i] += x[0]
				x = x[1:]
			}
		}
	}
	return sums
}

// spanWeights is w of each span whose tokens have a value, into w.
func spanWeights(w []float64, spans []scope.KnownSpan, values []float32, binary bool) {
	if binary {
		counts := [2]float64{}
		for i, x := range spans {
			counts[int(bit(values[i] != 0))] += float64(x.To - x.From)
		}
		for i := range spans {
			if w[i] = -1 / counts[0]; values[i] != 0 {
				w[i] = 1 / counts[1]
			}
		}
		return
	}
	count, mean, square := 0.0, 0.0, 0.0
	for i, x := range spans {
		long := float64(x.To - x.From)
		count, mean = count+long, mean+long*float64(values[i])
	}
	mean /= count
	for i, x := range spans {
		w[i] = float64(values[i]) - mean
		square += float64(x.To-x.From) * w[i] * w[i]
	}
	for i := range w {
		w[i] /= math.Sqrt(square)
	}
}

// permute fills in a comparison by permutations of the spans' values, the true
// order first. Each has draws of its own number, so that the result does not
// depend on the threads.
func (c *comparison) permute(lines [][]float32, spans []scope.KnownSpan, ask Ask) error {
	f := c.feature
	sums := spanSums(lines, spans, f.Binary)
	c.most = make([]float64, 1+permutations)
	values := make([]float32, len(spans))
	for i, x := range spans {
		values[i] = x.Value
	}
	w := make([]float64, len(spans))
	spanWeights(w, spans, values, f.Binary)
	for u := range lines {
		c.here[u] = math.Abs(weighted(w, sums[u]))
		c.most[0] = max(c.most[0], c.here[u])
	}
	asGood := make([]int, len(lines)) // permutations, guarded by mu
	var mu sync.Mutex
	var next atomic.Int64
	var stop atomic.Bool
	finished := make(chan struct{}, permutations)
	var wait sync.WaitGroup
	for range max(1, ask.Threads) {
		wait.Add(1)
		task.Go("unit search", func() {
			defer wait.Done()
			w, drawn, counts := make([]float64, len(spans)), make([]float32, len(spans)), make([]int, len(lines))
			for k := int(next.Add(1)); k <= permutations && !stop.Load(); k = int(next.Add(1)) {
				copy(drawn, values)
				g := rand.New(rand.NewPCG(permutationSeed, uint64(k)))
				g.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
				spanWeights(w, spans, drawn, f.Binary)
				for u := range sums {
					s := math.Abs(weighted(w, sums[u]))
					if s >= c.here[u]-same {
						counts[u]++
					}
					c.most[k] = max(c.most[k], s)
				}
				finished <- struct{}{}
			}
			mu.Lock()
			defer mu.Unlock()
			for u, n := range counts {
				asGood[u] += n
			}
		})
	}
	for k := 0; k < permutations && !stop.Load(); k++ {
		<-finished
		stop.Store(k%64 == 0 && ask.stopped())
	}
	wait.Wait()
	if stop.Load() {
		return ErrStopped
	}
	for u, n := range asGood {
		c.p[u] = float64(1+n) / (1 + permutations)
	}
	return nil
}

func weighted(a, b []float64) (sum float64) {
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
