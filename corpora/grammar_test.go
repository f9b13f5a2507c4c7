package corpora

import (
	"math"
	"os"
	"strings"
	"testing"
)

// variantOf is a grammar by the name a user gives it.
func variantOf(t *testing.T, name string) *builtin {
	t.Helper()
	b, err := lookup(name)
	if err != nil || b == nil || b.grammar == nil {
		t.Fatalf("%s: not a grammar: %v", name, err)
	}
	return b
}

// grammars calls f with every variant that the table shows.
func grammars(t *testing.T, f func(t *testing.T, b *builtin)) {
	for _, e := range List() {
		for _, v := range e.Variants {
			t.Run(v.Name, func(t *testing.T) { f(t, variantOf(t, v.Name)) })
		}
	}
}

// The figures published with the grammars, each to its last printed digit.
func TestPublishedFigures(t *testing.T) {
	for _, c := range []struct {
		name                         string
		symbols                      int
		tokens, tokensDigit          float64
		bits, bitsDigit              float64 // a line
		forgetsPerplexity, lastDigit float64 // 0: none was published
	}{
		{"recall", 18, 14, 0, 33, 0, 5.944, 1e-3},
		{"recall:20", 18, 24, 0, 63, 0, 6.727, 1e-3},
		{"recall:50", 18, 54, 0, 153, 0, 7.407, 1e-3},
		{"recall:mixed:20", 18, 14.5, 0, 34.5 + math.Log2(20), 0, 0, 0},
		{"recall:same:10", 10, 14, 0, 33, 0, 5.944, 1e-3},
		{"reber", 8, 13, 0, 7, 0, 1.5320, 1e-4},
		{"brackets", 7, 33, 0, 55.36, 1e-2, 0, 0},
		{"brackets:4", 7, 17, 0, 26.68, 1e-2, 0, 0},
		{"sums", 13, 9.2895, 0, 13.2877, 1e-4, 0, 0},
		{"sums:reversed", 13, 9.2895, 0, 13.2877, 1e-4, 0, 0},
		{"agreement", 39, 8.625, 0, 15.585, 1e-3, 3.792, 1e-3},
		{"story", 42, 38, 0, 14.8074, 1e-4, 0, 0},
		{"measure", 50, 8, 0, 15.606, 1e-3, 0, 0},
	} {
		e := variantOf(t, c.name).grammar.expected()
		if e.symbols != c.symbols {
			t.Errorf("%s: %d symbols, want %d", c.name, e.symbols, c.symbols)
		}
		check := func(what string, got, want, digit float64) {
			if math.Abs(got-want) > digit/2+roundingError {
				t.Errorf("%s: %s %v, want %v", c.name, what, got, want)
			}
		}
		check("tokens a line", e.tokens, c.tokens, c.tokensDigit)
		check("bits a line", e.bits, c.bits, c.bitsDigit)
		check("floor", e.floor(), c.bits/c.tokens*math.Ln2, c.bitsDigit/c.tokens)
		if c.forgetsPerplexity != 0 {
			check("perplexity when forgetting", math.Exp(e.forgetful()), c.forgetsPerplexity, c.lastDigit)
		}
	}
}

// chain is a Markov chain, written down anew for the grammars whose lines have
// no longest: for each state the probabilities of the next and the bits of the
// choice. State -1 is the end of the line.
type chain map[int][]step

type step struct {
	to int
	p  float64 // of taking it
	n  float64 // tokens, one unless said
	b  float64 // bits that the token costs besides the choice of the step
}

// walk follows the distribution over states until nothing is left.
func (c chain) walk(start int) (tokens, bits float64) {
	at := map[int]float64{start: 1}
	for left := 1.0; left > 1e-15; {
		next := map[int]float64{}
		left = 0
		for state, mass := range at {
			for _, s := range c[state] {
				tokens += mass * s.p * s.n
				bits += mass * s.p * (s.b - math.Log2(s.p))
				if s.to >= 0 {
					next[s.to] += mass * s.p
					left += mass * s.p
				}
			}
		}
		at = next
	}
	return tokens, bits
}

func TestFormulasAgainstMarkovChains(t *testing.T) {
	check := func(name string, g grammar, tokens, bits float64) {
		if e := g.expected(); math.Abs(e.tokens-tokens) > roundingError || math.Abs(e.bits-bits) > roundingError {
			t.Errorf("%s: %v tokens and %v bits a line, formulas %v and %v", name, tokens, bits, e.tokens, e.bits)
		}
	}
	// Reber's diagram; 6 is the last state.
	inner := chain{}
	for from, edges := range reberDiagram() {
		for _, to := range edges {
			if to == 6 {
				to = -1
			}
			inner[from] = append(inner[from], step{to: to, p: 0.5, n: 1})
		}
	}
	tokens, bits := inner.walk(1)
	check("reber", reber{}, tokens+7, bits+1)

	// States are depths; 0 once a block is closed.
	for _, g := range []brackets{{8, 2, 2}, {4, 2, 2}, {1, 2, 2}, {5, 3, 5}} {
		c := chain{g.depth: {{to: g.depth - 1, p: 1, n: 1}}}
		p, more, kind := 1/float64(g.deeper), 1/float64(g.more), math.Log2(3)
		for d := 1; d < g.depth; d++ {
			c[d] = []step{{to: d + 1, p: p, n: 1, b: kind}, {to: d - 1, p: 1 - p, n: 1}}
		}
		c[0] = []step{{to: 1, p: more, n: 1, b: kind}, {to: -1, p: 1 - more, n: 1}}
		tokens, bits := c.walk(1)
		check("brackets", g, tokens+1, bits+kind)
	}

	// State 0 is after a measure word or an adjective.
	c := chain{0: {{to: 0, p: 0.5, n: 1, b: math.Log2(6)}}}
	for _, nouns := range []float64{4, 1, 1, 3, 2, 2, 2, 3} {
		c[0] = append(c[0], step{to: -1, p: 0.5 / 8, n: 1, b: math.Log2(nouns) - 3})
	}
	tokens, bits = c.walk(0)
	check("measure", newMeasure(), tokens+6, bits+2+2+3+3)
}

// reberDiagram is the inner grammar as it is usually drawn, by the symbol that
// leads from a state to the next.
func reberDiagram() map[int]map[string]int {
	return map[int]map[string]int{
		1: {"T": 2, "P": 3},
		2: {"S": 2, "X": 4},
		3: {"T": 3, "V": 5},
		4: {"X": 3, "S": 6},
		5: {"P": 4, "V": 6},
	}
}

// Four standard deviations of the mean; the seeds are fixed.
const sampleError = 4

// What is drawn has the expected length and surprise, in every split, and the
// figures of a split are the sums over its lines.
func TestSamplesMeetTheirExpectation(t *testing.T) {
	grammars(t, func(t *testing.T, b *builtin) {
		e := b.grammar.expected()
		for part, g := range b.splits() {
			var (
				l                             line
				c                             = newDraws(seeds[part], b.family.stream)
				lines                         = b.family.lines[part]
				tokens, nats, first           float64
				tokensSquared, excess, square float64
			)
			for n := range lines {
				l.reset()
				b.grammar.write(&l, c)
				if n == 0 {
					first = l.nats[0]
				}
				sum := 0.0
				for _, s := range l.nats {
					sum += s
				}
				over := sum - float64(len(l.tokens))*e.floor()
				tokens += float64(len(l.tokens))
				tokensSquared += float64(len(l.tokens) * len(l.tokens))
				nats += sum
				excess += over
				square += over * over
			}
			count := float64(lines)
			mean := tokens / count
			deviation := math.Sqrt(max(0, tokensSquared/count-mean*mean) / count)
			if math.Abs(mean-e.tokens) > sampleError*deviation+roundingError {
				t.Errorf("%s: %v tokens a line, expected %v ± %v", partNames[part], mean, e.tokens, deviation)
			}
			// On average a line surprises by its tokens times the floor.
			over := excess / count
			deviation = math.Sqrt(max(0, square/count-over*over) / count)
			if math.Abs(over) > sampleError*deviation+roundingError {
				t.Errorf("%s: lines surprise by %v nats over the floor, expected 0 ± %v", partNames[part], over, deviation)
			}
			if float64(g.tokens) != tokens || math.Abs(g.nats-(nats-first)) > roundingError*nats {
				t.Errorf("%s: %d tokens and %v nats, lines sum to %v and %v", partNames[part], g.tokens, g.nats, tokens, nats-first)
			}
			if got := g.floor(b.level, b.level, g.tokens); got != g.nats/float64(g.tokens-1) {
				t.Errorf("%s: floor %v", partNames[part], got)
			}
		}
	})
}

// A grammar opened like any text gives back the tokens that it was drawn as:
// nothing is unknown, every scored token is of the set that is right, and the
// sets of a choice have no token in common.
func TestGrammarsAsCorpora(t *testing.T) {
	grammars(t, func(t *testing.T, b *builtin) {
		c, err := Open(b.name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		e, p := b.grammar.expected(), c.Phenomenon
		if c.Level != b.level || !c.Builtin || p == nil || c.Vocab.Len() != e.symbols {
			t.Fatalf("level %v, built-in %v, phenomenon %v, %d symbols", c.Level, c.Builtin, p, c.Vocab.Len())
		}
		if p.Floor != e.floor() || p.Forgets != e.forgetful() || !(p.Floor < p.Forgets) {
			t.Errorf("floor %v and %v when forgetting", p.Floor, p.Forgets)
		}
		for _, choice := range p.Choices {
			seen := map[int32]bool{}
			for _, set := range choice {
				for _, id := range set {
					if seen[id] {
						t.Errorf("%q is in two sets", c.Vocab.Token(int(id)))
					}
					seen[id] = true
				}
				if len(set) == 0 {
					t.Error("an empty set")
				}
			}
		}
		for part, split := range []Split{c.Train, c.Valid, c.Test} {
			g := b.split(part)
			if split.Unknown != 0 || split.IDs.Len() != g.tokens || split.FloorNats != g.nats/float64(g.tokens-1) {
				t.Errorf("%s: %d tokens, %d unknown, floor %v", partNames[part], split.IDs.Len(), split.Unknown, split.FloorNats)
			}
			if (len(split.Scored) == 0) != (part == train) {
				t.Errorf("%s: %d scored positions", partNames[part], len(split.Scored))
			}
			count, before := map[uint8]int{}, -1
			for _, s := range split.Scored {
				count[s.Class]++
				if s.Pos <= before {
					t.Fatalf("scored position %d after %d", s.Pos, before)
				}
				before = s.Pos
				ok, id := false, split.IDs.At(s.Pos)
				for _, right := range p.Choices[s.Choice][s.Right] {
					ok = ok || int(right) == id
				}
				if !ok {
					t.Fatalf("%s: token %d, %q, is not in the right set", partNames[part], s.Pos, c.Vocab.Token(id))
				}
			}
			if part != train && len(count) != len(p.Classes) {
				t.Errorf("%s: scored positions by class %v, want some in each of %q", partNames[part], count, p.Classes)
			}
		}
	})
}

// Spelled out, a grammar of words costs the same bits a line.
func TestWordsReadAsCharacters(t *testing.T) {
	c, err := Open("story", Options{Level: Char, LevelSet: true})
	if err != nil {
		t.Fatal(err)
	}
	g := variantOf(t, "story").split(train)
	if want := g.nats / float64(len(g.text)-1); c.Train.FloorNats != want || c.Phenomenon != nil || c.Train.Scored != nil {
		t.Errorf("floor %v, want %v; phenomenon %v", c.Train.FloorNats, want, c.Phenomenon)
	}
	// 144.75 characters a line on average, drawn within a twentieth of one.
	if got := float64(len(g.text)) / 20_000; math.Abs(got-144.75) > 0.05 {
		t.Errorf("%v characters a line", got)
	}
	if got := c.Train.FloorNats / math.Ln2; math.Abs(got-0.1023) > 0.00005 {
		t.Errorf("floor of %v bits a character, published 0.1023", got)
	}
	initials := map[byte]bool{}
	for _, name := range storyNames {
		initials[name[0]] = true
	}
	if len(initials) != len(storyNames) {
		t.Errorf("two of %q begin alike", storyNames)
	}
	if c, err = Open("recall", Options{Level: Word, LevelSet: true}); err != nil || !math.IsNaN(c.Train.FloorNats) {
		t.Errorf("characters read as words: %v; floor %v, want none", err, c.Train.FloorNats)
	}
}

// The texts are the same for ever: a model trained with one version of the
// program is judged by another.
func TestPinnedTexts(t *testing.T) {
	sums, err := os.ReadFile("testdata/generated.sha256")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		want[name] = sum
	}
	grammars(t, func(t *testing.T, b *builtin) {
		d, err := Show(b.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range d.Parts {
			if name := b.name + " " + p.Name; p.SHA256 != want[name] {
				t.Errorf("%s is pinned to sha256 %s, got\n%s  %s", name, want[name], p.SHA256, name)
			}
		}
	})
}

// linesOf is the lines of a text without their ends.
func linesOf(g *generated) []string {
	return strings.Split(strings.TrimSuffix(g.text, lineEnd), lineEnd)
}
