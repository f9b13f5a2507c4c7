package session

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"rnnscope/core/ngram"
	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/corpora"
)

// climbing is a ladder that somebody looks at, beside a paused training.
func climbing(t *testing.T, name string) (*Live, *Ladder) {
	t.Helper()
	l := live(t, tiny(), name, true)
	d := l.Ladder()
	if d != l.Ladder() {
		t.Fatal("there are two ladders")
	}
	d.Look(true)
	return l, d
}

// reaching takes views until one is as it must be.
func reaching(t *testing.T, d *Ladder, what string, ok func(v *scope.Ladder) bool) *scope.Ladder {
	t.Helper()
	for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if v := d.Views.Take(); v != nil {
			if v.Failure != nil {
				t.Fatal(v.Failure)
			}
			if ok(v) {
				return v
			}
		}
	}
	t.Fatalf("the ladder did not reach %s", what)
	return nil
}

func answered[T any](t *testing.T, answer <-chan T) T {
	t.Helper()
	select {
	case a := <-answer:
		return a
	case <-time.After(awaiting):
		var none T
		t.Fatal("no answer")
		return none
	}
}

func ready(v *scope.Ladder) bool { return v.Phase == scope.LadderReady && len(v.Rungs) > 0 }

// find is the first rung that is as it must be.
func find(t *testing.T, v *scope.Ladder, ok func(r scope.Rung) bool) int {
	t.Helper()
	i := slices.IndexFunc(v.Rungs, ok)
	if i < 0 {
		t.Fatal("no such rung")
	}
	return i
}

// same is for two means over the same surprisals, one of float32 values.
const same = 1e-5

// Every rung has as many surprisals as there are tokens, their mean is its loss,
// and the losses are those of the command that scores n-grams.
func TestRungsAreScoredOnTheSameTokens(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"fables", "agreement"} {
		l, d := climbing(t, name)
		d.Race(true)
		reaching(t, d, "forty updates", func(v *scope.Ladder) bool {
			return v.Updates >= 40 && v.Rungs[len(v.Rungs)-1].Updates >= 20
		})
		d.Race(false)
		v := reaching(t, d, "a pause", func(v *scope.Ladder) bool { return v.Phase == scope.LadderPaused })
		b := d.bench.Load()
		if v.Tokens != len(b.places) || v.Tokens < 100 {
			t.Fatalf("%d tokens, %d places", v.Tokens, len(b.places))
		}
		c := l.Text.corpus
		split := c.Valid
		split.IDs = split.IDs.Slice(0, min(mostScored+1, split.IDs.Len()))
		counts, err := CountNgrams(c, ngram.Options{Order: 5})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range v.Rungs {
			if len(b.nats[i]) != v.Tokens {
				t.Errorf("%s: rung %d has %d surprisals, want %d", name, i, len(b.nats[i]), v.Tokens)
				continue
			}
			sum, zero := 0.0, 0
			for _, x := range b.nats[i] {
				sum += float64(x)
				if math.IsInf(float64(x), 1) {
					zero++
				}
			}
			if mean := sum / float64(v.Tokens); !near(mean, r.Loss) || zero != r.Zero {
				t.Errorf("%s: rung %d: mean %v with %d zeros, loss %v with %d", name, i, mean, zero, r.Loss, r.Zero)
			}
			if r.Kind != scope.NgramRung || r.Order > 5 {
				continue
			}
			s, err := ngram.ParseSmoothing(r.Smoothing)
			if err != nil {
				t.Fatal(err)
			}
			if e := EvaluateNgram(counts.Model(r.Order, s), c, split, "valid", false, nil); !near(float64(e.Loss), r.Loss) || e.Tokens != v.Tokens {
				t.Errorf("%s: %d-gram %s: loss %v of %d tokens, the command says %v of %d", name, r.Order, r.Smoothing, r.Loss, v.Tokens, e.Loss, e.Tokens)
			}
		}
		if u := v.Rungs[0]; u.Kind != scope.Uniform || u.Loss != math.Log(float64(v.Vocab)) {
			t.Errorf("the first rung is %+v", u)
		}
	}
}

func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= same*math.Max(1, math.Abs(b))
}

// The networks make the same number of updates on the same batches, learn, and
// the recurrent one is to the bit what a run of the same settings trains.
func TestNetworksTrainInLockStep(t *testing.T) {
	t.Parallel()
	l, d := climbing(t, "fables")
	reaching(t, d, "the start", ready)
	d.Race(true)
	reaching(t, d, "sixty updates", func(v *scope.Ladder) bool { return v.Updates >= 60 })
	d.Race(false)
	v := reaching(t, d, "a pause", func(v *scope.Ladder) bool { return v.Phase == scope.LadderPaused })
	n := int64(-1)
	for _, r := range d.racers { // the ladder rests: nobody changes them
		if n >= 0 && r.trainer.Updates() != n {
			t.Errorf("%d updates and %d", n, r.trainer.Updates())
		}
		n = r.trainer.Updates()
		if rung := v.Rungs[r.rung]; !(rung.Train < math.Log(float64(v.Vocab))) || rung.Seconds <= 0 || rung.Size == 0 {
			t.Errorf("after %d updates the rung is %+v", n, rung)
		}
	}
	c := Defaults()
	c.Model.Cell, c.Model.Layers, c.Model.Hidden, c.Model.Embed, c.Model.Dropout = "gru", 1, v.Hidden, v.Embed, 0
	c.Train.Dropout, c.Train.Seed = 0, l.first.Train.Seed
	c.Batch, c.Window, c.Threads = v.Batch, v.Window, 2
	s := session(t, c, "fables")
	for range n {
		if _, err := s.Trainer.Step(); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range d.racers {
		if r.network != nil && r.network.Cell == "gru" && !slices.Equal(r.network.Weights(), s.Model.Weights()) {
			t.Error("the ladder's GRU is not what a run trains")
		}
	}
}

// Nothing works while nobody looks, and what was stopped goes on where it was.
func TestLadderWorksOnlyWhileLookedAt(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "fables", true)
	d := l.Ladder()
	d.Race(true)
	time.Sleep(50 * time.Millisecond)
	if d.Views.Take() != nil || d.bench.Load().counts != nil {
		t.Error("the ladder works though nobody looks")
	}
	d.Look(true)
	reaching(t, d, "some updates", func(v *scope.Ladder) bool { return v.Updates >= 5 })
	d.Look(false)
	v := reaching(t, d, "a pause", func(v *scope.Ladder) bool { return v.Phase == scope.LadderPaused })
	time.Sleep(50 * time.Millisecond)
	if later := d.Views.Take(); later != nil && later.Updates != v.Updates {
		t.Errorf("%d updates, and later %d", v.Updates, later.Updates)
	}
	d.Look(true)
	reaching(t, d, "more updates", func(w *scope.Ladder) bool { return w.Updates > v.Updates })
}

// The means of the classes add up to that of the whole, the extremes are the
// largest, and the other way round everything changes its sign.
func TestWins(t *testing.T) {
	t.Parallel()
	l, d := climbing(t, "fables")
	v := reaching(t, d, "the start", ready)
	uni := find(t, v, func(r scope.Rung) bool { return r.Kind == scope.Unigram })
	gram := find(t, v, func(r scope.Rung) bool { return r.Smoothing == "mkn" && r.Order == 4 })
	mle := find(t, v, func(r scope.Rung) bool { return r.Smoothing == "mle" && r.Order == 4 })
	w, back := answered(t, d.Wins(gram, uni)), answered(t, d.Wins(uni, gram))
	if w == nil || w.Tokens != v.Tokens || !near(w.Mean, v.Rungs[uni].Loss-v.Rungs[gram].Loss) {
		t.Fatalf("wins %+v, losses %v and %v", w, v.Rungs[gram].Loss, v.Rungs[uni].Loss)
	}
	for _, classes := range [][]scope.WinClass{w.Frequency, w.Distance} {
		sum, n := 0.0, 0
		for _, c := range classes {
			n += c.Tokens
			if c.Tokens > 0 {
				sum += c.Mean * float64(c.Tokens)
			}
		}
		if n != w.Tokens || !near(sum/float64(n), w.Mean) {
			t.Errorf("classes of %d tokens with mean %v, whole of %d with %v", n, sum/float64(n), w.Tokens, w.Mean)
		}
	}
	if !near(back.Mean, -w.Mean) || len(w.ForA) != 10 || len(w.ForB) != 10 || !near(back.ForA[0].A-back.ForA[0].B, w.ForB[0].B-w.ForB[0].A) {
		t.Errorf("the other way round: mean %v and %v", back.Mean, w.Mean)
	}
	ids := make([]int32, d.scored.IDs.Len())
	d.scored.IDs.Fill(ids, 0)
	for _, x := range slices.Concat(w.ForA, w.ForB) {
		distance := -1
		for i := x.Pos - 1; i >= 0 && distance < 0; i-- {
			if ids[i] == ids[x.Pos] {
				distance = x.Pos - i
			}
		}
		if int(ids[x.Pos]) != x.Token.ID || x.Distance != distance || x.Count != l.Text.corpus.Counts[x.Token.ID] {
			t.Errorf("token %+v stands at a place with %d, last %d before", x, ids[x.Pos], distance)
		}
	}
	if x := w.ForA[0]; !(x.A-x.B >= w.ForA[9].A-w.ForA[9].B && x.A > x.B) {
		t.Errorf("the first win is %+v", x)
	}
	zero := answered(t, d.Wins(mle, gram))
	if zero.ZeroA != v.Rungs[mle].Zero || zero.ZeroA == 0 || zero.Tokens != v.Tokens-zero.ZeroA || math.IsNaN(zero.Mean) || math.IsInf(zero.Mean, 0) {
		t.Errorf("mle against mkn: %d zeros of %d, %d compared, mean %v", zero.ZeroA, v.Rungs[mle].Zero, zero.Tokens, zero.Mean)
	}
	if answered(t, d.Wins(0, 10_000)) != nil || answered(t, d.Wins(-1, 0)) != nil {
		t.Error("rungs that do not exist were compared")
	}
}

// The columns of the workbench are the models' distributions, the rows what the
// counts say, and mass is neither made nor lost.
func TestWorkbench(t *testing.T) {
	t.Parallel()
	l, d := climbing(t, "fables")
	train := l.Text.corpus.Train.IDs
	end := "" // of the text: one occurrence that nothing follows
	for i := train.Len() - 4; i < train.Len(); i++ {
		end += l.Text.Token(train.At(i))
	}
	for _, history := range []string{"", "the ", "qz", "日本", "zzzzzz", "an", "her", ". ", end} {
		for _, order := range []int{1, 2, 3, 5} {
			w := answered(t, d.Workbench(history, order, 0.1))
			if w.Order != order || len(w.History) > order-1 || len(w.Columns) != 4 {
				t.Fatalf("%q: %+v", history, w)
			}
			b := d.bench.Load()
			var ids []int32
			for _, x := range w.History {
				ids = append(ids, int32(x.ID))
			}
			for c, name := range w.Columns {
				s, err := ngram.ParseSmoothing(name)
				if err != nil {
					t.Fatal(err)
				}
				sum := 0.0
				state := b.counts.Model(order, s).After(ids...)
				for _, r := range w.Rows {
					sum += r.P[c]
					if p := state.P(int32(r.ID)); math.Abs(p-r.P[c]) > 1e-12 {
						t.Errorf("%q, order %d, %s: p(%s) is %v, want %v", history, order, name, r.Text, r.P[c], p)
					}
				}
				const rounding = 1e-9
				if all := len(w.Rows) == l.Text.Vocab(); all && math.Abs(sum-1) > rounding && !(name == "mle" && sum == 0) {
					t.Errorf("%q, order %d, %s: probabilities sum to %v", history, order, name, sum)
				}
			}
			seen := int64(0)
			for _, r := range w.Rows {
				seen += r.Count
			}
			if seen != w.Seen {
				t.Errorf("%q, order %d: continuations %d, history %d", history, order, seen, w.Seen)
			}
			if w.Moved[0] != 0 || w.Unseen[0] != 0 {
				t.Errorf("%q, order %d: maximum likelihood moves %v and leaves %v", history, order, w.Moved[0], w.Unseen[0])
			}
		}
	}
	w := answered(t, d.Workbench("th", 3, 0.1))
	if w.Rows[0].Text != "e" || w.Typed == nil || w.Typed.Text != "h" || !w.Judged {
		t.Errorf("after th comes %q", w.Rows[0].Text)
	}
	if n := len(w.Meter); n != longOrder || w.Meter[1].Possible != math.Pow(float64(l.Text.Vocab()), 2) || w.Meter[1].Seen == 0 || w.Meter[1].Bytes == 0 {
		t.Errorf("meter %+v", w.Meter)
	}
	if len(w.Fickle) == 0 || len(w.Fickle) != len(w.Steady) {
		t.Fatalf("%d tokens like Francisco, %d unlike", len(w.Fickle), len(w.Steady))
	}
	for i, x := range w.Fickle {
		if y := w.Steady[i]; !(y.Contexts > x.Contexts && y.Count*2 >= x.Count && y.Count <= 2*x.Count) {
			t.Errorf("%q %d times after %d tokens, beside %q %d after %d", x.Text, x.Count, x.Contexts, y.Text, y.Count, y.Contexts)
		}
	}
	if len(w.Adjusted) == 0 || w.Adjusted[0].R != 1 || w.Adjusted[0].N == 0 {
		t.Errorf("counts of counts %+v", w.Adjusted)
	}
}

// Four tokens are padded to five, of six the first is cut; what is cut moves the
// window model by exactly nothing and the network by something.
func TestWindowDemo(t *testing.T) {
	t.Parallel()
	_, d := climbing(t, "fables")
	reaching(t, d, "the start", ready)
	w := answered(t, d.WindowDemo("the ", "rnn", 0))
	if len(w.Slots) != 5 || w.Slots[0].ID != d.view.Vocab || w.Slots[1].Text != "t" {
		t.Errorf("slots %+v", w.Slots)
	}
	w = answered(t, d.WindowDemo("theory", "lstm", 2))
	if w.Slots[0].Text != "h" || len(w.Tokens) != 6 || len(w.Weights) != 5*w.Hidden {
		t.Errorf("slots %+v of %d tokens", w.Slots, len(w.Tokens))
	}
	if w.Window[0] != 0 || !(w.Network[0] > 0) {
		t.Errorf("the token before the window moves the window model by %v, the network by %v", w.Window[0], w.Network[0])
	}
	for i := 1; i < 6; i++ {
		if !(w.Window[i] > 0 && w.Window[i] <= 1 && w.Network[i] > 0) {
			t.Errorf("token %d moves %v and %v", i, w.Window[i], w.Network[i])
		}
	}
	if a, b := w.Weights[:w.Hidden], w.Weights[w.Hidden:2*w.Hidden]; slices.Equal(a, b) {
		t.Error("a token lights the same weights in two slots")
	}
	for _, s := range w.Sizes {
		if s.Length == w.Length && int64(s.Window) != d.bench.Load().rungs[d.bench.Load().racers[0].rung].Size {
			t.Errorf("sizes %+v", w.Sizes)
		}
	}
	if answered(t, d.WindowDemo("", "gru", 5)) == nil || answered(t, d.WindowDemo(strings.Repeat("x ", 400), "gru", 1000)) == nil {
		t.Error("no answer to an empty or a long text")
	}
	if answered(t, d.WindowDemo("a", "elman", 0)) != nil {
		t.Error("a network that does not exist was shown")
	}
}

func TestCompareSentences(t *testing.T) {
	t.Parallel()
	l, d := climbing(t, "fables")
	reaching(t, d, "the start", ready)
	v := answered(t, d.Compare("the fox", "xof eht"))
	if len(v.Models) != 3+4 || len(v.Scores[0]) != len(v.Models) {
		t.Fatalf("%d models", len(v.Models))
	}
	for m := range v.Models {
		for i := range 2 {
			s, sum := v.Scores[i][m], 0.0
			for _, x := range s.Tokens {
				sum += x.LogP
			}
			if len(s.Tokens) != 7 || !near(sum, s.Sum) {
				t.Errorf("model %d: %d tokens sum to %v, %v", m, len(s.Tokens), sum, s.Sum)
			}
		}
	}
	if !(v.Scores[0][2].Sum > v.Scores[1][2].Sum) {
		t.Error("Kneser-Ney prefers a text read backwards")
	}
	if !math.IsInf(v.Scores[1][1].Sum, -1) {
		t.Error("maximum likelihood knows a text read backwards")
	}
	f, _ := l.Freeze(false)
	want := Score(f.Model.NewStepper(), l.Text.corpus.Vocab, "the fox", false)
	if got := v.Scores[0][0].Sum; got != float64(want.LogP) {
		t.Errorf("the main model says %v, want %v", got, want.LogP)
	}
}

// An author with an n-gram writes what a Writer writes with it, and the network
// writes again when it is asked to.
func TestNgramWrites(t *testing.T) {
	t.Parallel()
	l, a := author(t, "fables")
	first := page(t, a.One())
	p := page(t, a.SetNgram(true))
	for end := time.Now().Add(awaiting); p.Ngram == 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		if next := a.Pages.Take(); next != nil {
			p = next
		}
	}
	if p.Ngram != NgramOrder(corpora.Char) {
		t.Fatalf("a %d-gram writes", p.Ngram)
	}
	page(t, a.Begin("", 1))
	for range 40 {
		p = page(t, a.One())
	}
	counts, err := CountNgrams(l.Text.corpus, ngram.Options{Order: 6})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(counts.Model(6, ngram.Smoothing{Name: "mkn"}).NewWriter(), l.Text.corpus.Vocab, a.options, 1)
	var want strings.Builder
	for range 40 {
		c, err := w.Next()
		if err != nil {
			t.Fatal(err)
		}
		want.WriteString(w.Text(c.ID))
	}
	if got := written(p.Tokens); got != want.String() {
		t.Errorf("%q, want %q", got, want.String())
	}
	page(t, a.SetNgram(false))
	page(t, a.Begin("", 1))
	if again := page(t, a.One()); again.Ngram != 0 || again.Tokens[0].ID != first.Tokens[0].ID || again.Tokens[0].P != first.Tokens[0].P {
		t.Error("the network does not write again as it did")
	}
}

// Networks that are to rest are shown as paused wherever they rest, also in the middle
// of being scored.
func TestRestingLadderIsPaused(t *testing.T) {
	t.Parallel()
	d := newLadder(live(t, tiny(), "fables", true))
	d.looked, d.view.Phase, d.view.Updates = true, scope.LadderTraining, 20
	d.Look(false)
	rested := make(chan bool)
	task.Go("rest", func() { rested <- d.stopped() })
	reaching(t, d, "a pause", func(v *scope.Ladder) bool { return v.Phase == scope.LadderPaused })
	d.Look(true)
	if answered(t, rested) {
		t.Error("all has ended")
	}
}

// Whoever waits for n-grams that cannot be counted may learn why.
func TestCountingThatFails(t *testing.T) {
	t.Parallel()
	l := live(t, tiny(), "fables", true)
	d := newLadder(l)
	d.ngramWriter(func(*ngram.Model) { t.Error("an n-gram writes that was not counted") })
	d.inbox.do()
	if err := d.Failure(); err != nil {
		t.Errorf("before counting: %v", err)
	}
	l.Quit() // which stops the counting
	l.Wait()
	if d.count() || d.Failure() == nil || len(d.wanted) > 0 {
		t.Errorf("the counting was stopped: %v, and %d wait", d.Failure(), len(d.wanted))
	}
}

// Published results stand beside a text of the Penn Treebank's shape and no
// other.
func TestPublishedRungs(t *testing.T) {
	t.Parallel()
	c := text(t, "agreement")
	if pennTreebank(c) {
		t.Error("a grammar has the shape of the Penn Treebank")
	}
	var words []string
	for i := range 929_589 - 929 {
		words = append(words, fmt.Sprintf("w%d", i%9_999))
	}
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w)
		if i%1000 == 999 || i == len(words)-1 {
			b.WriteString("\n")
		} else {
			b.WriteString(" ")
		}
	}
	penn, err := corpora.Open("-", corpora.Options{Level: corpora.Word, LevelSet: true, Split: [3]float64{1, 0, 0}, Stdin: strings.NewReader(b.String())})
	if err != nil {
		t.Fatal(err)
	}
	if !pennTreebank(penn) {
		t.Errorf("V = %d, %d training tokens are not the shape of the Penn Treebank", penn.Vocab.Len(), penn.Train.IDs.Len())
	}
	for _, r := range published() {
		if r.Kind != scope.Published || r.Source == "" || r.Name == "" || !(r.Loss > 4 && r.Loss < 5) {
			t.Errorf("%+v", r)
		}
	}
}

// What a screen begins with stands in the text, and backwards it is the same
// tokens.
func TestPhrases(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"fables", "zh", "agreement", "recall"} {
		x := newText(text(t, name))
		for _, n := range []int{2, 6} {
			phrase := x.Phrase(n)
			if phrase == "" || x.Known(phrase) != 1 {
				t.Errorf("%s: phrase %q of %d tokens, %v known", name, phrase, n, x.Known(phrase))
			}
			if back := x.Backwards(x.Backwards(phrase)); back != phrase {
				t.Errorf("%s: %q twice backwards is %q", name, phrase, back)
			}
		}
	}
	x := newText(text(t, "fables"))
	if k := x.Known("a☃"); k != 0.5 {
		t.Errorf("of a☃ %v is known", k)
	}
}
