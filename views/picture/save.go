package picture

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"rnnscope/core/say"
)

// Error is something that the user can do something about.
type Error struct {
	What say.Text // and where
	Hint say.Text // the next move
	Err  error    // the cause, nil if none; told in What
}

func (e *Error) Error() string { return e.What.String() }
func (e *Error) Unwrap() error { return e.Err }

// Say is what went wrong, in another language.
func (e *Error) Say(translate say.Translate) string { return e.What.Say(translate) }

// Try is the next move.
func (e *Error) Try() string { return e.Hint.String() }

// TryIn is the next move in another language.
func (e *Error) TryIn(translate say.Translate) string { return e.Hint.Say(translate) }

// Save writes base.svg, base.png and base.csv and returns the paths of those it
// has written. All are made before the first is written, and each takes the
// place of an older file at once or not at all.
func Save(f Figure, base string) (paths []string, err error) {
	contents := make([]bytes.Buffer, len(Formats))
	for i, format := range Formats {
		if err := Write(f, format, &contents[i]); err != nil {
			return nil, err
		}
	}
	for i, format := range Formats {
		path := base + "." + format
		if err := replace(path, contents[i].Bytes()); err != nil {
			return paths, unwritten(path, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// replace writes a file beside path and renames it to path.
func replace(path string, content []byte) error {
	f, err := temporary(path)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync() // before the rename, or a power cut could leave an empty file
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// temporary creates .NAME.<number>.tmp beside path, on the same file system and
// with the permissions that a new file of the user has.
func temporary(path string) (*os.File, error) {
	const attempts = 100
	for i := 0; ; i++ {
		name := "." + filepath.Base(path) + "." + strconv.FormatUint(uint64(rand.Uint32()), 36) + ".tmp"
		f, err := os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || i == attempts {
			return f, err
		}
	}
}

func unwritten(path string, err error) *Error {
	reason := err
	var inner *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &inner):
		reason = inner.Err
	case errors.As(err, &link):
		reason = link.Err
	}
	e := &Error{What: say.Textf("%s: the picture cannot be written: %v", path, reason), Err: err}
	dir := filepath.Dir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Hint = say.Textf("make the directory %s, or choose another", dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Hint = say.Textf("allow writing in %s, or choose another directory", dir)
	case errors.Is(err, syscall.ENOSPC):
		e.Hint = say.Textf("make room on that disk, or choose another directory")
	default:
		e.Hint = say.Textf("choose another name or directory")
	}
	return e
}
