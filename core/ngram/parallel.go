package ngram

import (
	"sync"
	"sync/atomic"

	"rnnscope/core/task"
)

// spread calls f for the parts 0 … parts-1 on so many workers, each of which
// takes the next part when it is done with one, until all are done or f returns
// false.
func spread(workers, parts int, f func(worker, part int) bool) (done bool) {
	var next atomic.Int64
	var stopped atomic.Bool
	work := func(worker int) {
		for !stopped.Load() {
			part := int(next.Add(1)) - 1
			if part >= parts {
				return
			}
			if !f(worker, part) {
				stopped.Store(true)
			}
		}
	}
	workers = min(workers, parts)
	var group sync.WaitGroup
	for worker := 1; worker < workers; worker++ {
		group.Add(1)
		task.Go("counting n-grams", func() {
			defer group.Done()
			work(worker)
		})
	}
	work(0)
	group.Wait()
	return !stopped.Load()
}

// grain is how many histories a worker takes at a time.
const grain = 1 << 14

// over calls f for ranges that together are 0 … n-1.
func over(workers, n int, f func(from, to int)) {
	spread(workers, (n+grain-1)/grain, func(_, part int) bool {
		f(part*grain, min(n, (part+1)*grain))
		return true
	})
}
