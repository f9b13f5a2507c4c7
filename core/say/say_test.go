package say

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"
)

// reversed is a language of a few messages.
func reversed(english string) (string, bool) {
	s, ok := map[string]string{
		"%s: %d too many":        "%[2]d over: %[1]s",
		"cannot read %s: %w":     "no reading of %s, %w",
		"%w and %w":              "%[2]v, %[1]v",
		"nothing here":           "empty",
		"%d of %s":               "%[2]s by %[1]d",
		"file does not exist":    "gone",
		"the key":                "a key",
		"%.1f %% right of %s %v": "%[2]s: %.1[1]f %% %[3]v",
	}[english]
	return s, ok
}

// Every call must do what fmt.Errorf does: message, unwrapping, Is and As.
func TestErrorfIsThatOfFmt(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}
	for _, c := range []struct {
		format string
		args   []any
	}{
		{"nothing here", nil},
		{"%s: %d too many", []any{"a", 3}},
		{"cannot read %s: %w", []any{"x", path}},
		{"cannot read %s: %v", []any{"x", path}},
		{"cannot read %s: %w", []any{"x", nil}},
		{"%w and %w", []any{path, io.EOF}},
		{"100 %%", nil},
	} {
		got, want := Errorf(c.format, c.args...), fmt.Errorf(c.format, c.args...)
		if got.Error() != want.Error() || In(nil, got) != want.Error() || got.(fmt.Stringer).String() != want.Error() {
			t.Errorf("%q: got %q, want %q", c.format, got, want)
		}
		if errors.Unwrap(got) != errors.Unwrap(want) {
			t.Errorf("%q unwraps to %v, fmt's to %v", c.format, errors.Unwrap(got), errors.Unwrap(want))
		}
		for _, target := range []error{fs.ErrNotExist, io.EOF, fs.ErrExist} {
			if errors.Is(got, target) != errors.Is(want, target) {
				t.Errorf("%q: Is(%v) differs", c.format, target)
			}
		}
		var a, b *fs.PathError
		if errors.As(got, &a) != errors.As(want, &b) || a != b {
			t.Errorf("%q: As differs", c.format)
		}
	}
}

type typed struct{ n int }

func (e typed) Error() string           { return e.text().String() }
func (e typed) text() Text              { return Textf("%s: %d too many", "typed", e.n) }
func (e typed) Say(tr Translate) string { return e.text().Say(tr) }
func (e typed) Try() string             { return e.TryIn(nil) }
func (typed) TryIn(tr Translate) string { return Textf("nothing here").Say(tr) }

func TestIn(t *testing.T) {
	gone := &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}
	for _, c := range []struct {
		v             any
		english, want string
	}{
		{Textf("%s: %d too many", "a", 3), "a: 3 too many", "3 over: a"},
		{Textf("%d of %s", 2, Textf("%s: %d too many", "a", 3)), "2 of a: 3 too many", "3 over: a by 2"},
		{Textf("%d of %s", 2, Phrase("the key")), "2 of the key", "a key by 2"},
		{Textf("%.1f %% right of %s %v", 12.34, "x", []int{1}), "12.3 % right of x [1]", "x: 12.3 % [1]"},
		{Errorf("cannot read %s: %w", "f", typed{7}), "cannot read f: typed: 7 too many", "no reading of f, 7 over: typed"},
		{Errorf("cannot read %s: %w", "f", gone.Err), "cannot read f: file does not exist", "no reading of f, gone"},
		{Errorf("%w and %w", io.EOF, typed{1}), "EOF and typed: 1 too many", "1 over: typed, EOF"},
		{Errorf("not translated: %w", typed{1}), "not translated: typed: 1 too many", "not translated: 1 over: typed"},
		{errors.Join(typed{1}, Errorf("nothing here")), "typed: 1 too many\nnothing here", "1 over: typed\nempty"},
		{"the key", "the key", "the key"}, // a string is data
		{nil, "", ""},
		{12, "12", "12"},
	} {
		if got := In(nil, c.v); got != c.english {
			t.Errorf("%v in English: got %q, want %q", c.v, got, c.english)
		}
		if got := In(reversed, c.v); got != c.want {
			t.Errorf("%v: got %q, want %q", c.v, got, c.want)
		}
	}
}

type english struct{ error }

func (english) Try() string { return "wait" }

func TestTry(t *testing.T) {
	for _, c := range []struct {
		err           error
		english, want string
	}{
		{typed{1}, "nothing here", "empty"},
		{Errorf("cannot read %s: %w", "f", typed{1}), "nothing here", "empty"},
		{english{io.EOF}, "wait", "wait"},
		{io.EOF, "", ""},
	} {
		if en, other := Try(nil, c.err), Try(reversed, c.err); en != c.english || other != c.want {
			t.Errorf("%v: %q and %q, want %q and %q", c.err, en, other, c.english, c.want)
		}
	}
}
