//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// used is the processor time that a process has taken since its start: on
// threads at nice 10, which train, and on all others.
type used struct{ trainer, others time.Duration }

// tick is the unit of processor time in /proc: USER_HZ, 100 on every system
// that Go runs on.
const tick = time.Second / 100

// trainerNice is the niceness of the trainer's threads.
const trainerNice = 10

// usage reads the times from Linux's /proc; ok is false where there is none. The
// total of the process has the threads that have ended, and those are no
// trainer's while one model is trained.
func usage(pid int) (u used, ok bool) {
	whole, _, ok := stat(fmt.Sprintf("/proc/%d/stat", pid))
	if !ok {
		return u, false
	}
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil {
		return u, false
	}
	for _, path := range threads {
		if spent, nice, ok := stat(path); ok && nice == trainerNice {
			u.trainer += spent
		}
	}
	u.others = whole - u.trainer
	return u, true
}

// stat reads the time and the niceness of a process or a thread (proc(5): the
// fields 14, 15 and 19, counted from behind the name, which may hold spaces and
// parentheses).
func stat(path string) (spent time.Duration, nice int, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, false
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 17 {
		return 0, 0, false
	}
	user, err1 := strconv.Atoi(fields[14-3])
	system, err2 := strconv.Atoi(fields[15-3])
	nice, err3 := strconv.Atoi(fields[19-3])
	return time.Duration(user+system) * tick, nice, err1 == nil && err2 == nil && err3 == nil
}
