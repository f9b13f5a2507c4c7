//go:build !linux

package task

import "runtime"

// Lower does nothing here: only Linux has priorities of threads.
func Lower() {}

// Offer lets another goroutine run.
func Offer() { runtime.Gosched() }
