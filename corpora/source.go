package corpora

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"rnnscope/core/say"
)

// source is a text that can be read once.
type source struct {
	name string // as messages call it
	r    io.Reader
	size int64 // -1 when unknown
}

func (s source) close() {
	if c, ok := s.r.(io.Closer); ok {
		c.Close()
	}
}

// stringSource is a text in memory.
func stringSource(name, text string) source {
	return source{name, strings.NewReader(text), int64(len(text))}
}

// stdinSource is standard input; it is not closed.
func stdinSource(r io.Reader) source {
	if r == nil {
		r = os.Stdin
	}
	return source{"standard input", io.MultiReader(r), -1}
}

// fileSource opens a file. Anything but a directory may be read: a pipe is a
// text of unknown length.
func fileSource(path string) (source, error) {
	f, err := os.Open(path)
	if err != nil {
		return source{}, openError(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = &Error{What: say.Textf("%s: is a directory", path), Hint: say.Textf("name a text file in it")}
	}
	if err != nil {
		f.Close()
		return source{}, err
	}
	s := source{path, f, -1}
	if info.Mode().IsRegular() && info.Size() > 0 { // files of /proc say 0
		s.size = info.Size()
	}
	return s, nil
}

// openError says why a path cannot be opened, in fewer words than the system.
func openError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{What: say.Textf("%s: no such file", path), Err: err}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return &Error{What: say.Textf("%s: %v", path, p.Err), Err: err}
	}
	return err
}
