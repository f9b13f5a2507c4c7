package corpora

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// Fables is real prose: no sentence stands twice, hardly a phrase does, and it
// compresses as prose does. Text made from templates compresses far better.
func TestFables(t *testing.T) {
	if n := len(fablesText); n < 100_000 {
		t.Errorf("%d characters", n)
	}
	symbols := map[byte]bool{}
	for n, line := range strings.Split(fablesText, "\n") {
		if len(line) > 72 || line != strings.TrimRight(line, " \t\r") {
			t.Errorf("line %d is %d columns or ends in a space: %q", n+1, len(line), line)
		}
		for _, b := range []byte(line) {
			if b < ' ' || b > '~' {
				t.Fatalf("line %d has the byte %#x", n+1, b)
			}
			symbols[b] = true
		}
	}
	if len(symbols) > 80 {
		t.Errorf("%d kinds of characters", len(symbols))
	}
	// gzip -9 of novels lies between 0.36 and 0.43, of short mixed pieces a
	// little higher.
	if ratio := gzipRatio(fablesText); ratio < 0.36 || ratio > 0.48 {
		t.Errorf("gzip leaves %.3f of it", ratio)
	}
	noSentenceTwice(t, "fables", englishSentences(fablesText))

	words := regexp.MustCompile(`[a-z']+`).FindAllString(strings.ToLower(fablesText), -1)
	const run, most = 8, 2
	runs := map[string]int{}
	for n := range len(words) - run + 1 {
		phrase := strings.Join(words[n:n+run], " ")
		if runs[phrase]++; runs[phrase] == most+1 {
			t.Errorf("more than twice: %q", phrase)
		}
	}
}

// englishSentences cuts paragraphs after . ! ? and the quotation marks that
// follow, and leaves letters, digits and single spaces of each sentence.
func englishSentences(text string) []string {
	var out []string
	end := regexp.MustCompile(`[.!?]["')]*\s+`)
	other := regexp.MustCompile(`[^a-z0-9 ]`)
	for _, paragraph := range regexp.MustCompile(`\n\s*\n`).Split(text, -1) {
		for _, sentence := range end.Split(strings.ToLower(paragraph), -1) {
			out = append(out, strings.Join(strings.Fields(other.ReplaceAllString(strings.Join(strings.Fields(sentence), " "), "")), " "))
		}
	}
	return out
}

func noSentenceTwice(t *testing.T, name string, sentences []string) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range sentences {
		if seen[s] && s != "" {
			t.Errorf("%s: twice: %q", name, s)
		}
		seen[s] = true
	}
	if len(seen) < 300 {
		t.Errorf("%s: only %d sentences", name, len(seen))
	}
}

func gzipRatio(text string) float64 {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write([]byte(text))
	w.Close()
	return float64(out.Len()) / float64(len(text))
}

func TestZH(t *testing.T) {
	han := 0
	for _, r := range zhText {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case r != '\n' && (r < ' ' || r == unicode.ReplacementChar):
			t.Fatalf("%U in the text", r)
		}
	}
	if han < 20_000 {
		t.Errorf("%d Chinese characters", han)
	}
	noSentenceTwice(t, "zh", chineseSentences(zhText))
}

// chineseSentences cuts at the ends of sentences and of lines, and leaves the
// Chinese characters of each sentence.
func chineseSentences(text string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。！？\n", r) }) {
		out = append(out, strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Han, r) {
				return r
			}
			return -1
		}, s))
	}
	return out
}

// A repetition is found, whatever stands around it.
func TestSentencesAreCut(t *testing.T) {
	got := englishSentences("A Title\n\n\"No, not\nhere,\" he said. (Why?) 'No, not here,'\nhe said!\n")
	want := "a title|no not here he said|why|no not here he said|"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got %q, want %q", s, want)
	}
	if s := strings.Join(chineseSentences("题\n他说：“好。”他说，好！"), "|"); s != "题|他说好|他说好" {
		t.Errorf("got %q", s)
	}
}
