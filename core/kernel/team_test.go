package kernel

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"rnnscope/core/task"
)

func TestTeamMeetsAtEveryBarrier(t *testing.T) {
	const rounds = 40
	for _, size := range []int{1, 2, 3, 8} {
		team := NewTeam(size)
		var count atomic.Int64
		for run := range 20 {
			team.Run(func(w int) {
				for r := range rounds {
					count.Add(1)
					team.Wait()
					if got, want := count.Load(), int64((run*rounds+r+1)*size); got != want {
						t.Errorf("size %d worker %d after barrier %d: %d arrivals, want %d", size, w, r, got, want)
					}
					team.Wait()
				}
			})
		}
		team.Close()
	}
}

func TestTeamSleepsAndWakes(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	var order []int
	team.Run(func(w int) {
		if w == 0 { // worker 1 sleeps at the barrier before worker 0 arrives
			for team.sleepers.Load() == 0 {
				runtime.Gosched()
			}
			order = append(order, 0)
		}
		team.Wait()
		if w == 1 {
			order = append(order, 1)
		}
	})
	if len(order) != 2 || order[0] != 0 {
		t.Errorf("order %v: worker 1 passed the barrier first", order)
	}
}

func TestShareCoversAllOnce(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 100, 129} {
		for _, grain := range []int{1, 16} {
			for _, size := range []int{1, 2, 3, 7, 64} {
				at := 0
				for w := range size {
					lo, hi := Share(n, grain, w, size)
					if lo != at || hi < lo || (hi != n && hi%grain != 0) {
						t.Fatalf("Share(%d, %d, %d, %d) = %d, %d after %d", n, grain, w, size, lo, hi, at)
					}
					at = hi
				}
				if at != n {
					t.Fatalf("Share of %d over %d ends at %d", n, size, at)
				}
			}
		}
	}
}

// One lost slice is chance, as are two far apart; two in short order make a crowd.
func TestCrowdIsSeen(t *testing.T) {
	var team Team
	at := 7 * time.Second
	for _, step := range []struct {
		after   time.Duration
		crowded bool
	}{{0, false}, {crowdSeen, false}, {2 * crowdSeen, false}, {crowdSeen - 1, true}} {
		at += step.after
		team.lose(at)
		if got, want := team.crowded.Load(), int64(at+crowdLasts); got != 0 && !step.crowded || got != want && step.crowded {
			t.Errorf("a slice lost %v after another: crowded until %v", step.after, time.Duration(got))
		}
	}
}

// A slice in which this program worked all the time beside those of the team who
// compute went to one of its own threads.
func TestForeignSlice(t *testing.T) {
	const slice = 4 * time.Millisecond
	for _, c := range []struct {
		worked    time.Duration
		computing int
		foreign   bool
	}{
		{0, 0, true}, {patience, 0, true}, {slice / 2, 0, true}, {7 * patience, 0, true},
		{slice, 0, false}, {slice + patience, 0, false}, {2 * slice, 0, false},
		{slice, 1, true}, {slice / 2, 1, true}, {2 * slice, 1, false}, {8 * slice, 7, false}, {7 * slice, 7, true},
	} {
		if got := foreign(slice, c.worked, c.computing); got != c.foreign {
			t.Errorf("with %d computing the program worked %v of %v: foreign %v", c.computing, c.worked, slice, got)
		}
	}
}

// Of a round that is over nobody is computing.
func TestComputing(t *testing.T) {
	team := Team{size: 3}
	team.arrived.Store(1)
	if got := team.computing(0); got != 2 {
		t.Errorf("of three, one has arrived and %d compute", got)
	}
	team.round.Store(1)
	if got := team.computing(0); got != 0 {
		t.Errorf("after the round %d compute", got)
	}
}

// In a crowd a waiter sleeps and offers nothing; else he offers first.
func TestCrowdedWaiterSleepsAtOnce(t *testing.T) {
	for _, crowded := range []bool{false, true} {
		team := NewTeam(2)
		if crowded {
			team.crowded.Store(math.MaxInt64)
		}
		var waits atomic.Bool
		team.Run(func(w int) {
			if w == 1 {
				team.seat.Store(1)
				waits.Store(true)
			} else {
				for !waits.Load() || team.sleepers.Load() == 0 {
					runtime.Gosched()
				}
				if offered := team.seat.Load() != 1; offered == crowded && task.Here().Thread != 0 {
					t.Errorf("crowded %v: offered %v", crowded, offered)
				}
			}
			team.Wait()
		})
		team.Close()
	}
}
