package task

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Spent is the time that the calling goroutine's thread has worked since it
// began, which tells work from waiting for a processor that others use. It is
// meant for differences on a goroutine tied to its thread, as Lower leaves it.
func Spent() time.Duration {
	t, ok := clock(unix.CLOCK_THREAD_CPUTIME_ID)
	if !ok {
		return time.Since(begun)
	}
	return t
}

// Total is the time that all threads of the program have worked since it began, 0
// where that is not known.
func Total() time.Duration {
	t, _ := clock(unix.CLOCK_PROCESS_CPUTIME_ID)
	return t
}

// clock reads a clock that never blocks: the scheduler of goroutines does not hear
// of it.
func clock(id uintptr) (time.Duration, bool) {
	var t unix.Timespec
	_, _, errno := unix.RawSyscall(unix.SYS_CLOCK_GETTIME, id, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano()), errno == 0
}
