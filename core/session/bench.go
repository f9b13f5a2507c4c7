package session

import (
	"math/rand/v2"
	"slices"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/sample"
	"rnnscope/core/train"
)

// BenchConfig is what Bench measures: a model trained on random tokens.
type BenchConfig struct {
	Model         rnn.Config
	Init          rnn.Init
	Train         train.Config
	Batch, Window int
	Threads       int
	Kernel        *kernel.Set
	For           time.Duration // of training; sampling takes a third of it more, the peak 0.3 s
}

// BenchResult is the speed of a configuration.
type BenchResult struct {
	Cell        string  `json:"cell"`
	Vocab       int     `json:"vocab"`
	Embed       int     `json:"embed"`
	Hidden      int     `json:"hidden"`
	Layers      int     `json:"layers"`
	Batch       int     `json:"batch"`
	Window      int     `json:"window"`
	Optimizer   string  `json:"optimizer"`
	Threads     int     `json:"threads"`
	Kernel      string  `json:"kernel"`
	TokensPerS  float64 `json:"train_tokens_per_s"`  // median over rounds
	MsPerUpdate float64 `json:"ms_per_update"`       // likewise
	SampleUs    float64 `json:"sample_us_per_token"` // one token read, one drawn, on one core
	GFLOPS      float64 `json:"gflops"`              // six per weight that a token is multiplied with
	Peak        float64 `json:"peak_gflops"`         // of fused multiply-adds on registers, measured on all threads at once: the best burst
	Sustained   float64 `json:"sustained_gflops"`    // of it over a tenth of a second, the median over rounds
}

// noise is a source of random tokens.
type noise struct {
	T, B int
	ids  []int32
	at   int
}

func (n *noise) Shape() (int, int)         { return n.T, n.B }
func (n *noise) Windows() int              { return len(n.ids) / (n.T * n.B) }
func (n *noise) Position() (int64, int64)  { return 0, 0 }
func (n *noise) SeekTo(int64, int64) error { return nil }
func (n *noise) Next(x, y []int32) (reset bool) {
	if n.at+len(x)+1 > len(n.ids) {
		n.at = 0
	}
	copy(x, n.ids[n.at:])
	copy(y, n.ids[n.at+1:])
	n.at += len(x)
	return false
}

// benchmark is a model in training whose speed is measured round by round.
type benchmark struct {
	BenchConfig
	model   *rnn.Model
	team    *kernel.Team
	trainer *train.Trainer
	rates   []float64 // tokens a second of each round
	peak    float64   // GFLOP/s, see measurePeak
	held    []float64 // of each time it was measured
}

// newBenchmark returns one after its first update, which touches all memory.
// Close ends its workers.
func newBenchmark(c BenchConfig) (*benchmark, error) {
	m, err := rnn.New(c.Model, c.Kernel)
	if err != nil {
		return nil, err
	}
	if err := m.Init(c.Init, c.Train.Seed); err != nil {
		return nil, err
	}
	g := rand.New(rand.NewPCG(c.Train.Seed, 1))
	ids := make([]int32, 64*c.Window*c.Batch+1)
	for i := range ids {
		ids[i] = int32(g.IntN(c.Model.Vocab))
	}
	b := &benchmark{BenchConfig: c, model: m, team: kernel.NewTeam(c.Threads)}
	if b.trainer, err = train.New(m, &noise{T: c.Window, B: c.Batch, ids: ids}, b.team, c.Train); err == nil {
		_, err = b.trainer.Step()
	}
	if err != nil {
		b.team.Close()
		return nil, err
	}
	return b, nil
}

func (b *benchmark) Close() { b.team.Close() }

// round trains for about the given time, one update at least, and notes the speed.
func (b *benchmark) round(d time.Duration) error {
	n, start := 0, time.Now()
	for time.Since(start) < d || n == 0 {
		if _, err := b.trainer.Step(); err != nil {
			return err
		}
		n++
	}
	b.rates = append(b.rates, float64(n*b.Window*b.Batch)/time.Since(start).Seconds())
	return nil
}

// sample measures one core at writing: the time of a token read and one drawn, in
// microseconds.
func (b *benchmark) sample(d time.Duration) (float64, error) {
	writer, chooser, draws := b.model.NewStepper(), sample.NewChooser(sample.Options{Temperature: 1}), sample.NewDraws(b.Train.Seed)
	id, n, start := 0, 0, time.Now()
	for n < 16 || time.Since(start) < d {
		for range 16 {
			choice, err := chooser.Choose(writer.Step(id), draws.Next())
			if err != nil {
				return 0, err
			}
			id = choice.ID
		}
		n += 16
	}
	return time.Since(start).Seconds() * 1e6 / float64(n), nil
}

// measurePeak measures what the team could do at most, in GFLOP/s: all workers at
// once. Of bursts the best counts, because whatever else runs can only take away from
// it; what they hold for a while is noted too, as it is of training.
func (b *benchmark) measurePeak() {
	peaks, held := make([]float64, b.Threads), make([]float64, b.Threads)
	b.team.Run(func(w int) { peaks[w], held[w] = b.Kernel.Peak() })
	best, sustained := 0.0, 0.0
	for w := range peaks {
		best, sustained = best+peaks[w], sustained+held[w]
	}
	b.peak, b.held = max(b.peak, best), append(b.held, sustained)
}

// result is what the rounds came to, without sampling.
func (b *benchmark) result() BenchResult {
	r := BenchResult{
		Cell: b.Model.Cell, Vocab: b.Model.Vocab, Embed: b.Model.Embed, Hidden: b.Model.Hidden, Layers: b.Model.Layers,
		Batch: b.Batch, Window: b.Window, Optimizer: b.Train.Optimizer, Threads: b.Threads, Kernel: b.Kernel.Name(),
		TokensPerS: median(b.rates), Peak: b.peak, Sustained: median(b.held),
	}
	r.MsPerUpdate = 1e3 * float64(b.Window*b.Batch) / r.TokensPerS
	r.GFLOPS = r.TokensPerS * 6 * float64(multiplications(b.model)) / 1e9
	return r
}

// median is the middle of x in order, the upper one of two.
func median(x []float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	return sorted[len(sorted)/2]
}

// Bench trains and samples for about the given time and returns the speeds.
func Bench(c BenchConfig) (BenchResult, error) {
	b, err := newBenchmark(c)
	if err != nil {
		return BenchResult{}, err
	}
	defer b.Close()
	const rounds = 10
	for i := range rounds + 1 { // the first warms up
		if err := b.round(c.For / rounds); err != nil {
			return BenchResult{}, err
		}
		if i%3 == 2 { // three times, between rounds
			b.measurePeak()
		}
	}
	b.rates = b.rates[1:]
	r := b.result()
	r.SampleUs, err = b.sample(c.For / 3)
	return r, err
}

// multiplications is how many weights one token is multiplied with on its way
// forward: all but the embedding and the biases.
func multiplications(m *rnn.Model) int {
	n := m.Hidden * m.Vocab
	for i, t := range m.Tensors() {
		if i > 0 && !t.Vector && t.Name != "fc.weight" {
			n += len(t.Value.Data)
		}
	}
	return n
}
