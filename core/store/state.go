package store

import (
	"path/filepath"

	"rnnscope/core/say"
)

// stateKey is the metadata of a state that holds its text.
const stateKey = "state"

// State is what Save wrote.
type State struct {
	Meta    string
	tensors map[string][]float32
}

// Find returns the values of a tensor, nil when there is none of that name.
func (s *State) Find(name string) []float32 { return s.tensors[name] }

// ReadStateText reads what Save was given as text with the state of the run in
// dir, and none of the tensors.
func ReadStateText(dir string) (string, error) {
	t, err := openTensors(filepath.Join(dir, stateFile))
	if err != nil {
		return "", err
	}
	defer t.Close()
	return t.Metadata[stateKey], nil
}

// ReadState reads the state of the run in dir.
func ReadState(dir string) (*State, error) {
	path := filepath.Join(dir, stateFile)
	t, err := openTensors(path)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	s := &State{tensors: map[string][]float32{}}
	var ok bool
	if s.Meta, ok = t.Metadata[stateKey]; !ok {
		return nil, &Error{What: say.Textf("%s: not the state of a run: it has no metadata %q", path, stateKey), Hint: say.Textf("train from its weights: --from %s", path)}
	}
	for _, e := range t.Entries {
		if s.tensors[e.Name], err = t.Float32s(e.Name); err != nil {
			return nil, unread(path, err, nil)
		}
	}
	return s, nil
}
