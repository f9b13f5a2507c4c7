package session

import (
	"bufio"
	"os"
	"runtime"
	"strings"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/train"
)

// benchmarks are the configurations that speeds are quoted for: character models
// of two sizes, a word model as large as one is trained without a graphics card,
// one so small that everything but the products counts, and Zaremba's small model.
var benchmarks = []struct {
	name          string
	model         rnn.Config
	batch, window int
	optimizer     string
	lr            float64
	cells         []string
}{
	{"a", rnn.Config{Vocab: 65, Embed: 64, Hidden: 128, Layers: 1}, 32, 50, "adam", 1e-3, []string{"rnn", "lstm", "gru"}},
	{"b", rnn.Config{Vocab: 65, Embed: 128, Hidden: 512, Layers: 1}, 50, 50, "adam", 1e-3, []string{"lstm", "gru"}},
	{"c", rnn.Config{Vocab: 10000, Embed: 256, Hidden: 512, Layers: 2}, 32, 35, "adam", 1e-3, []string{"rnn", "lstm", "gru"}},
	{"d", rnn.Config{Vocab: 27, Embed: 16, Hidden: 64, Layers: 1}, 16, 25, "adam", 1e-3, []string{"rnn", "lstm"}},
	{"e", rnn.Config{Vocab: 10000, Embed: 200, Hidden: 200, Layers: 2}, 20, 20, "sgd", 1, []string{"lstm"}},
}

// SuiteConfig says how the suite is measured.
type SuiteConfig struct {
	Threads int
	Kernel  *kernel.Set
	Seed    uint64
	For     time.Duration  // of training, for each configuration and number of threads
	Peer    string         // a Python that has PyTorch, to be measured in turn; none when empty
	Each    func(SuiteRow) // is called with every row as soon as it is there
}

// SuiteRow is one configuration's speed, on all threads and on one, and the peer's.
type SuiteRow struct {
	Config string `json:"config"`
	BenchResult
	OneThread float64    `json:"one_thread_tokens_per_s"`
	Share     float64    `json:"share_of_limit"`     // gflops of peak_gflops
	Kept      float64    `json:"share_of_sustained"` // of sustained_gflops
	Peer      *PeerSpeed `json:"peer,omitempty"`
}

// PeerSpeed is what PyTorch did with the same configuration.
type PeerSpeed struct {
	TokensPerS float64 `json:"train_tokens_per_s"` // at its better number of threads
	Threads    int     `json:"threads"`            // which that is
	SampleUs   float64 `json:"sample_us_per_token"`
	BLAS       string  `json:"blas"` // that it was measured with
}

// PeerFailure tells of kernels that OpenBLAS was told to take for the processor
// and that PyTorch failed with.
type PeerFailure struct {
	Kernels string `json:"kernels"` // as OPENBLAS_CORETYPE names them
	From    string `json:"from"`    // the configuration from which on OpenBLAS takes its own
	Why     string `json:"why"`     // its last words
}

// SuiteResult is the whole table and what it was measured on.
type SuiteResult struct {
	Processor string     `json:"processor"`
	Threads   int        `json:"threads"`
	Kernel    string     `json:"kernel"`
	Peak      float64    `json:"peak_gflops"`      // median of the rows
	Sustained float64    `json:"sustained_gflops"` // likewise
	Peer      *PeerBuild `json:"peer,omitempty"`
	Rows      []SuiteRow `json:"rows"`

	PeerFailure *PeerFailure `json:"peer_failure,omitempty"`
}

// suiteRounds is in how many rounds each speed is measured: all threads, one and
// the peer in turn, so that a slow moment of the machine meets all of them.
const suiteRounds = 5

// BenchSuite measures the table of configurations, the speeds of each as medians
// of alternating rounds.
func BenchSuite(c SuiteConfig) (SuiteResult, error) {
	s := SuiteResult{Processor: processor(), Threads: c.Threads, Kernel: c.Kernel.Name()}
	var peers *peers
	if c.Peer != "" {
		var err error
		if peers, err = startPeers(c.Peer, c.Threads); err != nil {
			return s, err
		}
		defer peers.Close()
		s.Peer = &peers.build
	}
	var peaks, held []float64
	for _, b := range benchmarks {
		for _, cell := range b.cells {
			one := BenchConfig{Model: b.model, Batch: b.batch, Window: b.window, Kernel: c.Kernel, For: c.For}
			one.Model.Cell = cell
			one.Train = train.Defaults()
			one.Train.Optimizer, one.Train.LR, one.Train.Seed = b.optimizer, b.lr, c.Seed
			row, err := benchRow(one, c.Threads, peers)
			if err != nil {
				return s, err
			}
			row.Config = b.name
			if peers != nil && peers.failure != nil && s.PeerFailure == nil {
				s.PeerFailure = peers.failure
				s.PeerFailure.From = b.name + " " + cell
			}
			s.Rows = append(s.Rows, row)
			peaks, held = append(peaks, row.BenchResult.Peak), append(held, row.BenchResult.Sustained)
			if c.Each != nil {
				c.Each(row)
			}
		}
	}
	s.Peak, s.Sustained = median(peaks), median(held)
	return s, nil
}

// benchRow measures one configuration on the given number of threads, on one, and
// at the peers.
func benchRow(c BenchConfig, threads int, peers *peers) (SuiteRow, error) {
	var row SuiteRow
	counts := []int{threads}
	if threads > 1 {
		counts = append(counts, 1)
	}
	var benches []*benchmark
	for _, n := range counts {
		c.Threads = n
		b, err := newBenchmark(c)
		if err != nil {
			return row, err
		}
		defer b.Close()
		benches = append(benches, b)
	}
	var samples []float64
	for range suiteRounds {
		for _, b := range benches {
			if err := b.round(c.For / suiteRounds); err != nil {
				return row, err
			}
		}
		us, err := benches[0].sample(c.For / suiteRounds / 4)
		if err != nil {
			return row, err
		}
		samples = append(samples, us)
		benches[0].measurePeak()
		if err := peers.round(c); err != nil {
			return row, err
		}
	}
	row.BenchResult = benches[0].result()
	row.SampleUs = median(samples)
	row.OneThread = median(benches[len(benches)-1].rates)
	row.Share, row.Kept = row.GFLOPS/row.BenchResult.Peak, row.GFLOPS/row.BenchResult.Sustained
	row.Peer = peers.speed()
	return row, nil
}

// processor is the name that the processor gives itself, where the system tells,
// and the architecture where it does not.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
