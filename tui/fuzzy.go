package tui

import (
	"strings"
	"unicode"
)

// fuzzy says whether the characters of pattern stand in text in that order,
// without regard to case, and how well: a run of them counts more than
// characters apart, the beginning of a word more than its middle. Words of the
// pattern may stand in any order. An empty pattern fits everything.
func fuzzy(pattern, text string) (score int, ok bool) {
	runes := []rune(strings.ToLower(text))
	for _, word := range strings.Fields(strings.ToLower(pattern)) {
		s, ok := fuzzyWord([]rune(word), runes)
		if !ok {
			return 0, false
		}
		score += s
	}
	return score, true
}

// whole says that every word of pattern stands in text as it is.
func whole(pattern, text string) bool {
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(pattern)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// called says how well a pattern names what has a name: 4 where it is the name, 3
// where the name begins with it, 2 where the name has it, 1 where it has its
// characters, else 0.
func called(pattern, name string) int {
	pattern, name = strings.Join(strings.Fields(strings.ToLower(pattern)), " "), strings.ToLower(name)
	switch {
	case pattern == "":
		return 0
	case pattern == name:
		return 4
	case strings.HasPrefix(name, pattern):
		return 3
	case strings.Contains(name, pattern):
		return 2
	}
	if _, ok := fuzzy(pattern, name); ok {
		return 1
	}
	return 0
}

// fuzzyWord finds the best place for a word: a run as it is, else its
// characters one after another from the left.
func fuzzyWord(word, text []rune) (score int, ok bool) {
	start := func(i int) bool { return i == 0 || !unicode.IsLetter(text[i-1]) }
	if i := strings.Index(string(text), string(word)); i >= 0 {
		i = len([]rune(string(text)[:i]))
		score = 10 * len(word)
		switch {
		case i == 0:
			score += 25
		case start(i):
			score += 20
		}
		return score, true
	}
	at, last := 0, -2
	for i, r := range text {
		if at == len(word) {
			break
		}
		if r != word[at] {
			continue
		}
		score++
		if i == last+1 {
			score += 3
		}
		if start(i) {
			score += 5
		}
		last = i
		at++
	}
	return score, at == len(word)
}
