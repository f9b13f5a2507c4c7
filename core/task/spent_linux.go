package task

import (
	"time"

	"golang.org/x/sys/unix"
)

// Spent is the time that the calling goroutine's thread has worked since it
// began, which tells work from waiting for a processor that others use. It is
// meant for differences on a goroutine tied to its thread, as Lower leaves it.
func Spent() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return time.Since(begun)
	}
	return time.Duration(t.Nano())
}
