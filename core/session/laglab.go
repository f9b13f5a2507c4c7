package session

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rnnscope/core/lag"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/core/train"
)

// LagLab runs grids of trials in the background, one grid at a time:
//
//	Start, Resume, Stop ─▶ lag.RunBehind: one trial a worker, at low priority
//	Pages ◀── the grid as it fills, a few times a second ──┘     └─▶ the log
//
// It shares the machine with training, from which nothing is taken but time.
// Results are appended to a log as they come, which the command lag goes on with
// as well.
type LagLab struct {
	Pages scope.Mailbox[scope.LagPage]

	live   *Live
	folder string // of new logs
	inbox  *inbox
	stop   chan struct{}

	// What follows belongs to the lab's goroutine.
	log    *lag.Log
	page   scope.LagPage
	end    context.CancelFunc // of the grid under way; nil when there is none
	next   func()             // to be started when that has ended
	began  time.Time
	spent  float64 // seconds that trials took in this start
	taken  int     // trials done in this start
	stale  bool    // the page has changed since it was published
	showed time.Time
}

// labEvery is the time between two pages at least.
const labEvery = 150 * time.Millisecond

// NewLagLab makes a lab without a grid, which writes logs into a folder.
func (l *Live) NewLagLab(folder string) *LagLab {
	b := &LagLab{live: l, folder: folder, inbox: newInbox(), stop: make(chan struct{})}
	l.labs.Add(1)
	task.Go("lag lab", b.work)
	return b
}

// Start begins a grid; one under way is stopped first.
func (b *LagLab) Start(g lag.Grid, workers int) {
	b.inbox.put(func() { b.instead(func() { b.start(g, workers) }) })
}

// Resume goes on with the grid of a log.
func (b *LagLab) Resume(path string, workers int) {
	b.inbox.put(func() { b.instead(func() { b.resume(path, workers) }) })
}

// Stop stops the grid under way; trials that have not been finished are
// forgotten.
func (b *LagLab) Stop() {
	b.inbox.put(func() {
		b.next = nil
		if b.end != nil {
			b.end()
		}
	})
}

// Close stops everything; Live.Wait waits until nothing is written any more.
func (b *LagLab) Close() { close(b.stop) }

// work does what is asked and publishes what changes.
func (b *LagLab) work() {
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	defer b.finish()
	for {
		select {
		case <-b.stop:
			return
		case <-b.live.ctx.Done():
			return
		case <-b.inbox.wake:
			b.inbox.do()
		case <-clock.C:
		}
		wait := time.Hour
		if b.page.Running {
			wait = time.Second // the clock of the page
			b.stale = b.stale || time.Since(b.showed) >= wait
		}
		if b.stale {
			if due := labEvery - time.Since(b.showed); due > 0 {
				wait = due
			} else {
				b.publish()
			}
		}
		clock.Reset(wait)
	}
}

// finish stops the grid under way: what has come until then is written. It does
// not wait for the trials, which ask only between two updates whether they are to
// stop: with long lags an update takes a second. Nobody takes what they still tell.
func (b *LagLab) finish() {
	defer b.live.labs.Done()
	b.inbox.do()
	if b.next = nil; b.end != nil {
		b.end()
		b.ended(lag.ErrStopped)
	}
}

// publish puts the grid in front of the screen.
func (b *LagLab) publish() {
	p := b.page
	p.States, p.Results, p.Curves = slices.Clone(p.States), slices.Clone(p.Results), slices.Clone(p.Curves)
	if p.Running {
		p.Elapsed = time.Since(b.began)
		if b.taken > 0 {
			p.Left = time.Duration(b.spent / float64(b.taken) * float64(len(p.Trials)-p.Done) / float64(p.Workers) * float64(time.Second))
		}
	}
	b.Pages.Put(&p)
	b.stale, b.showed = false, time.Now()
}

// instead does f when no grid is under way any more.
func (b *LagLab) instead(f func()) {
	if b.end == nil {
		f()
		return
	}
	b.next = f
	b.end()
}

// fail says why a grid was not begun.
func (b *LagLab) fail(err error) {
	b.page.Failure, b.stale = err, true
}

func (b *LagLab) start(g lag.Grid, workers int) {
	trials, err := g.Trials()
	if err != nil {
		b.fail(err)
		return
	}
	log, err := b.create(g)
	if err != nil {
		b.fail(err)
		return
	}
	b.run(log, trials, workers)
}

// create makes a log of a name that is still free.
func (b *LagLab) create(g lag.Grid) (*lag.Log, error) {
	began := filepath.Join(b.folder, "lag-"+time.Now().Format("20060102-150405"))
	path := began + ".jsonl"
	for n := 2; ; n++ {
		log, err := lag.CreateLog(path, g)
		if !errors.Is(err, fs.ErrExist) || n > 1000 {
			return log, err
		}
		path = fmt.Sprintf("%s-%d.jsonl", began, n)
	}
}

func (b *LagLab) resume(path string, workers int) {
	log, err := lag.ResumeLog(path)
	if err != nil {
		b.fail(err)
		return
	}
	trials, err := log.Grid.Trials()
	if err != nil {
		log.Close()
		b.fail(say.Errorf("%s: %w", path, err))
		return
	}
	b.run(log, trials, workers)
}

// run runs what a log does not have yet.
func (b *LagLab) run(log *lag.Log, trials []scope.Trial, workers int) {
	known := map[string]*scope.TrialResult{}
	for i := range log.Results {
		known[lag.Key(log.Results[i].Trial)] = &log.Results[i]
	}
	n := len(trials)
	b.page = scope.LagPage{Trials: trials, States: make([]scope.TrialState, n), Results: make([]*scope.TrialResult, n), Curves: make([][]scope.TrialPoint, n), Path: log.Path, Workers: max(1, workers)}
	var todo []scope.Trial
	var place []int // of the trials still to run, among all
	for i, c := range trials {
		if r := known[lag.Key(c)]; r != nil {
			result := *r
			b.took(i, &result)
			b.page.Before++
			continue
		}
		todo, place = append(todo, c), append(place, i)
	}
	ctx, cancel := context.WithCancel(b.live.ctx)
	b.log, b.end, b.began, b.spent, b.taken = log, cancel, time.Now(), 0, 0
	b.page.Running, b.stale = true, true
	set := b.live.kernel
	task.Go("lag grid", func() {
		err := lag.RunBehind(ctx, todo, workers, set, func(e lag.Event) {
			b.inbox.put(func() { b.event(place[e.Trial], e) })
		})
		cancel()
		b.inbox.put(func() { b.ended(err) })
	})
}

// took puts a result in its place.
func (b *LagLab) took(i int, r *scope.TrialResult) {
	b.page.Results[i], b.page.Curves[i], b.page.States[i] = r, r.Curve, scope.TrialFailed
	if r.Solved {
		b.page.States[i] = scope.TrialSolved
	}
	b.page.Done++
}

// event takes note of what a trial reports.
func (b *LagLab) event(i int, e lag.Event) {
	b.stale = true
	switch {
	case e.Begun():
		b.page.States[i] = scope.TrialRuns
	case e.Point != nil:
		b.page.Curves[i] = append(b.page.Curves[i], *e.Point)
	default:
		b.took(i, e.Result)
		b.spent += e.Result.Seconds
		b.taken++
		if err := b.log.Add(*e.Result); err != nil && b.page.Failure == nil {
			b.page.Failure = err
			b.end()
		}
	}
}

// EndOf is why a trial ended early.
func EndOf(r *scope.TrialResult) say.Speaker { return train.MessageOf(r.Reason) }

// ended is called when a grid is done or stopped.
func (b *LagLab) ended(err error) {
	if err != nil && !errors.Is(err, lag.ErrStopped) && b.page.Failure == nil {
		b.page.Failure = err
	}
	if e := b.log.Close(); e != nil && b.page.Failure == nil {
		b.page.Failure = e
	}
	if len(b.log.Results) == 0 { // nothing is in it
		os.Remove(b.log.Path)
		b.page.Path = ""
	}
	for i, s := range b.page.States {
		if s == scope.TrialRuns {
			b.page.States[i], b.page.Curves[i] = scope.TrialWaits, nil
		}
	}
	b.page.Elapsed, b.page.Running, b.end, b.stale = time.Since(b.began), false, nil, true
	if f := b.next; f != nil {
		b.next = nil
		f()
	}
}
