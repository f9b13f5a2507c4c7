package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rnnscope/core/session"
)

// scores runs score and decodes its lines.
func scores(t *testing.T, stdin string, args ...string) []session.SentenceScore {
	t.Helper()
	out, errs, code := call(t, stdin, append(append([]string{"score"}, args...), "--json")...)
	if code != 0 {
		t.Fatal(errs)
	}
	var all []session.SentenceScore
	for line := range strings.Lines(out) {
		all = append(all, decode[session.SentenceScore](t, line))
	}
	return all
}

// What score says of a run's sentence is what trace says of it after the start
// token.
func TestScoreAgreesWithTrace(t *testing.T) {
	run := trained(t, strings.Repeat("abcabcabc\n", 100), "--updates", "50")
	out, errs, code := call(t, "", "trace", run, "\nabcXa\n", "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	trace := decode[struct {
		Steps []struct{ Surprisal *float64 }
	}](t, out).Steps[1:]
	s := scores(t, "", run, "abcXa", "--end")[0]
	if len(s.Tokens) != len(trace) || s.Unknown != 1 || s.Scored != 5 || s.Sentence != "abcXa" {
		t.Fatalf("%+v", s)
	}
	sum := 0.0
	for i, token := range s.Tokens {
		if token.Token != string("abcXa\n"[i]) || math.IsNaN(float64(token.LogP)) != (i == 3) || i == 3 && token.Reason == "" {
			t.Errorf("token %d: %+v", i, token)
		}
		if i == 3 {
			continue
		}
		const tolerance = 1e-5 // trace computes in the windows of training, in float32
		if math.Abs(float64(token.LogP)+*trace[i].Surprisal) > tolerance {
			t.Errorf("token %d: log p %v, surprisal %v", i, token.LogP, *trace[i].Surprisal)
		}
		sum += float64(token.LogP)
	}
	if math.Abs(float64(s.LogP)-sum) > 1e-9 {
		t.Errorf("log p %v, the tokens sum to %v", s.LogP, sum)
	}
}

// By hand: after "ab ab ac" in words, p(b|a) and p(c|a) add-1 with V = 4.
func TestScoreOfCountedText(t *testing.T) {
	args := []string{"ngram:-", "--level", "word", "--split", "1,0,0", "--order", "2", "--smoothing", "add:1"}
	all := scores(t, "a b\na b\na c\n", append(args, "a b", "a c", "a z", "a b")...)
	if len(all) != 4 {
		t.Fatalf("%+v", all)
	}
	// V: <eos> a b c. <eos> a twice within the stream: (2+1)/(2+4).
	start := math.Log(3. / 6)
	for i, want := range []float64{start + math.Log(3./7), start + math.Log(2./7), start, start + math.Log(3./7)} {
		if s := all[i]; math.Abs(float64(s.LogP)-want) > 1e-12 || (s.Unknown == 1) != (i == 2) {
			t.Errorf("%q: %+v, by hand %v", s.Sentence, s, want)
		}
	}
}

// For people: side by side, running sums, and a verdict.
func TestScoreTable(t *testing.T) {
	text := strings.Repeat("the dog runs\nthe dogs run\n", 30)
	out, errs, code := call(t, text, "score", "ngram:-", "--level", "word", "the dog runs", "the dog run")
	if code != 0 || errs != "" {
		t.Fatal(errs)
	}
	lines := strings.Split(out, "\n")
	if !strings.Contains(lines[0], `1  "the dog runs"`) || !strings.Contains(lines[0], `2  "the dog run"`) {
		t.Errorf("the head: %q", lines[0])
	}
	for i, words := range [][2]string{{`"the"`, `"the"`}, {`"dog"`, `"dog"`}, {`"runs"`, `"run"`}} {
		fields := strings.Fields(lines[2+i])
		if len(fields) != 6 || fields[0] != words[0] || fields[3] != words[1] || i == 0 && (fields[1] != fields[2] || fields[1] != fields[4]) {
			t.Errorf("row %d: %q", i, lines[2+i])
		}
	}
	if !strings.Contains(out, "1 is more probable, by ") || !strings.Contains(out, "perplexity") {
		t.Errorf("no verdict in\n%s", out)
	}
	for line := range strings.Lines(out) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	out, _, _ = call(t, text, "score", "ngram:-", "--level", "word", "the", "the dog runs", "the dogs run")
	if !strings.Contains(out, "1 is the most probable") || !strings.Contains(out, "differ in length") {
		t.Errorf("a short sentence against long ones:\n%s", out)
	}
	out, _, _ = call(t, text, "score", "ngram:-", "--level", "word", "the dog", "the dog")
	if !strings.Contains(out, "equally probable") {
		t.Errorf("a sentence against itself:\n%s", out)
	}
	out, _, _ = call(t, text, "score", "ngram:-", "--smoothing", "mle", "ghe", "hhe")
	if !strings.Contains(out, "all have probability 0") {
		t.Errorf("two impossible sentences:\n%s", out)
	}
}

// The built-in pairs are what --pairs reads.
func TestScorePairs(t *testing.T) {
	pairs, errs, code := call(t, "", "corpora", "write", "agreement-pairs")
	if code != 0 {
		t.Fatal(errs)
	}
	file := filepath.Join(t.TempDir(), "pairs.tsv")
	if err := os.WriteFile(file, []byte(pairs), 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs, code := call(t, "", "score", "ngram:agreement", "--pairs", file, "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	all := 0
	for line := range strings.Lines(out) {
		l := decode[struct {
			Attractors, Pairs, Covered *int
			Accuracy                   *float64
		}](t, line)
		if l.Attractors == nil || l.Pairs == nil || l.Covered == nil || l.Accuracy == nil || *l.Covered < 1 || *l.Covered > *l.Pairs {
			t.Fatalf("%s", line)
		}
		// A 5-gram sees the subject where nothing stands between, and not past three nouns.
		if *l.Attractors == 0 && !(*l.Accuracy > 0.7) || *l.Attractors == 4 && !(*l.Accuracy < 0.5) {
			t.Errorf("%s", line)
		}
		all += *l.Pairs
	}
	if n := strings.Count(pairs, "\n") - 1; all != n {
		t.Errorf("%d pairs scored of %d", all, n)
	}
	table, _, _ := call(t, pairs, "score", "ngram:agreement", "--pairs", "-")
	if !strings.Contains(table, "attractors") || !strings.Contains(table, "all") {
		t.Errorf("for people:\n%s", table)
	}
	run := trained(t, "the key is\nthe keys are\n"+strings.Repeat("the dog is here\n", 60), "--level", "word", "--batch", "2", "--window", "4")
	out, errs, code = call(t, "", "score", run, "--pairs", file, "--json")
	if code != 0 || !strings.Contains(out, `"covered":0,"accuracy":null,"reason":`) {
		t.Errorf("a run that knows few words: status %d, %s%s", code, out, errs)
	}
}

func TestScoreRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.txt", strings.Repeat("the dog runs\nthe dogs run\n", 50))
	run := trained(t, strings.Repeat("abc", 300))
	for _, c := range []struct {
		name   string
		args   []string
		status int
		say    []string
	}{
		{"nothing", nil, 2, []string{"MODEL"}},
		{"no sentence", []string{run}, 2, []string{"SENTENCE", "--pairs"}},
		{"an empty sentence", []string{run, ""}, 2, []string{"empty"}},
		{"pairs and a sentence", []string{run, "a", "--pairs", good}, 2, []string{"--pairs"}},
		{"a text for a model", []string{good, "the"}, 1, []string{"good.txt", "ngram:" + good}},
		{"a built-in text for a model", []string{"fables", "the"}, 1, []string{"ngram:fables"}},
		{"no text", []string{"ngram:", "the"}, 2, []string{"ngram:fables"}},
		{"a text that is not there", []string{"ngram:" + filepath.Join(dir, "none.txt"), "the"}, 1, []string{"none.txt"}},
		{"an order of a model", []string{run, "a", "--order", "3"}, 2, []string{"--order", "ngram:TEXT"}},
		{"a smoothing of a model", []string{run, "a", "--smoothing", "kn"}, 2, []string{"--smoothing", "ngram:TEXT"}},
		{"a vocabulary of a text", []string{"ngram:" + good, "the", "--vocab", good}, 2, []string{"--vocab"}},
		{"order 0", []string{"ngram:" + good, "the", "--order", "0"}, 2, []string{"order", "10"}},
		{"unknown smoothing", []string{"ngram:" + good, "the", "--smoothing", "witten-bell"}, 2, []string{"witten-bell", "mkn"}},
		{"no end of line", []string{run, "abc", "--end"}, 2, []string{"--end"}},
		{"missing pairs", []string{run, "--pairs", filepath.Join(dir, "none.tsv")}, 1, []string{"none.tsv"}},
		{"pairs of three columns", []string{run, "--pairs", file("three.tsv", "the key\tis\tare\n")}, 1, []string{"three.tsv", "line 1", "tabs"}},
		{"pairs without a number", []string{run, "--pairs", file("word.tsv", "the key\tis\tare\tnone\n")}, 1, []string{"word.tsv", "none"}},
		{"empty pairs", []string{run, "--pairs", file("empty.tsv", "# nothing\n")}, 1, []string{"empty.tsv", "no pairs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, status := call(t, "", append([]string{"score"}, c.args...)...)
			if status != c.status || out != "" || !strings.HasPrefix(errs, "rnnscope: ") {
				t.Errorf("status %d, want %d; %q, %q", status, c.status, out, errs)
			}
			for _, s := range c.say {
				if !strings.Contains(errs, s) {
					t.Errorf("%q does not say %q", errs, s)
				}
			}
		})
	}
}
