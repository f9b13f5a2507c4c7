package sample

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// reference is the distribution from the definitions in the documentation,
// with a full sort.
type reference struct {
	order   []int     // kept tokens, most probable first
	sums    []float64 // of their weights, cumulated in that order
	p, p1   []float64 // by id
	total   float64
	entropy float64
}

func newReference(logits []float32, o Options) reference {
	var r reference
	V := len(logits)
	r.order = make([]int, V)
	for id := range r.order {
		r.order[id] = id
	}
	slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(logits[b], logits[a]) })
	at := func(T float64) (w []float64, sum float64) {
		w = make([]float64, V)
		for id := range w {
			w[id] = math.Exp((float64(logits[id]) - float64(logits[r.order[0]])) / T)
			sum += w[id]
		}
		return w, sum
	}
	w1, sum1 := at(1)
	w, sum := w1, sum1
	if o.Temperature > 0 {
		w, sum = at(o.Temperature)
	} else {
		o.TopK = 1
	}
	cut := func(most int, share float64) {
		enough, n := share*sum, 0
		for sum = 0; n < most && sum < enough; n++ {
			sum += w[r.order[n]]
		}
		r.order = r.order[:n]
	}
	if o.TopK > 0 && o.TopK < V {
		cut(o.TopK, math.Inf(1))
	}
	if o.TopP > 0 && o.TopP < 1 {
		cut(len(r.order), o.TopP)
	}
	r.total = sum
	r.p, r.p1 = make([]float64, V), make([]float64, V)
	for id := range w1 {
		r.p1[id] = w1[id] / sum1
	}
	last := 0.0
	for _, id := range r.order {
		r.p[id] = w[id] / sum
		if r.p[id] > 0 {
			r.entropy -= r.p[id] * math.Log(r.p[id])
		}
		last += w[id]
		r.sums = append(r.sums, last)
	}
	return r
}

// draw is the inverse of the cumulative distribution at u.
func (r reference) draw(u float64) int {
	chosen := r.order[0]
	for i, id := range r.order {
		if r.p[id] > 0 {
			chosen = id
		}
		if r.sums[i] > u*r.total {
			break
		}
	}
	return chosen
}

// rounding is allowed sums of V float64 terms that were added in another order.
const rounding = 1e-12

// draws says whether the reference draws id at u or so close to it that rounding
// decides.
func (r reference) draws(id int, u float64) bool {
	at := func(u float64) int { return slices.Index(r.order, r.draw(u)) }
	rank := slices.Index(r.order, id)
	return r.p[id] > 0 && rank >= at(u-rounding) && rank <= at(u+rounding)
}

// agree compares a chooser with the reference at the draws of the reference's
// borders, on both sides of each, and at those given.
func agree(t *testing.T, logits []float32, o Options, draws ...float64) {
	t.Helper()
	r, c := newReference(logits, o), NewChooser(o)
	if err := c.Weigh(logits); err != nil {
		t.Fatal(err)
	}
	for _, nudge := range []float64{-rounding, rounding} { // a share that ends at a border
		if c.Kept() != len(r.order) {
			nudged := o
			nudged.TopP *= 1 + nudge
			r = newReference(logits, nudged)
		}
	}
	if c.Kept() != len(r.order) {
		t.Fatalf("%+v of %d logits: keeps %d, reference %d", o, len(logits), c.Kept(), len(r.order))
	}
	draws = append(draws, 0, 1-1.0/(1<<53))
	for _, sum := range r.sums {
		u := sum / r.total
		draws = append(draws, max(0, u-3*rounding), math.Nextafter(u, 0), u, math.Nextafter(u, 1), u+3*rounding)
	}
	for _, u := range draws {
		if u >= 1 {
			continue
		}
		got := c.Draw(u)
		if !r.draws(got.ID, u) {
			t.Fatalf("%+v of %d logits, draw %v: got %d, reference %d", o, len(logits), u, got.ID, r.draw(u))
		}
		for _, v := range []struct {
			what      string
			got, want float64
		}{{"p", got.P, r.p[got.ID]}, {"p at 1", got.PAt1, r.p1[got.ID]}, {"entropy", got.Entropy, r.entropy}} {
			if !(math.Abs(v.got-v.want) <= rounding*(1+v.want)) {
				t.Fatalf("%+v of %d logits, draw %v: %s: got %v, reference %v", o, len(logits), u, v.what, v.got, v.want)
			}
		}
	}
	sum := 0.0
	for id, p := range c.Probabilities() {
		const least = 3.31e-308 // exp(-708), below which a weight is 0
		lost := p == 0 && r.p[id] > least
		if !(math.Abs(p-r.p[id]) <= rounding) || lost || p > 0 && r.p[id] == 0 {
			t.Fatalf("%+v of %d logits: p of %d: got %v, reference %v", o, len(logits), id, p, r.p[id])
		}
		sum += p
	}
	if !(math.Abs(sum-1) <= rounding) {
		t.Fatalf("%+v of %d logits: probabilities sum to %v", o, len(logits), sum)
	}
}

// settings are the options that tests range over.
var settings = []Options{
	{}, {Temperature: 1}, {Temperature: 0.3}, {Temperature: 2.5}, {Temperature: 5e-324}, {Temperature: math.MaxFloat64},
	{Temperature: 1, TopK: 1}, {Temperature: 0.8, TopK: 7}, {Temperature: 1, TopK: math.MaxInt},
	{Temperature: 1, TopP: 1}, {Temperature: 1, TopP: 1e-300}, {Temperature: 0.7, TopP: 0.5}, {Temperature: 1, TopP: 1 - 1e-16},
	{Temperature: 1.3, TopK: 20, TopP: 0.8}, {TopK: 3, TopP: 0.1},
}

func TestChooseEqualsFullSort(t *testing.T) {
	shapes := map[string]func(g *rand.Rand, i int) float32{
		"trained":   func(g *rand.Rand, i int) float32 { return float32(3 * g.NormFloat64()) },
		"flat":      func(g *rand.Rand, i int) float32 { return float32(1e-3 * g.NormFloat64()) },
		"ties":      func(g *rand.Rand, i int) float32 { return float32(g.IntN(3)) },
		"all equal": func(*rand.Rand, int) float32 { return -2 },
		"rising":    func(_ *rand.Rand, i int) float32 { return float32(i) / 100 },
		"falling":   func(_ *rand.Rand, i int) float32 { return -float32(i) / 100 },
		"huge":      func(g *rand.Rand, i int) float32 { return float32(1e30 * g.NormFloat64()) },
		"extremes":  func(_ *rand.Rand, i int) float32 { return math.MaxFloat32 * float32(1-i%3) },
		// Tokens of weight zero must not be drawn where rounding leaves the last
		// sum below the draw.
		"impossible": func(g *rand.Rand, i int) float32 {
			if i%5 == 1 {
				return -1e30
			}
			return float32(2 * g.NormFloat64())
		},
		"zeros": func(_ *rand.Rand, i int) float32 { return float32(math.Copysign(0, float64(i%2)-0.5)) },
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			g := rand.New(rand.NewPCG(7, 1))
			for _, n := range []int{1, 2, 5, 13, 65, 300} {
				logits := make([]float32, n)
				for i := range logits {
					logits[i] = shape(g, i)
				}
				for _, o := range settings {
					agree(t, logits, o, g.Float64(), g.Float64(), g.Float64())
				}
			}
		})
	}
}

func TestTemperatureChangesOnlyTheDepth(t *testing.T) {
	logits := normal(200, 2, 1)
	rank := make([]int, len(logits))
	for i, id := range newReference(logits, Options{Temperature: 1}).order {
		rank[id] = i
	}
	draws := NewDraws(5)
	temperatures := []float64{0, 0.1, 0.5, 1, 2, 10, 1e9}
	for range 200 {
		u := draws.Next()
		last := 0
		for _, T := range temperatures {
			choice, err := NewChooser(Options{Temperature: T}).Choose(logits, u)
			if err != nil {
				t.Fatal(err)
			}
			// A cooler distribution has more of its mass on the first tokens.
			if rank[choice.ID] < last {
				t.Fatalf("draw %v: rank %d at temperature %v, but %d at a lower one", u, rank[choice.ID], T, last)
			}
			last = rank[choice.ID]
		}
	}
}

func TestLimitsOfTemperature(t *testing.T) {
	logits := []float32{0.5, -1, 3, 2.999, -1e30, 1e3, 1e3 - 0.5}
	for _, T := range []float64{0, 5e-324, 1e-300, 1e-9, 1e-4} {
		for _, u := range []float64{0, 0.5, 1 - 1.0/(1<<53)} {
			c, err := NewChooser(Options{Temperature: T}).Choose(logits, u)
			if err != nil {
				t.Fatal(err)
			}
			if c.ID != 5 || c.P != 1 || c.Entropy != 0 {
				t.Errorf("T=%v, draw %v: got %+v, want token 5 with certainty", T, u, c)
			}
		}
	}
	hot := NewChooser(Options{Temperature: math.MaxFloat64})
	for n, want := range []int{5, 6, 2, 3, 0, 1, 4} { // by logit
		c, err := hot.Choose(logits, (float64(n)+0.5)/7)
		if err != nil {
			t.Fatal(err)
		}
		if c.ID != want || math.Abs(c.P-1.0/7) > rounding || math.Abs(c.Entropy-math.Log(7)) > rounding {
			t.Errorf("T→∞, draw in the middle of rank %d: got %+v, want token %d of seven equal ones", n, c, want)
		}
	}
}

func TestTiesGoToTheLowestID(t *testing.T) {
	logits := []float32{1, 4, 2, 4, float32(math.Copysign(0, -1)), 4, 0}
	for _, o := range []Options{{}, {Temperature: 1, TopK: 1}, {Temperature: 1, TopP: 0.01}} {
		for _, u := range []float64{0, 0.99} {
			if c, _ := NewChooser(o).Choose(logits, u); c.ID != 1 || c.P != 1 {
				t.Errorf("%+v, draw %v: got %+v, want token 1 with certainty", o, u, c)
			}
		}
	}
	c := NewChooser(Options{Temperature: 1, TopK: 2})
	if err := c.Weigh(logits); err != nil {
		t.Fatal(err)
	}
	if got := c.Probabilities(); got[1] != 0.5 || got[3] != 0.5 {
		t.Errorf("top-k 2 of three equals keeps %v, want tokens 1 and 3", got)
	}
	c = NewChooser(Options{Temperature: 1, TopK: 6})
	if err := c.Weigh(logits); err != nil {
		t.Fatal(err)
	}
	if got := c.Probabilities(); got[4] == 0 || got[6] != 0 {
		t.Errorf("top-k 6 keeps %v; -0 and 0 are equal, so token 4 goes before 6", got)
	}
}

func TestNucleusIsTheSmallestSet(t *testing.T) {
	logits := make([]float32, 4)
	for i, p := range []float64{0.4, 0.3, 0.2, 0.1} {
		logits[3-i] = float32(math.Log(p))
	}
	for _, c := range []struct {
		p    float64
		kept int
	}{{0.39, 1}, {0.41, 2}, {0.69, 2}, {0.71, 3}, {0.89, 3}, {0.91, 4}, {1, 4}, {0, 4}} {
		chooser := NewChooser(Options{Temperature: 1, TopP: c.p})
		if err := chooser.Weigh(logits); err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, p := range chooser.Probabilities() {
			if p > 0 {
				kept++
			}
		}
		if kept != c.kept {
			t.Errorf("top-p %v keeps %d tokens, want %d", c.p, kept, c.kept)
		}
	}
}

func TestLogitsThatAreNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for at := range 3 {
			logits := []float32{1, 2, 3}
			logits[at] = float32(bad)
			_, err := NewChooser(Options{Temperature: 1}).Choose(logits, 0.5)
			if err == nil || !strings.Contains(err.Error(), "token "+string(rune('0'+at))) {
				t.Errorf("%v at %d: error %v, want one that names the token", bad, at, err)
			}
		}
	}
}

func TestOptionsValidate(t *testing.T) {
	for _, o := range settings {
		if err := o.Validate(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, c := range []struct {
		o   Options
		say string
	}{
		{Options{Temperature: -1}, "temperature"}, {Options{Temperature: math.NaN()}, "temperature"}, {Options{Temperature: math.Inf(1)}, "temperature"},
		{Options{TopK: -1}, "top-k"}, {Options{TopP: -0.1}, "top-p"}, {Options{TopP: 1.5}, "top-p"}, {Options{TopP: math.NaN()}, "top-p"},
	} {
		if err := c.o.Validate(); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%+v: error %v, want one about %s", c.o, err, c.say)
		}
	}
}

func TestAStepAllocatesNothing(t *testing.T) {
	for _, n := range []int{65, 5000} {
		logits, draws := normal(n, 1, 1), NewDraws(1)
		for _, o := range settings {
			c := NewChooser(o)
			step := func() {
				if _, err := c.Choose(logits, draws.Next()); err != nil {
					t.Fatal(err)
				}
				c.Probabilities()
			}
			step()
			if got := testing.AllocsPerRun(5, step); got != 0 {
				t.Errorf("%+v of %d tokens: %v allocations a step", o, n, got)
			}
		}
	}
}

func FuzzChoose(f *testing.F) {
	f.Add([]byte{1, 2, 3, 200, 4, 4, 0x80}, 0.8, uint16(3), 0.9, 0.5)
	f.Add([]byte{'0', '8', 0}, 712.6, uint16(68), 1.0, 0.5)              // a weight below exp(-708)
	f.Add([]byte("\xeb\x00\x00\x00\x00\xd5"), 2.63, uint16(0), 0.5, 0.0) // a share that ends at a border
	f.Fuzz(func(t *testing.T, data []byte, T float64, k uint16, p, u float64) {
		o := Options{Temperature: T, TopK: int(k), TopP: p}
		if len(data) == 0 || len(data) > 2000 || o.Validate() != nil || !(u >= 0 && u < 1) {
			return
		}
		logits := make([]float32, len(data))
		for i, b := range data {
			logits[i] = float32(math.Sinh(float64(int8(b)) / 4))
		}
		agree(t, logits, o, u)
	})
}

// At temperature 1 with nothing cut both probabilities are the same number, and
// weighing leaves the distribution that was handed out alone.
func TestAtTemperatureOne(t *testing.T) {
	for _, V := range []int{2, 65, 3000} {
		c := NewChooser(Options{Temperature: 1})
		for seed := range uint64(5) {
			if err := c.Weigh(normal(V, 3, seed)); err != nil {
				t.Fatal(err)
			}
			for u := 0.05; u < 1; u += 0.1 {
				if x := c.Draw(u); x.P != x.PAt1 {
					t.Errorf("of %d: p of %d is %v, at temperature 1 %v", V, x.ID, x.P, x.PAt1)
				}
			}
		}
	}
	c := NewChooser(Options{Temperature: 0.5})
	for seed := range uint64(2) {
		before := c.p
		kept := slices.Clone(before)
		if err := c.Weigh(normal(65, 1, seed)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(before, kept) {
			t.Error("Weigh has changed what Probabilities returned")
		}
		c.Probabilities()
	}
}

func TestLargeVocabulariesEqualFullSort(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 2))
	for _, spread := range []float64{0, 0.01, 1, 4} {
		logits := normal(3*many, spread, 5)
		r, c := newReference(logits, Options{Temperature: 1}), NewChooser(Options{Temperature: 1})
		if err := c.Weigh(logits); err != nil {
			t.Fatal(err)
		}
		for range 200 {
			if u := g.Float64(); !r.draws(c.Draw(u).ID, u) {
				t.Fatalf("spread %v, draw %v: got %d, reference %d", spread, u, c.Draw(u).ID, r.draw(u))
			}
		}
		for n := range 100 { // the ranks are as they were
			if c.Rank(n) != r.order[n] {
				t.Fatalf("spread %v, rank %d: got %d, want %d", spread, n, c.Rank(n), r.order[n])
			}
		}
	}
}
