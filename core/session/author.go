package session

import (
	"time"

	"rnnscope/core/ngram"
	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// Author lets copies of the model write, on a goroutine of its own, under
// somebody's hands: run, one token, back, by hand, another temperature from the
// next token on.
//
//	Live ── weights ─▶ mind ─ logits ─▶ chooser ─ draw u[i] ─▶ token i
//	                    ▲                                         │
//	                    └──────────────── read ◀──────────────────┘
//
// Every place in a text has its own draw, which going back does not change: who
// goes back, turns the temperature and goes on sees what the temperature alone
// does. A method that changes something returns a channel on which the page
// that shows it arrives; pages written meanwhile are in Pages. Their numbers say
// which of two is newer.
type Author struct {
	Pages scope.Mailbox[scope.Page]

	live  *Live
	vocab *corpora.Vocabulary
	inbox *inbox
	stop  chan struct{}

	// What follows belongs to the author's goroutine.
	seq      uint64 // of the page handed out last
	weights  Frozen
	which    Weights
	gram     *ngram.Model // that writes in the network's place, nil for the network
	counted  *ngram.Model // the same, kept for the next time
	counting bool         // it is wanted and not there yet
	asking   bool         // for newer weights
	next     time.Time
	shown    bool // somebody looks: only then anything is done unasked
	chooser  *sample.Chooser
	one      *sample.Chooser // at temperature 1
	options  sample.Options
	writing  bool
	speed    float64
	failure  error
	prompt   string
	unknown  int
	branches []*branch
	branch   int
	columns  []column
}

// Weights says which weights an author writes with.
type Weights uint8

// The weights: the newest, read anew about once a second; the newest at the
// time, which stay; those with the lowest validation loss so far.
const (
	Newest Weights = iota
	Fixed
	Best
)

const (
	// longest is the longest text that is written, tokens.
	longest = 20_000
	// refreshEvery is how often new weights are read at most while a model
	// trains; refreshShare is the share of the time that may go into it.
	refreshEvery = time.Second
	refreshShare = 0.05
	// breath is the least time between two bouts of writing: the screen shows a
	// text no more often, and every waking interrupts the trainer. burst is how
	// long a bout may take, so that what is asked meanwhile is done.
	breath = 300 * time.Millisecond
	burst  = 10 * time.Millisecond
)

// NewAuthor begins a text at temperature 0.8, without writing.
func (l *Live) NewAuthor() *Author {
	a := &Author{
		live: l, vocab: l.Text.corpus.Vocab, inbox: newInbox(), stop: make(chan struct{}),
		options: sample.Options{Temperature: sampleTemperature}, speed: 20, shown: true,
	}
	a.chooser, a.one = sample.NewChooser(a.options), sample.NewChooser(sample.Options{Temperature: 1})
	a.branches = []*branch{newBranch(1)}
	task.Go("author", a.work)
	return a
}

// Close ends the author's goroutine. It is called once.
func (a *Author) Close() { close(a.stop) }

// Show says whether somebody looks. While nobody does, nothing is written and no
// weights are read.
func (a *Author) Show(on bool) { a.inbox.put(func() { a.shown = on }) }

// work does what is asked, writes when it is time, and asks for new weights.
func (a *Author) work() {
	if !a.freeze() {
		return
	}
	a.Pages.Put(a.page())
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	due, next := time.Now(), time.Now()
	for {
		wait := refreshEvery
		if a.writing && a.shown {
			wait = time.Until(next)
		}
		clock.Reset(max(0, wait))
		select {
		case <-a.stop:
			return
		case <-a.live.done:
			return
		case <-a.inbox.wake:
			wrote := a.writing && a.shown
			a.inbox.do()
			if a.writing && a.shown && !wrote {
				due, next = time.Now(), time.Now()
			}
			continue
		case <-clock.C:
		}
		if !a.shown {
			continue
		}
		a.refresh()
		if a.writing {
			due = a.writeDue(due)
			if next = due; due.After(time.Now()) {
				next = later(due, time.Now().Add(breath))
			}
		}
		if a.Pages.Empty() {
			a.Pages.Put(a.page())
		}
	}
}

// writeDue writes the tokens that are due, and returns when the next is.
func (a *Author) writeDue(due time.Time) time.Time {
	began := time.Now()
	for a.writing && !due.After(time.Now()) && time.Since(began) < burst {
		a.write()
		due = due.Add(time.Duration(float64(time.Second) / a.speed))
	}
	if late := time.Now().Add(-refreshEvery); due.Before(late) {
		return late // it cannot write that fast
	}
	return due
}

// later is the later of two times.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ask does f on the author's goroutine and sends the page after it.
func (a *Author) ask(f func()) <-chan *scope.Page {
	answer := make(chan *scope.Page, 1)
	a.inbox.put(func() {
		f()
		answer <- a.page()
	})
	return answer
}

// freeze takes the weights that are to be written with, now. It returns false
// when the exploration has ended.
func (a *Author) freeze() bool {
	f, ok := a.live.Freeze(a.which == Best)
	if ok {
		a.weights = f
		a.forget()
	}
	return ok
}

// forget makes whoever writes read the texts anew.
func (a *Author) forget() {
	for _, b := range a.branches {
		b.mind = mind{}
	}
	for i := range a.columns {
		a.columns[i].mind = mind{}
	}
	a.weigh()
}

// outdated says that there are other weights than those written with. Columns
// keep theirs, so that nothing but the temperature differs.
func (a *Author) outdated() bool {
	switch {
	case len(a.columns) > 0 || a.which == Fixed || a.gram != nil:
		return false
	case a.which == Best && a.live.bestAt() != 0:
		return a.live.bestAt() != mark(a.weights.Run, 0, a.weights.Update)
	}
	return a.live.at() != a.weights.place
}

// refresh lets newer weights, if there are any, read the text on a goroutine of
// their own, and writes with them from then on.
func (a *Author) refresh() {
	now := time.Now()
	if a.asking || now.Before(a.next) || !a.outdated() {
		return
	}
	a.asking = true
	which, text, tokens := a.which, a.text(), a.text().tokens
	task.Go("weights", func() {
		task.Lower()
		f, ok := a.live.Freeze(which == Best)
		if !ok {
			return
		}
		began := time.Now()
		m := newMind(f.Model.NewStepper(), a.vocab, tokens)
		took := time.Since(began)
		a.inbox.put(func() {
			a.asking, a.next = false, now.Add(max(refreshEvery, time.Duration(float64(took)/refreshShare)))
			if a.which != which || len(a.columns) > 0 || a.gram != nil {
				return
			}
			a.weights = f
			for _, b := range a.branches {
				b.mind = mind{}
			}
			if text.catchUp(m, tokens) && text == a.text() {
				text.mind = m
				text.readOn(len(tokens))
			}
			a.weigh()
		})
	})
}
