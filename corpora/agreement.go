package corpora

import (
	"fmt"
	"strings"
)

// agreement is a subject and its verb, parted by other nouns.
//
//	the keys to the cabinet are here .
//
// Up to phrases of a preposition and a noun come between; the verb agrees with
// the first noun. A noun of the other number on the way is an attractor: a
// model that listens to the last noun is right three times in four, and never
// when that noun is an attractor (Linzen, Dupoux & Goldberg 2016).
type agreement struct{ phrases int }

// Singular and plural forms, in the same order.
var (
	agreementNouns = [2][]string{
		strings.Fields("key cabinet door box dog teacher picture garden"),
		strings.Fields("keys cabinets doors boxes dogs teachers pictures gardens"),
	}
	agreementVerbs = [2][]string{
		strings.Fields("is was stands waits stays rests"),
		strings.Fields("are were stand wait stay rest"),
	}
	agreementPrepositions = strings.Fields("to near behind beside")
	agreementAdverbs      = strings.Fields("here there alone nearby")
)

func (g agreement) write(l *line, c chooser) {
	noun := func() (number int) {
		n := c.below(2 * len(agreementNouns[0]))
		number = n % 2
		l.add("the", 0)
		l.add(agreementNouns[number][n/2], natsOf(2*len(agreementNouns[0])))
		return number
	}
	subject := noun()
	attractors, stop := 0, 0.0
	for n := 0; n < g.phrases; n++ {
		if c.chance(2) {
			stop = natsOf(2)
			break
		}
		l.add(agreementPrepositions[c.below(len(agreementPrepositions))], natsOf(2*len(agreementPrepositions)))
		if noun() != subject {
			attractors++
		}
	}
	verbs := agreementVerbs[subject]
	l.add(verbs[c.below(len(verbs))], stop+natsOf(len(verbs)))
	l.score(attractors, 0, subject)
	l.add(agreementAdverbs[c.below(len(agreementAdverbs))], natsOf(len(agreementAdverbs)))
	l.add(".", 0)
	l.add(lineEnd, 0)
}

// expected: there is an nth phrase with probability ½ⁿ, up to the last that
// there may be, and each noun before that one is followed by a decision of one
// bit.
func (g agreement) expected() expected {
	var phrases, decisions float64
	chance := 1.0 // that phrase n is there
	for range g.phrases {
		decisions += chance
		chance /= 2
		phrases += chance
	}
	noun := bitsOf(2 * len(agreementNouns[0]))
	e := expected{
		symbols: 2*len(agreementNouns[0]) + 2*len(agreementVerbs[0]) + len(agreementPrepositions) + len(agreementAdverbs) + 3,
		tokens:  2 + 3*phrases + 4,
		bits: noun + decisions + phrases*(bitsOf(len(agreementPrepositions))+noun) +
			bitsOf(len(agreementVerbs[0])) + bitsOf(len(agreementAdverbs)),
	}
	e.forgets = e.bits + 1 // the verb is of either number
	return e
}

func (g agreement) phenomenon() phenomenon {
	p := phenomenon{
		title:   "the number of the verb",
		choices: [][][]string{agreementVerbs[:]},
	}
	for n := range g.phrases + 1 {
		p.classes = append(p.classes, counted(n, "attractor"))
	}
	return p
}

// counted writes n things.
func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprint(n, " ", thing)
}
