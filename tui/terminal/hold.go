//go:build unix

package terminal

import (
	"time"

	"github.com/charmbracelet/x/ansi"
)

// chunk is a piece of output and when it came.
type chunk struct {
	at    time.Time
	bytes []byte
}

// Hold lets output come without showing it, until Release. Showing takes a good
// part of a core, which a program that is being measured may want itself.
func (t *Terminal) Hold() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.holding = true
}

// Release shows what came meanwhile, and hands over the screen after each
// update with the time when it was complete.
func (t *Terminal) Release(see func(at time.Time, s *Screen)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Screen{t.emulator, t.modes}
	for _, c := range t.held {
		t.emulator.Write(c.bytes)
		if !t.modes[ansi.ModeSynchronizedOutput] {
			see(c.at, &s)
		}
	}
	t.held, t.holding = nil, false
}
