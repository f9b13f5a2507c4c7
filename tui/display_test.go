package tui

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// emulated is a terminal that a display writes to.
type emulated struct {
	*vt.Emulator
	mu   sync.Mutex   // held while it is written to
	sent bytes.Buffer // since it was last looked at
}

// unasked is the environment of a terminal that is not asked for its modes: the
// emulator waits until its answers are read.
var unasked = []string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/1"}

func emulate(width, height int) *emulated { return &emulated{Emulator: vt.NewEmulator(width, height)} }

func (p *emulated) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent.Write(b)
	return p.Emulator.Write(b)
}

// text is what stands on it.
func (p *emulated) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.TrimSpace(p.String())
}

func (p *emulated) WriteString(s string) (int, error) { return p.Write([]byte(s)) }

// differs is the first cell of a terminal that is not as in a frame, "" for none.
func (p *emulated) differs(frame string, width, height int) (what string) {
	want := uv.NewScreenBuffer(width, height)
	uv.NewStyledString(frame).Draw(want, want.Bounds())
	for y := range height {
		for x := range width {
			a, b := p.CellAt(x, y), want.CellAt(x, y)
			same := a.Content == b.Content && a.Style.Equal(&b.Style)
			if strings.TrimSpace(a.Content+b.Content) == "" { // its own colour and weight are not seen
				const seen = uv.AttrReverse | uv.AttrStrikethrough
				same = a.Style.Bg == b.Style.Bg && a.Style.Underline == b.Style.Underline && a.Style.Attrs&seen == b.Style.Attrs&seen
			}
			if !same {
				return fmt.Sprintf("%d %+v, not %+v: %s", x, *a, *b, ansi.Strip(strings.Split(frame, "\n")[y]))
			}
		}
	}
	return ""
}

// What a terminal shows after many frames, drawn by their differences, is the last
// frame: of every screen, in every size on the way.
func TestDisplayShowsTheFrame(t *testing.T) {
	snapshots := takenFrom(t, 32, 20)
	live := explore(t, 32)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, wide, high)
	p := emulate(wide, high)
	d := newDisplay(p, unasked)
	d.enter(wide, high)
	now, frames := time.Now(), 0
	look := func(w, h int) {
		d.show(a.View())
		frames++
		if at := p.differs(a.frame, w, h); at != "" {
			t.Fatalf("frame %d, of %dx%d, screen %s: this row is not as it was drawn: %q", frames, w, h, a.shown().tab().name, at)
		}
	}
	for _, size := range [][2]int{{wide, high}, {80, 24}, {120, 36}, {40, 10}, {80, 24}} {
		p.Resize(size[0], size[1])
		d.resize(size[0], size[1])
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		for i := range tabs() {
			a.open(i)
			for range 4 {
				now = now.Add(time.Second / 4)
				s := *snapshots[frames%len(snapshots)]
				s.Update += int64(frames)
				live.Snapshots.Put(&s)
				a.Update(frameMsg(now))
				look(size[0], size[1])
			}
			for _, key := range []string{"?", "esc", ":", "esc", "down", "right"} {
				a.Update(keyOf(key))
				look(size[0], size[1])
			}
		}
	}
	p.sent.Reset()
	d.show(a.View())
	if p.sent.Len() > 0 {
		t.Errorf("a frame that is there already was sent as %q", &p.sent)
	}
	d.resize(80, 24) // some other size came and went
	look(80, 24)
	if sent := p.sent.String(); !strings.Contains(sent, ansi.EraseEntireScreen) || !strings.Contains(sent, margins) {
		t.Errorf("after a signal of the size came only %q", sent)
	}
}

// keyOf is the press of a key by its name.
func keyOf(name string) tea.KeyPressMsg {
	for code, n := range map[rune]string{tea.KeyEscape: "esc", tea.KeyDown: "down", tea.KeyRight: "right"} {
		if n == name {
			return tea.KeyPressMsg{Code: code}
		}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// What the terminal is asked for is taken back, once.
func TestDisplayLeavesTheTerminal(t *testing.T) {
	p := emulate(20, 4)
	p.Write([]byte("$ rnnscope"))
	on := map[ansi.Mode]bool{ansi.ModeTextCursorEnable: true}
	title := ""
	p.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { on[m] = true },
		DisableMode: func(m ansi.Mode) { delete(on, m) },
		Title:       func(s string) { title = s },
	})
	d := newDisplay(p, unasked)
	d.enter(20, 4)
	d.learn(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
	d.learn(tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset})
	v := tea.NewView("狗咬人\nthe man")
	v.WindowTitle, v.BackgroundColor = "rnnscope", ansi.RGBColor{R: 0x12, G: 0x34, B: 0x56}
	p.sent.Reset()
	d.show(v)
	for _, want := range []string{ansi.SetModeSynchronizedOutput, ansi.ResetModeSynchronizedOutput, "\x1b]11;#123456\x07"} {
		if !strings.Contains(p.sent.String(), want) {
			t.Errorf("a frame came without %q", want)
		}
	}
	if title != "rnnscope" || on[ansi.ModeTextCursorEnable] || !on[ansi.ModeMouseExtSgr] || p.differs(v.Content, 20, 4) != "" {
		t.Errorf("title %q, modes %v, screen %q", title, on, p.String())
	}
	p.sent.Reset()
	var other, claim atomic.Bool
	other.Store(true)
	d.leave(&other) // somebody else does it
	if p.sent.Len() > 0 {
		t.Errorf("what somebody else restores was sent %q", &p.sent)
	}
	d.leave(&claim)
	for _, want := range []string{ansi.ResetBackgroundColor, ansi.ResetModifyOtherKeys, "\x1b[<u", margins} {
		if !strings.Contains(p.sent.String(), want) {
			t.Errorf("the terminal was left without %q", want)
		}
	}
	if len(on) != 1 || !on[ansi.ModeTextCursorEnable] || title != "" || !strings.HasPrefix(p.String(), "$ rnnscope") {
		t.Errorf("left with title %q, modes %v, screen %q", title, on, p.String())
	}
	p.sent.Reset()
	claim.Store(false)
	d.leave(&claim)
	d.show(tea.NewView("more"))
	d.ask(ansi.RequestBackgroundColor)
	if p.sent.Len() > 0 {
		t.Errorf("after it was left the terminal got %q", &p.sent)
	}
}

// counted counts what is written to a terminal.
type counted struct{ bytes atomic.Int64 }

func (c *counted) Write(b []byte) (int, error) {
	c.bytes.Add(int64(len(b)))
	return len(b), nil
}

// Lines that are on the screen already are drawn anew when the terminal turns out to
// measure clusters, and those after it is taken again are measured as at first.
func TestDisplayMeasuresAsTheTerminal(t *testing.T) {
	const family = "a👨‍👩‍👧‍👦b" // eight columns by its characters, two as a cluster
	p := emulate(20, 4)
	d := newDisplay(p, unasked)
	for _, again := range []bool{false, true} {
		d.enter(20, 4)
		for _, learnt := range []bool{false, true} {
			want := 1 + 8
			if learnt {
				d.learn(tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset})
				want = 1 + 2
			}
			d.show(tea.NewView(fmt.Sprint(family, "\n", learnt)))
			if got := d.cells.CellAt(want, 0).Content; got != "b" {
				t.Errorf("taken again %v, clusters %v: in column %d stands %q", again, learnt, want, got)
			}
		}
		var claim atomic.Bool
		d.leave(&claim)
	}
}

func BenchmarkDisplay(b *testing.B) {
	snapshots := takenFrom(b, 128, 20)
	live := explore(b, 128)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, wide, high)
	now, tick := time.Now(), 0
	next := func() tea.View {
		tick++
		now = now.Add(time.Second / 4)
		s := *snapshots[tick%len(snapshots)]
		s.Update += int64(tick)
		live.Snapshots.Put(&s)
		a.Update(frameMsg(now))
		return a.View()
	}
	b.Run("first", func(b *testing.B) {
		v := next()
		for b.Loop() {
			p := &counted{}
			d := newDisplay(p, unasked)
			d.enter(wide, high)
			d.show(v)
			b.ReportMetric(float64(p.bytes.Load()), "bytes")
		}
	})
	b.Run("steady", func(b *testing.B) {
		p := &counted{}
		d := newDisplay(p, unasked)
		d.enter(wide, high)
		for b.Loop() {
			b.StopTimer()
			v := next()
			b.StartTimer()
			d.show(v)
		}
		b.ReportMetric(float64(p.bytes.Load())/float64(b.N), "bytes")
	})
}
