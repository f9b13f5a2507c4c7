package kernel

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"rnnscope/core/task"
)

// Team is a fixed number of workers that run the same function side by side,
// each on its own share of the work, and meet at barriers.
//
//	team.Run(func(w int) {
//		forward(w)
//		team.Wait() // everybody's forward is done
//		gradients(w)
//	})
//
// The caller of Run is worker 0. A worker that waits spins for some
// microseconds, because the others are usually about to arrive, then offers its
// core to whoever waits for it, and then sleeps, because on a busy machine that
// may be for long.
type Team struct {
	size   int
	job    func(w int)
	closed bool

	arrived, sleepers atomic.Int32
	round             atomic.Uint32
	mu                sync.Mutex
	next              sync.Cond
}

// spins is how often a waiter looks before it sleeps: a few microseconds.
const spins = 4000

// A waiter then offers its processor to other threads, for patience, looking at
// the clock every few offers, and sleeps after that. Sleeping and waking cost a
// tenth of a millisecond and more, as much as a whole step of a small model; on a
// busy machine the offers let others work meanwhile.
const (
	patience = 500 * time.Microsecond
	offers   = 16
)

// NewTeam starts size-1 workers beside the caller. Close ends them.
func NewTeam(size int) *Team {
	if size < 1 {
		panic(fmt.Sprintf("kernel: NewTeam: %d workers", size))
	}
	t := &Team{size: size}
	t.next.L = &t.mu
	for w := 1; w < size; w++ {
		task.Go(fmt.Sprintf("worker %d", w), func() {
			for {
				t.Wait()
				if t.closed {
					return
				}
				t.job(w)
				t.Wait()
			}
		})
	}
	return t
}

// Lower makes the system prefer other threads to those of the workers, the
// caller's included; see task.Lower.
func (t *Team) Lower() {
	t.Run(func(int) { task.Lower() })
}

// Size is the number of workers.
func (t *Team) Size() int { return t.size }

// Run calls job(w) for every worker w at once and returns when all are done.
// Only one goroutine may use a team at a time.
func (t *Team) Run(job func(w int)) {
	t.job = job
	t.Wait()
	job(0)
	t.Wait()
}

// Close ends the workers; the team is not used again.
func (t *Team) Close() {
	t.closed = true
	t.Wait()
}

// Wait returns when every worker of the team has called it.
func (t *Team) Wait() {
	if t.size == 1 {
		return
	}
	round := t.round.Load()
	if int(t.arrived.Add(1)) == t.size {
		t.arrived.Store(0)
		t.round.Add(1)
		if t.sleepers.Load() > 0 {
			t.mu.Lock()
			t.next.Broadcast()
			t.mu.Unlock()
		}
		return
	}
	for range spins {
		if t.round.Load() != round {
			return
		}
	}
	for began := time.Now(); time.Since(began) < patience; {
		for range offers {
			task.Offer()
			if t.round.Load() != round {
				return
			}
		}
	}
	t.mu.Lock()
	t.sleepers.Add(1)
	for t.round.Load() == round {
		t.next.Wait()
	}
	t.sleepers.Add(-1)
	t.mu.Unlock()
}

// Share returns worker w's part [lo, hi) of n items cut into size parts that
// differ by at most one unit of the given grain.
func Share(n, grain, w, size int) (lo, hi int) {
	units := (n + grain - 1) / grain
	return min(n, units*w/size*grain), min(n, units*(w+1)/size*grain)
}
