package views

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const ellipsis = "…"

// clusters yields what Canvas.Text draws of s: one grapheme cluster after
// another, and how many cells each takes, 1 or 2. A control character is its
// picture, bytes that are not UTF-8 are U+FFFD, and what takes no cell of its
// own is left out.
func clusters(s string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "\ufffd")
		}
		for s != "" {
			if b := s[0]; b >= 0x20 && b < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf) {
				if !yield(s[:1], 1) {
					return
				}
				s = s[1:]
				continue
			}
			cluster, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
			s = s[len(cluster):]
			if r, _ := utf8.DecodeRuneInString(cluster); control(r) {
				cluster, w = string(visible(r)), 1
			}
			if w > 0 && !yield(cluster, min(w, 2)) {
				return
			}
		}
	}
}

// Width returns how many cells s takes on a canvas.
func Width(s string) int {
	n := 0
	for _, w := range clusters(s) {
		n += w
	}
	return n
}

// Truncate returns s if it fits in width cells, else as much of its beginning
// as fits before an ellipsis.
func Truncate(s string, width int) string {
	if len(s) <= width || Width(s) <= width { // no cluster takes more cells than bytes
		return s
	}
	if width <= 0 {
		return ""
	}
	var b strings.Builder
	for cluster, w := range clusters(s) {
		if width -= w; width < 1 {
			break
		}
		b.WriteString(cluster)
	}
	return b.String() + ellipsis
}

// Align says at which side of its column a text stands.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Right
	Center
)

// Pad returns s cut off or filled up with spaces to exactly width cells, so that
// columns line up in any script.
func Pad(s string, width int, align Align) string {
	s = Truncate(strings.ToValidUTF8(s, "\ufffd"), width)
	room := max(width-Width(s), 0)
	before := 0
	switch align {
	case Right:
		before = room
	case Center:
		before = room / 2
	}
	for s != "" && before > 0 { // what takes no cell could change the space before it
		first, w := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if r, _ := utf8.DecodeRuneInString(first); w > 0 || control(r) {
			break
		}
		s = s[len(first):]
	}
	s = strings.Repeat(" ", before) + s
	for missing := width - Width(s); missing > 0; missing = width - Width(s) { // a mark can join a space
		s += strings.Repeat(" ", missing)
	}
	return s
}

// Wrap breaks s into lines of at most width cells: at newlines, after spaces
// and hyphens, and between the characters of scripts that have no spaces, but
// not before a closing mark nor after an opening one. A word longer than a line
// is broken where the line ends. Spaces at a line's end are dropped.
func Wrap(s string, width int) []string {
	if width <= 0 {
		return nil
	}
	var lines []string
	s = strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(s)
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines = wrapParagraph(lines, paragraph, width)
	}
	return lines
}

func wrapParagraph(lines []string, s string, width int) []string {
	var line strings.Builder
	var used int                // cells of line
	var breakLen, breakUsed int // bytes and cells of line before the last place where it may end
	last := ""
	for cluster, w := range clusters(s) {
		if w > width {
			cluster, w = ellipsis, 1 // a wide character where there is one column
		}
		if last != "" && canBreak(last, cluster) {
			breakLen, breakUsed = line.Len(), used
		}
		for used+w > width && cluster != " " {
			text := line.String()
			if breakLen == 0 {
				breakLen, breakUsed = len(text), used
			}
			lines = append(lines, strings.TrimRight(text[:breakLen], " "))
			line.Reset()
			line.WriteString(text[breakLen:])
			used -= breakUsed
			breakLen = 0
		}
		line.WriteString(cluster)
		used += w
		last = cluster
	}
	return append(lines, strings.TrimRight(line.String(), " "))
}

// Marks that no line begins with, and marks that no line ends with (a part of
// the Unicode line breaking classes CL, CP, EX, IS, NS and OP).
const (
	closing = "!%),.:;?]}’”›»…‰、。〉》」』】〕〗！％），．：；？］｝～·ー々"
	opening = "([{‘“‹«〈《「『【〔〖（［｛"
)

// canBreak says whether a line may end between two neighbouring clusters.
func canBreak(a, b string) bool {
	if a == " " || b == " " {
		return b != " "
	}
	before, _ := utf8.DecodeLastRuneInString(a)
	after, _ := utf8.DecodeRuneInString(b)
	switch {
	case strings.ContainsRune(opening, before) || strings.ContainsRune(closing, after):
		return false
	case before == '-':
		return unicode.IsLetter(after)
	}
	return spaceless(before) || spaceless(after)
}

// spaceless says whether r belongs to a script that is written without spaces,
// or to its punctuation.
func spaceless(r rune) bool {
	return r >= 0x2e80 && r < 0xa000 || r >= 0xac00 && r < 0xd7b0 || r >= 0xf900 && r < 0xfb00 ||
		r >= 0xff00 && r < 0xfff0 || r >= 0x20000 && r < 0x40000
}

// Paragraph draws s wrapped to the width of an area and returns the rows it
// took. Where rows are too few the last ends in an ellipsis.
func Paragraph(c *Canvas, area Rect, s string, st Style) (rows int) {
	lines := Wrap(s, area.W)
	if len(lines) > area.H {
		lines = lines[:max(area.H, 0)]
		if n := len(lines); n > 0 {
			lines[n-1] = Truncate(lines[n-1]+ellipsis, area.W)
		}
	}
	for i, line := range lines {
		c.Text(area.X, area.Y+i, line, st)
	}
	return len(lines)
}
