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

// wrap cuts s into lines of at most so many columns: at spaces, and before and
// after each wide character, but so that no line begins with a closing mark or
// ends in an opening one. What follows s is not cut, nor is a longer word.
func wrap(s string, columns int, whole ...string) []string {
	var out []string
	line, width := "", 0
	for _, piece := range append(pieces(s), whole...) {
		n := ansi.StringWidth(strings.TrimRight(piece, " "))
		if n > 0 && line != "" && width+n > columns {
			out = append(out, line)
			line, width = "", 0
			piece = strings.TrimLeft(piece, " ")
		}
		line += piece
		width += ansi.StringWidth(piece)
	}
	out = append(out, line)
	for i, line := range out {
		out[i] = strings.TrimRight(line, " ")
	}
	return out
}

// pieces cuts s where a line may be broken.
func pieces(s string) []string {
	const closing, opening = "，。；：、）！？》”", "（《“"
	var out []string
	begin, before := 0, ' '
	for i, r := range s {
		wide := ansi.StringWidth(string(r)) == 2 || ansi.StringWidth(string(before)) == 2
		if i > begin && r != ' ' && (before == ' ' || wide && !strings.ContainsRune(closing, r) && !strings.ContainsRune(opening, before)) {
			out = append(out, s[begin:i])
			begin = i
		}
		before = r
	}
	return append(out, s[begin:])
}
