package corpora

import (
	"fmt"
	"strconv"
)

// Error is what a user can do something about: what went wrong, and the next
// move. Err, when not nil, is the cause, already told in What.
type Error struct {
	What string
	Hint string
	Err  error
}

func (e *Error) Error() string { return e.What }
func (e *Error) Unwrap() error { return e.Err }

// Try is the next move.
func (e *Error) Try() string { return e.Hint }

// TooShortError is a training text that does not fill one window.
type TooShortError struct {
	Name   string // of the text; empty when the batcher does not know it
	Level  Level
	Total  int64 // tokens of the whole text, 0 when not known
	Tokens int64 // tokens to train on
	Batch  int
	Window int
}

// Needs is the number of tokens that would do.
func (e *TooShortError) Needs() int64 { return int64(e.Batch)*int64(e.Window) + 1 }

func (e *TooShortError) Error() string {
	have := e.Level.units(e.Tokens)
	switch {
	case e.Total >= e.Needs():
		have = fmt.Sprintf("%s, %s of them to train on,", e.Level.units(e.Total), grouped(e.Tokens))
	case e.Total > 0:
		have = e.Level.units(e.Total)
	}
	name := e.Name
	if name != "" {
		name += ": "
	}
	return fmt.Sprintf("%s%s is too short for batch %d x window %d (needs %s)", name, have, e.Batch, e.Window, grouped(e.Needs()))
}

// Try names the largest batch, else the largest window, that fits.
func (e *TooShortError) Try() string {
	const builtin = "a built-in text: rnnscope corpora"
	switch n := e.Tokens - 1; {
	case n >= int64(e.Window):
		return fmt.Sprintf("try --batch %d, or %s", n/int64(e.Window), builtin)
	case n >= 2:
		return fmt.Sprintf("try --batch 1 --window %d, or %s", n, builtin)
	}
	return "try " + builtin
}

// grouped writes n with commas between the thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
