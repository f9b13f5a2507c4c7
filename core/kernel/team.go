package kernel

import (
	"fmt"
	"runtime"
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
// The caller of Run is worker 0. A worker that waits spins for some ten
// microseconds, because the others are usually about to arrive, then offers its
// core to whoever waits for it, and then sleeps, because on a busy machine that
// may be for long.
type Team struct {
	size   int
	many   bool // more than there are processors
	job    func(w int)
	closed bool

	arrived, sleepers atomic.Int32
	round             atomic.Uint32
	seat              atomic.Uint64 // of the worker who offered his processor last
	moved             atomic.Int64  // when one last went to another, since begun
	lost              atomic.Int64  // when a slice was last given away, likewise
	crowded           atomic.Int64  // until when nobody offers his processor, likewise
	mu                sync.Mutex
	next              sync.Cond
}

// A waiter looks for spinFor before it does anything else, because a call of the system
// costs a microsecond on some machines, and what it takes in a worker's absence is often
// no more. It asks for the time after so many looks, half a microsecond. On a crowded
// machine, and where there are more workers than processors, it looks no longer than
// that.
const (
	spinFor = 12 * time.Microsecond
	looks   = 2000
)

// A waiter then offers its processor to other threads, for patience, and sleeps
// after that. Sleeping and waking cost a tenth of a millisecond and more, as much
// as a whole step of a small model; on a busy machine the offers let others work
// meanwhile.
//
// An offer that took longer than taken was accepted. When the worker who offered
// last did so on the same processor, the two probably sit there and take turns,
// which the system lets them do for long even if another is free: neither is ever
// at rest. Then one moves to another, but not more often than every pause, because
// that may be busy.
//
// An offer that took longer than stolen went to somebody who computes all the time;
// it was stolen if that is another program. After two such within crowdSeen the
// machine is crowded: for crowdLasts waiters sleep soon. Who sleeps is woken
// before those who had his share; who offers stands behind them, a slice late at the
// barrier, where the others give theirs away in turn. What takes long in the program
// itself, a first frame or a collection of garbage, is soon over.
const (
	patience   = 500 * time.Microsecond
	taken      = 20 * time.Microsecond
	pause      = 50 * time.Millisecond
	stolen     = 2500 * time.Microsecond
	crowdSeen  = 25 * time.Millisecond
	crowdLasts = 250 * time.Millisecond
)

// NewTeam starts size-1 workers beside the caller. Close ends them.
func NewTeam(size int) *Team {
	if size < 1 {
		panic(fmt.Sprintf("kernel: NewTeam: %d workers", size))
	}
	t := &Team{size: size, many: size > runtime.NumCPU()}
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
	crowded := false
	for began := time.Duration(0); ; {
		for range looks {
			if t.round.Load() != round {
				return
			}
		}
		now := time.Since(begun)
		if crowded = int64(now) < t.crowded.Load(); crowded || t.many {
			break
		}
		if began == 0 {
			began = now
		} else if now-began > spinFor {
			break
		}
	}
	if !crowded && t.offer(round) {
		return
	}
	t.mu.Lock()
	t.sleepers.Add(1)
	for t.round.Load() == round {
		t.next.Wait()
	}
	t.sleepers.Add(-1)
	t.mu.Unlock()
}

// offer lets others work until the round is over, and says whether it is; it is not
// when patience ends.
func (t *Team) offer(round uint32) bool {
	here := task.Here()
	other := seatOf(t.seat.Swap(seatBits(here)))
	worked := task.Total()
	for began, last := time.Now(), time.Duration(0); last < patience; {
		task.Offer()
		now := time.Since(began)
		if now-last > taken && other.Thread != 0 && other.Thread != here.Thread && other.Processor == task.Here().Processor {
			t.move()
		}
		if now-last > stolen && foreign(now, task.Total()-worked, t.computing(round)) {
			t.lose(time.Since(begun))
		}
		last = now
		if t.round.Load() != round {
			return true
		}
	}
	return false
}

// move takes the calling worker to another processor unless one has just moved.
func (t *Team) move() {
	now, last := time.Since(begun), t.moved.Load()
	if now-time.Duration(last) > pause && t.moved.CompareAndSwap(last, int64(now)) {
		task.Move()
	}
}

// foreign says whether another program had the processor that was offered, of the
// time since the offer began, of what all threads of this one worked meanwhile, and of
// how many of the team are not yet at the barrier. Those worked all that time if they
// could; beside them a thread of this program that ran here worked all of it.
//
// What others work before they arrive, or while they wait, is not known of each: much
// of it may hide a crowd, none of it makes one.
func foreign(span, worked time.Duration, computing int) bool {
	return worked-time.Duration(computing)*span < span*9/10
}

// computing is how many are not yet at the barrier of a round.
func (t *Team) computing(round uint32) int {
	arrived := int(t.arrived.Load())
	if t.round.Load() != round {
		return 0
	}
	return t.size - arrived
}

// lose notes that somebody else has had this processor for a slice until now.
func (t *Team) lose(now time.Duration) {
	if before := time.Duration(t.lost.Swap(int64(now))); before > 0 && now-before < crowdSeen {
		t.crowded.Store(int64(now + crowdLasts))
	}
}

// begun is the moment from which moves and lost slices are timed.
var begun = time.Now()

func seatBits(s task.Seat) uint64 { return uint64(s.Thread)<<32 | uint64(s.Processor) }

func seatOf(s uint64) task.Seat { return task.Seat{Thread: uint32(s >> 32), Processor: uint32(s)} }

// Share returns worker w's part [lo, hi) of n items cut into size parts that
// differ by at most one unit of the given grain.
func Share(n, grain, w, size int) (lo, hi int) {
	units := (n + grain - 1) / grain
	return min(n, units*w/size*grain), min(n, units*(w+1)/size*grain)
}
