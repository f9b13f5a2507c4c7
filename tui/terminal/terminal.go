//go:build unix

package terminal

import (
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"

	"rnnscope/core/task"
)

// Options say what the terminal is like.
type Options struct {
	Columns, Rows int         // 0: 80 x 24
	Rate          float64     // bytes a second that the link carries, 0 for no limit
	Background    color.Color // what a program is told that asks; nil is black
	Copy          io.Writer   // gets all output too, as it comes; nil for none
}

// Terminal is a program that runs in a terminal. Its methods may be called
// from any goroutine.
type Terminal struct {
	cmd      *exec.Cmd
	pty, tty *os.File
	link     link
	copy     io.Writer
	before   *term.State // of the line discipline

	drained chan struct{} // closed when all output has been shown
	ended   chan struct{} // closed when the process has ended
	exit    error
	after   *term.State
	endedAt time.Time

	mu       sync.Mutex
	emulator *vt.Emulator
	modes    map[ansi.Mode]bool
	bytes    int64
	last     time.Time // when output came last
	watches  []*watch
	held     []chunk // while nothing is shown
	holding  bool
}

// Start runs a program in a new terminal. What the command says of its standard
// files is replaced.
func Start(cmd *exec.Cmd, o Options) (*Terminal, error) {
	if o.Columns == 0 {
		o.Columns, o.Rows = 80, 24
	}
	master, tty, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("no pseudo-terminal: %w", err)
	}
	t := &Terminal{
		cmd: cmd, pty: master, tty: tty, link: link{rate: o.Rate}, copy: o.Copy,
		drained: make(chan struct{}), ended: make(chan struct{}),
		emulator: vt.NewEmulator(o.Columns, o.Rows), modes: map[ansi.Mode]bool{ansi.ModeTextCursorEnable: true},
		last: time.Now(),
	}
	t.emulator.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { t.modes[m] = true },
		DisableMode: func(m ansi.Mode) { t.modes[m] = false },
	})
	t.emulator.Write([]byte(offersSync))
	t.emulator.RegisterCsiHandler('r', func(p ansi.Params) bool {
		cutMargins(p, t.emulator.Height())
		return false // now the emulator's own
	})
	if o.Background != nil {
		t.emulator.SetDefaultBackgroundColor(o.Background)
	}
	fail := func(err error) (*Terminal, error) {
		master.Close()
		tty.Close()
		return nil, err
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(o.Columns), Rows: uint16(o.Rows)}); err != nil {
		return fail(fmt.Errorf("the size of a pseudo-terminal: %w", err))
	}
	if t.before, err = term.GetState(int(tty.Fd())); err != nil {
		return fail(fmt.Errorf("the state of a pseudo-terminal: %w", err))
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	cmd.SysProcAttr = ownSession()
	if err := cmd.Start(); err != nil {
		return fail(err)
	}
	task.Go("terminal: output", t.read)
	task.Go("terminal: answers", t.answer)
	task.Go("terminal: end", t.await)
	return t, nil
}

// readSize is how much output is taken at once: at a megabyte a second, what
// comes in a millisecond.
const readSize = 1000

// read shows what the program writes.
func (t *Terminal) read() {
	defer close(t.drained)
	size := 64 << 10
	if t.link.rate > 0 {
		size = readSize
	}
	buf := make([]byte, size)
	for {
		n, err := t.pty.Read(buf)
		if n > 0 {
			t.link.carry(n)
			t.show(buf[:n])
		}
		if err != nil { // EIO: nobody has the other end open any more
			return
		}
	}
}

// show takes output and looks for what is being waited for.
func (t *Terminal) show(b []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes += int64(len(b))
	if t.copy != nil {
		t.copy.Write(b)
	}
	t.last = time.Now()
	if t.holding {
		t.held = append(t.held, chunk{t.last, append([]byte(nil), b...)})
		return
	}
	t.emulator.Write(b)
	t.last = time.Now()
	if !t.modes[ansi.ModeSynchronizedOutput] { // what comes in one update is seen at once
		t.look(t.last)
	}
}

// offersSync makes the emulator know synchronized updates, DEC's private mode
// 2026, so that a program that asks for them is told yes and nobody sees half a
// frame.
const offersSync = "\x1b[?2026l"

// cutMargins keeps the scroll margins within the screen, as terminals do: a frame
// for more rows may still come after the terminal has become smaller.
func cutMargins(p ansi.Params, rows int) {
	if bottom, more, ok := p.Param(1, 0); ok && !more && bottom > rows {
		p[1] = ansi.Param(rows)
	}
}

// answer gives the program the emulator's answers to what it asks the terminal.
func (t *Terminal) answer() {
	buf := make([]byte, 4096)
	for {
		n, err := t.emulator.Read(buf)
		if err != nil {
			return
		}
		t.pty.Write(buf[:n]) // nobody reads it after the end
	}
}

// await takes note of the process's end and lets the reader come to its own.
func (t *Terminal) await() {
	t.exit = t.cmd.Wait()
	t.endedAt = time.Now()
	t.after, _ = term.GetState(int(t.tty.Fd()))
	close(t.ended)
	t.tty.Close()
}

// Close kills the program if it still runs and releases the terminal.
func (t *Terminal) Close() {
	select {
	case <-t.ended:
	default:
		t.cmd.Process.Kill()
		<-t.ended
	}
	// A process that the program left behind may hold the terminal open.
	select {
	case <-t.drained:
	case <-time.After(time.Second):
	}
	t.pty.Close()
	t.emulator.Close()
}

// Process is the program's.
func (t *Terminal) Process() *os.Process { return t.cmd.Process }

// errRunning is that a program has not ended in time.
var errRunning = errors.New("the program is still running")

// End waits until the program has ended and all it wrote is shown. It returns
// when it ended and its exit status, -1 when a signal ended it.
func (t *Terminal) End(timeout time.Duration) (at time.Time, status int, err error) {
	late := time.After(timeout)
	for _, done := range []chan struct{}{t.ended, t.drained} {
		select {
		case <-done:
		case <-late:
			return time.Time{}, 0, fmt.Errorf("%w after %v:\n%s", errRunning, timeout, t.Text())
		}
	}
	return t.endedAt, t.cmd.ProcessState.ExitCode(), nil
}

// Bytes is what the program has written so far.
func (t *Terminal) Bytes() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bytes
}

// link is a connection that carries so many bytes a second.
type link struct {
	rate float64
	free time.Time // when it has carried all it was given
}

// carry returns when n more bytes have gone over the link.
func (l *link) carry(n int) {
	if l.rate <= 0 {
		return
	}
	now := time.Now()
	if l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / l.rate * float64(time.Second)))
	time.Sleep(time.Until(l.free))
}
