package rnn

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rnnscope/core/kernel"
)

// benchmarks are the configurations that speeds are quoted for.
var benchmarks = []struct {
	name string
	c    Config
	T, B int
}{
	{"a", Config{Vocab: 65, Embed: 64, Hidden: 128, Layers: 1}, 50, 32},
	{"b", Config{Vocab: 65, Embed: 128, Hidden: 512, Layers: 1}, 50, 50},
	{"c", Config{Vocab: 10000, Embed: 256, Hidden: 512, Layers: 2}, 35, 32},
	{"d", Config{Vocab: 27, Embed: 16, Hidden: 64, Layers: 1}, 25, 16},
	{"e", Config{Vocab: 10000, Embed: 200, Hidden: 200, Layers: 2}, 20, 20},
}

// BenchmarkParts runs a window on one worker, part by part, and reports the time
// of each.
func BenchmarkParts(b *testing.B) {
	for _, config := range benchmarks {
		for _, cell := range Cells() {
			b.Run(config.name+"/"+cell, func(b *testing.B) { benchmarkParts(b, config.c, cell, config.T, config.B) })
		}
	}
}

func benchmarkParts(b *testing.B, c Config, cell string, T, B int) {
	c.Cell = cell
	set, err := kernel.Choose("auto")
	if err != nil {
		b.Fatal(err)
	}
	m, err := New(c, set)
	if err != nil {
		b.Fatal(err)
	}
	if err := m.Init(Init{}, 1); err != nil {
		b.Fatal(err)
	}
	team := kernel.NewTeam(1)
	defer team.Close()
	t := m.NewTape(T, B, team, 0)
	random := rand.New(rand.NewPCG(1, 2))
	for r := range t.IDs {
		t.IDs[r], t.Targets[r] = int32(random.IntN(c.Vocab)), int32(random.IntN(c.Vocab))
	}
	t.scale = 1 / float32(T*B)

	var names []string
	times := map[string]time.Duration{}
	phase := func(name string, run func()) {
		start := time.Now()
		run()
		if times[name] == 0 {
			names = append(names, name)
		}
		times[name] += time.Since(start)
	}
	for i := range b.N + 1 {
		if i == 1 { // the first warms up
			clear(times)
			names = nil
			b.ResetTimer()
		}
		phase("prepare", t.begin) // with one worker, each part is prepared as it is projected
		phase("prepare", t.room)
		phase("prepare", func() { t.forget(0) })
		phase("project", func() { t.project(0) })
		for l := range c.Layers {
			for _, p := range t.parts {
				if l > 0 {
					phase("input", func() { p.inputForward(t.packs(0), l, 0, p.B) })
				}
				phase("forward", func() {
					for s := range T {
						p.stepForward(t.packs(0), l, s, 0, p.B)
					}
				})
			}
		}
		phase("output", func() { t.output(0) })
		phase("loss", func() { t.loss(0) })
		phase("outputBack", func() { t.outputBack(0) })
		for l := c.Layers - 1; l >= 0; l-- {
			for _, p := range t.parts {
				phase("backward", func() { p.layerBackward(t.packs(0), l, 0, p.B) })
			}
		}
		phase("gradients", func() { t.gradients(0) })
		phase("total", func() { t.total(0) })
		phase("embed", func() { t.embed(0) })
		phase("pack", func() { m.Pack() })
	}
	for _, name := range names {
		b.ReportMetric(float64(times[name].Microseconds())/float64(b.N), fmt.Sprintf("%s-µs", name))
	}
	flops := 6 * float64(T*B) * (c.count() - float64(c.Vocab*c.Embed))
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
