package lag

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/core/train"
)

func trial(name, cell string) scope.Trial {
	return canonical(scope.Trial{
		Task: name, Cell: cell, Activation: "tanh", Init: "pytorch", Lag: UsualLag(name), Seed: 1,
		LR: 5e-3, Hidden: 20, Batch: 16, Limit: 100, Clip: 1, Input: "onehot",
	})
}

func run(t *testing.T, c scope.Trial) *scope.TrialResult {
	t.Helper()
	r, err := RunTrial(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every task with every cell and both inputs trains and begins where it must:
// at the loss of a model that knows nothing, over the task's own classes only.
func TestEveryTaskTrains(t *testing.T) {
	for _, p := range tasks {
		for i, cell := range []string{"rnn", "gru", "lstm"} {
			c := trial(p.name, cell)
			c.Lag, c.Limit = max(p.least, 12), 50
			if i == 1 && p.symbols > 0 {
				c.Input = "embedding"
			}
			r := run(t, c)
			if r.Updates < 1 || len(r.Curve) == 0 || math.IsNaN(float64(r.Final)) || r.Span != p.span(c.Lag) {
				t.Errorf("%s %s: %+v", p.name, cell, r)
			}
			if !(r.Ratio > 0) || !(r.Rate > 0) {
				t.Errorf("%s %s: arrives %v, %v per step", p.name, cell, r.Ratio, r.Rate)
			}
			m, err := modelFor(p, c, kernel.Available()[0])
			if err != nil {
				t.Fatal(err)
			}
			loss, accuracy := newExam(m, p, c, kernel.NewTeam(1)).sit()
			if p.classes == 0 {
				continue
			}
			// Small random outputs: near the entropy of a guess among all classes.
			if guess := math.Log(float64(p.classes)); math.Abs(loss-guess) > 0.4 || accuracy > 0.6 {
				t.Errorf("%s %s before training: loss %v, accuracy %v; a guess costs %v", p.name, cell, loss, accuracy, guess)
			}
		}
	}
}

// What is easy is solved, by the criterion, and training ends there.
func TestShortLagsAreSolved(t *testing.T) {
	for name, lag := range map[string]int{"recall": 3, "recall-mixed": 5, "order": 10, "copy": 1, "reber": 12, "adding": 4} {
		c := trial(name, "gru")
		c.Lag, c.Limit, c.Hidden = lag, 1500, 24
		if name == "copy" {
			continue // ten symbols take more than a test's time
		}
		r := run(t, c)
		if !r.Solved || r.Updates >= c.Limit || r.Updates%evalEvery != 0 || r.Curve[len(r.Curve)-1].Update != r.Updates {
			t.Errorf("%s lag %d: %+v", c.Task, c.Lag, r)
		}
	}
	// And what has no time to be is not.
	c := trial("recall", "rnn")
	c.Limit, c.LR = 60, 1e-5
	if r := run(t, c); r.Solved || r.Updates != 60 || len(r.Curve) != 2 || r.Curve[1].Update != 60 {
		t.Errorf("%+v", r)
	}
}

// A rate that explodes ends the trial and says so.
func TestDivergedTrial(t *testing.T) {
	c := trial("adding", "rnn")
	c.Activation, c.LR, c.Clip, c.Limit = "relu", 1e4, 0, 400
	r := run(t, c)
	if r.Solved || r.Reason == "" || r.Updates >= 400 {
		t.Fatalf("%+v", r)
	}
	text, err := json.Marshal(r)
	if err != nil || !bytes.Contains(text, []byte(`"final":null`)) {
		t.Errorf("%s, %v", text, err)
	}
}

// The gradient that arrives: each sequence asked about alone, with its norms
// taken from the tape.
func TestArrival(t *testing.T) {
	p, c := recallMixed, trial("recall-mixed", "lstm")
	c.Lag, c.Batch = 9, 5
	m, err := modelFor(p, c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	var r scope.TrialResult
	arrival(m, p, c, kernel.NewTeam(1), &r)
	s := newSource(p, 9, 5, c.Seed, streamFirst)
	s.whole = true
	x, y := make([]int32, s.T*s.B), make([]int32, s.T*s.B)
	s.Next(x, y)
	logs := 0.0
	for b := range s.B {
		tape := m.NewTape(s.T, 1, kernel.NewTeam(1), 0)
		for i := range s.T {
			tape.IDs[i] = x[i*s.B+b]
		}
		tape.Backpropagate(func(i, _ int, out []float32) {
			if i == s.T-1 {
				m.Kernel.SoftmaxLoss(out, int(y[i*s.B+b]), 1)
			} else {
				clear(out)
			}
		})
		size := func(i int) float64 {
			sum := 0.0
			for _, v := range tape.Gradient(0, i, 0) {
				sum += float64(v) * float64(v)
			}
			return math.Sqrt(sum)
		}
		logs += math.Log(size(s.T-1-p.span(9)) / size(s.T-1))
	}
	if want := math.Exp(logs / 5); math.Abs(float64(r.Ratio)-want) > 1e-5*want {
		t.Errorf("arrives %v, want %v", r.Ratio, want)
	}
	if want := math.Log(faint) / math.Log(float64(r.Rate)); math.Abs(float64(r.Horizon)-want) > 1e-9 {
		t.Errorf("horizon %v, want %v", r.Horizon, want)
	}
}

func small() Grid {
	g := Defaults()
	one := scope.Number(1)
	g.Tasks, g.Lags, g.ForgetBias = []string{"recall"}, []int{3}, []*scope.Number{nil, &one}
	g.Inits, g.Seeds, g.Updates, g.Hidden, g.Batch = []string{"pytorch", "orthogonal"}, 2, 60, 8, 8
	return g
}

func TestTrialsOfAGrid(t *testing.T) {
	g := small()
	trials, err := g.Trials()
	if err != nil {
		t.Fatal(err)
	}
	// rnn and gru: 2 inits; lstm: 2 inits x 2 biases; 2 seeds.
	if len(trials) != (2+2+4)*2 {
		t.Errorf("%d trials", len(trials))
	}
	if trials[0].Seed != 1 || trials[7].Seed != 1 || trials[8].Seed != 2 {
		t.Errorf("seeds %d %d %d", trials[0].Seed, trials[7].Seed, trials[8].Seed)
	}
	for _, p := range Presets() {
		if trials, err := p.Grid.Trials(); err != nil || len(trials) == 0 || p.Title == "" {
			t.Errorf("%s: %d trials, %v", p.Name, len(trials), err)
		}
	}
	for says, change := range map[string]func(*Grid){
		"task must be one of":       func(g *Grid) { g.Tasks = []string{"adding", "parity"} },
		"cell must be one of":       func(g *Grid) { g.Cells = []string{"elman"} },
		"cell needs a value":        func(g *Grid) { g.Cells = nil },
		"lag of the recall task":    func(g *Grid) { g.Lags = []int{0} },
		"initialisation must be":    func(g *Grid) { g.Inits = []string{"magic"} },
		"lr must be a positive":     func(g *Grid) { g.LRs = []float64{-1} },
		"seeds must be 1":           func(g *Grid) { g.Seeds = 0 },
		"updates must be from 1":    func(g *Grid) { g.Updates = 0 },
		"batch must be from 1":      func(g *Grid) { g.Batch = 0 },
		"hidden must be from 1":     func(g *Grid) { g.Hidden = 0 },
		"clip must be 0":            func(g *Grid) { g.Clip = -1 },
		"input must be":             func(g *Grid) { g.Input = "braille" },
		"too many":                  func(g *Grid) { g.Seeds = 1 << 30 },
		"is too large":              func(g *Grid) { g.Lags, g.Batch = []int{20000}, 1000 },
		"activation must be":        func(g *Grid) { g.Activations = []string{"sine"} },
		"forget-bias must be a num": func(g *Grid) { v := scope.Number(math.NaN()); g.ForgetBias = []*scope.Number{&v} },
	} {
		g := small()
		change(&g)
		if _, err := g.Trials(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", says, err)
		}
	}
}

// Results do not depend on the number of workers or the order they end in.
func TestRunOnAnyNumberOfWorkers(t *testing.T) {
	trials, err := small().Trials()
	if err != nil {
		t.Fatal(err)
	}
	all := func(workers int) []scope.TrialResult {
		var results []scope.TrialResult
		points, begun := 0, map[int]bool{}
		err := Run(t.Context(), trials, workers, kernel.Available()[0], func(e Event) {
			if e.Begun() {
				begun[e.Trial] = true
			} else if !begun[e.Trial] {
				t.Errorf("trial %d reports before it began", e.Trial)
			}
			if e.Point != nil {
				points++
			}
			if e.Result != nil {
				if Key(e.Result.Trial) != Key(trials[e.Trial]) {
					t.Errorf("result of %s under trial %d", Key(e.Result.Trial), e.Trial)
				}
				results = append(results, *e.Result)
			}
		})
		if err != nil || len(results) != len(trials) || points < len(trials) {
			t.Fatalf("%d results and %d points of %d trials, %v", len(results), points, len(trials), err)
		}
		results = Sorted(trials, results)
		for i := range results {
			results[i].Seconds = 0
		}
		return results
	}
	one, three := all(1), all(3)
	for i := range one {
		if a, b := fmt.Sprintf("%+v", flat(one[i])), fmt.Sprintf("%+v", flat(three[i])); a != b {
			t.Errorf("one worker %s\nthree       %s", a, b)
		}
	}
}

// flat is a result without pointers.
func flat(r scope.TrialResult) any {
	r.ForgetBias = nil
	return r
}

func TestRunStops(t *testing.T) {
	trials, err := small().Trials()
	if err != nil {
		t.Fatal(err)
	}
	results := 0
	ctx, cancel := context.WithCancel(t.Context())
	err = Run(ctx, trials, 2, kernel.Available()[0], func(e Event) {
		if e.Result != nil {
			if results++; results == 3 {
				cancel()
			}
		}
	})
	if !errors.Is(err, ErrStopped) || results < 3 || results == len(trials) {
		t.Errorf("%d results, %v", results, err)
	}
}

// When its context ends, Run does not wait for a worker that is in the middle of
// something.
func TestRunLeavesAtOnce(t *testing.T) {
	g := Defaults()
	g.Seeds = 1
	trials, err := g.Trials()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	release, ended := make(chan struct{}), make(chan error, 1)
	task.Go("run", func() {
		ended <- runOn(ctx, ctx.Done(), trials, 1, nil, func() { cancel(); <-release }, func(Event) {})
	})
	select {
	case err := <-ended:
		if !errors.Is(err, ErrStopped) {
			t.Errorf("ended with %v, want %v", err, ErrStopped)
		}
	case <-time.After(10 * time.Second):
		t.Error("it waits for its worker")
	}
	close(release)
}

func TestLogGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "grid.jsonl")
	g := small()
	log, err := CreateLog(path, g)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CreateLog(path, g); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second log of the same name: %v", err)
	}
	empty := filepath.Join(t.TempDir(), "empty.jsonl")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ResumeLog(empty); !errors.Is(err, errNoTrial) {
		t.Errorf("a log of nothing: %v", err)
	}
	trials, _ := g.Trials()
	first := scope.TrialResult{Trial: trials[0], Final: scope.Number(math.NaN()), Horizon: scope.Number(math.Inf(1)), Curve: []scope.TrialPoint{{Update: 50, Loss: 0.1 + 0.2}}}
	second := scope.TrialResult{Trial: trials[5], Solved: true, Final: 1.0 / 3}
	for _, r := range []scope.TrialResult{first, second} {
		if err := log.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	log.Close()
	whole, _ := os.ReadFile(path)
	os.WriteFile(path, append(whole, whole[:40]...), 0o644) // a line torn in the middle
	log, err = ResumeLog(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(log.Results) != 2 || !reflect.DeepEqual(log.Grid, g) || !log.Done(trials[5]) || log.Done(trials[1]) {
		t.Fatalf("%d results, grid %+v", len(log.Results), log.Grid)
	}
	if got := log.Results[0]; !math.IsNaN(float64(got.Final)) || got.Curve[0] != first.Curve[0] || Key(got.Trial) != Key(first.Trial) {
		t.Errorf("%+v", got)
	}
	second.Final = 0.25
	if err := log.Add(second); err != nil {
		t.Fatal(err)
	}
	log.Close()
	log, err = ResumeLog(path)
	if err != nil || len(log.Results) != 2 || log.Results[1].Final != 0.25 {
		t.Errorf("of two results of a trial the last holds: %+v, %v", log.Results, err)
	}
	log.Close()
	for text, says := range map[string]string{
		"{\n":                  "line 1 is no result",
		"\n{\"task\":\"x\"}\n": "line 2 is no result",
		"[]\n":                 "line 1 is no result",
	} {
		os.WriteFile(path, []byte(text), 0o644)
		if _, err := ResumeLog(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Two programs do not write one log: the second is told, and nothing of what the
// first wrote is lost.
func TestLogIsOfOneWriter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files are not locked there")
	}
	path := filepath.Join(t.TempDir(), "grid.jsonl")
	log, err := CreateLog(path, small())
	if err != nil {
		t.Fatal(err)
	}
	trials, _ := small().Trials()
	for n := range 2 {
		if err := log.Add(scope.TrialResult{Trial: trials[n]}); err != nil {
			t.Fatal(err)
		}
		var told interface{ Try() string }
		if _, err := ResumeLog(path); !errors.As(err, &told) || !strings.Contains(err.Error(), path+": another program is writing") || !strings.Contains(told.Try(), "wait for its end") {
			t.Errorf("a second writer is told %v", err)
		}
		if n == 0 { // one that goes on with a log has it as well
			log.Close()
			if log, err = ResumeLog(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	log.Close()
	log, err = ResumeLog(path)
	if err != nil || len(log.Results) != 2 {
		t.Fatalf("%+v, %v", log, err)
	}
	log.Close()
}

func FuzzReadLog(f *testing.F) {
	trials, _ := small().Trials()
	text, _ := json.Marshal(line{scope.TrialResult{Trial: trials[0], Curve: []scope.TrialPoint{{Update: 50}}}, small()})
	f.Add(append(text, '\n'))
	f.Add(append(append(text, '\n'), text[:60]...))
	f.Add([]byte("{\"task\":\"adding\",\"cell\":\"rnn\",\"final\":null}\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		results, grid, size, err := ReadLog(bytes.NewReader(data))
		if err != nil {
			return
		}
		if size > int64(len(data)) || len(results) > 0 && grid == nil || size > 0 && data[size-1] != '\n' {
			t.Fatalf("%d results in %d of %d bytes", len(results), size, len(data))
		}
		if grid != nil {
			grid.Trials() // whatever was read, it must not panic
		}
		again, _, _, err := ReadLog(bytes.NewReader(data[:size]))
		if err != nil || len(again) != len(results) {
			t.Fatalf("read again: %d results, %v", len(again), err)
		}
	})
}

// A trial's trainer is fed by value and by id as its task says.
var _ train.Valued = (*source)(nil)

// Half a line that a failed write left behind is written over by the next.
func TestLogAfterAFailedWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "grid.jsonl")
	g := small()
	log, err := CreateLog(path, g)
	if err != nil {
		t.Fatal(err)
	}
	trials, _ := g.Trials()
	if err := log.Add(scope.TrialResult{Trial: trials[0]}); err != nil {
		t.Fatal(err)
	}
	if _, err := log.file.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if _, err := log.file.WriteString(`{"task":`); err != nil {
		t.Fatal(err)
	}
	writable := log.file
	if log.file, err = os.Open(path); err != nil { // which cannot be written
		t.Fatal(err)
	}
	if err := log.Add(scope.TrialResult{Trial: trials[1]}); err == nil || log.Done(trials[1]) {
		t.Errorf("a result that could not be written is done (%v)", err)
	}
	log.file.Close()
	log.file = writable
	if err := log.Add(scope.TrialResult{Trial: trials[2]}); err != nil {
		t.Fatal(err)
	}
	log.Close()
	log, err = ResumeLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if len(log.Results) != 2 || !log.Done(trials[0]) || log.Done(trials[1]) || !log.Done(trials[2]) {
		t.Errorf("the log has %+v", log.Results)
	}
}
