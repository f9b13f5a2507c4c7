package session_test

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/ngram"
	"rnnscope/core/rnn"
	"rnnscope/core/sample"
	"rnnscope/core/session"
	"rnnscope/corpora"
)

// bigram is a writer whose logits are a table by the token read last: row V of
// it is for a symbol without an id.
type bigram struct {
	table [][]float32
	read  []int
}

func (b *bigram) Vocab() int { return len(b.table[0]) }
func (b *bigram) Reset()     { b.read = nil }
func (b *bigram) Step(id int) []float32 {
	b.read = append(b.read, id)
	if id < 0 {
		return b.table[len(b.table)-1]
	}
	return b.table[id]
}

func vocabulary(t *testing.T, level corpora.Level, tokens ...string) *corpora.Vocabulary {
	t.Helper()
	v, err := corpora.NewVocabulary(level, corpora.Space, false, tokens)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// scoreTolerance is absolute, nats: logits of ln of an integer are float32.
const scoreTolerance = 1e-6

func TestScore(t *testing.T) {
	// After each token the next have these shares.
	ln := func(shares ...float64) []float32 {
		var z []float32
		for _, s := range shares {
			z = append(z, 5+float32(math.Log(s))) // a shift changes nothing
		}
		return z
	}
	m := &bigram{table: [][]float32{ln(1, 1, 2), ln(3, 4, 1), ln(1, 8, 1), ln(1, 1, 8)}}
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		vocab    *corpora.Vocabulary
		sentence string
		end      bool
		logP     []float64
		unknown  int
	}{
		{"words after <eos>", vocabulary(t, corpora.Word, "<eos>", "a", "b"), "b a", false, []float64{math.Log(2. / 4), math.Log(8. / 10)}, 0},
		{"and the end", vocabulary(t, corpora.Word, "<eos>", "a", "b"), "b a", true, []float64{math.Log(2. / 4), math.Log(8. / 10), math.Log(3. / 8)}, 0},
		{"nothing but the end", vocabulary(t, corpora.Word, "<eos>", "a", "b"), "", true, []float64{math.Log(1. / 4)}, 0},
		{"a word without an id", vocabulary(t, corpora.Word, "<eos>", "a", "b"), "b x b", false, []float64{math.Log(2. / 4), nan, math.Log(8. / 10)}, 1},
		{"a word that is <unk>", vocabulary(t, corpora.Word, "<unk>", "<eos>", "b"), "b x", false, []float64{math.Log(1. / 8), math.Log(1. / 10)}, 1},
		{"symbols after a newline", vocabulary(t, corpora.Char, "\n", "a", "b"), "ba", false, []float64{math.Log(2. / 4), math.Log(8. / 10)}, 0},
		{"no start token", vocabulary(t, corpora.Char, "a", "b", "c"), "ba", true, []float64{nan, math.Log(3. / 8)}, 0},
		{"an unknown symbol first", vocabulary(t, corpora.Char, "a", "b", "c"), "狗c", false, []float64{nan, math.Log(8. / 10)}, 1},
	} {
		s := session.Score(m, c.vocab, c.sentence, c.end)
		if len(s.Tokens) != len(c.logP) || s.Unknown != c.unknown {
			t.Errorf("%s: %+v", c.name, s)
			continue
		}
		sum, n := 0.0, 0
		for i, want := range c.logP {
			got := float64(s.Tokens[i].LogP)
			if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > scoreTolerance || math.IsNaN(want) != (s.Tokens[i].Reason != "") {
				t.Errorf("%s: token %d: %+v, want %v", c.name, i, s.Tokens[i], want)
			}
			if !math.IsNaN(want) {
				sum += want
				n++
			}
		}
		if math.Abs(float64(s.LogP)-sum) > scoreTolerance || s.Scored != n || math.Abs(math.Log(float64(s.Perplexity))+sum/float64(n)) > scoreTolerance {
			t.Errorf("%s: %v of %d tokens, perplexity %v; want %v of %d", c.name, s.LogP, s.Scored, s.Perplexity, sum, n)
		}
		if (c.vocab.Start() >= 0) != (len(m.read) == len(s.Tokens)+1) {
			t.Errorf("%s: the model read %v", c.name, m.read)
		}
		b, err := json.Marshal(s)
		if err != nil || bytes.Contains(b, []byte("NaN")) {
			t.Errorf("%s: %s, %v", c.name, b, err)
		}
	}
	if s := session.Score(m, vocabulary(t, corpora.Char, "a", "b", "c"), "b", false); s.Scored != 0 || s.Reason == "" || !math.IsNaN(float64(s.LogP)) {
		t.Errorf("one token without a start token: %+v", s)
	}
}

func words(t *testing.T, text string, lines bool) *corpora.Corpus {
	t.Helper()
	c, err := corpora.Open("-", corpora.Options{Level: corpora.Word, LevelSet: true, Lines: lines, Split: [3]float64{1, 0, 0}, Stdin: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func counted(t *testing.T, c *corpora.Corpus, o ngram.Options, smoothing string) *ngram.Model {
	t.Helper()
	counts, err := session.CountNgrams(c, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ngram.ParseSmoothing(smoothing)
	if err != nil {
		t.Fatal(err)
	}
	return counts.Model(o.Order, s)
}

// A sentence that is a line of a text is scored as the evaluation of that line.
func TestScoreOfAnNgram(t *testing.T) {
	c := words(t, strings.Repeat("the dog runs\nthe dogs run\nthe cat sleeps near the dog\n", 3), true)
	m := counted(t, c, ngram.Options{Order: 3, Lines: true}, "mkn")
	for _, sentence := range []string{"the dog runs", "dog the the", "the cat sleeps near the dogs"} {
		got := session.Score(m.NewWriter(), c.Vocab, sentence, true)
		e := m.Evaluate(ngram.IDs(c.Vocab.Encode(sentence+"\n")), false, nil, nil)
		if got.Scored != e.Tokens || math.Abs(float64(got.LogP)+e.Loss*float64(e.Tokens)) > 1e-12 {
			t.Errorf("%q: scored %v of %d tokens, evaluated %v of %d", sentence, got.LogP, got.Scored, -e.Loss*float64(e.Tokens), e.Tokens)
		}
	}
	// What was never seen is impossible without smoothing, and JSON says so.
	s := session.Score(counted(t, c, ngram.Options{Order: 3, Lines: true}, "mle").NewWriter(), c.Vocab, "dog the the", false)
	if !math.IsInf(float64(s.LogP), -1) || s.Reason == "" || s.Tokens[0].Reason == "" {
		t.Errorf("mle of what was never seen: %+v", s)
	}
	if b, err := json.Marshal(s); err != nil || !bytes.Contains(b, []byte(`"log_p":null`)) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestScorePairs(t *testing.T) {
	c := words(t, strings.Repeat("the dog runs\nthe dogs run\n", 5), false)
	pairs := []corpora.AgreementPair{
		{Prefix: "the dog", Right: "runs", Wrong: "run"},
		{Prefix: "the dogs", Right: "run", Wrong: "runs"},
		{Prefix: "the cats", Right: "run", Wrong: "runs"},                    // cats is not known
		{Prefix: "the dog near the dogs", Right: "runs", Wrong: "run"},       // nor is near
		{Prefix: "dog the dogs", Right: "runs", Wrong: "run", Attractors: 1}, // a trigram must fail
		{Prefix: "the dog", Right: "runs", Wrong: "walk", Attractors: 7},
	}
	got := session.ScorePairs(counted(t, c, ngram.Options{Order: 3}, "mkn").NewWriter(), c.Vocab, pairs, nil)
	want := []session.PairsScore{
		{Attractors: 0, Pairs: 4, Covered: 2, Accuracy: 1},
		{Attractors: 1, Pairs: 1, Covered: 1, Accuracy: 0},
		{Attractors: 7, Pairs: 1, Covered: 0},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		g := got[i]
		if g.Attractors != w.Attractors || g.Pairs != w.Pairs || g.Covered != w.Covered || g.Covered > 0 && g.Accuracy != w.Accuracy || (g.Reason != "") != (w.Covered == 0) {
			t.Errorf("%+v, want %+v", g, w)
		}
	}
	// Every model of a uniform distribution is wrong: it does not prefer the right.
	flat := &bigram{table: [][]float32{{0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0}}}
	if got := session.ScorePairs(flat, c.Vocab, pairs[:1], nil); got[0].Accuracy != 0 {
		t.Errorf("a model without a preference: %+v", got)
	}
}

// At character level wait is not right for being the beginning of waits.
func TestScorePairsOfCharacters(t *testing.T) {
	c, err := corpora.Open("-", corpora.Options{Split: [3]float64{1, 0, 0}, Stdin: strings.NewReader(strings.Repeat("the dog waits .\nthe dogs wait .\n", 20))})
	if err != nil {
		t.Fatal(err)
	}
	m := counted(t, c, ngram.Options{Order: 10}, "mkn").NewWriter()
	got := session.ScorePairs(m, c.Vocab, []corpora.AgreementPair{
		{Prefix: "the dog", Right: "waits", Wrong: "wait"},
		{Prefix: "the dogs", Right: "wait", Wrong: "waits"},
		{Prefix: "the dog ", Right: "waits", Wrong: "wait"},
	}, nil)
	if len(got) != 1 || got[0].Covered != 3 || got[0].Accuracy != 1 {
		t.Errorf("%+v", got)
	}
}

// Networks and n-grams are scored on the same tokens and the same positions of
// what a grammar is about.
func TestEvaluateNgram(t *testing.T) {
	t.Parallel()
	c, err := corpora.Open("reber", corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := counted(t, c, ngram.Options{Order: 3}, "mkn")
	e := session.EvaluateNgram(m, c, c.Test, "test", false, nil)
	set, err := kernel.Choose("portable")
	if err != nil {
		t.Fatal(err)
	}
	config := session.Defaults().Model
	config.Vocab, config.Hidden, config.Embed, config.Layers = c.Vocab.Len(), 4, 4, 1
	net, err := rnn.New(config, set)
	if err != nil {
		t.Fatal(err)
	}
	team := kernel.NewTeam(1)
	defer team.Close()
	other := session.Evaluate(net, c, c.Test, "test", team, nil)
	if e.Tokens != other.Tokens || e.Scored.Count != other.Scored.Count || e.Floor == nil || *e.Floor.Forgets != *other.Floor.Forgets {
		t.Errorf("n-gram %+v, network %+v", e, other)
	}
	if !(e.Loss > e.Floor.Loss) || e.Zero != 0 {
		t.Errorf("an n-gram at %v nats, floor %v", e.Loss, e.Floor.Loss)
	}
	if first := session.EvaluateNgram(m, c, c.Test, "test", true, nil); first.Tokens != e.Tokens+1 {
		t.Errorf("with the first token %d are scored, without %d", first.Tokens, e.Tokens)
	}
	if none := session.EvaluateNgram(m, c, corpora.Split{}, "test", false, nil); none != nil {
		t.Errorf("an empty split: %+v", none)
	}
}

// The writer of a session writes with an n-gram as with a network.
func TestNgramWrites(t *testing.T) {
	t.Parallel()
	c := words(t, strings.Repeat("the dog runs\nthe dogs run\n", 5), false)
	w := session.NewWriter(counted(t, c, ngram.Options{Order: 3}, "mle").NewWriter(), c.Vocab, sample.Options{Temperature: 1}, 1)
	var text strings.Builder
	for range 40 {
		choice, err := w.Next()
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(w.Text(choice.ID))
	}
	for line := range strings.Lines(text.String()) {
		if line != "the dog runs\n" && line != "the dogs run\n" {
			t.Errorf("a trigram of two lines writes %q", line)
		}
	}
}
