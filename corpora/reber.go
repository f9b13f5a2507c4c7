package corpora

// reber is the embedded Reber grammar, on which the LSTM was first shown
// (Hochreiter & Schmidhuber 1997, experiment 1). A line is a string of Reber's
// grammar between two equal letters:
//
//	B T  B P V P X V V E  T E
//
// Inside, each state has two ways out, each taken half of the time, and an
// n-gram soon learns them. The second of the outer letters is decided by the
// first, six or more steps back, nine on average.
type reber struct{}

// edge is a way out of a state: the symbol it writes and where it leads.
type edge struct {
	symbol string
	to     int
}

// The inner string starts in state 0 and ends in reberEnd.
var reberEdges = [...][2]edge{
	{{"T", 1}, {"P", 2}},
	{{"S", 1}, {"X", 3}},
	{{"T", 2}, {"V", 4}},
	{{"X", 2}, {"S", 5}},
	{{"P", 3}, {"V", 5}},
}

const reberEnd = len(reberEdges)

var reberOuter = []string{"T", "P"}

func (reber) write(l *line, c chooser) {
	l.add("B", 0)
	outer := c.below(len(reberOuter))
	l.add(reberOuter[outer], natsOf(len(reberOuter)))
	l.add("B", 0)
	for state := 0; state != reberEnd; {
		e := reberEdges[state][c.below(2)]
		l.add(e.symbol, natsOf(2))
		state = e.to
	}
	l.add("E", 0)
	l.add(reberOuter[outer], 0)
	l.score(0, 0, outer)
	l.add("E", 0)
	l.add(lineEnd, 0)
}

// expected: one bit for each visit of an inner state and one for the outer
// letter. Seven tokens frame the visits: B T B before, E T E and the line's end
// after.
func (reber) expected() expected {
	visits := 0.0
	for _, n := range reberVisits() {
		visits += n
	}
	e := expected{symbols: 8, tokens: visits + 7, bits: visits + 1}
	e.forgets = e.bits + 1
	return e
}

// reberVisits is how often each inner state is visited on average: the n that
// solves n = start + ½ Σ n(states that lead here), by elimination; the diagonal
// outweighs the rest of its column, so no pivot is looked for.
func reberVisits() [reberEnd]float64 {
	var a [reberEnd][reberEnd + 1]float64 // I - Pᵀ, and the right side
	a[0][reberEnd] = 1
	for from, edges := range reberEdges {
		a[from][from]++
		for _, e := range edges {
			if e.to != reberEnd {
				a[e.to][from] -= 0.5
			}
		}
	}
	for k := range a {
		for i := range a {
			if i == k {
				continue
			}
			factor := a[i][k] / a[k][k]
			for j := range a[i] {
				a[i][j] -= factor * a[k][j]
			}
		}
	}
	var n [reberEnd]float64
	for k := range n {
		n[k] = a[k][reberEnd] / a[k][k]
	}
	return n
}

func (reber) phenomenon() phenomenon {
	return phenomenon{
		title:   "the second outer letter",
		classes: []string{"T or P"},
		choices: [][][]string{singles(reberOuter)},
	}
}

// EmbeddedReber writes one string of the embedded Reber grammar, without the
// line's end; below(n) chooses one of 0 … n-1.
func EmbeddedReber(below func(n int) int) []string {
	var l line
	reber{}.write(&l, chosen(below))
	return l.tokens[:len(l.tokens)-1]
}

// ReberSymbols are the symbols of its strings.
func ReberSymbols() []string { return []string{"B", "T", "P", "S", "X", "V", "E"} }

type chosen func(n int) int

func (c chosen) below(n int) int   { return c(n) }
func (c chosen) chance(n int) bool { return c(n) == 0 }
