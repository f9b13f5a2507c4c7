//go:build !unix

package tui

import (
	"context"
	"errors"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"rnnscope/core/task"
)

// show runs a model on a terminal, and leaves it as it was. All of it is Bubble
// Tea's work here, which knows this system's console.
func show(ctx context.Context, model tea.Model, output *Output, in, _ *os.File) error {
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithOutput(output),
		tea.WithoutSignalHandler(), tea.WithColorProfile(colorprofile.TrueColor)}
	if in != nil { // else Bubble Tea finds the terminal itself
		options = append(options, tea.WithInput(in))
	}
	p := tea.NewProgram(model, options...)
	defer task.OnPanic(p.Kill)()
	_, err := p.Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil // a signal: what was done is saved
	}
	return err
}
