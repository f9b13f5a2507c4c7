package corpora

import (
	"math"
	"strings"
	"testing"
)

// explorer is a chooser that goes through all choices, one line after another,
// depth first. It gives up a line when the choices so far are less likely than
// least.
type explorer struct {
	turns []turn // of this line; what comes after is not yet known
	at    int
	p     float64
	least float64
}

// turn is one choice on the way.
type turn struct {
	choice, of int
	first      float64 // probability of choice 0; the others share the rest evenly
}

type tooRare struct{}

func (e *explorer) take(of int, first float64) int {
	if e.at == len(e.turns) {
		if e.p < e.least {
			panic(tooRare{})
		}
		e.turns = append(e.turns, turn{0, of, first})
	}
	t := e.turns[e.at]
	e.at++
	if t.choice == 0 {
		e.p *= t.first
	} else {
		e.p *= (1 - t.first) / float64(t.of-1)
	}
	return t.choice
}

func (e *explorer) below(n int) int   { return e.take(n, 1/float64(n)) }
func (e *explorer) chance(n int) bool { return n == 1 || e.take(2, 1/float64(n)) == 0 }

// next turns to the next line, if there is one.
func (e *explorer) next() bool {
	for n := len(e.turns) - 1; n >= 0; n-- {
		if e.turns[n].choice++; e.turns[n].choice < e.turns[n].of {
			return true
		}
		e.turns = e.turns[:n]
	}
	return false
}

// write writes one line, or the beginning of one that is given up.
func (e *explorer) write(g grammar, l *line) (whole bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, rare := r.(tooRare); !rare {
				panic(r)
			}
		}
	}()
	l.reset()
	e.at, e.p = 0, 1
	g.write(l, e)
	return true
}

// explore visits all lines of a grammar with their probabilities.
func explore(g grammar, least float64, visit func(l *line, p float64, whole bool)) {
	e := &explorer{least: least}
	for l, more := (&line{}), true; more; more = e.next() {
		whole := e.write(g, l)
		visit(l, e.p, whole)
	}
}

// prefixes checks that the surprises are those of a probability distribution
// over the next token, after every beginning of a line. Lines come depth first,
// so that those with a common beginning follow each other, as long as no
// choice is made before the token that reveals it; otherwise a token comes up
// a second time, and its beginning adds up to more than 1.
type prefixes struct {
	t     *testing.T
	path  []string
	sums  []float64 // at n: probability of the tokens seen after path[:n]
	cut   []bool    // at n: path[:n] was given up
	wrong int
}

func (s *prefixes) visit(l *line, whole bool) {
	same := 0
	for same < min(len(s.path), len(l.tokens)) && s.path[same] == l.tokens[same] {
		same++
	}
	s.leave(same + 1)
	s.path = append(s.path[:same], l.tokens[same:]...)
	for len(s.sums) <= len(s.path) {
		s.sums, s.cut = append(s.sums, 0), append(s.cut, false)
	}
	for n := same; n < len(l.tokens); n++ {
		s.sums[n] += math.Exp(-l.nats[n])
	}
	s.cut[len(s.path)] = !whole
}

// leave checks the beginnings of n tokens and more, which are not seen again.
// The last of them is a whole line, with nothing to follow, or is cut.
func (s *prefixes) leave(n int) {
	for k := n; k < len(s.sums)-1; k++ {
		if !s.cut[k] && math.Abs(s.sums[k]-1) > roundingError && s.wrong < 5 {
			s.t.Errorf("after %q the probabilities of the next token sum to %v", s.path[:k], s.sums[k])
			s.wrong++
		}
	}
	s.sums, s.cut = s.sums[:min(n, len(s.sums))], s.cut[:min(n, len(s.cut))]
}

// roundingError is what sums over the lines of a grammar may lose: up to 10⁵
// additions of numbers below 100.
const roundingError = 1e-9

// small are grammars of every kind with few enough lines to go through all, or
// all but the rare ones.
var small = []struct {
	name  string
	g     grammar
	least float64 // likelihood below which a line is given up; 0 for none
}{
	{"recall", recall{lag: 2}, 0},
	{"recall same", recall{lag: 3, same: true}, 0},
	{"recall mixed", recall{lag: 4, mixed: true}, 0},
	{"reber", reber{}, 1e-8},
	{"brackets", brackets{depth: 3, deeper: 10, more: 8}, 1e-8},
	{"sums", sums{}, 0},
	{"sums reversed", sums{reversed: true}, 0},
	{"agreement", agreement{phrases: 1}, 0},
	{"story", story{}, 0},
	{"measure", smallMeasure(), 1e-7},
}

// smallMeasure is measure with fewer words that are chosen freely.
func smallMeasure() grammar {
	g := newMeasure()
	g.pronouns, g.verbs, g.numerals, g.adjectives = g.pronouns[:1], g.verbs[:2], g.numerals[:1], g.adjectives[:2]
	return g
}

// census is what all lines of a grammar come to.
type census struct {
	t       *testing.T
	prefix  prefixes
	lines   map[string]bool
	symbols map[string]bool

	total  float64 // probability
	rest   float64 // probability of the lines given up
	tokens float64
	bits   float64 // entropy, with what is known of the lines given up

	right   map[Scored]float64 // by choice and set: how many in a line
	answers map[string]float64 // probability of the scored tokens of a line
}

func (c *census) visit(l *line, p float64, whole bool) {
	c.total += p
	c.bits -= p * math.Log2(p)
	c.tokens += p * float64(len(l.tokens))
	c.prefix.visit(l, whole)
	if !whole {
		c.rest += p
		return
	}
	text, surprise := strings.Join(l.tokens, " "), 0.0
	for i, token := range l.tokens {
		c.symbols[token] = true
		surprise += l.nats[i]
	}
	if c.lines[text] || !strings.HasSuffix(text, lineEnd) || math.Abs(surprise+math.Log(p)) > roundingError {
		c.t.Fatalf("%q: surprise %v nats, probability %v, seen before: %v", text, surprise, p, c.lines[text])
	}
	c.lines[text] = true
	answer := ""
	for _, s := range l.scored {
		c.right[Scored{Choice: s.Choice, Right: s.Right}] += p
		answer += l.tokens[s.Pos]
	}
	c.answers[answer] += p
}

// decided is the entropy of what the scored positions decide, in bits a line.
func (c *census) decided() float64 {
	bits, all := 0.0, map[uint16]float64{}
	for s, p := range c.right {
		all[s.Choice] += p
	}
	for s, p := range c.right {
		bits -= p * math.Log2(p/all[s.Choice])
	}
	return bits
}

// The entropy of all lines together is what the formulas give, each line's
// surprise is that of its probability, and what forgetting costs is the entropy
// of what the scored positions decide.
func TestExactByEnumeration(t *testing.T) {
	for _, c := range small {
		t.Run(c.name, func(t *testing.T) {
			n := census{t: t, prefix: prefixes{t: t}, lines: map[string]bool{}, symbols: map[string]bool{},
				right: map[Scored]float64{}, answers: map[string]float64{}}
			explore(c.g, c.least, n.visit)
			n.prefix.leave(0)
			if math.Abs(n.total-1) > roundingError || n.rest > 1e-3 || c.least == 0 && n.rest > 0 {
				t.Fatalf("probabilities sum to %v, those of lines given up to %v", n.total, n.rest)
			}
			e := c.g.expected()
			if len(n.symbols) != e.symbols {
				t.Errorf("%d symbols, formula %d", len(n.symbols), e.symbols)
			}
			forgets := n.bits + n.decided()
			switch c.g.(type) {
			case sums: // the digits of an answer are not independent
				forgets = n.bits
				for _, p := range n.answers {
					forgets -= p * math.Log2(p)
				}
			case story: // who forgets the giver takes the receiver for any of eight
				forgets += math.Log2(8) - math.Log2(7)
			}
			// A line given up would go on, at most as a few lines do.
			const few = 3
			for _, x := range []struct {
				what         string
				got, formula float64
			}{
				{"entropy", n.bits, e.bits},
				{"tokens", n.tokens, e.tokens},
				{"bits when forgetting", forgets, e.forgets},
			} {
				if missing := x.formula - x.got; missing < -roundingError || missing > few*x.formula*n.rest+roundingError {
					t.Errorf("%s of a line: %v, formula %v", x.what, x.got, x.formula)
				}
			}
			t.Logf("%d lines, %.1g of all given up", len(n.lines), n.rest)
		})
	}
}

// Every grammar of the table is among the small ones.
func TestEveryGrammarIsEnumerated(t *testing.T) {
	names := map[string]bool{}
	for _, c := range small {
		names[c.name] = true
	}
	for _, f := range families {
		if f.grammar != nil && !names[f.name] {
			t.Errorf("%s is not", f.name)
		}
	}
}
