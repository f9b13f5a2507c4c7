package session

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// The longest stretch against trying all of them.
func TestLongestCopied(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	letters := []rune("ab 人咬é")
	word := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteRune(letters[g.IntN(len(letters))])
		}
		return b.String()
	}
	for range 300 {
		text, s := word(g.IntN(60)), word(g.IntN(20))
		var x textIndex
		x.build(text)
		want := 0
		r := []rune(s)
		for i := range r {
			for j := i + 1; j <= len(r); j++ {
				if part := string(r[i:j]); strings.Contains(text, part) {
					want = max(want, len(part))
				}
			}
		}
		got := x.longest(s)
		if len(got) != want || !strings.Contains(text, got) || !utf8.ValidString(got) {
			t.Fatalf("%q in %q: %q, want one of %d bytes", s, text, got, want)
		}
	}
}

func TestCompareCounts(t *testing.T) {
	var x textIndex
	x.build("The heron waits.\nIt is patient.\n")
	got := x.compare("the owl waits\nfor it\n\nIs pat")
	// The last word was cut off by the end of the writing.
	if got.Unit != "word" || got.Units != 6 || got.Known != 4 || got.Line != 9.5 || got.TextLine != 15 || got.Copied != " waits" {
		t.Errorf("%+v", got)
	}
	x = textIndex{}
	x.build("狗咬人。人咬狗。")
	got = x.compare("狗咬狗，人")
	if got.Unit != "pair" || got.Units != 2 || got.Known != 2 || got.Copied != "狗咬" && got.Copied != "咬狗" {
		t.Errorf("%+v", got)
	}
}
