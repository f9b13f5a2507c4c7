package scope

// Quantity is what can be shown of the units of a layer: h, c, dh (Δh), a gate
// by its name, or the pre-activation of a gate as a_ and its name. Of a simple
// RNN the pre-activation is the gate a itself.
type Quantity string

// The quantities of every cell; c only of those with a cell state.
const (
	Hidden   Quantity = "h"
	CellC    Quantity = "c"
	DeltaH   Quantity = "dh"
	preGates          = "a_"
)

// Quantities lists what the steps of a trace have, states first. gates are the
// cell's, in order.
func (t *Trace) Quantities(gates []string) []Quantity {
	if len(t.Steps) == 0 || len(t.Steps[0].Layers) == 0 {
		return nil
	}
	all := []Quantity{Hidden}
	if len(t.Steps[0].Layers[0].C) > 0 {
		all = append(all, CellC)
	}
	for _, g := range gates {
		all = append(all, Quantity(g))
	}
	for _, g := range gates {
		if g != "a" {
			all = append(all, Quantity(preGates+g))
		}
	}
	return append(all, DeltaH)
}

// Gate is the gate that a quantity is or comes before; "" for states.
func (q Quantity) Gate() string {
	switch {
	case q == Hidden || q == CellC || q == DeltaH:
		return ""
	case len(q) > len(preGates) && q[:len(preGates)] == preGates:
		return string(q[len(preGates):])
	}
	return string(q)
}

// Range is where a quantity's values lie by its equation; lo equals hi where
// nothing bounds them.
func (q Quantity) Range(activation string) (lo, hi float64) {
	switch {
	case q == Hidden && activation != "relu", q == "g", q == "n":
		return -1, 1
	case q == DeltaH && activation != "relu":
		return -2, 2
	case q == "i", q == "f", q == "o", q == "r", q == "z":
		return 0, 1
	}
	return 0, 0
}

// Signed says whether a quantity can be below zero.
func (q Quantity) Signed(activation string) bool {
	lo, hi := q.Range(activation)
	return !(lo == 0 && hi > 0) && !(q == Hidden && activation == "relu")
}

// Values is a quantity of all units of a layer after a step, [H]; nil where the
// cell does not have it. It shares the trace's vectors, but for Δh.
func (t *Trace) Values(step, layer int, q Quantity) Vector {
	y := &t.Steps[step].Layers[layer]
	switch q {
	case Hidden:
		return y.H
	case CellC:
		return y.C
	case DeltaH:
		return t.Change(step, layer)
	}
	if v, ok := y.Gates[string(q)]; ok {
		return v
	}
	return y.A[q.Gate()]
}

// Map is a quantity of a layer through the sentence, [T·H], H values a step; nil
// where the cell does not have it.
func (t *Trace) Map(layer int, q Quantity) []float32 {
	var out []float32
	for s := range t.Steps {
		v := t.Values(s, layer, q)
		if v == nil {
			return nil
		}
		if out == nil {
			out = make([]float32, 0, len(t.Steps)*len(v))
		}
		out = append(out, v...)
	}
	return out
}
