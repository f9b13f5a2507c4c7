package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// added appends to the metrics of a run, as another program does.
func added(t testing.TB, dir, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, metricsFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// followed reads what is new, and compares the updates.
func followed(t *testing.T, f *Follower, again bool, want ...int64) {
	t.Helper()
	rows, anew, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	if anew != again {
		t.Errorf("anew %v, want %v", anew, again)
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %v", len(rows), want)
	}
	for i, r := range rows {
		if r.Update != want[i] {
			t.Errorf("row %d is of update %d, want %d", i, r.Update, want[i])
		}
	}
}

func TestFollowerReadsWholeLines(t *testing.T) {
	dir := t.TempDir()
	f := Follow(dir)
	followed(t, f, false) // there is no file yet
	added(t, dir, "{\"event\":\"update\",\"update\":1}\n{\"event\":\"upd")
	followed(t, f, false, 1)
	followed(t, f, false)
	added(t, dir, "ate\",\"update\":2}\n")
	followed(t, f, false, 2)
	added(t, dir, "no JSON\n{\"event\":\"update\",\"update\":3}\n")
	followed(t, f, false, 3)
	if f.Damaged != 1 {
		t.Errorf("%d damaged lines, want 1", f.Damaged)
	}
}

func TestFollowerNoticesAnotherFile(t *testing.T) {
	dir := t.TempDir()
	f := Follow(dir)
	path := filepath.Join(dir, metricsFile)
	added(t, dir, "{\"event\":\"update\",\"update\":1}\n{\"event\":\"update\",\"update\":2}\n")
	followed(t, f, false, 1, 2)
	if err := os.Truncate(path, 30); err != nil { // shorter, and torn
		t.Fatal(err)
	}
	followed(t, f, true, 1)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	followed(t, f, true)
	followed(t, f, false)
	added(t, dir, "{\"event\":\"update\",\"update\":7}\n")
	followed(t, f, false, 7)
	if err := os.WriteFile(path+".new", []byte("{\"event\":\"update\",\"update\":8}\n{\"event\":\"update\",\"update\":9}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	followed(t, f, true, 8, 9)
}

func TestFollowerKnowsASavedModel(t *testing.T) {
	dir := t.TempDir()
	f := Follow(dir)
	if f.Model() || f.Best() || !f.Gone() {
		t.Error("something is there before anything is")
	}
	for _, text := range []string{"one", "two"} { // of one size
		if err := os.WriteFile(filepath.Join(dir, "new"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, modelFile)); err != nil {
			t.Fatal(err)
		}
		if !f.Model() {
			t.Errorf("%q is not noticed", text)
		}
		if f.Model() {
			t.Errorf("%q is noticed twice", text)
		}
	}
}

// However a file comes in pieces, the lines are those of the whole.
func FuzzFollower(f *testing.F) {
	f.Add([]byte("{\"event\":\"update\",\"update\":1}\n{\"event\":\"valid\",\"update\":1}\n{\"ev"), uint8(7))
	f.Add([]byte("\n\nx\n{}\n"), uint8(1))
	f.Fuzz(func(t *testing.T, text []byte, piece uint8) {
		dir := t.TempDir()
		follower := Follow(dir)
		var rows []Row
		for rest := text; len(rest) > 0; {
			n := min(len(rest), int(piece)+1, 64)
			if n < len(rest) && len(text) > 4096 { // few files
				n = len(rest)
			}
			added(t, dir, string(rest[:n]))
			rest = rest[n:]
			more, anew, err := follower.Read()
			if err != nil || anew {
				t.Fatal(anew, err)
			}
			rows = append(rows, more...)
		}
		var want []Row
		damaged := 0
		lines := bytes.Split(text, []byte{'\n'})
		for _, line := range lines[:len(lines)-1] {
			if row, err := parseRow(line); err == nil {
				want = append(want, row)
			} else {
				damaged++
			}
		}
		if len(rows) != len(want) || follower.Damaged != damaged {
			t.Fatalf("%d rows and %d damaged, want %d and %d", len(rows), follower.Damaged, len(want), damaged)
		}
		for i := range rows {
			if rows[i].Event != want[i].Event || rows[i].Update != want[i].Update || !bytes.Equal(rows[i].JSON, want[i].JSON) {
				t.Fatalf("row %d is %+v, want %+v", i, rows[i], want[i])
			}
		}
	})
}
