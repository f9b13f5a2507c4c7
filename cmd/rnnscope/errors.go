package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"rnnscope/core/say"
	"rnnscope/tui/words"
)

// Exit statuses, as scripts know them.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// usage is an error in how the command was called: an unknown flag or value,
// or flags that contradict each other. Of it, and of the errors below, what
// and try are messages or other errors: whatever say.In renders.
type usage struct{ what, try any }

func (u usage) Error() string                        { return u.Say(nil) }
func (u usage) Say(translate say.Translate) string   { return say.In(translate, u.what) }
func (u usage) TryIn(translate say.Translate) string { return say.In(translate, u.try) }

// badFlag is a usage error about a flag's value.
func badFlag(err error) error {
	if err == nil {
		return nil
	}
	return usage{what: err}
}

// hinted is an error with its next move.
type hinted struct{ what, try any }

func (h hinted) Error() string                        { return h.Say(nil) }
func (h hinted) Say(translate say.Translate) string   { return say.In(translate, h.what) }
func (h hinted) TryIn(translate say.Translate) string { return say.In(translate, h.try) }

// interrupted is how a command ends after ctrl+c: it says what was kept.
type interrupted struct{ what any }

func (i interrupted) Error() string { return i.Say(nil) }
func (i interrupted) Say(translate say.Translate) string {
	return say.Textf("interrupted: %s", i.what).Say(translate)
}

// noVocabulary is what a bare model file lacks.
func noVocabulary(model string) error {
	return hinted{what: say.Textf("%s: has no vocabulary, so tokens cannot be written or read", model), try: say.Textf("try --vocab FILE: JSON list or {token: id}, or text, one token a line")}
}

// report prints err as
//
//	rnnscope: what went wrong
//	  try the next move
//
// without colour, and returns the exit status.
func (p *program) report(err error) int {
	if err == nil {
		return exitOK
	}
	var stopped interrupted
	if errors.As(err, &stopped) {
		fmt.Fprintf(p.errs, "rnnscope: %s\n", words.Say(p.lang, err))
		return exitInterrupted
	}
	fmt.Fprintf(p.errs, "rnnscope: %s\n", p.plain(err))
	if try := words.Try(p.lang, err); try != "" {
		for line := range strings.SplitSeq(try, "\n") {
			fmt.Fprintf(p.errs, "  %s\n", line)
		}
	}
	var u usage
	if errors.As(err, &u) {
		return exitUsage
	}
	return exitError
}

// closed reports that standard output could not be written to, and what err
// says of the work that was ended by it. A reader that has gone away, as head does
// when it has its lines, is told nothing unless there was work to end.
func (p *program) closed(err error) int {
	what := p.say("standard output: %s", p.plain(p.out.err))
	var stopped interrupted
	switch {
	case errors.As(err, &stopped):
		what = p.say("%s; %s", what, words.Say(p.lang, stopped.what))
	case err != nil && !errors.Is(err, p.out.err):
		what = p.say("%s; %s", what, p.plain(err))
	case errors.Is(p.out.err, syscall.EPIPE):
		return exitError
	}
	fmt.Fprintf(p.errs, "rnnscope: %s\n", what)
	return exitError
}

// plain is the message of err in the user's language, with the file named first where the system's
// errors name the call first.
func (p *program) plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) && strings.HasPrefix(err.Error(), path.Op+" ") {
		if path.Path == os.Stdout.Name() {
			return words.Say(p.lang, path.Err)
		}
		return p.say("%s: %s", path.Path, path.Err)
	}
	return words.Say(p.lang, err)
}

// seeHelp is the next move after a wrong call.
func seeHelp(c *cobra.Command) say.Text { return say.Textf("see %s --help", c.CommandPath()) }

// noArgument is for commands that take none.
var noArgument = argumentCount(0, 0, "no argument")

// argumentCount is cobra.RangeArgs with our words, among them what, and exit
// status.
func argumentCount(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		try := seeHelp(c)
		if len(args) > 0 {
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				try = say.Textf("did you mean %s?", c.CommandPath()+" "+near[0])
			}
		}
		if most == 0 {
			return usage{what: say.Textf("%s takes %s", c.CommandPath(), say.Phrase(what)), try: try}
		}
		return usage{what: say.Textf("%s takes %s, not %d arguments", c.CommandPath(), say.Phrase(what), len(args)), try: try}
	}
}
