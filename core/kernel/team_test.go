package kernel

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
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

// One lost slice is chance, two in short order make a crowd; in a crowd waiters
// sleep and still meet.
func TestCrowdedTeamMeets(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	team.lose()
	if team.crowded.Load() != 0 {
		t.Error("crowded after one lost slice")
	}
	team.lose()
	if left := time.Duration(team.crowded.Load()) - time.Since(begun); left <= 0 || left > while {
		t.Errorf("crowded for another %v after two", left)
	}
	var met [2]int
	for range 20 {
		team.Run(func(w int) {
			met[w]++
			team.Wait()
			if met[0] != met[1] {
				t.Errorf("worker %d sees %v", w, met)
			}
		})
	}
}
