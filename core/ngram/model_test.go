package ngram_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rnnscope/core/ngram"
	"rnnscope/core/sample"
)

// naiveTolerance is relative: both sides are float64 and differ in the order of
// their sums.
const naiveTolerance = 1e-10

// every is a smoothing of each kind; the test below sees that none is missing.
var every = []string{"mle", "add:1", "add:0.1", "katz", "absolute", "kn", "mkn"}

func TestEverySmoothingIsTested(t *testing.T) {
	for _, name := range ngram.Smoothings() {
		if name == "add:K" {
			name = "add:1"
		}
		if !slices.Contains(every, name) {
			t.Errorf("%s is in no test", name)
		}
		if s := parse(t, name); s.String() != name || s.Title() == "" {
			t.Errorf("%q became %q, %q", name, s, s.Title())
		}
	}
	for _, bad := range []string{"", "add", "add:", "add:0", "add:-1", "add:NaN", "add:Inf", "add:x", "mkn:1", "kneser", "mle:0"} {
		if s, err := ngram.ParseSmoothing(bad); err == nil {
			t.Errorf("%q became %v", bad, s)
		}
	}
}

// Worked out by hand: "ababac" as a stream, order 2.
//
//	a 3, b 2, c 1; ab 2, ba 2, ac 1; each letter follows one other letter
//	absolute: D1 = 1/3, D2 = 1/(1+4) = 0.2; p(a) = 1/2, p(b) = 1/3, p(c) = 1/6
//	kn: D1 = 3/(3+0) = 1, so that the unigram is uniform
//	mkn: n2 of the unigrams and n3 of the bigrams are 0: 0.5, 1, 1.5
//	katz: d1 would be 4: nothing is discounted, and c(a)+1 = 4
func TestByHandStream(t *testing.T) {
	a, b, c := int32(0), int32(1), int32(2)
	counts := count(t, ngram.IDs{a, b, a, b, a, c}, ngram.Options{Vocab: 3, Order: 2})
	for name, want := range map[string][3]float64{ // p(a|a), p(b|a), p(c|a)
		"mle":      {0, 2. / 3, 1. / 3},
		"add:1":    {1. / 6, 3. / 6, 2. / 6},
		"katz":     {1. / 4, 2. / 4, 1. / 4},
		"absolute": {0.4 / 3 / 2, 1.8/3 + 0.4/3/3, 0.8/3 + 0.4/3/6},
		"kn":       {0.4 / 3 / 3, 1.8/3 + 0.4/3/3, 0.8/3 + 0.4/3/3},
		"mkn":      {1.5 / 3 / 3, 1./3 + 1.5/3/3, 0.5/3 + 1.5/3/3},
	} {
		m := counts.Model(2, parse(t, name))
		s := m.Start()
		s.Read(a)
		for id, p := range want {
			if got := s.P(int32(id)); !near(got, p, naiveTolerance) {
				t.Errorf("%s: p(%c|a) = %v, by hand %v", name, 'a'+id, got, p)
			}
		}
		for _, d := range m.Discounts() {
			if fell := d.Fallback.String() != ""; fell != (name == "mkn" || name == "katz") {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

// Worked out by hand: "ab." and "a." as lines, order 2, one discount.
//
//	<s>a 2, ab 1, b. 1, a. 1; contexts of a 1 (<s>), b 1, "." 2
//	D1 = 2/(2+2) = 0.5: p(a) = p(b) = 0.25, p(.) = 0.5; D2 = 3/(3+2) = 0.6
func TestByHandLines(t *testing.T) {
	eos, a, b := int32(0), int32(1), int32(2)
	m := count(t, ngram.IDs{a, b, eos, a, eos}, ngram.Options{Vocab: 3, Order: 2, Lines: true, EOS: 0}).Model(2, parse(t, "kn"))
	s := m.Start()
	check := func(after string, want [3]float64) {
		t.Helper()
		for id, p := range want {
			if got := s.P(int32(id)); !near(got, p, naiveTolerance) {
				t.Errorf("p(%c|%s) = %v, by hand %v", ".ab"[id], after, got, p)
			}
		}
	}
	check("<s>", [3]float64{0.3 * 0.5, 0.7 + 0.3*0.25, 0.3 * 0.25})
	s.Read(a)
	check("a", [3]float64{0.2 + 0.6*0.5, 0.6 * 0.25, 0.2 + 0.6*0.25})
	s.Read(eos)
	check("<s>", [3]float64{0.3 * 0.5, 0.7 + 0.3*0.25, 0.3 * 0.25})
	s = m.After(b, m.Beginning())
	check("b<s>", [3]float64{0.3 * 0.5, 0.7 + 0.3*0.25, 0.3 * 0.25})
	s = m.After()
	check("", [3]float64{0.5, 0.25, 0.25})
	e := m.Evaluate(ngram.IDs{a, eos}, false, nil, nil)
	if want := -(math.Log(0.775) + math.Log(0.5)) / 2; e.Tokens != 2 || !near(e.Loss, want, naiveTolerance) {
		t.Errorf("the line a. costs %v a token of %d, by hand %v of 2", e.Loss, e.Tokens, want)
	}
}

// random is a text with some structure, so that counts above 1 occur, and with
// symbols that have no id.
func random(r *rand.Rand, n, V int) ngram.IDs {
	text := make(ngram.IDs, n)
	for i := range text {
		switch {
		case i >= 3 && r.IntN(2) == 0:
			text[i] = text[r.IntN(i)]
		case r.IntN(30) == 0:
			text[i] = -1
		default:
			text[i] = int32(min(r.IntN(V), r.IntN(V)))
		}
	}
	return text
}

// Every smoothing and order against the definition, after histories seen and
// unseen, token by token and as a distribution, which sums to 1.
func TestAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for trial := range 60 {
		V, order, lines := 1+r.IntN(6), 1+r.IntN(5), trial%2 == 0
		text := random(r, r.IntN(200), V)
		counts := count(t, text, ngram.Options{Vocab: V, Order: order + r.IntN(2), Lines: lines, EOS: 0, Threads: 1 + r.IntN(3)})
		for _, name := range every {
			s := parse(t, name)
			where := fmt.Sprintf("trial %d, %s, order %d, V %d, lines %v, text %v", trial, name, order, V, lines, text)
			compareWithDefinition(t, where, counts.Model(order, s), newNaive(text, V, order, lines, 0, s.Name, s.K), text, r)
			if t.Failed() {
				return
			}
		}
	}
}

func compareWithDefinition(t *testing.T, where string, m *ngram.Model, ref *naive, text ngram.IDs, r *rand.Rand) {
	t.Helper()
	state := m.Start()
	history := []int32{}
	begin := func() {
		if history = history[:0]; m.Lines && len(ref.gram[1]) > 0 && m.Order > 1 {
			history = append(history, int32(m.Vocab))
		}
	}
	begin()
	p := make([]float64, m.Vocab)
	for range 12 {
		state.Distribution(p)
		sum := 0.0
		for id := range p {
			want := ref.p(history, id)
			if one := state.P(int32(id)); !near(one, want, naiveTolerance) || !near(p[id], want, naiveTolerance) {
				t.Fatalf("%s: p(%d|%v) = %v alone, %v in the distribution, by definition %v", where, id, history, one, p[id], want)
			}
			terms := state.Terms(int32(id))
			if len(terms) > 0 && state.Seen() == state.Length() && !near(terms[len(terms)-1].P, want, naiveTolerance) {
				t.Fatalf("%s: the last term of p(%d|%v) is %+v, by definition %v", where, id, history, terms[len(terms)-1], want)
			}
			sum += p[id]
		}
		nothing := m.Tokens == 0 && ref.name == "katz" || ref.name == "mle" && ref.total(history) == 0
		if !near(sum, 1, naiveTolerance) && !(nothing && sum == 0) {
			t.Fatalf("%s: after %v the probabilities sum to %v", where, history, sum)
		}
		// A token at random, or one that the text has.
		id := int32(r.IntN(m.Vocab))
		if len(text) > 0 && r.IntN(3) > 0 {
			id = text[r.IntN(len(text))]
		}
		state.Read(id)
		switch {
		case id < 0:
			history = history[:0]
		case m.Lines && id == 0:
			begin()
		default:
			history = append(history, id)
			history = history[max(0, len(history)-m.Order+1):]
		}
	}
}

// Counting does not depend on the number of workers, and one count serves the
// orders below its own.
func TestWorkersAndOrders(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	text := random(r, 60000, 300)
	for _, lines := range []bool{false, true} {
		high := count(t, text, ngram.Options{Vocab: 300, Order: 5, Lines: lines, EOS: 7, Threads: 1})
		for order := 1; order <= 5; order++ {
			low := count(t, text, ngram.Options{Vocab: 300, Order: order, Lines: lines, EOS: 7, Threads: 3})
			for _, name := range every {
				a, b := high.Model(order, parse(t, name)), low.Model(order, parse(t, name))
				ea, eb := a.Evaluate(text[:2000], true, nil, nil), b.Evaluate(text[:2000], true, nil, nil)
				if ea != eb {
					t.Errorf("%s order %d: %+v counted to 5 by one worker, %+v counted to %d by three", name, order, ea, eb, order)
				}
				if a.Entries() != b.Entries() || a.Bytes() != b.Bytes() {
					t.Errorf("%s order %d: %d entries, %d bytes or %d entries, %d bytes", name, order, a.Entries(), a.Bytes(), b.Entries(), b.Bytes())
				}
			}
		}
	}
}

func TestStopAndProgress(t *testing.T) {
	text := random(rand.New(rand.NewPCG(5, 6)), 5000, 50)
	last, calls := 0.0, 0
	o := ngram.Options{Vocab: 50, Order: 4, Progress: func(done float64) {
		if done < last || done > 1 {
			t.Errorf("progress went from %v to %v", last, done)
		}
		last = done
		calls++
	}}
	if count(t, text, o); last != 1 || calls < 4 {
		t.Errorf("progress ended at %v after %d calls", last, calls)
	}
	for after := range 5 {
		o := ngram.Options{Vocab: 50, Order: 4, Stop: func() bool { after--; return after < 0 }, Threads: 1}
		if c, err := ngram.Count(text, o); !errors.Is(err, ngram.ErrStopped) || c != nil {
			t.Errorf("a stopped count gave %v, %v", c, err)
		}
	}
}

// A writer's logits are log probabilities, finite for every smoothing, and a
// chooser draws from them.
func TestWriter(t *testing.T) {
	text := ngram.IDs{0, 1, 2, 0, 1, 3, 0, 1, 2, 0}
	counts := count(t, text, ngram.Options{Vocab: 5, Order: 3})
	for _, name := range every {
		w := counts.Model(3, parse(t, name)).NewWriter()
		for _, id := range []int{0, 1, 4, -1, 2, 0, 1} {
			logits := w.Step(id)
			sum := 0.0
			for next, z := range logits {
				p := math.Exp(float64(z))
				sum += p
				if exact := math.Exp(w.LogP(int32(next))); math.Abs(p-exact) > 1e-6 {
					t.Errorf("%s: the logit of %d after %d is ln %v, the probability %v", name, next, id, p, exact)
				}
			}
			if math.Abs(sum-1) > 1e-6 && !(name == "mle" && sum == 0) {
				t.Errorf("%s: the probabilities after %d sum to %v", name, id, sum)
			}
			c, err := sample.NewChooser(sample.Options{Temperature: 1.5}).Choose(logits, 0.99)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if name == "mle" && sum > 0 && w.P(int32(c.ID)) == 0 {
				t.Errorf("mle wrote %d, which never came after", c.ID)
			}
		}
	}
}

// What a workbench shows, on "san francisco san jose san francisco".
func TestInspect(t *testing.T) {
	san, francisco, jose := int32(0), int32(1), int32(2)
	c := count(t, ngram.IDs{san, francisco, san, jose, san, francisco}, ngram.Options{Vocab: 4, Order: 3})
	if n, contexts := c.Occurrences([]int32{francisco}); n != 2 || contexts != 1 {
		t.Errorf("francisco: %d times after %d tokens, want 2 after 1", n, contexts)
	}
	if n, contexts := c.Occurrences([]int32{san}); n != 3 || contexts != 2 {
		t.Errorf("san: %d times after %d tokens, want 3 after 2", n, contexts)
	}
	want := []ngram.Continuation{{ID: francisco, Count: 2, Contexts: 1}, {ID: jose, Count: 1, Contexts: 1}}
	if got := c.Continuations([]int32{san}); !slices.Equal(got, want) {
		t.Errorf("after san: %v, want %v", got, want)
	}
	if got := c.Continuations([]int32{jose, francisco}); got != nil {
		t.Errorf("after jose francisco, which never was: %v", got)
	}
	if got := c.Continuations(nil); len(got) != 3 || got[0].Count != 3 {
		t.Errorf("after nothing: %v", got)
	}
	if got, want := c.CountsOfCounts(2, false), []ngram.CountOfCount{{R: 1, N: 3}, {R: 2, N: 1}}; !slices.Equal(got, want) {
		t.Errorf("counts of counts of the bigrams: %v, want %v", got, want)
	}
	if c.Possible(3) != 64 || c.Seen(1) != 3 || c.Seen(2) != 4 || c.Seen(3) != 4 {
		t.Errorf("possible %v, seen %d %d %d; want 64, 3 4 4", c.Possible(3), c.Seen(1), c.Seen(2), c.Seen(3))
	}
	m := c.Model(2, parse(t, "add:1"))
	s := m.Start()
	s.Read(san)
	// 2/3, 1/3, 0, 0 become 3/7, 2/7, 1/7, 1/7.
	if moved, unseen, ok := s.Moved(); !ok || !near(moved, 2./3-3./7+1./3-2./7, naiveTolerance) || !near(unseen, 2./7, naiveTolerance) {
		t.Errorf("after san add-1 moves %v and leaves %v to the unseen", moved, unseen)
	}
	// Histories san (3 times), francisco and jose: 4/7, 4/5 and 4/5 go to all alike.
	if got, want := m.Freed(2), (3*4./7+2*4./5)/5; !near(got, want, naiveTolerance) {
		t.Errorf("add-1 frees %v, want %v", got, want)
	}
	if got, want := m.Freed(1), 4./10; !near(got, want, naiveTolerance) {
		t.Errorf("add-1 frees %v of the unigrams, want %v", got, want)
	}
	for _, n := range []int{1, 2} {
		if got := c.Model(2, parse(t, "mle")).Freed(n); math.Abs(got) > naiveTolerance {
			t.Errorf("maximum likelihood frees %v of order %d", got, n)
		}
	}
}

// Texts of any shape count without a panic and agree with the definition.
func FuzzModel(f *testing.F) {
	f.Add([]byte("abracadabra"), uint8(3), uint8(3), true)
	f.Add([]byte{}, uint8(0), uint8(1), false)
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 255, 0}, uint8(9), uint8(2), true)
	f.Fuzz(func(t *testing.T, data []byte, order, vocab uint8, lines bool) {
		n, V := 1+int(order)%5, 1+int(vocab)%6
		if len(data) > 60 {
			data = data[:60]
		}
		text := make(ngram.IDs, len(data))
		for i, b := range data {
			text[i] = int32(b)%int32(V+1) - 1
		}
		counts := count(t, text, ngram.Options{Vocab: V, Order: n, Lines: lines, EOS: V - 1})
		for _, name := range every {
			s := parse(t, name)
			m := counts.Model(n, s)
			ref := newNaive(text, V, n, lines, int32(V-1), s.Name, s.K)
			state := m.Start()
			for _, id := range text {
				state.Read(id)
			}
			p := make([]float64, V)
			state.Distribution(p)
			history := historyOf(text, m)
			for id := range p {
				if want := ref.p(history, id); !near(p[id], want, naiveTolerance) || !near(state.P(int32(id)), want, naiveTolerance) {
					t.Fatalf("%s order %d of %v: p(%d|%v) = %v, by definition %v", name, n, text, id, history, p[id], want)
				}
			}
		}
	})
}

// What parses is written as it is read, and is a smoothing that exists.
func FuzzParseSmoothing(f *testing.F) {
	for _, name := range append(every, "add", "add:1e-3", "mkn:", ":1", "add:0x1p-2") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ngram.ParseSmoothing(text)
		if err != nil {
			return
		}
		if again, err := ngram.ParseSmoothing(s.String()); err != nil || again != s || s.Title() == "" {
			t.Errorf("%q is %+v, written %q, which is %+v, %v", text, s, s, again, err)
		}
	})
}

// historyOf is what a state remembers of a text.
func historyOf(text ngram.IDs, m *ngram.Model) []int32 {
	from := len(text)
	for from > 0 && text[from-1] >= 0 && !(m.Lines && text[from-1] == int32(m.EOS)) {
		from--
	}
	h := []int32{}
	if m.Lines && len(text) > 0 && (from == 0 || text[from-1] >= 0) {
		h = append(h, int32(m.Vocab))
	}
	h = append(h, text[from:]...)
	return h[max(0, len(h)-m.Order+1):]
}
