package corpora

import (
	"fmt"
	"strings"
)

// recall is delayed recall: a key, some distractors, a question mark, and the
// key again.
//
//	Fbgahcadgce?F
//
// Only that last letter depends on another: on the one lag+2 steps back.
// Nothing on the way helps to keep it, and a training window shorter than
// lag+3 never sees both.
type recall struct {
	lag   int  // distractors in a line
	mixed bool // 1 … lag of them, each number as likely
	same  bool // distractors are letters that keys could be
}

var (
	recallKeys        = strings.Fields("A B C D E F G H")
	recallDistractors = strings.Fields("a b c d e f g h")
)

// recallClasses is the number of ranges in which mixed lags are reported.
const recallClasses = 4

func (g recall) write(l *line, c chooser) {
	distractors := recallDistractors
	if g.same {
		distractors = recallKeys
	}
	key := c.below(len(recallKeys))
	l.add(recallKeys[key], natsOf(len(recallKeys)))
	letter := natsOf(len(distractors))
	l.add(distractors[c.below(len(distractors))], letter)

	n := 1
	for ; n < g.lag; n++ {
		goOn := 0.0
		if g.mixed {
			left := g.lag - n + 1 // lengths that are still possible, all as likely
			if c.chance(left) {
				break
			}
			_, goOn = coin(left)
		}
		l.add(distractors[c.below(len(distractors))], goOn+letter)
	}
	stop := 0.0
	if g.mixed {
		stop = natsOf(g.lag - n + 1)
	}
	l.add("?", stop)
	l.add(recallKeys[key], 0)
	l.score(g.class(n), 0, key)
	l.add(lineEnd, 0)
}

// class is the range of a mixed lag.
func (g recall) class(lag int) int {
	if !g.mixed {
		return 0
	}
	return (lag - 1) * min(recallClasses, g.lag) / g.lag
}

// expected: three bits for each letter but the answer; when lags are mixed,
// the log₂ lag bits of the length as well, spread over the decisions to go on.
func (g recall) expected() expected {
	letter := bitsOf(len(recallKeys))
	symbols, distractors, length := len(recallKeys)+len(recallDistractors)+2, float64(g.lag), 0.0
	if g.same {
		symbols = len(recallKeys) + 2
	}
	if g.mixed {
		distractors, length = float64(g.lag+1)/2, bitsOf(g.lag)
	}
	e := expected{symbols: symbols, tokens: distractors + 4, bits: letter*(1+distractors) + length}
	e.forgets = e.bits + letter
	return e
}

func (g recall) phenomenon() phenomenon {
	p := phenomenon{title: "the key after the question mark", choices: [][][]string{singles(recallKeys)}}
	if !g.mixed {
		p.classes = []string{fmt.Sprint("lag ", g.lag)}
		return p
	}
	for first := 1; first <= g.lag; {
		last := first
		for last < g.lag && g.class(last+1) == g.class(first) {
			last++
		}
		p.classes = append(p.classes, "lag "+span(first, last))
		first = last + 1
	}
	return p
}

// span writes the whole numbers first … last.
func span(first, last int) string {
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d-%d", first, last)
}
