package ngram_test

import (
	"fmt"
	"math"
)

// naive is the definition of every smoothing in maps and float64, straight from
// the equations, with nothing shared with the package but the conventions: <s>
// is the id V, n-grams that begin with it keep their counts in place of
// contexts, and where discounts cannot be estimated KenLM's are taken.
type naive struct {
	V, order int
	name     string
	k        float64 // of add

	count    []map[string]float64 // by length
	contexts []map[string]map[int32]bool
	gram     []map[string][]int32
	known    map[[2]int]float64 // n of a length and a count, once it was asked
}

func newNaive(text []int32, V, order int, lines bool, eos int32, name string, k float64) *naive {
	m := &naive{V: V, order: order, name: name, k: k, known: map[[2]int]float64{}}
	for range order + 1 {
		m.count = append(m.count, map[string]float64{})
		m.contexts = append(m.contexts, map[string]map[int32]bool{})
		m.gram = append(m.gram, map[string][]int32{})
	}
	var segments [][]int32
	segment := []int32{}
	if lines {
		segment = append(segment, int32(V))
	}
	for _, id := range text {
		if id < 0 {
			segments = append(segments, segment)
			segment = []int32{}
			continue
		}
		segment = append(segment, id)
		if lines && id == eos {
			segments = append(segments, segment)
			segment = []int32{int32(V)}
		}
	}
	if len(segment) > 1 || len(segment) == 1 && segment[0] != int32(V) {
		segments = append(segments, segment)
	}
	for _, s := range segments {
		for i := range s {
			for n := 1; n <= order && i+n <= len(s); n++ {
				key := fmt.Sprint(s[i : i+n])
				m.count[n][key]++
				m.gram[n][key] = s[i : i+n]
				if m.contexts[n][key] == nil {
					m.contexts[n][key] = map[int32]bool{}
				}
				if i > 0 {
					m.contexts[n][key][s[i-1]] = true
				}
			}
		}
	}
	return m
}

// c is the count of an n-gram that the smoothing goes by.
func (m *naive) c(gram []int32) float64 {
	key := fmt.Sprint(gram)
	if n := len(gram); (m.name == "kn" || m.name == "mkn") && n < m.order && gram[0] != int32(m.V) {
		return float64(len(m.contexts[n][key]))
	}
	return m.count[len(gram)][key]
}

func (m *naive) after(h []int32, w int) []int32 { return append(append([]int32{}, h...), int32(w)) }

func (m *naive) total(h []int32) float64 {
	sum := 0.0
	for w := range m.V {
		sum += m.c(m.after(h, w))
	}
	return sum
}

// n is the number of n-grams of a length with count r.
func (m *naive) n(length, r int) float64 {
	if sum, ok := m.known[[2]int{length, r}]; ok {
		return sum
	}
	sum := 0.0
	for _, gram := range m.gram[length] {
		if !(length == 1 && gram[0] == int32(m.V)) && m.c(gram) == float64(r) {
			sum++
		}
	}
	m.known[[2]int{length, r}] = sum
	return sum
}

// discount is D of a count, for absolute, kn and mkn.
func (m *naive) discount(length int, c float64) float64 {
	n1, n2, n3, n4 := m.n(length, 1), m.n(length, 2), m.n(length, 3), m.n(length, 4)
	if m.name != "mkn" {
		if n1 == 0 {
			return 0.5
		}
		return n1 / (n1 + 2*n2)
	}
	y := n1 / (n1 + 2*n2)
	d1, d2, d3 := 1-2*y*n2/n1, 2-3*y*n3/n2, 3-4*y*n4/n3
	if n1 == 0 || n2 == 0 || n3 == 0 || d1 < 0 || d1 > 1 || d2 < 0 || d2 > 2 || d3 < 0 || d3 > 3 {
		d1, d2, d3 = 0.5, 1, 1.5
	}
	switch {
	case c == 1:
		return d1
	case c == 2:
		return d2
	}
	return d3
}

// p is p(w|h), h of less than order tokens.
func (m *naive) p(h []int32, w int) float64 {
	c, total := m.c(m.after(h, w)), m.total(h)
	switch m.name {
	case "mle":
		if total == 0 {
			return 0
		}
		return c / total
	case "add":
		return (c + m.k) / (total + m.k*float64(m.V))
	case "katz":
		return m.katz(h, w)
	}
	lower := 1 / float64(m.V)
	if len(h) > 0 {
		lower = m.p(h[1:], w)
	}
	if total == 0 {
		return lower
	}
	freed, kept := 0.0, 0.0
	for v := range m.V {
		if cv := m.c(m.after(h, v)); cv > 0 {
			d := m.discount(len(h)+1, cv)
			freed += d
			if v == w {
				kept = cv - d
			}
		}
	}
	return kept/total + freed/total*lower
}

// share is d_r of Katz for n-grams of a length.
func (m *naive) share(length int, r float64) float64 {
	n := func(r int) float64 { return m.n(length, r) }
	for k := 7; k >= 1; k-- {
		a := float64(k+1) * n(k+1) / n(1)
		d := func(r int) float64 {
			return (float64(r+1)*n(r+1)/n(r)/float64(r) - a) / (1 - a)
		}
		good := n(1) > 0 && a < 1
		for r := 1; r <= k; r++ {
			if n(r) > 0 && !(d(r) > 0 && d(r) <= 1) {
				good = false
			}
		}
		if good {
			if r <= float64(k) {
				return d(int(r))
			}
			return 1
		}
	}
	return 1
}

func (m *naive) katz(h []int32, w int) float64 {
	total := m.total(h)
	if len(h) == 0 {
		if total == 0 {
			return 0
		}
		return m.c([]int32{int32(w)}) / total
	}
	if total == 0 {
		return m.katz(h[1:], w)
	}
	kept := make([]float64, m.V)
	sum, whole, every := 0.0, true, true
	for v := range m.V {
		c := m.c(m.after(h, v))
		d := 1.0
		if c > 0 {
			d = m.share(len(h)+1, c)
		}
		kept[v] = d * c
		sum += kept[v]
		whole = whole && d == 1
		every = every && (c > 0 || m.c([]int32{int32(v)}) == 0)
	}
	if every {
		return kept[w] / sum
	}
	if whole {
		total++
	}
	if kept[w] > 0 {
		return kept[w] / total
	}
	unseen := 0.0
	for v := range m.V {
		if kept[v] == 0 {
			unseen += m.katz(h[1:], v)
		}
	}
	return (1 - sum/total) / unseen * m.katz(h[1:], w)
}

func near(got, want, tolerance float64) bool {
	return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)
}
