package kernel

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"rnnscope/core/task"
)

// Workers that begin on one processor are soon on two.
func TestTeamSpreads(t *testing.T) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		t.Skip(err)
	}
	if all.Count() < 2 {
		t.Skip("there is one processor")
	}
	team := NewTeam(2)
	defer team.Close()
	team.run(func(int) { runtime.LockOSThread() })
	defer team.run(func(int) { runtime.UnlockOSThread() })

	const times = 20
	apart := 0
	for range times {
		var one unix.CPUSet
		one.Set(int(task.Here().Processor))
		team.run(func(int) {
			unix.SchedSetaffinity(0, &one)
			unix.SchedSetaffinity(0, &all)
		})
		team.apart = false
		var seats [2]task.Seat
		team.Run(func(w int) { seats[w] = task.Here() })
		if seats[0].Processor != seats[1].Processor {
			apart++
		}
	}
	if apart < times*3/4 { // the system may bring them together again
		t.Errorf("on two processors %d times of %d", apart, times)
	}
}
