//go:build !linux

package task

import "time"

// Spent is the time since the program began: what a thread worked is not known
// here, and is at most that.
func Spent() time.Duration { return time.Since(begun) }

// Total is 0: what all threads worked is not known here.
func Total() time.Duration { return 0 }
