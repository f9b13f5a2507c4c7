package probe

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

// An LSTM that learns nested brackets has units that follow their depth: the
// search finds one beyond chance, and to ablate the unit it puts first costs
// more than to ablate others.
func TestDepthIsFoundInATrainedModel(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a model")
	}
	corpus, err := corpora.Open("brackets", corpora.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := rnn.New(rnn.Config{Cell: "lstm", Vocab: corpus.Vocab.Len(), Embed: 16, Hidden: 48, Layers: 1}, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 1); err != nil {
		t.Fatal(err)
	}
	batches, err := corpus.Batches(32, 40)
	if err != nil {
		t.Fatal(err)
	}
	team := kernel.NewTeam(2)
	defer team.Close()
	config := train.Defaults()
	config.LR = 5e-3
	trainer, err := train.New(m, batches, team, config)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range 1500 {
		if _, err := trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("trained in %v to %.3f nats", time.Since(began), trainer.Snapshot().Smoothed)

	text := corpus.Valid.IDs.Slice(0, 6000)
	unseen := corpus.Valid.IDs.Slice(6000, 9000)
	tokens := make([]string, text.Len())
	for i := range tokens {
		tokens[i] = corpus.Vocab.Token(text.At(i))
	}
	began = time.Now()
	got, err := FindUnits(m, text, Search{Features: TextFeatures(tokens, true)}, Ask{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("searched in %v", time.Since(began))
	for _, f := range got.Found {
		if f.Effect != nil {
			t.Logf("unit %2d %-16s score %+.3f p %.4f (units %.4f) effect %+.4f nats, %+.4f where it holds", f.Unit, f.Feature, f.Score, f.P, f.PUnits, f.Effect.Loss, f.Effect.Holds)
		}
	}
	var depth []int
	for _, f := range got.Found {
		if f.Feature == "bracket depth" && f.PUnits < 0.01 {
			depth = append(depth, f.Unit)
		}
	}
	if len(depth) == 0 {
		t.Fatal("no unit tracks depth at p < 0.01")
	}
	// The first of them in the search's order is the one whose ablation costs most
	// there: it must cost much on tokens that it was not chosen on too.
	cost := map[int]float64{}
	units := make([]int, m.Hidden)
	for u := range units {
		units[u] = u
	}
	sums, count := make([]float64, 1+len(units)), 0.0
	err = ablations(m, unseen, unseen.Len(), 0, units, Ask{Threads: 2}, func(_ int, nats []float64) {
		count++
		for b, x := range nats {
			sums[b] += x
		}
	}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	for b, u := range units {
		cost[u] = (sums[b+1] - sums[0]) / count
	}
	g := rand.New(rand.NewPCG(1, 1))
	others := slices.DeleteFunc(units, func(u int) bool { return u == depth[0] })
	random := others[g.IntN(len(others))]
	dearer := 0
	for _, u := range others {
		if cost[u] >= cost[depth[0]] {
			dearer++
		}
	}
	t.Logf("unit %d costs %.4f nats, unit %d drawn at random %.4f; %d of %d cost as much", depth[0], cost[depth[0]], random, cost[random], dearer, len(others))
	if cost[depth[0]] <= cost[random] || dearer > len(others)/4 {
		t.Errorf("ablating unit %d costs %v nats, unit %d drawn at random %v, and %d of %d others as much", depth[0], cost[depth[0]], random, cost[random], dearer, len(others))
	}
}
