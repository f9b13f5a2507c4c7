package corpora

import (
	"unicode"

	"rnnscope/core/say"
)

// Level is the unit of text that a model predicts.
type Level uint8

const (
	Char Level = iota // Unicode code points
	Word              // words and, at the end of each line, <eos>
)

var levelNames = [...]string{Char: "char", Word: "word"}

func (l Level) String() string { return levelNames[l] }

// ParseLevel is the inverse of String.
func ParseLevel(s string) (Level, error) {
	for l, name := range levelNames {
		if s == name {
			return Level(l), nil
		}
	}
	return 0, say.Errorf("level must be char or word, not %q", s)
}

func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

func (l *Level) UnmarshalText(b []byte) (err error) {
	*l, err = ParseLevel(string(b))
	return err
}

// units is what a user calls n tokens of the level.
func (l Level) units(n int64) say.Text {
	switch {
	case l == Char && n == 1:
		return say.Textf("%s character", grouped(n))
	case l == Char:
		return say.Textf("%s characters", grouped(n))
	case n == 1:
		return say.Textf("%s token", grouped(n))
	}
	return say.Textf("%s tokens", grouped(n))
}

// Tokens says where a line is cut into words.
type Tokens uint8

const (
	Space Tokens = iota // at white space
	Punct               // [A-Za-z']+|[0-9]+|[^\sA-Za-z0-9']
)

var tokensNames = [...]string{Space: "space", Punct: "punct"}

func (t Tokens) String() string { return tokensNames[t] }

// ParseTokens is the inverse of String.
func ParseTokens(s string) (Tokens, error) {
	for t, name := range tokensNames {
		if s == name {
			return Tokens(t), nil
		}
	}
	return 0, say.Errorf("tokens must be space or punct, not %q", s)
}

func (t Tokens) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

func (t *Tokens) UnmarshalText(b []byte) (err error) {
	*t, err = ParseTokens(string(b))
	return err
}

// class is what a code point does to the word being read.
type class uint8

const (
	blank   class = iota // ends it
	newline              // ends it and the line
	sign                 // ends it and is a word
	letters              // goes on with letters
	digits               // goes on with digits
)

// classOf is the table of a Tokens; white space is Unicode's.
func (t Tokens) classOf(r rune) class {
	switch {
	case r == '\n':
		return newline
	case unicode.IsSpace(r):
		return blank
	case t == Space:
		return letters
	case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '\'':
		return letters
	case '0' <= r && r <= '9':
		return digits
	}
	return sign
}
