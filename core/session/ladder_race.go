package session

import (
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/core/train"
	"rnnscope/core/window"
	"rnnscope/corpora"
)

// The networks of the ladder are of one size and are trained alike, by Adam at
// the usual rate and without dropout, so that they differ in what they are. Each
// has the window model's length, the lecture's five words, or none.
const (
	racerEmbed   = 64
	racerHidden  = 128
	windowLength = 5
)

// racer is a network in training.
type racer struct {
	rung    int
	trainer *train.Trainer
	window  *window.Model // or
	network *rnn.Model

	since   time.Duration // trained since it was scored
	scoring time.Duration // that took
	between int           // updates since
}

// frozenRacer is a copy of a network.
type frozenRacer struct {
	rung    int
	updates int64
	window  *window.Model // or
	network *rnn.Model
}

func (f *frozenRacer) writer() sample.Writer {
	if f.window != nil {
		return f.window.NewStepper()
	}
	return f.network.NewStepper()
}

func (r *racer) freeze() frozenRacer {
	f := frozenRacer{rung: r.rung, updates: r.trainer.Updates()}
	if r.window != nil {
		f.window = r.window.Clone()
	} else {
		f.network = r.network.Clone()
	}
	return f
}

func (r *racer) evaluate(text corpora.IDs, team *kernel.Team, visit func(int, []float32, float64), stop func() bool) (loss float64, tokens int) {
	if text.Len() < 2 {
		return 0, 0
	}
	if r.window != nil {
		e := r.window.Evaluate(text, team, visit, stop)
		return e.Loss, e.Tokens
	}
	e := r.network.Evaluate(text, team, visit, stop)
	return e.Loss, e.Tokens
}

// line makes the networks, all from the seed of the exploration.
func (d *Ladder) line() error {
	c, config := d.text.corpus, train.Defaults()
	config.Seed = d.live.first.Train.Seed
	d.view.Embed, d.view.Hidden, d.view.Length = racerEmbed, racerHidden, windowLength
	d.view.Batch, d.view.Window, d.view.LR = d.live.first.Batch, d.live.first.Window, config.LR
	d.team = kernel.NewTeam(d.view.Threads)
	d.team.Run(func(int) { task.Lower() })
	for i := range d.view.Rungs {
		rung := &d.view.Rungs[i]
		if rung.Kind != scope.WindowRung && rung.Kind != scope.NetworkRung {
			continue
		}
		batches, err := c.Batches(d.view.Batch, d.view.Window)
		if err != nil {
			return err
		}
		r := &racer{rung: i}
		if rung.Kind == scope.WindowRung {
			if r.window, err = window.New(window.Config{Vocab: c.Vocab.Len(), Embed: racerEmbed, Hidden: racerHidden, Length: windowLength}, d.live.kernel); err != nil {
				return err
			}
			r.window.Init(config.Seed)
			r.trainer, err = train.NewWindow(r.window, batches, d.team, config)
			rung.Size = int64(r.window.Size())
		} else {
			if r.network, err = rnn.New(rnn.Config{Cell: rung.Cell, Vocab: c.Vocab.Len(), Embed: racerEmbed, Hidden: racerHidden, Layers: 1}, d.live.kernel); err != nil {
				return err
			}
			if err = r.network.Init(rnn.Init{}, config.Seed); err != nil {
				return err
			}
			r.trainer, err = train.New(r.network, batches, d.team, config)
			rung.Size = int64(r.network.Size())
		}
		if err != nil {
			return err
		}
		rung.Bytes = 4 * rung.Size
		d.racers = append(d.racers, r)
	}
	return nil
}

// round makes one update of every network that has not diverged. It returns
// false when none can go on.
func (d *Ladder) round() bool {
	going, tokens := false, 0
	for _, r := range d.racers {
		rung := &d.view.Rungs[r.rung]
		if rung.Diverged {
			continue
		}
		began := time.Now()
		result, err := r.trainer.Step()
		took := time.Since(began)
		r.since += took
		r.between++
		rung.Seconds += took.Seconds()
		rung.Train = r.trainer.Smoothed()
		tokens = result.Tokens
		if err != nil {
			rung.Diverged = true
			continue
		}
		going = true
		d.view.Updates, d.view.Epoch = max(d.view.Updates, result.Update), r.trainer.Epoch()
	}
	d.view.Rate = d.meter.add(tokens)
	return going
}

// close ends the workers.
func (d *Ladder) close() {
	if d.team != nil {
		d.team.Close()
	}
}
