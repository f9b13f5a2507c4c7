package session

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/train"
)

func smallBench(t *testing.T) BenchConfig {
	t.Helper()
	set, err := kernel.Choose("auto")
	if err != nil {
		t.Fatal(err)
	}
	return BenchConfig{
		Model: rnn.Config{Cell: "gru", Vocab: 11, Embed: 5, Hidden: 7, Layers: 2},
		Train: train.Defaults(), Batch: 3, Window: 4, Kernel: set, For: 50 * time.Millisecond,
	}
}

// A row's figures belong together: the speed, the time of an update, the
// operations that the weights give, and the share of the peak.
func TestBenchRow(t *testing.T) {
	row, err := benchRow(smallBench(t), 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9*math.Abs(want) || want == 0 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	const weights = 3*7*5 + 3*7*7 + 2*3*7*7 + 7*11
	near("ms_per_update", row.MsPerUpdate, 1e3*12/row.TokensPerS)
	near("gflops", row.GFLOPS, 6*weights*row.TokensPerS/1e9)
	near("share", row.Share, row.GFLOPS/row.BenchResult.Peak)
	near("share of what is sustained", row.Kept, row.GFLOPS/row.BenchResult.Sustained)
	if row.Threads != 2 || row.Cell != "gru" || row.Vocab != 11 || row.Peer != nil {
		t.Errorf("the row is %+v", row)
	}
	if !(row.OneThread > 0 && row.SampleUs > 0 && row.Share < 1) {
		t.Errorf("one thread %v, sampling %v µs, share %v", row.OneThread, row.SampleUs, row.Share)
	}
}

// The table is that of the targets: every configuration once, in order.
func TestBenchmarksAreNamed(t *testing.T) {
	var names []string
	for _, b := range benchmarks {
		for _, cell := range b.cells {
			c := b.model
			c.Cell = cell
			if err := c.Validate(); err != nil {
				t.Errorf("%s %s: %v", b.name, cell, err)
			}
		}
		names = append(names, b.name)
	}
	if got := strings.Join(names, ""); got != "abcde" {
		t.Errorf("configurations %s", got)
	}
}

// fakePython is a program in place of Python that does what the script of shell
// says.
func fakePython(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// Peers are asked in turn; the faster number of threads counts, in the median.
func TestPeersAnswer(t *testing.T) {
	// $4 is the number of threads. Each answer is larger than the one before.
	python := fakePython(t, `echo '{"torch":"9.9","blas":"none"}'
n=0
while read line; do
	n=$((n+1))
	echo "{\"train_tokens_per_s\":$((n*1000*$4)),\"sample_us_per_token\":$((40-n))}"
done
`)
	p, err := startPeers(python, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if p.build != (PeerBuild{"9.9", "none"}) {
		t.Errorf("build %+v", p.build)
	}
	for range 3 {
		if err := p.round(smallBench(t)); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := *p.speed(), (PeerSpeed{TokensPerS: 4000, Threads: 2, SampleUs: 38, BLAS: "none"}); got != want {
		t.Errorf("speed %+v, want %+v", got, want)
	}
	for _, one := range p.each {
		if len(one.rates)+len(one.samples) > 0 {
			t.Errorf("%d threads: rates of the last configuration are left", one.threads)
		}
	}
}

// An OpenBLAS that does not know the processor is told what it has.
func TestPeersAreNotHeldBack(t *testing.T) {
	core := coreType("OpenBLAS 0.3.21 Prescott MAX_THREADS=64")
	if core == "" {
		t.Skip("this processor has no more than Prescott")
	}
	p, err := startPeers(fakePython(t, `echo "{\"torch\":\"9.9\",\"blas\":\"OpenBLAS ${OPENBLAS_CORETYPE:-Prescott}\"}"
cat >/dev/null
`), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if p.build.BLAS != "OpenBLAS "+core || len(p.each) != 2 {
		t.Errorf("%d peers with %s, want %s", len(p.each), p.build.BLAS, core)
	}
	if other := coreType("OpenBLAS 0.3.21 Cooperlake"); other != "" {
		t.Errorf("kernels for a newer processor give way to those of %s", other)
	}
}

// Where PyTorch fails with the kernels that OpenBLAS was told to take, at once or
// while it measures, it goes on with those that OpenBLAS takes by itself, and the
// failure is told of.
func TestPeersFallBack(t *testing.T) {
	core := coreType("OpenBLAS 0.3.21 Prescott MAX_THREADS=64")
	if core == "" {
		t.Skip("this processor has no more than Prescott")
	}
	const works = `echo "{\"torch\":\"9.9\",\"blas\":\"OpenBLAS ${OPENBLAS_CORETYPE:-Prescott}\"}"
n=0
while read line; do
	n=$((n+1))
	if [ -n "$OPENBLAS_CORETYPE" ] && [ $n = 3 ]; then echo "no such kernel" >&2; exit 3; fi
	echo "{\"train_tokens_per_s\":$((${OPENBLAS_CORETYPE:+99}1000+n)),\"sample_us_per_token\":7}"
done
`
	for when, script := range map[string]string{
		"at once":     `if [ -n "$OPENBLAS_CORETYPE" ]; then echo "no such kernel" >&2; exit 3; fi` + "\n" + works,
		"in round 3":  works,
		"by a signal": `if [ -n "$OPENBLAS_CORETYPE" ]; then echo "no such kernel" >&2; kill -SEGV $$; fi` + "\n" + works,
	} {
		p, err := startPeers(fakePython(t, script), 2)
		if err != nil {
			t.Fatalf("%s: %v", when, err)
		}
		defer p.Close()
		for range 4 {
			if err := p.round(smallBench(t)); err != nil {
				t.Fatalf("%s: %v", when, err)
			}
		}
		s := p.speed() // of what OpenBLAS takes by itself alone, as the row says
		if s.TokensPerS >= 99_000 || s.BLAS != "OpenBLAS Prescott" || p.build.BLAS != s.BLAS {
			t.Errorf("%s: %+v with %+v", when, s, p.build)
		}
		if f := p.failure; f == nil || f.Kernels != core || !strings.Contains(f.Why, "no such kernel") {
			t.Errorf("%s: the failure is told as %+v", when, f)
		}
	}
	// Without such kernels there is nothing to fall back on.
	p, err := startPeers(fakePython(t, "echo '{\"torch\":\"9.9\",\"blas\":\"none\"}'\nread line\necho out of memory >&2\nexit 1\n"), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.round(smallBench(t)); err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("a peer that ends is told of as %v", err)
	}
}

// What keeps a Python from measuring is said in its own last words.
func TestPeersFail(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"without PyTorch", "echo Traceback >&2\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n", "No module named 'torch'"},
		{"silent", "exit 3\n", "exit status 3"},
	} {
		_, err := startPeers(fakePython(t, c.script), 1)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := startPeers(filepath.Join(t.TempDir(), "absent"), 1); err == nil {
		t.Error("a Python that does not exist is no error")
	}
}

// The script runs on a real PyTorch.
func TestPeerMeasuresPyTorch(t *testing.T) {
	python := os.Getenv("RNNSCOPE_TEST_PYTHON")
	if python == "" {
		t.Skip("RNNSCOPE_TEST_PYTHON is not set")
	}
	p, err := startPeers(python, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, cell := range rnn.Cells() {
		for _, optimizer := range []string{"adam", "sgd"} {
			c := smallBench(t)
			c.Model.Cell, c.Train.Optimizer = cell, optimizer
			if err := p.round(c); err != nil {
				t.Fatal(err)
			}
			if s := p.speed(); !(s.TokensPerS > 0 && s.SampleUs > 0) {
				t.Errorf("%s, %s: %+v", cell, optimizer, s)
			}
		}
	}
	if p.build.Torch == "" || p.build.BLAS == "" {
		t.Errorf("build %+v", p.build)
	}
}
