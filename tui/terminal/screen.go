//go:build unix

package terminal

import (
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// Screen is what stands on a terminal. It is valid during the call that it is
// handed to.
type Screen struct {
	emulator *vt.Emulator
	modes    map[ansi.Mode]bool
}

// Cell is a place on a screen. The second half of a wide character has no text
// and width 0.
type Cell struct {
	Text                 string
	Width                int
	FG, BG               color.Color // nil where the terminal's own is used
	Bold, Faint, Reverse bool
}

// Size is the number of columns and rows.
func (s *Screen) Size() (columns, rows int) { return s.emulator.Width(), s.emulator.Height() }

// Cell is the cell of a column and a row, counted from 0; outside of the screen
// it is empty.
func (s *Screen) Cell(x, y int) Cell {
	c := s.emulator.CellAt(x, y)
	if c == nil {
		return Cell{}
	}
	return Cell{
		Text: c.Content, Width: c.Width, FG: c.Style.Fg, BG: c.Style.Bg,
		Bold: c.Style.Attrs&uv.AttrBold != 0, Faint: c.Style.Attrs&uv.AttrFaint != 0, Reverse: c.Style.Attrs&uv.AttrReverse != 0,
	}
}

// Line is the text of a row without the spaces at its end.
func (s *Screen) Line(y int) string {
	var b strings.Builder
	for x := range s.emulator.Width() {
		if c := s.emulator.CellAt(x, y); c != nil {
			b.WriteString(c.Content)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// Text is the whole screen, a line a row.
func (s *Screen) Text() string {
	var b strings.Builder
	for y := range s.emulator.Height() {
		b.WriteString(s.Line(y))
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

// Find is the first place where a text stands, row by row.
func (s *Screen) Find(text string) (x, y int, ok bool) {
	for y := range s.emulator.Height() {
		at := strings.Index(s.Line(y), text)
		if at < 0 {
			continue
		}
		for x, n := 0, 0; x < s.emulator.Width(); x++ {
			c := s.emulator.CellAt(x, y)
			if c == nil || c.Content == "" { // the second half of a wide one
				continue
			}
			if n >= at {
				return x, y, true
			}
			n += len(c.Content)
		}
	}
	return 0, 0, false
}

// Has says whether a text stands on the screen.
func (s *Screen) Has(text string) bool {
	_, _, ok := s.Find(text)
	return ok
}

// Alternate says whether the alternate screen is shown.
func (s *Screen) Alternate() bool { return s.emulator.IsAltScreen() }

// CursorShown says whether the cursor is.
func (s *Screen) CursorShown() bool { return s.modes[ansi.ModeTextCursorEnable] }

// Mode says whether a private mode of DEC's is on.
func (s *Screen) Mode(number int) bool { return s.modes[ansi.DECMode(number)] }

// The modes that a screen of ours asks for, by DEC's numbers.
const pasteMode = 2004

var mouseModes = []int{9, 1000, 1001, 1002, 1003, 1006}
