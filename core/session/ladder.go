package session

import (
	"math"
	"slices"
	"sync/atomic"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/ngram"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// Ladder puts models of every kind on one scale: uniform, n-grams by order and
// smoothing, the window model, and recurrent networks.
//
//	count ─▶ score the n-grams ─▶ round: one update of each network, the same
//	                                │    batch of the same text
//	                                └──▶ score the networks, now and then
//
// It works on a goroutine of its own at the trainer's low priority, and only
// while somebody looks (Look). What it has made is in a bench that never changes,
// so that questions are answered beside it, on goroutines of their own.
//
// Every rung is scored on the same tokens: the first of the validation split, all
// but its first, as networks cannot score theirs.
type Ladder struct {
	Views scope.Mailbox[scope.Ladder]

	live  *Live
	text  *Text
	inbox *inbox
	bench atomic.Pointer[bench]
	fault atomic.Pointer[error] // why the n-grams could not be counted
	shelf shelf

	// What follows belongs to the ladder's goroutine.
	looked bool           // somebody looks
	racing bool           // the networks are to train
	wanted []func(*bench) // what waits for the counts
	view   scope.Ladder
	scored corpora.Split // the tokens that rungs are scored on
	team   *kernel.Team
	racers []*racer
	meter  *meter
}

// bench is what the ladder has made so far. It never changes; a newer one takes
// its place.
type bench struct {
	counts *ngram.Counts
	nats   [][]float32 // of each rung: surprisal of every scored token, nil when not scored
	places []int32     // [scored] where in the split they stand
	racers []frozenRacer
	rungs  []scope.Rung
}

const (
	// mostScored is how many tokens rungs are scored on at most, and mostLogits
	// how many outputs a network has for them: enough that a difference of 1 % in
	// perplexity is no accident, few enough to score live.
	mostScored = 1 << 16
	mostLogits = 1 << 28
	// longOrder is the highest order of the ladder; texts too large for that
	// are counted as the rivals are.
	longOrder  = 9
	longRivals = 2 << 20
	wordTop    = 5
)

// addK is what the ladder's add-k adds: at character level few histories are
// rare, among words most are.
func addK(level corpora.Level) float64 {
	if level == corpora.Word {
		return 0.01
	}
	return 0.1
}

// ladderOrder is the longest order of a text's ladder.
func ladderOrder(c *corpora.Corpus) int {
	switch n := rivalOrder(c); {
	case c.Level == corpora.Word:
		return min(wordTop, max(2, n))
	case c.Train.IDs.Len() <= longRivals:
		return longOrder
	default:
		return max(2, n)
	}
}

// Ladder is the exploration's ladder, which waits until somebody looks. It is
// made once, by the screen that shows it.
func (l *Live) Ladder() *Ladder {
	l.once.Do(func() {
		l.ladder = newLadder(l)
		task.Go("ladder", l.ladder.work)
	})
	return l.ladder
}

func newLadder(l *Live) *Ladder {
	c := l.Text.corpus
	d := &Ladder{live: l, text: l.Text, inbox: newInbox(), scored: c.Valid}
	d.scored.IDs = c.Valid.IDs.Slice(0, min(min(mostScored, mostLogits/c.Vocab.Len())+1, c.Valid.IDs.Len()))
	d.view = scope.Ladder{Vocab: c.Vocab.Len(), Of: max(0, c.Valid.IDs.Len()-1), Threads: ladderThreads(l.first.Threads), Beside: l.first.Threads}
	b := &bench{}
	ids := make([]int32, d.scored.IDs.Len())
	d.scored.IDs.Fill(ids, 0)
	for i, id := range ids {
		if i > 0 && id >= 0 {
			b.places = append(b.places, int32(i))
		}
	}
	d.view.Tokens = len(b.places)
	d.view.Rungs = d.rungs()
	b.nats = make([][]float32, len(d.view.Rungs))
	d.put(b)
	return d
}

// ladderThreads is the ladder's share beside a main training of so many threads.
// The system gives threads of one priority equal time: with half as many, a
// third of the machine is the ladder's, and all of it while the training pauses.
func ladderThreads(beside int) int { return max(1, beside/2) }

// rungs lists all rungs, none measured yet but uniform.
func (d *Ladder) rungs() []scope.Rung {
	c, nan := d.text.corpus, math.NaN()
	all := []scope.Rung{{Kind: scope.Uniform, Loss: math.Log(float64(c.Vocab.Len())), Size: 0}}
	all = append(all, scope.Rung{Kind: scope.Unigram, Order: 1, Smoothing: "mkn", Loss: nan})
	for _, s := range d.smoothings() {
		for n := 2; n <= ladderOrder(c); n++ {
			all = append(all, scope.Rung{Kind: scope.NgramRung, Order: n, Smoothing: s.String(), Loss: nan})
		}
	}
	all = append(all, scope.Rung{Kind: scope.WindowRung, Loss: nan, Best: nan, Train: nan})
	for _, cell := range Cells() {
		all = append(all, scope.Rung{Kind: scope.NetworkRung, Cell: cell, Loss: nan, Best: nan, Train: nan})
	}
	if pennTreebank(c) {
		all = append(all, published()...)
	}
	return all
}

// smoothings are the columns of the ladder, the simplest first.
func (d *Ladder) smoothings() []ngram.Smoothing {
	var all []ngram.Smoothing
	for _, name := range ngram.Smoothings() {
		if name == "add:K" {
			all = append(all, ngram.Smoothing{Name: "add", K: addK(d.text.corpus.Level)})
			continue
		}
		all = append(all, ngram.Smoothing{Name: name})
	}
	return all
}

// Look says whether somebody looks: the ladder works only then, but for a count
// of n-grams, which it finishes once it has begun.
func (d *Ladder) Look(on bool) { d.inbox.put(func() { d.looked = on }) }

// Race lets the networks train, or stops them.
func (d *Ladder) Race(on bool) { d.inbox.put(func() { d.racing = on }) }

// Failure is why the n-grams could not be counted, nil otherwise. No question that
// needs them is answered then.
func (d *Ladder) Failure() error {
	if err := d.fault.Load(); err != nil {
		return *err
	}
	return nil
}

// work climbs the ladder.
func (d *Ladder) work() {
	task.Lower()
	if !d.rest(func() bool { return d.looked || len(d.wanted) > 0 }) || !d.count() {
		return
	}
	d.scoreNgrams()
	if d.live.Ended() {
		return
	}
	defer d.close()
	d.race()
}

// rest does what is asked until something may go on (true) or all ends. Networks that
// rest meanwhile are paused.
func (d *Ladder) rest(may func() bool) bool {
	for d.inbox.do(); !may(); d.inbox.do() {
		if d.view.Phase == scope.LadderTraining {
			d.view.Phase, d.meter = scope.LadderPaused, nil
			d.show()
		}
		select {
		case <-d.live.ctx.Done():
			return false
		case <-d.inbox.wake:
		}
	}
	return d.live.ctx.Err() == nil
}

// stopped is polled during long work: it waits while nobody looks, and says that
// all has ended.
func (d *Ladder) stopped() bool {
	return !d.rest(func() bool { return d.looked })
}

// show publishes the view.
func (d *Ladder) show() {
	v := d.view
	v.Rungs = slices.Clone(d.view.Rungs)
	d.Views.Put(&v)
}

// put makes b the bench that questions are answered with.
func (d *Ladder) put(b *bench) {
	b.rungs = slices.Clone(d.view.Rungs)
	d.bench.Store(b)
}

// next is a copy of the bench to change.
func (d *Ladder) next() *bench {
	b := *d.bench.Load()
	b.nats = slices.Clone(b.nats)
	return &b
}

// count counts the n-grams of the training split.
func (d *Ladder) count() bool {
	d.view.Phase = scope.LadderCounting
	d.show()
	last := time.Now()
	counts, err := CountNgrams(d.text.corpus, ngram.Options{
		Order: ladderOrder(d.text.corpus), Threads: d.view.Threads, Stop: d.live.Ended,
		Progress: func(done float64) {
			// This goroutine waits in Count meanwhile, and nobody else has the view.
			if now := time.Now(); now.Sub(last) > time.Second/10 {
				last, d.view.Counted = now, done
				d.show()
			}
		},
	})
	if err != nil {
		d.view.Failure, d.wanted = err, nil
		d.fault.Store(&err)
		d.show()
		return false
	}
	d.view.Counted = 1
	b := d.next()
	b.counts = counts
	d.put(b)
	for _, f := range d.wanted {
		f(b)
	}
	d.wanted = nil
	return true
}
