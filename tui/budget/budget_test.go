//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	var d []time.Duration
	for i := range 10 {
		d = append(d, time.Duration(i+1)) // 1 … 10
	}
	for share, want := range map[float64]time.Duration{0.5: 5, 0.9: 9, 0.91: 10, 1: 10, 0: 1} {
		if got := percentile(d, share); got != want {
			t.Errorf("percentile %g of 1 to 10: %d, want %d", share, got, want)
		}
	}
	if got := percentile(d[:1], 0.9); got != 1 {
		t.Errorf("percentile of one value: %d", got)
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median of 1 to 4: %g", got)
	}
}

// The updates are read from the screen's top line and from train's progress.
func TestUpdateIn(t *testing.T) {
	for line, want := range map[string]int{
		" rnnscope  · fables        ● training update 51,612 epoch 27.93 115k tok/s":                        51612,
		"   2.0 s  update 340  epoch 2.31  loss 1.9\n 2.1 s  update 351  epoch 2.39  loss":                  351,
		"   1.2 s  update    100  train 2.455  valid 2.3 nats\n":                                            0,
		" rnnscope  · fables · LSTM 1×128                                                         starting": 0,
	} {
		if got := updateIn(line); got != want {
			t.Errorf("%q: %d, want %d", line, got, want)
		}
	}
}

// A process's name may hold spaces and parentheses.
func TestStat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stat")
	const line = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 30 10 7 0 12345 1000 10 18446744073709551615"
	if err := os.WriteFile(path, []byte(line), 0o666); err != nil {
		t.Fatal(err)
	}
	if spent, nice, ok := stat(path); !ok || nice != 10 || spent != 3*time.Second {
		t.Errorf("%v at nice %d, %v; want 3s at nice 10", spent, nice, ok)
	}
	if _, _, ok := stat(path + "x"); ok {
		t.Error("a file that is not there was read")
	}
}

// What is over its budget is marked, and a table is Markdown.
func TestTable(t *testing.T) {
	var b table
	b.bytes("few", 100e3, "/s", 300e3)
	b.bytes("many", 400e3, "/s", 300e3)
	b.latencies("keys", []time.Duration{30e6, 10e6, 20e6}, 15*time.Millisecond, 40*time.Millisecond)
	var out strings.Builder
	if err := b.print(&out); err != nil {
		t.Fatal(err)
	}
	const want = `| what | measured | budget |
|---|---|---|
| few | 100 kB/s | ≤ 300 kB/s |
| many | 400 kB/s **over** | ≤ 300 kB/s |
| keys | p50 20.0 ms, p90 30.0 ms, most 30.0 ms (n=3) **over** | p50 ≤ 15.0 ms, p90 ≤ 40.0 ms |
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
