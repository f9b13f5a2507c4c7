//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// What is left when others use the machine.
const (
	busyShare = 0.4
	busyP90   = 60 * time.Millisecond
)

// foreignVariable makes this program one that keeps a core busy.
const foreignVariable = "BUDGET_FOREIGN"

// foreign keeps a core busy until it is killed or nobody is left who would.
func foreign() {
	parent := os.Getppid()
	for os.Getppid() == parent {
		for range 1 << 26 { // the compiler keeps an empty loop
		}
	}
	os.Exit(0)
}

// busy measures training on screen 1 and its keys while as many foreign
// processes as there are cores want all of them, at the usual priority. Each is
// in a session of its own, as in terminals of their own: Linux may share the
// processor among sessions first (sched_autogroup_enabled).
func (b *bench) busy() error {
	t, err := b.begin(lstm, "1", 0)
	if err != nil {
		return err
	}
	defer t.Close()
	span := b.seconds(15, 4)
	quiet := trained(t, lstm, span)
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var others []*exec.Cmd
	defer func() {
		for _, o := range others {
			o.Process.Kill()
			o.Wait()
		}
	}()
	for range runtime.NumCPU() {
		o := exec.Command(self)
		o.Env = append(os.Environ(), foreignVariable+"=1")
		o.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := o.Start(); err != nil {
			return err
		}
		others = append(others, o)
	}
	beside := trained(t, lstm, span)
	share := beside / quiet
	b.table.add(fmt.Sprintf("training beside %d busy processes, screen 1", len(others)), fmt.Sprintf("%.0f of %.0f tokens/s, %.0f %%", beside, quiet, 100*share), "≥ 40 %", share >= busyShare)
	d, err := controls[0].pressAll(t, b.times(200, 20))
	if err != nil {
		return err
	}
	b.table.latencies(fmt.Sprintf("%s beside them", controls[0].name), d, 0, busyP90)
	return quit(t, "q")
}
