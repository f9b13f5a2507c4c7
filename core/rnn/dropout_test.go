package rnn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rnnscope/core/kernel"
)

// TestMasks draws masks again from each stream's generator, four elements of a number
// one after the other, for rows that numbers fit into and rows they do not.
func TestMasks(t *testing.T) {
	const T, p, seed, window = 3, 0.3, 7, 11
	for _, H := range []int{1, 5, 16, 63, 64, 1030} {
		for _, workers := range []int{1, 2, 3} {
			B := 5 + 7*(workers%2) // in one part or in two
			m := initialised(t, Config{Cell: "rnn", Vocab: 4, Embed: 3, Hidden: H, Layers: 3}, Init{}, 7)
			team := kernel.NewTeam(workers)
			tape := m.newTape(T, B, team, p, 1+workers%2)
			tape.SeedDropout(seed, window)
			tape.Forward()
			for l := range 2 {
				for b := range B {
					var g rand.PCG
					g.Seed(seed+uint64(l)<<32, streamDropout+window<<20+uint64(b))
					part, row := tape.of(b)
					y := &part.layers[l]
					var bits uint64
					for e := range T * H {
						if e%4 == 0 {
							bits = g.Uint64()
						}
						drawn := bits >> (16 * (e % 4)) & 0xffff
						want := float32(65536) / (65536 - 19661) // 0.3 of 65536, rounded
						if drawn < 19661 {
							want = 0
						}
						at := (e/H*part.B+row)*H + e%H
						what := fmt.Sprintf("H %d, %d workers, layer %d, stream %d, element %d", H, workers, l, b, e)
						if got := y.mask[at]; got != want {
							t.Fatalf("%s: mask %g, want %g", what, got, want)
						}
						if got, want := y.lower[at], want*y.h[part.B*H+at]; got != want {
							t.Fatalf("%s: the layer above reads %g, want %g", what, got, want)
						}
					}
				}
			}
			team.Close()
		}
	}
}
