//go:build unix

package terminal

import (
	"reflect"
	"syscall"
)

// ownSession makes a process the leader of a session whose terminal is its
// standard input.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true, Setctty: true} }

// Restored says whether the terminal was left as it was found: the alternate
// screen left, the cursor shown, mouse and bracketed paste off, and the line
// discipline as before. What is not is named. It is asked after End.
func (t *Terminal) Restored() (wrong []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Screen{t.emulator, t.modes}
	if s.Alternate() {
		wrong = append(wrong, "the alternate screen is still shown")
	}
	if !s.CursorShown() {
		wrong = append(wrong, "the cursor is still hidden")
	}
	for _, m := range mouseModes {
		if s.Mode(m) {
			wrong = append(wrong, "the mouse is still reported")
			break
		}
	}
	if s.Mode(pasteMode) {
		wrong = append(wrong, "bracketed paste is still on")
	}
	if !reflect.DeepEqual(t.before, t.after) {
		wrong = append(wrong, "the line discipline is not as before")
	}
	return wrong
}
