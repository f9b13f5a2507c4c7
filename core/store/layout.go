package store

import (
	"fmt"
	"slices"
	"strings"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// modelPrefix stands before the names of the model's tensors in a state, apart
// from those of the optimizer.
const modelPrefix = "model."

// gatesOf is G of each cell.
var gatesOf = map[string]uint64{"rnn": 1, "gru": 3, "lstm": 4}

// part is one tensor of a model.
type part struct {
	name     string
	shape    []uint64
	optional bool
}

// parts lists the tensors of a model of this configuration: those of the
// lecture's PyTorch class.
//
//	embedding.weight   [V, E]
//	rnn.weight_ih_l0   [G·H, E]      and l1, l2, … with H in place of E
//	rnn.weight_hh_l0   [G·H, H]
//	rnn.bias_ih_l0     [G·H]         zeros when absent (bias=False)
//	rnn.bias_hh_l0     [G·H]         likewise
//	fc.weight          [V, H]        the embedding when absent and E = H
//	fc.bias            [V]           zeros when absent
//
// Other classes have other names for the three modules (naming.go).
//
// G tells the cell: 1 RNN, 3 GRU, 4 LSTM. Nothing tells the activation of an
// RNN: metadata may, under "activation", and tanh is taken otherwise.
func parts(c rnn.Config) []part {
	V, E, H, gh := uint64(c.Vocab), uint64(c.Embed), uint64(c.Hidden), gatesOf[c.Cell]*uint64(c.Hidden)
	list := []part{{"embedding.weight", []uint64{V, E}, false}}
	for l := range c.Layers {
		in := H
		if l == 0 {
			in = E
		}
		list = append(list,
			part{fmt.Sprintf("rnn.weight_ih_l%d", l), []uint64{gh, in}, false},
			part{fmt.Sprintf("rnn.weight_hh_l%d", l), []uint64{gh, H}, false},
			part{fmt.Sprintf("rnn.bias_ih_l%d", l), []uint64{gh}, true},
			part{fmt.Sprintf("rnn.bias_hh_l%d", l), []uint64{gh}, true})
	}
	return append(list, part{"fc.weight", []uint64{V, H}, c.Tie}, part{"fc.bias", []uint64{V}, true})
}

// architecture reads the configuration of a model from the shapes of its
// tensors. What it cannot be is refused by name.
func architecture(t *Tensors) (n naming, c rnn.Config, err error) {
	if err := unsupported(t); err != nil {
		return n, c, err
	}
	if n, err = namingOf(t); err != nil {
		return n, c, err
	}
	matrix := func(name string) (rows, cols uint64, err error) {
		name = n.of(name)
		e, ok := t.Lookup(name)
		switch {
		case !ok:
			return 0, 0, missing(t, name)
		case len(e.Shape) != 2:
			return 0, 0, say.Errorf("%s is %s, not a matrix", name, shape(e.Shape))
		case e.Shape[0] == 0 || e.Shape[1] == 0:
			return 0, 0, say.Errorf("%s is %s, an empty matrix", name, shape(e.Shape))
		}
		return e.Shape[0], e.Shape[1], nil
	}
	V, E, err := matrix("embedding.weight")
	if err != nil {
		return n, c, err
	}
	if _, _, err := matrix("rnn.weight_ih_l0"); err != nil {
		return n, c, err
	}
	rows, H, err := matrix("rnn.weight_hh_l0")
	if err != nil {
		return n, c, err
	}
	c = rnn.Config{Vocab: int(V), Embed: int(E), Hidden: int(H)}
	for cell, gates := range gatesOf {
		if rows == gates*H {
			c.Cell = cell
		}
	}
	if c.Cell == "" {
		return n, c, say.Errorf("%sweight_hh_l0 is %s: its rows should be 1 (RNN), 3 (GRU) or 4 (LSTM) times its columns", n.rnn, shape([]uint64{rows, H}))
	}
	if c.Cell == "rnn" {
		c.Activation = t.Metadata["activation"]
	}
	for has := true; has; c.Layers++ {
		_, ih := t.Lookup(fmt.Sprintf("%sweight_ih_l%d", n.rnn, c.Layers+1))
		_, hh := t.Lookup(fmt.Sprintf("%sweight_hh_l%d", n.rnn, c.Layers+1))
		has = ih || hh
	}
	c.Tie = E == H && tied(t, n)
	return n, c, c.Validate()
}

// tied says whether a file uses the embedding as output weights: it has the
// output's bias alone, or one storage for both, or says so.
func tied(t *Tensors, n naming) bool {
	in, _ := t.Lookup(n.of("embedding.weight"))
	out, output := t.Lookup(n.of("fc.weight"))
	_, bias := t.Lookup(n.of("fc.bias"))
	switch {
	case !output:
		return bias
	case !slices.Equal(in.Shape, out.Shape):
		return false
	}
	return t.Metadata["tied"] == "true" || in.begin == out.begin && slices.Equal(in.strides, out.strides)
}

// check compares the tensors of a file with those that a configuration has.
func check(t *Tensors, n naming, c rnn.Config) error {
	known := map[string]bool{}
	for _, p := range parts(c) {
		name := n.of(p.name)
		known[name] = true
		e, ok := t.Lookup(name)
		switch {
		case !ok && p.optional:
		case !ok:
			return missing(t, name)
		case !slices.Equal(e.Shape, p.shape):
			return say.Errorf("%s is %s; to go with the other tensors it must be %s", name, shape(e.Shape), shape(p.shape))
		}
	}
	for _, e := range t.Entries {
		if strings.HasPrefix(e.Name, n.root) && !known[e.Name] {
			return say.Errorf("%s %s has no place in an RNN, GRU or LSTM language model", e.Name, shape(e.Shape))
		}
	}
	return nil
}

// unsupported names what PyTorch's recurrent modules have and this program
// does not.
func unsupported(t *Tensors) error {
	for _, e := range t.Entries {
		switch {
		case strings.HasSuffix(e.Name, "_reverse"):
			return say.Errorf("%s belongs to a bidirectional layer, which is not supported", e.Name)
		case strings.Contains(e.Name, "weight_hr_l"):
			return say.Errorf("%s belongs to a layer with projections (proj_size), which are not supported", e.Name)
		}
	}
	return nil
}

// missing says which tensors a file has in place of the one wanted.
func missing(t *Tensors, name string) error {
	const most = 8
	var have []string
	for i, e := range t.Entries {
		if i == most {
			return say.Errorf("%s is missing; the file has %s, and %d more", name, strings.Join(have, ", "), len(t.Entries)-most)
		}
		have = append(have, e.Name+" "+shape(e.Shape))
	}
	if len(have) == 0 {
		return say.Errorf("%s is missing; the file has no tensors", name)
	}
	return say.Errorf("%s is missing; the file has %s", name, strings.Join(have, ", "))
}

// shape writes a shape as PyTorch does.
func shape(s []uint64) string { return strings.ReplaceAll(fmt.Sprint(s), " ", ", ") }
