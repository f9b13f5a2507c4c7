package sample

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// normal logits: with spread 3, over 65 tokens, the entropy is about that of a
// trained character model; with 10,000, of a word model early in training.
func normal(n int, spread float64, seed uint64) []float32 {
	g := rand.New(rand.NewPCG(seed, 1))
	z := make([]float32, n)
	for i := range z {
		z[i] = float32(spread * g.NormFloat64())
	}
	return z
}

func BenchmarkChoose(b *testing.B) {
	for _, vocab := range []int{65, 10_000} {
		for _, c := range []struct {
			name   string
			spread float64
			o      Options
		}{
			{"T=1", 3, Options{Temperature: 1}},
			{"T=0.8", 3, Options{Temperature: 0.8}},
			{"T=0", 3, Options{}},
			{"top-k=40", 3, Options{Temperature: 0.8, TopK: 40}},
			{"top-p=0.9", 3, Options{Temperature: 0.8, TopP: 0.9}},
			{"flat", 0.01, Options{Temperature: 1}},
		} {
			b.Run(fmt.Sprintf("V=%d/%s", vocab, c.name), func(b *testing.B) {
				var logits [16][]float32
				for i := range logits {
					logits[i] = normal(vocab, c.spread, uint64(i))
				}
				chooser, draws := NewChooser(c.o), NewDraws(1)
				n := 0
				for b.Loop() {
					if _, err := chooser.Choose(logits[n%len(logits)], draws.Next()); err != nil {
						b.Fatal(err)
					}
					n++
				}
			})
		}
	}
}
