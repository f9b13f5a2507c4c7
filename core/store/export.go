package store

import (
	_ "embed"
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
// A file that exists is replaced only with force, or when it is the same.
func Export(path string, m *rnn.Model, v *corpora.Vocabulary, text Text, force bool) ([]string, error) {
	beside := strings.TrimSuffix(path, filepath.Ext(path)) + ".json"
	script := filepath.Join(filepath.Dir(path), scriptFile)
	if !force {
		for _, file := range []string{path, beside} {
			if _, err := os.Lstat(file); err == nil {
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
		write = WritePyTorch
	}
	if err := write(path, m); err != nil {
		return nil, elsewhere(err)
	}
	about := append(encode(companion{m.Config, v, text}), '\n')
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
