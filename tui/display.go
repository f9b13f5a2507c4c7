package tui

import (
	"bytes"
	"fmt"
	"image/color"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// display brings frames to a terminal at once. Bubble Tea's own renderer looks for
// a frame at fixed times: a key waits for the next, and each look, also where there
// is nothing new, takes a processor from the trainer. The differences between two
// frames are found by the same library in both, Ultraviolet; here it is given only
// the lines that changed.
//
// All methods may be called at once from several goroutines.
type display struct {
	w       io.Writer
	environ []string

	mu       sync.Mutex
	open     bool // between enter and leave
	width    int
	height   int
	changes  bytes.Buffer // what the renderer wrote, not yet sent
	renderer *uv.TerminalRenderer
	cells    uv.ScreenBuffer
	lines    []string // what the cells show
	frame    string   // the lines of the last frame
	whole    bool     // the next frame is drawn anew
	title    string
	ground   color.Color // the terminal's background, nil for its own
	synced   bool        // it can show a frame at once (mode 2026)
	drawn    time.Time   // the last frame
}

// frameGap is the least time between two frames. What changes sooner, in a burst of
// keys or while the mouse is dragged, is drawn together.
const frameGap = 8 * time.Millisecond

// What the terminal is asked for at first, and what takes all of it back: mouse,
// paste, reports of keys, frames at once, wide clusters, scroll margins, alternate
// screen, hidden cursor, colours.
const (
	fancy = ansi.SetModeAltScreenSaveCursor + ansi.ResetModeTextCursorEnable + ansi.SetModeBracketedPaste +
		ansi.SetModeMouseButtonEvent + ansi.SetModeMouseExtSgr + ansi.SetModifyOtherKeys2
	plain = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[>4m\x1b[<u\x1b[?2026l\x1b[?2027l" + margins + erased + "\x1b[?1049l\x1b[?25h\x1b[0m"
	// Some multiplexers keep rows of a screen that has grown, unless they are empty.
	erased = "\x1b[0m" + ansi.EraseEntireScreen
	// Reset the scroll margins (DECSTBM), which also moves the cursor home.
	margins = "\x1b[r"
	// Keys that no terminal told apart before are, where Kitty's protocol is known.
	disambiguate = 1
)

// newDisplay returns the display of a terminal to which w writes.
func newDisplay(w io.Writer, environ []string) *display {
	return &display{w: w, environ: environ, cells: uv.NewScreenBuffer(0, 0)}
}

// enter takes a terminal of a size, perhaps again.
func (d *display) enter(width, height int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.renderer = uv.NewTerminalRenderer(&d.changes, d.environ)
	d.renderer.SetColorProfile(colorprofile.TrueColor) // the canvas has chosen its colours
	d.renderer.SetFullscreen(true)
	d.renderer.SetRelativeCursor(false)
	d.renderer.SetScrollOptim(true)
	d.renderer.SetTabStops(-1)
	pop := ""
	if d.open {
		pop = ansi.PopKittyKeyboard(1)
	}
	d.open, d.title, d.ground, d.synced = true, "", nil, false
	d.cells.Method = ansi.WcWidth
	d.setSize(width, height)
	ask := ""
	if answersModes(uv.Environ(d.environ)) {
		ask = ansi.RequestModeSynchronizedOutput + ansi.RequestModeUnicodeCore
	}
	io.WriteString(d.w, fancy+pop+ansi.PushKittyKeyboard(disambiguate)+ask)
}

// answersModes says whether a terminal is asked which modes it has: the same that
// Bubble Tea asks, not Apple's, and over SSH only those that are known to answer.
func answersModes(environ uv.Environ) bool {
	if environ.Getenv("SSH_TTY") == "" {
		return !strings.Contains(environ.Getenv("TERM_PROGRAM"), "Apple")
	}
	if environ.Getenv("WT_SESSION") != "" {
		return true
	}
	for _, known := range []string{"ghostty", "wezterm", "alacritty", "kitty", "rio"} {
		if strings.Contains(environ.Getenv("TERM"), known) {
			return true
		}
	}
	return false
}

// leave gives the terminal back, unless somebody else has claimed to.
func (d *display) leave(claim *atomic.Bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || !claim.CompareAndSwap(false, true) {
		return
	}
	d.open = false
	back := ""
	if d.title != "" {
		back += ansi.SetWindowTitle("")
	}
	if d.ground != nil {
		back += ansi.ResetBackgroundColor
	}
	io.WriteString(d.w, back+plain)
}

// resize is told of another size of the terminal.
func (d *display) resize(width, height int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open {
		d.setSize(width, height)
	}
}

func (d *display) setSize(width, height int) {
	d.width, d.height = width, height
	d.renderer.Resize(width, height)
	d.renderer.Erase()
	d.cells.Resize(width, height)
	d.lines, d.frame, d.whole = make([]string, height), "", true
}

// ask sends a question, whose answer comes as a message.
func (d *display) ask(question string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open {
		io.WriteString(d.w, question)
	}
}

// learn takes what the terminal said of its modes.
func (d *display) learn(report tea.ModeReportMsg) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !d.open:
	case report.Mode == ansi.ModeSynchronizedOutput:
		d.synced = report.Value == ansi.ModeReset
	case report.Mode == ansi.ModeUnicodeCore && (report.Value == ansi.ModeReset || report.Value.IsSet()):
		io.WriteString(d.w, ansi.SetModeUnicodeCore)
		d.cells.Method = ansi.GraphemeWidth
		d.renderer.SetGraphemeWidth(true)
		d.renderer.Erase() // what is drawn may have been measured otherwise
		d.whole = true
	}
}

// wait is how long the next frame has to wait for the last one.
func (d *display) wait() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	return frameGap - time.Since(d.drawn)
}

// show draws a frame, as far as it differs from the last one; before the first, an
// empty one is none. Of a view it takes the content, the title and the background:
// all frames are on the alternate screen, with the mouse and without a cursor.
func (d *display) show(v tea.View) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.open || d.whole && v.Content == "" || !d.whole && v.Content == d.frame && v.WindowTitle == d.title && v.BackgroundColor == d.ground {
		return
	}
	var out bytes.Buffer
	if d.synced {
		out.WriteString(ansi.SetModeSynchronizedOutput)
	}
	if v.WindowTitle != d.title {
		out.WriteString(ansi.SetWindowTitle(v.WindowTitle))
	}
	if v.BackgroundColor != d.ground {
		if c := v.BackgroundColor; c == nil {
			out.WriteString(ansi.ResetBackgroundColor)
		} else {
			r, g, b, _ := c.RGBA()
			out.WriteString(ansi.SetBackgroundColor(fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)))
		}
	}
	if d.whole {
		// A frame that scrolls sets the margins back to the rows that it knows. If
		// it is under way while the terminal becomes taller, they stay behind, and
		// all later scrolling would stop at the old last row.
		out.WriteString(margins)
	}
	d.draw(v.Content)
	d.renderer.Render(d.cells.RenderBuffer)
	d.renderer.Flush()
	d.changes.WriteTo(&out)
	if d.synced {
		out.WriteString(ansi.ResetModeSynchronizedOutput)
	}
	d.frame, d.title, d.ground, d.whole = v.Content, v.WindowTitle, v.BackgroundColor, false
	d.w.Write(out.Bytes())
	d.drawn = time.Now()
}

// draw puts the lines of a frame that have changed into the cells. Each line sets
// its own styles.
func (d *display) draw(frame string) {
	for y := range d.height {
		var line string
		line, frame, _ = strings.Cut(frame, "\n")
		if d.whole || line != d.lines[y] {
			uv.NewStyledString(line).Draw(d.cells, uv.Rect(0, y, d.width, 1))
			d.lines[y] = line
		}
	}
}
