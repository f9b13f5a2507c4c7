package probe

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// large is a model of 512 units a layer.
func large(b *testing.B, layers int) *rnn.Model {
	m, err := rnn.New(rnn.Config{Cell: "lstm", Vocab: 65, Embed: 64, Hidden: 512, Layers: layers}, kernel.Available()[0])
	if err != nil {
		b.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 1); err != nil {
		b.Fatal(err)
	}
	return m
}

// A search of 512 units through 10,000 tokens with ten features.
func BenchmarkFindUnits(b *testing.B) {
	const n = 10_000
	g := rand.New(rand.NewPCG(1, 2))
	var features []scope.Feature
	for i := range 10 {
		f := scope.Feature{Name: fmt.Sprint(i), Binary: i%2 == 0, Values: slow(g, n)}
		if f.Binary {
			f.Values = signs(f.Values)
		}
		features = append(features, f)
	}
	for _, layers := range []int{1, 2} {
		m := large(b, layers)
		ids := drawnIDs(m, n)
		for _, ablated := range []int{-1, 12} {
			b.Run(fmt.Sprintf("layers=%d/ablated=%d", layers, ablated), func(b *testing.B) {
				for b.Loop() {
					if _, err := FindUnits(m, sequence(ids), Search{Layer: layers - 1, Features: features, Ablated: ablated}, Ask{Threads: 2}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// What a cursor move asks of 200 tokens and two layers of 512 units: the
// equation at a step, and the influence of each token by gradient alone and
// with each left out.
func BenchmarkCursor(b *testing.B) {
	m := large(b, 2)
	ids := drawnIDs(m, 200)
	trace, err := Trace(m, ids, unnamed, Ask{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("equation", func(b *testing.B) {
		for b.Loop() {
			Equation(m, trace, 150)
		}
	})
	b.Run("trace", func(b *testing.B) {
		for b.Loop() {
			if _, err := Trace(m, ids, unnamed, Ask{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, without := range []bool{false, true} {
		b.Run(fmt.Sprintf("influence/without=%v", without), func(b *testing.B) {
			for b.Loop() {
				if _, err := Influence(m, ids, 199, 3, without, Ask{Threads: 2}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
