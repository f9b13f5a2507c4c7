package task

import (
	"runtime"
	"unsafe"

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

// Seat is a thread and the processor that it runs on.
type Seat struct{ Thread, Processor uint32 }

// Here is the calling thread's seat.
func Here() Seat {
	var cpu uint32
	tid, _, _ := unix.RawSyscall(unix.SYS_GETTID, 0, 0, 0)
	unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0)
	return Seat{uint32(tid), cpu}
}

// Move brings the calling thread to another of the processors that it may run on,
// if there is one.
func Move() {
	// All of it on one thread: another would be left where it may not move.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all unix.CPUSet
	if unix.SchedGetaffinity(0, &all) != nil {
		return
	}
	others := all
	others.Clear(int(Here().Processor))
	if others.Count() > 0 && unix.SchedSetaffinity(0, &others) == nil {
		unix.SchedSetaffinity(0, &all)
	}
}
