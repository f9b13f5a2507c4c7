package views

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew; look at them with cat before you commit them")

// goldenWidths are the widths that pictures are kept at.
var goldenWidths = []int{40, 80, 120}

// golden draws a picture at each width for each kind of terminal and compares it
// with testdata/NAME-TERMINAL.golden, which cat shows as it was drawn. It also
// checks what holds for every picture: rows keep their width, and where there
// are no colours or only ASCII, there are none others.
func golden(t *testing.T, name string, height int, draw func(c *Canvas, th *Theme)) {
	t.Helper()
	for terminal, th := range themes() {
		var got bytes.Buffer
		for _, w := range goldenWidths {
			c := NewCanvas(w, height)
			draw(c, th)
			checkRows(t, c)
			fmt.Fprintf(&got, "%d columns\n%s\n", w, c.Render(th.Options))
		}
		if th.Profile == NoColor && strings.Contains(got.String(), "8;5;") {
			t.Errorf("%s on %s: a colour where there are none", name, terminal)
		}
		file := filepath.Join("testdata", name+"-"+terminal+".golden")
		if *update {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%v\n  go test -update writes it", err)
		}
		if bytes.Equal(got.Bytes(), want) {
			continue
		}
		gotLines, wantLines := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
		for i := range max(len(gotLines), len(wantLines)) {
			if i >= len(gotLines) || i >= len(wantLines) || gotLines[i] != wantLines[i] {
				t.Errorf("%s differs from line %d on; got\n%s\nwant\n%s", file, i+1, lineOf(gotLines, i), lineOf(wantLines, i))
				break
			}
		}
	}
}

func lineOf(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(the end)"
}
