package corpora

import (
	"strconv"

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

func (e *TooShortError) Error() string { return e.Say(nil) }

// Say is the message in another language.
func (e *TooShortError) Say(translate say.Translate) string {
	have := e.Level.units(e.Tokens)
	switch {
	case e.Total >= e.Needs():
		have = say.Textf("%s, %s of them to train on,", e.Level.units(e.Total), grouped(e.Tokens))
	case e.Total > 0:
		have = e.Level.units(e.Total)
	}
	what := say.Textf("%s is too short for batch %d x window %d (needs %s)", have, e.Batch, e.Window, grouped(e.Needs()))
	if e.Name != "" {
		what = say.Textf("%s: %s", e.Name, what)
	}
	return what.Say(translate)
}

// Try names the largest batch, else the largest window, that fits.
func (e *TooShortError) Try() string { return e.TryIn(nil) }

// TryIn is Try in another language.
func (e *TooShortError) TryIn(translate say.Translate) string {
	try := say.Textf("try a built-in text: rnnscope corpora")
	switch n := e.Tokens - 1; {
	case n >= int64(e.Window):
		try = say.Textf("try --batch %d, or a built-in text: rnnscope corpora", n/int64(e.Window))
	case n >= 2:
		try = say.Textf("try --batch 1 --window %d, or a built-in text: rnnscope corpora", n)
	}
	return try.Say(translate)
}

// grouped writes n with commas between the thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
