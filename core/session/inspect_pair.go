package session

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"rnnscope/corpora"
)

// wordPair is the words in which two sentences first differ, after common
// tokens of the first.
type wordPair struct {
	a, b   []int32
	common int
}

// pair finds the words in which the sentences differ first. At character level
// a word goes from the beginning of its letters to their end, with the space
// before it and what follows it, so that wait does not win by being part of waits:
// the same in both, a space unless the sentences agree on another; of a script without spaces it is one character. Where the words are the same
// and what follows them is not, they go on to that. There is none when a sentence
// ends there, or begins there: nothing stands before it.
func (i *Inspector) pair() *wordPair {
	a, b := i.ids[0], i.ids[1]
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] && i.page.Sentences[0].Pieces[n] == i.page.Sentences[1].Pieces[n] {
		n++
	}
	if n == len(a) || n == len(b) {
		return nil
	}
	start := n
	if i.vocab.Level() == corpora.Char {
		for start > 0 && inWord(i.page.Sentences[0].Pieces[start-1]) {
			start--
		}
	}
	p := &wordPair{a: i.word(0, start), b: i.word(1, start), common: start}
	afterA, afterB := start+len(p.a), start+len(p.b)
	if i.vocab.Level() == corpora.Char && inWord(i.page.Sentences[0].Pieces[start]) {
		if start > 0 && i.page.Sentences[0].Pieces[start-1] == " " {
			space := a[start-1]
			p.common--
			p.a, p.b = append([]int32{space}, p.a...), append([]int32{space}, p.b...)
		}
		end, ok := i.vocab.ID(" ")
		if afterA < len(a) && afterB < len(b) && a[afterA] == b[afterB] && a[afterA] >= 0 {
			end, ok = int(a[afterA]), true
		}
		if ok {
			p.a, p.b = append(p.a, int32(end)), append(p.b, int32(end))
		}
	}
	if slices.Equal(p.a, p.b) { // the same word, with other tokens after it
		p.common, p.a, p.b = start, slices.Clone(a[start:n+1]), slices.Clone(b[start:n+1])
	}
	if p.common == 0 || slices.Equal(p.a, p.b) || slices.ContainsFunc(append(slices.Clone(p.a), p.b...), func(id int32) bool { return id < 0 }) {
		return nil // nothing stands before it, both are unknown, or one has no probability
	}
	return p
}

// word is the ids of a sentence's word that begins at a token.
func (i *Inspector) word(sentence, from int) []int32 {
	ids, pieces := i.ids[sentence], i.page.Sentences[sentence].Pieces
	to := from + 1
	if i.vocab.Level() == corpora.Char && inWord(pieces[from]) {
		for to < len(ids) && inWord(pieces[to]) {
			to++
		}
	}
	return append([]int32(nil), ids[from:to]...)
}

// inWord says whether a character is part of a word of a script with spaces.
func inWord(piece string) bool {
	r, _ := utf8.DecodeRuneInString(piece)
	return r == '\'' || unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
