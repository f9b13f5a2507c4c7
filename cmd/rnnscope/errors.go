package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// Exit statuses, as scripts know them.
const (
	exitOK          = 0
	exitError       = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// usage is an error in how the command was called: an unknown flag or value,
// or flags that contradict each other.
type usage struct{ what, try string }

func (u usage) Error() string { return u.what }
func (u usage) Try() string   { return u.try }

// badFlag is a usage error about a flag's value.
func badFlag(err error) error {
	if err == nil {
		return nil
	}
	return usage{what: err.Error()}
}

// hinted is an error with its next move.
type hinted struct{ what, try string }

func (h hinted) Error() string { return h.what }
func (h hinted) Try() string   { return h.try }

// interrupted is how a command ends after ctrl+c: it says what was kept.
type interrupted struct{ what string }

func (i interrupted) Error() string { return "interrupted: " + i.what }

// noVocabulary is what a bare model file lacks.
func noVocabulary(model string) error {
	return hinted{what: model + ": has no vocabulary, so tokens cannot be written or read", try: "try --vocab FILE: JSON list or {token: id}, or text, one token a line"}
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
		fmt.Fprintf(p.errs, "rnnscope: %v\n", err)
		return exitInterrupted
	}
	fmt.Fprintf(p.errs, "rnnscope: %s\n", plain(err))
	var hint interface{ Try() string }
	if errors.As(err, &hint) && hint.Try() != "" {
		for line := range strings.SplitSeq(hint.Try(), "\n") {
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
// says of the work that was ended by it.
func (p *program) closed(err error) int {
	what := fmt.Sprintf("standard output: %v", plain(p.out.err))
	var stopped interrupted
	switch {
	case errors.As(err, &stopped):
		what += "; " + stopped.what
	case err != nil && !errors.Is(err, p.out.err):
		what += "; " + plain(err)
	}
	fmt.Fprintf(p.errs, "rnnscope: %s\n", what)
	return exitError
}

// plain is the message of err, with the file named first where the system's
// errors name the call first.
func plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) && strings.HasPrefix(err.Error(), path.Op+" ") {
		if path.Path == os.Stdout.Name() {
			return path.Err.Error()
		}
		return fmt.Sprintf("%s: %v", path.Path, path.Err)
	}
	return err.Error()
}

// noArgument is for commands that take none.
var noArgument = argumentCount(0, 0, "no argument")

// argumentCount is cobra.RangeArgs with our words and exit status.
func argumentCount(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return usage{what: fmt.Sprintf("%s takes %s, not %d arguments", c.CommandPath(), what, len(args)), try: "see " + c.CommandPath() + " --help"}
	}
}
