package main

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/say"
	"rnnscope/tui/words"
)

// langFlag is the flag --lang.
type langFlag words.Lang

func (l *langFlag) String() string { return string(*l) }
func (l *langFlag) Type() string   { return "en|zh" }

func (l *langFlag) Set(s string) error {
	lang, err := words.ParseLang(s)
	if err == nil {
		*l = langFlag(lang)
	}
	return err
}

// askedLang is the language that args ask for, read before they are parsed so
// that help and a parse that fails speak it too; usual when they ask for none
// that is known.
func askedLang(args []string, usual words.Lang) words.Lang {
	for i, arg := range args {
		value, joined := strings.CutPrefix(arg, "--lang=")
		switch {
		case arg == "--":
			return usual
		case arg == "--lang" && i+1 < len(args):
			value = args[i+1]
		case !joined:
			continue
		}
		if lang, err := words.ParseLang(value); err == nil {
			usual = lang
		}
	}
	return usual
}

// say is a message in the language of the program.
func (p *program) say(format string, args ...any) string {
	return words.Say(p.lang, say.Textf(format, args...))
}

// phrase is a name or description, kept as data in English, in the language of
// the program.
func (p *program) phrase(s string) string { return words.Say(p.lang, say.Phrase(s)) }

// pad fills s with spaces up to a number of columns of the terminal, of which
// a Chinese character takes two.
func pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-ansi.StringWidth(s)))
}

// padLeft is pad with the spaces before s.
func padLeft(s string, columns int) string {
	return strings.Repeat(" ", max(0, columns-ansi.StringWidth(s))) + s
}
