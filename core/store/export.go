package store

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/corpora"
)

// loadScript is a program in Python that rebuilds an exported model in PyTorch
// and measures it.
//
//go:embed load.py
var loadScript []byte

const scriptFile = "load.py"

// companion is the file beside an exported model: what its tensors do not say.
type companion struct {
	Model      rnn.Config          `json:"model"`
	Vocabulary *corpora.Vocabulary `json:"vocabulary"` // null when it is not known
	Text       Text                `json:"text"`       // that the model was trained on
}

// mostCompanion is the largest companion that is read, bytes.
const mostCompanion = 64 << 20

// companionPath is where the companion of a model file is.
func companionPath(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".json"
}

// companionOf reads what stands beside a model file, nil where nothing does that
// Export wrote.
func companionOf(path string) *companion {
	text, err := readCompanion(companionPath(path))
	if err != nil {
		return nil
	}
	return parseCompanion(text)
}

// errNoCompanion is a file that Export has not written.
var errNoCompanion = errors.New("no companion of a model")

// readCompanion reads a file that may be one. A named pipe, which would wait for
// somebody to write, is none.
func readCompanion(path string) ([]byte, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() || stat.Size() > mostCompanion {
		return nil, errNoCompanion
	}
	return os.ReadFile(path)
}

// parseCompanion reads the text of a companion, nil for one that contradicts
// itself.
func parseCompanion(text []byte) *companion {
	var c companion
	if json.Unmarshal(text, &c) != nil || c.Model.Validate() != nil {
		return nil
	}
	if c.Vocabulary != nil && c.Vocabulary.Len() != c.Model.Vocab {
		return nil
	}
	return &c
}

// IsModelFile says whether a path names a file of weights rather than a
// directory: by its ending.
func IsModelFile(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".safetensors", ".pt", ".pth":
		return true
	}
	return false
}

// Export writes a model for other programs, and returns the files it wrote:
//
//	NAME.pt or NAME.safetensors   the weights, by the ending of path
//	NAME.json                     configuration and vocabulary
//	load.py                       reads both in PyTorch
//
// A file that exists is replaced only with force; a NAME.json that says the same
// of the model, as of another file of it, may stay.
func Export(path string, m *rnn.Model, v *corpora.Vocabulary, text Text, force bool) ([]string, error) {
	beside := companionPath(path)
	script := filepath.Join(filepath.Dir(path), scriptFile)
	about := append(encode(companion{m.Config, v, text}), '\n')
	if !force {
		for _, file := range []string{path, beside} {
			if _, err := os.Lstat(file); err != nil {
				continue
			}
			if old, err := readCompanion(file); file == path || err != nil || !bytes.Equal(old, about) {
				return nil, &Error{What: say.Textf("%s exists", file), Hint: say.Textf("choose another name, or replace it with --force"), Err: fs.ErrExist}
			}
		}
		if old, err := os.ReadFile(script); err == nil && string(old) != string(loadScript) {
			return nil, &Error{What: say.Textf("%s exists, and is another program", script), Hint: say.Textf("choose another directory, or replace it with --force"), Err: fs.ErrExist}
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, elsewhere(unwritten(path, err))
	}
	write := WriteModel
	if strings.ToLower(filepath.Ext(path)) != ".safetensors" {
		write = writePyTorch
	}
	if err := write(path, m); err != nil {
		return nil, elsewhere(err)
	}
	for file, content := range map[string][]byte{beside: about, script: loadScript} {
		if err := ReplaceFile(file, content); err != nil {
			return nil, elsewhere(err)
		}
	}
	return []string{path, beside, script}, nil
}

// elsewhere is the error of a file that a user has named for itself.
func elsewhere(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return &Error{What: e.What, Hint: say.Textf("choose another place for it; what was there before is intact"), Err: err}
	}
	return err
}

// CreateWith makes a run directory that holds a model and no state: it can be
// evaluated and trained from, not gone on with.
func CreateWith(dir string, info Info, m *rnn.Model) error {
	r, err := Create(dir, info)
	if err != nil {
		return err
	}
	err = WriteModel(filepath.Join(dir, modelFile), m)
	if e := r.Close(); err == nil {
		err = e
	}
	return err
}
