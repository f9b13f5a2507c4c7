package scope

import (
	"slices"
	"testing"
)

func TestQuantities(t *testing.T) {
	lstm := &Trace{Steps: []Step{
		{Layers: []LayerState{{H: Vector{1, 2}, C: Vector{3, 4}, Gates: map[string]Vector{"i": {5, 6}}, A: map[string]Vector{"i": {7, 8}}}}},
		{Layers: []LayerState{{H: Vector{4, 1}, C: Vector{0, 0}, Gates: map[string]Vector{"i": {0, 1}}, A: map[string]Vector{"i": {2, 3}}}}},
	}}
	if got, want := lstm.Quantities([]string{"i"}), []Quantity{"h", "c", "i", "a_i", "dh"}; !slices.Equal(got, want) {
		t.Errorf("the quantities are %v, want %v", got, want)
	}
	for q, want := range map[Quantity][]float32{
		"h": {1, 2, 4, 1}, "c": {3, 4, 0, 0}, "i": {5, 6, 0, 1}, "a_i": {7, 8, 2, 3}, "dh": {1, 2, 3, -1}, "z": nil,
	} {
		if got := lstm.Map(0, q); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", q, got, want)
		}
	}
	rnn := &Trace{Steps: []Step{{Layers: []LayerState{{H: Vector{1}, Gates: map[string]Vector{"a": {2}}, A: map[string]Vector{"a": {2}}}}}}}
	if got, want := rnn.Quantities([]string{"a"}), []Quantity{"h", "a", "dh"}; !slices.Equal(got, want) {
		t.Errorf("the quantities of a simple RNN are %v, want %v", got, want)
	}
	if got := new(Trace).Quantities([]string{"a"}); got != nil {
		t.Errorf("an empty trace has %v", got)
	}
	if g := Quantity("a_f").Gate(); g != "f" {
		t.Errorf("a_f comes before %q", g)
	}
	for _, c := range []struct {
		q      Quantity
		act    string
		signed bool
	}{{"h", "tanh", true}, {"h", "relu", false}, {"f", "tanh", false}, {"g", "tanh", true}, {"c", "tanh", true}, {"a_f", "tanh", true}, {"dh", "relu", true}} {
		if c.q.Signed(c.act) != c.signed {
			t.Errorf("%s with %s: signed is %v", c.q, c.act, !c.signed)
		}
	}
}
