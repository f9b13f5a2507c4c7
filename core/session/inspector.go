package session

import (
	"slices"
	"time"

	"rnnscope/core/probe"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// Inspector puts questions to copies of the model, on a goroutine of its own:
// what did it do with this sentence, and what at this token?
//
//	screen ── Read, Point, Look, SetUnits … ─▶ inbox ─▶ inspector ─▶ trace, equation
//	screen ◀── the inspection after it (a channel) ────────┤
//	screen ◀── Pages (one slot, the newest wins) ──────────┤
//	                    questions that take long: at most two goroutines, one for
//	                    what is at the cursor and one for searches, newest wins
//
// Traces are made anew about once a second, with the newest weights, while
// somebody takes the pages: who looks elsewhere costs training nothing. All that
// is handed out stays as it is.
type Inspector struct {
	Pages scope.Mailbox[scope.Inspection]

	live  *Live
	vocab *corpora.Vocabulary
	inbox *inbox
	stop  chan struct{}

	// What follows belongs to the inspector's goroutine.
	weights   Frozen
	which     Weights
	refreshed time.Time
	freezing  bool             // weights are being read
	seq       uint64           // of the last that was handed out
	page      scope.Inspection // what is handed out next; values in it are replaced, never changed
	ids       [2][]int32
	subject   Subject
	arranging *scope.Arrangement
	search    *searched // the sample of the corpus, made when it is first needed
	quick     *question // at the cursor
	long      *question
	answers   []chan<- *scope.Inspection // of what was asked since the last page
	retrace   bool
	relook    bool
	rearrange bool
}

// Subject is what the screen shows of the token under the cursor, which is
// worked out as the cursor moves.
type Subject uint8

// The subjects.
const (
	AtMap       Subject = iota // nothing but the trace
	AtEquation                 // the equation
	AtInfluence                // gradients, and what is lost with a token zeroed or left out
	AtOdds                     // the words in which two sentences differ
	AtGoingOn                  // what would be written, and the odds, under interventions
)

const (
	// mostSentence is how many tokens of a sentence are read at most, and
	// traceBytes how much room a trace may take: fewer are read of a large model.
	mostSentence  = 2000
	leastSentence = 16
	traceBytes    = 48 << 20
	// reportEvery is how often the progress of a long question is told.
	reportEvery = 100 * time.Millisecond
)

// NewInspector begins with no sentence and the newest weights.
func (l *Live) NewInspector() *Inspector {
	i := &Inspector{live: l, vocab: l.Text.corpus.Vocab, inbox: newInbox(), stop: make(chan struct{})}
	task.Go("inspector", i.work)
	return i
}

// Close ends the inspector's goroutine and what it is asking.
func (i *Inspector) Close() { close(i.stop) }

// work does what is asked and reads new weights.
func (i *Inspector) work() {
	defer i.halt()
	i.refresh()
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	for {
		i.settle()
		wait := refreshEvery
		if i.busy() {
			wait = reportEvery
		}
		clock.Reset(wait)
		select {
		case <-i.stop:
			return
		case <-i.live.done:
			return
		case <-i.inbox.wake:
			i.inbox.do()
			continue
		case <-clock.C:
		}
		if i.weights.Model == nil || !i.Pages.Empty() {
			continue // nobody looks
		}
		if i.which == Newest && i.quick == nil && time.Since(i.refreshed) >= refreshEvery {
			i.refresh()
		}
		if i.busy() {
			i.Pages.Put(i.inspection())
		}
	}
}

// settle works out what has changed, once for all that was asked meanwhile, and
// hands it out.
func (i *Inspector) settle() {
	if i.weights.Model == nil {
		return // the first are on their way
	}
	changed := i.retrace || i.relook
	if i.retrace {
		i.trace()
	} else if i.rearrange {
		i.arrange()
	}
	if changed {
		i.look()
	}
	i.retrace, i.relook, i.rearrange = false, false, false
	for _, a := range i.answers {
		a <- i.inspection()
	}
	if changed && len(i.answers) == 0 {
		i.Pages.Put(i.inspection())
	}
	i.answers = i.answers[:0]
}

// ask does f on the inspector's goroutine and sends the inspection after it.
func (i *Inspector) ask(f func()) <-chan *scope.Inspection {
	answer := make(chan *scope.Inspection, 1)
	i.inbox.put(func() {
		f()
		i.answers = append(i.answers, answer)
	})
	return answer
}

// inspection is a copy of the page: nobody changes what it points to.
func (i *Inspector) inspection() *scope.Inspection {
	i.seq++
	p := i.page
	p.Seq = i.seq
	p.Run, p.Update, p.Best, p.Frozen = i.weights.Run, i.weights.Update, i.weights.Best, i.which != Newest
	if i.long != nil {
		p.Busy = i.long.progress()
	} else if i.quick != nil {
		p.Busy = i.quick.progress()
	}
	return &p
}

// refresh reads the weights that are asked, on a goroutine of its own: they can
// be read between two updates only, and keys do not wait for that.
func (i *Inspector) refresh() {
	if i.freezing || i.which == Newest && i.weights.Model != nil && i.live.at() == i.weights.place {
		i.refreshed = time.Now()
		return
	}
	i.freezing = true
	which := i.which
	task.Go("inspector's weights", func() {
		f, ok := i.live.Freeze(which == Best)
		i.inbox.put(func() {
			i.freezing, i.refreshed = false, time.Now()
			switch {
			case !ok: // the exploration has ended
			case i.which == Fixed && i.weights.Model != nil: // they stay from now on
			case which != i.which: // others are asked meanwhile
				i.refresh()
			default:
				i.take(f)
			}
		})
	})
}

// take goes on with other weights. What was found out with a model of another
// run is forgotten.
func (i *Inspector) take(f Frozen) {
	if f.Run != i.weights.Run {
		if i.weights.Model != nil {
			i.halt()
			i.page = scope.Inspection{Sentences: i.page.Sentences, Point: i.page.Point, Sample: i.page.Sample}
			i.arranging = nil
		}
		m := f.Model
		i.page.Model = scope.Shape{Cell: m.Cell, Activation: m.Activation, Layers: m.Layers, Hidden: m.Hidden, Embed: m.Embed, Vocab: m.Vocab, Weights: m.Size()}
		i.page.Memory, i.page.Gates = m.HasMemory(), m.Gates()
	}
	i.weights = f
	i.retrace = true
}

// most is how many tokens of a sentence are read.
func (i *Inspector) most() int {
	m := i.weights.Model
	const perUnit = 12 // states, gates, pre-activations
	step := 4 * (perUnit*m.Layers*m.Hidden + 2*m.Vocab)
	return max(leastSentence, min(mostSentence, traceBytes/step))
}

// Read takes the two sentences to look at; either may be empty.
func (i *Inspector) Read(a, b string) <-chan *scope.Inspection {
	return i.ask(func() {
		i.page.Sentences[0].Text, i.page.Sentences[1].Text = a, b
		i.page.Point, i.page.Swap, i.page.Matched = scope.Point{}, nil, nil
		i.page.Influence, i.page.GoingOn, i.page.Odds, i.page.Stopped = nil, nil, nil, false
		if i.long != nil && i.long.what == "match" {
			end(&i.long) // it is of another sentence
		}
		i.retrace = true
	})
}

// Point moves the cursor.
func (i *Inspector) Point(at scope.Point) <-chan *scope.Inspection {
	return i.ask(func() {
		if at != i.page.Point {
			i.page.Influence, i.page.GoingOn = nil, nil
		}
		i.page.Point, i.page.Stopped = at, false
		i.relook = true
	})
}

// Look says what is shown of the token under the cursor.
func (i *Inspector) Look(s Subject) <-chan *scope.Inspection {
	return i.ask(func() {
		i.subject, i.page.Stopped = s, false
		i.relook = true
	})
}

// Arrange asks for an order of units that takes some computing; nil for none.
func (i *Inspector) Arrange(a *scope.Arrangement) <-chan *scope.Inspection {
	return i.ask(func() {
		i.arranging = a
		i.rearrange = true
	})
}

// SetWeights changes which weights are asked.
func (i *Inspector) SetWeights(w Weights) <-chan *scope.Inspection {
	return i.ask(func() {
		i.which = w
		if i.weights.Model != nil && w == Fixed {
			return // those that there are
		}
		i.refresh()
	})
}

// SetUnits makes interventions in units, in the first sentence.
func (i *Inspector) SetUnits(changes []scope.UnitChange) <-chan *scope.Inspection {
	changes = slices.Clone(changes)
	return i.ask(func() {
		i.page.Changes = scope.Changes{Units: changes, States: i.page.Changes.States}
		i.intervened()
	})
}

// SetSwap puts a state of the second sentence in place of one of the first; nil
// ends that.
func (i *Inspector) SetSwap(s *scope.Swap) <-chan *scope.Inspection {
	return i.ask(func() {
		i.page.Swap = s
		i.intervened()
	})
}

// intervened forgets what was worked out under other interventions.
func (i *Inspector) intervened() {
	i.page.GoingOn, i.page.Odds, i.page.Stopped = nil, nil, false
	i.retrace = true
}

// trace reads the sentences, and the first again under the interventions.
func (i *Inspector) trace() {
	p := &i.page
	p.Failure, p.Changed, p.Arranged = nil, nil, nil
	for n := range p.Sentences {
		s := scope.Sentence{Text: p.Sentences[n].Text, Kept: i.most()}
		i.ids[n], s.Pieces, s.Cut = i.encode(s.Text, s.Kept)
		for _, id := range i.ids[n] {
			if id < 0 || int(id) == i.vocab.Unknown() {
				s.Unknown++
			}
		}
		s.Trace, p.Failure = i.run(n, s.Pieces, scope.Changes{})
		p.Sentences[n] = s
		if p.Failure != nil {
			return
		}
	}
	p.Changes.States = nil
	if w := p.Swap; w != nil {
		a, b := p.Sentences[0], p.Sentences[1]
		if w.From < 0 || w.At < 0 || w.From >= b.Len() || w.At >= a.Len() {
			p.Swap = nil
		} else {
			p.Changes.States = []scope.StateChange{b.Trace.StateAt(w.From, w.At)}
		}
	}
	if !p.Changes.None() {
		p.Changed, p.Failure = i.run(0, p.Sentences[0].Pieces, p.Changes)
	}
	i.arrange()
}

// run traces a sentence.
func (i *Inspector) run(n int, pieces []string, changes scope.Changes) (*scope.Trace, error) {
	return probe.Trace(i.weights.Model, i.ids[n], func(at int) string { return pieces[at] }, probe.Ask{Changes: changes})
}

// encode cuts a sentence into tokens, at most so many, and says how many were
// left out.
func (i *Inspector) encode(text string, most int) (ids []int32, pieces []string, cut int) {
	ids, pieces = i.vocab.Encode(text), i.vocab.Cut(text)
	if len(ids) > most {
		cut = len(ids) - most
		ids, pieces = slices.Clone(ids[:most]), slices.Clone(pieces[:most])
	}
	return ids, pieces, cut
}
