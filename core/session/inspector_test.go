package session

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rnnscope/core/kernel"
	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/corpora"
)

// inspector opens an inspector on a model of a few updates that is paused.
func inspector(t *testing.T, name, cell string) (*Live, *Inspector) {
	t.Helper()
	return inspectorOn(t, text(t, name), cell)
}

func inspectorOn(t *testing.T, corpus *corpora.Corpus, cell string) (*Live, *Inspector) {
	t.Helper()
	c := tiny()
	c.Model.Cell = cell
	l := liveOn(t, c, corpus, true)
	for range 3 {
		l.Step()
	}
	await(t, l, "three updates", func(s *scope.Snapshot) bool { return s.Update == 3 && s.Phase == scope.Paused })
	i := l.NewInspector()
	t.Cleanup(i.Close)
	return l, i
}

// inspected waits for what an inspector answers.
func inspected(t *testing.T, answer <-chan *scope.Inspection) *scope.Inspection {
	t.Helper()
	select {
	case p := <-answer:
		return p
	case <-time.After(awaiting):
		t.Fatal("the inspector does not answer")
		return nil
	}
}

// until takes pages until one is as it must be.
func until(t *testing.T, i *Inspector, what string, ok func(p *scope.Inspection) bool) *scope.Inspection {
	t.Helper()
	for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if p := i.Pages.Take(); p != nil && ok(p) {
			return p
		}
	}
	t.Fatalf("no page came with %s", what)
	return nil
}

// Whatever the inspector says is what core/probe says of the same weights, for
// all cells.
func TestInspectorAsksWhatProbeAnswers(t *testing.T) {
	t.Parallel()
	const a, b = "The keys to the cabinet are here.", "The keys to the cabinet is here."
	for _, cell := range Cells() {
		l, i := inspector(t, "fables", cell)
		f, _ := l.Freeze(false)
		m, vocab := f.Model, l.Text.corpus.Vocab
		ids := vocab.Encode(a)
		token := func(n int) string { return string([]rune(a)[n]) }
		p := inspected(t, i.Read(a, b))
		if p.Update != 3 || p.Run != 1 || p.Model.Cell != cell {
			t.Fatalf("the page is of update %d of run %d, a %s", p.Update, p.Run, p.Model.Cell)
		}
		want, err := probe.Trace(m, ids, token, probe.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p.Sentences[0].Trace, want) {
			t.Errorf("%s: the trace is another", cell)
		}
		i.Point(scope.Point{Token: 9})
		p = inspected(t, i.Look(AtEquation))
		if want := probe.Equation(m, want, 9); !reflect.DeepEqual(p.Equation, want) {
			t.Errorf("%s: the equation is another", cell)
		}
		// The parts of the likeliest token's logit sum to it.
		sum := 0.0
		for _, part := range p.Next {
			sum += part.Value
		}
		best := highest(want.Steps[9].Logits)
		if got, want := sum, float64(want.Steps[9].Logits[best]); len(p.Next) == m.Hidden+1 && math.Abs(got-want) > 1e-4 {
			t.Errorf("%s: parts sum to %v, the logit is %v", cell, got, want)
		}
		i.Look(AtInfluence)
		p = until(t, i, "an influence", func(p *scope.Inspection) bool { return p.Influence != nil })
		influence, err := probe.Influence(m, ids, 9, int(ids[10]), true, probe.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		influence.Token = vocab.Token(int(ids[10]))
		if !reflect.DeepEqual(p.Influence, influence) {
			t.Errorf("%s: the influence is %+v, want %+v", cell, p.Influence, influence)
		}
		changes := scope.Changes{Units: []scope.UnitChange{scope.Ablate(0, 1), scope.Clamp(0, 2, 0.5)}}
		p = inspected(t, i.SetUnits(changes.Units))
		altered, err := probe.Trace(m, ids, token, probe.Ask{Changes: changes})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p.Changed, altered) {
			t.Errorf("%s: the trace under interventions is another", cell)
		}
		i.Look(AtGoingOn)
		p = until(t, i, "odds under interventions", func(p *scope.Inspection) bool {
			return p.Odds != nil && p.Odds.Changed != nil && p.GoingOn != nil && p.GoingOn.Changed != nil
		})
		if p.Odds.A != " are " || p.Odds.B != " is " || p.Odds.Common != len("The keys to the cabinet") {
			t.Errorf("%s: the words are %q and %q after %d tokens", cell, p.Odds.A, p.Odds.B, p.Odds.Common)
		}
		odds, err := probe.LogOdds(m, ids[:p.Odds.Common], vocab.Encode(" are "), vocab.Encode(" is "), probe.Ask{Changes: changes})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p.Odds.Changed, odds) {
			t.Errorf("%s: the odds are others", cell)
		}
		if n := len(p.GoingOn.Plain); n != goingOn || len(p.GoingOn.Changed) != n {
			t.Errorf("%s: %d and %d tokens go on", cell, n, len(p.GoingOn.Changed))
		}
		// The state of B's token put into A is what A then reads on from.
		p = inspected(t, i.SetSwap(&scope.Swap{From: 4, At: 6}))
		if got, want := p.Changed.Steps[6].Layers[0].H[0], p.Sentences[1].Trace.Steps[4].Layers[0].H[0]; got != want {
			t.Errorf("%s: after a swap h is %v, want %v", cell, got, want)
		}
	}
}

// Searches answer what core/probe answers, tell progress, and can be stopped.
func TestInspectorSearchesTheCorpus(t *testing.T) {
	t.Parallel()
	l, i := inspectorOn(t, builtin(t, "fables"), "lstm") // more than a sample and what lies behind it
	f, _ := l.Freeze(false)
	inspected(t, i.Read("The fox and the crow", ""))
	// The answer is made before the search's own can be taken: it must be under way.
	if p := inspected(t, i.FindUnits(0)); p.Busy == nil || p.Busy.What != "search" {
		t.Errorf("a search is asked for and %+v is under way", p.Busy)
	}
	p := until(t, i, "units found", func(p *scope.Inspection) bool { return p.Found != nil })
	s := i.search // made by now, and never changed
	want, err := probe.FindUnits(f.Model, s.whole, s.question(0), probe.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Found.Tokens > sampleTokens || p.Found.EffectFrom != sampleTokens || p.Found.EffectTokens > effectTokens {
		t.Errorf("%d tokens are searched, the cost is of %d from %d on", p.Found.Tokens, p.Found.EffectTokens, p.Found.EffectFrom)
	}
	if len(p.Found.Found) == 0 || len(p.Found.Found) != len(want.Found) || p.Found.Loss != want.Loss {
		t.Errorf("found %d units at loss %v, want %d at %v", len(p.Found.Found), p.Found.Loss, len(want.Found), want.Loss)
	}
	for n := range want.Found {
		if got := p.Found.Found[n]; got.Unit != want.Found[n].Unit || got.Feature != want.Found[n].Feature || got.P != want.Found[n].P {
			t.Fatalf("row %d is %+v, want %+v", n, got, want.Found[n])
		}
	}
	i.ReadUnit(0, 2)
	p = until(t, i, "a unit read", func(p *scope.Inspection) bool { return p.UnitText != nil })
	read, err := probe.ReadUnit(f.Model, s.ids, 0, 2, peakContext, peaks, probe.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.UnitText.UnitText, read) || p.UnitText.Update != 3 {
		t.Error("the unit through the corpus is another")
	}
	if len(p.Sample.Pieces) != len(read.Values) {
		t.Errorf("%d tokens and %d values", len(p.Sample.Pieces), len(read.Values))
	}
	i.Match(0, 2, 4, 0.001)
	p = until(t, i, "spans", func(p *scope.Inspection) bool { return p.Matched != nil })
	match, err := probe.Match(f.Model, p.Sentences[0].Trace, probe.Selection{From: 2, To: 4, Threshold: 0.001}, s.ids, matches, probe.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(p.Matched.Match, match) {
		t.Error("the spans are others")
	}
	// Stopped, a question leaves no answer and no complaint.
	i.FindUnits(0)
	if p = inspected(t, i.Stop()); p.Busy != nil {
		t.Errorf("%q goes on after it was stopped", p.Busy.What)
	}
	if p.Background != nil {
		t.Errorf("stopping is complained of: %v", p.Background)
	}
}

// printed is all of an inspection, with what it points to.
func printed(p *scope.Inspection) string {
	var b strings.Builder
	var print func(v reflect.Value)
	print = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface:
			if v.IsNil() {
				b.WriteString("nil ")
				return
			}
			print(v.Elem())
		case reflect.Struct:
			for n := range v.NumField() {
				print(v.Field(n))
			}
		case reflect.Slice, reflect.Array:
			fmt.Fprintf(&b, "%d: ", v.Len())
			for n := range v.Len() {
				print(v.Index(n))
			}
		case reflect.Map:
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			for _, k := range keys {
				b.WriteString(k.String() + "=")
				print(v.MapIndex(k))
			}
		default:
			fmt.Fprintf(&b, "%v ", v)
		}
	}
	print(reflect.ValueOf(p))
	return b.String()
}

// What was handed out stays as it was, whatever is asked afterwards.
func TestInspectionsStay(t *testing.T) {
	l, i := inspector(t, "fables", "gru")
	i.SetUnits([]scope.UnitChange{scope.Ablate(0, 0)})
	p := inspected(t, i.Read("A wolf", "A lamb"))
	h := slices.Clone(p.Sentences[0].Trace.Steps[3].Layers[0].H)
	changed := slices.Clone(p.Changed.Steps[3].Layers[0].H)
	changes := p.Changes.Units
	copied := printed(p)
	i.SetUnits(nil)
	i.Read("Another sentence", "")
	l.Step()
	await(t, l, "another update", func(s *scope.Snapshot) bool { return s.Update == 4 })
	i.SetWeights(Best)
	inspected(t, i.Look(AtGoingOn))
	until(t, i, "the newest weights", func(q *scope.Inspection) bool { return q.Update == 4 })
	if printed(p) != copied || !slices.Equal(p.Sentences[0].Trace.Steps[3].Layers[0].H, h) || !slices.Equal(p.Changed.Steps[3].Layers[0].H, changed) {
		t.Error("an inspection changed after it was handed out")
	}
	if len(changes) != 1 || changes[0] != scope.Ablate(0, 0) {
		t.Errorf("the interventions of the page became %v", changes)
	}
}

// New weights come while somebody looks, frozen ones stay, and a restart with
// another cell forgets what was of the old one.
func TestInspectorFollowsTheWeights(t *testing.T) {
	t.Parallel()
	l, i := inspector(t, "fables", "lstm")
	inspected(t, i.Read("The fox", ""))
	i.SetUnits([]scope.UnitChange{scope.Ablate(0, 3)})
	l.Step()
	p := until(t, i, "update 4", func(p *scope.Inspection) bool { return p.Update == 4 })
	if p.Frozen || p.Changed == nil {
		t.Error("the page is of frozen weights, or has lost its interventions")
	}
	inspected(t, i.SetWeights(Fixed))
	l.Step()
	await(t, l, "update 5", func(s *scope.Snapshot) bool { return s.Update == 5 })
	time.Sleep(refreshEvery + 200*time.Millisecond) // nothing can be awaited that must not come
	if p := inspected(t, i.Look(AtMap)); p.Update != 4 || !p.Frozen {
		t.Errorf("frozen weights of update 4 became those of %d", p.Update)
	}
	inspected(t, i.SetWeights(Newest))
	l.Restart(Restart{Cell: "rnn"})
	p = until(t, i, "a plain RNN", func(p *scope.Inspection) bool { return p.Model.Cell == "rnn" })
	if p.Run != 2 || p.Memory || p.Changed != nil || len(p.Changes.Units) > 0 || !slices.Equal(p.Gates, []string{"a"}) {
		t.Errorf("the page of the second run: %+v", p)
	}
	if p.Sentences[0].Text != "The fox" || p.Sentences[0].Len() != 7 {
		t.Errorf("the sentence became %q of %d tokens", p.Sentences[0].Text, p.Sentences[0].Len())
	}
}

// Sentences of every bad kind are read as far as they can be, and it is said how
// far.
func TestInspectorReadsBadInput(t *testing.T) {
	t.Parallel()
	_, i := inspector(t, "fables", "lstm")
	p := inspected(t, i.Read("", ""))
	if p.Failure != nil || p.Sentences[0].Len() != 0 {
		t.Errorf("an empty sentence: %d tokens, %v", p.Sentences[0].Len(), p.Failure)
	}
	for s := AtMap; s <= AtGoingOn; s++ {
		inspected(t, i.Look(s))
	}
	p = inspected(t, i.Read("狗咬人 the dog\xff", "人咬狗"))
	if p.Failure != nil || p.Sentences[0].Unknown != 4 || p.Sentences[1].Unknown != 3 {
		t.Errorf("unknown symbols: %d and %d, %v", p.Sentences[0].Unknown, p.Sentences[1].Unknown, p.Failure)
	}
	if got := p.Sentences[0].Pieces[0]; got != "狗" || p.Sentences[0].Trace.Steps[0].ID != -1 {
		t.Errorf("the first token is %q with id %d", got, p.Sentences[0].Trace.Steps[0].ID)
	}
	p = inspected(t, i.Read(strings.Repeat("abcde ", 20_000), ""))
	s := p.Sentences[0]
	if p.Failure != nil || s.Len() != s.Kept || s.Kept > mostSentence || s.Cut != 120_000-s.Kept {
		t.Errorf("of 120,000 characters %d are read, %d said to be, %d left out, %v", s.Len(), s.Kept, s.Cut, p.Failure)
	}
	for range 200 { // keys pressed faster than anything is worked out
		i.Point(scope.Point{Token: 1 << 20})
		i.Point(scope.Point{Sentence: 7, Token: -5})
		i.Look(AtInfluence)
	}
	p = inspected(t, i.Point(scope.Point{Token: 1 << 20}))
	if p.Point.Token != s.Len()-1 {
		t.Errorf("the cursor is at %d of %d", p.Point.Token, s.Len())
	}
	p = inspected(t, i.SetUnits([]scope.UnitChange{scope.Ablate(0, 99_999)}))
	if p.Failure == nil {
		t.Error("a unit that there is not was ablated")
	}
	if p = inspected(t, i.SetUnits(nil)); p.Failure != nil {
		t.Errorf("and nothing is well after that: %v", p.Failure)
	}
}

// The words in which two sentences differ, at both levels and in both scripts.
func TestPairs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, a, b, wordA, wordB string
		common                   int
	}{
		{"fables", "They recognize speech", "They wreck a nice beach", " recognize ", " wreck ", 4},
		{"fables", "Dogs bite", "Men bite", "", "", 0},      // nothing stands before it
		{"fables", "The same", "The same thing", "", "", 0}, // one ends
		{"fables", "The cat, here", "The cat. here", "cat,", "cat.", 4},
		{"fables", "The cat here", "The cat, here", "cat ", "cat,", 4},
		{"fables", "The cat is", "The cat's is", " cat ", " cat's ", 3},
		{"fables", "The cat, sat", "The dog, sat", " cat,", " dog,", 3}, // both go on with it
		{"agreement", "the keys to zzz", "the keys to zzzz", "", "", 0}, // unknown words
		{"agreement", "the keys to the cabinet are here", "the keys to the cabinet is here", "are", "is", 5},
		{"zh", "小狗咬人", "小人咬狗", "狗", "人", 1},
	} {
		_, i := inspector(t, c.text, "gru")
		inspected(t, i.Read(c.a, c.b))
		inspected(t, i.Look(AtOdds))
		var p *scope.Inspection
		if c.common > 0 {
			p = until(t, i, "odds", func(p *scope.Inspection) bool { return p.Odds != nil })
			if p.Odds.A != c.wordA || p.Odds.B != c.wordB || p.Odds.Common != c.common || len(p.Odds.Plain.Odds) != c.common {
				t.Errorf("%q, %q: %q and %q after %d", c.a, c.b, p.Odds.A, p.Odds.B, p.Odds.Common)
			}
			continue
		}
		p = until(t, i, "an end", func(p *scope.Inspection) bool { return p.Busy == nil })
		if p.Odds != nil {
			t.Errorf("%q, %q: %q and %q", c.a, c.b, p.Odds.A, p.Odds.B)
		}
	}
}

// held does what f asks in one turn of the inspector.
func held(i *Inspector, f func()) {
	gate := make(chan struct{})
	i.inbox.put(func() { <-gate })
	f()
	close(gate)
}

// A match asked in the turn in which other weights or another sentence came is
// of those: of traces, none is read with weights that are not its own.
func TestMatchIsOfTheNewTrace(t *testing.T) {
	t.Parallel()
	l, i := inspector(t, "fables", "lstm")
	inspected(t, i.Read("The fox and the crow", ""))
	f, _ := l.Freeze(false)
	m, err := rnn.New(rnn.Config{Cell: "rnn", Vocab: f.Model.Vocab, Embed: 8, Hidden: 2 * f.Model.Hidden, Layers: 1}, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 1); err != nil {
		t.Fatal(err)
	}
	inspected(t, i.SetWeights(Fixed))
	held(i, func() {
		i.inbox.put(func() { i.take(Frozen{Model: m, Run: 2, Update: 1}) })
		i.Match(0, 2, 4, 0.001)
	})
	p := until(t, i, "spans", func(p *scope.Inspection) bool { return p.Matched != nil })
	want, err := probe.Match(m, p.Sentences[0].Trace, probe.Selection{From: 2, To: 4, Threshold: 0.001}, i.search.ids, matches, probe.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Run != 2 || p.Matched.Update != 1 || !reflect.DeepEqual(p.Matched.Match, want) {
		t.Errorf("spans of run %d, update %d", p.Run, p.Matched.Update)
	}
	held(i, func() {
		i.Read("A wolf", "")
		i.Match(0, 1, 3, 0.001)
	})
	p = until(t, i, "spans of the new sentence", func(p *scope.Inspection) bool { return p.Matched != nil })
	if p.Matched.Text != "A wolf" || p.Sentences[0].Text != "A wolf" || p.Sentences[0].Len() != 6 {
		t.Errorf("spans of %q for %q", p.Matched.Text, p.Sentences[0].Text)
	}
}

// Spans of a sentence are not shown for the next one.
func TestMatchesEndWithTheirSentence(t *testing.T) {
	t.Parallel()
	_, i := inspector(t, "fables", "lstm")
	inspected(t, i.Read("The fox and the crow", ""))
	held(i, func() {
		i.Match(0, 2, 4, 0.001)
		i.Read("XYZ", "")
	})
	if p := inspected(t, i.Look(AtMap)); p.Busy != nil || p.Matched != nil {
		t.Errorf("%+v goes on for %q", p.Busy, p.Sentences[0].Text)
	}
}

// Pages and answers come by two ways: their numbers say which is newer.
func TestInspectionsHaveAnOrder(t *testing.T) {
	_, i := inspector(t, "fables", "gru")
	inspected(t, i.Read("The cat sat", ""))
	inspected(t, i.Look(AtInfluence))
	late := i.Point(scope.Point{Token: 5})
	page := until(t, i, "an influence", func(p *scope.Inspection) bool { return p.Influence != nil && p.Influence.At == 5 })
	if answer := inspected(t, late); answer.Seq >= page.Seq {
		t.Errorf("the answer before is number %d, the page after it %d", answer.Seq, page.Seq)
	}
}

// Stopped, what is asked at the cursor stays so until something is asked anew.
func TestStopEndsWhatIsAskedAtTheCursor(t *testing.T) {
	t.Parallel()
	_, i := inspector(t, "fables", "lstm")
	inspected(t, i.Read(strings.Repeat("The fox and the crow. ", 80), ""))
	i.Point(scope.Point{Token: 1500})
	inspected(t, i.Look(AtInfluence))
	p := inspected(t, i.Stop())
	if p.Busy != nil || !p.Stopped {
		t.Errorf("stopped %v, %+v goes on", p.Stopped, p.Busy)
	}
	i.inbox.put(func() { i.retrace = true }) // as new weights do
	i.inbox.put(func() {})
	if p = inspected(t, i.Stop()); p.Busy != nil || !p.Stopped {
		t.Errorf("with new weights: stopped %v, %+v goes on", p.Stopped, p.Busy)
	}
	inspected(t, i.Point(scope.Point{Token: 3}))
	p = until(t, i, "an influence", func(p *scope.Inspection) bool { return p.Influence != nil })
	if p.Stopped || p.Influence.At != 3 {
		t.Errorf("stopped %v, an influence at %d", p.Stopped, p.Influence.At)
	}
}

// Weights on their way when others are frozen do not come.
func TestFrozenIsFrozen(t *testing.T) {
	l, i := inspector(t, "fables", "lstm")
	inspected(t, i.Read("The fox", ""))
	var frozen <-chan *scope.Inspection
	held(i, func() {
		l.Step()
		await(t, l, "update 4", func(s *scope.Snapshot) bool { return s.Update == 4 })
		i.inbox.put(i.refresh)
		frozen = i.SetWeights(Fixed)
	})
	before := inspected(t, frozen)
	read := make(chan struct{}) // what is read by now has been put into the inbox
	for done := false; !done; time.Sleep(time.Millisecond) {
		i.inbox.put(func() {
			if !i.freezing {
				done = true
			}
			read <- struct{}{}
		})
		<-read
	}
	if p := inspected(t, i.Look(AtMap)); !before.Frozen || p.Update != before.Update {
		t.Errorf("frozen weights of update %d became those of %d", before.Update, p.Update)
	}
}

// What was worked out under other interventions is not shown under new ones.
func TestInterventionsForgetTheOldOnes(t *testing.T) {
	_, i := inspector(t, "fables", "gru")
	inspected(t, i.Read("The keys are", "The keys is"))
	i.SetUnits([]scope.UnitChange{scope.Ablate(0, 1)})
	both := func(p *scope.Inspection) bool {
		return p.GoingOn != nil && p.GoingOn.Changed != nil && p.Odds != nil && p.Odds.Changed != nil
	}
	for name, change := range map[string]func() <-chan *scope.Inspection{
		"units": func() <-chan *scope.Inspection { return i.SetUnits([]scope.UnitChange{scope.Ablate(0, 2)}) },
		"swap":  func() <-chan *scope.Inspection { return i.SetSwap(&scope.Swap{From: 3, At: 3}) },
	} {
		i.Look(AtGoingOn)
		until(t, i, "a continuation", both)
		held(i, func() { i.Look(AtMap); change() })
		if p := inspected(t, i.Look(AtMap)); p.GoingOn != nil || p.Odds != nil {
			t.Errorf("%s: odds and a continuation of other interventions stay", name)
		}
	}
}
