package train

import (
	"fmt"
	"runtime"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
)

// The configurations that speeds are quoted for; see rnnscope bench --suite.
var benchmarks = []struct {
	name      string
	c         rnn.Config
	T, B      int
	optimizer string
}{
	{"a", rnn.Config{Vocab: 65, Embed: 64, Hidden: 128, Layers: 1}, 50, 32, "adam"},
	{"b", rnn.Config{Vocab: 65, Embed: 128, Hidden: 512, Layers: 1}, 50, 50, "adam"},
	{"c", rnn.Config{Vocab: 10000, Embed: 256, Hidden: 512, Layers: 2}, 35, 32, "adam"},
	{"d", rnn.Config{Vocab: 27, Embed: 16, Hidden: 64, Layers: 1}, 25, 16, "adam"},
	{"e", rnn.Config{Vocab: 10000, Embed: 200, Hidden: 200, Layers: 2}, 20, 20, "sgd"},
	{"default", rnn.Config{Vocab: 65, Embed: 64, Hidden: 128, Layers: 2, Dropout: 0.5}, 64, 32, "adam"},
}

// benchTrainer has made its first update, which touches all memory.
func benchTrainer(b *testing.B, c rnn.Config, T, B int, optimizer string, workers int) *Trainer {
	m, err := rnn.New(c, kernel.Available()[0])
	if err != nil {
		b.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 1); err != nil {
		b.Fatal(err)
	}
	team := kernel.NewTeam(workers)
	b.Cleanup(team.Close)
	cfg := Defaults()
	cfg.LR, cfg.Optimizer, cfg.Dropout = 1e-3, optimizer, c.Dropout
	t, err := New(m, &cycle{text: random(B*(8*T+1), c.Vocab), T: T, B: B}, team, cfg)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := t.Step(); err != nil {
		b.Fatal(err)
	}
	return t
}

// BenchmarkStep makes whole updates, on one thread and on two. Where the time of
// one goes, on two cores of a Zen 4, by samples of the processor's clock:
//
//	a RNN   56 % products of states, inputs and outputs, 26 % of weight gradients,
//	        3 % losses, 2 % tanh and its derivative, 1 % copies of the input
//	        projections, 1 % sums of rows and parts, 1 % Adam and the norm,
//	        1 % packing, 9 % the rest
//	c LSTM  53 % products of states, inputs and outputs, 28 % of weight gradients,
//	        3 % packing, 2 % Adam and the norm, 1 % sums of rows, 1 % losses,
//	        1 % the cell, 11 % the rest
func BenchmarkStep(b *testing.B) {
	for _, bench := range benchmarks {
		for _, cell := range rnn.Cells() {
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/%s/%d", bench.name, cell, workers), func(b *testing.B) {
					c := bench.c
					c.Cell = cell
					t := benchTrainer(b, c, bench.T, bench.B, bench.optimizer, workers)
					for b.Loop() {
						if _, err := t.Step(); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(b.N*bench.T*bench.B)/b.Elapsed().Seconds(), "tokens/s")
				})
			}
		}
	}
}

// BenchmarkAfter is what follows the gradients on one thread: norm, clipping, the
// optimizer, packing.
func BenchmarkAfter(b *testing.B) {
	for _, optimizer := range Optimizers() {
		for _, bench := range benchmarks[:3] {
			b.Run(fmt.Sprintf("%s/%s", bench.name, optimizer), func(b *testing.B) {
				c := bench.c
				c.Cell = "lstm"
				t := benchTrainer(b, c, 1, 1, optimizer, 1)
				b.SetBytes(int64(4 * len(t.weights)))
				for b.Loop() {
					t.after(0)
				}
			})
		}
	}
}

// BenchmarkEvaluate is a validation pass: one stream, every token's perplexity.
func BenchmarkEvaluate(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			c := bench.c
			c.Cell, c.Dropout = "lstm", 0
			t := benchTrainer(b, c, bench.T, bench.B, bench.optimizer, 2)
			text := tokens(random(513, c.Vocab))
			for b.Loop() {
				t.Model.Evaluate(text, t.team, nil, nil)
			}
			b.ReportMetric(512*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// BenchmarkNew is what a start waits for before the first update can begin.
func BenchmarkNew(b *testing.B) {
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			c := bench.c
			c.Cell = "lstm"
			team := kernel.NewTeam(1)
			b.Cleanup(team.Close)
			for b.Loop() {
				m, err := rnn.New(c, kernel.Available()[0])
				if err != nil {
					b.Fatal(err)
				}
				if err := m.Init(rnn.Init{}, 1); err != nil {
					b.Fatal(err)
				}
				if _, err := New(m, &cycle{text: make([]int32, bench.B*(bench.T+1)+1), T: bench.T, B: bench.B}, team, Defaults()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// tokens is a text in memory.
type tokens []int32

func (t tokens) Len() int                   { return len(t) }
func (t tokens) Fill(dst []int32, from int) { copy(dst, t[from:]) }

// What training holds is what is said of it: weights, their gradients and the
// optimizer's moments; the weights packed twice, for the way forward and the way
// back, and those of a small model for each half of the batch, of a smaller one with all
// the rest; after an update the state to go back to, weights and moments; and the tape, which alone grows with
// window and batch.
func TestMemoryIsAsStated(t *testing.T) {
	if testing.Short() {
		t.Skip("makes the largest models")
	}
	const copies, small, room, largePage, longPiece = 2, 1 << 17, 640 << 10, 2 << 20, 8 << 20 // room: curves, the text, the last norms
	halves := benchmarks[3]                                                                   // of which each has all of its own, as many weights as that may be
	halves.name, halves.c.Hidden, halves.T, halves.B = "halves", 110, 50, 32
	for _, bench := range append(benchmarks[:len(benchmarks):len(benchmarks)], halves) {
		c := bench.c
		c.Cell = "lstm"
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		source := &cycle{text: random(bench.B*(2*bench.T+1), c.Vocab), T: bench.T, B: bench.B}
		tr := trainer(t, c, Config{Optimizer: bench.optimizer, LR: 1e-3, Clip: 5, Dropout: c.Dropout, Seed: 1}, source, 2)
		if _, err := tr.Step(); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		parameters := 4 * len(tr.weights)
		packed := 0
		for _, p := range tr.Model.Tensors() {
			if !p.Vector && p.Name != "embedding.weight" {
				packed += copies * 4 * len(p.Value.Data)
			}
		}
		if len(tr.weights) < small {
			packed *= 2
		}
		moments := len(tr.moments)
		stated := parameters*(2+moments)*tr.tape.Copies() + packed + parameters*(1+moments) + tr.tape.Bytes()
		held := int(after.HeapAlloc) - int(before.HeapAlloc)
		// The rest of a large page that a long piece leaves is only addresses, but the heap
		// counts it; two of the pieces are parts of the tape, if it has parts.
		pieces, tape := []int{2*parameters + packed, parameters * moments, parameters * (1 + moments)}, tr.tape.Bytes()
		if tape > 6*parameters {
			pieces = append(pieces, tape/2, tape/2)
		} else {
			pieces = append(pieces, tape)
		}
		skipped := 0
		for _, piece := range pieces {
			if piece >= longPiece {
				skipped += largePage
			}
		}
		if excess := held - stated; excess < -stated/50 || excess > stated/50+room+skipped {
			t.Errorf("%s: %d kB are held, %d kB stated: parameters %d kB, packed %d kB, tape %d kB",
				bench.name, held>>10, stated>>10, parameters>>10, packed>>10, tr.tape.Bytes()>>10)
		}
		runtime.KeepAlive(tr)
	}
}
