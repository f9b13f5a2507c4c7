package corpora

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Each grammar's lines, read by rules that know nothing of how they are
// written, and the classes of its scored positions counted anew.

// byLine gathers what is scored in each line of a split, the position counted
// from the line's start.
func byLine(b *builtin, g *generated) [][]Scored {
	lines := linesOf(g)
	out := make([][]Scored, len(lines))
	start := make([]int, len(lines))
	at := 0
	for n, line := range lines {
		start[n] = at
		if b.level == Word {
			at += len(strings.Fields(line)) + 1
		} else {
			at += len([]rune(line)) + 1
		}
	}
	for _, s := range g.scored {
		n := s.Line
		s.Pos -= start[n]
		out[n] = append(out[n], s)
	}
	return out
}

// readLines calls read with the lines of the test split until one is wrong.
func readLines(t *testing.T, name string, read func(line string, scored []Scored) error) {
	t.Helper()
	b := variantOf(t, name)
	g := b.split(test)
	scored := byLine(b, g)
	for n, line := range linesOf(g) {
		if err := read(line, scored[n]); err != nil {
			t.Fatalf("%s: line %d, %q: %v", name, n+1, line, err)
		}
	}
}

func TestRecallRepeatsTheKey(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		least, most   int
	}{
		{"recall", `^[A-H][a-h]+\?[A-H]$`, 10, 10},
		{"recall:3", `^[A-H][a-h]+\?[A-H]$`, 3, 3},
		{"recall:same:10", `^[A-H][A-H]+\?[A-H]$`, 10, 10},
		{"recall:mixed:20", `^[A-H][a-h]+\?[A-H]$`, 1, 20},
		{"recall:mixed:2", `^[A-H][a-h]+\?[A-H]$`, 1, 2},
	} {
		pattern, lags := regexp.MustCompile(c.pattern), make([]int, c.most-c.least+1)
		classes := map[string]bool{}
		titles := variantOf(t, c.name).grammar.phenomenon().classes
		readLines(t, c.name, func(line string, scored []Scored) error {
			lag := len(line) - 3
			if !pattern.MatchString(line) || line[0] != line[len(line)-1] || lag < c.least || lag > c.most {
				return fmt.Errorf("not of the language")
			}
			lags[lag-c.least]++
			if len(scored) != 1 || scored[0].Pos != len(line)-1 {
				return fmt.Errorf("scored %v", scored)
			}
			title := titles[scored[0].Class]
			classes[title] = true
			first, last, ranged := strings.Cut(strings.TrimPrefix(title, "lag "), "-")
			if !ranged {
				last = first
			}
			from, err1 := strconv.Atoi(first)
			to, err2 := strconv.Atoi(last)
			if err1 != nil || err2 != nil || lag < from || lag > to {
				return fmt.Errorf("lag %d is counted as %q", lag, title)
			}
			return nil
		})
		checkUniform(t, c.name+": lags", lags)
		if len(classes) != len(titles) {
			t.Errorf("%s: classes %v of %q", c.name, classes, titles)
		}
	}
}

func TestReberIsAccepted(t *testing.T) {
	diagram := reberDiagram()
	outer := regexp.MustCompile(`^B([TP])B(.*)E([TP])E$`)
	readLines(t, "reber", func(line string, scored []Scored) error {
		m := outer.FindStringSubmatch(line)
		if m == nil || m[1] != m[3] {
			return fmt.Errorf("outer letters %q", m)
		}
		state := 1
		for _, r := range m[2] {
			state = diagram[state][string(r)]
		}
		if state != 6 {
			return fmt.Errorf("inner string ends in state %d", state)
		}
		if len(scored) != 1 || scored[0].Pos != len(line)-2 {
			return fmt.Errorf("scored %v", scored)
		}
		return nil
	})
}

func TestBracketsMatch(t *testing.T) {
	for name, depth := range map[string]int{"brackets": 8, "brackets:4": 4, "brackets:1": 1} {
		deepest := 0
		readLines(t, name, func(line string, scored []Scored) error {
			var open []int
			for at, r := range []byte(line) {
				if strings.IndexByte("([{", r) >= 0 {
					open = append(open, at)
					deepest = max(deepest, len(open))
					continue
				}
				opener := open[len(open)-1]
				open = open[:len(open)-1]
				if pair := string(line[opener]) + string(r); !strings.Contains("() [] {}", pair) {
					return fmt.Errorf("%s at %d", pair, at)
				}
				distance, want := at-opener, 0
				for _, first := range []int{3, 7, 15} {
					if distance >= first {
						want++
					}
				}
				if len(scored) == 0 || scored[0].Pos != at || int(scored[0].Class) != want {
					return fmt.Errorf("distance %d at %d scored as %v", distance, at, scored)
				}
				scored = scored[1:]
			}
			if len(open) > 0 || len(scored) > 0 || line == "" {
				return fmt.Errorf("left open %v, left over %v", open, scored)
			}
			return nil
		})
		if deepest != depth {
			t.Errorf("%s goes %d deep", name, deepest)
		}
	}
}

func TestSumsAreRight(t *testing.T) {
	numbers := regexp.MustCompile(`^(\d+)\+(\d+)=(\d+)$`)
	for name, reversed := range map[string]bool{"sums": false, "sums:reversed": true} {
		readLines(t, name, func(line string, scored []Scored) error {
			m := numbers.FindStringSubmatch(line)
			if m == nil {
				return fmt.Errorf("no sum")
			}
			var n [3]int
			for i, digits := range m[1:] {
				if reversed {
					r := []byte(digits)
					slices.Reverse(r)
					digits = string(r)
				}
				n[i], _ = strconv.Atoi(digits)
				if strconv.Itoa(n[i]) != digits {
					return fmt.Errorf("number %q", digits)
				}
			}
			// Each carry takes 9 from the sum of the digits.
			carries := (digitSum(n[0]) + digitSum(n[1]) - digitSum(n[2])) / 9
			if n[0] > 99 || n[1] > 99 || n[0]+n[1] != n[2] || len(scored) != len(m[3])+1 {
				return fmt.Errorf("wrong; scored %v", scored)
			}
			for i, s := range scored {
				if s.Pos != len(line)-len(m[3])+i || int(s.Class) != carries {
					return fmt.Errorf("%d carries, scored %v", carries, scored)
				}
			}
			return nil
		})
	}
}

func digitSum(n int) (sum int) {
	for ; n > 0; n /= 10 {
		sum += n % 10
	}
	return sum
}

// Agreement is by the first noun; the last noun would be right three times in
// four.
func TestAgreementIsWithTheFirstNoun(t *testing.T) {
	lines, lastIsRight := 0, 0
	readLines(t, "agreement", func(line string, scored []Scored) error {
		words := strings.Fields(line)
		verb := len(words) - 3
		numbers, ok := numbersOf(words[:verb])
		number := slices.IndexFunc(agreementVerbs[:], func(verbs []string) bool { return slices.Contains(verbs, words[verb]) })
		if !ok || number != numbers[0] || words[verb+2] != "." || !slices.Contains(agreementAdverbs, words[verb+1]) {
			return fmt.Errorf("not of the language")
		}
		if len(scored) != 1 || scored[0].Pos != verb || int(scored[0].Class) != attractorsOf(numbers) || int(scored[0].Right) != number {
			return fmt.Errorf("scored %v", scored)
		}
		lines++
		if numbers[len(numbers)-1] == number {
			lastIsRight++
		}
		return nil
	})
	checkUniform(t, "last noun is right 3 in 4", []int{lastIsRight, 3 * (lines - lastIsRight)})
}

// numbersOf is 0 or 1 for each noun of a phrase that the agreement grammar
// could begin with: the NOUN (PREPOSITION the NOUN)…
func numbersOf(words []string) (numbers []int, ok bool) {
	for n, word := range words {
		switch n % 3 {
		case 0:
			ok = word == "the"
		case 1:
			number := slices.IndexFunc(agreementNouns[:], func(nouns []string) bool { return slices.Contains(nouns, word) })
			numbers, ok = append(numbers, number), number >= 0
		case 2:
			ok = slices.Contains(agreementPrepositions, word)
		}
		if !ok {
			return nil, false
		}
	}
	return numbers, len(words)%3 == 2
}

// attractorsOf counts the numbers unlike the first.
func attractorsOf(numbers []int) (n int) {
	for _, number := range numbers {
		if number != numbers[0] {
			n++
		}
	}
	return n
}

func TestStoriesRemember(t *testing.T) {
	plan := regexp.MustCompile(`^(\w+) has a (\w+) (\w+) \. (s?he) walks to the (\w+) \. (\w+) is at the (\w+) \. ` +
		`(\w+) gives the (\w+) (\w+) to (\w+) \. now (\w+) has the (\w+) (\w+) and (s?he) is (\w+) \.$`)
	pronoun := map[string]string{"Ada": "she", "Eve": "she", "Ida": "she", "Mia": "she", "Ben": "he", "Leo": "he", "Sam": "he", "Tom": "he"}
	readLines(t, "story", func(line string, scored []Scored) error {
		m := plan.FindStringSubmatch(line)
		if m == nil {
			return fmt.Errorf("not of the plan")
		}
		a, colour, thing, place, b := m[1], m[2], m[3], m[5], m[6]
		want := []string{a, colour, thing, pronoun[a], place, b, place, a, colour, thing, b, b, colour, thing, pronoun[b], m[16]}
		if !slices.Equal(m[1:], want) || a == b {
			return fmt.Errorf("read %q, want %q", m[1:], want)
		}
		said := [][]string{{a}, {b}, {colour}, {thing}, {place}, {pronoun[a]}, {pronoun[b]}}
		words, times := strings.Fields(line), make([]int, len(said))
		for _, s := range scored {
			if !slices.Contains(said[s.Class], words[s.Pos]) {
				return fmt.Errorf("%q scored as class %d", words[s.Pos], s.Class)
			}
			times[s.Class]++
		}
		if !slices.Equal(times, []int{1, 2, 2, 2, 1, 1, 1}) {
			return fmt.Errorf("scored %v times", times)
		}
		return nil
	})
}

func TestMeasureWordsFit(t *testing.T) {
	fits := map[string]string{"只": "猫狗鸟兔", "本": "书", "匹": "马", "条": "鱼河龙", "朵": "花云", "棵": "树松", "张": "纸桌", "座": "山桥城"}
	plan := regexp.MustCompile(`^[我你他她]\p{Han}[一两三四五六七八](只|本|匹|条|朵|棵|张|座)([大小白黑老新]*)(\p{Han})。$`)
	readLines(t, "量词", func(line string, scored []Scored) error {
		m := plan.FindStringSubmatch(line)
		if m == nil || !strings.Contains(fits[m[1]], m[3]) {
			return fmt.Errorf("not of the language: %q", m)
		}
		adjectives := len([]rune(m[2]))
		if len(scored) != 1 || scored[0].Pos != 4+adjectives || int(scored[0].Class) != min(adjectives, 3) {
			return fmt.Errorf("scored %v", scored)
		}
		return nil
	})
}

// BenchmarkGenerate draws all three splits of each grammar.
func BenchmarkGenerate(b *testing.B) {
	for _, f := range families {
		if f.grammar == nil {
			continue
		}
		b.Run(f.name, func(b *testing.B) {
			g, err := lookup(f.name)
			if err != nil {
				b.Fatal(err)
			}
			tokens := 0
			for b.Loop() {
				for _, s := range g.splits() {
					tokens += s.tokens
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(tokens), "ns/token")
			b.ReportMetric(float64(tokens)/float64(b.N), "tokens")
		})
	}
}
