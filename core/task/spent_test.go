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

// The work of all threads is counted, not only that of the one who asks.
func TestTotal(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	here, all := Spent(), Total()
	done := make(chan time.Duration)
	Go("work", func() {
		runtime.LockOSThread()
		began := Spent()
		for Spent()-began < 20*time.Millisecond {
		}
		done <- Spent() - began
	})
	there := <-done
	if got, own := Total()-all, Spent()-here; got < there || own >= there {
		t.Errorf("another thread worked %v, this one %v, and all %v", there, own, got)
	}
}
