package task

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A lowered goroutine's thread has the priority, and other goroutines do not.
func TestLower(t *testing.T) {
	nice := make(chan int)
	Go("low", func() {
		Lower()
		n, err := unix.Getpriority(unix.PRIO_PROCESS, unix.Gettid())
		if err != nil {
			t.Error(err)
		}
		nice <- 20 - n // the system call answers 20 - nice
	})
	before, err := unix.Getpriority(unix.PRIO_PROCESS, unix.Gettid())
	if err != nil {
		t.Fatal(err)
	}
	if got := <-nice; got < niceness {
		t.Errorf("the thread's niceness is %d, want %d", got, niceness)
	}
	if after, _ := unix.Getpriority(unix.PRIO_PROCESS, unix.Gettid()); after != before {
		t.Errorf("this thread's priority went from %d to %d", before, after)
	}
}

// A thread that moves is on another processor afterwards, and may still run on all.
func TestMove(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, after unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		t.Fatal(err)
	}
	if before.Count() < 2 {
		t.Skip("there is one processor")
	}
	const times = 10
	moved := 0
	for range times {
		here := Here()
		var one unix.CPUSet
		one.Set(int(here.Processor))
		if err := unix.SchedSetaffinity(0, &one); err != nil {
			t.Fatal(err)
		}
		Move() // to nowhere
		if now := Here(); now != here {
			t.Errorf("with one processor allowed, %+v became %+v", here, now)
		}
		if err := unix.SchedSetaffinity(0, &before); err != nil {
			t.Fatal(err)
		}
		here = Here()
		Move()
		if Here().Processor != here.Processor {
			moved++
		}
	}
	if moved < times-2 { // the system may have moved it just before, or back
		t.Errorf("on another processor %d times of %d", moved, times)
	}
	if err := unix.SchedGetaffinity(0, &after); err != nil || after != before {
		t.Errorf("the thread may run on %d processors afterwards, %d before (%v)", after.Count(), before.Count(), err)
	}
}
