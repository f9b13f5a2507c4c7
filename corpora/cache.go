package corpora

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"

	"rnnscope/core/say"
)

// CacheDir is where downloads are kept.
func CacheDir() string { return filepath.Join(xdg.CacheHome, "rnnscope", "corpora") }

// Path is where the file is, or would be.
func (f *File) Path() string { return filepath.Join(CacheDir(), f.Name) }

// Downloaded says whether all files are in the cache. Their content is checked
// when they are opened.
func (d *Download) Downloaded() bool {
	for i := range d.Files {
		if _, err := os.Stat(d.Files[i].Path()); err != nil {
			return false
		}
	}
	return true
}

// material opens the files of a download, or returns nil when none of them is
// in the cache.
func (d *Download) material() (*material, error) {
	m := &material{level: d.Level, cut: len(d.Files) == 1}
	missing := ""
	for part := range d.Files {
		f := &d.Files[part]
		s, err := f.source()
		if errors.Is(err, fs.ErrNotExist) {
			missing = f.Path()
			continue
		}
		if err != nil {
			m.close()
			return nil, err
		}
		m.sources[part] = s
	}
	if missing == "" {
		return m, nil
	}
	m.close()
	for part := range m.sources {
		if m.sources[part].r != nil {
			return nil, &Error{What: say.Textf("%s: %s is missing", d.Name, missing), Hint: say.Textf("get it: rnnscope corpora get %s", d.Name)}
		}
	}
	return nil, nil
}

// source opens the file in the cache once its bytes are seen to be the right
// ones; somebody may have put it there by hand.
func (f *File) source() (source, error) {
	if err := f.verify(); err != nil {
		return source{}, err
	}
	s, err := fileSource(f.Path())
	if err != nil || f.text == nil {
		return s, err
	}
	defer s.close()
	b, err := io.ReadAll(s.r)
	if err != nil {
		return source{}, err
	}
	text, err := f.text(b)
	if err != nil {
		return source{}, &Error{What: say.Textf("%s: %v", f.Path(), err), Err: err}
	}
	return stringSource(f.Path(), text), nil
}

// verify compares the file in the cache with the catalogue.
func (f *File) verify() error {
	s, err := fileSource(f.Path())
	if err != nil {
		return err
	}
	defer s.close()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(s.r, f.Bytes+1)); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != f.SHA256 {
		return &Error{
			What: say.Textf("%s: is not the file of the catalogue (sha256 %s)", f.Path(), f.SHA256),
			Hint: say.Textf("move it away and get it again: rnnscope corpora get"),
		}
	}
	return nil
}
