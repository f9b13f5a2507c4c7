//go:build unix

package terminal

import (
	"fmt"
	"strings"

	"github.com/creack/pty"
)

// sequences are the keys that are no characters, as xterm sends them.
var sequences = map[string]string{
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "insert": "\x1b[2~", "delete": "\x1b[3~",
	"shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C", "shift+tab": "\x1b[Z",
	"enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "backspace": "\x7f",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
}

// Sequence is what a terminal sends for a key: a character, or a key by its
// name as Bubble Tea has it, such as left, shift+tab, ctrl+c.
func Sequence(key string) string {
	if s, ok := sequences[key]; ok {
		return s
	}
	if c, ok := strings.CutPrefix(key, "ctrl+"); ok && len(c) == 1 {
		return string(rune(c[0] & 0x1f))
	}
	return key
}

// Press presses keys one after another.
func (t *Terminal) Press(keys ...string) error {
	for _, k := range keys {
		if err := t.Send(Sequence(k)); err != nil {
			return err
		}
	}
	return nil
}

// Send gives the program bytes as they are.
func (t *Terminal) Send(bytes string) error {
	_, err := t.pty.WriteString(bytes)
	return err
}

// Click presses and releases the left button at a cell, counted from 0.
func (t *Terminal) Click(x, y int) error {
	return t.Send(mouse(0, x, y, 'M') + mouse(0, x, y, 'm'))
}

// Drag presses the left button at a cell, moves to another and releases it
// there.
func (t *Terminal) Drag(x0, y0, x1, y1 int) error {
	return t.Send(mouse(0, x0, y0, 'M') + mouse(32, x1, y1, 'M') + mouse(0, x1, y1, 'm'))
}

// Wheel turns the wheel by notches at a cell, down if positive.
func (t *Terminal) Wheel(x, y, notches int) error {
	button := 65
	if notches < 0 {
		button, notches = 64, -notches
	}
	return t.Send(strings.Repeat(mouse(button, x, y, 'M'), notches))
}

// mouse writes an event as SGR mouse reporting has it.
func mouse(button, x, y int, end rune) string {
	return fmt.Sprintf("\x1b[<%d;%d;%d%c", button, x+1, y+1, end)
}

// Paste pastes a text, in brackets if the program has asked for them.
func (t *Terminal) Paste(text string) error {
	brackets := false
	t.See(func(s *Screen) { brackets = s.Mode(pasteMode) })
	if brackets {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	return t.Send(text)
}

// Resize changes the size of the terminal and tells the program.
func (t *Terminal) Resize(columns, rows int) error {
	t.mu.Lock()
	t.emulator.Resize(columns, rows)
	t.mu.Unlock()
	return pty.Setsize(t.pty, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
}
