package picture

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var (
	update = flag.Bool("update", false, "write testdata anew; look at the pictures before you commit them")
	show   = flag.String("show", "", "a directory to write all pictures to, to look at")
)

// Every byte of an SVG and a CSV is the same on every computer.
func TestGolden(t *testing.T) {
	for name, f := range figures() {
		if *show != "" {
			if _, err := Save(f, filepath.Join(*show, name)); err != nil {
				t.Fatal(err)
			}
		}
		for _, format := range []string{SVG, CSV} {
			var got bytes.Buffer
			if err := Write(f, format, &got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+"."+format)
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
			gotLines, wantLines := bytes.Split(got.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
			for i := range max(len(gotLines), len(wantLines)) {
				if i >= len(gotLines) || i >= len(wantLines) || !bytes.Equal(gotLines[i], wantLines[i]) {
					t.Errorf("%s differs from line %d on; got\n%.300s\nwant\n%.300s", file, i+1, lineOf(gotLines, i), lineOf(wantLines, i))
					break
				}
			}
		}
	}
}

func lineOf(lines [][]byte, i int) []byte {
	if i < len(lines) {
		return lines[i]
	}
	return []byte("(the end)")
}
