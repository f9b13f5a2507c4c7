package tui

import (
	"os"
	"sync/atomic"
	"time"
)

// Output is the terminal as it is written to, with a count of the bytes
// and of the time that writing took. It stays a file, so that its size can be
// asked for.
type Output struct {
	*os.File
	bytes, nanos, writes atomic.Int64
}

// NewOutput returns the output to a terminal.
func NewOutput(f *os.File) *Output { return &Output{File: f} }

// Write writes to the terminal.
func (o *Output) Write(b []byte) (int, error) {
	began := time.Now()
	n, err := o.File.Write(b)
	o.bytes.Add(int64(n))
	o.nanos.Add(int64(time.Since(began)))
	o.writes.Add(1)
	return n, err
}

// Totals are the bytes written, the time that took and the number of writes
// since the start.
func (o *Output) Totals() (bytes int64, spent time.Duration, writes int64) {
	return o.bytes.Load(), time.Duration(o.nanos.Load()), o.writes.Load()
}

// governor keeps the screen within what the terminal takes. Once a second it
// looks at the bytes written and at how long writing made the program wait. When
// either is too much it takes the next measure; when there has been much room
// for some seconds, it takes the last one back.
//
//	0 all    1 heatmaps sweep slower    2 and have fewer colours    3 and frames are rarer
type governor struct {
	output *Output
	level  int
	calm   int // seconds with much room
	since  time.Time
	bytes  int64
	spent  time.Duration
	rate   float64 // bytes a second
	share  float64 // of the time that writing takes
}

const (
	slowest     = time.Second / 4
	mostBytes   = 260e3 // a second, of the 300 kB that a steady screen may take
	mostShare   = 0.25  // of the time may go into writing
	calmSeconds = 5
	lastLevel   = 3
)

// interval is the time between two frames of a screen that wants so much.
func (g *governor) interval(wanted time.Duration) time.Duration {
	if g.level >= lastLevel {
		return max(wanted, slowest)
	}
	return wanted
}

// columns is how many columns of the sweep are drawn a frame.
func (g *governor) columns() int {
	if g.level == 0 {
		return 8
	}
	return 4
}

// colors is how many colours a heatmap has, 0 for all.
func (g *governor) colors() int {
	if g.level >= 2 {
		return 12
	}
	return 0
}

// look takes or takes back a measure, once a second.
func (g *governor) look(now time.Time) {
	if g.output == nil {
		return
	}
	bytes, spent, _ := g.output.Totals()
	if g.since.IsZero() {
		g.since, g.bytes, g.spent = now, bytes, spent
		return
	}
	seconds := now.Sub(g.since).Seconds()
	if seconds < 1 {
		return
	}
	g.rate, g.share = float64(bytes-g.bytes)/seconds, (spent-g.spent).Seconds()/seconds
	g.since, g.bytes, g.spent = now, bytes, spent
	switch {
	case g.rate > mostBytes || g.share > mostShare:
		g.level, g.calm = min(lastLevel, g.level+1), 0
	case g.rate < mostBytes/2 && g.share < mostShare/2:
		if g.calm++; g.calm >= calmSeconds && g.level > 0 {
			g.level, g.calm = g.level-1, 0
		}
	default:
		g.calm = 0
	}
}
