package corpora

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The tokens that a word vocabulary has besides words.
const (
	Unknown   = "<unk>" // a word that is rare or new
	EndOfLine = "<eos>" // the end of a line
)

// The provisional ids of the two; words follow.
const (
	provisionalEOS = iota
	provisionalUnknown
)

// words reads words, and an <eos> at the end of each line. The map's strings
// are copies, so that no buffer is kept alive.
type words struct {
	ids     idWriter
	table   map[string]int32
	symbols []string
	lower   bool
	lines   bool // drop blank lines
	cut     cutter
	inLine  int // words of the current line so far
}

func newWords(t Tokens, lower, lines bool) *words {
	w := &words{table: map[string]int32{}, lower: lower, lines: lines}
	w.symbols = []string{provisionalEOS: EndOfLine, provisionalUnknown: Unknown}
	for id, s := range w.symbols {
		w.table[s] = int32(id)
	}
	w.cut = newCutter(t, w.word, w.line)
	return w
}

func (w *words) text(piece []byte) { w.cut.text(piece) }

// end closes the last line, with or without a newline.
func (w *words) end() {
	if w.cut.end() {
		w.line()
	}
}

func (w *words) word(b []byte) {
	id, ok := w.table[string(b)]
	if !ok {
		id = w.enter(string(b))
	}
	w.ids.add(id)
	w.inLine++
}

func (w *words) enter(s string) int32 {
	as := s
	if w.lower {
		as = lowercase(s)
	}
	id, ok := w.table[as]
	if !ok {
		id = int32(len(w.symbols))
		w.symbols = append(w.symbols, as)
		w.table[as] = id
	}
	w.table[s] = id
	return id
}

func (w *words) line() {
	if w.inLine > 0 || !w.lines {
		w.ids.add(provisionalEOS)
	}
	w.inLine = 0
}

func (w *words) len() int { return w.ids.len() }

func (w *words) done() (IDs, []string) { return w.ids.done(), w.symbols }

// lowercase maps code point by code point, so that the length of a text in
// code points does not depend on it.
func lowercase(s string) string { return strings.Map(unicode.ToLower, s) }

// cutter cuts text into words and lines.
type cutter struct {
	word  func([]byte)
	line  func()
	of    Tokens
	ascii [utf8.RuneSelf]class

	run     class // letters or digits inside a word, else blank
	pending []byte
	open    bool // something stands after the last newline
}

func newCutter(t Tokens, word func([]byte), line func()) cutter {
	c := cutter{word: word, line: line, of: t}
	for r := range c.ascii {
		c.ascii[r] = t.classOf(rune(r))
	}
	return c
}

func (c *cutter) text(b []byte) {
	if len(b) == 0 {
		return
	}
	start := 0 // of the word that is open
	for i := 0; i < len(b); {
		r, n := rune(b[i]), 1
		var k class
		if r < utf8.RuneSelf {
			k = c.ascii[r]
		} else {
			r, n = utf8.DecodeRune(b[i:])
			k = c.of.classOf(r)
		}
		if k != c.run || k < letters {
			c.flush(b[start:i])
			start = i
			switch k {
			case newline:
				c.line()
			case sign:
				c.word(b[i : i+n])
			case letters, digits:
				c.run = k
			}
		}
		i += n
	}
	if c.run != blank {
		c.pending = append(c.pending, b[start:]...)
	}
	c.open = !bytes.HasSuffix(b, []byte{'\n'})
}

// flush ends the open word, of which b is what this piece adds.
func (c *cutter) flush(b []byte) {
	if c.run == blank {
		return
	}
	c.run = blank
	if len(c.pending) > 0 {
		c.pending = append(c.pending, b...)
		c.word(c.pending)
		c.pending = c.pending[:0]
		return
	}
	c.word(b)
}

// end ends the text and says whether its last line has no newline.
func (c *cutter) end() (unfinished bool) {
	c.flush(nil)
	unfinished = c.open
	c.open = false
	return unfinished
}
