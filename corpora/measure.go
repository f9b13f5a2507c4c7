package corpora

import "strings"

// measure is the Chinese measure word (量词): between a number and a noun stands
// a word that fits the noun, and any number of adjectives may part the two.
//
//	我看三只大白猫。
//	她有两张小桌。
//
// Read from left to right, the measure word says which nouns may follow.
type measure struct {
	pronouns, verbs, numerals, adjectives []string
	nouns                                 []measured
}

// measured is a measure word and what it counts; no noun has two.
type measured struct {
	word  string
	nouns []string
}

func newMeasure() measure {
	return measure{
		pronouns:   strings.Split("我你他她", ""),
		verbs:      strings.Split("看画有想", ""),
		numerals:   strings.Split("一两三四五六七八", ""),
		adjectives: strings.Split("大小白黑老新", ""),
		nouns: []measured{
			{"只", strings.Split("猫狗鸟兔", "")},
			{"本", strings.Split("书", "")},
			{"匹", strings.Split("马", "")},
			{"条", strings.Split("鱼河龙", "")},
			{"朵", strings.Split("花云", "")},
			{"棵", strings.Split("树松", "")},
			{"张", strings.Split("纸桌", "")},
			{"座", strings.Split("山桥城", "")},
		},
	}
}

// measureClasses: three adjectives and more are one class.
var measureClasses = []string{"no adjective between", "1 adjective", "2 adjectives", "3 or more adjectives"}

func (g measure) write(l *line, c chooser) {
	for _, words := range [][]string{g.pronouns, g.verbs, g.numerals} {
		l.add(words[c.below(len(words))], natsOf(len(words)))
	}
	m := c.below(len(g.nouns))
	l.add(g.nouns[m].word, natsOf(len(g.nouns)))
	adjectives := 0
	for ; c.chance(2); adjectives++ {
		l.add(g.adjectives[c.below(len(g.adjectives))], natsOf(2*len(g.adjectives)))
	}
	nouns := g.nouns[m].nouns
	l.add(nouns[c.below(len(nouns))], natsOf(2*len(nouns)))
	l.score(min(adjectives, len(measureClasses)-1), 0, m)
	l.add("。", 0)
	l.add(lineEnd, 0)
}

// expected: one adjective on average, and two decisions whether another
// follows. A model that forgets the measure word guesses it, with the noun.
func (g measure) expected() expected {
	e := expected{symbols: len(g.pronouns) + len(g.verbs) + len(g.numerals) + len(g.adjectives) + len(g.nouns) + 2, tokens: 8}
	e.bits = bitsOf(len(g.pronouns)) + bitsOf(len(g.verbs)) + bitsOf(len(g.numerals)) + bitsOf(len(g.nouns)) +
		2 + bitsOf(len(g.adjectives))
	for _, m := range g.nouns {
		e.symbols += len(m.nouns)
		e.bits += bitsOf(len(m.nouns)) / float64(len(g.nouns))
	}
	e.forgets = e.bits + bitsOf(len(g.nouns))
	return e
}

func (g measure) phenomenon() phenomenon {
	var sets [][]string
	for _, m := range g.nouns {
		sets = append(sets, m.nouns)
	}
	return phenomenon{
		title:   "the noun of the measure word",
		classes: measureClasses,
		choices: [][][]string{sets},
	}
}
