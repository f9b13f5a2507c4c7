package session

import (
	"math"
	"slices"
	"time"

	"rnnscope/core/sample"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// Author lets copies of the model write, on a goroutine of its own, under
// somebody's hands: run, one token, back, by hand, another temperature from the
// next token on.
//
//	Live ── weights ─▶ stepper ─ logits ─▶ chooser ─ draw u[i] ─▶ token i
//	                       ▲                                         │
//	                       └──────────────── read ◀──────────────────┘
//
// Every place in a text has its own draw, which going back does not change: who
// goes back, turns the temperature and goes on sees what the temperature alone
// does. A method that changes something returns a channel on which the page
// that shows it arrives; pages written meanwhile are in Pages.
type Author struct {
	Pages scope.Mailbox[scope.Page]

	live  *Live
	vocab *corpora.Vocabulary
	inbox *inbox
	stop  chan struct{}

	// What follows belongs to the author's goroutine.
	weights   Frozen
	which     Weights
	chooser   *sample.Chooser
	one       *sample.Chooser // at temperature 1
	options   sample.Options
	writing   bool
	speed     float64
	failure   error
	refreshed time.Time
	prompt    string
	unknown   int
	branches  []*branch
	branch    int
	columns   []column
}

// Weights says which weights an author writes with.
type Weights uint8

// The weights: the newest, read anew about once a second; the newest at the
// time, which stay; those with the lowest validation loss.
const (
	Newest Weights = iota
	Frozenly
	Best
)

// branch is one text: its tokens, the draws of its places, and where the model
// stands after them.
type branch struct {
	seed   uint64
	draws  *sample.Draws
	u      []float64
	tokens []scope.Written
	mind   mind
}

// mind is a model that has read a text.
type mind struct {
	model  sample.Writer
	logits []float32
	joiner *corpora.Joiner
}

// column is a text at a fixed temperature beside others.
type column struct {
	temperature float64
	chooser     *sample.Chooser
	branch
}

const (
	// longest is the longest text that is written, tokens.
	longest = 20_000
	// refreshEvery is how often new weights are read while a model trains.
	refreshEvery = time.Second
	// reread is how many of the last tokens new weights read again: what is
	// farther back has long been forgotten, and a long text would take long.
	reread = 512
)

// Temperatures of the columns.
var Temperatures = []float64{0.2, 0.5, 0.8, 1, 1.5}

// NewAuthor begins a text at temperature 0.8, at once and without writing.
func (l *Live) NewAuthor() *Author {
	a := &Author{
		live: l, vocab: l.Text.corpus.Vocab, inbox: newInbox(), stop: make(chan struct{}),
		options: sample.Options{Temperature: sampleTemperature}, speed: 20,
	}
	a.chooser, a.one = sample.NewChooser(a.options), sample.NewChooser(sample.Options{Temperature: 1})
	a.branches = []*branch{newBranch(1)}
	task.Go("author", a.work)
	return a
}

// Close ends the author's goroutine.
func (a *Author) Close() { close(a.stop) }

func newBranch(seed uint64) *branch { return &branch{seed: seed, draws: sample.NewDraws(seed)} }

// work does what is asked, writes when it is time, and reads new weights.
func (a *Author) work() {
	if !a.refresh() {
		return
	}
	a.Pages.Put(a.page())
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	due := time.Now()
	for {
		wait := refreshEvery
		if a.writing {
			wait = time.Until(due)
		}
		clock.Reset(max(0, wait))
		select {
		case <-a.stop:
			return
		case <-a.live.done:
			return
		case <-a.inbox.wake:
			was := a.writing
			a.inbox.do()
			if a.writing && !was {
				due = time.Now()
			}
			continue
		case <-clock.C:
		}
		if a.which == Newest && time.Since(a.refreshed) >= refreshEvery && !a.refresh() {
			return
		}
		if a.writing {
			due = due.Add(time.Duration(float64(time.Second) / a.speed))
			if late := time.Now().Add(-refreshEvery); due.Before(late) {
				due = late // it cannot write that fast
			}
			a.write()
		}
		if a.Pages.Empty() {
			a.Pages.Put(a.page())
		}
	}
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

// refresh reads the weights that are written with, and the text so far with
// them. It returns false when the exploration has ended.
func (a *Author) refresh() bool {
	if a.which == Newest && a.weights.Model != nil && a.live.at() == mark(a.weights.Run, a.weights.Update) {
		a.refreshed = time.Now()
		return true
	}
	f, ok := a.live.Freeze(a.which == Best)
	if !ok {
		return false
	}
	a.weights, a.refreshed = f, time.Now()
	for _, b := range a.branches {
		b.mind = mind{}
	}
	for i := range a.columns {
		a.columns[i].mind = mind{}
	}
	a.weigh()
	return true
}

// text is the branch that is shown.
func (a *Author) text() *branch { return a.branches[a.branch] }

// think makes sure that a branch's model has read its text.
func (a *Author) think(b *branch) {
	if b.mind.model != nil {
		return
	}
	m := a.weights.Model.NewStepper()
	b.mind = mind{model: m, joiner: a.vocab.Joiner()}
	from := max(0, len(b.tokens)-reread)
	if start := a.vocab.Start(); from == 0 && start >= 0 && !(len(b.tokens) > 0 && b.tokens[0].Prompt) {
		b.mind.logits = m.Step(start)
	}
	for i, t := range b.tokens {
		b.mind.joiner.Next(int32(t.ID))
		if i >= from {
			b.mind.logits = m.Step(t.ID)
		}
	}
}

// weigh makes the distribution of what comes next.
func (a *Author) weigh() {
	b := a.text()
	a.think(b)
	a.failure = nil
	if b.mind.logits == nil { // nothing read yet: every token alike
		b.mind.logits = make([]float32, a.weights.Model.Vocab)
	}
	if a.failure = a.chooser.Weigh(b.mind.logits); a.failure == nil {
		a.failure = a.one.Weigh(b.mind.logits)
	}
	if a.failure != nil {
		a.writing = false
	}
}

// draw is the draw of a place in a text.
func (b *branch) draw(place int) float64 {
	for len(b.u) <= place {
		b.u = append(b.u, b.draws.Next())
	}
	return b.u[place]
}

// add writes a chosen token and reads it.
func (b *branch) add(c sample.Choice, temperature float64, hand bool, v *corpora.Vocabulary) {
	b.tokens = append(b.tokens, scope.Written{
		Token: scope.Token{ID: c.ID, Text: v.Token(c.ID), Piece: b.mind.joiner.Next(int32(c.ID))},
		P:     c.P, PAt1: c.PAt1, Entropy: c.Entropy, Temperature: temperature, Hand: hand,
	})
	b.mind.logits = b.mind.model.Step(c.ID)
}

// write writes one token in the text, or one in each column.
func (a *Author) write() {
	if len(a.columns) > 0 {
		a.writeColumns()
		return
	}
	b := a.text()
	if len(b.tokens) >= longest || a.failure != nil {
		a.writing = false
		return
	}
	a.think(b)
	b.add(a.chooser.Draw(b.draw(len(b.tokens))), a.options.Temperature, false, a.vocab)
	a.weigh()
}

func (a *Author) writeColumns() {
	for i := range a.columns {
		c := &a.columns[i]
		if len(c.tokens) >= longest || a.failure != nil {
			a.writing = false
			return
		}
		a.think(&c.branch)
		if c.mind.logits == nil {
			c.mind.logits = make([]float32, a.weights.Model.Vocab)
		}
		if a.failure = c.chooser.Weigh(c.mind.logits); a.failure != nil {
			return
		}
		c.add(c.chooser.Draw(c.draw(len(c.tokens))), c.temperature, false, a.vocab)
	}
}

// Write lets tokens come by themselves, or stops them.
func (a *Author) Write(on bool) <-chan *scope.Page { return a.ask(func() { a.writing = on }) }

// One writes one token.
func (a *Author) One() <-chan *scope.Page {
	return a.ask(func() { a.writing = false; a.write() })
}

// Choose writes a token by hand.
func (a *Author) Choose(id int) <-chan *scope.Page {
	return a.ask(func() {
		b := a.text()
		if a.failure != nil || id < 0 || id >= a.weights.Model.Vocab || len(b.tokens) >= longest {
			return
		}
		a.think(b)
		p := a.chooser.Probabilities()[id]
		b.add(sample.Choice{ID: id, P: p, PAt1: a.one.Probabilities()[id], Entropy: a.chooser.Entropy()}, a.options.Temperature, true, a.vocab)
		a.weigh()
	})
}

// Back takes the last token away, if it is not of the prompt.
func (a *Author) Back() <-chan *scope.Page {
	return a.ask(func() {
		b, n := a.text(), len(a.text().tokens)
		if a.writing = false; n == 0 || b.tokens[n-1].Prompt {
			return
		}
		b.tokens = slices.Clip(b.tokens[:n-1]) // what was handed out stays
		b.mind = mind{}
		a.weigh()
	})
}

// Split begins another text from this one as it is, which goes on with other
// draws; Switch goes to the next text that was begun.
func (a *Author) Split() <-chan *scope.Page {
	return a.ask(func() {
		const most = 26
		if len(a.branches) == most {
			return
		}
		b := newBranch(a.branches[0].seed + uint64(len(a.branches)))
		b.tokens = slices.Clone(a.text().tokens)
		a.branches = append(a.branches, b)
		a.branch = len(a.branches) - 1
		a.weigh()
	})
}
func (a *Author) Switch(by int) <-chan *scope.Page {
	return a.ask(func() {
		n := len(a.branches)
		a.branch = ((a.branch+by)%n + n) % n
		a.weigh()
	})
}

// SetOptions changes how the next token is chosen.
func (a *Author) SetOptions(temperature float64, topK int, topP float64) <-chan *scope.Page {
	return a.ask(func() {
		o := sample.Options{Temperature: temperature, TopK: topK, TopP: topP}
		if o.Validate() != nil {
			return
		}
		a.options, a.chooser = o, sample.NewChooser(o)
		a.weigh()
	})
}

// SetSpeed changes how many tokens come a second.
func (a *Author) SetSpeed(tokens float64) <-chan *scope.Page {
	return a.ask(func() { a.speed = min(1000, max(0.5, tokens)) })
}

// SetWeights changes which weights are written with.
func (a *Author) SetWeights(w Weights) <-chan *scope.Page {
	return a.ask(func() {
		a.which, a.weights.Run = w, 0
		a.refresh()
	})
}

// Begin throws all texts away and begins with a prompt, which may be empty, and
// the draws of a seed.
func (a *Author) Begin(prompt string, seed uint64) <-chan *scope.Page {
	return a.ask(func() {
		a.prompt, a.unknown = prompt, 0
		b := newBranch(seed)
		j := a.vocab.Joiner()
		ids := a.vocab.Encode(prompt)
		for _, id := range ids[max(0, len(ids)-longest/2):] {
			if id < 0 || int(id) == a.vocab.Unknown() {
				a.unknown++
			}
			text := "\uFFFD"
			if id >= 0 {
				text = a.vocab.Token(int(id))
			}
			b.tokens = append(b.tokens, scope.Written{Token: scope.Token{ID: int(id), Text: text, Piece: j.Next(id)}, Prompt: true, P: math.NaN(), PAt1: math.NaN()})
		}
		a.branches, a.branch, a.columns = []*branch{b}, 0, nil
		a.weigh()
	})
}

// Compare writes on from the present text at several temperatures side by side
// and from the same draws, so that only the temperature differs; or ends that.
func (a *Author) Compare(on bool) <-chan *scope.Page {
	return a.ask(func() {
		a.columns = nil
		if !on {
			a.weigh()
			return
		}
		from := a.text()
		for _, t := range Temperatures {
			c := column{temperature: t, chooser: sample.NewChooser(sample.Options{Temperature: t, TopK: a.options.TopK, TopP: a.options.TopP})}
			c.branch = *newBranch(from.seed)
			for _, w := range from.tokens {
				w.Prompt = true
				c.tokens = append(c.tokens, w)
			}
			a.columns = append(a.columns, c)
		}
	})
}

// page is the author's work as a screen sees it.
func (a *Author) page() *scope.Page {
	b := a.text()
	p := &scope.Page{
		Run: a.weights.Run, Update: a.weights.Update, Best: a.weights.Best, Frozen: a.which != Newest,
		Writing: a.writing, Speed: a.speed, Full: len(b.tokens) >= longest,
		Temperature: a.options.Temperature, TopK: a.options.TopK, TopP: a.options.TopP, Seed: b.seed,
		Prompt: a.prompt, Unknown: a.unknown, Tokens: b.tokens, Branch: a.branch, Branches: len(a.branches),
	}
	if p.Failure = a.failure; p.Failure != nil {
		return p
	}
	p.Entropy, p.AtOne, p.Kept = a.chooser.Entropy(), a.one.Entropy(), a.chooser.Kept()
	p.Next = a.candidates()
	for _, c := range a.columns {
		column := scope.Column{Temperature: c.temperature, Tokens: c.tokens}
		n := 0
		for _, t := range c.tokens {
			if !t.Prompt {
				column.MeanEntropy += t.Entropy
				n++
			}
		}
		column.MeanEntropy /= float64(max(1, n))
		p.Columns = append(p.Columns, column)
	}
	return p
}

// candidates lists what may come next, the most probable first: no temperature
// changes that order.
func (a *Author) candidates() []scope.Candidate {
	at1, now := a.one.Probabilities(), a.chooser.Probabilities()
	out := make([]scope.Candidate, min(len(now), scope.NextMost))
	for n := range out {
		id := a.one.Rank(n)
		out[n] = scope.Candidate{Token: scope.Token{ID: id, Text: a.vocab.Token(id)}, P: now[id], PAt1: at1[id]}
	}
	return out
}
