package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/corpora"
)

// Opened is a model from disk, with what is known of it.
type Opened struct {
	Model *rnn.Model
	Vocab *corpora.Vocabulary // nil where nothing tells it
	Text  Text                // that it was trained on, without a name where nothing tells it
	Info  *Info               // of the run it is from; nil for a file of its own
}

// ofRun is a model of a run.
func ofRun(m *rnn.Model, info *Info) *Opened {
	return &Opened{Model: m, Vocab: info.Vocabulary, Text: info.Corpus, Info: info}
}

// OpenModel opens the model at path: that of a run directory, RUN@UPDATE for an
// earlier one of it, or a file, safetensors or PyTorch's. Of a run it reads
// model.safetensors or, without one, the state. A file in a run directory that
// fits what run.json says, such as the best model so far, is one of the run's. What
// Export wrote beside a file is read with it, where it fits.
func OpenModel(path string, set *kernel.Set) (*Opened, error) {
	if dir, update, ok := asSnapshot(path); ok {
		return openSnapshot(dir, update, set)
	}
	stat, err := os.Stat(path)
	if err != nil {
		return nil, unread(path, err, tryModel)
	}
	if stat.IsDir() {
		return openRun(path, set)
	}
	t, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	run := filepath.Dir(path)
	if filepath.Base(run) == snapshotDir {
		run = filepath.Dir(run)
	}
	if info, err := ReadInfo(run); err == nil {
		if m, err := readModel(t, lecture(""), info.Model, set); err == nil {
			return ofRun(m, info), nil
		}
	}
	if c := companionOf(path); c != nil {
		if m, err := readModel(t, lecture(""), c.Model, set); err == nil {
			return &Opened{Model: m, Vocab: c.Vocabulary, Text: c.Text}, nil
		}
	}
	m, err := modelIn(t, set)
	if err != nil {
		return nil, notModel(path, err)
	}
	return &Opened{Model: m}, nil
}

// openFile opens a file of tensors, of either kind.
func openFile(path string) (*Tensors, error) {
	if isPyTorch(path) {
		return openPyTorch(path)
	}
	t, err := openTensors(path)
	var broken *Malformed
	if errors.As(err, &broken) && filepath.Ext(path) != ".safetensors" {
		err = &Error{What: say.Textf("%s is no model: neither the directory of a run nor a safetensors or PyTorch file", path), Hint: tryModel, Err: err}
	}
	return t, err
}

// openRun opens the model of the run in dir. What shapes cannot tell (the
// activation, tied weights, dropout) run.json says.
func openRun(dir string, set *kernel.Set) (*Opened, error) {
	info, err := ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	path, prefix := filepath.Join(dir, modelFile), ""
	t, err := openTensors(path)
	if errors.Is(err, os.ErrNotExist) {
		path, prefix = filepath.Join(dir, stateFile), modelPrefix
		t, err = openTensors(path)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, &Error{What: say.Textf("%s: nothing has been saved in this run yet", dir), Hint: say.Textf("wait for its first save, or train it anew"), Err: err}
	}
	if err != nil {
		return nil, err
	}
	defer t.Close()
	m, err := readModel(t, lecture(prefix), info.Model, set)
	if err != nil {
		return nil, notModel(path, err)
	}
	return ofRun(m, info), nil
}

// notModel is the error of a sound file with something else in it.
func notModel(path string, err error) error {
	return &Error{
		What: say.Textf("%s: no model that can be read: %v", path, reason(err)),
		Hint: say.Textf("a model file has embedding.weight, rnn.weight_ih_l0, rnn.weight_hh_l0 and fc.weight at least"),
		Err:  err,
	}
}

// isPyTorch knows torch.save's files by their first bytes, zip or pickle, and
// by their names.
func isPyTorch(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".pt", ".pth":
		return true
	case ".safetensors":
		return false
	}
	f, _, err := openRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var first [4]byte
	n, _ := io.ReadFull(f, first[:])
	return bytes.HasPrefix(first[:n], []byte("PK\x03\x04")) || bytes.HasPrefix(first[:n], []byte{0x80, 0x02})
}
