package words

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// section is a part of a README under one heading.
type section struct {
	heading string
	level   int
	blocks  []string   // of code
	rows    [][]string // of tables
	text    string     // the rest
}

// sections takes a README apart.
func sections(t *testing.T, name string) []section {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	var out []section
	fenced, indented := false, false
	for line := range strings.Lines(string(file)) {
		var s *section
		if len(out) > 0 {
			s = &out[len(out)-1]
		}
		inCode := fenced
		if strings.HasPrefix(line, "```") {
			if fenced = !fenced; fenced {
				s.blocks = append(s.blocks, "")
			}
			inCode = true
		}
		was := indented
		indented = !inCode && strings.HasPrefix(line, "    ")
		switch {
		case inCode:
			s.blocks[len(s.blocks)-1] += line
		case indented:
			if !was {
				s.blocks = append(s.blocks, "")
			}
			s.blocks[len(s.blocks)-1] += line
		case strings.HasPrefix(line, "#"):
			marks := strings.TrimRight(line, "\n")
			title := strings.TrimLeft(marks, "#")
			out = append(out, section{heading: title, level: len(marks) - len(title)})
		case strings.HasPrefix(line, "|"):
			s.rows = append(s.rows, strings.Split(strings.Trim(line, "|\n"), "|"))
		default:
			s.text += line
		}
	}
	return out
}

var (
	number = regexp.MustCompile(`\d[\d,.]*\d|\d`)
	span   = regexp.MustCompile("`[^`]+`")
	space  = regexp.MustCompile(`\s+`)
)

// figures are the numbers of a text, in order or by size of their digits.
func figures(text string, sorted bool) []string {
	found := number.FindAllString(text, -1)
	if sorted {
		slices.Sort(found)
	}
	return found
}

// spans are the pieces of code in a text, sorted.
func spans(text string) []string {
	var out []string
	for _, s := range span.FindAllString(text, -1) {
		out = append(out, space.ReplaceAllString(s, " "))
	}
	slices.Sort(out)
	return out
}

// commandOf is what is typed in a line of code: the line up to its comment.
func commandOf(line string) string {
	line = strings.TrimRight(line, "\n")
	if at := strings.Index(line[min(len(line), 4):], "  "); at >= 0 {
		line = line[:at+4]
	}
	return line
}

// The two READMEs are one: the same headings, commands, tables and figures, in
// the same places.
func TestReadmesAgree(t *testing.T) {
	en, zh := sections(t, "README.md"), sections(t, "README.zh.md")
	if len(en) < 5 || len(en) != len(zh) {
		t.Fatalf("%d sections in English, %d in Chinese", len(en), len(zh))
	}
	for i, e := range en {
		z := zh[i]
		where := strings.TrimSpace(e.heading)
		if e.level != z.level || i > 0 && !han(z.heading) {
			t.Errorf("%s: heading %q", where, z.heading)
		}
		if got, want := figures(z.text, true), figures(e.text, true); !slices.Equal(got, want) {
			t.Errorf("%s: figures %q, want %q", where, got, want)
		}
		if got, want := spans(z.text), spans(e.text); !slices.Equal(got, want) {
			t.Errorf("%s: code %q, want %q", where, got, want)
		}
		if len(e.blocks) != len(z.blocks) {
			t.Errorf("%s: %d blocks of code, want %d", where, len(z.blocks), len(e.blocks))
			continue
		}
		for j, block := range e.blocks {
			sameBlock(t, where, block, z.blocks[j])
		}
		if len(e.rows) != len(z.rows) {
			t.Errorf("%s: %d rows, want %d", where, len(z.rows), len(e.rows))
			continue
		}
		for j, row := range e.rows {
			sameRow(t, where, row, z.rows[j])
		}
	}
}

// sameBlock compares code line by line: the commands, and in what they print
// the figures in their order. Programs in other languages are the same
// throughout.
func sameBlock(t *testing.T, where, en, zh string) {
	t.Helper()
	e, z := strings.SplitAfter(en, "\n"), strings.SplitAfter(zh, "\n")
	if len(e) != len(z) {
		t.Errorf("%s: a block of %d lines, want %d", where, len(z), len(e))
		return
	}
	verbatim := strings.HasPrefix(en, "```") && !strings.HasPrefix(en, "```\n")
	for i := range e {
		typed := strings.HasPrefix(e[i], "    ") || strings.HasPrefix(e[i], "$")
		switch {
		case verbatim && e[i] != z[i]:
			t.Errorf("%s: %q, want %q", where, z[i], e[i])
		case typed && commandOf(e[i]) != commandOf(z[i]):
			t.Errorf("%s: command %q, want %q", where, commandOf(z[i]), commandOf(e[i]))
		case !typed && !slices.Equal(figures(e[i], false), figures(z[i], false)):
			t.Errorf("%s: %q has other figures than %q", where, z[i], e[i])
		}
	}
}

// sameRow compares the cells of a table that are figures or code, and the
// figures and code in others.
func sameRow(t *testing.T, where string, en, zh []string) {
	t.Helper()
	if len(en) != len(zh) {
		t.Errorf("%s: row %q, want %q", where, zh, en)
		return
	}
	for i := range en {
		if !slices.Equal(figures(en[i], false), figures(zh[i], false)) || !slices.Equal(spans(en[i]), spans(zh[i])) {
			t.Errorf("%s: cell %q, want %q", where, zh[i], en[i])
		}
	}
}
