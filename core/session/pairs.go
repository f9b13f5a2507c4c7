package session

import (
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"rnnscope/core/sample"
	"rnnscope/corpora"
)

// PairsScore is how often a model gives the right word of a pair more
// probability than the wrong one, among the pairs with as many attractors.
type PairsScore struct {
	Attractors int    `json:"attractors"`
	Pairs      int    `json:"pairs"`
	Covered    int    `json:"covered"`  // all of whose tokens are in the vocabulary
	Accuracy   Number `json:"accuracy"` // of the covered
	Reason     string `json:"reason,omitempty"`
}

// ScorePairs puts pairs before a model, and returns a line for each number of
// attractors, fewest first. At character level a word begins with the space
// before it and ends with one, so that wait does not win by being part of waits;
// after a script without spaces, there is none. Equal probabilities are not
// right. It stops early when stop, if not nil, returns true.
func ScorePairs(model sample.Writer, vocab *corpora.Vocabulary, pairs []corpora.AgreementPair, stop func() bool) []PairsScore {
	right := map[int]int{}
	lines := map[int]*PairsScore{}
	for _, p := range pairs {
		if stop != nil && stop() {
			break
		}
		line := lines[p.Attractors]
		if line == nil {
			line = &PairsScore{Attractors: p.Attractors}
			lines[p.Attractors] = line
		}
		line.Pairs++
		good, covered := continuation(model, vocab, p.Prefix, p.Right)
		bad, both := continuation(model, vocab, p.Prefix, p.Wrong)
		if !covered || !both {
			continue
		}
		line.Covered++
		if good > bad {
			right[p.Attractors]++
		}
	}
	var out []PairsScore
	for _, n := range slices.Sorted(maps.Keys(lines)) {
		line := lines[n]
		line.Accuracy = Number(float64(right[n]) / float64(line.Covered))
		if line.Covered == 0 {
			line.Reason = "no pair is covered"
		}
		out = append(out, *line)
	}
	return out
}

// continuation is ln p of a word after a beginning, and whether the vocabulary
// has all of both.
func continuation(model sample.Writer, vocab *corpora.Vocabulary, prefix, word string) (logP float64, covered bool) {
	if last, _ := utf8.DecodeLastRuneInString(prefix); vocab.Level() == corpora.Char && !unicode.In(last, unicode.Han, unicode.Hiragana, unicode.Katakana) {
		if word += " "; !unicode.IsSpace(last) {
			word = " " + word
		}
	}
	r := read(model, vocab)
	known := true
	step := func(text string) (sum float64) {
		for _, id := range vocab.Encode(text) {
			known = known && id >= 0 && int(id) != vocab.Unknown()
			p, _ := r.next(int(id))
			sum += p
		}
		return sum
	}
	step(prefix)
	return step(word), known
}
