package corpora

import (
	"math"
	"strings"
)

// grammar is a language whose entropy is known. It makes every random choice at
// the token that reveals it, so that minus the logarithm of the choice's
// probability is what the token surprises even a reader who knows the grammar
// and forgets nothing. No model does better on average.
//
//	tokens     F    b    g    a    ?    F    \n      recall, three distractors
//	surprise   ln8  ln8  ln8  ln8  0    0    0
//	scored                              ▲
//
// Lines are independent and follow each other in one stream, through which a
// network carries its state. A line is preceded by the end of the one before.
type grammar interface {
	// write adds the tokens of one line to l, which is empty.
	write(l *line, c chooser)
	expected() expected
	phenomenon() phenomenon
}

// line is one line of a grammar, its end included.
type line struct {
	tokens []string
	nats   []float64 // surprise of each token
	scored []Scored  // Pos counts from the start of the line
}

// lineEnd is the last token of every line: the newline of a character model,
// <eos> of a word model.
const lineEnd = "\n"

func (l *line) add(token string, nats float64) {
	l.tokens = append(l.tokens, token)
	l.nats = append(l.nats, nats)
}

// score marks the token last added as one where set right of a choice is right.
func (l *line) score(class, choice, right int) {
	l.scored = append(l.scored, Scored{Pos: len(l.tokens) - 1, Class: uint8(class), Choice: uint16(choice), Right: uint8(right)})
}

func (l *line) reset() {
	l.tokens, l.nats, l.scored = l.tokens[:0], l.nats[:0], l.scored[:0]
}

// expected is what a line holds on average, by the grammar's formulas.
type expected struct {
	symbols int     // of the vocabulary
	tokens  float64 // with the end of the line
	bits    float64 // of surprise
	forgets float64 // bits for a model that lacks what it should have kept
}

// floor and forgetful are nats per token.
func (e expected) floor() float64     { return e.bits * math.Ln2 / e.tokens }
func (e expected) forgetful() float64 { return e.forgets * math.Ln2 / e.tokens }

// phenomenon is a Phenomenon whose choices are between tokens rather than ids.
type phenomenon struct {
	title     string
	classes   []string
	choices   [][][]string
	wholeLine bool
}

// generated is one split of a grammar, and what is known of it.
type generated struct {
	text   string
	tokens int      // at the grammar's own level
	nats   float64  // surprise of all tokens but the first, which nothing predicts
	scored []Scored // positions in the split, ascending
}

// floor is the nats per predicted token when the text was read as n tokens of a
// level. The letters of a word together surprise as the word does (a grammar of
// words begins with one that its first letter tells), so words may be read as
// characters; characters read as words have no known floor.
func (g *generated) floor(own, read Level, n int) float64 {
	if own == read && n == g.tokens || own == Word && read == Char {
		return g.nats / float64(n-1)
	}
	return math.NaN()
}

// generate writes lines with the choices of c, at the grammar's own level.
func generate(g grammar, level Level, lines int, c chooser, scored bool) *generated {
	var (
		out  generated
		text strings.Builder
		l    line
	)
	for n := range lines {
		l.reset()
		g.write(&l, c)
		nats := 0.0
		for i, token := range l.tokens {
			if level == Word && i > 0 && token != lineEnd {
				text.WriteByte(' ')
			}
			text.WriteString(token)
			nats += l.nats[i]
		}
		if n == 0 {
			nats -= l.nats[0]
		}
		out.nats += nats
		if scored {
			for _, s := range l.scored {
				s.Pos += out.tokens
				s.Line = int32(n)
				out.scored = append(out.scored, s)
			}
		}
		out.tokens += len(l.tokens)
	}
	out.text = text.String()
	return &out
}

// singles makes a set of each token.
func singles(tokens []string) [][]string {
	sets := make([][]string, len(tokens))
	for i := range tokens {
		sets[i] = tokens[i : i+1]
	}
	return sets
}

// natsOf is the surprise of one of n equally likely choices.
func natsOf(n int) float64 { return math.Log(float64(n)) }

// bitsOf is natsOf in bits.
func bitsOf(n int) float64 { return math.Log2(float64(n)) }

// coin is the surprise of what happens once in n, and of the opposite.
func coin(n int) (once, otherwise float64) {
	return natsOf(n), -math.Log1p(-1 / float64(n))
}
