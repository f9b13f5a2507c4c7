package corpora

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestPairs(t *testing.T) {
	ids, count := map[string]bool{}, map[string]int{}
	for _, p := range Pairs() {
		if ids[p.ID] || p.ID == "" || p.Title == "" || p.A == "" || p.Note == "" || p.A == p.B {
			t.Errorf("%+v", p)
		}
		ids[p.ID] = true
		count[p.Lang]++
		chinese := strings.ContainsFunc(p.Title+p.Note, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		if p.Lang != "en" && p.Lang != "zh" || chinese != (p.Lang == "zh") {
			t.Errorf("%s: language %q", p.ID, p.Lang)
		}
	}
	if count["en"] < 10 || count["zh"] < 10 {
		t.Errorf("pairs by language: %v", count)
	}
	// The lecture's own example, with fillers of several lengths.
	var fillers []int
	for _, p := range Pairs() {
		const first, last = "我出生在法国。", "流利的法语。"
		if strings.HasPrefix(p.A, first) && strings.HasSuffix(p.A, last) {
			fillers = append(fillers, len([]rune(p.A))-len([]rune(first+last)))
		}
	}
	if slices.Sort(fillers); len(slices.Compact(fillers)) < 4 || fillers[len(fillers)-1] < 100 {
		t.Errorf("fillers between France and French of %v characters", fillers)
	}
}

// The pairs have enough of each count of attractors, and those within the
// words of the grammar of agreement, where the count can be made anew, are
// right.
func TestAgreementPairs(t *testing.T) {
	seen, count, covered := map[string]bool{}, map[int]int{}, map[int]int{}
	number := func(verb string) int {
		return slices.IndexFunc(agreementVerbs[:], func(verbs []string) bool { return slices.Contains(verbs, verb) })
	}
	for _, p := range AgreementPairs() {
		if seen[p.Prefix] || p.Prefix != strings.Join(strings.Fields(p.Prefix), " ") {
			t.Errorf("%q: twice, or oddly spaced", p.Prefix)
		}
		seen[p.Prefix] = true
		count[p.Attractors]++
		singular := func(verb string) bool { return verb == "was" || strings.HasSuffix(verb, "s") }
		if singular(p.Right) == singular(p.Wrong) {
			t.Errorf("%q: %s and %s are of one number", p.Prefix, p.Right, p.Wrong)
		}
		numbers, ok := numbersOf(strings.Fields(p.Prefix))
		if !ok || number(p.Right) < 0 || number(p.Wrong) < 0 {
			continue
		}
		covered[p.Attractors]++
		if attractorsOf(numbers) != p.Attractors || number(p.Right) != numbers[0] || number(p.Wrong) == numbers[0] {
			t.Errorf("%+v: nouns of numbers %v", p, numbers)
		}
	}
	all := 0
	for attractors := range 5 {
		all += covered[attractors]
		if count[attractors] < 30 || covered[attractors] < 10 {
			t.Errorf("%d pairs with %s, %d in the grammar's words", count[attractors], counted(attractors, "attractor"), covered[attractors])
		}
	}
	if all < 80 || len(count) != 5 {
		t.Errorf("%d pairs in the grammar's words; attractors %v", all, count)
	}
}

func TestReadAgreementPairs(t *testing.T) {
	got, err := ReadAgreementPairs(strings.NewReader("# a comment\r\n\r\nthe keys to the cabinet\tare\tis\t1\r\nit\tis\tare\t0"))
	want := []AgreementPair{{"the keys to the cabinet", "are", "is", 1}, {"it", "is", "are", 0}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for text, message := range map[string]string{
		"a\tb\tc":           "line 1: 3 columns, not 4",
		"#\n\na\tb\tc\tx":   `line 3: the number of attractors is "x"`,
		"a\tb\tc\t-1":       `line 1: the number of attractors is "-1"`,
		"a\tb\tb\t0":        `line 1: right and wrong are both "b"`,
		"a\t\tb\t0":         "line 1: an empty field",
		"a\tb\tc\t0\textra": "line 1: 5 columns, not 4",
	} {
		if _, err := ReadAgreementPairs(strings.NewReader(text)); err == nil || err.Error() != message {
			t.Errorf("%q: %v, want %s", text, err, message)
		}
	}
}

func FuzzReadAgreementPairs(f *testing.F) {
	f.Add("# prefix\nthe key\tis\tare\t0\n")
	f.Add("a\tb\tc\t99999999999999999999")
	f.Fuzz(func(t *testing.T, text string) {
		pairs, err := ReadAgreementPairs(strings.NewReader(text))
		for _, p := range pairs {
			if p.Prefix == "" || p.Right == "" || p.Right == p.Wrong || p.Attractors < 0 || strings.ContainsAny(p.Prefix+p.Right+p.Wrong, "\t\n") {
				t.Errorf("%+v of %q, %v", p, text, err)
			}
		}
	})
}
