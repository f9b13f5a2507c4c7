//go:build !linux

package task

// Lower does nothing here: only Linux has priorities of threads.
func Lower() {}
