package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ngrams runs ngram and decodes its lines.
func ngrams(t *testing.T, stdin string, args ...string) []ngramLine {
	t.Helper()
	out, errs, code := call(t, stdin, append(append([]string{"ngram"}, args...), "--json")...)
	if code != 0 {
		t.Fatal(errs)
	}
	var all []ngramLine
	for line := range strings.Lines(out) {
		for _, field := range []string{"order", "smoothing", "entries", "bytes", "seconds", "valid", "test", "zero_probability"} {
			if !strings.Contains(line, `"`+field+`":`) {
				t.Errorf("%s has no %s", line, field)
			}
		}
		all = append(all, decode[ngramLine](t, line))
	}
	return all
}

// The 5-grams of the README's table of built-in texts, in bits per token, which
// a program apart from this one computed.
func TestNgramOfTheGrammars(t *testing.T) {
	// Half of the last figure, and what the contexts of the very first n-grams of
	// a stream, on which programs differ, may do.
	const tolerance = 0.5e-3 + 2e-5
	for name, bits := range map[string]float64{
		"recall": 2.946, "recall:20": 3.024, "reber": 0.617, "brackets": 2.070, "sums": 2.202, "sums:reversed": 2.219,
		"agreement": 1.893, "story": 0.975, "measure": 2.084,
	} {
		line := ngrams(t, "", name, "--order", "5")[0]
		if got := float64(line.Test.Bits); math.Abs(got-bits) > tolerance {
			t.Errorf("%s: %.4f bits, the README says %.3f", name, got, bits)
		}
		if line.Test.Floor == nil || line.Test.Scored == nil {
			t.Errorf("%s: %+v", name, line.Test)
		}
	}
}

// Without --lines the tokens scored are those that eval scores.
func TestNgramScoresWhatEvalScores(t *testing.T) {
	text := strings.Repeat("the quick brown fox\njumps over\n\nthe lazy dog\n", 40)
	run := trained(t, text)
	type eval struct{ Tokens int }
	out, errs, code := call(t, text, "eval", run, "-", "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	network := decode[eval](t, out).Tokens
	if got := ngrams(t, text, "-", "--order", "2")[0].Test.Tokens; got != network {
		t.Errorf("the n-gram is scored on %d tokens, the network on %d", got, network)
	}
	if got := ngrams(t, text, "-", "--order", "2", "--score-first")[0].Test.Tokens; got != network+1 {
		t.Errorf("with the first %d tokens, want %d", got, network+1)
	}
	if got := ngrams(t, text, "-", "--order", "2", "--lines")[0].Test.Tokens; got != network+1 {
		t.Errorf("with lines as sentences %d tokens, want %d", got, network+1)
	}
}

func TestNgramOrders(t *testing.T) {
	text := strings.Repeat("abracadabra\n", 60)
	for flags, want := range map[string][]int{
		"":                            {1, 2, 3, 4, 5, 6},
		"--level word":                {1, 2, 3, 4, 5},
		"--order 3":                   {3},
		"--order 2,3":                 {2, 3},
		"--order 1..4":                {1, 2, 3, 4},
		"--order 7,1..2":              {7, 1, 2},
		"--order 2 --smoothing kn":    {2},
		"--order 2 --smoothing kn,ml": nil,
		"--order 0":                   nil,
		"--order 11":                  nil,
		"--order 3..2":                nil,
		"--order 1...3":               nil,
		"--order two":                 nil,
		"--order=-1":                  nil,
		"--smoothing add":             nil,
		"--smoothing add:0":           nil,
		"--threads 0":                 nil,
		"--score-first --lines":       nil,
	} {
		args := strings.Fields(flags)
		if want == nil {
			if out, errs, code := call(t, text, append([]string{"ngram", "-"}, args...)...); code != exitUsage || out != "" || !strings.HasPrefix(errs, "rnnscope: ") {
				t.Errorf("%s: status %d, %q, %q", flags, code, out, errs)
			}
			continue
		}
		var got []int
		for _, line := range ngrams(t, text, append([]string{"-"}, args...)...) {
			got = append(got, line.Order)
			if line.Valid == nil || line.Test == nil || line.Entries < 1 || line.Bytes < 1 {
				t.Errorf("%s: %+v", flags, line)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: orders %v, want %v", flags, got, want)
		}
	}
}

// A perplexity that is infinite is null, with the reason and the share of the
// tokens that make it so.
func TestNgramWithoutSmoothing(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{file("train", "abababac"), "--valid", file("valid", "abab"), "--test", file("test", "abbc"), "--order", "2", "--smoothing", "mle"}
	line := ngrams(t, "", args...)[0]
	// Test: b after a is likely, b after b and c after b are not possible.
	if line.Test.Tokens != 3 || math.Abs(line.Test.Zero-2./3) > 1e-12 || !math.IsNaN(float64(line.Test.Loss)) || line.Test.Reason == "" {
		t.Errorf("%+v", line.Test)
	}
	// Validation: ln 3/4, ln 1, ln 3/4.
	if want := -2 * math.Log(3./4) / 3; line.Valid.Zero != 0 || math.Abs(float64(line.Valid.Loss)-want) > 1e-12 || math.Abs(line.Zero-1./3) > 1e-12 {
		t.Errorf("%+v, zero %v; want a loss of %v", line.Valid, line.Zero, want)
	}
	out, _, _ := call(t, "", append([]string{"ngram"}, args...)...)
	if !strings.Contains(out, "inf") || !strings.Contains(out, "33.33 % of the tokens have probability 0") {
		t.Errorf("for people:\n%s", out)
	}
}

func TestNgramTable(t *testing.T) {
	out, errs, code := call(t, "", "ngram", "recall", "--order", "1..3", "--smoothing", "mkn,katz")
	if code != 0 || errs != "" {
		t.Fatal(errs)
	}
	for _, say := range []string{"560,000 characters", "one stream", "vocabulary 18", "katz", "exact floor", "could not be estimated", "0.5, 1, 1.5"} {
		if !strings.Contains(out, say) {
			t.Errorf("no %q in\n%s", say, out)
		}
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if out, errs, code := call(t, "aabb abab", "ngram", "-", "--lines"); code != exitError || out != "" || !strings.Contains(errs, "end of line") {
		t.Errorf("lines of a text without: status %d, %q, %q", code, out, errs)
	}
}

// KenLM's perplexities of tiny Shakespeare by way of the command.
func TestNgramReference(t *testing.T) {
	data := os.Getenv("RNNSCOPE_TEST_DATA")
	if data == "" {
		t.Skip("RNNSCOPE_TEST_DATA names no directory with tinyshakespeare.txt")
	}
	text, err := os.ReadFile(filepath.Join(data, "tinyshakespeare.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	n := len(text)
	for name, part := range map[string][]byte{"train": text[:n*9/10], "valid": text[n*9/10 : n*95/100], "test": text[n*95/100:]} {
		if err := os.WriteFile(filepath.Join(dir, name), part, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const tolerance = 1e-4 // relative, as the references ask
	at := func(name string) string { return filepath.Join(dir, name) }
	lines := ngrams(t, "", at("train"), "--valid", at("valid"), "--test", at("test"), "--level", "word", "--tokens", "punct", "--min-count", "2", "--lines", "--order", "2..5")
	for i, want := range [][2]float64{{96.4247, 109.5373}, {90.9726, 107.2693}, {90.6078, 106.2816}, {90.5147, 106.2179}} {
		got := [2]float64{float64(lines[i].Valid.Perplexity), float64(lines[i].Test.Perplexity)}
		if math.Abs(got[0]/want[0]-1) > tolerance || math.Abs(got[1]/want[1]-1) > tolerance {
			t.Errorf("order %d: perplexity %v, KenLM %v", lines[i].Order, got, want)
		}
	}
	line := ngrams(t, "", filepath.Join(data, "tinyshakespeare.txt"), "--order", "5", "--score-first")[0]
	if got := float64(line.Test.Bits); math.Abs(got/2.336587-1) > tolerance || line.Test.Tokens != 55770 {
		t.Errorf("characters: %.6f bits of %d tokens, the reference 2.336587 of 55,770", got, line.Test.Tokens)
	}
}

// Whatever is typed as orders gives some from 1 to 10, each once, or an error.
func FuzzParseOrders(f *testing.F) {
	for _, text := range []string{"3", "2,3", "1..5", "7,1..2", "..", "1..", ",", "1,1", "9999999999999999999", " 2 , 3 "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		orders, err := parseOrders(text)
		if (err == nil) == (len(orders) == 0) {
			t.Errorf("%q: %v, %v", text, orders, err)
		}
		for i, n := range orders {
			if n < 1 || n > 10 || slices.Contains(orders[:i], n) {
				t.Errorf("%q: %v", text, orders)
			}
		}
	})
}
