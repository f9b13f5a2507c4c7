package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"rnnscope/core/task"
	"rnnscope/views"
)

// fps is how many frames a second the renderer sends at most: a key waits eight
// milliseconds for the next on average, and every look for a frame, also where
// there is none, takes the processor from the trainer. With 120 keys came 5 ms
// sooner and the first figures 8, and an RNN 1x64 beside screen 1 trained at 91 % of
// its speed in the place of 96 (15 rounds each, two cores).
const fps = 60

// Run shows an App until its user quits or ctx is cancelled, and leaves the
// terminal as it was, also when a goroutine panics. Keys come from in, or where
// that is nil from the terminal that the process belongs to.
func Run(ctx context.Context, c Config, in, out *os.File) error {
	if c.Output == nil {
		c.Output = NewOutput(out)
	}
	return show(ctx, New(c), c.Output, in, out)
}

// show runs a model on a terminal whose file is out, and leaves it as it was.
func show(ctx context.Context, model tea.Model, output *Output, in, out *os.File) error {
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithOutput(output),
		tea.WithFPS(fps), tea.WithoutSignalHandler(), tea.WithColorProfile(colorprofile.TrueColor)}
	if in != nil { // else Bubble Tea finds the terminal itself
		options = append(options, tea.WithInput(in))
	}
	p := tea.NewProgram(model, options...)
	state, _ := term.GetState(out.Fd())
	cancel := task.OnPanic(func() { restore(p, out, state) })
	defer cancel()
	_, err := p.Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil // a signal: what was done is saved
	}
	return err
}

// restoreWait is how long Bubble Tea has to restore the terminal when the
// program ends in a panic.
const restoreWait = time.Second

// plain are the sequences that take back what the program asked of the
// terminal: mouse, paste, reports of keys, wide clusters, alternate screen,
// hidden cursor, colours, scroll margins.
const plain = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[>4m\x1b[<u\x1b[?2027l\x1b[r\x1b[?1049l\x1b[?25h\x1b[0m"

// restore leaves the terminal usable. Bubble Tea does it if it still can.
func restore(p *tea.Program, out *os.File, state *term.State) {
	done := make(chan struct{})
	task.Go("restore", func() {
		p.Kill()
		close(done)
	})
	select {
	case <-done:
	case <-time.After(restoreWait):
		fmt.Fprint(out, plain)
	}
	if state != nil {
		term.Restore(out.Fd(), state)
	}
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
