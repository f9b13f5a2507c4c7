// Package terminal runs a program in a terminal that nobody sits in front of:
// a pseudo-terminal whose output goes through an emulator. Tests and the
// command that measures the screen press its keys and read its cells.
//
//	keys, mouse, paste, size ─▶ pty ─▶ program
//	      Screen ◀─ emulator ◀─ link ◀─ pty ◀──┘
//	                    └─ answers to the program's queries ─▶ pty
//
// The link may be slow. Whoever waits for something names what must stand on
// the screen; it is looked for whenever output has arrived, so that the time
// that is returned is that of the output and not of a poll. Pseudo-terminals
// are those of Unix; on other systems the package is empty.
package terminal
