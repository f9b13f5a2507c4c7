//go:build unix

package terminal

import (
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"rnnscope/core/task"
)

// Recording is all that a program wrote and when. To take a recording costs
// little, where to show it would take a good part of a core from the program;
// it is shown afterwards.
type Recording struct {
	Columns, Rows int
	chunks        []chunk
}

type chunk struct {
	at    time.Time
	bytes []byte
}

func (r *Recording) add(at time.Time, b []byte) {
	r.chunks = append(r.chunks, chunk{at, append([]byte(nil), b...)})
}

// Recording is what has been recorded so far, nil without Options.Record.
func (t *Terminal) Recording() *Recording {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.recording == nil {
		return nil
	}
	copied := *t.recording
	return &copied
}

// Play shows a recording and hands over the screen after each piece of output
// that ends an update, with the time when that came, until see returns false.
func (r *Recording) Play(see func(at time.Time, s *Screen) bool) {
	e := vt.NewEmulator(r.Columns, r.Rows)
	defer e.Close()
	modes := map[ansi.Mode]bool{ansi.ModeTextCursorEnable: true}
	e.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { modes[m] = true },
		DisableMode: func(m ansi.Mode) { modes[m] = false },
	})
	drain(e)
	s := Screen{e, modes}
	for _, c := range r.chunks {
		e.Write(c.bytes)
		if !modes[ansi.ModeSynchronizedOutput] && !see(c.at, &s) {
			return
		}
	}
}

// drain throws the emulator's answers to queries away, which would make it
// wait for a reader.
func drain(e *vt.Emulator) {
	task.Go("terminal: answers to a recording", func() {
		buf := make([]byte, 256)
		for {
			if _, err := e.Read(buf); err != nil {
				return
			}
		}
	})
}
