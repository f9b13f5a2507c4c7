package store

import (
	"io"
	"slices"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// modelIn reads the model in a file of tensors, of the lecture's class, of one
// like it or of a state, and gives it kernels to run on. What is not a model says why.
func modelIn(t *Tensors, set *kernel.Set) (*rnn.Model, error) {
	names, c, err := architecture(t)
	if err != nil {
		return nil, err
	}
	return readModel(t, names, c, set)
}

// readModel reads a model whose configuration is known.
func readModel(t *Tensors, names naming, c rnn.Config, set *kernel.Set) (*rnn.Model, error) {
	if err := check(t, names, c); err != nil {
		return nil, err
	}
	m, err := rnn.New(c, set)
	if err != nil {
		return nil, err
	}
	values := map[string][]float32{}
	for _, p := range m.Tensors() {
		values[p.Name] = p.Value.Data
	}
	for _, p := range parts(c) {
		name := names.of(p.name)
		if _, ok := t.Lookup(name); !ok {
			continue // zeros, or tied
		}
		read, err := t.Float32s(name)
		if err != nil {
			return nil, err
		}
		if c.Tie && p.name == "fc.weight" {
			if !slices.Equal(read, values["embedding.weight"]) {
				return nil, say.Errorf("the run's weights are tied, but %s differs from the embedding", name)
			}
			continue
		}
		copy(values[p.name], read)
	}
	m.Pack()
	return m, nil
}

// WriteModel writes a model as a safetensors file that takes the place of the
// one at path. PyTorch reads it as a state_dict of the lecture's class.
func WriteModel(path string, m *rnn.Model) error {
	var tensors []Tensor
	for _, p := range m.Tensors() {
		tensors = append(tensors, Tensor{p.Name, p.Shape(), p.Value.Data})
	}
	return writeModel(path, m.Config, tensors)
}

// writeModel writes the tensors of a model. Tied weights are written twice, as
// PyTorch lists them.
func writeModel(path string, c rnn.Config, tensors []Tensor) error {
	if c.Tie {
		for _, t := range tensors {
			if t.Name == "embedding.weight" {
				tensors = append(tensors, Tensor{"fc.weight", t.Shape, t.Data})
				break
			}
		}
	}
	return replace(path, func(w io.Writer) error { return writeTensors(w, tensors, metadataOf(c)) })
}

// metadataOf is what the tensors of a model do not tell, and the mark by which
// other programs know PyTorch's layout.
func metadataOf(c rnn.Config) map[string]string {
	metadata := map[string]string{"format": "pt"}
	if c.Activation != "" && c.Activation != "tanh" {
		metadata["activation"] = c.Activation
	}
	if c.Tie {
		metadata["tied"] = "true"
	}
	return metadata
}
