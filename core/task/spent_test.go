package task

import (
	"runtime"
	"testing"
	"time"
)

// Work is counted, and so, where it is known, that waiting is none.
func TestSpent(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := Spent()
	x := 1.0
	for range 5_000_000 {
		x = x*1.0000001 + 1e-9
	}
	worked := Spent() - began
	if !(worked > 0) || x == 0 {
		t.Errorf("five million products took %v", worked)
	}
	if runtime.GOOS != "linux" {
		return
	}
	began = Spent()
	time.Sleep(50 * time.Millisecond)
	if waited := Spent() - began; waited > 40*time.Millisecond {
		t.Errorf("sleeping counts as %v of work", waited)
	}
}
