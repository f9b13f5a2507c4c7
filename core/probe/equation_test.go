package probe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// questioned are the models of the tests: every cell and activation, up to
// three layers, sizes that are no multiple of a vector.
var questioned = []rnn.Config{
	{Cell: "rnn", Layers: 1}, {Cell: "rnn", Layers: 2}, {Cell: "rnn", Layers: 3},
	{Cell: "rnn", Activation: "relu", Layers: 2},
	{Cell: "gru", Layers: 1}, {Cell: "gru", Layers: 2}, {Cell: "gru", Layers: 3},
	{Cell: "lstm", Layers: 1}, {Cell: "lstm", Layers: 2}, {Cell: "lstm", Layers: 3},
}

// drawnModel is a model of random weights.
func drawnModel(t *testing.T, c rnn.Config) *rnn.Model {
	t.Helper()
	c.Vocab, c.Embed, c.Hidden = 21, 7, 18
	m, err := rnn.New(c, kernel.Available()[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Init(rnn.Init{}, 5); err != nil {
		t.Fatal(err)
	}
	return m
}

// drawnIDs are n ids of a model's vocabulary.
func drawnIDs(m *rnn.Model, n int) []int32 {
	g := rand.New(rand.NewPCG(3, uint64(n)))
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(g.IntN(m.Vocab))
	}
	return ids
}

func unnamed(int) string { return "x" }

func traced(t *testing.T, m *rnn.Model, ids []int32, ask Ask) *scope.Trace {
	t.Helper()
	trace, err := Trace(m, ids, unnamed, ask)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// changed are interventions of each kind, of a model of at least 18 units.
func changed(m *rnn.Model, t *testing.T) scope.Changes {
	other := traced(t, m, []int32{7, 3, 9}, Ask{})
	return scope.Changes{
		Units:  []scope.UnitChange{scope.Ablate(0, 3), scope.Clamp(m.Layers-1, 5, 0.4).Starting(2), scope.Scale(0, 1, -1.5)},
		States: []scope.StateChange{other.StateAt(2, 4)},
	}
}

// rounding is how far a float32 result may lie from the operation in float64
// on its float32 operands, of the larger of 1 and their magnitude: half a unit
// in the last place of each operand, and for a sum also of a chain of some 40
// products (the widest row here), each rounded: about 40·6e-8.
const rounding = 2.5e-6

// Each term is what its operation makes of its operands, computed here in
// float64 straight from the meaning of the operation; and the terms that the
// engine has are the trace's to the bit.
func TestEquationIsTheTrace(t *testing.T) {
	for _, c := range questioned {
		for _, intervene := range []bool{false, true} {
			m := drawnModel(t, c)
			ask := Ask{}
			if intervene {
				ask.Changes = changed(m, t)
			}
			ids := []int32{4, 9, -1, 9, 2, 20, 0}
			trace := traced(t, m, ids, ask)
			for step := range ids {
				e := Equation(m, trace, step)
				name := fmt.Sprintf("%s %s %d layers step %d", c.Cell, c.Activation, c.Layers, step)
				for _, term := range e.Terms {
					checkTerm(t, m, name, e, term)
				}
				checkKept(t, m, name, trace, e)
			}
		}
	}
}

func checkTerm(t *testing.T, m *rnn.Model, name string, e *scope.Equation, term scope.Term) {
	t.Helper()
	operand := func(i int) scope.Vector { return e.Terms[term.From[i]].Values }
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	total := 0.0
	if term.Op == scope.Softmax {
		for _, x := range operand(0) {
			total += math.Exp(float64(x))
		}
	}
	for j, got := range term.Values {
		var want float64
		size := 1.0
		switch term.Op {
		case scope.Given, scope.Changed:
			continue
		case scope.Product:
			want = row(m, term, j, operand(0))
		case scope.Sum:
			for i := range term.From {
				want += float64(operand(i)[j])
				size = max(size, math.Abs(float64(operand(i)[j])))
			}
		case scope.Times:
			want = float64(operand(0)[j]) * float64(operand(1)[j])
		case scope.Tanh:
			want = math.Tanh(float64(operand(0)[j]))
		case scope.Relu:
			want = max(0, float64(operand(0)[j]))
		case scope.Sigmoid:
			want = sigma(float64(operand(0)[j]))
		case scope.Complement:
			want = 1 - float64(operand(0)[j])
		case scope.Softmax:
			want = math.Exp(float64(operand(0)[j])) / total
		}
		if !(math.Abs(float64(got)-want) <= rounding*size) {
			t.Fatalf("%s, layer %d: %s[%d] = %v, %s gives %v", name, term.Layer, term.Name, j, got, term.Means, want)
		}
	}
}

// row is the product of one row of the weight that a term's name says.
func row(m *rnn.Model, term scope.Term, j int, x scope.Vector) float64 {
	tensors := map[string]*rnn.Tensor{}
	for _, p := range m.Tensors() {
		tensors[p.Name] = p
	}
	weight, _, _ := strings.Cut(strings.TrimPrefix(term.Name, "W_"), "·")
	tensor := "fc.weight"
	if weight != "hy" {
		tensor = fmt.Sprintf("rnn.weight_%ch_l%d", weight[0], term.Layer)
		gates := map[string]string{"rnn": "h", "gru": "rzn", "lstm": "ifgo"}[m.Cell]
		j += strings.IndexByte(gates, weight[1]) * m.Hidden
	}
	w := tensors[tensor].Value
	sum := 0.0
	for i, v := range x {
		sum += float64(w.Data[j*w.Stride+i]) * float64(v)
	}
	return sum
}

// checkKept compares what the engine keeps, and what a term reads with what the
// term before it gave.
func checkKept(t *testing.T, m *rnn.Model, name string, trace *scope.Trace, e *scope.Equation) {
	t.Helper()
	step := trace.Steps[e.Step]
	last := func(layer int, term string) scope.Vector {
		for _, x := range slices.Backward(e.Terms) {
			if x.Layer == layer && x.Name == term {
				return x.Values
			}
		}
		t.Fatalf("%s: layer %d has no %s", name, layer, term)
		return nil
	}
	same := func(what string, got, want scope.Vector) {
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s is %v, the trace has %v", name, what, got, want)
		}
	}
	for l, y := range step.Layers {
		same("h", last(l, "h"), y.H)
		for gate, values := range y.Gates {
			same(gate, last(l, gate), values)
		}
		if y.C != nil {
			same("c", last(l, "c"), y.ComputedC)
		}
		if l > 0 {
			same("x", last(l, "x"), step.Layers[l-1].H)
		}
		if e.Step > 0 {
			same("h'", last(l, "h'"), trace.Steps[e.Step-1].Layers[l].H)
		}
	}
	same("h of the output", last(m.Layers, "h"), step.Layers[m.Layers-1].H)
	same("logits", last(m.Layers, "logits"), step.Logits)
	same("p", last(m.Layers, "p"), step.P)
}

// A cell that Equation does not know would panic: none is.
func TestEveryCellHasAnEquation(t *testing.T) {
	for _, cell := range rnn.Cells() {
		if !slices.ContainsFunc(questioned, func(c rnn.Config) bool { return c.Cell == cell }) {
			t.Errorf("no test asks a model of %s cells", cell)
		}
	}
}

// The first Δh is h itself; the others are what two traced states differ by.
func TestChange(t *testing.T) {
	m := drawnModel(t, rnn.Config{Cell: "gru", Layers: 2})
	trace := traced(t, m, drawnIDs(m, 5), Ask{})
	if !slices.Equal(trace.Change(0, 1), trace.Steps[0].Layers[1].H) {
		t.Error("the first change is not h")
	}
	d := trace.Change(3, 1)
	for j := range d {
		if want := trace.Steps[3].Layers[1].H[j] - trace.Steps[2].Layers[1].H[j]; d[j] != want {
			t.Errorf("Δh[%d] = %v, want %v", j, d[j], want)
		}
	}
}
