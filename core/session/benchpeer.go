package session

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
)

// peerScript trains and samples the same model in PyTorch. It answers one line of
// JSON for each it reads.
//
//go:embed benchpeer.py
var peerScript string

// PeerBuild is which PyTorch was measured.
type PeerBuild struct {
	Torch string `json:"torch"`
	BLAS  string `json:"blas"`
}

// peers are Pythons with PyTorch, one for each number of threads that is tried: for
// small models PyTorch is faster on one. A nil *peers measures nothing.
type peers struct {
	python  string
	threads int
	core    string // what OpenBLAS was told to take the processor for, see coreType
	build   PeerBuild
	each    []*peer
	failure *PeerFailure
}

// peer is one Python. Between requests it sleeps.
type peer struct {
	threads int
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	errs    strings.Builder
	why     string // it has ended

	rates, samples []float64 // of the configuration in work
}

// peerRequest asks for a round of training and one of sampling.
type peerRequest struct {
	Cell      string  `json:"cell"`
	Vocab     int     `json:"vocab"`
	Embed     int     `json:"embed"`
	Hidden    int     `json:"hidden"`
	Layers    int     `json:"layers"`
	Batch     int     `json:"batch"`
	Window    int     `json:"window"`
	Optimizer string  `json:"optimizer"`
	LR        float64 `json:"lr"`
	Clip      float64 `json:"clip"`
	Train     float64 `json:"train_seconds"`
	Sample    float64 `json:"sample_seconds"` // 0 samples nothing
}

type peerAnswer struct {
	TokensPerS float64 `json:"train_tokens_per_s"`
	SampleUs   float64 `json:"sample_us_per_token"`
}

// startPeers starts them and waits until PyTorch is loaded.
func startPeers(python string, threads int) (*peers, error) {
	p := &peers{python: python, threads: threads}
	if err := p.start(); err != nil {
		return nil, err
	}
	if p.core = coreType(p.build.BLAS); p.core != "" {
		p.Close()
		if err := p.start(); err != nil {
			return p, p.fallBack(err)
		}
	}
	return p, nil
}

// fallBack starts the peers anew with the kernels that OpenBLAS takes by itself,
// when they failed with those that it was told to take.
func (p *peers) fallBack(err error) error {
	if p.core == "" {
		return err
	}
	p.failure = &PeerFailure{Kernels: p.core, Why: err.Error()}
	for _, one := range p.each {
		if one.why != "" {
			p.failure.Why = one.why
		}
	}
	p.Close()
	p.core = ""
	return p.start()
}

// coreType is what OpenBLAS is to take the processor for: "" leaves that to it.
// Where it is older than the processor it falls back on Prescott, SSE3 and several
// times slower than what such a processor has.
func coreType(blas string) string {
	if !strings.Contains(blas, "Prescott") {
		return ""
	}
	switch kernel.Available()[0].Name() {
	case "avx512":
		return "SKYLAKEX"
	case "avx2":
		return "HASWELL"
	}
	return ""
}

// start starts the processes. Close ends those that were, also after an error.
func (p *peers) start() error {
	counts := []int{1}
	if p.threads > 1 {
		counts = append(counts, p.threads)
	}
	p.each = nil
	for _, n := range counts {
		one, err := startPeer(p.python, n, p.core)
		if err == nil {
			p.each = append(p.each, one)
			err = one.read(&p.build)
		}
		if err != nil {
			p.Close()
			return err
		}
	}
	return nil
}

func startPeer(python string, threads int, core string) (*peer, error) {
	p := &peer{threads: threads, process: exec.Command(python, "-u", "-c", peerScript, strconv.Itoa(threads))}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") { // OpenBLAS is to choose its kernels by the processor
			p.process.Env = append(p.process.Env, v)
		}
	}
	if core != "" {
		p.process.Env = append(p.process.Env, "OPENBLAS_CORETYPE="+core)
	}
	for _, v := range []string{"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"} {
		p.process.Env = append(p.process.Env, v+"="+strconv.Itoa(threads))
	}
	p.process.Stderr = &p.errs
	in, err := p.process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.process.Start(); err != nil {
		var path *fs.PathError
		switch {
		case errors.As(err, &path):
			err = path.Err
		case errors.Is(err, exec.ErrNotFound):
			err = syscall.ENOENT
		}
		return nil, say.Errorf("%s cannot be started: %w; name a Python that has PyTorch", python, err)
	}
	p.in, p.out = in, bufio.NewScanner(out)
	return p, nil
}

// read reads one line of JSON, or says why there is none.
func (p *peer) read(into any) error {
	if p.out.Scan() {
		return json.Unmarshal(p.out.Bytes(), into)
	}
	err := errors.Join(p.out.Err(), p.process.Wait())
	lines := strings.Split(strings.TrimSpace(p.errs.String()), "\n")
	p.why = fmt.Sprintf("%s (%v)", lines[len(lines)-1], err)
	return say.Errorf("%s cannot measure PyTorch: %s; name a Python that has it", p.process.Path, p.why)
}

// round measures one round of c's configuration at every peer. Where they have
// fallen back on other kernels what was measured with those before is void.
func (p *peers) round(c BenchConfig) error {
	if p == nil {
		return nil
	}
	err := p.ask(c)
	if err != nil && p.core != "" {
		if err = p.fallBack(err); err == nil {
			err = p.ask(c)
		}
	}
	return err
}

// ask is one round.
func (p *peers) ask(c BenchConfig) error {
	for _, one := range p.each {
		q := peerRequest{
			Cell: c.Model.Cell, Vocab: c.Model.Vocab, Embed: c.Model.Embed, Hidden: c.Model.Hidden, Layers: c.Model.Layers,
			Batch: c.Batch, Window: c.Window, Optimizer: c.Train.Optimizer, LR: c.Train.LR, Clip: c.Train.Clip,
			Train: (c.For / suiteRounds).Seconds(),
		}
		if one.threads == 1 {
			q.Sample = (c.For / suiteRounds / 4).Seconds()
		}
		line, err := json.Marshal(q)
		if err != nil {
			return err
		}
		// A write that fails is a process that has ended; read says why.
		one.in.Write(append(line, '\n'))
		var a peerAnswer
		if err := one.read(&a); err != nil {
			return err
		}
		one.rates = append(one.rates, a.TokensPerS)
		if q.Sample > 0 {
			one.samples = append(one.samples, a.SampleUs)
		}
	}
	return nil
}

// speed is what the rounds since the last call came to, nil without peers.
func (p *peers) speed() *PeerSpeed {
	if p == nil {
		return nil
	}
	s := PeerSpeed{BLAS: p.build.BLAS}
	for _, one := range p.each {
		if rate := median(one.rates); rate > s.TokensPerS {
			s.TokensPerS, s.Threads = rate, one.threads
		}
		if len(one.samples) > 0 {
			s.SampleUs = median(one.samples)
		}
		one.rates, one.samples = nil, nil
	}
	return &s
}

// Close ends the peers: each leaves when its input does.
func (p *peers) Close() {
	for _, one := range p.each {
		one.in.Close()
		timer := time.AfterFunc(5*time.Second, func() { one.process.Process.Kill() })
		one.process.Wait()
		timer.Stop()
	}
}
