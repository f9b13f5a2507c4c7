//go:build unix

package tui

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"

	"rnnscope/core/task"
)

// show runs a model on a terminal whose file is out, and leaves it as it was.
// Bubble Tea reads the keys and runs the model; frames are drawn by a display.
func show(ctx context.Context, model tea.Model, output *Output, in, out *os.File) error {
	if in == nil {
		if in = os.Stdin; !term.IsTerminal(in.Fd()) {
			tty, _, err := tea.OpenTTY() // the same file twice
			if err != nil {
				return err
			}
			defer tty.Close()
			in = tty
		}
	}
	s := &stage{model: model, display: newDisplay(output, os.Environ()), in: in, out: out, continued: make(chan os.Signal, 1)}
	resized, stopped, quit := make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan os.Signal, 1)
	for _, c := range []chan os.Signal{resized, stopped, s.continued, quit} {
		defer close(c)
		defer signal.Stop(c)
	}
	signal.Notify(resized, syscall.SIGWINCH)
	signal.Notify(quit, syscall.SIGQUIT)
	signal.Notify(s.continued, syscall.SIGCONT)
	if !signal.Ignored(syscall.SIGTSTP) {
		signal.Notify(stopped, syscall.SIGTSTP)
	}

	task.Go("widths", func() { ansi.StringWidthWc("─") }) // the library makes its table at the first use
	defer task.OnPanic(s.leave)()
	defer s.leave()
	var err error
	task.Guard("screen", func() { err = s.enter() })
	if err != nil {
		return err
	}
	p := s.program(ctx, in, output)
	s.release, s.restore = p.ReleaseTerminal, p.RestoreTerminal
	task.Go("sizes", func() {
		for range resized {
			if size, ok := s.size(); ok {
				p.Send(size)
			}
		}
	})
	task.Go("stops", func() {
		for range stopped {
			p.Send(tea.SuspendMsg{})
		}
	})
	task.Go("continues", func() {
		for range s.continued {
			p.Send(continueMsg{})
		}
	})
	task.Go("quit", func() {
		for range quit {
			s.leave()
			signal.Reset(syscall.SIGQUIT)
			syscall.Kill(syscall.Getpid(), syscall.SIGQUIT) // as usual: all stacks are printed
		}
	})
	task.Guard("screen", func() { _, err = p.Run() })
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return nil // a signal: what was done is saved
	}
	return cmp.Or(s.failure, err)
}

// program returns the program that runs the model. Bubble Tea has nothing to draw in
// it, and looks whether it has once a second.
func (s *stage) program(ctx context.Context, in io.Reader, out io.Writer) *tea.Program {
	return tea.NewProgram(s, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithFilter(s.filter),
		tea.WithoutRenderer(), tea.WithFPS(1), tea.WithoutSignalHandler(), tea.WithoutCatchPanics(), tea.WithColorProfile(colorprofile.TrueColor))
}

// stage is a model whose frames a display draws.
type stage struct {
	model     tea.Model // a pointer: it is not replaced by what its Update returns
	display   *display
	in, out   *os.File
	before    atomic.Pointer[term.State] // of in; nil while the terminal is as it was
	later     bool                       // the frame waits for drawMsg
	continued chan os.Signal             // gets SIGCONT, but that which ends suspend
	release   func() error               // lets go of the keys
	restore   func() error               // reads them again
	failure   error                      // to take the terminal again
}

// continueMsg says that the process goes on after it was stopped.
type continueMsg struct{}

// drawMsg asks for the frame that had to wait.
type drawMsg struct{}

// enter takes the terminal, and tells the model its size. Before it is left it may be
// entered again: while the process was stopped a shell may have had it.
func (s *stage) enter() error {
	before, err := term.MakeRaw(s.in.Fd())
	if err != nil {
		return err
	}
	s.before.CompareAndSwap(nil, before)
	size, ok := s.size()
	if !ok {
		size = sizeMsg{Width: 80, Height: 24}
	}
	s.open(size)
	return nil
}

// stopWait is how long the process has to be stopped. Where no shell waits for it, the
// system does not stop it.
const stopWait = 200 * time.Millisecond

// suspend gives the terminal to the shell, and takes it when the process goes on.
// SIGTTOU stops as SIGTSTP does, whose usual action Go does not bring back.
func (s *stage) suspend() error {
	s.leave()
	if err := s.release(); err != nil {
		return err
	}
	signal.Stop(s.continued)
	syscall.Kill(0, syscall.SIGTTOU)
	time.Sleep(stopWait) // that passes while it is stopped, too
	signal.Notify(s.continued, syscall.SIGCONT)
	if err := s.restore(); err != nil {
		return err
	}
	return s.enter()
}

func (s *stage) open(size sizeMsg) {
	s.display.enter(size.Width, size.Height)
	s.model.Update(tea.WindowSizeMsg(size))
}

// leaveWait is how long a frame under way has to end before the terminal is
// restored without it.
const leaveWait = time.Second

// leave restores the terminal, once for every enter.
func (s *stage) leave() {
	before := s.before.Swap(nil)
	if before == nil {
		return
	}
	var claim atomic.Bool // by the one of two that restores it
	done := make(chan struct{})
	task.Go("restore", func() {
		s.display.leave(&claim)
		close(done)
	})
	select {
	case <-done:
	case <-time.After(leaveWait):
	}
	term.Restore(s.in.Fd(), before)
	if claim.CompareAndSwap(false, true) { // a frame is still under way
		s.out.WriteString(plain)
	}
}

// sizeMsg is the size that the terminal has now. When it is told of, what was drawn
// may be lost even if the size is as before.
type sizeMsg tea.WindowSizeMsg

// What no terminal is larger than; one that says so gives some other number.
const (
	mostColumns = 4096
	mostCells   = 1 << 20
)

func (s *stage) size() (size sizeMsg, ok bool) {
	width, height, _ := term.GetSize(s.out.Fd())
	size = sizeMsg{Width: known(width, "COLUMNS", 80), Height: known(height, "LINES", 24)}
	return size, max(size.Width, size.Height) <= mostColumns && size.Width*size.Height <= mostCells
}

// known is n, or where the terminal does not know it what the environment says.
func known(n int, variable string, usual int) int {
	if n > 0 {
		return n
	}
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil && n > 0 {
		return n
	}
	return usual
}

// filter sees a message before Bubble Tea acts on it. Without a renderer Bubble Tea
// tells of a size of 0 x 0 at first, suspends without restoring the terminal and waits
// for ever where it is not stopped, and sends a question up to a second late.
func (s *stage) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.WindowSizeMsg:
		return nil
	case tea.SuspendMsg:
		if s.failure = s.suspend(); s.failure != nil {
			return tea.QuitMsg{}
		}
		return tea.ResumeMsg{}
	}
	if msg == tea.RequestBackgroundColor() {
		s.display.ask(ansi.RequestBackgroundColor)
		return nil
	}
	return msg
}

func (s *stage) Init() tea.Cmd { return guarded(s.model.Init()) }

func (s *stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case drawMsg:
		s.later = false
		return s, nil
	case sizeMsg:
		s.display.resize(msg.Width, msg.Height)
		return s, s.update(tea.WindowSizeMsg(msg))
	case tea.ModeReportMsg:
		s.display.learn(msg)
	case continueMsg:
		if s.before.Load() == nil {
			return s, nil
		}
		if s.failure = s.enter(); s.failure != nil {
			return s, tea.Quit
		}
	}
	return s, s.update(msg)
}

// update gives the model a message, and sees to it that a frame follows.
func (s *stage) update(msg tea.Msg) tea.Cmd {
	_, cmd := s.model.Update(msg)
	cmd = guarded(cmd)
	if wait := s.display.wait(); wait > 0 && !s.later {
		s.later = true
		cmd = tea.Batch(cmd, tea.Tick(wait, func(time.Time) tea.Msg { return drawMsg{} }))
	}
	return cmd
}

// View draws the frame. Bubble Tea has nothing to do with it.
func (s *stage) View() tea.View {
	if !s.later {
		s.display.show(s.model.View())
	}
	return tea.View{}
}

// guarded is a command whose panic restores the terminal, as that of any goroutine. Of
// commands of commands it knows batches; no sequence is used.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		task.Guard("command", func() { msg = cmd() })
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = guarded(batch[i])
			}
		}
		return msg
	}
}
