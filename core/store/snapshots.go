package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/say"
)

// snapshotDir holds the weights as they were, a file an update:
//
//	RUN/history/0.safetensors, 1.safetensors, 2.safetensors, 5.safetensors, …
//
// As a model, that of update 1000 is called RUN@1000, or by its path.
const snapshotDir = "history"

// Snapshot is the weights of a run at an earlier update.
type Snapshot struct {
	Update int64
	Bytes  int64
	Path   string
}

// Snapshots lists those of the run in dir, by update.
func Snapshots(dir string) ([]Snapshot, error) {
	path := filepath.Join(dir, snapshotDir)
	files, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unread(path, err, nil)
	}
	var all []Snapshot
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".safetensors")
		update, err := strconv.ParseInt(name, 10, 64)
		if !ok || err != nil || update < 0 || strconv.FormatInt(update, 10) != name {
			continue
		}
		if info, err := f.Info(); err == nil && info.Mode().IsRegular() {
			all = append(all, Snapshot{update, info.Size(), filepath.Join(path, f.Name())})
		}
	}
	slices.SortFunc(all, func(a, b Snapshot) int { return cmp.Compare(a.Update, b.Update) })
	return all, nil
}

// AddSnapshot keeps the tensors of the run's model as those of an update.
func (r *Run) AddSnapshot(update int64, model []Tensor) (Snapshot, error) {
	dir := filepath.Join(r.dir, snapshotDir)
	if err := os.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return Snapshot{}, unwritten(dir, err)
	}
	path := filepath.Join(dir, strconv.FormatInt(update, 10)+".safetensors")
	if err := writeModel(path, r.Info.Model, model); err != nil {
		return Snapshot{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Snapshot{}, unwritten(path, err)
	}
	return Snapshot{update, info.Size(), path}, nil
}

// Drop removes a snapshot.
func (s Snapshot) Drop() error {
	if err := os.Remove(s.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritten(s.Path, err)
	}
	return nil
}

// asSnapshot reads RUN@UPDATE, unless something is called so.
func asSnapshot(path string) (dir string, update int64, ok bool) {
	at := strings.LastIndexByte(path, '@')
	if at < 1 {
		return "", 0, false
	}
	update, err := strconv.ParseInt(path[at+1:], 10, 64)
	if err != nil || update < 0 {
		return "", 0, false
	}
	if _, err := os.Stat(path); err == nil {
		return "", 0, false
	}
	stat, err := os.Stat(path[:at])
	return path[:at], update, err == nil && stat.IsDir()
}

// IsModel says whether a path names a model rather than a text: a directory, a
// file by its ending, or a snapshot.
func IsModel(path string) bool {
	if stat, err := os.Stat(path); err == nil && stat.IsDir() {
		return true
	}
	_, _, snapshot := asSnapshot(path)
	return snapshot || IsModelFile(path)
}

// IsSnapshot says whether a path is RUN@UPDATE or the file of a snapshot.
func IsSnapshot(path string) bool {
	_, _, ok := asSnapshot(path)
	return ok || IsModelFile(path) && filepath.Base(filepath.Dir(path)) == snapshotDir
}

// openSnapshot opens the model of an update.
func openSnapshot(dir string, update int64, set *kernel.Set) (*Opened, error) {
	info, err := ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	all, err := Snapshots(dir)
	if err != nil {
		return nil, err
	}
	var have []string
	for _, s := range all {
		if s.Update == update {
			m, err := readSnapshot(s.Path, info.Model, set)
			if err != nil {
				return nil, err
			}
			return ofRun(m, info), nil
		}
		have = append(have, strconv.FormatInt(s.Update, 10))
	}
	if len(have) == 0 {
		return nil, &Error{What: say.Textf("%s: no weights of earlier updates were kept", dir), Hint: say.Textf("leave @%d out for the latest; --history says how much is kept", update)}
	}
	return nil, &Error{
		What: say.Textf("%s: the weights of update %d were not kept", dir, update),
		Hint: say.Textf("there are those of %s", strings.Join(have, ", ")), Err: fs.ErrNotExist,
	}
}

func readSnapshot(path string, c rnn.Config, set *kernel.Set) (*rnn.Model, error) {
	t, err := openTensors(path)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	m, err := readModel(t, lecture(""), c, set)
	if err != nil {
		return nil, notModel(path, err)
	}
	return m, nil
}
