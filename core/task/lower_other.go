//go:build !linux

package task

import "runtime"

// Lower does nothing here: only Linux has priorities of threads.
func Lower() {}

// Offer lets another goroutine run.
func Offer() { runtime.Gosched() }

// Seat is a thread and the processor that it runs on.
type Seat struct{ Thread, Processor uint32 }

// Here is always the same seat: which it is is not known.
func Here() Seat { return Seat{} }

// Move does nothing here.
func Move() {}
