package picture

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rnnscope/views"
)

const ellipsis = "…"

// plain returns a text as it can stand in any XML file and in one line:
// control characters are their pictures, a line break is ↵, what is no
// character is U+FFFD, and marks that turn the direction of what follows are
// left out.
func plain(s string) string {
	if ordinary(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return '↵'
		case r == '\t':
			return '⇥'
		case r < 0x20:
			return '␀' + r
		case r == 0x7f:
			return '␡'
		case r < 0xa0 && r > 0x7f, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return utf8.RuneError
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x2028, r == 0x2029, r == 0xfeff:
			return -1
		}
		return r
	}, s)
}

func ordinary(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// token returns a token as a label: spaces at its ends would not be seen.
func token(s string) string {
	if s == "" {
		return "∅"
	}
	inner := strings.TrimLeft(s, " ")
	before := len(s) - len(inner)
	inner = strings.TrimRight(inner, " ")
	after := len(s) - before - len(inner)
	return strings.Repeat("␣", before) + inner + strings.Repeat("␣", after)
}

// hidden says whether r has no shape of its own: joiners and the selectors of
// variants.
func hidden(r rune) bool {
	return r >= 0x300 && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r))
}

// fit returns s if it is at most width wide, else as much of its beginning as
// fits before an ellipsis, and nothing where not even that fits.
func fit(s string, f face, size, width float64) string {
	if s = plain(s); measure(s, f, size) <= width {
		return s
	}
	// Few characters are narrower than a fifth of an em, so that the search
	// begins near its end.
	cells := views.Width(s)
	if most := 5 * width / size; !(most > float64(cells)) {
		cells = int(max(most, 0)) + 1
	}
	for ; cells > 0; cells-- {
		if cut := views.Truncate(s, cells); strings.HasSuffix(cut, ellipsis) && measure(cut, f, size) <= width {
			return cut
		}
	}
	return ""
}

// wrap breaks s into at most n lines that fit, the last with an ellipsis when
// there is more.
func wrap(s string, f face, size, width float64, n int) []string {
	var lines []string
	line := ""
	for _, piece := range pieces(s) {
		if len(lines) > n { // a line more, to see that there is more
			break
		}
		if line != "" && measure(line+strings.TrimRight(piece, " "), f, size) > width {
			lines = append(lines, strings.TrimRight(line, " "))
			line = ""
		}
		line += piece
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	if len(lines) > n {
		if n <= 0 {
			return nil
		}
		lines[n-1] = lines[n-1] + " " + strings.Join(lines[n:], " ")
		lines = lines[:n]
	}
	for i := range lines {
		lines[i] = fit(lines[i], f, size, width)
	}
	return lines
}

// pieces breaks a text where a line may end: after spaces, and around
// characters that are two cells wide, but not before their closing marks.
func pieces(s string) []string {
	var out []string
	start := 0
	wide := false
	s = plain(s)
	for i, r := range s {
		now := r >= 0x2e80 && views.Width(string(r)) == 2
		mark := strings.ContainsRune("，。、；：？！）》」』”’…", r)
		if i > start && r != ' ' && !mark && (s[i-1] == ' ' || wide || now) {
			out = append(out, s[start:i])
			start = i
		}
		wide = now || mark && wide
	}
	return append(out, s[start:])
}
