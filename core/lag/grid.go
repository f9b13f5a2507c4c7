package lag

import (
	"context"
	"errors"
	"fmt"

	"rnnscope/core/kernel"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// Grid is a set of trials: every combination of its lists.
type Grid struct {
	Tasks       []string        `json:"task"`
	Cells       []string        `json:"cell"`
	Activations []string        `json:"activation"` // of the RNN
	Inits       []string        `json:"init"`
	ForgetBias  []*scope.Number `json:"forget_bias"` // of the LSTM; nil as drawn
	Lags        []int           `json:"lag"`         // empty: each task's usual one
	LRs         []float64       `json:"lr"`
	Seeds       int             `json:"seeds"` // 1 … Seeds
	Updates     int64           `json:"updates"`
	Batch       int             `json:"batch"`
	Hidden      int             `json:"hidden"`
	Clip        float64         `json:"clip"`
	Input       string          `json:"input"`
}

// Defaults is the adding problem with the three cells.
func Defaults() Grid {
	return Grid{
		Tasks: []string{"adding"}, Cells: []string{"rnn", "gru", "lstm"}, Activations: []string{"tanh"}, Inits: []string{"pytorch"},
		ForgetBias: []*scope.Number{nil}, LRs: []float64{1e-3}, Seeds: 3, Updates: 3000, Batch: 32, Hidden: 64, Clip: 1, Input: "onehot",
	}
}

// Preset is a named grid.
type Preset struct {
	Name, Title string
	Grid        Grid
}

// Presets is the table of them. The lecture's experiment is the claim that an
// RNN forgets the first symbol of a sequence and an LSTM does not; the rows of
// initialisation and learning rate are what it depends on.
func Presets() []Preset {
	one := scope.Number(1)
	lecture := Defaults()
	lecture.Tasks, lecture.Cells, lecture.Lags = []string{"recall"}, []string{"rnn", "lstm"}, []int{20}
	lecture.Inits, lecture.ForgetBias = []string{"pytorch", "orthogonal"}, []*scope.Number{nil, &one}
	lecture.LRs, lecture.Seeds, lecture.Updates, lecture.Input = []float64{1e-3, 5e-3}, 5, 1500, "embedding"
	return []Preset{{"lecture", "remember the first symbol, say it at the end: RNN against LSTM", lecture}}
}

// most is the largest number of trials of a grid.
const most = 100000

// Trials lists the grid's trials without duplicates: cells without a forget
// bias or a choice of activation have one trial where others have several. All
// trials of a seed come before those of the next, so that a grid that is
// stopped has seen every row. The error is in the words of the flags.
func (g Grid) Trials() ([]scope.Trial, error) {
	for _, list := range []struct {
		name string
		n    int
	}{
		{"task", len(g.Tasks)}, {"cell", len(g.Cells)}, {"activation", len(g.Activations)},
		{"init", len(g.Inits)}, {"forget-bias", len(g.ForgetBias)}, {"lr", len(g.LRs)},
	} {
		if list.n == 0 {
			return nil, say.Errorf("%s needs a value at least", list.name)
		}
	}
	if g.Seeds < 1 {
		return nil, say.Errorf("seeds must be 1 or more, not %d", g.Seeds)
	}
	count := float64(len(g.Tasks)) * float64(len(g.Cells)) * float64(len(g.Activations)) * float64(len(g.Inits)) *
		float64(len(g.ForgetBias)) * float64(max(1, len(g.Lags))) * float64(len(g.LRs)) * float64(g.Seeds)
	if count > most {
		return nil, say.Errorf("%.3g trials are too many: the most is %d; make a list or seeds shorter", count, most)
	}
	var all []scope.Trial
	seen := map[string]bool{}
	for seed := range g.Seeds {
		for _, c := range g.rows() {
			c.Seed = uint64(seed + 1)
			c = canonical(c)
			if key := Key(c); !seen[key] {
				if err := Validate(c); err != nil {
					return nil, err
				}
				seen[key] = true
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// rows are the combinations without the seed.
func (g Grid) rows() []scope.Trial {
	rows := []scope.Trial{{Hidden: g.Hidden, Batch: g.Batch, Limit: g.Updates, Clip: g.Clip, Input: g.Input}}
	rows = spread(rows, g.Tasks, func(c *scope.Trial, v string) { c.Task = v })
	if len(g.Lags) > 0 {
		rows = spread(rows, g.Lags, func(c *scope.Trial, v int) { c.Lag = v })
	} else {
		for i := range rows {
			rows[i].Lag = UsualLag(rows[i].Task)
		}
	}
	rows = spread(rows, g.Cells, func(c *scope.Trial, v string) { c.Cell = v })
	rows = spread(rows, g.Activations, func(c *scope.Trial, v string) { c.Activation = v })
	rows = spread(rows, g.Inits, func(c *scope.Trial, v string) { c.Init = v })
	rows = spread(rows, g.ForgetBias, func(c *scope.Trial, v *scope.Number) { c.ForgetBias = v })
	return spread(rows, g.LRs, func(c *scope.Trial, v float64) { c.LR = v })
}

// spread replaces each row by one for every value.
func spread[T any](rows []scope.Trial, values []T, set func(*scope.Trial, T)) []scope.Trial {
	var out []scope.Trial
	for _, r := range rows {
		for _, v := range values {
			set(&r, v)
			out = append(out, r)
		}
	}
	return out
}

// Key tells trials apart: two of the same key have the same result.
func Key(c scope.Trial) string {
	bias := "drawn"
	if c.ForgetBias != nil {
		bias = fmt.Sprint(float64(*c.ForgetBias))
	}
	return fmt.Sprintf("%s %s %s %s %s lag %d seed %d lr %v hidden %d batch %d updates %d clip %v %s",
		c.Task, c.Cell, c.Activation, c.Init, bias, c.Lag, c.Seed, c.LR, c.Hidden, c.Batch, c.Limit, c.Clip, c.Input)
}

// ErrStopped is the error of work that was stopped.
var ErrStopped = errors.New("stopped")

// Event is what a grid reports of a trial: that it has begun, a point of its
// curve, or its result.
type Event struct {
	Trial  int // index of the list given to Run
	Point  *scope.TrialPoint
	Result *scope.TrialResult
}

// Begun says that the trial has just been taken up.
func (e Event) Begun() bool { return e.Point == nil && e.Result == nil }

// Run runs the trials on as many workers, each trial on one, and calls event,
// one call at a time and on the caller's goroutine, with points and results as
// they come. It returns when all are done, or with ErrStopped as soon as ctx ends:
// trials under way are dropped, and an update of a long lag, which can take seconds,
// is not waited for.
func Run(ctx context.Context, trials []scope.Trial, workers int, set *kernel.Set, event func(Event)) error {
	return runOn(ctx, ctx.Done(), trials, workers, set, func() {}, event)
}

// RunBehind is Run on workers that the system prefers others to: somebody sits in
// front of the screen. It waits for their updates, so that trials that are begun
// anew have the memory and the cores to themselves.
func RunBehind(ctx context.Context, trials []scope.Trial, workers int, set *kernel.Set, event func(Event)) error {
	return runOn(ctx, nil, trials, workers, set, task.Lower, event)
}

// runOn returns when every worker is done, or as soon as leave is closed: then a worker
// ends by itself after its update, and nobody hears of it.
func runOn(ctx context.Context, leave <-chan struct{}, trials []scope.Trial, workers int, set *kernel.Set, begin func(), event func(Event)) error {
	type message struct {
		Event
		err error
	}
	next, messages, left := make(chan int), make(chan message), make(chan struct{})
	defer close(left)
	send := func(m message) {
		select {
		case messages <- m:
		case <-left:
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	workers = max(1, min(workers, len(trials)))
	for range workers {
		task.Go("lag trial", func() {
			begin()
			for i := range next {
				send(message{Event: Event{Trial: i}})
				r, err := RunTrial(trials[i], Options{
					Kernel: set, Stop: func() bool { return ctx.Err() != nil },
					Point: func(p scope.TrialPoint) { send(message{Event: Event{Trial: i, Point: &p}}) },
				})
				send(message{Event{Trial: i, Result: r}, err})
			}
			send(message{Event: Event{Trial: -1}})
		})
	}
	task.Go("lag trials", func() {
		defer close(next)
		for i := range trials {
			select {
			case next <- i:
			case <-ctx.Done():
				return
			}
		}
	})
	var first error
	done := 0
	for busy := workers; busy > 0; {
		var m message
		select {
		case m = <-messages:
		case <-leave:
			busy = 0
			continue
		}
		switch {
		case m.Trial < 0:
			busy--
		case m.err != nil:
			if first == nil {
				first = m.err
				cancel()
			}
		case first == nil || m.Result != nil:
			event(m.Event)
			if m.Result != nil {
				done++
			}
		}
	}
	if first == nil && done < len(trials) {
		first = ErrStopped // between two trials
	}
	return first
}

// Sorted puts results in the order of the trials, whatever order they came in;
// those that are missing are left out.
func Sorted(trials []scope.Trial, results []scope.TrialResult) []scope.TrialResult {
	byKey := map[string]scope.TrialResult{}
	for _, r := range results {
		byKey[Key(r.Trial)] = r
	}
	var out []scope.TrialResult
	for _, c := range trials {
		if r, ok := byKey[Key(c)]; ok {
			out = append(out, r)
		}
	}
	return out
}
