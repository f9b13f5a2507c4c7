// Package task starts goroutines. Every goroutine of the program is started
// here, so that a panic in any of them restores the terminal and is reported
// once, with its stack, before the process ends.
//
//	task.Go("trainer", run)      run on its own goroutine
//	task.OnPanic(restore)        what to do first when one panics
package task

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// begun is when the program began.
var begun = time.Now()

var (
	mu      sync.Mutex
	onPanic []func()
)

// OnPanic registers restore to run before a panic of a goroutine is reported,
// and returns a function that takes it back. The last registered runs first.
func OnPanic(restore func()) (cancel func()) {
	mu.Lock()
	defer mu.Unlock()
	slot := len(onPanic)
	onPanic = append(onPanic, restore)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		onPanic[slot] = nil
	}
}

// Go runs f on a new goroutine. A panic in f is fatal to the process, as one
// in a bare goroutine is, but the restorers run first and the goroutine is
// named in the report.
func Go(name string, f func()) {
	go Guard(name, f)
}

// Guard runs f on a goroutine that was started elsewhere, with Go's way to panic.
func Guard(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			report(name, r, debug.Stack())
		}
	}()
	f()
}

// Restore runs the restorers, for who ends the process at once.
func Restore() {
	mu.Lock()
	defer mu.Unlock()
	restore()
}

// restore runs them, the last registered first; mu is locked.
func restore() {
	for i := len(onPanic) - 1; i >= 0; i-- {
		if onPanic[i] != nil {
			onPanic[i]()
		}
	}
}

// exit is os.Exit, replaced in tests.
var exit = os.Exit

// report restores and prints; mu stays locked so that a second panic cannot
// write into the first one's report.
func report(name string, value any, stack []byte) {
	mu.Lock()
	restore()
	fmt.Fprintf(os.Stderr, "rnnscope: panic in %s: %v\n\n%s", name, value, stack)
	exit(1)
}
