package tui

import (
	"context"
	"os"

	"github.com/charmbracelet/colorprofile"

	"rnnscope/views"
)

// Run shows an App until its user quits or ctx is cancelled, and leaves the
// terminal as it was, also when a goroutine panics. Keys come from in, or where
// that is nil from the terminal that the process belongs to.
func Run(ctx context.Context, c Config, in, out *os.File) error {
	if c.Output == nil {
		c.Output = NewOutput(out)
	}
	return show(ctx, New(c), c.Output, in, out)
}

// ProfileOf is how many colours the terminal has that a file is, by the
// environment.
func ProfileOf(out *os.File, environment []string) views.Profile {
	switch colorprofile.Detect(out, environment) {
	case colorprofile.TrueColor:
		return views.TrueColor
	case colorprofile.ANSI256:
		return views.ANSI256
	case colorprofile.ANSI:
		return views.ANSI16
	}
	return views.NoColor
}
