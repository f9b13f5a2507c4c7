package picture

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// table writes rows of a CSV file and keeps the first error.
type table struct{ w *csv.Writer }

func newTable(w io.Writer, header ...string) table {
	t := table{csv.NewWriter(w)}
	t.row(header...)
	return t
}

// row writes one row; errors stay in the Writer until end.
func (t table) row(fields ...string) { _ = t.w.Write(fields) }

func (t table) end() error {
	t.w.Flush()
	return t.w.Error()
}

// exact returns the shortest text that is read back as v, exact32 one that
// is read back as the same float32.
func exact(v float64) string            { return strconv.FormatFloat(v, 'g', -1, 64) }
func exact32(v float32) string          { return strconv.FormatFloat(float64(v), 'g', -1, 32) }
func whole[T ~int | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// field returns a label for a CSV file: as it is, but that bytes which are not
// UTF-8 are written as \xE4, so that the file is UTF-8.
func field(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, `\x%02X`, s[0])
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// or returns the name of a column, or what it is called without one.
func or(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return field(name)
}
