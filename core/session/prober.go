package session

import (
	"slices"
	"sync/atomic"
	"time"

	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// Prober looks into the gradients of a model in training, as long as somebody
// looks at them:
//
//	Live ── Freeze, once a second at most ─▶ a copy ─┬─▶ quick: flow, map, terms …
//	                                                └─▶ slow: Jacobians, truncation …
//	Pages ◀── what is known, one slot, the newest wins ──┘
//
// Quick questions are answered in rounds on the prober's goroutine, slow ones
// one at a time on another, both at low priority. While the model trains each
// works for a twentieth of the time at most and rests for the others, also in
// the middle of a slow question; while it does not train neither rests, and once
// all is answered neither works. Out of view nothing is done.
type Prober struct {
	Pages scope.Mailbox[scope.Gradients]

	live  *Live
	inbox *inbox
	stop  chan struct{}
	look  atomic.Pointer[Look] // as asked for last; nil while nobody looks

	// What follows belongs to the prober's goroutine.
	page    scope.Gradients
	frozen  Frozen
	seen    Look // that the last round answered
	placed  uint64
	windows int // that the flow is measured over
	first   *rnn.Model
	initial map[int]*scope.Flow // by steps, of the present run
	others  []otherFlow         // as measured last
	busy    bool                // a slow question is under way
	slowed  time.Time           // when the last one ended
	rounded time.Time           // when the last round did
	once    time.Duration       // that the present round worked for all rounds
	wanted  []slow              // asked for by hand
	last    slow                // taken up by itself
	drawn   bool                // the run's first weights are those of its seed
	run     int
	batch   int // B of the run

	placedSlow map[slow]uint64 // mark of the weights of the last slow answers
}

// View is what a Look is at.
type View uint8

// The views. The flow is measured for each of them.
const (
	FlowView View = iota
	MapView
	SourcesView
	JacobiansView
	TruncationView
	TermsView
	ClippingView
	ViewCount
)

// Views is a set of them.
type Views uint16

// Of is the set of some views; Has asks for one.
func Of(views ...View) Views {
	var s Views
	for _, v := range views {
		s |= 1 << v
	}
	return s
}
func (s Views) Has(v View) bool { return s&(1<<v) != 0 }

// Look is what somebody looks at.
type Look struct {
	Views  Views
	Layer  int  // -1 is the top one
	Steps  int  // of the windows that are read
	Others bool // the networks of the ladder too
}

const (
	// share is how much of the time the quick and the slow questions may work
	// each while the model trains.
	share = 0.05
	// roundEvery is the time between two rounds at least.
	roundEvery = time.Second
	// slowEvery is the time between two answers to slow questions at least, while
	// the model trains.
	slowEvery = 2 * time.Second
	// flowWindows is how many windows the flow is measured over at most; a round
	// that takes longer than roundMost halves them.
	flowWindows = 8
	roundMost   = 45 * time.Millisecond
)

// NewProber makes a prober that nobody looks at yet.
func (l *Live) NewProber() *Prober {
	p := &Prober{live: l, inbox: newInbox(), stop: make(chan struct{}), windows: flowWindows, placedSlow: map[slow]uint64{}}
	task.Go("prober", p.work)
	return p
}

// Look says what is looked at from now on; nil that nobody looks any more.
func (p *Prober) Look(at *Look) {
	if at != nil {
		v := *at
		at = &v
	}
	p.look.Store(at)
	p.inbox.put(func() {})
}

// Check holds the gradient against central differences; Cost measures updates.
// Both are answered while somebody looks.
func (p *Prober) Check() { p.inbox.put(func() { p.wanted = append(p.wanted, check) }) }
func (p *Prober) Cost()  { p.inbox.put(func() { p.wanted = append(p.wanted, cost) }) }

// Renew asks for the slow answers of the view anew.
func (p *Prober) Renew() {
	p.inbox.put(func() {
		for v, q := range slowOf {
			if p.seen.Views.Has(v) {
				p.wanted = append(p.wanted, q)
			}
		}
	})
}

// Close ends the prober's goroutines.
func (p *Prober) Close() {
	p.look.Store(nil)
	close(p.stop)
}

// work answers, round after round.
func (p *Prober) work() {
	task.Lower()
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-p.live.done:
			return
		case <-p.inbox.wake:
			p.inbox.do()
		case <-clock.C:
		}
		wait := time.Hour
		if at := p.look.Load(); at != nil {
			due := time.Until(p.rounded.Add(p.page.Every))
			if !p.live.active.Load() || !trained(p.placed, p.live.at()) {
				due = min(due, 0)
			}
			if *at != p.seen || due <= 0 && (p.live.at() != p.placed || at.Others && p.othersMoved()) {
				if !p.round(*at) {
					return
				}
				due = p.page.Every
			}
			if wait = due; wait <= 0 {
				wait = roundEvery / 4 // whether the weights have changed is asked then
			}
			p.begin(*at)
			p.publish()
		}
		clock.Reset(wait)
	}
}

// publish puts what is known in front of the screen.
func (p *Prober) publish() {
	page := p.page
	p.Pages.Put(&page)
}

// round answers the quick questions. It returns false when the exploration has
// ended.
func (p *Prober) round(at Look) bool {
	f, ok := p.live.Freeze(false)
	if !ok {
		return false
	}
	began := task.Spent()
	if f.Run != p.run {
		if !p.newRun(f) {
			return false
		}
	}
	other := !trained(p.frozen.place, f.place)
	p.frozen, p.seen, p.placed = f, at, f.place
	old := p.page
	p.page = scope.Gradients{
		Run: f.Run, Update: f.Update, Layer: layerOf(f.Model, at.Layer), Steps: at.Steps, Drawn: p.drawn,
		Jacobians: old.Jacobians, Forgetting: old.Forgetting, Truncation: old.Truncation, Check: old.Check, Costs: old.Costs,
	}
	if other || old.Run != f.Run || old.Layer != p.page.Layer || old.Steps != at.Steps {
		p.page.Jacobians, p.page.Forgetting, p.page.Truncation, p.page.Check = scope.Asked[scope.Jacobians]{}, scope.Asked[scope.Forgetting]{}, scope.Asked[scope.Truncation]{}, scope.Asked[scope.Differences]{}
	}
	if old.Run != f.Run {
		p.page.Costs = scope.Asked[scope.Costs]{}
	}
	p.page.Failure = p.answer(at)
	p.page.Took = task.Spent() - began - p.once
	p.once = 0
	if p.page.Took > roundMost && p.windows > 1 && p.live.active.Load() {
		p.windows /= 2
	}
	p.rounded = time.Now()
	p.page.Every = max(roundEvery-p.page.Took, time.Duration(float64(p.page.Took)*(1/share-1)))
	return true
}

// newRun asks the trainer how the run of f began.
func (p *Prober) newRun(f Frozen) bool {
	type origin struct {
		config Config
		drawn  bool
	}
	answer := make(chan origin, 1)
	p.live.inbox.put(func() { answer <- origin{p.live.s.Config, p.live.s.Drawn} })
	select {
	case <-p.live.done:
		return false
	case o := <-answer:
		p.run, p.windows, p.batch = f.Run, flowWindows, o.config.Batch
		p.first, p.initial, p.drawn = nil, map[int]*scope.Flow{}, false
		if o.drawn {
			p.first = initialModel(f.Model, o.config)
			p.drawn = p.first != nil
		}
	}
	return true
}

// initialModel is the model of a run before its first update, nil where its
// rule cannot draw one.
func initialModel(m *rnn.Model, c Config) *rnn.Model {
	rule, err := rnn.ParseInit(c.Init)
	if err != nil {
		return nil
	}
	rule.ForgetBias = c.Forget
	first := m.Clone()
	if first.Init(rule, c.Train.Seed) != nil {
		return nil
	}
	return first
}

func layerOf(m *rnn.Model, layer int) int {
	if layer < 0 || layer >= m.Layers {
		return m.Layers - 1
	}
	return layer
}

// answer answers the quick questions of a view.
func (p *Prober) answer(at Look) (err error) {
	m, g := p.frozen.Model, &p.page
	text := p.live.Text.corpus.Train.IDs
	windows := probe.Windows(text, at.Steps, p.windows)
	if len(windows) == 0 {
		return errShort
	}
	if g.Flow, err = probe.Flow(m, windows, probe.Control{}); err != nil {
		return err
	}
	if p.first != nil {
		if p.initial[at.Steps] == nil { // once, so that it is no part of a round
			began := task.Spent()
			if p.initial[at.Steps], err = probe.Flow(p.first, windows, probe.Control{}); err != nil {
				return err
			}
			p.once = task.Spent() - began
		}
		g.Initial = p.initial[at.Steps]
	}
	if at.Others {
		if g.Others, err = p.otherFlows(at, windows); err != nil {
			return err
		}
	}
	one, ok := known(windows)
	if !ok {
		return errUnknown
	}
	if at.Views.Has(MapView) || at.Views.Has(SourcesView) {
		g.Map = probe.MapOf(m, one, g.Layer)
	}
	if at.Views.Has(SourcesView) {
		g.Sources = probe.SourcesOf(m, one.IDs, append(one.IDs[1:len(one.IDs):len(one.IDs)], one.Target), g.Layer)
	}
	if at.Views.Has(TermsView) || at.Views.Has(TruncationView) {
		g.Terms = probe.TermsOf(m, one, g.Layer)
	}
	if at.Views.Has(ClippingView) {
		g.Clip, err = p.clipping(m)
	}
	return err
}

// known is the first window that ends in a symbol of the vocabulary, if any does.
func known(windows []probe.Window) (w probe.Window, ok bool) {
	i := slices.IndexFunc(windows, func(w probe.Window) bool { return w.Target >= 0 })
	if i < 0 {
		return probe.Window{}, false
	}
	return windows[i], true
}

// clippingStreams is how many windows the gradient that is clipped is the mean
// of.
const clippingStreams = 8

// clipping clips the gradient of some windows as training would, and by value
// to the same length.
func (p *Prober) clipping(m *rnn.Model) (*scope.Clipping, error) {
	windows := probe.Windows(p.live.Text.corpus.Train.IDs, p.seen.Steps, clippingStreams)
	x, y := batch(windows)
	norms, g, err := probe.GradientNorms(m, [][]int32{x}, [][]int32{y}, len(windows), probe.Control{})
	if err != nil {
		return nil, err
	}
	limit := norms[0] / 2
	c := probe.ClippingOf(g, limit, probe.ValueFor(g, limit))
	return &c, nil
}

// batch puts windows side by side, [T,B] time-major, as a batch of training
// would read them.
func batch(windows []probe.Window) (x, y []int32) {
	T, B := len(windows[0].IDs), len(windows)
	x, y = make([]int32, T*B), make([]int32, T*B)
	for b, w := range windows {
		for s, id := range w.IDs {
			x[s*B+b], y[s*B+b] = id, w.Target
			if s > 0 {
				y[(s-1)*B+b] = id
			}
		}
	}
	return x, y
}
