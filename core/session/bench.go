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
	For           time.Duration // of training; sampling takes a third of it more
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
	TokensPerS  float64 `json:"train_tokens_per_s"`  // median over rounds of a tenth of the time
	MsPerUpdate float64 `json:"ms_per_update"`       // likewise
	SampleUs    float64 `json:"sample_us_per_token"` // one token read, one drawn, on one core
	GFLOPS      float64 `json:"gflops"`              // six per weight that a token is multiplied with
	Peak        float64 `json:"peak_gflops"`         // of fused multiply-adds on registers, measured on all threads at once
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

// Bench trains and samples for about the given time and returns the speeds.
func Bench(c BenchConfig) (BenchResult, error) {
	r := BenchResult{
		Cell: c.Model.Cell, Vocab: c.Model.Vocab, Embed: c.Model.Embed, Hidden: c.Model.Hidden, Layers: c.Model.Layers,
		Batch: c.Batch, Window: c.Window, Optimizer: c.Train.Optimizer, Threads: c.Threads, Kernel: c.Kernel.Name(),
	}
	m, err := rnn.New(c.Model, c.Kernel)
	if err != nil {
		return r, err
	}
	if err := m.Init(c.Init, c.Train.Seed); err != nil {
		return r, err
	}
	g := rand.New(rand.NewPCG(c.Train.Seed, 1))
	ids := make([]int32, 64*c.Window*c.Batch+1)
	for i := range ids {
		ids[i] = int32(g.IntN(c.Model.Vocab))
	}
	team := kernel.NewTeam(c.Threads)
	defer team.Close()
	t, err := train.New(m, &noise{T: c.Window, B: c.Batch, ids: ids}, team, c.Train)
	if err != nil {
		return r, err
	}

	const rounds = 10
	var rates []float64
	for i := range rounds + 1 { // the first warms up
		n, start := 0, time.Now()
		for time.Since(start) < c.For/rounds || n == 0 {
			if _, err := t.Step(); err != nil {
				return r, err
			}
			n++
		}
		if i > 0 {
			rates = append(rates, float64(n*c.Window*c.Batch)/time.Since(start).Seconds())
		}
	}
	slices.Sort(rates)
	r.TokensPerS = rates[len(rates)/2]
	r.MsPerUpdate = 1e3 * float64(c.Window*c.Batch) / r.TokensPerS
	r.GFLOPS = r.TokensPerS * 6 * float64(multiplications(m)) / 1e9
	peaks := make([]float64, c.Threads)
	team.Run(func(w int) { peaks[w] = c.Kernel.Peak() })
	for _, p := range peaks {
		r.Peak += p
	}

	writer, chooser, draws := m.NewStepper(), sample.NewChooser(sample.Options{Temperature: 1}), sample.NewDraws(c.Train.Seed)
	id, n, start := 0, 0, time.Now()
	for n < 16 || time.Since(start) < c.For/3 {
		for range 16 {
			choice, err := chooser.Choose(writer.Step(id), draws.Next())
			if err != nil {
				return r, err
			}
			id = choice.ID
		}
		n += 16
	}
	r.SampleUs = time.Since(start).Seconds() * 1e6 / float64(n)
	return r, nil
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
