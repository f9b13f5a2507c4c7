package rnn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rnnscope/core/kernel"
)

// configs are the models of the tests below: every cell, sizes that are no
// multiple of a vector, tied weights, dropout.
var configs = []Config{
	{Cell: "rnn", Vocab: 7, Embed: 5, Hidden: 6, Layers: 1},
	{Cell: "rnn", Activation: "relu", Vocab: 11, Embed: 3, Hidden: 17, Layers: 2},
	{Cell: "gru", Vocab: 33, Embed: 16, Hidden: 33, Layers: 1},
	{Cell: "gru", Vocab: 5, Embed: 9, Hidden: 12, Layers: 3, Dropout: 0.4},
	{Cell: "lstm", Vocab: 40, Embed: 31, Hidden: 19, Layers: 2},
	{Cell: "lstm", Vocab: 6, Embed: 8, Hidden: 8, Layers: 1, Tie: true},
	{Cell: "lstm", Vocab: 21, Embed: 4, Hidden: 35, Layers: 2, Dropout: 0.5},
}

func TestEveryCellIsTested(t *testing.T) {
	for _, c := range cells {
		if !slices.ContainsFunc(configs, func(o Config) bool { found, _ := cellOf(o); return found == c }) {
			t.Errorf("no test has a model of %s cells with %s", c.name, c.activation)
		}
	}
}

func (c Config) String() string {
	s := fmt.Sprintf("%s%s L%d V%d E%d H%d", c.Cell, c.Activation, c.Layers, c.Vocab, c.Embed, c.Hidden)
	if c.Tie {
		s += " tied"
	}
	if c.Dropout > 0 {
		s += fmt.Sprintf(" dropout %g", c.Dropout)
	}
	return s
}

// draw returns a model with random weights, their values by name, and a window
// of random ids with an unknown symbol and an unscored target in it.
func draw(t *testing.T, c Config, set *kernel.Set, T, B int) (*Model, map[string][]float64, [][]int, [][]int) {
	t.Helper()
	m, err := New(c, set)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(Init{}, 7); err != nil {
		t.Fatal(err)
	}
	params := map[string][]float64{}
	for _, p := range m.Tensors() {
		params[p.Name] = widen(p.Value.Data)
	}
	g := rand.New(rand.NewPCG(1, 2))
	var x, y [][]int
	for s := range T {
		x, y = append(x, make([]int, B)), append(y, make([]int, B))
		for b := range B {
			x[s][b], y[s][b] = g.IntN(c.Vocab), g.IntN(c.Vocab)
		}
	}
	x[T/2][B/2], y[T/3][B-1] = -1, -1
	return m, params, x, y
}

func fill(tape *Tape, x, y [][]int) {
	for s := range x {
		for b := range x[s] {
			tape.IDs[s*tape.B+b], tape.Targets[s*tape.B+b] = int32(x[s][b]), int32(y[s][b])
		}
	}
}

// masks reads a tape's dropout masks into the reference's form.
func masks(tape *Tape) [][][][]float64 {
	var all [][][][]float64
	for l := range tape.model.Layers - 1 {
		m := array3(tape.T, tape.B, tape.model.Hidden)
		for r := range tape.T * tape.B {
			p, b := tape.of(r % tape.B)
			copy(m[r/tape.B][r%tape.B], widen(row(p.layers[l].mask, r/tape.B*p.B+b, tape.model.Hidden)))
		}
		all = append(all, m)
	}
	return all
}

// Every number of a window against the equations in float64.
func TestWindowEqualsReference(t *testing.T) {
	for _, c := range configs {
		t.Run(c.String(), func(t *testing.T) {
			everyTape(t, func(t *testing.T, set *kernel.Set, team *kernel.Team, parts int) {
				windowEqualsReference(t, c, 6, 5, set, team, parts)
			})
		})
	}
}

// The same of rows of z and of logits that are a multiple of 4 KB long, which do not lie
// side by side; once, because the equations take a second.
func TestLongRowsEqualReference(t *testing.T) {
	for _, c := range []Config{
		{Cell: "gru", Vocab: 5, Embed: 3, Hidden: 256, Layers: 1},
		{Cell: "lstm", Vocab: 5, Embed: 3, Hidden: 256, Layers: 2},
		{Cell: "rnn", Vocab: 1024, Embed: 3, Hidden: 5, Layers: 1},
		{Cell: "rnn", Vocab: 5, Embed: 3, Hidden: 1024, Layers: 1},
	} {
		t.Run(c.String(), func(t *testing.T) {
			team := kernel.NewTeam(2)
			defer team.Close()
			windowEqualsReference(t, c, 3, 4, kernel.Available()[0], team, 1)
		})
	}
}

// windowEqualsReference compares losses, states, gates, both sources of the gradient
// and the gradients of all weights; over two windows, so that the carried state is in it.
func windowEqualsReference(t *testing.T, c Config, T, B int, set *kernel.Set, team *kernel.Team, parts int) {
	t.Helper()
	m, params, x, y := draw(t, c, set, T, B)
	tape := m.newTape(T, B, team, c.Dropout, parts)
	watch := tape.Watch(3)
	r := newReference(c, params)
	var h0, c0 [][][]float64
	for window := range 2 {
		tape.SeedDropout(9, uint64(window))
		fill(tape, x, y)
		loss := tape.Learn(nil)
		if c.Dropout > 0 {
			r.masks = masks(tape)
		}
		r.forward(x, h0, c0)
		each, mean := r.losses(y)
		r.backward(x, y)

		compare(t, "loss", []float64{loss}, []float64{mean}, single)
		compare(t, "losses", tape.Losses, slices.Concat(each...), single)
		for l := range c.Layers {
			compareLayer(t, tape, watch, r, l)
		}
		for _, p := range m.Tensors() {
			compare(t, "∂"+p.Name, widen(p.Grad.Data), r.g[p.Name], single)
		}
		h0, c0 = nil, nil
		for l := range c.Layers {
			h0, c0 = append(h0, r.h[l][T]), append(c0, r.c[l][T])
		}
	}
}

func compareLayer(t *testing.T, tape *Tape, watch *Watch, r *reference, l int) {
	t.Helper()
	H, b := r.H, watch.stream
	var h, c, dh, gates, above, future [2][]float64
	zh := tape.model.cell.blocks * H
	for s := range tape.T {
		h[0], h[1] = append(h[0], widen(tape.Hidden(l, s, b))...), append(h[1], r.h[l][s+1][b]...)
		dh[0], dh[1] = append(dh[0], widen(tape.Gradient(l, s, b))...), append(dh[1], r.dh[l][s+1][b]...)
		if tape.model.HasMemory() {
			c[0], c[1] = append(c[0], widen(tape.Cell(l, s, b))...), append(c[1], r.c[l][s+1][b]...)
		}
		n := len(r.gates[l][s][b])
		gates[0] = append(gates[0], widen(watch.Layers[l].Z[s*zh:s*zh+n])...)
		gates[1] = append(gates[1], r.gates[l][s][b]...)
		above[0], above[1] = append(above[0], widen(watch.Layers[l].Above[s*H:(s+1)*H])...), append(above[1], r.dabove[l][s+1][b]...)
		future[0], future[1] = append(future[0], widen(watch.Layers[l].Future[s*H:(s+1)*H])...), append(future[1], r.dfuture[l][s+1][b]...)
	}
	compare(t, fmt.Sprintf("h of layer %d", l), h[0], h[1], single)
	compare(t, fmt.Sprintf("c of layer %d", l), c[0], c[1], single)
	compare(t, fmt.Sprintf("∂h of layer %d", l), dh[0], dh[1], single)
	compare(t, fmt.Sprintf("gates of layer %d", l), gates[0], gates[1], single)
	compare(t, fmt.Sprintf("∂h from above, layer %d", l), above[0], above[1], single)
	compare(t, fmt.Sprintf("∂h from the future, layer %d", l), future[0], future[1], single)
}

// The vector sets agree with each other to the bit, and every set with itself
// whatever the number of workers and whether or not a stream is watched.
func TestBitsDoNotDependOnWorkersOrVectors(t *testing.T) {
	const T = 7
	for i, c := range configs {
		B, sizes := 5, []int{1, 2, 3, 8}
		if i == 0 { // as many workers as streams, of which the halves have not the same number
			B, sizes = 13, append(sizes, 13, 64)
		}
		for _, parts := range []int{1, 2, 3} {
			want := map[bool][]float32{}
			for _, set := range kernel.Available() {
				portable := set.Name() == "portable"
				for _, size := range sizes {
					got := learnt(t, c, set, size, parts, T, B)
					if want[portable] == nil {
						want[portable] = got
					}
					for i := range got {
						if math.Float32bits(got[i]) != math.Float32bits(want[portable][i]) {
							t.Errorf("%v, %s, %d parts, %d workers: value %d is %v, with one worker of the fastest set %v", c, set.Name(), parts, size, i, got[i], want[portable][i])
							break
						}
					}
				}
			}
		}
	}
}

// A batch is cut where each half makes good tiles and the window outweighs the
// gradients, of which a second half has sums of its own.
func TestPartsOf(t *testing.T) {
	small := Config{Cell: "lstm", Vocab: 65, Embed: 64, Hidden: 128, Layers: 1}
	simple, tied, words := small, small, small
	simple.Cell = "rnn"
	tied.Tie, tied.Embed = true, 128
	words.Vocab, words.Hidden, words.Layers = 10000, 512, 2
	for _, x := range []struct {
		c           Config
		T, B, parts int
	}{
		{small, 50, 32, 2}, {small, 50, 12, 2}, {small, 50, 11, 1}, // two tiles of six streams at least
		{simple, 50, 32, 2}, {tied, 50, 32, 2}, {words, 35, 32, 1},
		// A row is 4·128 activations, 4·128 of states and 65 logits, 1,089 floats. Four
		// times the gradients (98,304 of matrices, 1,024 of biases, 8,385 of the output)
		// are 396 rows.
		{small, 33, 12, 2}, {small, 32, 12, 1},
	} {
		m, err := New(x.c, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := m.partsOf(x.T, x.B); got != x.parts {
			t.Errorf("%v, T %d, B %d: %d parts, want %d (%d gradients of parts)", x.c, x.T, x.B, got, x.parts, len(m.grads)-m.unsummed())
		}
	}
}

// A model has packed weights for each part of the tape that was spread last.
func TestSpreadGoesBothWays(t *testing.T) {
	team := kernel.NewTeam(2)
	defer team.Close()
	m, err := New(Config{Cell: "gru", Vocab: 11, Embed: 5, Hidden: 9, Layers: 2}, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{2, 1, 2} {
		for i := range m.weights {
			m.weights[i] = float32(parts*i%7) / 8
		}
		tape := m.newTape(3, 4, team, 0, parts)
		tape.Spread()
		if len(m.copies) != parts {
			t.Fatalf("%d copies for %d parts", len(m.copies), parts)
		}
		m.Pack()
		for i := range tape.IDs {
			tape.IDs[i] = int32(i % 2) // both halves read the same
		}
		tape.Forward()
		if a, b := tape.Logits(2, 0), tape.Logits(2, 2); !slices.Equal(a, b) {
			t.Errorf("%d parts: equal streams have logits %v and %v", parts, a, b)
		}
	}
}

// Whether a tape is spread before its first window, after it, or before it reads numbers,
// the model has the gradients.
func TestSpreadTapeHasTheSameGradients(t *testing.T) {
	const T, B = 40, 13
	team := kernel.NewTeam(2)
	defer team.Close()
	c := Config{Cell: "lstm", Vocab: 65, Embed: 4, Hidden: 6, Layers: 2}
	learn := func(byValue bool, spread int) []float32 {
		m, _, x, y := draw(t, c, kernel.Available()[0], T, B)
		tape := m.NewTape(T, B, team, 0)
		if len(tape.parts) != 2 {
			t.Fatalf("%d parts", len(tape.parts))
		}
		for at := range 2 {
			if at == spread {
				tape.Spread()
			}
			if at == 0 && byValue {
				tape.ByValue(true, false)
				for i := range tape.Values {
					tape.Values[i] = float32(i%17) / 17
				}
			}
			fill(tape, x, y)
			tape.Reset()
			tape.Learn(nil)
		}
		return slices.Clone(m.Grads())
	}
	for _, byValue := range []bool{false, true} {
		want := learn(byValue, -1)
		if m := kernel.Available()[0].SumSquares(want); m == 0 {
			t.Fatal("no gradients")
		}
		for spread := range 2 {
			if got := learn(byValue, spread); !slices.Equal(got, want) {
				t.Errorf("by value %v: other gradients of a tape spread before window %d", byValue, spread)
			}
		}
	}
}

// learnt is the weights, gradients and losses after three updates by a team.
func learnt(t *testing.T, c Config, set *kernel.Set, size, parts, T, B int) []float32 {
	team := kernel.NewTeam(size)
	defer team.Close()
	m, _, x, y := draw(t, c, set, T, B)
	tape := m.newTape(T, B, team, c.Dropout, parts)
	tape.Spread()
	if size == 2 {
		tape.Watch(1)
	}
	fill(tape, x, y)
	for range 3 {
		tape.Learn(func(w int) {
			o := tape.Own(w)
			if o.Worker == 0 {
				m.Kernel.Axpy(o.Weights, -0.5, o.Grads)
			}
			team.Wait()
			tape.Pack(w)
		})
	}
	got := slices.Concat(m.Weights(), m.Grads())
	for _, l := range tape.Losses {
		got = append(got, float32(l))
	}
	return got
}

func TestStepperAndEvaluateEqualReference(t *testing.T) {
	const n = 150 // two windows of an evaluation and a part
	for _, c := range configs {
		t.Run(c.String(), func(t *testing.T) {
			everySetAndTeam(t, func(t *testing.T, set *kernel.Set, team *kernel.Team) {
				m, params, x, _ := draw(t, c, set, n, 1)
				r := newReference(c, params)
				r.forward(x, nil, nil)
				y := append(slices.Clone(x[1:]), []int{-1})
				each, _ := r.losses(y)

				s := m.NewStepper()
				for i := range n {
					compare(t, fmt.Sprintf("logits %d", i), widen(s.Step(x[i][0])), r.logits[i][0], single)
				}
				text := make(text, n)
				var surprisal []float64
				sum, unknown := 0.0, 0
				for i := range text {
					text[i] = int32(x[i][0])
					if x[i][0] < 0 {
						unknown++
					} else if i > 0 {
						surprisal = append(surprisal, each[i-1][0])
						sum += each[i-1][0]
					}
				}
				var visited []float64
				e := m.Evaluate(text, team, func(pos int, p []float32, nats float64) {
					visited = append(visited, nats)
					if got := -math.Log(float64(p[text[pos]])); math.Abs(got-nats) > single*max(1, nats) {
						t.Fatalf("position %d: -log p = %v, surprisal %v", pos, got, nats)
					}
				}, nil)
				compare(t, "surprisals", visited, surprisal, single)
				compare(t, "loss", []float64{e.Loss}, []float64{sum / float64(len(surprisal))}, single)
				if e.Tokens != len(surprisal) || e.Unknown != unknown {
					t.Errorf("%d tokens, %d unknown; want %d, %d", e.Tokens, e.Unknown, len(surprisal), unknown)
				}
			})
		})
	}
}

type text []int32

func (x text) Len() int                   { return len(x) }
func (x text) Fill(dst []int32, from int) { copy(dst, x[from:from+len(dst)]) }

func TestStateMovesBetweenTapes(t *testing.T) {
	for _, c := range configs {
		if c.Dropout > 0 {
			continue
		}
		m, _, x, y := draw(t, c, kernel.Available()[0], 8, 3)
		team := kernel.NewTeam(1)
		long, short := m.newTape(8, 3, team, 0, 2), m.newTape(4, 3, team, 0, 3)
		fill(long, x, y)
		long.Forward()
		fill(short, x[:4], y[:4])
		short.Forward()
		var s State
		short.State(&s)
		other := m.NewTape(4, 3, team, 0)
		other.SetState(&s)
		fill(other, x[4:], y[4:])
		other.Forward()
		if got, want := other.Logits(3, 2), long.Logits(7, 2); !slices.Equal(got, want) {
			t.Errorf("%v: logits after moving the state differ", c)
		}
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	for _, c := range configs {
		m, _, x, y := draw(t, c, kernel.Available()[0], 6, 4)
		team := kernel.NewTeam(2)
		tape := m.newTape(6, 4, team, c.Dropout, 2)
		fill(tape, x, y)
		s := m.NewStepper()
		if n := testing.AllocsPerRun(20, func() { tape.Learn(nil); s.Step(1) }); n > 0 {
			t.Errorf("%v: %v allocations a step, want none", c, n)
		}
		team.Close()
	}
}
