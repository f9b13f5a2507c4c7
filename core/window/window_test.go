package window

import (
	"math"
	"slices"
	"testing"

	"rnnscope/core/kernel"
)

// Losses and logits of two batches, the second of which sees the first, against
// the equations in float64.
func TestBatchEqualsReference(t *testing.T) {
	const T, B = 4, 5
	for _, c := range configs {
		t.Run(c.String(), func(t *testing.T) {
			everySetAndTeam(t, func(t *testing.T, set *kernel.Set, team *kernel.Team) {
				m, r, x, y := draw(t, c, set, 2*T, B)
				tape := m.NewTape(T, B, team)
				for batch := range 2 {
					from := batch * T
					fill(tape, x, y, from)
					loss := tape.Learn(nil)
					upTo := make([][]int, B)
					for b := range B {
						upTo[b] = x[b][:from+T]
					}
					compare(t, "loss", []float64{loss}, []float64{r.loss(upTo, y, from)}, single)
				}
				tape.Reset()
				fill(tape, x, y, 0)
				tape.Forward()
				for s := range T {
					for b := range B {
						compare(t, "logits", widen(tape.Logits(s, b)), r.logits(x[b][:s+1]), single)
					}
				}
			})
		})
	}
}

// The gradient of every weight against the central difference of the reference's
// loss, in a batch that has history before it.
func TestGradientsEqualCentralDifferences(t *testing.T) {
	const T, B = 4, 3
	for _, c := range configs {
		if c.Size() > 3000 {
			continue // a difference a weight takes long
		}
		m, r, x, y := draw(t, c, kernel.Available()[0], 2*T, B)
		team := kernel.NewTeam(2)
		tape := m.NewTape(T, B, team)
		fill(tape, x, y, 0)
		tape.Learn(nil)
		fill(tape, x, y, T)
		tape.Learn(nil)
		for _, p := range m.Tensors() {
			w := r.p[p.Name]
			want := make([]float64, len(w))
			for i := range w {
				const step = 1e-5
				was := w[i]
				w[i] = was + step
				up := r.loss(x, y, T)
				w[i] = was - step
				want[i] = (up - r.loss(x, y, T)) / (2 * step)
				w[i] = was
			}
			compare(t, c.String()+" ∂"+p.Name, widen(p.Grad), want, central)
		}
		team.Close()
	}
}

// The vector sets agree with each other to the bit, and every set with itself
// whatever the number of workers.
func TestBitsDoNotDependOnWorkersOrVectors(t *testing.T) {
	const T, B = 7, 5
	for _, c := range configs {
		want := map[bool][]float32{}
		for _, set := range kernel.Available() {
			portable := set.Name() == "portable"
			for _, size := range []int{1, 2, 3, 8} {
				team := kernel.NewTeam(size)
				m, _, x, y := draw(t, c, set, 3*T, B)
				tape := m.NewTape(T, B, team)
				for batch := range 3 {
					fill(tape, x, y, batch*T)
					tape.Learn(func(w int) {
						if w == 0 {
							m.Kernel.Axpy(m.Weights(), -0.5, m.Grads())
						}
						team.Wait()
						m.Pack(w, size)
					})
				}
				got := slices.Concat(m.Weights(), m.Grads())
				if want[portable] == nil {
					want[portable] = got
				}
				for i := range got {
					if math.Float32bits(got[i]) != math.Float32bits(want[portable][i]) {
						t.Errorf("%v, %s, %d workers: value %d is %v, with one worker of the fastest set %v", c, set.Name(), size, i, got[i], want[portable][i])
						break
					}
				}
				team.Close()
			}
		}
	}
}

type text []int32

func (x text) Len() int                   { return len(x) }
func (x text) Fill(dst []int32, from int) { copy(dst, x[from:from+len(dst)]) }

func TestStepperAndEvaluateEqualReference(t *testing.T) {
	const n = 150 // two batches of an evaluation and a part
	for _, c := range configs {
		t.Run(c.String(), func(t *testing.T) {
			everySetAndTeam(t, func(t *testing.T, set *kernel.Set, team *kernel.Team) {
				m, r, streams, _ := draw(t, c, set, n, 1)
				x := streams[0]
				s := m.NewStepper()
				ids := make(text, n)
				var want []float64
				for i, id := range x {
					compare(t, "logits", widen(s.Step(id)), r.logits(x[:i+1]), single)
					ids[i] = int32(id)
					if i > 0 && id >= 0 {
						want = append(want, surprisal(r.logits(x[:i]), id))
					}
				}
				var got []float64
				e := m.Evaluate(ids, team, func(pos int, p []float32, nats float64) {
					got = append(got, nats)
					if q := -math.Log(float64(p[ids[pos]])); math.Abs(q-nats) > single*max(1, nats) {
						t.Fatalf("position %d: -log p = %v, surprisal %v", pos, q, nats)
					}
				}, nil)
				compare(t, "surprisals", got, want, single)
				sum := 0.0
				for _, v := range want {
					sum += v
				}
				compare(t, "loss", []float64{e.Loss}, []float64{sum / float64(len(want))}, single)
				if e.Tokens != len(want) || e.Unknown != 1 {
					t.Errorf("%d tokens, %d unknown; want %d, 1", e.Tokens, e.Unknown, len(want))
				}
			})
		})
	}
}

// What is outside the window moves the prediction by exactly nothing, what is
// inside it moves it, and a text shorter than the window is padded.
func TestWindowEndsWhereItEnds(t *testing.T) {
	for _, c := range configs {
		m, _, _, _ := draw(t, c, kernel.Available()[0], 3, 1)
		read := func(ids ...int) []float32 {
			s := m.NewStepper()
			var logits []float32
			for _, id := range ids {
				logits = s.Step(id)
			}
			return slices.Clone(logits)
		}
		tail := make([]int, c.Length)
		for i := range tail {
			tail[i] = i % c.Vocab
		}
		if a, b := read(append([]int{1}, tail...)...), read(append([]int{2}, tail...)...); !slices.Equal(a, b) {
			t.Errorf("%v: a token before the window moved the prediction", c)
		}
		other := slices.Clone(tail)
		other[0] = (tail[0] + 1) % c.Vocab
		if slices.Equal(read(tail...), read(other...)) {
			t.Errorf("%v: the first token of the window moved nothing", c)
		}
		s := m.NewStepper()
		s.Step(1)
		window := s.Window()
		for i, id := range window[:c.Length-1] {
			if id != m.Padding() {
				t.Errorf("%v: slot %d holds %d, want padding", c, i, id)
			}
		}
	}
}

// The slots of a window and the bias sum to the pre-activations.
func TestSlotsSumToHidden(t *testing.T) {
	c := configs[0]
	m, _, x, _ := draw(t, c, kernel.Available()[0], 9, 1)
	s := m.NewStepper()
	for _, id := range x[0] {
		s.Step(id)
		a := widen(m.hiddenB.Value)
		part := make([]float32, c.Hidden)
		for i, w := range s.Window() {
			m.Slot(part, i, w)
			for j, v := range part {
				a[j] += float64(v)
			}
		}
		for j := range a {
			a[j] = math.Tanh(a[j])
		}
		compare(t, "h", widen(s.h), a, single)
	}
	one, two := make([]float32, c.Hidden), make([]float32, c.Hidden)
	m.Slot(one, 0, 3)
	m.Slot(two, 1, 3)
	if slices.Equal(one, two) {
		t.Error("a word meets the same weights in two slots")
	}
}

func TestSizeAndValidation(t *testing.T) {
	for _, c := range configs {
		m, err := New(c, kernel.Available()[0])
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, p := range m.Tensors() {
			n += len(p.Value)
		}
		if n != c.Size() {
			t.Errorf("%v: %d parameters, Size says %d", c, n, c.Size())
		}
	}
	for _, c := range []Config{{}, {Vocab: 3, Embed: 4, Hidden: 5}, {Vocab: 3, Embed: 4, Hidden: 5, Length: 300}, {Vocab: 1 << 20, Embed: 1 << 20, Hidden: 5, Length: 3}} {
		if _, err := New(c, kernel.Available()[0]); err == nil {
			t.Errorf("%v: no error", c)
		}
	}
}

func TestHistoryMovesBetweenTapes(t *testing.T) {
	c := Config{Vocab: 7, Embed: 5, Hidden: 6, Length: 6}
	m, _, x, y := draw(t, c, kernel.Available()[0], 8, 3)
	team := kernel.NewTeam(1)
	long, short := m.NewTape(8, 3, team), m.NewTape(4, 3, team)
	fill(long, x, y, 0)
	long.Forward()
	fill(short, x, y, 0)
	short.Forward()
	other := m.NewTape(4, 3, team)
	other.SetHistory(short.History(nil))
	fill(other, x, y, 4)
	other.Forward()
	if got, want := other.Logits(3, 2), long.Logits(7, 2); !slices.Equal(got, want) {
		t.Error("logits after moving the history differ")
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	for _, c := range configs {
		m, _, x, y := draw(t, c, kernel.Available()[0], 6, 4)
		team := kernel.NewTeam(2)
		tape := m.NewTape(6, 4, team)
		fill(tape, x, y, 0)
		s := m.NewStepper()
		if n := testing.AllocsPerRun(20, func() { tape.Learn(nil); s.Step(1) }); n > 0 {
			t.Errorf("%v: %v allocations a step, want none", c, n)
		}
		team.Close()
	}
}
