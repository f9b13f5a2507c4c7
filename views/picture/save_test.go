package picture

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"rnnscope/core/say"
	"rnnscope/views"
)

func checkError(t *testing.T, err error, words ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an Error", err)
	}
	if e.Try() == "" || strings.Contains(e.Error(), "\n") {
		t.Errorf("%q, next move %q", e.Error(), e.Try())
	}
	for _, s := range words {
		if !strings.Contains(e.Error()+"\n"+e.Try(), s) {
			t.Errorf("%q, next move %q: no %q", e.Error(), e.Try(), s)
		}
	}
}

// An error can be said in another language, its next move too, within others.
func TestErrorIsSaid(t *testing.T) {
	shout := func(english string) (string, bool) { return strings.ToUpper(english), !strings.Contains(english, "%") }
	err := say.Errorf("no picture: %w", Write(&Bars{}, "gif", nil))
	if got, want := say.Try(shout, err), "CHOOSE SVG, PNG OR CSV"; got != want {
		t.Errorf("next move %q, want %q", got, want)
	}
	known := func(english string) (string, bool) { return "%q?", strings.HasSuffix(english, "%q") }
	if got, want := say.In(known, err), `no picture: "gif"?`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestSaveWritesThreeFiles(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "next token")
	for range 2 { // the second time over the first
		paths, err := Save(nextToken(languages["zh"], themes()["light"]), base)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{base + ".svg", base + ".png", base + ".csv"}; !slices.Equal(paths, want) {
			t.Errorf("paths %q, want %q", paths, want)
		}
	}
	if got, want := names(t, dir), []string{"next token.csv", "next token.png", "next token.svg"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

func TestSaveSaysWhatStoppedIt(t *testing.T) {
	f := &Bars{Rows: []views.Bar{{Label: "a", Value: 1}}}
	dir := t.TempDir()

	paths, err := Save(f, filepath.Join(dir, "missing", "loss"))
	checkError(t, err, filepath.Join(dir, "missing", "loss.svg"), "make the directory")
	if len(paths) > 0 || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("paths %q, error %v", paths, err)
	}

	// Something in the way of the second file: the first is there, the third
	// and all that is temporary is not.
	if err := os.MkdirAll(filepath.Join(dir, "loss.png", "inside"), 0o777); err != nil {
		t.Fatal(err)
	}
	paths, err = Save(f, filepath.Join(dir, "loss"))
	checkError(t, err, "loss.png", "choose another")
	if want := []string{filepath.Join(dir, "loss.svg")}; !slices.Equal(paths, want) {
		t.Errorf("paths %q, want %q", paths, want)
	}
	if got, want := names(t, dir), []string{"loss.png", "loss.svg"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	checkError(t, Write(f, "gif", nil), "gif", "svg, png or csv")
}

func TestSaveInADirectoryThatIsReadOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	probe := filepath.Join(dir, "probe")
	if os.WriteFile(probe, nil, 0o666) == nil {
		os.Remove(probe)
		// This user may write everywhere: what the system would say is made up.
		for _, reason := range []error{syscall.EACCES, syscall.EROFS} {
			err := unwritten(filepath.Join(dir, "loss.svg"), &fs.PathError{Op: "open", Path: "x", Err: reason})
			checkError(t, err, filepath.Join(dir, "loss.svg"), "allow writing in "+dir)
		}
		return
	}
	_, err := Save(&Bars{}, filepath.Join(dir, "loss"))
	checkError(t, err, filepath.Join(dir, "loss.svg"), "allow writing in "+dir)
}
