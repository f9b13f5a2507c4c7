package probe

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// logProb is log p(target) after ids, by a stepper.
func logProb(m *rnn.Model, ids []int32, target int, alter rnn.Alter) float64 {
	s := m.NewStepper()
	s.Alter(alter)
	var x []float32
	for _, id := range ids {
		x = s.Step(int(id))
	}
	y := float64(x[target])
	return y - m.Kernel.Softmax(slices.Clone(x))
}

// central is how far a gradient may lie from a central difference of the
// float32 model, of the largest of the sentence: the difference's own error is
// some ε⁴ and 1e-7/ε.
const central = 1e-3

// The norm and the product with the input against central differences, every
// element of every embedding moved, under interventions too. Each id occurs
// once, so that moving its embedding is moving one input.
func TestInfluenceGradientEqualsCentralDifference(t *testing.T) {
	const ε, target = 0.05, 2
	ids := []int32{5, 9, 0, 13, 7, 20, 4, 11}
	for _, c := range questioned {
		if c.Activation == "relu" {
			continue // its kinks lie within ε; core/rnn differentiates it in float64
		}
		for _, intervene := range []bool{false, true} {
			m := drawnModel(t, c)
			m.Kernel.Scale(m.Weights(), 2) // steep: fresh weights let little through three layers
			m.Pack()
			ask := Ask{}
			if intervene {
				ask.Changes = scope.Changes{Units: changed(m, t).Units}
			}
			alter, err := Alter(m, ask.Changes)
			if err != nil {
				t.Fatal(err)
			}
			at := len(ids) - 2
			got, err := Influence(m, ids, at, target, false, ask)
			if err != nil {
				t.Fatal(err)
			}
			if want := logProb(m, ids[:at+1], target, alter); math.Abs(*got.LogP-want) > 1e-5 {
				t.Errorf("log p %v, want %v", *got.LogP, want)
			}
			norms, dots := make([]float64, at+1), make([]float64, at+1)
			moved := m.Clone()
			embedding := moved.Tensors()[0].Value
			for i, id := range ids[:at+1] {
				sum := 0.0
				x := embedding.Data[int(id)*m.Embed : (int(id)+1)*m.Embed]
				for j := range x {
					old := x[j]
					f := func(by float32) float64 {
						x[j] = old + by
						y := logProb(moved, ids[:at+1], target, alter)
						x[j] = old
						return y
					}
					d := (8*(f(ε)-f(-ε)) - (f(2*ε) - f(-2*ε))) / (12 * ε)
					sum += d * d
					dots[i] += d * float64(old)
				}
				norms[i] = math.Sqrt(sum)
			}
			name := fmt.Sprintf("%s %s %d layers, changed %v", c.Cell, c.Activation, c.Layers, intervene)
			near(t, name+": norm", got.Norm, norms)
			near(t, name+": gradient·input", got.Dot, dots)
		}
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	top := 0.0
	for _, x := range want {
		top = max(top, math.Abs(x))
	}
	if len(got) != len(want) || top == 0 {
		t.Fatalf("%s: %d values, want %d, the largest %v", what, len(got), len(want), top)
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= central*top) {
			t.Errorf("%s of token %d: %v, central difference %v", what, i, got[i], want[i])
		}
	}
}

// What is left out and zeroed against sentences written without the token, run
// one by one; over several windows and groups; under an intervention from a
// step on, which must stay with its token when the sentence gets shorter.
func TestLeaveOneOut(t *testing.T) {
	const close = 2e-5 // float32, and orders of sums that differ with the batch
	for _, c := range questioned {
		m := drawnModel(t, c)
		for _, n := range []int{1, 2, 17, 2*traceSteps + 5} {
			ids := drawnIDs(m, n)
			changes := scope.Changes{Units: []scope.UnitChange{scope.Clamp(0, 2, 0.5).Starting(n / 2)}}
			got, err := Influence(m, ids, n-1, 3, true, Ask{Changes: changes, Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			alter, _ := Alter(m, changes)
			full := logProb(m, ids, 3, alter)
			for i := 0; i < n; i += 1 + n/20 {
				zeroed := slices.Clone(ids)
				zeroed[i] = -1
				if want := full - logProb(m, zeroed, 3, alter); math.Abs(got.Zero[i]-want) > close {
					t.Errorf("%s: token %d of %d zeroed: %v, want %v", c.Cell, i, n, got.Zero[i], want)
				}
				if n == 1 {
					continue // below
				}
				shorter := slices.Delete(slices.Clone(ids), i, i+1)
				earlier := changes
				if i < n/2 {
					earlier = scope.Changes{Units: []scope.UnitChange{scope.Clamp(0, 2, 0.5).Starting(n/2 - 1)}}
				}
				a, _ := Alter(m, earlier)
				if want := full - logProb(m, shorter, 3, a); math.Abs(got.Drop[i]-want) > close {
					t.Errorf("%s: token %d of %d left out: %v, want %v", c.Cell, i, n, got.Drop[i], want)
				}
			}
			if n == 1 { // without its only token the output sees the zero state: its bias
				p := slices.Clone(m.Tensors()[len(m.Tensors())-1].Value.Data)
				y := float64(p[3])
				if want := full - (y - m.Kernel.Softmax(p)); math.Abs(got.Drop[0]-want) > close {
					t.Errorf("%s: the only token left out: %v, want %v", c.Cell, got.Drop[0], want)
				}
			}
		}
	}
}

// A sentence longer than the farthest influence is measured at its end, from
// the state before.
func TestInfluenceOfALongText(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "lstm", Layers: 1})
	n := FarthestInfluence + 40
	ids := drawnIDs(m, n)
	changes := scope.Changes{Units: []scope.UnitChange{scope.Clamp(0, 2, 0.9).Starting(n - 3)}}
	got, err := Influence(m, ids, n-1, 3, false, Ask{Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	alter, err := Alter(m, changes)
	if err != nil {
		t.Fatal(err)
	}
	if got.From != 40 || len(got.Norm) != FarthestInfluence {
		t.Errorf("from %d, %d norms", got.From, len(got.Norm))
	}
	if _, err := Influence(m, ids, n-1, 3, false, Ask{Stop: func() bool { return true }}); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped on the way there: %v", err)
	}
	if want := logProb(m, ids, 3, alter); math.Abs(*got.LogP-want) > 1e-5 || math.Abs(want-logProb(m, ids, 3, nil)) < 1e-3 {
		t.Errorf("log p %v, want %v, which the change must move", *got.LogP, want)
	}
}

// A change acts from its first step to before its last, and nothing before a
// state put in place speaks for what comes after it.
func TestChangesActWhereTheyAreFor(t *testing.T) {
	for _, c := range questioned {
		m := drawnModel(t, c)
		ids := drawnIDs(m, 7)
		layer := c.Layers - 1
		held := scope.Clamp(layer, 4, 0.25)
		held.From, held.To = 2, 5
		for i, s := range traced(t, m, ids, Ask{Changes: scope.Changes{Units: []scope.UnitChange{held}}}).Steps {
			if at := s.Layers[layer].H[4] == 0.25; at != (i >= 2 && i < 5) {
				t.Errorf("%s: held %v at step %d", c.Cell, at, i)
			}
		}
		const at = 3
		state := traced(t, m, []int32{8, 2, 2}, Ask{}).StateAt(2, at)
		got, err := Influence(m, ids, 6, 1, true, Ask{Changes: scope.Changes{States: []scope.StateChange{state}}})
		if err != nil {
			t.Fatal(err)
		}
		for i := range got.Norm {
			if speaks := got.Norm[i] != 0 || got.Dot[i] != 0 || math.Abs(got.Zero[i]) > 1e-6; speaks != (i > at) {
				t.Errorf("%s: token %d: norm %v, times x %v, zeroed %v with a state put in place at %d", c.Cell, i, got.Norm[i], got.Dot[i], got.Zero[i], at)
			}
		}
	}
}

func TestInfluenceStopsAndReports(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "gru", Layers: 1})
	ids := drawnIDs(m, 100)
	calls, last, total := 0, 0, 0
	_, err := Influence(m, ids, 99, 3, true, Ask{Progress: func(d, n int) {
		if d <= last {
			t.Errorf("progress %d after %d", d, last)
		}
		last, total = d, n
	}})
	if err != nil || last != total || total != 201 {
		t.Errorf("%v, progress ended at %d of %d", err, last, total)
	}
	_, err = Influence(m, ids, 99, 3, true, Ask{Stop: func() bool { calls++; return calls > 5 }})
	if !errors.Is(err, ErrStopped) || calls != 6 {
		t.Errorf("stopped with %v after %d polls", err, calls)
	}
	if _, err := Influence(m, ids, 99, 21, false, Ask{}); err == nil {
		t.Error("a target outside the vocabulary is not refused")
	}
}

// Interventions that no model has are refused in a user's words.
func TestCheck(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "lstm", Layers: 2})
	other, err := rnn.New(rnn.Config{Cell: "gru", Vocab: 3, Embed: 2, Hidden: 4, Layers: 2}, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	small := traced(t, other, []int32{1}, Ask{})
	for _, c := range []struct {
		changes scope.Changes
		want    string
	}{
		{scope.Changes{Units: []scope.UnitChange{scope.Ablate(2, 0)}}, "there is no layer 2: this model's layers are 0 to 1"},
		{scope.Changes{Units: []scope.UnitChange{scope.Ablate(-1, 0)}}, "there is no layer -1: this model's layers are 0 to 1"},
		{scope.Changes{Units: []scope.UnitChange{scope.Ablate(1, 18)}}, "layer 1 has no unit 18: its units are 0 to 17"},
		{scope.Changes{States: []scope.StateChange{small.StateAt(0, 0)}}, "the state put in place is not of a model of this size"},
	} {
		if _, err := Trace(m, []int32{1}, unnamed, Ask{Changes: c.changes}); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// After another sentence's state is put in place the model goes on as that
// sentence does; a NaN in an ablated unit is gone.
func TestStateOfAnotherSentence(t *testing.T) {
	for _, c := range questioned {
		m := drawnModel(t, c)
		a, b := drawnIDs(m, 6), drawnIDs(m, 9)
		other := traced(t, m, b, Ask{})
		got := traced(t, m, append(slices.Clone(a), 4, 8), Ask{Changes: scope.Changes{States: []scope.StateChange{other.StateAt(8, 5)}}})
		want := traced(t, m, append(slices.Clone(b), 4, 8), Ask{})
		for i := range 3 {
			if !slices.Equal(got.Steps[5+i].Logits, want.Steps[8+i].Logits) {
				t.Errorf("%s: step %d after the change is not the other sentence's", c.Cell, i)
			}
		}
	}
	if h := shifted(scope.Ablate(0, 0), float32(math.NaN())); h != 0 {
		t.Errorf("an ablated NaN is %v", h)
	}
}

// Evaluation under an ablation is the stepper's surprisals under it.
func TestEvaluateUnderAblation(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "lstm", Layers: 2})
	ids := drawnIDs(m, 150)
	ask := Ask{Changes: scope.Changes{Units: []scope.UnitChange{scope.Ablate(0, 4), scope.Ablate(1, 7)}}}
	e, err := evaluate(m, sequence(ids), nil, ask)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, s := range traced(t, m, ids, ask).Steps[1:] {
		sum += *s.Surprisal
	}
	if math.Abs(e.Loss-sum/149) > 1e-6 {
		t.Errorf("loss %v, the trace's surprisals give %v", e.Loss, sum/149)
	}
	if _, err := evaluate(m, sequence(ids), nil, Ask{Stop: func() bool { return true }}); !errors.Is(err, ErrStopped) {
		t.Errorf("stopped: %v", err)
	}
}

// Of a broken model nothing is known, and the answer is JSON all the same.
func TestInfluenceOnABrokenModelIsJSON(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "gru", Layers: 1})
	for i := range m.Weights() {
		m.Weights()[i] = float32(math.NaN())
	}
	m.Pack()
	got, err := Influence(m, []int32{1, 2}, 1, 3, true, Ask{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got)
	const want = `{"at":1,"target":3,"token":"","log_p":null,"from":0,"gradient_norm":[null,null],"gradient_times_input":[null,null],"zeroed":[null,null],"left_out":[null,null],"reason":"the model's output is not finite"}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// evaluate is the model's own evaluation of a text, under interventions. It
// returns what it has when it is stopped.
func evaluate(m *rnn.Model, text rnn.Tokens, visit func(pos int, p []float32, nats float64), ask Ask) (rnn.Evaluation, error) {
	alter, err := Alter(m, ask.Changes)
	if err != nil {
		return rnn.Evaluation{}, err
	}
	team := ask.team()
	defer team.Close()
	stopped := false
	e := m.EvaluateAltered(text, team, alter, visit, func() bool {
		stopped = ask.stopped()
		return stopped
	})
	if stopped {
		return e, ErrStopped
	}
	return e, nil
}

// sequence is ids in memory as a text.
type sequence []int32

func (x sequence) Len() int                   { return len(x) }
func (x sequence) Fill(dst []int32, from int) { copy(dst, x[from:]) }
