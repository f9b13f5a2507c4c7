package ngram_test

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"rnnscope/core/ngram"
	"rnnscope/corpora"
)

// measured counts, estimates and evaluates, with what the three take together.
func measured(b *testing.B, train, valid ngram.Tokens, o ngram.Options, smoothing string) {
	b.ReportAllocs()
	for b.Loop() {
		c := count(b, train, o)
		m := c.Model(o.Order, parse(b, smoothing))
		e := m.Evaluate(valid, true, nil, nil)
		b.ReportMetric(e.Loss, "nats/token")
		b.ReportMetric(float64(m.Bytes())/1e6, "model-MB")
		b.ReportMetric(float64(c.Bytes())/1e6, "counts-MB")
	}
	b.ReportMetric(float64(train.Len()), "tokens")
}

// BenchmarkWords is order 5 of a million independent words with Zipf's
// frequencies: hardly a long n-gram occurs twice.
func BenchmarkWords(b *testing.B) {
	text := zipf(1_000_000)
	measured(b, text, text[:50_000], ngram.Options{Vocab: zipfVocab, Order: 5}, "mkn")
}

// BenchmarkTrigrams is scaled down from 100 million tokens of order 3, and says
// how many bytes a token takes at the highest.
func BenchmarkTrigrams(b *testing.B) {
	text := zipf(20_000_000)
	measured(b, text, text[:50_000], ngram.Options{Vocab: zipfVocab, Order: 3}, "mkn")
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	b.ReportMetric(float64(s.HeapSys)/float64(len(text)), "heap-B/token")
}

// BenchmarkCharacters is order 7 of tiny Shakespeare.
func BenchmarkCharacters(b *testing.B) {
	c := open(b, corpora.Options{Level: corpora.Char}, shakespeare(b))
	measured(b, c.Train.IDs, c.Valid.IDs, ngram.Options{Vocab: c.Vocab.Len(), Order: 7}, "mkn")
}

// BenchmarkP is one probability of order 7, BenchmarkDistribution all of them.
func BenchmarkP(b *testing.B) {
	text := zipf(1_000_000)
	s := count(b, text, ngram.Options{Vocab: zipfVocab, Order: 7}).Model(7, parse(b, "mkn")).Start()
	i := 0
	for b.Loop() {
		s.P(text[i])
		s.Read(text[i])
		i = (i + 1) % len(text)
	}
}

func BenchmarkDistribution(b *testing.B) {
	text := zipf(1_000_000)
	s := count(b, text, ngram.Options{Vocab: zipfVocab, Order: 7}).Model(7, parse(b, "mkn")).Start()
	p := make([]float64, zipfVocab)
	i := 0
	for b.Loop() {
		s.Distribution(p)
		s.Read(text[i])
		i = (i + 1) % len(text)
	}
}

const zipfVocab = 30_000

func zipf(n int) ngram.IDs {
	z := rand.NewZipf(rand.New(rand.NewPCG(1, 1)), 1.01, 2, zipfVocab-1)
	text := make(ngram.IDs, n)
	for i := range text {
		text[i] = int32(z.Uint64())
	}
	return text
}
