//go:build unix

// Command budget measures what the screen costs and how fast it answers, and
// prints the figures as a table beside what they may be:
//
//	go run ./tui/budget                  all parts, about 22 minutes
//	go run ./tui/budget -quick           shorter ones, to see that it works
//	go run ./tui/budget -parts keys,slow some of them
//
// It builds the program and runs it in a terminal of 200x60 that it watches
// itself (package tui/terminal), training on all cores. The machine should have
// nothing else to do. What each figure is and how it is taken stands in the
// file of its part: start.go, steady.go, keys.go, inspect.go, speed.go,
// gradients.go, busy.go, watch.go.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// bench is one call of the command.
type bench struct {
	program string // the built program
	dir     string // for what it writes
	quick   bool
	table   table
}

// part measures some of the figures.
type part struct {
	name string
	do   func(b *bench) error
}

func parts() []part {
	return []part{
		{"start", (*bench).start}, {"steady", (*bench).steady}, {"keys", (*bench).keys}, {"inspect", (*bench).inspect}, {"slow", (*bench).slow},
		{"speed", (*bench).speed}, {"gradients", (*bench).gradients}, {"busy", (*bench).busy}, {"watch", (*bench).watch},
	}
}

func main() {
	if os.Getenv(foreignVariable) != "" {
		foreign()
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "budget:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	set := flag.NewFlagSet("budget", flag.ContinueOnError)
	quick := set.Bool("quick", false, "measure for a shorter time, and less exactly")
	chosen := set.String("parts", strings.Join(names, ","), "what to measure")
	program := set.String("program", "", "the program to measure, in place of one built from here")
	if err := set.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "budget")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{program: *program, dir: dir, quick: *quick}
	if b.program == "" {
		b.program = filepath.Join(dir, "rnnscope")
		build := exec.Command("go", "build", "-o", b.program, "rnnscope/cmd/rnnscope")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	} else if b.program, err = filepath.Abs(b.program); err != nil {
		return err
	}
	asked := strings.Split(*chosen, ",")
	for _, a := range asked {
		if !slices.Contains(names, a) {
			return fmt.Errorf("there is no part %q; there are %s", a, strings.Join(names, ", "))
		}
	}
	var failed error
	for _, p := range parts() {
		if !slices.Contains(asked, p.name) {
			continue
		}
		began := time.Now()
		if err := p.do(b); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", p.name, err))
		}
		fmt.Fprintf(os.Stderr, "%s: %.0f s\n", p.name, time.Since(began).Seconds())
	}
	fmt.Printf("%s/%s, %d cores, %s, %dx%d, %s\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), columns, rows, model())
	return errors.Join(failed, b.table.print(os.Stdout))
}

// times is a number of repetitions, or the smaller one of a quick call.
func (b *bench) times(n, quick int) int {
	if b.quick {
		return quick
	}
	return n
}

// seconds is a time likewise.
func (b *bench) seconds(s, quick float64) time.Duration {
	if b.quick {
		s = quick
	}
	return time.Duration(s * float64(time.Second))
}
