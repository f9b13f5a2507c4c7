package session

import (
	"math"
	"strings"
	"testing"
	"time"

	"rnnscope/core/sample"
	"rnnscope/core/scope"
)

// author opens an author on a model of a few updates that is paused.
func author(t *testing.T, name string) (*Live, *Author) {
	t.Helper()
	l := live(t, tiny(), name, true)
	for range 3 {
		l.Step()
	}
	await(t, l, "three updates", func(s *scope.Snapshot) bool { return s.Update == 3 && s.Phase == scope.Paused })
	a := l.NewAuthor()
	t.Cleanup(a.Close)
	return l, a
}

// page waits for what an author answers.
func page(t *testing.T, answer <-chan *scope.Page) *scope.Page {
	t.Helper()
	select {
	case p := <-answer:
		return p
	case <-time.After(awaiting):
		t.Fatal("the author does not answer")
		return nil
	}
}

func written(tokens []scope.Written) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Piece)
	}
	return b.String()
}

// An author writes what a Writer writes with the same weights and draws.
func TestAuthorWritesAsAWriterDoes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"recall", "fables"} {
		l, a := author(t, name)
		var p *scope.Page
		for range 40 {
			p = page(t, a.One())
		}
		f, _ := l.Freeze(false)
		w := NewWriter(f.Model.NewStepper(), l.Text.corpus.Vocab, sample.Options{Temperature: 0.8}, 1)
		var want strings.Builder
		for i := range 40 {
			c, err := w.Next()
			if err != nil {
				t.Fatal(err)
			}
			want.WriteString(w.Text(c.ID))
			if got := p.Tokens[i]; got.ID != c.ID || got.P != c.P || got.PAt1 != c.PAt1 || got.Entropy != c.Entropy {
				t.Fatalf("%s, token %d: %+v, want %+v", name, i, got, c)
			}
		}
		if got := written(p.Tokens); got != want.String() {
			t.Errorf("%q, want %q", got, want.String())
		}
	}
}

// Going back and on again writes the same; at another temperature only the
// temperature differs.
func TestAuthorGoesBack(t *testing.T) {
	t.Parallel()
	_, a := author(t, "fables")
	for range 12 {
		page(t, a.One())
	}
	before := page(t, a.One())
	for range 6 {
		page(t, a.Back())
	}
	var after *scope.Page
	for range 6 {
		after = page(t, a.One())
	}
	if written(before.Tokens) != written(after.Tokens) {
		t.Errorf("%q, then %q", written(before.Tokens), written(after.Tokens))
	}
	page(t, a.Back())
	cold := page(t, a.SetOptions(0, 0, 1))
	if cold.Kept != 1 || cold.Next[0].P != 1 || cold.Entropy != 0 {
		t.Errorf("at temperature 0 %d tokens are left, the first with %v", cold.Kept, cold.Next[0].P)
	}
	best := cold.Next[0].ID
	if p := page(t, a.One()); p.Tokens[len(p.Tokens)-1].ID != best {
		t.Error("at temperature 0 another token came than the most probable")
	}
	for range 40 {
		page(t, a.Back())
	}
	if p := page(t, a.Back()); len(p.Tokens) != 0 {
		t.Errorf("%d tokens are left", len(p.Tokens))
	}
}

// Pages and answers come by two ways: their numbers say which is newer.
func TestPagesHaveAnOrder(t *testing.T) {
	_, a := author(t, "fables")
	first, then := a.One(), a.Back() // both are answered before either is taken
	after, before := page(t, then), page(t, first)
	if begun := a.Pages.Take(); begun.Seq >= before.Seq || before.Seq >= after.Seq {
		t.Errorf("the first page is number %d, the answers to two questions %d and %d", begun.Seq, before.Seq, after.Seq)
	}
}

// What an author hands out stays as it is, whatever it does afterwards.
func TestPagesDoNotChange(t *testing.T) {
	_, a := author(t, "fables")
	var p *scope.Page
	for range 10 {
		p = page(t, a.One())
	}
	text := written(p.Tokens)
	for range 5 {
		page(t, a.Back())
	}
	page(t, a.SetOptions(5, 0, 1))
	for range 5 {
		page(t, a.Choose(3))
	}
	if got := written(p.Tokens); got != text {
		t.Errorf("%q became %q", text, got)
	}
}

// The bars are the distribution: probabilities fall, sum to one where all are
// listed, and are what softmax makes of the logits.
func TestAuthorsCandidates(t *testing.T) {
	l, a := author(t, "recall")
	p := page(t, a.SetOptions(2, 0, 1))
	f, _ := l.Freeze(false)
	logits := f.Model.NewStepper().Step(l.Text.corpus.Vocab.Start())
	sum, total := 0.0, 0.0
	for _, z := range logits {
		total += math.Exp(float64(z) / 2)
	}
	for i, c := range p.Next {
		sum += c.P
		if i > 0 && c.P > p.Next[i-1].P {
			t.Errorf("candidate %d is more probable than the one before it", i)
		}
		if want := math.Exp(float64(logits[c.ID])/2) / total; math.Abs(c.P-want) > 1e-9 {
			t.Errorf("p(%q) = %v, want %v", c.Text, c.P, want)
		}
	}
	if len(p.Next) == l.Text.Vocab() && math.Abs(sum-1) > 1e-9 {
		t.Errorf("the probabilities sum to %v", sum)
	}
	if p = page(t, a.SetOptions(2, 3, 1)); p.Kept != 3 || p.Next[3].P != 0 {
		t.Errorf("top-k 3 leaves %d tokens", p.Kept)
	}
}

// The columns are what each temperature writes alone, from the same draws.
func TestColumns(t *testing.T) {
	t.Parallel()
	l, a := author(t, "fables")
	page(t, a.Compare(true))
	var p *scope.Page
	for range 30 {
		p = page(t, a.One())
	}
	if len(p.Columns) != len(Temperatures) || !p.Frozen {
		t.Fatalf("%d columns, of frozen weights: %v", len(p.Columns), p.Frozen)
	}
	f, _ := l.Freeze(false)
	for _, c := range p.Columns {
		w := NewWriter(f.Model.NewStepper(), l.Text.corpus.Vocab, sample.Options{Temperature: c.Temperature}, 1)
		for i, got := range c.Tokens {
			if want, _ := w.Next(); got.ID != want.ID {
				t.Fatalf("T=%v, token %d: %d, want %d", c.Temperature, i, got.ID, want.ID)
			}
		}
	}
	if p = page(t, a.Compare(false)); len(p.Columns) != 0 || p.Frozen {
		t.Error("the columns or their weights stay")
	}
	page(t, a.One())
	p = page(t, a.Compare(true))
	for _, c := range p.Columns {
		if given := c.Tokens[0]; !given.Prompt || !math.IsNaN(given.P) {
			t.Errorf("T=%v: what was there before is not marked as given: %+v", c.Temperature, given)
		}
	}
}

// A prompt is read and not written over; symbols the model does not know are
// counted.
func TestAuthorsPrompt(t *testing.T) {
	l, a := author(t, "fables")
	p := page(t, a.Begin("The ☃ ", 5))
	if p.Unknown != 1 || len(p.Tokens) != 6 || !p.Tokens[0].Prompt || p.Seed != 5 {
		t.Errorf("%d unknown, %+v", p.Unknown, p.Tokens)
	}
	f, _ := l.Freeze(false)
	w := NewWriter(f.Model.NewStepper(), l.Text.corpus.Vocab, sample.Options{Temperature: 0.8}, 5)
	w.Prompt("The ☃ ")
	logits := w.logits
	if at1 := math.Exp(float64(logits[p.Next[0].ID])) / sumExp(logits); math.Abs(p.Next[0].PAt1-at1) > 1e-9 {
		t.Errorf("after the prompt p = %v, want %v", p.Next[0].PAt1, at1)
	}
	if p = page(t, a.Back()); len(p.Tokens) != 6 {
		t.Error("the prompt was taken back")
	}
}

func sumExp(z []float32) (sum float64) {
	for _, z := range z {
		sum += math.Exp(float64(z))
	}
	return sum
}

// Another text begins where it was split off, and the first one is still there.
func TestBranches(t *testing.T) {
	t.Parallel()
	_, a := author(t, "fables")
	var p *scope.Page
	for range 10 {
		p = page(t, a.One())
	}
	first := written(p.Tokens)
	p = page(t, a.Split())
	if p.Branch != 1 || p.Branches != 2 || written(p.Tokens) != first {
		t.Errorf("branch %d of %d: %q", p.Branch, p.Branches, written(p.Tokens))
	}
	for range 10 {
		p = page(t, a.One())
	}
	other := written(p.Tokens)
	p = page(t, a.Switch(1))
	if p.Branch != 0 || written(p.Tokens) != first {
		t.Errorf("the first text became %q", written(p.Tokens))
	}
	for range 10 {
		p = page(t, a.One())
	}
	if written(p.Tokens) == other {
		t.Error("both texts went on alike: the draws are the same")
	}
}

// While a model trains, an author follows it; frozen, it does not.
func TestAuthorFollows(t *testing.T) {
	t.Parallel()
	l, a := author(t, "recall")
	p := page(t, a.One())
	if p.Update != 3 || p.Frozen {
		t.Errorf("written with update %d", p.Update)
	}
	l.Pause(false)
	await(t, l, "updates", func(s *scope.Snapshot) bool { return s.Update > 50 })
	p = page(t, a.SetWeights(Fixed))
	frozen := p.Update
	if frozen < 50 || !p.Frozen {
		t.Errorf("frozen at update %d", frozen)
	}
	now := await(t, l, "more updates", func(s *scope.Snapshot) bool { return s.Update > frozen+50 })
	if p = page(t, a.One()); p.Update != frozen {
		t.Errorf("frozen weights went from update %d to %d", frozen, p.Update)
	}
	if p = page(t, a.SetWeights(Newest)); p.Update < now.Update {
		t.Errorf("the newest weights are of update %d, the trainer is at %d", p.Update, now.Update)
	}
}
