package task

import (
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
