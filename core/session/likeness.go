package session

import (
	"index/suffixarray"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// likener finds out how much of what a model writes is in its training text.
// It belongs to one goroutine and works on others, at low priority.
type likener struct {
	text  *Text
	index *textIndex // made at the first question
}

// indexed is how much of a training text is looked through, bytes: an index
// takes five times the text.
const indexed = 8 << 20

// measure compares what was written with the text, and hands the result to
// found on a goroutine of its own.
func (k *likener) measure(written string, found func(*scope.Likeness)) {
	index, text := k.index, k.text
	if text.corpus.StandIn {
		return
	}
	if index == nil {
		index = &textIndex{}
		k.index = index
	}
	task.Go("likeness", func() {
		task.Lower()
		index.once.Do(func() { index.build(text.training(indexed)) })
		found(index.compare(written))
	})
}

// textIndex is what a training text has.
type textIndex struct {
	once  sync.Once
	array *suffixarray.Index
	units map[string]struct{}
	pairs bool    // units are pairs of characters
	line  float64 // mean length of lines
}

func (x *textIndex) build(text string) {
	x.array = suffixarray.New([]byte(text))
	x.pairs = spaceless(text)
	x.units = map[string]struct{}{}
	for _, u := range units(text, x.pairs) {
		x.units[u] = struct{}{}
	}
	x.line = lineLength(text)
}

// compare measures a written text. Its last word, and its last line, are cut
// off by the end of the writing and do not count.
func (x *textIndex) compare(written string) *scope.Likeness {
	l := &scope.Likeness{Unit: "word", TextLine: x.line, Line: lineLength(written)}
	if x.pairs {
		l.Unit = "pair"
	}
	found := units(written, x.pairs)
	if len(found) > 0 && !x.pairs {
		found = found[:len(found)-1]
	}
	for _, u := range found {
		l.Units++
		if _, ok := x.units[u]; ok {
			l.Known++
		}
	}
	l.Copied = x.longest(written)
	return l
}

// longest is the longest stretch of s that stands in the text. While one is
// found that is longer than the last, its beginning stays: the end moves on by
// a character until the text has no such stretch, then the beginning does.
func (x *textIndex) longest(s string) string {
	best := ""
	for from, to := 0, 0; to < len(s); {
		_, size := utf8.DecodeRuneInString(s[to:])
		if x.has(s[from : to+size]) {
			to += size
			if to-from > len(best) {
				best = s[from:to]
			}
			continue
		}
		if from == to {
			to += size
		}
		_, size = utf8.DecodeRuneInString(s[from:])
		from += size
	}
	return best
}

func (x *textIndex) has(s string) bool { return len(x.array.Lookup([]byte(s), 1)) > 0 }

// units cuts a text into words, or into overlapping pairs of characters.
func units(text string, pairs bool) []string {
	if !pairs {
		return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && !unicode.IsMark(r) })
	}
	var out []string
	last := ""
	for _, r := range text {
		if !unicode.IsLetter(r) {
			last = ""
			continue
		}
		if last != "" {
			out = append(out, last+string(r))
		}
		last = string(r)
	}
	return out
}

// spaceless says whether a text is in a script that puts no spaces between
// words.
func spaceless(text string) bool {
	letters, han := 0, 0
	for i, r := range text {
		if i > 1<<16 {
			break
		}
		if unicode.IsLetter(r) {
			letters++
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
				han++
			}
		}
	}
	return 2*han > letters
}

// lineLength is the mean number of characters of the lines that end and are not
// empty.
func lineLength(text string) float64 {
	lines, total := 0, 0
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 0 && strings.HasSuffix(line, "\n") {
			lines++
			total += n
		}
	}
	if lines == 0 {
		return 0
	}
	return float64(total) / float64(lines)
}
