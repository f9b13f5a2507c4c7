package corpora

import "math"

// brackets is the Dyck language of three kinds of brackets, to a depth.
//
//	([]{})[](())
//
// Every closing bracket must be of the kind of the last one still open: the
// network needs a stack, an n-gram sees openers only as far as its window.
//
// The reader never knows when a bracket will open: at depth 0 a line that has
// begun goes on once in more, between 0 and the depth it goes deeper once in
// deeper, at the depth it must close.
type brackets struct {
	depth        int
	deeper, more int
}

var bracketPairs = [...][2]string{{"(", ")"}, {"[", "]"}, {"{", "}"}}

func (g brackets) write(l *line, c chooser) {
	type opener struct{ kind, at int }
	stack := make([]opener, 0, g.depth)
	kind := natsOf(len(bracketPairs))
	open := func(surprise float64) {
		top := opener{c.below(len(bracketPairs)), len(l.tokens)}
		stack = append(stack, top)
		l.add(bracketPairs[top.kind][0], surprise+kind)
	}
	shut := func(surprise float64) {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		l.add(bracketPairs[top.kind][1], surprise)
		l.score(bracketClass(len(l.tokens)-1-top.at), 0, top.kind)
	}
	down, up := coin(g.deeper)
	goOn, end := coin(g.more)
	for open(0); ; {
		switch {
		case len(stack) == g.depth:
			shut(0)
		case len(stack) > 0 && c.chance(g.deeper):
			open(down)
		case len(stack) > 0:
			shut(up)
		case c.chance(g.more):
			open(goOn)
		default:
			l.add(lineEnd, end)
			return
		}
	}
}

// bracketClass groups the distance between an opener and its closer.
func bracketClass(distance int) int {
	switch {
	case distance <= 2:
		return 0
	case distance <= 6:
		return 1
	case distance <= 14:
		return 2
	}
	return 3
}

// expected follows the recursion over depths. With p the chance to go deeper,
// e(d) tokens and b(d) bits come on average from depth d on until it is left:
//
//	e(D) = 1                    b(D) = 0
//	e(d) = (1 + p·e(d+1))/(1-p) b(d) = (H(p) + p·(log₂k + b(d+1)))/(1-p)
//
// A line is a geometric number of blocks, 1/q on average where q is the chance
// to end, each of an opener and what follows it until depth 0.
func (g brackets) expected() expected {
	p, q := 1/float64(g.deeper), 1-1/float64(g.more)
	kind := bitsOf(len(bracketPairs))
	e, b := 1.0, 0.0
	for range g.depth - 1 {
		e, b = (1+p*e)/(1-p), (entropy(p)+p*(kind+b))/(1-p)
	}
	x := expected{symbols: 2*len(bracketPairs) + 1, tokens: (1+e)/q + 1, bits: (kind + b + entropy(q)) / q}
	x.forgets = x.bits + (x.tokens-1)/2*kind // half of a line's brackets close
	return x
}

// entropy is that of a coin that shows heads with probability p, in bits.
func entropy(p float64) float64 {
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

func (g brackets) phenomenon() phenomenon {
	var closers []string
	for _, pair := range bracketPairs {
		closers = append(closers, pair[1])
	}
	return phenomenon{
		title:   "the kind of a closing bracket",
		classes: []string{"distance 1-2", "distance 3-6", "distance 7-14", "distance 15+"},
		choices: [][][]string{singles(closers)},
	}
}
