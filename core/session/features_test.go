package session

import (
	"slices"
	"strings"
	"testing"
)

// The subject's number is what its noun's ending says, from the noun to before
// the verb, wherever in the split the tokens begin.
func TestSubjectNumber(t *testing.T) {
	t.Parallel()
	c := text(t, "agreement")
	verbs := strings.Fields("is was stands waits stays rests are were stand wait stay rest")
	for _, from := range []int{0, 13, 500} {
		const n = 300
		f, ok := subjectNumber(c, c.Valid, from, n)
		if !ok || len(f.Values) != n || !f.Binary {
			t.Fatalf("from %d: %v, %d values", from, ok, len(f.Values))
		}
		token := func(i int) string { return c.Vocab.Token(c.Valid.IDs.At(i)) }
		known := 0
		for i, v := range f.Values {
			start := from + i // of the line
			for start > 0 && token(start-1) != "<eos>" {
				start--
			}
			verb := start
			for !slices.Contains(verbs, token(verb)) {
				verb++
			}
			at := from + i
			if at < start+1 || at >= verb {
				if v == v {
					t.Errorf("token %d %q has number %v, not between subject and verb", at, token(at), v)
				}
				continue
			}
			known++
			if plural := strings.HasSuffix(token(start+1), "s"); v != map[bool]float32{true: 1}[plural] {
				t.Errorf("token %d: number %v of subject %q", at, v, token(start+1))
			}
		}
		if known < n/4 {
			t.Errorf("known at %d of %d tokens", known, n)
		}
	}
	if _, ok := subjectNumber(text(t, "brackets"), text(t, "brackets").Valid, 0, 100); ok {
		t.Error("brackets have a subject")
	}
}
