package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rnnscope/core/say"
)

// The files of a run.
const (
	infoFile    = "run.json"
	stateFile   = "state.safetensors"
	modelFile   = "model.safetensors"
	metricsFile = "metrics.jsonl"
	samplesFile = "samples.txt"
)

// BestFile has the weights with the lowest validation loss so far.
const BestFile = "best.safetensors"

var tryModel = say.Textf("give the directory of a run, or a .safetensors or .pt file; rnnscope train makes a run")

// Run is a run directory that is being written. It belongs to one goroutine.
type Run struct {
	Info Info
	*Metrics

	dir string
}

// Create makes a run directory. One that exists must be empty: nothing is ever
// written over.
func Create(dir string, info Info) (*Run, error) {
	made, err := claim(dir)
	if err != nil {
		return nil, err
	}
	info.Format = Format
	r := &Run{Info: info, dir: dir}
	err = info.write(dir)
	if err == nil {
		r.Metrics, err = openMetrics(filepath.Join(dir, metricsFile))
	}
	if err != nil {
		os.Remove(filepath.Join(dir, infoFile))
		if made {
			os.Remove(dir)
		}
		return nil, err
	}
	return r, nil
}

// claim makes dir, or takes it if it is empty, so that of several programs only
// one gets it. made says that it did not exist.
func claim(dir string) (made bool, err error) {
	refused := func(err error) error {
		return &Error{What: say.Textf("%s: no place for a run directory: %v", dir, reason(err)), Hint: say.Textf("choose another with --out"), Err: err}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return false, refused(err)
	}
	err = os.Mkdir(dir, 0o777)
	made = err == nil
	if err != nil && !errors.Is(err, os.ErrExist) {
		return false, refused(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return false, refused(err)
	}
	if len(files) > 0 {
		return false, occupied(dir)
	}
	// Who makes run.json has the directory, also against who made that.
	f, err := os.OpenFile(filepath.Join(dir, infoFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if errors.Is(err, os.ErrExist) {
		return false, occupied(dir)
	}
	if err != nil {
		if made {
			os.Remove(dir)
		}
		return false, refused(err)
	}
	return made, f.Close()
}

// occupied is the error of an output directory that has something in it.
func occupied(dir string) error {
	e := &Error{What: say.Textf("%s exists and is not empty", dir), Hint: say.Textf("choose another directory with --out"), Err: os.ErrExist}
	if _, err := os.Stat(filepath.Join(dir, stateFile)); err == nil {
		e.Hint = say.Textf("go on with the run in it: --resume %s; or choose another directory with --out", dir)
	}
	return e
}

// Resume opens a run directory to go on with it: what a killed program left
// half written is taken away.
func Resume(dir string) (*Run, error) {
	info, err := ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, stateFile)); err != nil {
		return nil, &Error{What: say.Textf("%s: nothing to go on with: it has no %s", dir, stateFile), Hint: say.Textf("start anew with another --out"), Err: err}
	}
	r := &Run{Info: *info, dir: dir}
	if r.Metrics, err = openMetrics(filepath.Join(dir, metricsFile)); err != nil {
		return nil, err
	}
	sweep(dir) // only now: the run is ours
	sweep(filepath.Join(dir, snapshotDir))
	return r, nil
}

// Dir is the run's directory.
func (r *Run) Dir() string { return r.dir }

// Describe replaces run.json, as when a run goes on with another learning
// rate.
func (r *Run) Describe(info Info) error {
	info.Format = Format
	if err := info.write(r.dir); err != nil {
		return err
	}
	r.Info = info
	return nil
}

// Save writes a state, tensors and a text of the caller's, that takes the
// place of the last one; then model.safetensors, from the tensors that have
// modelPrefix. When it fails, the state on disk is the old or the new one, and
// whole. Metrics go first, so that none of an update that was saved are lost.
func (r *Run) Save(tensors []Tensor, meta string) error {
	metrics := r.Flush()
	metadata := metadataOf(r.Info.Model)
	metadata[stateKey] = meta
	err := replace(filepath.Join(r.dir, stateFile), func(w io.Writer) error { return writeTensors(w, tensors, metadata) })
	if err != nil {
		return err
	}
	var model []Tensor
	for _, t := range tensors {
		if name, ok := strings.CutPrefix(t.Name, modelPrefix); ok {
			model = append(model, Tensor{name, t.Shape, t.Data})
		}
	}
	if err := writeModel(filepath.Join(r.dir, modelFile), r.Info.Model, model); err != nil {
		return err
	}
	return metrics
}

// AddSample appends what the model wrote to samples.txt, under a heading.
func (r *Run) AddSample(w Written) error {
	path := filepath.Join(r.dir, samplesFile)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
	if err != nil {
		return unwritten(path, err)
	}
	_, err = fmt.Fprintf(f, "%s\n%s\n\n", w.heading(), w.Text)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return unwritten(path, err)
	}
	return nil
}
