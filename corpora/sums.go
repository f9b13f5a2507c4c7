package corpora

import (
	"math"
	"strconv"
	"strings"
)

// sums is addition: two numbers from 0 to 99, each as likely, and their sum.
//
//	37+85=122
//
// The answer is certain, so its digits cost a model that can add nothing. From
// the highest digit on, the first one written needs all the carries; reversed,
// from the lowest on, each digit needs one.
type sums struct{ reversed bool }

// sumSymbols: a digit's place is its value.
var sumSymbols = strings.Split("0123456789\n+=", "")

const sumEnd = 10 // place of the line's end

func (g sums) write(l *line, c chooser) {
	a := g.number(l, c, "+")
	b := g.number(l, c, "=")
	carries := (a%10 + b%10) / 10
	carries += (a/10 + b/10 + carries) / 10
	for _, digit := range g.digits(a + b) {
		l.add(sumSymbols[digit], 0)
		l.score(carries, 0, digit)
	}
	l.add(lineEnd, 0)
	l.score(carries, 0, sumEnd)
}

// number writes a number below 100 and the sign after it, choosing digit by
// digit. Each number has the probability 1/100, so the first digit is 0 once
// in a hundred and each other eleven times; after that there is an end or one
// of ten digits. Reversed, each first digit is as likely, and after it there
// is an end or a digit that is not 0.
func (g sums) number(l *line, c chooser, sign string) int {
	const all = 100
	var first, more int
	switch {
	case g.reversed:
		first, more = c.below(10), 9
		l.add(sumSymbols[first], natsOf(10))
	case c.chance(all):
		l.add("0", natsOf(all))
		l.add(sign, 0)
		return 0
	default:
		first, more = 1+c.below(9), 10
		l.add(sumSymbols[first], natsOf(all)-natsOf(11))
	}
	if c.chance(more + 1) {
		l.add(sign, natsOf(more+1))
		return first
	}
	second := c.below(more)
	if g.reversed {
		second++
	}
	l.add(sumSymbols[second], natsOf(more+1))
	l.add(sign, 0)
	if g.reversed {
		return 10*second + first
	}
	return 10*first + second
}

// digits are those of n in the order they are written.
func (g sums) digits(n int) []int {
	var out []int
	for _, digit := range strconv.Itoa(n) {
		out = append(out, int(digit-'0'))
	}
	if g.reversed {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
}

// expected: 2 log₂ 100 bits and the digits of a, b and c with three signs. A
// model that forgets a and b must guess c, for the entropy of c.
func (g sums) expected() expected {
	const all = 100
	e := expected{symbols: len(sumSymbols), tokens: 3, bits: 2 * bitsOf(all)}
	e.forgets = e.bits
	for n := range all {
		e.tokens += 2 * float64(len(g.digits(n))) / all
	}
	for n := range 2*all - 1 {
		p := float64(min(n, 2*all-2-n)+1) / (all * all)
		e.tokens += p * float64(len(g.digits(n)))
		e.forgets -= p * math.Log2(p)
	}
	return e
}

func (g sums) phenomenon() phenomenon {
	return phenomenon{
		title:     "the whole answer",
		classes:   []string{"no carry", "one carry", "two carries"},
		choices:   [][][]string{singles(sumSymbols)},
		wholeLine: true,
	}
}
