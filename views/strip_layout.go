package views

import (
	"fmt"
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Layout breaks the strip into lines of w columns and returns how many.
func (s *Strip) Layout(w int) (lines int) {
	s.glyphs, s.lines = s.glyphs[:0], s.lines[:0]
	if w <= 0 {
		return 0
	}
	s.lines = append(s.lines, 0)
	var x int32
	last := ""   // what stands before, as it is in the token
	breakAt := 0 // the first glyph after the last place where the line may end
	newLine := func(from int) {
		s.lines = append(s.lines, int32(from))
		x = 0
		for i := from; i < len(s.glyphs); i++ {
			s.glyphs[i].x = x
			x += int32(s.glyphs[i].width)
		}
	}
	for token, text := range s.Tokens {
		for raw, g := range glyphs(text, s.Spaces) {
			g.token = int32(token)
			if int(g.width) > w {
				g.text, g.width = ellipsis, 1
			}
			if last != "" && canBreak(last, raw) {
				breakAt = len(s.glyphs)
			}
			if x+int32(g.width) > int32(w) {
				if start := int(s.lines[len(s.lines)-1]); breakAt > start && raw != " " {
					newLine(breakAt)
				}
				if x+int32(g.width) > int32(w) {
					newLine(len(s.glyphs))
				}
			}
			g.x = x
			x += int32(g.width)
			s.glyphs = append(s.glyphs, g)
			last = raw
			if newline(raw) {
				newLine(len(s.glyphs))
				last = ""
			}
		}
	}
	if n := len(s.lines) - 1; n > 0 && int(s.lines[n]) == len(s.glyphs) {
		s.lines = s.lines[:n] // nothing follows the last newline
	}
	return len(s.lines)
}

func newline(cluster string) bool { return cluster == "\n" || cluster == "\r\n" }

// glyphs yields the clusters of a token as they are drawn, each with the
// cluster that it stands for. Every token has at least one, to be seen and
// pointed at.
func glyphs(token string, spaces bool) iter.Seq2[string, glyph] {
	return func(yield func(string, glyph) bool) {
		if token == "" {
			yield("", glyph{text: "∅", width: 1, standIn: true})
			return
		}
		for token != "" {
			raw, w := token[:1], 1
			if token[0] < 0x20 || token[0] >= 0x7f || len(token) > 1 && token[1] >= utf8.RuneSelf {
				raw, w = ansi.FirstGraphemeCluster(token, ansi.GraphemeWidth)
			}
			token = token[len(raw):]
			text := standIn(raw, w, spaces)
			if text == "" {
				if !yield(raw, glyph{text: raw, width: uint8(min(w, 2))}) {
					return
				}
				continue
			}
			for cluster, w := range clusters(text) {
				if !yield(raw, glyph{text: cluster, width: uint8(w), standIn: true}) {
					return
				}
			}
		}
	}
}

// Visible is a token as a strip with Spaces shows it.
func Visible(token string) string {
	var out strings.Builder
	for _, g := range glyphs(token, true) {
		out.WriteString(g.text)
	}
	return out.String()
}

// standIn returns what is drawn for a cluster that cannot be seen as it is, and
// "" for one that can.
func standIn(cluster string, w int, spaces bool) string {
	r, size := utf8.DecodeRuneInString(cluster)
	switch {
	case cluster == " " && spaces:
		return "⋅"
	case newline(cluster):
		return "↵"
	case cluster == "\t":
		return "⇥"
	case r < 0x20 || r == 0x7f:
		return string(visible(r))
	case spaces && unicode.Is(unicode.Zs, r) && r != ' ':
		return "␣" + strings.Repeat(" ", max(w-1, 0))
	case w > 0 && !control(r) && utf8.ValidString(cluster):
		return ""
	case size == len(cluster) && unicode.Is(unicode.M, r) && Width("◌"+cluster) == 1:
		return "◌" + cluster
	}
	var b strings.Builder
	for i, r := range cluster {
		if _, size := utf8.DecodeRuneInString(cluster[i:]); r == utf8.RuneError && size == 1 {
			r = rune(cluster[i])
		}
		fmt.Fprintf(&b, "<%02X>", r)
	}
	return b.String()
}
