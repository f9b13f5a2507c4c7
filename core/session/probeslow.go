package session

import (
	"errors"
	"math"
	"time"

	"rnnscope/core/probe"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/task"
)

// errShort is a text that no window fits into.
var errShort = say.Errorf("the training text is shorter than the window that gradients are followed through")

// errUnknown is a text whose windows end in symbols that the model does not know:
// there is no loss to follow back.
var errUnknown = say.Errorf("every window ends before a symbol that the model does not know, so that there is no loss to follow back")

// slow is a question that takes long.
type slow uint8

const (
	jacobians slow = iota
	truncation
	check
	cost
)

// slowOf is the slow question that a view asks by itself, again and again.
var slowOf = map[View]slow{JacobiansView: jacobians, TruncationView: truncation}

// begin takes up the next slow question, if it is time for one.
func (p *Prober) begin(at Look) {
	if p.busy {
		return
	}
	q, some := p.next(at)
	if !some {
		return
	}
	p.busy = true
	f, layer, steps, B := p.frozen, p.page.Layer, p.seen.Steps, p.batch
	byHand := q == check || q == cost
	ours := func(place uint64) bool { return q == cost || trained(f.place, place) } // time and memory are those of any weights
	s := &slowly{p: p, still: func() bool {
		now := p.look.Load()
		return now != nil && ours(p.live.at()) && (byHand || now.Views == at.Views && now.Layer == at.Layer && now.Steps == at.Steps)
	}}
	task.Go("slow probe", func() {
		task.Lower()
		s.began = time.Now()
		keep := s.answer(q, f, layer, steps, B)
		p.inbox.put(func() {
			p.busy, p.slowed = false, time.Now()
			g := &p.page
			g.Jacobians.Busy, g.Truncation.Busy, g.Check.Busy, g.Costs.Busy = false, false, false, false
			switch {
			case q == check && !ours(p.live.at()):
				p.wanted = append(p.wanted, q) // of the weights that are there now
			case keep != nil && ours(p.placed) && p.page.Run == f.Run && p.page.Layer == layer && p.page.Steps == steps:
				keep(&p.page)
			}
		})
	})
}

// next is the slow question whose turn it is, the one that was answered longest
// ago of those that the views ask by themselves.
func (p *Prober) next(at Look) (q slow, ok bool) {
	if len(p.wanted) > 0 {
		q, p.wanted = p.wanted[0], p.wanted[1:]
		return q, true
	}
	if p.live.active.Load() && time.Since(p.slowed) < slowEvery {
		return 0, false
	}
	for _, v := range []View{JacobiansView, TruncationView} {
		if own := slowOf[v]; at.Views.Has(v) && p.stale(own) && (!ok || own != p.last) {
			q, ok = own, true
		}
	}
	p.last = q
	return q, ok
}

// stale says whether a slow question has not been answered for the present
// weights.
func (p *Prober) stale(q slow) bool {
	g := &p.page
	switch q {
	case jacobians:
		return g.Jacobians.Answer == nil && g.Jacobians.Failure == nil || p.placedSlow[q] != p.placed
	case truncation:
		return g.Truncation.Answer == nil && g.Truncation.Failure == nil || p.placedSlow[q] != p.placed
	}
	return false
}

// slowly is a slow question under way, on its own goroutine.
type slowly struct {
	p     *Prober
	still func() bool // somebody still wants to know
	began time.Time
	since time.Duration // task.Spent when it last rested
}

// control makes a question rest for what it worked, and report its progress.
func (s *slowly) control(show func(g *scope.Gradients, done, total int)) probe.Control {
	s.since = task.Spent()
	told := time.Now()
	return probe.Control{
		Stop: func() bool {
			s.rest()
			return !s.still() || s.p.live.Ended()
		},
		Progress: func(done, total int) {
			const often = 200 * time.Millisecond
			if time.Since(told) < often {
				return
			}
			told = time.Now()
			s.p.inbox.put(func() { show(&s.p.page, done, total) })
		},
	}
}

// nap is how long nothing is asked while resting.
const nap = 20 * time.Millisecond

// rest leaves the time to training: for each twentieth of it that was worked,
// the other nineteen. It ends early when training does, or when nobody wants
// the answer any more.
func (s *slowly) rest() {
	end := time.Now().Add(time.Duration(float64(task.Spent()-s.since) * (1/share - 1)))
	for s.p.live.active.Load() && s.still() && !s.p.live.Ended() {
		left := time.Until(end)
		if left <= 0 {
			break
		}
		time.Sleep(min(nap, left))
	}
	s.since = task.Spent()
}

const (
	// alongSteps is how much of the text the Jacobians are followed along.
	alongSteps = 256
	// forgetWindows is how many windows the forget gates are averaged over.
	forgetWindows = 8
	// cutStreams is how many streams are truncated side by side.
	cutStreams = 8
)

// wallWindows are the windows k that truncation and cost are measured at, up to
// a number of steps.
func wallWindows(steps int) []int {
	var out []int
	for _, k := range []int{1, 2, 3, 5, 8, 12, 20, 32, 50, 64, 100, 128, 200, 256, 400} {
		if k < steps {
			out = append(out, k)
		}
	}
	return append(out, steps)
}

// answer answers a question and returns what puts the answer on the page; nil
// when nobody wants it any more.
func (s *slowly) answer(q slow, f Frozen, layer, steps, B int) func(g *scope.Gradients) {
	m, text := f.Model, s.p.live.Text.corpus.Train.IDs
	took := func() time.Duration { return time.Since(s.began) }
	windows := probe.Windows(text, steps, cutStreams)
	if len(windows) == 0 {
		return nil
	}
	switch q {
	case jacobians:
		ids := make([]int32, min(text.Len()-1, max(steps, alongSteps)))
		text.Fill(ids, 0)
		d, err := probe.Dynamics(m, ids, layer, probe.DynamicsOptions{}, s.control(func(g *scope.Gradients, done, total int) {
			g.Jacobians.Busy, g.Jacobians.Done, g.Jacobians.Total = true, done, total
		}))
		var forget *scope.Forgetting
		if err == nil {
			forget, err = probe.ForgettingOf(m, windows[:min(len(windows), forgetWindows)], layer, s.control(func(*scope.Gradients, int, int) {}))
		}
		if errors.Is(err, probe.ErrStopped) {
			return nil
		}
		return func(g *scope.Gradients) {
			s.p.placedSlow[q] = f.place
			g.Jacobians = scope.Asked[scope.Jacobians]{Answer: d, Update: f.Update, Took: took(), Failure: err}
			g.Forgetting = scope.Asked[scope.Forgetting]{Answer: forget, Update: f.Update, Took: took(), Failure: err}
		}
	case truncation:
		x, y := batch(windows)
		t, err := probe.Truncate(m, x, y, len(windows), layer, wallWindows(steps), s.control(func(g *scope.Gradients, done, total int) {
			g.Truncation.Busy, g.Truncation.Done, g.Truncation.Total = true, done, total
		}))
		if errors.Is(err, probe.ErrStopped) {
			return nil
		}
		return func(g *scope.Gradients) {
			s.p.placedSlow[q] = f.place
			g.Truncation = scope.Asked[scope.Truncation]{Answer: t, Update: f.Update, Took: took(), Failure: err}
		}
	case check:
		w, ok := known(windows)
		if !ok {
			return func(g *scope.Gradients) {
				g.Check = scope.Asked[scope.Differences]{Update: f.Update, Took: took(), Failure: errUnknown}
			}
		}
		d, err := probe.CheckGradient(m, w, layer, checkLags(steps), s.control(func(g *scope.Gradients, done, total int) {
			g.Check.Busy, g.Check.Done, g.Check.Total = true, done, total
		}))
		if errors.Is(err, probe.ErrStopped) {
			return nil
		}
		return func(g *scope.Gradients) {
			g.Check = scope.Asked[scope.Differences]{Answer: d, Update: f.Update, Took: took(), Failure: err}
		}
	}
	ids := make([]int32, min(text.Len(), steps+1))
	text.Fill(ids, 0)
	c, err := probe.CostsOf(m, ids, B, wallWindows(steps), s.control(func(g *scope.Gradients, done, total int) {
		g.Costs.Busy, g.Costs.Done, g.Costs.Total = true, done, total
	}))
	if errors.Is(err, probe.ErrStopped) {
		return nil
	}
	return func(g *scope.Gradients) {
		g.Costs = scope.Asked[scope.Costs]{Answer: c, Update: f.Update, Took: took(), Failure: err}
	}
}

// checkLags are lags spread over a window, dense at its end.
func checkLags(steps int) []int {
	var lags []int
	for k := 0; k < steps; k = max(k+1, int(math.Ceil(float64(k)*1.6))) {
		lags = append(lags, k)
	}
	if lags[len(lags)-1] != steps-1 {
		lags = append(lags, steps-1)
	}
	return lags
}

// Histogram counts the gradient norms of a curve in n bins on a logarithmic
// axis, those of a bucket of several updates by their mean, and how many lie
// above a threshold.
func Histogram(norms *scope.Curve, n int, threshold float64) scope.Histogram {
	var values []float64
	var times []int
	for _, b := range norms.Buckets {
		values = append(values, b.Mean, math.NaN())
		times = append(times, int(b.Count-b.Bad), int(b.Bad))
	}
	return probe.HistogramOf(values, times, n, threshold)
}
