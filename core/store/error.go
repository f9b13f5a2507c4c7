package store

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"rnnscope/core/say"
)

// Error is what a user can do something about: what went wrong, and the next
// move. Err, when not nil, is the cause, already told in What.
type Error struct {
	What any // say.In renders it and Hint: a say.Text, or another error
	Hint any
	Err  error
}

func (e *Error) Error() string { return e.Say(nil) }
func (e *Error) Unwrap() error { return e.Err }

// Say is what went wrong, in another language.
func (e *Error) Say(translate say.Translate) string { return say.In(translate, e.What) }

// Try is the next move.
func (e *Error) Try() string { return e.TryIn(nil) }

// TryIn is the next move in another language.
func (e *Error) TryIn(translate say.Translate) string { return say.In(translate, e.Hint) }

// reason is err without the call and the path that the system's errors carry.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// unwritten is the error of a file that could not be written.
func unwritten(path string, err error) *Error {
	e := &Error{What: say.Textf("%s: cannot be written: %v", path, reason(err)), Err: err}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		e.Hint = say.Textf("make room on that disk; what was saved before is intact")
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Hint = say.Textf("allow writing there, or choose another directory with --out; what was saved before is intact")
	default:
		e.Hint = say.Textf("choose another directory with --out; what was saved before is intact")
	}
	return e
}

// unread is the error of a file that could not be read.
func unread(path string, err error, hint any) *Error {
	return &Error{What: say.Textf("%s: cannot be read: %v", path, reason(err)), Hint: hint, Err: err}
}
