package session

import (
	"sync"

	"rnnscope/core/ngram"
	"rnnscope/core/task"
)

// asking answers a question with a bench that has counts, on a goroutine of its
// own. While there are none the question waits, and counting begins.
func (d *Ladder) asking(what string, f func(b *bench)) {
	start := func(b *bench) { task.Go(what, func() { f(b) }) }
	if b := d.bench.Load(); b.counts != nil {
		start(b)
		return
	}
	d.inbox.put(func() {
		if b := d.bench.Load(); b.counts != nil {
			start(b)
			return
		}
		d.wanted = append(d.wanted, start)
	})
}

// shelf keeps the models that questions were answered with last: estimating one
// takes longer than asking it.
type shelf struct {
	mu     sync.Mutex
	models map[shelved]*ngram.Model
}

type shelved struct {
	order     int
	smoothing ngram.Smoothing
}

// mostShelved is how many models are kept: those of a workbench, and the writer's.
const mostShelved = 6

// model estimates an n-gram, or finds it.
func (d *Ladder) model(b *bench, order int, s ngram.Smoothing) *ngram.Model {
	d.shelf.mu.Lock()
	defer d.shelf.mu.Unlock()
	key := shelved{order, s}
	if m := d.shelf.models[key]; m != nil {
		return m
	}
	if d.shelf.models == nil || len(d.shelf.models) >= mostShelved {
		d.shelf.models = map[shelved]*ngram.Model{}
	}
	m := b.counts.Model(order, s)
	d.shelf.models[key] = m
	return m
}
