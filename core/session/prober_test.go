package session

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// probing is a prober of an exploration that ends with the test.
func probing(t *testing.T, l *Live) *Prober {
	t.Helper()
	p := l.NewProber()
	t.Cleanup(p.Close)
	return p
}

// awaitPage takes pages until one is as it must be.
func awaitPage(t *testing.T, p *Prober, what string, ok func(g *scope.Gradients) bool) *scope.Gradients {
	t.Helper()
	for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if g := p.Pages.Take(); g != nil && ok(g) {
			return g
		}
	}
	t.Fatalf("no page came with %s", what)
	return nil
}

// What a prober shows is what the questions answer when they are put to the same
// weights directly, and at initialisation to those that the seed draws.
func TestProberAnswersAsProbesDo(t *testing.T) {
	t.Parallel()
	for _, cell := range rnn.Cells() {
		c := tiny()
		c.Model.Cell, c.Model.Layers = cell, 2
		l := live(t, c, "recall", true)
		for range 3 {
			l.Step()
		}
		await(t, l, "three updates", func(s *scope.Snapshot) bool { return s.Update == 3 && s.Phase == scope.Paused })
		p := probing(t, l)
		const steps = 12
		p.Look(&Look{Views: Of(FlowView, MapView, SourcesView, JacobiansView, TruncationView, TermsView, ClippingView), Layer: 1, Steps: steps})
		p.Check()
		p.Cost()
		g := awaitPage(t, p, "all answers", func(g *scope.Gradients) bool {
			return g.Jacobians.Answer != nil && g.Truncation.Answer != nil && g.Check.Answer != nil && g.Costs.Answer != nil
		})
		f, _ := l.Freeze(false)
		windows := probe.Windows(l.Text.corpus.Train.IDs, steps, flowWindows)
		want, err := probe.Flow(f.Model, windows, probe.Control{})
		if err != nil {
			t.Fatal(err)
		}
		for layer := range 2 {
			if got := g.Flow.Layers[layer].H.Geometric; !slices.Equal(got, want.Layers[layer].H.Geometric) {
				t.Errorf("%s layer %d: flow %v, the probe's %v", cell, layer, got, want.Layers[layer].H.Geometric)
			}
		}
		first, err := rnn.New(f.Model.Config, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		rule, err := rnn.ParseInit(c.Init)
		if err != nil {
			t.Fatal(err)
		}
		rule.ForgetBias = c.Forget
		if err := first.Init(rule, c.Train.Seed); err != nil {
			t.Fatal(err)
		}
		if want, err = probe.Flow(first, windows, probe.Control{}); err != nil {
			t.Fatal(err)
		}
		if got := g.Initial.Layers[1].H.Geometric; !slices.Equal(got, want.Layers[1].H.Geometric) || !g.Drawn {
			t.Errorf("%s: at initialisation %v, the probe's %v", cell, got, want.Layers[1].H.Geometric)
		}
		one := windows[0]
		terms := probe.TermsOf(f.Model, one, 1)
		if !slices.Equal(g.Terms.Norm, terms.Norm) || g.Terms.Whole != terms.Whole {
			t.Errorf("%s: terms %v, the probe's %v", cell, g.Terms.Norm, terms.Norm)
		}
		sources := probe.SourcesOf(f.Model, one.IDs, append(one.IDs[1:len(one.IDs):len(one.IDs)], one.Target), 1)
		if g.Sources.Steps[4].Future != sources.Steps[4].Future || g.Sources.Residual != sources.Residual {
			t.Errorf("%s: sources %+v, the probe's %+v", cell, g.Sources.Steps[4], sources.Steps[4])
		}
		along := make([]int32, 256)
		l.Text.corpus.Train.IDs.Fill(along, 0)
		d, err := probe.Dynamics(f.Model, along, 1, probe.DynamicsOptions{}, probe.Control{})
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Jacobians.Answer; got.SigmaMax != d.SigmaMax || !slices.Equal(got.Radius, d.Radius) || !slices.Equal(got.Lyapunov, d.Lyapunov) {
			t.Errorf("%s: Jacobians %v %v, the probe's %v %v", cell, got.SigmaMax, got.Radius, d.SigmaMax, d.Radius)
		}
		if (g.Forgetting.Answer != nil) != (cell == "lstm") {
			t.Errorf("%s: forgetting %v", cell, g.Forgetting.Answer)
		}
		if worst := g.Check.Answer.Worst; worst > 1e-3 || g.Check.Answer.Lags[len(g.Check.Answer.Lags)-1] != steps-1 {
			t.Errorf("%s: the gradient is %v from central differences at lags %v", cell, worst, g.Check.Answer.Lags)
		}
		last := g.Truncation.Answer.Cuts[len(g.Truncation.Answer.Cuts)-1]
		if last.Window != steps || math.Abs(last.Cosine-1) > 1e-9 || last.CutOff > 1e-6 {
			t.Errorf("%s: a wall behind the window cuts: %+v", cell, last)
		}
		costs := g.Costs.Answer.Of
		if n := len(costs); costs[n-1].Window != steps || costs[n-1].Bytes <= costs[0].Bytes || !(costs[0].Seconds > 0) {
			t.Errorf("%s: costs %+v", cell, costs)
		}
		// The norm of the map's columns is the flow of that one window.
		flow, err := probe.Flow(f.Model, windows[:1], probe.Control{})
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range flow.Layers[1].H.Arithmetic {
			sum := 0.0
			for _, v := range g.Map.Values[(steps-1-k)*g.Map.Hidden : (steps-k)*g.Map.Hidden] {
				sum += float64(v) * float64(v)
			}
			if math.Abs(math.Sqrt(sum)-want) > 1e-6*want {
				t.Errorf("%s: the map's norm at lag %d is %v, the flow's %v", cell, k, math.Sqrt(sum), want)
			}
		}
		if g.Clip.NormAngle > 1e-3 || !(g.Clip.ValueAngle > 1) || math.Abs(g.Clip.ByValue-g.Clip.ByNorm) > 1e-3*g.Clip.ByNorm {
			t.Errorf("%s: clipping %+v: by norm must keep the angle, by value must not, at one length", cell, g.Clip)
		}
	}
}

// Nobody looks: nothing is asked of the trainer and nothing is answered.
func TestProberRestsOutOfView(t *testing.T) {
	l := live(t, tiny(), "recall", false)
	p := probing(t, l)
	p.Look(&Look{Views: Of(JacobiansView), Layer: -1, Steps: 10})
	awaitPage(t, p, "a flow", func(g *scope.Gradients) bool { return g.Flow != nil })
	p.Look(nil)
	// Whatever was under way ends: after that, while training goes on, no page
	// comes and no question is under way.
	idle := func() bool {
		answer := make(chan bool, 1)
		p.inbox.put(func() { answer <- !p.busy })
		return <-answer
	}
	for end := time.Now().Add(awaiting); !idle(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a slow question goes on though nobody looks")
		}
	}
	p.Pages.Take()
	at := await(t, l, "an update", func(*scope.Snapshot) bool { return true }).Update
	await(t, l, "many updates", func(s *scope.Snapshot) bool { return s.Update > at+300 })
	if g := p.Pages.Take(); g != nil {
		t.Errorf("a page of update %d came though nobody looks", g.Update)
	}
	p.Look(&Look{Views: Of(FlowView), Layer: -1, Steps: 10})
	if g := awaitPage(t, p, "a newer flow", func(g *scope.Gradients) bool { return true }); g.Update < at {
		t.Errorf("the page is of update %d", g.Update)
	}
}

// While the model trains, rounds are a second apart at least and leave the
// trainer nineteen twentieths of the time.
func TestProberSparesTraining(t *testing.T) {
	l := live(t, tiny(), "recall", false)
	p := probing(t, l)
	p.Look(&Look{Views: Of(FlowView), Layer: -1, Steps: 10})
	var pages []*scope.Gradients
	for len(pages) < 3 {
		g := awaitPage(t, p, "a page", func(g *scope.Gradients) bool {
			return len(pages) == 0 || g.Update != pages[len(pages)-1].Update
		})
		pages = append(pages, g)
	}
	for _, g := range pages {
		if g.Took+g.Every < roundEvery || float64(g.Every) < 0.9*float64(g.Took)*(1/share-1) {
			t.Errorf("a round of %v is followed by another after %v", g.Took, g.Every)
		}
	}
}

// The slow questions rest for nineteen twentieths of the time, and not at all
// when there is nothing to rest for.
func TestSlowQuestionsRest(t *testing.T) {
	l := live(t, tiny(), "recall", false)
	await(t, l, "an update", func(s *scope.Snapshot) bool { return s.Update > 0 })
	p := probing(t, l)
	wanted := true
	s := &slowly{p: p, still: func() bool { return wanted }}
	const worked = 20 * time.Millisecond
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s.since = task.Spent() - worked
	began := time.Now()
	s.rest()
	if rested := time.Since(began); rested < worked*18 {
		t.Errorf("after %v of work it rested for %v only", worked, rested)
	}
	wanted = false
	s.since = task.Spent() - time.Hour
	s.rest() // would rest for a day
	wanted = true
	l.Pause(true)
	await(t, l, "a pause", func(s *scope.Snapshot) bool { return s.Phase == scope.Paused })
	s.since = task.Spent() - time.Hour
	s.rest()
}

// A text that no window fits into says so.
func TestProberOfAShortText(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", true)
	p := probing(t, l)
	p.Look(&Look{Views: Of(FlowView), Layer: -1, Steps: 1 << 22})
	if g := awaitPage(t, p, "a failure", func(g *scope.Gradients) bool { return true }); g.Failure == nil || g.Flow != nil {
		t.Errorf("flow %v, failure %v", g.Flow, g.Failure)
	}
}

// The other cells are the ladder's networks as they were scored, and their flows
// are what core/probe measures of them.
func TestProberMeasuresOtherCells(t *testing.T) {
	t.Parallel()
	c := tiny()
	l := live(t, c, "sums", true)
	d := l.Ladder()
	d.Look(true)
	d.Race(true)
	p := l.NewProber()
	defer p.Close()
	p.Look(&Look{Views: Of(FlowView), Layer: -1, Steps: 16, Others: true})
	for end := time.Now().Add(awaiting); ; time.Sleep(time.Millisecond) {
		if g := p.Pages.Take(); g != nil && len(g.Others) == 3 && g.Others[2].Update > 0 {
			d.Race(false)
			for _, o := range g.Others {
				if o.Update == 0 || o.Flow == nil || o.Flow.Cell != o.Cell || o.Flow.Hidden != racerHidden || len(o.Flow.Layers) != 1 || len(o.Flow.Layers[0].H.Geometric) == 0 {
					t.Errorf("%s: update %d, %+v", o.Cell, o.Update, o.Flow)
				}
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("the other cells do not come")
		}
	}
	// What is measured of a copy is what is measured of the network.
	windows := probe.Windows(l.Text.corpus.Train.IDs, 16, flowWindows)
	for _, r := range d.bench.Load().racers {
		if r.network == nil {
			continue
		}
		want, err := probe.Flow(r.network, windows, probe.Control{})
		if err != nil {
			t.Fatal(err)
		}
		q := &Prober{live: l}
		got, err := q.otherFlows(Look{Steps: 16}, windows)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range got {
			if o.Cell == r.network.Cell && o.Update == r.updates && !reflect.DeepEqual(o.Flow.Layers[0].H.Geometric, want.Layers[0].H.Geometric) {
				t.Errorf("%s: %v, want %v", o.Cell, o.Flow.Layers[0].H.Geometric, want.Layers[0].H.Geometric)
			}
		}
	}
}

// A text with no known symbol where the loss would be is told of, and nothing is
// asked of it.
func TestProberOfUnknownSymbols(t *testing.T) {
	t.Parallel()
	if w, ok := known([]probe.Window{{IDs: []int32{1, 2}, Target: -1}}); ok {
		t.Errorf("%+v ends in a known symbol", w)
	}
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte(strings.Repeat("天地玄黄宇宙洪荒", 400)), 0o644); err != nil {
		t.Fatal(err)
	}
	model := session(t, tiny(), "recall")
	corpus, err := corpora.Open(path, corpora.Options{Vocab: model.Corpus.Vocab})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(tiny(), corpus, model.Model.Clone())
	if err != nil {
		t.Fatal(err)
	}
	l := NewLive(s, nil)
	l.Start(true)
	t.Cleanup(func() { l.Quit(); l.Wait() })
	p := probing(t, l)
	p.Look(&Look{Views: Of(FlowView, MapView), Layer: -1, Steps: 16})
	p.Check()
	for end := time.Now().Add(awaiting); ; time.Sleep(time.Millisecond) {
		if g := p.Pages.Take(); g != nil && g.Failure != nil {
			if !errors.Is(g.Failure, errUnknown) {
				t.Errorf("told of %v", g.Failure)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatal("nobody tells that the symbols are unknown")
		}
	}
}

// What was measured of weights before they were changed by hand, or gone back
// with, does not stand beside the others' flow.
func TestProberForgetsWhatWasBeforeASurgery(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", true)
	l.Step()
	await(t, l, "an update", func(s *scope.Snapshot) bool { return s.Update == 1 && s.Phase == scope.Paused })
	p := probing(t, l)
	const steps = 10
	all := Look{Views: Of(JacobiansView, TruncationView), Layer: -1, Steps: steps}
	p.Look(&all)
	p.Check()
	before := awaitPage(t, p, "all answers", func(g *scope.Gradients) bool {
		return g.Jacobians.Answer != nil && g.Truncation.Answer != nil && g.Check.Answer != nil
	})
	p.Look(&Look{Views: Of(FlowView), Layer: -1, Steps: steps}) // which asks nothing slow by itself
	l.BreakIt()
	broken := awaitPage(t, p, "the broken flow", func(g *scope.Gradients) bool {
		return !slices.Equal(g.Flow.Layers[0].H.Geometric, before.Flow.Layers[0].H.Geometric)
	})
	if broken.Jacobians.Answer != nil || broken.Forgetting.Answer != nil || broken.Truncation.Answer != nil || broken.Check.Answer != nil {
		t.Errorf("beside the flow of broken weights stand answers of those before: Jacobians %v, forgetting %v, truncation %v, check %v",
			broken.Jacobians.Answer != nil, broken.Forgetting.Answer != nil, broken.Truncation.Answer != nil, broken.Check.Answer != nil)
	}
	p.Look(&all)
	again := awaitPage(t, p, "the Jacobians of the broken weights", func(g *scope.Gradients) bool { return g.Jacobians.Answer != nil })
	if was, is := before.Jacobians.Answer.Radius, again.Jacobians.Answer.Radius; slices.Equal(was, is) {
		t.Errorf("the spectral radii of broken weights are %v as before", is)
	}
	// Training on keeps them: they are told of with their update.
	l.Step()
	on := awaitPage(t, p, "the next update", func(g *scope.Gradients) bool { return g.Update == 2 })
	if on.Jacobians.Answer == nil {
		t.Error("an update makes the Jacobians forget")
	}
	l.Heal()
	awaitPage(t, p, "the healed weights' own", func(g *scope.Gradients) bool {
		return g.Jacobians.Answer != nil && slices.Equal(g.Jacobians.Answer.Radius, before.Jacobians.Answer.Radius)
	})
}

// A check that is under way when weights are changed by hand is made of the new
// ones.
func TestCheckIsOfTheWeightsThatAreThere(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", true)
	p := probing(t, l)
	const steps = 20
	at := Look{Views: Of(FlowView), Layer: -1, Steps: steps}
	p.Look(&at)
	awaitPage(t, p, "a flow", func(g *scope.Gradients) bool { return g.Flow != nil })
	p.inbox.put(func() { // so that the check has begun and its end is not yet known
		p.wanted = append(p.wanted, check)
		p.begin(at)
		was := l.at()
		l.BreakIt()
		for end := time.Now().Add(awaiting); l.at() == was && time.Now().Before(end); time.Sleep(time.Millisecond) {
		}
	})
	g := awaitPage(t, p, "a check", func(g *scope.Gradients) bool { return g.Check.Answer != nil })
	f, _ := l.Freeze(false)
	window, ok := known(probe.Windows(l.Text.corpus.Train.IDs, steps, 1))
	if !ok {
		t.Fatal("the first window ends in an unknown symbol")
	}
	want, err := probe.CheckGradient(f.Model, window, 0, checkLags(steps), probe.Control{})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Check.Answer.Gradient; !slices.Equal(got, want.Gradient) {
		t.Errorf("gradients %v were held against differences, those of the broken weights are %v", got, want.Gradient)
	}
}
