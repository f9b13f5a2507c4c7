package probe

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"rnnscope/core/scope"
)

// lineEnds are how tokens end a line: the newline of a character model, <eos>
// of a word model.
var lineEnds = map[string]bool{"\n": true, "<eos>": true}

const (
	openers       = "([{（【《「『〔"
	closers       = ")]}）】》」』〕"
	openQuotes    = "“«„"
	closeQuotes   = "”»"
	sentenceStops = ".!?。！？"
)

// TextFeatures are the features of a text that can be read off its tokens, but
// for those that it does not vary in. letters says that tokens are characters.
//
//	line position       tokens since the line began, from 0
//	to line end         tokens until it ends; 0 at the end itself
//	sentence position, to sentence end   likewise, by . ! ? and their Chinese forms
//	inside quotes       between double quotes; a blank line closes them
//	bracket depth       brackets open; a blank line closes them
//	position in word    letters since the word began, 0 elsewhere (characters only)
//	letter, capital, digit, space, punctuation, CJK   what the token begins with
//
// A value is what is true once the token is read. Where a line or sentence began
// before the text, or ends after it, its positions are not known.
func TextFeatures(tokens []string, letters bool) []scope.Feature {
	n := len(tokens)
	var all []scope.Feature
	add := func(name string, binary bool, value func(i int) float32) {
		f := scope.Feature{Name: name, Binary: binary, Values: make([]float32, n)}
		for i := range tokens {
			f.Values[i] = value(i)
		}
		if varies(f) {
			all = append(all, f)
		}
	}
	lines := func(i int) bool { return lineEnds[tokens[i]] }
	sentences := func(i int) bool { return tokens[i] != "" && strings.Contains(sentenceStops, tokens[i]) }
	for _, unit := range []struct {
		name string
		ends func(i int) bool
	}{{"line", lines}, {"sentence", sentences}} {
		since, until := distances(n, unit.ends)
		add(unit.name+" position", false, func(i int) float32 { return since[i] })
		add("to "+unit.name+" end", false, func(i int) float32 { return until[i] })
	}
	quoted, depth := nesting(tokens)
	add("inside quotes", true, func(i int) float32 { return quoted[i] })
	add("bracket depth", false, func(i int) float32 { return depth[i] })
	if letters {
		at := float32(0)
		add("position in word", false, func(i int) float32 {
			if inWord(tokens[i]) {
				at++
			} else {
				at = 0
			}
			return at
		})
	}
	for _, class := range classes {
		add(class.name, true, func(i int) float32 {
			r, _ := utf8.DecodeRuneInString(tokens[i])
			return bit(tokens[i] != "" && class.has(r))
		})
	}
	return all
}

var unknown = float32(math.NaN())

// classes are the kinds of tokens, by their first character.
var classes = []struct {
	name string
	has  func(r rune) bool
}{
	{"letter", func(r rune) bool { return unicode.IsLetter(r) && !cjk(r) }},
	{"capital", unicode.IsUpper},
	{"digit", unicode.IsDigit},
	{"space", unicode.IsSpace},
	{"punctuation", func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }},
	{"CJK", cjk},
}

func cjk(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// inWord says whether a character goes on a word: a letter, or the apostrophe
// in one.
func inWord(token string) bool {
	r, _ := utf8.DecodeRuneInString(token)
	return token != "" && (classes[0].has(r) || r == '\'')
}

func bit(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// distances count from the token after each end, and to each end.
func distances(n int, ends func(i int) bool) (since, until []float32) {
	since, until = make([]float32, n), make([]float32, n)
	at := unknown
	for i := range n {
		since[i] = at
		at++
		if ends(i) {
			at = 0
		}
	}
	at = unknown
	for i := n - 1; i >= 0; i-- {
		at++
		if ends(i) {
			at = 0
		}
		until[i] = at
	}
	return since, until
}

// nesting follows quotes and brackets. A closer without its opener is passed
// over.
func nesting(tokens []string) (quoted, depth []float32) {
	quoted, depth = make([]float32, len(tokens)), make([]float32, len(tokens))
	q, d := float32(0), float32(0)
	for i, t := range tokens {
		switch {
		case t == "":
		case lineEnds[t] && i > 0 && lineEnds[tokens[i-1]]:
			q, d = 0, 0
		case t == `"`:
			q = 1 - q
		case strings.Contains(openQuotes, t):
			q = 1
		case strings.Contains(closeQuotes, t):
			q = 0
		case strings.Contains(openers, t):
			d++
		case strings.Contains(closers, t):
			d = max(0, d-1)
		}
		quoted[i], depth[i] = q, d
	}
	return quoted, depth
}

// varies says whether a feature has two known values; of a binary one each at
// least twice, since a class of one token is only that token.
func varies(f scope.Feature) bool {
	counts := map[float32]int{}
	for _, v := range f.Values {
		if v == v {
			counts[v]++
		}
	}
	if f.Binary {
		return counts[0] > 1 && counts[1] > 1
	}
	return len(counts) > 1
}
