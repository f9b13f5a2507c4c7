package store

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// replace writes a file that takes the place of the one at path in one moment,
// and is on the disk when replace returns. Whatever fails, and whenever the
// program dies, path holds either the whole old content or the whole new one.
// The error is an *Error.
func replace(path string, write func(io.Writer) error) error {
	f, err := temporary(path)
	if err != nil {
		return unwritten(path, err)
	}
	err = write(f)
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
		return unwritten(path, err)
	}
	if err := syncDirectory(filepath.Dir(path)); err != nil {
		return unwritten(path, err)
	}
	return nil
}

// A temporary file of NAME is .NAME.<number>.rnnscope-tmp beside it, on the
// same disk.
const temporarySuffix = ".rnnscope-tmp"

func temporary(path string) (*os.File, error) {
	dir, name := filepath.Split(path)
	for attempt := 0; ; attempt++ {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%08x%s", name, rand.Uint32(), temporarySuffix))
		f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, os.ErrExist) || attempt == 10 {
			return f, err
		}
	}
}

// sweep removes the temporary files that a killed program left in a run.
func sweep(dir string) {
	files, _ := os.ReadDir(dir)
	for _, f := range files {
		if name := f.Name(); strings.HasPrefix(name, ".") && strings.HasSuffix(name, temporarySuffix) {
			os.Remove(filepath.Join(dir, name))
		}
	}
}

// syncDirectory makes a rename last through a power cut. Windows has no such
// call, and some network file systems refuse it.
func syncDirectory(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// ReplaceFile writes a file that takes the place of the one at path in one
// moment. The error is an *Error.
func ReplaceFile(path string, content []byte) error {
	return replace(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
