package task

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// niceness of threads that work in the background.
const niceness = 10

// Lower ties the calling goroutine to its thread and makes the system prefer
// other threads to it, so that a key press is answered while all cores train.
// When the goroutine ends so does the thread. It may be refused; then nothing
// but the answer to keys suffers.
func Lower() {
	runtime.LockOSThread()
	unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), niceness)
}

// Offer lets another thread run on this processor if one waits for it. The
// scheduler of goroutines does not hear of it.
func Offer() { unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) }
