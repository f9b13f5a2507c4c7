package store

import (
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMetricsAreOnDiskWithinASecond(t *testing.T) {
	path := filepath.Join(t.TempDir(), metricsFile)
	synctest.Test(t, func(t *testing.T) {
		m, err := openMetrics(path)
		if err != nil {
			t.Fatal(err)
		}
		for round := 1; round <= 3; round++ {
			if err := m.Append(map[string]int{"update": round}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(flushEvery)
			synctest.Wait()
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(string(text), "\n"); got != round {
				t.Errorf("after %d s: %d lines, want %d", round, got, round)
			}
		}
		if err := m.Append("last"); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := "{\"update\":1}\n{\"update\":2}\n{\"update\":3}\n\"last\"\n"; string(text) != want {
		t.Errorf("got %q, want %q", text, want)
	}
}

func TestMetricsOfManyUpdates(t *testing.T) {
	r := newRun(t, small)
	const n = 5000
	for i := range n {
		if err := r.Append(map[string]any{"event": "update", "update": i + 1, "loss": 1.5}); err != nil {
			t.Fatal(err)
		}
	}
	if r.pending.Len() > flushBytes+100 {
		t.Errorf("%d bytes wait in memory", r.pending.Len())
	}
	if err := r.Append(math.NaN()); err == nil {
		t.Error("a line that is no JSON was taken")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := collected(History(r.Dir()))
	if err != nil || len(rows) != n {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	for i, row := range rows {
		if row.Update != int64(i+1) || row.Event != "update" || !strings.Contains(string(row.JSON), `"loss":1.5`) {
			t.Fatalf("row %d is %q of update %d: %s", i, row.Event, row.Update, row.JSON)
		}
	}
}

func TestTornLastLine(t *testing.T) {
	long := strings.Repeat("x", 3*64<<10) // more than a piece of looking back
	for _, c := range []struct{ text, whole string }{
		{"", ""}, {"{\"a\":1}\n", "{\"a\":1}\n"}, {"{\"a\":1}\n{\"b\"", "{\"a\":1}\n"}, {"{\"a\"", ""},
		{"{\"a\":1}\n\x00\x00\x00", "{\"a\":1}\n"}, {"{\"a\":1}\n" + long, "{\"a\":1}\n"}, {long, ""},
		{long + "\n" + "y", long + "\n"},
	} {
		path := filepath.Join(t.TempDir(), metricsFile)
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		m, err := openMetrics(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Append(2); err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != c.whole+"2\n" {
			t.Errorf("%.20q…: got %.40q (%v), want %.40q", c.text, got, err, c.whole+"2\n")
		}
	}
}

func TestHistory(t *testing.T) {
	event := func(name string, update int, mark string) string {
		return fmt.Sprintf("{\"event\":%q,\"update\":%d,\"mark\":%q}\n", name, update, mark)
	}
	done := "{\"event\":\"done\"}\n"
	u := func(update int, mark string) string { return event("update", update, mark) }
	for _, c := range []struct {
		name, text string
		want       []string // the marks, or the event of a line without one
	}{
		{"nothing", "", nil},
		{"one leg", u(1, "a") + event("sample", 1, "cold") + event("sample", 1, "hot") + event("valid", 1, "v") + u(2, "b") + done, []string{"a", "cold", "hot", "v", "b", "done"}},
		{"torn", u(1, "a") + `{"event":"upd`, []string{"a"}},
		{"a whole line without its newline", u(1, "a") + `{"event":"done"}`, []string{"a"}},
		{"resumed from update 1", u(1, "a") + u(2, "b") + event("valid", 2, "v") + u(3, "c") + u(2, "B") + event("valid", 2, "V"), []string{"a", "B", "V"}},
		{"resumed with a sample first", u(1, "a") + event("sample", 1, "s") + u(2, "b") + u(3, "c") + event("sample", 1, "S") + u(2, "B"), []string{"a", "S", "B"}},
		{"resumed at the last update but one", u(1, "a") + u(2, "b") + u(2, "B") + u(3, "C"), []string{"a", "B", "C"}},
		{"resumed twice", u(1, "a") + u(2, "b") + u(3, "c") + u(2, "B") + u(3, "C") + u(3, "CC") + done, []string{"a", "B", "CC", "done"}},
		{"resumed before its trouble", u(1, "a") + u(2, "b") + u(3, "c") + event("diverged", 3, "d") + done + u(2, "B") + done, []string{"a", "B", "done"}},
		{"resumed twice, each time from earlier", u(1, "a") + u(4, "b") + u(3, "c") + u(9, "d") + u(2, "B"), []string{"a", "B"}},
		{"resumed where it ended", u(1, "a") + done + u(2, "b") + done, []string{"a", "done", "b", "done"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, metricsFile), []byte(c.text), 0o666); err != nil {
				t.Fatal(err)
			}
			rows, err := collected(History(dir))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range rows {
				_, mark, ok := strings.Cut(string(row.JSON), `"mark":"`)
				if mark = strings.TrimSuffix(mark, `"}`); !ok {
					mark = row.Event
				}
				got = append(got, mark)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	dir := t.TempDir()
	if rows, err := collected(History(dir)); err != nil || len(rows) > 0 {
		t.Errorf("without metrics: got %+v, %v", rows, err)
	}
	path := filepath.Join(dir, metricsFile)
	if err := os.WriteFile(path, []byte(u(1, "a")+"{\"event\":\"upd\n"+u(2, "b")), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := collected(History(dir))
	checkError(t, err, path, "line 2")
	if err := os.WriteFile(path, []byte(u(1, "a")+strings.Repeat(" ", longestLine)+"1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = collected(History(dir))
	checkError(t, err, path, "line 2", "longer than")
}

// collected are rows to keep.
func collected(all iter.Seq2[Row, error]) (rows []Row, err error) {
	for row, err := range all {
		if err != nil {
			return rows, err
		}
		row.JSON = slices.Clone(row.JSON)
		rows = append(rows, row)
	}
	return rows, nil
}

// Of metrics no more is held than where each row is and the text of one.
func TestHistoryIsNotHeld(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, metricsFile))
	if err != nil {
		t.Fatal(err)
	}
	const rows, width = 200, 100 << 10
	long := strings.Repeat("x", width)
	for u := range rows {
		fmt.Fprintf(f, "{\"event\":\"update\",\"update\":%d,\"long\":%q}\n", u+1, long)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for row, err := range History(dir) {
		if n++; err != nil || row.Update != int64(n) || len(row.JSON) < width {
			t.Fatalf("row %d is of update %d with %d bytes, error %v", n, row.Update, len(row.JSON), err)
		}
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; n != rows || got > 10*width {
		t.Errorf("%d rows of %d kB took %d kB", n, width>>10, got>>10)
	}
}
