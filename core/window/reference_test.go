package window

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"rnnscope/core/kernel"
)

// reference is the model in float64, straight from the equations, with nothing
// shared with the package.
type reference struct {
	Config
	p map[string][]float64
}

// logits of what follows the tokens, the last of which is the newest; what is
// before them is padding.
func (r *reference) logits(tokens []int) []float64 {
	x := make([]float64, 0, r.Length*r.Embed)
	for i := range r.Length {
		id := r.Vocab
		if at := len(tokens) - r.Length + i; at >= 0 {
			id = tokens[at]
		}
		for e := range r.Embed {
			if id < 0 {
				x = append(x, 0)
			} else {
				x = append(x, r.p["embedding.weight"][id*r.Embed+e])
			}
		}
	}
	h := make([]float64, r.Hidden)
	for j := range h {
		a := r.p["hidden.bias"][j]
		for i, v := range x {
			a += r.p["hidden.weight"][j*len(x)+i] * v
		}
		h[j] = math.Tanh(a)
	}
	y := make([]float64, r.Vocab)
	for v := range y {
		y[v] = r.p["fc.bias"][v]
		for j, x := range h {
			y[v] += r.p["fc.weight"][v*r.Hidden+j] * x
		}
	}
	return y
}

// surprisal of a target in nats.
func surprisal(logits []float64, target int) float64 {
	top := math.Inf(-1)
	for _, z := range logits {
		top = math.Max(top, z)
	}
	sum := 0.0
	for _, z := range logits {
		sum += math.Exp(z - top)
	}
	return top + math.Log(sum) - logits[target]
}

// loss is the mean over the scored targets of streams of tokens, of which the
// first `before` are read only.
func (r *reference) loss(streams, targets [][]int, before int) float64 {
	sum, n := 0.0, 0
	for b, s := range streams {
		for t := before; t < len(s); t++ {
			if y := targets[b][t]; y >= 0 {
				sum += surprisal(r.logits(s[:t+1]), y)
				n++
			}
		}
	}
	return sum / float64(n)
}

// configs are sizes that are no multiple of a vector, and a window of one.
var configs = []Config{
	{Vocab: 7, Embed: 5, Hidden: 6, Length: 3},
	{Vocab: 33, Embed: 17, Hidden: 19, Length: 1},
	{Vocab: 5, Embed: 3, Hidden: 4, Length: 9}, // longer than a batch
	{Vocab: 40, Embed: 16, Hidden: 33, Length: 5},
}

func (c Config) String() string {
	return fmt.Sprintf("V%d E%d H%d N%d", c.Vocab, c.Embed, c.Hidden, c.Length)
}

// everySetAndTeam runs f with each kernel set the machine has and one to three
// workers.
func everySetAndTeam(t *testing.T, f func(t *testing.T, set *kernel.Set, team *kernel.Team)) {
	for _, set := range kernel.Available() {
		for _, size := range []int{1, 2, 3} {
			t.Run(fmt.Sprintf("%s/%d", set.Name(), size), func(t *testing.T) {
				team := kernel.NewTeam(size)
				defer team.Close()
				f(t, set, team)
			})
		}
	}
}

// draw is a model of random weights, the same in float64, and B streams of n
// tokens with their targets: a symbol without an id among them, and a target
// that is not scored.
func draw(t *testing.T, c Config, set *kernel.Set, n, B int) (*Model, *reference, [][]int, [][]int) {
	t.Helper()
	m, err := New(c, set)
	if err != nil {
		t.Fatal(err)
	}
	m.Init(7)
	r := &reference{c, map[string][]float64{}}
	for _, p := range m.Tensors() {
		r.p[p.Name] = widen(p.Value)
	}
	g := rand.New(rand.NewPCG(1, 2))
	x, y := make([][]int, B), make([][]int, B)
	for b := range B {
		for range n {
			x[b], y[b] = append(x[b], g.IntN(c.Vocab)), append(y[b], g.IntN(c.Vocab))
		}
	}
	x[B/2][n/2], y[B-1][n/3] = -1, -1
	return m, r, x, y
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// fill gives a tape steps from … from+T-1.
func fill(tape *Tape, x, y [][]int, from int) {
	for b := range x {
		for s := range tape.T {
			tape.IDs[s*tape.B+b], tape.Targets[s*tape.B+b] = int32(x[b][from+s]), int32(y[b][from+s])
		}
	}
}

// worst is the largest difference relative to the largest magnitude of want.
func worst(got, want []float64) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	top, diff := 0.0, 0.0
	for i := range want {
		top = math.Max(top, math.Abs(want[i]))
		if math.IsNaN(got[i]) || math.IsNaN(want[i]) {
			return math.Inf(1)
		}
		diff = math.Max(diff, math.Abs(got[i]-want[i]))
	}
	if diff == 0 {
		return 0
	}
	return diff / top
}

func compare(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if w := worst(got, want); !(w <= tolerance) {
		t.Errorf("%s: off by %.3g of its largest magnitude, allowed %g", what, w, tolerance)
	}
}

const (
	// single is for float32 against float64 or PyTorch's float32: the orders of
	// the sums and the polynomials of tanh differ.
	single = 1e-5
	// central is for float32 gradients against central differences in float64
	// with steps of 1e-5: the difference's own error is 1e-9.
	central = 1e-5
)
