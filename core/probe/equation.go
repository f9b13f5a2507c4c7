package probe

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/blas/blas32"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// Equation writes out step of a trace of m, term by term. What the engine
// computes and keeps (pre-activations, gates, states, logits, probabilities)
// is the trace's own number to the bit. What it never has on its own, because
// each row of z is one chain of fused multiply-adds from b_ih + b_hh over x to
// h', is computed here in float64 and rounded once: the products W·x and W·h'
// and the element-wise products. So an operation applied to the operands shown
// gives the result shown up to float32 rounding of that chain.
func Equation(m *rnn.Model, t *scope.Trace, step int) *scope.Equation {
	w := writer{m: m, e: &scope.Equation{Step: step}, tensors: map[string]*rnn.Tensor{}}
	for _, p := range m.Tensors() {
		w.tensors[p.Name] = p
	}
	x := make(scope.Vector, m.Embed)
	if id := t.Steps[step].ID; id >= 0 {
		copy(x, w.tensors["embedding.weight"].Value.Data[id*m.Embed:])
	}
	for l, y := range t.Steps[step].Layers {
		w.layer = l
		before := scope.LayerState{H: make(scope.Vector, m.Hidden), C: make(scope.Vector, m.Hidden)}
		if step > 0 {
			before = t.Steps[step-1].Layers[l]
		}
		w.cell(y, before, x)
		x = y.H
	}
	w.layer = m.Layers
	h := w.put("", "h", "", scope.Given, x)
	weight := w.tensors["fc.weight"]
	if weight == nil {
		weight = w.tensors["embedding.weight"] // tied
	}
	wh := w.put("", "W_hy·h", "W_hy·h", scope.Product, multiply(weight.Value, x), h)
	b := w.put("", "b_y", "", scope.Given, w.tensors["fc.bias"].Value.Data)
	logits := w.put("", "logits", "W_hy·h + b_y", scope.Sum, t.Steps[step].Logits, wh, b)
	w.put("", "p", "softmax(logits)", scope.Softmax, t.Steps[step].P, logits)
	return w.e
}

// writer appends the terms of a layer to an equation.
type writer struct {
	m       *rnn.Model
	e       *scope.Equation
	tensors map[string]*rnn.Tensor
	layer   int
	x, h    int // the terms of the layer's input and of h'
}

// put appends a term and returns its number.
func (w *writer) put(block, name, means string, op scope.Op, values scope.Vector, from ...int) int {
	w.e.Terms = append(w.e.Terms, scope.Term{
		Layer: w.layer, Block: block, Name: name, Means: means, Op: op, From: from,
		Values: append(scope.Vector(nil), values...),
	})
	return len(w.e.Terms) - 1
}

func (w *writer) values(term int) scope.Vector { return w.e.Terms[term].Values }

// half is one side of a gate's pre-activation, W·v and b: side is i for the
// input or h for the state, number the block of H rows in the weights.
func (w *writer) half(gate, side string, number, operand int) (product, bias int) {
	H, kind := w.m.Hidden, map[string]string{"i": "ih", "h": "hh"}[side]
	weight := w.tensors[fmt.Sprintf("rnn.weight_%s_l%d", kind, w.layer)].Value
	rows := blas32.General{Rows: H, Cols: weight.Cols, Stride: weight.Stride, Data: weight.Data[number*H*weight.Stride:]}
	name, suffix := w.e.Terms[operand].Name, side+gate
	if w.m.Cell == "rnn" {
		suffix = kind
	}
	product = w.put(gate, "W_"+suffix+"·"+name, "W_"+suffix+"·"+name, scope.Product, multiply(rows, w.values(operand)), operand)
	data := w.tensors[fmt.Sprintf("rnn.bias_%s_l%d", kind, w.layer)].Value.Data
	return product, w.put(gate, "b_"+suffix, "", scope.Given, data[number*H:(number+1)*H])
}

// sum is a gate's whole pre-activation.
func (w *writer) sum(gate, name string, number int, a scope.Vector) int {
	wx, bx := w.half(gate, "i", number, w.x)
	wh, bh := w.half(gate, "h", number, w.h)
	means := ""
	for i, term := range []int{wx, bx, wh, bh} {
		if i > 0 {
			means += " + "
		}
		means += w.e.Terms[term].Name
	}
	return w.put(gate, name, means, scope.Sum, a, wx, bx, wh, bh)
}

// cell writes one layer: y is what the trace has of it, x what it read.
func (w *writer) cell(y, before scope.LayerState, x scope.Vector) {
	w.x = w.put("", "x", "", scope.Given, x)
	w.h = w.put("", "h'", "", scope.Given, before.H)
	var h int
	switch w.m.Cell {
	case "rnn":
		a := w.sum("", "a", 0, y.A["a"])
		if w.m.Activation == "relu" {
			h = w.put("", "h", "max(0, a)", scope.Relu, y.ComputedH, a)
		} else {
			h = w.put("", "h", "tanh(a)", scope.Tanh, y.ComputedH, a)
		}
	case "gru":
		h = w.gru(y)
	case "lstm":
		h = w.lstm(y, before)
	default:
		panic("probe: Equation: no equation of cell " + w.m.Cell)
	}
	if !slices.Equal(y.H, y.ComputedH) {
		w.put("", "h", "h as changed", scope.Changed, y.H, h)
	}
}

// gate writes the sum and the nonlinearity of one gate.
func (w *writer) gate(name string, number int, y scope.LayerState, op scope.Op, function string) int {
	a := w.sum(name, "a_"+name, number, y.A[name])
	return w.put(name, name, function+"(a_"+name+")", op, y.Gates[name], a)
}

func (w *writer) lstm(y, before scope.LayerState) (h int) {
	i := w.gate("i", 0, y, scope.Sigmoid, "σ")
	f := w.gate("f", 1, y, scope.Sigmoid, "σ")
	g := w.gate("g", 2, y, scope.Tanh, "tanh")
	o := w.gate("o", 3, y, scope.Sigmoid, "σ")
	c0 := w.put("", "c'", "", scope.Given, before.C)
	keep := w.times("f⊙c'", f, c0)
	write := w.times("i⊙g", i, g)
	c := w.put("", "c", "f⊙c' + i⊙g", scope.Sum, y.ComputedC, keep, write)
	tc := make([]float32, len(y.ComputedC))
	w.m.Kernel.Tanh(tc, y.ComputedC)
	t := w.put("", "tanh(c)", "tanh(c)", scope.Tanh, tc, c)
	return w.put("", "h", "o⊙tanh(c)", scope.Times, y.ComputedH, o, t)
}

func (w *writer) gru(y scope.LayerState) (h int) {
	r := w.gate("r", 0, y, scope.Sigmoid, "σ")
	z := w.gate("z", 1, y, scope.Sigmoid, "σ")
	wx, bx := w.half("n", "i", 2, w.x)
	nx := w.put("n", "nx", "W_in·x + b_in", scope.Sum, y.A["nx"], wx, bx)
	wh, bh := w.half("n", "h", 2, w.h)
	nh := w.put("n", "nh", "W_hn·h' + b_hn", scope.Sum, y.A["nh"], wh, bh)
	rnh := w.times("r⊙nh", r, nh)
	a := w.put("n", "a_n", "nx + r⊙nh", scope.Sum, y.A["n"], nx, rnh)
	n := w.put("n", "n", "tanh(a_n)", scope.Tanh, y.Gates["n"], a)
	rest := make(scope.Vector, len(y.H))
	for j, v := range w.values(z) {
		rest[j] = 1 - v
	}
	u := w.put("", "1-z", "1 - z", scope.Complement, rest, z)
	fresh := w.times("(1-z)⊙n", u, n)
	keep := w.times("z⊙h'", z, w.h)
	return w.put("", "h", "(1-z)⊙n + z⊙h'", scope.Sum, y.ComputedH, fresh, keep)
}

func (w *writer) times(name string, a, b int) int {
	p := make(scope.Vector, len(w.values(a)))
	w.m.Kernel.Product(p, w.values(a), w.values(b))
	return w.put("", name, name, scope.Times, p, a, b)
}

// multiply is w·x, summed in float64.
func multiply(w blas32.General, x []float32) scope.Vector {
	out := make(scope.Vector, w.Rows)
	for i := range out {
		sum := 0.0
		for j, v := range w.Data[i*w.Stride : i*w.Stride+w.Cols] {
			sum += float64(v) * float64(x[j])
		}
		out[i] = float32(sum)
	}
	return out
}
