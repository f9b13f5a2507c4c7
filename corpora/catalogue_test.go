package corpora

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCatalogue: every entry can be trusted, and opened by name once its files
// are there.
func TestCatalogue(t *testing.T) {
	cacheIn(t)
	for _, d := range Catalogue() {
		if len(d.Files) != 1 && len(d.Files) != 3 {
			t.Errorf("%s has %d files", d.Name, len(d.Files))
		}
		if b, err := lookup(d.Name); b != nil || err != nil {
			t.Errorf("%s is also a built-in text", d.Name)
		}
		for _, f := range d.Files {
			if len(f.SHA256) != hex.EncodedLen(sha256.Size) || f.Bytes <= 0 || f.Bytes > maxDownload || !strings.HasPrefix(f.URL, "https://") || f.Name != filepath.Base(f.Name) {
				t.Errorf("%s: %+v", d.Name, f)
			}
		}
		if d.Downloaded() {
			t.Errorf("%s is in an empty cache", d.Name)
		}
		var e *Error
		if _, err := Open(d.Name, Options{}); !errors.As(err, &e) || e.Error() != d.Name+": has not been downloaded" || e.Try() != "get it: rnnscope corpora get "+d.Name {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

// entries puts rows into the catalogue for a test, their files in the cache.
func entries(t *testing.T, downloads ...Download) {
	t.Helper()
	cacheIn(t)
	before := catalogue
	catalogue = downloads
	t.Cleanup(func() { catalogue = before })
}

func cached(t *testing.T, name, text string) File {
	t.Helper()
	f := File{Name: name, Bytes: int64(len(text))}
	sum := sha256.Sum256([]byte(text))
	f.SHA256 = hex.EncodeToString(sum[:])
	if err := os.MkdirAll(CacheDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.Path(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOpenDownloaded(t *testing.T) {
	entries(t)
	one := Download{Name: "one", Files: []File{cached(t, "one.txt", "abababababababababab")}}
	three := Download{Name: "three", Level: Word, Files: []File{cached(t, "1", " a <unk> \n"), cached(t, "2", " a b \n"), cached(t, "3", " a \n")}}
	verses := cached(t, "poems.json", `[{"title":"静夜思","paragraphs":["床前明月光，","疑是地上霜。"]},{"paragraphs":[]},{"paragraphs":["千山鳥飛絕。"]}]`)
	verses.text = poems
	catalogue = []Download{one, three, {Name: "poems", Files: []File{verses}}}

	c, err := Open("one", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Train.IDs.Len() != 18 || c.Valid.IDs.Len() != 1 || c.Test.IDs.Len() != 1 || c.Builtin || c.Name != "one" {
		t.Errorf("one: %+v", c)
	}
	c, err = Open("three", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := all(c), []int32{2, 0, 1, 2, 0, 1, 2, 1}; !slices.Equal(got, want) || c.Level != Word || c.Valid.IDs.Len() != 3 {
		t.Errorf("three: %v, want %v", got, want)
	}
	c, err = Open("poems", Options{Split: allTrain})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Vocab.Decode(ids(c.Train.IDs)), "床前明月光，疑是地上霜。\n千山鳥飛絕。\n"; got != want {
		t.Errorf("poems: %q, want %q", got, want)
	}

	if err := os.Remove(three.Files[1].Path()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("three", Options{}); err == nil || err.Error() != "three: "+three.Files[1].Path()+" is missing" {
		t.Errorf("a file is missing: %v", err)
	}
	if err := os.WriteFile(one.Files[0].Path(), []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open("one", Options{}); err == nil || !strings.Contains(err.Error(), "is not the file of the catalogue") {
		t.Errorf("another file under the name: %v", err)
	}
}

func TestPoems(t *testing.T) {
	for _, bad := range []string{"", "{}", "[]", `[{"paragraphs": "x"}]`, "not JSON"} {
		if text, err := poems([]byte(bad)); err == nil {
			t.Errorf("%q is %q", bad, text)
		}
	}
}
