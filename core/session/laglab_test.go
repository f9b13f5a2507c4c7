package session

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"

	"rnnscope/core/lag"
	"rnnscope/core/scope"
)

// laboratory is a lab of a paused exploration.
func laboratory(t *testing.T) (*LagLab, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "runs")
	b := live(t, tiny(), "recall", true).NewLagLab(folder)
	t.Cleanup(b.Close)
	return b, folder
}

// awaitGrid takes pages until one is as it must be.
func awaitGrid(t *testing.T, b *LagLab, what string, ok func(p *scope.LagPage) bool) *scope.LagPage {
	t.Helper()
	for end := time.Now().Add(2 * awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if p := b.Pages.Take(); p != nil && ok(p) {
			return p
		}
	}
	t.Fatalf("no page came with %s", what)
	return nil
}

// small is a grid that is done in a second: RNNs that recall after few steps.
func small(t *testing.T) lag.Grid {
	t.Helper()
	g, err := LagChoice{Task: "recall", Lag: "3, 5", Cell: "rnn,gru", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "1", Updates: "100", Hidden: "16", Input: "onehot"}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// What the lab shows is what each trial gives alone, and what the log holds.
func TestLagLabRunsTheTrials(t *testing.T) {
	t.Parallel()
	b, folder := laboratory(t)
	b.Start(small(t), 2)
	p := awaitGrid(t, b, "all results", func(p *scope.LagPage) bool { return !p.Running && p.Done == len(p.Trials) && p.Done > 0 })
	if len(p.Trials) != 4 || p.Failure != nil {
		t.Fatalf("%d trials, failure %v", len(p.Trials), p.Failure)
	}
	for i, c := range p.Trials {
		want, err := lag.RunTrial(c, lag.Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := *p.Results[i]
		got.Seconds, want.Seconds = 0, 0
		if !reflect.DeepEqual(got, *want) {
			t.Errorf("trial %d: %+v, alone %+v", i, got, *want)
		}
		state := scope.TrialFailed
		if want.Solved {
			state = scope.TrialSolved
		}
		if p.States[i] != state || len(p.Curves[i]) != len(want.Curve) {
			t.Errorf("trial %d: state %v, %d points; want %v, %d", i, p.States[i], len(p.Curves[i]), state, len(want.Curve))
		}
	}
	if logs := LagLogs(folder); len(logs) != 1 || logs[0] != p.Path {
		t.Errorf("logs %v, want %v", logs, p.Path)
	}
	log, err := lag.ResumeLog(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	if len(log.Results) != 4 {
		t.Errorf("the log has %d results", len(log.Results))
	}
}

// endless is a grid of trials that take far longer than a test.
func endless(t *testing.T) lag.Grid {
	g := small(t)
	g.Tasks, g.Lags, g.Updates, g.Seeds = []string{"adding"}, []int{200}, 1<<30, 4
	return g
}

// A grid that is stopped ends at once and leaves nothing running; one that had
// no result leaves no file.
func TestLagLabStops(t *testing.T) {
	t.Parallel()
	b, folder := laboratory(t)
	b.Start(endless(t), 2)
	p := awaitGrid(t, b, "a trial under way", func(p *scope.LagPage) bool {
		return p.Running && p.States[0] == scope.TrialRuns
	})
	if _, err := os.Stat(p.Path); err != nil {
		t.Error(err)
	}
	b.Stop()
	p = awaitGrid(t, b, "the end", func(p *scope.LagPage) bool { return !p.Running })
	for i, s := range p.States {
		if s != scope.TrialWaits {
			t.Errorf("trial %d is in state %v", i, s)
		}
	}
	if logs := LagLogs(folder); len(logs) != 0 || p.Failure != nil {
		t.Errorf("logs %v, failure %v", logs, p.Failure)
	}
}

// Another grid takes the place of one under way; a log is gone on with, and what
// it has is not done again.
func TestLagLabResumes(t *testing.T) {
	t.Parallel()
	b, _ := laboratory(t)
	b.Start(endless(t), 1)
	awaitGrid(t, b, "a trial under way", func(p *scope.LagPage) bool { return p.Running && p.States[0] == scope.TrialRuns })
	g := small(t)
	b.Start(g, 1)
	p := awaitGrid(t, b, "the other grid, done", func(p *scope.LagPage) bool { return !p.Running && len(p.Trials) == 4 && p.Done == 4 })
	// Take the last result off the log, as if the grid had been stopped.
	whole, err := os.ReadFile(p.Path)
	if err != nil {
		t.Fatal(err)
	}
	cut := len(whole) - 1
	for cut > 0 && whole[cut-1] != '\n' {
		cut--
	}
	if err := os.WriteFile(p.Path, whole[:cut+10], 0o666); err != nil { // and the beginning of another
		t.Fatal(err)
	}
	b.Resume(p.Path, 1)
	again := awaitGrid(t, b, "the rest", func(p *scope.LagPage) bool { return !p.Running && p.Done == 4 && p.Before == 3 })
	for i := range p.Results {
		a, z := *p.Results[i], *again.Results[i]
		a.Seconds, z.Seconds = 0, 0
		if !reflect.DeepEqual(a, z) {
			t.Errorf("trial %d: %+v, resumed %+v", i, a, z)
		}
	}
	b.Resume(filepath.Join(t.TempDir(), "none"), 1)
	if p := awaitGrid(t, b, "a failure", func(p *scope.LagPage) bool { return p.Failure != nil }); p.Running {
		t.Error("a log that there is not runs")
	}
}

// A lab ends with the exploration, which is not over before its log is closed;
// one without a result is taken away.
func TestLagLabEndsWithTheExploration(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", true)
	dir := t.TempDir()
	b := l.NewLagLab(dir)
	b.Start(endless(t), 1)
	awaitGrid(t, b, "a trial under way", func(p *scope.LagPage) bool { return p.Running && p.States[0] == scope.TrialRuns })
	l.Quit()
	l.Wait()
	if err := b.log.Add(scope.TrialResult{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the log is still open: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// Nobody who quits waits for the update or the exam that a trial is in, which
// takes a second with long lags.
func TestLagLabDoesNotHoldUpTheEnd(t *testing.T) {
	t.Parallel()
	g, err := LagChoice{Task: "adding", Lag: "500", Cell: "lstm", Init: "pytorch", ForgetBias: "drawn", LR: "0.01", Seeds: "1", Updates: "100", Hidden: "128", Input: "onehot"}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	l := live(t, tiny(), "recall", true)
	dir := t.TempDir()
	b := l.NewLagLab(dir)
	b.Start(g, 1)
	awaitGrid(t, b, "a trial under way", func(p *scope.LagPage) bool { return p.Running && p.States[0] == scope.TrialRuns })
	l.Quit()
	l.Wait()
	all := make([]byte, 1<<20)
	if all = all[:runtime.Stack(all, true)]; !bytes.Contains(all, []byte("lag.RunTrial(")) {
		t.Error("the end came after that of the trial")
	}
	if err := b.log.Add(scope.TrialResult{}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("the log is still open: %v", err)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// Choices are read, every preset is one, and what is wrong is refused.
func TestLagChoice(t *testing.T) {
	for _, p := range LagPresets() {
		g, err := p.Choice.Grid()
		if err != nil {
			t.Fatalf("%s: %v", p.Name, err)
		}
		if again := choiceOf(g); again != p.Choice {
			t.Errorf("%s: %+v becomes %+v", p.Name, p.Choice, again)
		}
	}
	lecture, _ := LagPresets()[0].Choice.Grid()
	if !reflect.DeepEqual(lecture, lag.Presets()[0].Grid) {
		t.Errorf("the lecture's grid is %+v, the command's %+v", lecture, lag.Presets()[0].Grid)
	}
	good := LagPresets()[0].Choice
	for what, spoil := range map[string]func(c *LagChoice){
		"seeds": func(c *LagChoice) { c.Seeds = "many" }, "lag": func(c *LagChoice) { c.Lag = "5,x" }, "no task": func(c *LagChoice) { c.Task = " , " },
		"task": func(c *LagChoice) { c.Task = "chess" }, "lr": func(c *LagChoice) { c.LR = "-1" }, "bias": func(c *LagChoice) { c.ForgetBias = "nan" },
		"init": func(c *LagChoice) { c.Init = "gain:0" }, "updates": func(c *LagChoice) { c.Updates = "0" }, "hidden": func(c *LagChoice) { c.Hidden = "-3" },
	} {
		c := good
		spoil(&c)
		if _, err := c.Grid(); err == nil {
			t.Errorf("%s: %+v was taken", what, c)
		}
	}
}

func FuzzLagChoice(f *testing.F) {
	f.Add("recall", "5,20", "rnn", "pytorch", "drawn", "0.001", "3", "100", "16")
	f.Add("adding", "", "lstm,gru", "gain:1.5", "1,drawn", "1e-3", "1", "1", "1")
	f.Fuzz(func(t *testing.T, task, lags, cell, init, bias, lr, seeds, updates, hidden string) {
		g, err := LagChoice{task, lags, cell, init, bias, lr, seeds, updates, hidden, "onehot"}.Grid()
		if err != nil {
			return
		}
		if _, err := choiceOf(g).Grid(); err != nil {
			t.Errorf("%+v is a grid and not as it is written: %v", g, err)
		}
	})
}
