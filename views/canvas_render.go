package views

import (
	"strconv"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Profile is how many colours a terminal has.
type Profile uint8

// The profiles, from the richest to the one that has attributes only.
const (
	TrueColor Profile = iota
	ANSI256
	ANSI16
	NoColor
)

// Options is what a terminal can show.
type Options struct {
	Profile Profile
	ASCII   bool // lines, blocks and braille become ASCII characters; letters stay what they are
}

// Render returns c as one line a row, without a line break after the last.
func (c *Canvas) Render(o Options) string { return string(c.Append(nil, o)) }

// Append adds to dst what Render returns. Each row changes the style as seldom
// as it can and ends in the terminal's default style.
func (c *Canvas) Append(dst []byte, o Options) []byte {
	for y := range c.h {
		if y > 0 {
			dst = append(dst, '\n')
		}
		dst = c.AppendRow(dst, y, o)
	}
	return dst
}

// AppendRow adds row y of c to dst.
func (c *Canvas) AppendRow(dst []byte, y int, o Options) []byte {
	row := c.cells[y*c.w : (y+1)*c.w]
	var pen Style
	var before *cell
	for i := range row {
		at := &row[i]
		if at.width == 0 {
			continue
		}
		want := Style{at.fg.To(o.Profile), at.bg.To(o.Profile), at.attr}
		if at.glyph == ' ' && at.attr&(Underline|Reverse) == 0 {
			want.FG, want.Attr = pen.FG, pen.Attr&^(Underline|Reverse)
		}
		moved := pen != want
		dst = appendSGR(dst, pen, want)
		if pen = want; before != nil && !moved && c.merge(before, at) {
			dst = appendSeparator(dst, pen)
		}
		before = at
		switch a := byte(0); {
		case at.glyph < 0:
			dst = append(dst, c.clusters[-1-at.glyph]...)
		case o.ASCII && at.glyph >= utf8.RuneSelf:
			if a = ascii(at.glyph); a != 0 {
				dst = append(dst, a)
				break
			}
			fallthrough
		default:
			dst = utf8.AppendRune(dst, at.glyph)
		}
	}
	return appendSGR(dst, pen, Style{})
}

// merge says whether a terminal could take two neighbouring cells for one
// cluster: two regional indicators become a flag, a syllable takes a final
// consonant. They came from different texts and each keeps its own columns.
func (c *Canvas) merge(a, b *cell) bool {
	if a.simple() && b.simple() {
		return false
	}
	c.scratch = c.appendGlyph(c.scratch[:0], a)
	alone := len(c.scratch)
	c.scratch = c.appendGlyph(c.scratch, b)
	first, _ := ansi.FirstGraphemeCluster(c.scratch, ansi.GraphemeWidth)
	return len(first) > alone
}

// simple says whether the cell's glyph never joins a neighbour that is simple
// too: Latin letters, drawing characters, CJK.
func (at *cell) simple() bool {
	r := at.glyph
	return r >= 0 && r < 0x300 || r >= 0x2500 && r < 0x2600 || r >= 0x2800 && r < 0x2900 || r >= 0x3041 && r < 0xa000 && r != 0x3099 && r != 0x309a
}

func (c *Canvas) appendGlyph(dst []byte, at *cell) []byte {
	if at.glyph < 0 {
		return append(dst, c.clusters[-1-at.glyph]...)
	}
	return utf8.AppendRune(dst, at.glyph)
}

// appendSeparator adds a sequence that changes nothing and keeps what is before
// it apart from what follows.
func appendSeparator(dst []byte, pen Style) []byte {
	if pen.Attr&Underline != 0 {
		return append(dst, "\x1b[4m"...)
	}
	return append(dst, "\x1b[24m"...)
}

// appendSGR adds the shortest sequence that takes a terminal from one style to
// another.
func appendSGR(dst []byte, from, to Style) []byte {
	if from == to {
		return dst
	}
	if to == (Style{}) {
		return append(dst, "\x1b[m"...)
	}
	dst = append(dst, "\x1b["...)
	start := len(dst)
	if off := from.Attr &^ to.Attr; off != 0 {
		if off&(Bold|Dim) != 0 { // one code ends both, so the one that stays starts anew
			dst = append(dst, "22;"...)
			from.Attr &^= Bold | Dim
		}
		for _, a := range []struct {
			attr Attr
			code string
		}{{Italic, "23;"}, {Underline, "24;"}, {Reverse, "27;"}} {
			if off&a.attr != 0 {
				dst = append(dst, a.code...)
			}
		}
	}
	if on := to.Attr &^ from.Attr; on != 0 {
		for i, code := range []string{"1;", "2;", "3;", "4;", "7;"} {
			if on&(1<<i) != 0 {
				dst = append(dst, code...)
			}
		}
	}
	if from.FG != to.FG {
		dst = appendColor(dst, to.FG, 30)
	}
	if from.BG != to.BG {
		dst = appendColor(dst, to.BG, 40)
	}
	if len(dst) == start {
		return dst[:start-2]
	}
	dst[len(dst)-1] = 'm' // in place of the last semicolon
	return dst
}

// appendColor adds the parameters that choose a colour and a semicolon; base is
// 30 for the foreground, 40 for the background.
func appendColor(dst []byte, c Color, base int) []byte {
	switch i := int(uint8(c)); {
	case !c.Set():
		dst = strconv.AppendInt(dst, int64(base+9), 10)
	case c&indexedColor == 0:
		r, g, b := c.RGB()
		dst = strconv.AppendInt(dst, int64(base+8), 10)
		dst = append(dst, ";2"...)
		for _, v := range [3]uint8{r, g, b} {
			dst = append(dst, decimal[v]...)
		}
	case i < 8:
		dst = strconv.AppendInt(dst, int64(base+i), 10)
	case i < 16:
		dst = strconv.AppendInt(dst, int64(base+60+i-8), 10)
	default:
		dst = strconv.AppendInt(dst, int64(base+8), 10)
		dst = append(append(dst, ";5"...), decimal[i]...)
	}
	return append(dst, ';')
}

// decimal holds each byte in figures after a semicolon.
var decimal = func() (t [256]string) {
	for i := range t {
		t[i] = ";" + strconv.Itoa(i)
	}
	return t
}()
