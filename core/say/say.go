// Package say keeps what the program says translatable. A message remembers its
// English format and its arguments, so that whoever shows it can render it in
// the language of the reader, arguments that are messages included:
//
//	err := say.Errorf("%s: cannot be read: %w", path, cause)
//	err.Error()             notes.txt: cannot be read: permission denied
//	say.In(chinese, err)    notes.txt：无法读取：没有权限
//
// The packages of the science write plain English through it and know no
// language; the translations are in tui/words, by format.
package say

import (
	"errors"
	"fmt"
	"strings"
)

// Translate finds the translation of an English format or phrase. The
// translation of a format may reorder its arguments (%[2]s). nil is English.
type Translate func(english string) (string, bool)

// Speaker is a message of a type of its own that can be said in another
// language, as errors with fields are.
type Speaker interface{ Say(Translate) string }

// Text is a message: an English format with its arguments.
type Text struct {
	format  string
	args    []any
	english string
}

// Textf is the message of a format, which must be a literal and have a
// translation.
func Textf(format string, args ...any) Text {
	return Text{format, args, fmt.Sprintf(format, args...)}
}

// String is the message in English.
func (t Text) String() string { return t.english }

// Say is the message in another language.
func (t Text) Say(translate Translate) string {
	if translate == nil {
		return t.english
	}
	format, known := translate(t.format)
	if !known {
		format = t.format
	}
	args := make([]any, len(t.args))
	for i, arg := range t.args {
		switch arg.(type) {
		case Speaker, error:
			args[i] = errors.New(In(translate, arg)) // an error, as %w wants
		default:
			args[i] = arg
		}
	}
	return fmt.Errorf(format, args...).Error() // which knows %w
}

// Phrase is a text without arguments that is translated as a whole where the
// translation is known, such as the name of something that is kept as data.
type Phrase string

// Say is the phrase in another language.
func (p Phrase) Say(translate Translate) string {
	if translate != nil {
		if s, ok := translate(string(p)); ok {
			return s
		}
	}
	return string(p)
}

// Errorf is fmt.Errorf, with an error that is a Speaker.
func Errorf(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	t := Text{format, args, err.Error()}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return &failures{t, several.Unwrap()}
	}
	return &failure{t, errors.Unwrap(err)}
}

// failure is an error with at most one cause.
type failure struct {
	Text
	cause error
}

func (f *failure) Error() string { return f.english }
func (f *failure) Unwrap() error { return f.cause }

// failures is an error with several causes.
type failures struct {
	Text
	causes []error
}

func (f *failures) Error() string   { return f.english }
func (f *failures) Unwrap() []error { return f.causes }

// In says what v is in another language: a Speaker by its own means, several
// joined errors each on a line, any other error, such as one of the system, as
// a phrase, and the rest as fmt.Sprint does.
func In(translate Translate, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case Speaker:
		return v.Say(translate)
	case error:
		if joined, ok := v.(interface{ Unwrap() []error }); ok && v.Error() == errors.Join(joined.Unwrap()...).Error() {
			var parts []string
			for _, err := range joined.Unwrap() {
				parts = append(parts, In(translate, err))
			}
			return strings.Join(parts, "\n")
		}
		return Phrase(v.Error()).Say(translate)
	}
	return fmt.Sprint(v)
}

// Try is the next move that err, or an error it wraps, proposes; "" when none
// does. Such errors have a method TryIn(Translate) string or, in English alone,
// Try() string.
func Try(translate Translate, err error) string {
	var in interface{ TryIn(Translate) string }
	if errors.As(err, &in) {
		return in.TryIn(translate)
	}
	var hint interface{ Try() string }
	if errors.As(err, &hint) {
		return hint.Try()
	}
	return ""
}
