package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/corpora"
)

// Format is the version of run.json that this program writes; it reads those
// up to it.
const Format = 1

// Info is what a run is: run.json.
type Info struct {
	Format     int                 `json:"format"`
	Command    []string            `json:"command"` // the command line that began it
	Weights    Origin              `json:"weights,omitempty"`
	Model      rnn.Config          `json:"model"`
	Config     json.RawMessage     `json:"config"` // how it is trained, in the caller's words
	Corpus     Text                `json:"corpus"`
	Vocabulary *corpora.Vocabulary `json:"vocabulary"`
}

// Origin is where the weights came from that a run began with.
type Origin string

// The origins of weights.
const (
	Drawn Origin = "drawn" // from the run's seed
	Given Origin = "given" // another model's
)

// OriginOf is Drawn or Given.
func OriginOf(drawn bool) Origin {
	if drawn {
		return Drawn
	}
	return Given
}

// Drawn says that the run's first weights were drawn from its seed, and not
// those of another model. A run.json that does not say so is judged by the command
// that began the run.
func (i Info) Drawn() bool {
	if i.Weights != "" {
		return i.Weights == Drawn
	}
	return !slices.ContainsFunc(i.Command, func(arg string) bool { return arg == "--from" || strings.HasPrefix(arg, "--from=") })
}

// Text says which text a run is about, and how it was read.
type Text struct {
	Name    string          `json:"name"`
	Builtin bool            `json:"builtin"`
	Bytes   int64           `json:"bytes"`
	SHA256  string          `json:"sha256"`
	Options corpora.Options `json:"options"`
}

// TextOf identifies a corpus.
func TextOf(c *corpora.Corpus) Text {
	return Text{Name: c.Name, Builtin: c.Builtin, Bytes: c.Bytes, SHA256: c.SHA256, Options: c.Options}
}

// write replaces dir/run.json, one field a line so that a reader finds the
// configuration above a long vocabulary.
func (i Info) write(dir string) error {
	var b bytes.Buffer
	separator := byte('{')
	for _, f := range []struct {
		name  string
		value any
	}{
		{"format", Format}, {"command", i.Command}, {"weights", i.Weights}, {"model", i.Model}, {"config", i.Config},
		{"corpus", i.Corpus}, {"vocabulary", i.Vocabulary},
	} {
		if f.value == Origin("") { // of a run begun before it was noted
			continue
		}
		fmt.Fprintf(&b, "%c\n  %q: %s", separator, f.name, encode(f.value))
		separator = ','
	}
	b.WriteString("\n}\n")
	return replace(filepath.Join(dir, infoFile), func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	})
}

// IsRun says whether dir has a run.json, readable or not.
func IsRun(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, infoFile))
	return err == nil
}

// ReadInfo reads run.json of a run directory.
func ReadInfo(dir string) (*Info, error) {
	path := filepath.Join(dir, infoFile)
	text, err := os.ReadFile(path)
	if err != nil {
		if stat, e := os.Stat(dir); e == nil && stat.IsDir() && os.IsNotExist(err) {
			return nil, &Error{What: say.Textf("%s is a directory, but no run: it has no %s", dir, infoFile), Hint: tryModel, Err: err}
		}
		return nil, &Error{What: say.Textf("%s: no run: %v", dir, reason(err)), Hint: tryModel, Err: err}
	}
	if len(text) == 0 {
		return nil, &Error{What: say.Textf("%s: this run ended before it began; it has nothing to lose", dir), Hint: say.Textf("remove it, or choose another directory with --out")}
	}
	return parseInfo(path, text)
}

// parseInfo reads the text of a run.json and makes sure that its parts agree.
func parseInfo(path string, text []byte) (*Info, error) {
	hint := say.Textf("the weights may still be good: give model.safetensors in that directory in place of it")
	var i Info
	if err := json.Unmarshal(text, &i); err != nil {
		return nil, &Error{What: say.Textf("%s: damaged: %v", path, err), Hint: hint, Err: err}
	}
	if i.Format > Format {
		return nil, &Error{What: say.Textf("%s: written by a later version, in format %d; this one reads format %d", path, i.Format, Format), Hint: say.Textf("use the later version")}
	}
	if i.Format < 1 || i.Vocabulary == nil || i.Model.Validate() != nil {
		return nil, &Error{What: say.Textf("%s: damaged: format, model or vocabulary is missing or wrong", path), Hint: hint}
	}
	if n := i.Vocabulary.Len(); n != i.Model.Vocab {
		return nil, &Error{What: say.Textf("%s: damaged: the vocabulary has %d tokens, the model %d", path, n, i.Model.Vocab), Hint: hint}
	}
	return &i, nil
}
