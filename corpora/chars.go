package corpora

import (
	"math/bits"
	"unicode"
	"unicode/utf8"
)

// tokenizer turns the pieces of one text after another into provisional ids,
// given out in order of first appearance.
type tokenizer interface {
	text(piece []byte)     // a piece cuts no code point, but may cut a word
	end()                  // of one text
	len() int              // tokens so far
	done() (IDs, []string) // all ids, and the symbol of each
}

// chars reads code points. The table, as long as the largest needs, maps one to
// its id + 1; reading in lower case only shows in what a new one is entered as.
type chars struct {
	ids     idWriter
	table   []int32
	symbols []string
	lower   bool
}

func newChars(lower bool) *chars {
	return &chars{table: make([]int32, utf8.RuneSelf), lower: lower}
}

func (c *chars) text(b []byte) {
	for i := 0; i < len(b); {
		// Known ASCII first, as much as there is: a screen waits for this.
		n, out, table := 0, c.ids.room(), c.table
		for n < len(out) && i < len(b) && b[i] < utf8.RuneSelf && table[b[i]] > 0 {
			out[n] = table[b[i]] - 1
			n, i = n+1, i+1
		}
		if c.ids.wrote(n); n > 0 {
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		id := int32(0)
		if int(r) < len(table) {
			id = table[r]
		}
		if id == 0 {
			id = c.enter(r)
		}
		c.ids.add(id - 1)
		i += size
	}
}

// enter gives a new code point its id.
func (c *chars) enter(r rune) int32 {
	as := r
	if c.lower {
		as = unicode.ToLower(r)
	}
	if need := int(max(r, as)) + 1; need > len(c.table) {
		c.table = append(c.table, make([]int32, 1<<bits.Len(uint(need))-len(c.table))...)
	}
	if c.table[as] == 0 {
		c.symbols = append(c.symbols, string(as))
		c.table[as] = int32(len(c.symbols))
	}
	c.table[r] = c.table[as]
	return c.table[r]
}

func (c *chars) end()     {}
func (c *chars) len() int { return c.ids.len() }

func (c *chars) done() (IDs, []string) { return c.ids.done(), c.symbols }
