package session

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rnnscope/core/ngram"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/store"
	"rnnscope/core/train"
	"rnnscope/corpora"
)

// awaiting is how long a test waits for what must come.
const awaiting = 30 * time.Second

// live starts an exploration of the beginning of a built-in text and ends it with
// the test.
func live(t *testing.T, c Config, name string, paused bool) *Live {
	t.Helper()
	return liveOn(t, c, text(t, name), paused)
}

// The screen may say at which updates validations come.
func TestValidEvery(t *testing.T) {
	t.Parallel()
	for _, asked := range []int64{0, 7} {
		c := tiny()
		c.EvalEvery = asked
		l := live(t, c, "fables", true)
		c.Window *= 2
		s, err := New(c, text(t, "fables"), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if got, want := l.ValidEvery(c.Window), s.evalEvery(); got != want || asked > 0 && got != asked {
			t.Errorf("asked for %d: a validation every %d updates, want %d", asked, got, want)
		}
	}
}

func liveOn(t *testing.T, c Config, corpus *corpora.Corpus, paused bool) *Live {
	t.Helper()
	s, err := New(c, corpus, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := NewLive(s, nil)
	l.Start(paused)
	t.Cleanup(func() { l.Quit(); l.Wait() })
	return l
}

// A model that is opened writes before its first update; one that is only drawn
// does not.
func TestOpenedModelWritesAtOnce(t *testing.T) {
	t.Parallel()
	drawn := live(t, tiny(), "sums", true)
	await(t, drawn, "a pause", func(s *scope.Snapshot) bool { return s.Phase == scope.Paused && s.Untrained })
	drawn.Sample()
	f, _ := drawn.Freeze(false)
	drawn.Step()
	if v := await(t, drawn, "an update", func(s *scope.Snapshot) bool { return s.Update == 1 }); len(v.Samples) != 0 {
		t.Errorf("drawn weights wrote %+v", v.Samples)
	}
	s, err := New(tiny(), text(t, "sums"), f.Model)
	if err != nil {
		t.Fatal(err)
	}
	opened := NewLive(s, nil)
	opened.Start(true)
	t.Cleanup(func() { opened.Quit(); opened.Wait() })
	opened.Sample()
	if v := await(t, opened, "a sample", func(s *scope.Snapshot) bool { return len(s.Samples) > 0 }); v.Update != 0 || v.Samples[0].Update != 0 || v.Untrained {
		t.Errorf("after update %d, untrained %v: a sample of update %d", v.Update, v.Untrained, v.Samples[0].Update)
	}
}

// await takes snapshots until one is as it must be.
func await(t *testing.T, l *Live, what string, ok func(s *scope.Snapshot) bool) *scope.Snapshot {
	t.Helper()
	for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if s := l.Snapshots.Take(); s != nil && ok(s) {
			return s
		}
	}
	t.Fatalf("no snapshot came with %s", what)
	return nil
}

// losses of the first n updates of a snapshot.
func losses(s *scope.Snapshot, n int) []float64 {
	var out []float64
	for _, b := range s.Losses.Buckets[:n] {
		out = append(out, b.Mean)
	}
	return out
}

// Exploring changes no loss: paused, stepped, asked for its weights, the run is
// that of a session that nobody looks at.
func TestLiveTrainsAsARunDoes(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Updates = 30
	var want []float64
	if err := session(t, c, "recall").Run(t.Context(), func(e Event) {
		if u, ok := e.(Update); ok {
			want = append(want, float64(u.Loss))
		}
	}); err != nil {
		t.Fatal(err)
	}
	c.Updates = 0
	l := live(t, c, "recall", true)
	await(t, l, "a pause", func(s *scope.Snapshot) bool { return s.Phase == scope.Paused && s.Update == 0 })
	for n := range int64(3) {
		l.Step()
		await(t, l, "one update more", func(s *scope.Snapshot) bool { return s.Phase == scope.Paused && s.Update == n+1 })
		if f, ok := l.Freeze(false); !ok || f.Update != n+1 {
			t.Errorf("the weights are of update %d, want %d", f.Update, n+1)
		}
	}
	l.Pause(false)
	s := await(t, l, "30 updates", func(s *scope.Snapshot) bool { return s.Update >= 30 })
	if got := losses(s, 30); !slices.Equal(got, want) {
		t.Errorf("losses %v, want %v", got, want)
	}
}

// What a frozen model has is what the trainer had.
func TestFreeze(t *testing.T) {
	l := live(t, tiny(), "recall", true)
	l.Step()
	await(t, l, "one update", func(s *scope.Snapshot) bool { return s.Update == 1 && s.Phase == scope.Paused })
	f, ok := l.Freeze(false)
	if !ok {
		t.Fatal("the exploration has ended")
	}
	if !slices.Equal(f.Model.Weights(), l.s.Model.Weights()) { // nobody trains now
		t.Error("the weights differ")
	}
	l.Quit()
	l.Wait()
	if _, ok := l.Freeze(false); ok {
		t.Error("weights came from an exploration that has ended")
	}
}

// Knobs act on the running model and are told of; what cannot be is refused and
// changes nothing.
func TestKnobs(t *testing.T) {
	c := tiny()
	c.Model.Layers = 2
	l := live(t, c, "recall", true)
	l.Step()
	await(t, l, "one update", func(s *scope.Snapshot) bool { return s.Update == 1 })
	l.SetLR(0.01)
	l.SetClip(0.5)
	l.SetWindow(5)
	l.SetDropout(0.25)
	l.Step()
	s := await(t, l, "the second update", func(s *scope.Snapshot) bool { return s.Update == 2 && s.Phase == scope.Paused })
	if want := (scope.Knobs{LR: 0.01, Clip: 0.5, Window: 5, Dropout: 0.25}); s.Knobs != want || s.LR != 0.01 {
		t.Errorf("knobs %+v, rate %v; want %+v", s.Knobs, s.LR, want)
	}
	if len(s.Stream.IDs) != 5 {
		t.Errorf("the window has %d steps, want 5", len(s.Stream.IDs))
	}
	if s.Stream.Offset != int64(c.Window) {
		t.Errorf("the window begins at %d, want where the last one ended: %d", s.Stream.Offset, c.Window)
	}
	if len(s.Changes) != 4 || s.Changes[0] != (scope.Change{Update: 1, What: "lr", From: 0.002, To: 0.01}) {
		t.Errorf("changes %+v", s.Changes)
	}
	l.SetLR(math.NaN())
	l.SetWindow(1 << 30)
	s = await(t, l, "a refusal", func(s *scope.Snapshot) bool { return s.Failure != nil })
	if s.Knobs.LR != 0.01 || s.Knobs.Window != 5 {
		t.Errorf("refused knobs changed %+v", s.Knobs)
	}
}

// A window that changes in mid-epoch goes on from the state and the place that
// the last one left: the losses are those of a trainer of the new window that
// was put into that state.
func TestWindowChangesInPlace(t *testing.T) {
	t.Parallel()
	c := tiny()
	a := session(t, c, "brackets")
	for range 5 {
		if _, err := a.Trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
	c.Window = 6
	b := session(t, c, "brackets")
	state := map[string][]float32{}
	checkpoint := a.Trainer.Checkpoint()
	for _, v := range checkpoint.Tensors {
		state[v.Name] = slices.Clone(v.Data)
	}
	if err := b.Trainer.Restore(checkpoint.Progress, func(name string) []float32 { return state[name] }); err != nil {
		t.Fatal(err)
	}
	if err := a.Trainer.SetWindow(6); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		x, err := a.Trainer.Step()
		y, err2 := b.Trainer.Step()
		if err != nil || err2 != nil || x.Loss != y.Loss || x.GradNorm != y.GradNorm {
			t.Fatalf("%+v %v, want %+v %v", x, err, y, err2)
		}
	}
}

// Dropout that is switched on and off again leaves no trace.
func TestDropoutChangesInPlace(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model.Layers = 2
	a, b := session(t, c, "recall"), session(t, c, "recall")
	for i := range 10 {
		if i == 4 {
			if err := a.Trainer.SetDropout(0.5); err != nil {
				t.Fatal(err)
			}
			if err := a.Trainer.SetDropout(0); err != nil {
				t.Fatal(err)
			}
		}
		x, _ := a.Trainer.Step()
		y, _ := b.Trainer.Step()
		if x.Loss != y.Loss {
			t.Fatalf("update %d: loss %v, want %v", i+1, x.Loss, y.Loss)
		}
	}
	if err := a.Trainer.SetDropout(1); err == nil {
		t.Error("dropout 1 was accepted")
	}
}

// A restart with the same seed is the same run again; another cell is another
// model.
func TestRestart(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", false)
	first := await(t, l, "20 updates", func(s *scope.Snapshot) bool { return s.Update >= 20 })
	l.Restart(Restart{})
	again := await(t, l, "20 updates again", func(s *scope.Snapshot) bool { return s.Run == 2 && s.Update >= 20 })
	if !slices.Equal(losses(first, 20), losses(again, 20)) {
		t.Error("the same seed gave other losses")
	}
	l.Restart(Restart{Cell: "lstm"})
	s := await(t, l, "another cell", func(s *scope.Snapshot) bool { return s.Run == 3 && s.Update >= 1 })
	if s.Shape.Cell != "lstm" || len(s.Stream.C[0]) == 0 {
		t.Errorf("the cell is %s", s.Shape.Cell)
	}
	l.Restart(Restart{Seed: 7})
	s = await(t, l, "another seed", func(s *scope.Snapshot) bool { return s.Run == 4 && s.Update >= 20 })
	if s.Shape.Seed != 7 || slices.Equal(losses(s, 20), losses(first, 20)) {
		t.Error("another seed changed nothing")
	}
}

// diverging is a run whose rate was turned from 0.05 to 1e9, and how it stands.
func diverging(t *testing.T) (*Live, *scope.Snapshot) {
	t.Helper()
	c := tiny()
	c.Model = rnn.Config{Cell: "rnn", Activation: "relu", Embed: 6, Hidden: 10, Layers: 1}
	c.Train = train.Config{Optimizer: "sgd", LR: 0.05, Seed: 1}
	l := live(t, c, "recall", false)
	await(t, l, "some updates", func(s *scope.Snapshot) bool { return s.Update > 150 })
	l.SetLR(1e9)
	return l, await(t, l, "divergence", func(s *scope.Snapshot) bool { return s.Trouble != nil })
}

// A run that diverges waits with its curves as they were, and goes back.
func TestGoBackAfterDivergence(t *testing.T) {
	t.Parallel()
	l, s := diverging(t)
	if s.Phase != scope.Diverged || s.Trouble.Update != s.Update || s.Trouble.Good >= s.Update || len(s.LastNorms) == 0 || s.Trouble.Reason.String() == "" {
		t.Errorf("%v at update %d: %+v", s.Phase, s.Update, s.Trouble)
	}
	good, elapsed := s.Trouble.Good, s.Elapsed
	l.GoBack(Remedy{Clip: 1, LR: 0.05})
	s = await(t, l, "going on", func(s *scope.Snapshot) bool { return s.Phase == scope.Training && s.Update > good })
	if s.Elapsed < elapsed {
		t.Errorf("the clock went back from %v to %v", elapsed, s.Elapsed)
	}
	if s.Knobs.Clip != 1 || s.Knobs.LR != 0.05 || s.Trouble != nil {
		t.Errorf("after going back: %+v, trouble %+v", s.Knobs, s.Trouble)
	}
	last := int64(0)
	for _, b := range s.Losses.Buckets {
		if b.First <= last {
			t.Fatalf("the curve has update %d after %d", b.First, last)
		}
		last = b.First + b.Count - 1
	}
}

// While a run waits after a divergence, what is asked is shown with the story, and
// the knobs that are turned stay in the order of turning.
func TestAskedAfterDivergence(t *testing.T) {
	t.Parallel()
	l, then := diverging(t)
	l.LookBack(-1)
	l.SetLR(0.5)
	s := await(t, l, "another rate", func(s *scope.Snapshot) bool { return s.Knobs.LR == 0.5 })
	if s.Trouble == nil || s.Trouble.Update != then.Trouble.Update || s.Trouble.Good != then.Trouble.Good || s.Update != then.Update || s.Phase != scope.Diverged || len(s.Losses.Buckets) != len(then.Losses.Buckets) {
		t.Errorf("%v at update %d, trouble %+v; was %+v at %d", s.Phase, s.Update, s.Trouble, then.Trouble, then.Update)
	}
	l.GoBack(Remedy{Clip: 1})
	s = await(t, l, "going on", func(s *scope.Snapshot) bool { return s.Phase == scope.Training && s.Update > then.Trouble.Good })
	var rates []scope.Change
	for _, c := range s.Changes {
		if c.What == "lr" {
			rates = append(rates, c)
		}
	}
	if want := []scope.Change{{Update: then.Trouble.Good, What: "lr", From: 0.05, To: 0.5}}; !slices.Equal(rates, want) || s.Knobs.LR != 0.5 {
		t.Errorf("the rate was turned by %+v, want %+v; it is %v", rates, want, s.Knobs.LR)
	}
}

// Two restarts in a row are both carried out, though the first run never begins.
func TestRestartsInARow(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "recall", true)
	first := await(t, l, "the beginning", func(s *scope.Snapshot) bool { return s.Run == 1 })
	cells := Cells()
	at := slices.Index(cells, first.Shape.Cell)
	l.inbox.put(func() {
		for _, r := range []Restart{{OtherCell: true}, {OtherSeed: true}, {OtherCell: true}, {OtherSeed: true}} {
			l.Restart(r)
		}
	})
	s := await(t, l, "the last of them", func(s *scope.Snapshot) bool { return s.Run > 1 && s.Shape.Seed == first.Shape.Seed+2 })
	if want := cells[(at+2)%len(cells)]; s.Shape.Cell != want {
		t.Errorf("two other cells on from %s it is %s, not %s", first.Shape.Cell, s.Shape.Cell, want)
	}
}

// A run that has reached its limit waits, and goes on without it.
func TestFinishedRunGoesOn(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Updates = 10
	l := live(t, c, "recall", false)
	end := await(t, l, "the end", func(s *scope.Snapshot) bool { return s.Phase == scope.Finished && s.Update == 10 })
	l.Pause(false)
	s := await(t, l, "going on", func(s *scope.Snapshot) bool { return s.Update > 20 && s.Phase == scope.Training })
	if s.Elapsed < end.Elapsed {
		t.Errorf("the clock went back from %v to %v", end.Elapsed, s.Elapsed)
	}
}

// What goes on beyond its limits says so on disk, so that it is not held to have
// reached them when it is opened again.
func TestUnlimitedRunIsDescribed(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Updates, c.Epochs, c.For, c.Train.Schedule = 10, 5, time.Hour, train.Schedule{Kind: "cosine"}
	s, err := New(c, text(t, "recall"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, dir := saving(t, s)
	l.Start(false)
	t.Cleanup(func() { l.Quit(); l.Wait() })
	described := func() (c Config) {
		t.Helper()
		info, err := store.ReadInfo(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(info.Config, &c); err != nil {
			t.Fatal(err)
		}
		if info.Weights != store.Drawn {
			t.Errorf("the weights are said to be %q", info.Weights)
		}
		return c
	}
	await(t, l, "the end", func(s *scope.Snapshot) bool { return s.Phase == scope.Finished })
	l.Save()
	await(t, l, "a save", func(s *scope.Snapshot) bool { return s.Kept != "" })
	if got := described(); got.Updates != 10 || got.Epochs != 5 || got.For != time.Hour {
		t.Errorf("with limits it is described as %+v", got)
	}
	l.Pause(false)
	await(t, l, "going on", func(s *scope.Snapshot) bool { return s.Update > 12 })
	l.Quit()
	l.Wait()
	if got := described(); got.Updates != 0 || got.Epochs != 0 || got.For != 0 || got.Train.Schedule.Kind == "cosine" {
		t.Errorf("beyond its limits it is described as %+v", got)
	}
	state, err := store.ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	under := described()
	under.Threads = 1 // of the machine, not of the run
	again := session(t, under, "recall")
	if err := again.Restore(state); err != nil {
		t.Fatal(err)
	}
	if again.Finished() || again.Trainer.Updates() <= 10 {
		t.Errorf("opened again after %d updates it has ended: %v", again.Trainer.Updates(), again.Finished())
	}
}

// Samples come at their updates, with what they have of the text.
func TestSamplesAreLikened(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "measure", false)
	s := await(t, l, "a measured sample", func(s *scope.Snapshot) bool { return len(s.Samples) > 0 && s.Samples[0].Likeness != nil })
	like := s.Samples[0].Likeness
	if s.Samples[0].Update != 100 || like.Unit != "pair" || like.Units == 0 || like.TextLine == 0 || like.Copied == "" {
		t.Errorf("%+v %+v", s.Samples[0], like)
	}
}

// The ratio is ‖ΔW‖/‖W‖ of the very update.
func TestRatios(t *testing.T) {
	c := tiny()
	s := session(t, c, "recall")
	before := slices.Clone(s.Model.Weights())
	s.Trainer.MeasureRatios()
	if _, err := s.Trainer.Step(); err != nil {
		t.Fatal(err)
	}
	ratios := s.Trainer.Snapshot().Ratios
	if len(ratios) != 3 || ratios[0].Part != "embedding" || ratios[1].Part != "l0" || ratios[2].Part != "fc" {
		t.Fatalf("%+v", ratios)
	}
	moved, size := 0.0, 0.0
	e := s.Model.Tensors()[0]
	for i, w := range e.Value.Data {
		d := float64(w - before[e.Offset+i])
		moved += d * d
		size += float64(w) * float64(w)
	}
	const close = 1e-5 // of a sum of float32 squares
	if want := math.Sqrt(moved / size); math.Abs(ratios[0].Value-want) > close*want {
		t.Errorf("embedding %v, want %v", ratios[0].Value, want)
	}
}

// Counting through a text, against counting straight from the definitions.
func TestMeasures(t *testing.T) {
	corpus := text(t, "fables")
	m := newText(corpus).Measure(func() bool { return false })
	n := corpus.Train.IDs.Len()
	single, pair := map[int]float64{}, map[[2]int]float64{}
	for i := range n {
		single[corpus.Train.IDs.At(i)]++
		if i > 0 {
			pair[[2]int{corpus.Train.IDs.At(i - 1), corpus.Train.IDs.At(i)}]++
		}
	}
	h1, h2, lines := 0.0, 0.0, 0
	for _, c := range single {
		h1 -= c / float64(n) * math.Log(c/float64(n))
	}
	first := map[int]float64{}
	for p, c := range pair {
		first[p[0]] += c
	}
	for p, c := range pair {
		h2 -= c / float64(n-1) * math.Log(c/first[p[0]])
	}
	lines = int(single[corpus.Vocab.Newline()])
	const close = 1e-9
	if math.Abs(m.Unigram-h1) > close || math.Abs(m.Bigram-h2) > close || m.Lines != lines || m.Pairs != len(pair) {
		t.Errorf("%+v, want %v %v %d lines %d pairs", m, h1, h2, lines, len(pair))
	}
	sum := int64(0)
	for _, c := range m.Lengths {
		sum += c
	}
	if sum != int64(lines) {
		t.Errorf("the histogram has %d lines, want %d", sum, lines)
	}
}

// The n-grams beside a run are those of an evaluation by itself.
func TestRivals(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "measure", false)
	s := await(t, l, "n-grams", func(s *scope.Snapshot) bool { return len(s.Rivals) == longOrder })
	counts, err := CountNgrams(l.Text.corpus, ngram.Options{Order: 3})
	if err != nil {
		t.Fatal(err)
	}
	smoothing, err := ngram.ParseSmoothing("mkn")
	if err != nil {
		t.Fatal(err)
	}
	want := EvaluateNgram(counts.Model(3, smoothing), l.Text.corpus, l.Text.corpus.Valid, "valid", false, nil)
	if got := s.Rivals[2]; got.Order != 3 || math.Abs(got.Loss-float64(want.Loss)) > 1e-12 {
		t.Errorf("%+v, want %v", got, want.Loss)
	}
}

// saving is an exploration that has not been started and saves its run in dir.
func saving(t *testing.T, s *Session) (l *Live, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "run")
	return NewLive(s, func(s *Session) func() (*store.Run, error) {
		return func() (*store.Run, error) { return store.Create(dir, description(t, s)) }
	}), dir
}
