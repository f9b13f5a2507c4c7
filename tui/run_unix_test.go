//go:build unix

package tui

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/creack/pty"

	"rnnscope/core/scope"
	"rnnscope/core/task"
	"rnnscope/tui/terminal"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// watched runs a whole program on a fake clock for some seconds, with new
// snapshots for each tick, and returns the bytes it wrote in all but the first
// second.
func watched(t *testing.T, snapshots []*scope.Snapshot, keys string, seconds int) (bytes int64) {
	synctest.Test(t, func(t *testing.T) {
		live := explore(t, snapshots[0].Shape.Hidden)
		live.Start(true)
		var out counted
		app := New(Config{Live: live, Lang: words.English, Options: views.Options{Profile: views.TrueColor}, Theme: Dark})
		stage := &stage{model: app, display: newDisplay(&out, nil)}
		stage.open(sizeMsg{Width: wide, Height: high})
		p := stage.program(context.Background(), nil, &out)
		ended := make(chan error)
		task.Go("program", func() {
			_, err := p.Run()
			ended <- err
		})
		for _, k := range keys {
			p.Send(tea.KeyPressMsg{Code: k, Text: string(k)})
		}
		for tick := range seconds * 15 {
			if tick == 15 {
				bytes = out.bytes.Load()
			}
			s := *snapshots[tick%len(snapshots)]
			s.Update, s.Elapsed = s.Update+int64(tick), time.Duration(tick)*time.Second/15
			live.Snapshots.Put(&s)
			time.Sleep(time.Second / 15)
		}
		bytes = out.bytes.Load() - bytes
		live.Quit()
		p.Quit()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		live.Wait()
		time.Sleep(time.Second) // the last tick that was asked for
	})
	return bytes
}

// What a second of a steady screen sends to the terminal. The budget is 300 kB;
// these bounds are a fifth above what was measured, so that a change that costs
// bytes is seen.
var bytesPerSecond = map[string]int64{"train": 30_000, "sample": 7_600}

func TestBytesOfASteadyScreen(t *testing.T) {
	snapshots := takenFrom(t, 128, 60)
	const seconds = 9
	for _, c := range []struct{ screen, keys string }{{"train", ""}, {"sample", "4 "}} {
		got := watched(t, snapshots, c.keys, seconds) / (seconds - 1)
		t.Logf("%s: %d bytes a second, %d a frame", c.screen, got, got/15)
		if most := bytesPerSecond[c.screen]; got > most || got < most/4 {
			t.Errorf("%s: %d bytes a second, expected about %d at most", c.screen, got, most)
		}
	}
}

// typed is a model that shows the keys it got.
type typed struct{ keys string }

func (m *typed) Init() tea.Cmd { return nil }
func (m *typed) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		m.keys += k.Text
	}
	return m, nil
}
func (m *typed) View() tea.View { return tea.NewView(m.keys) }

// A key after a pause is drawn at once; those of a burst are drawn together, the
// last of them too.
func TestBurstsAreDrawnTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := emulate(80, 4)
		s := &stage{model: &typed{}, display: newDisplay(p, unasked)}
		s.open(sizeMsg{Width: 80, Height: 4})
		program := s.program(t.Context(), nil, p)
		ended := make(chan error)
		task.Go("program", func() {
			_, err := program.Run()
			ended <- err
		})
		time.Sleep(time.Second / 2)
		press := func(text string) string {
			program.Send(tea.KeyPressMsg{Code: []rune(text)[0], Text: text})
			synctest.Wait()
			return p.text()
		}
		for _, step := range []struct {
			key   string
			after time.Duration
			want  string
		}{{"a", time.Second, "a"}, {"b", 0, "a"}, {"c", frameGap / 2, "a"}, {"d", frameGap, "abc"}, {"e", 3 * frameGap, "abcde"}, {"f", 0, "abcde"}} {
			time.Sleep(step.after)
			if got := press(step.key); got != step.want {
				t.Errorf("%v after the key before, %q was pressed and the screen was %q, want %q", step.after, step.key, got, step.want)
			}
		}
		time.Sleep(2 * frameGap)
		synctest.Wait()
		if got := p.text(); got != "abcdef" {
			t.Errorf("the screen ends with %q", got)
		}
		program.Quit()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
	})
}

// broken is a model that panics where it is told to, once it is drawn.
type broken struct {
	where string
	drawn bool
}

func (m *broken) Init() tea.Cmd {
	return tea.Tick(50*time.Millisecond, func(time.Time) tea.Msg {
		m.fail("a command")
		return "now"
	})
}

func (m *broken) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg.(type) {
	case tea.WindowSizeMsg:
		m.fail("a size")
	case string:
		m.fail("Update")
		m.drawn = true
	}
	return m, nil
}

func (m *broken) View() tea.View {
	if m.drawn {
		m.fail("View")
	}
	return tea.NewView("a frame")
}

func (m *broken) fail(where string) {
	if m.where == where {
		panic("told to, in " + where)
	}
}

// Wherever the screen panics, the terminal is restored first, and what is said of
// it stays in view.
func TestPanicRestoresTheTerminal(t *testing.T) {
	const told = "RNNSCOPE_TEST_BROKEN"
	if where := os.Getenv(told); where != "" {
		show(t.Context(), &broken{where: where}, NewOutput(os.Stdout), os.Stdin, os.Stdout)
		return
	}
	for _, where := range []string{"a size", "a command", "Update", "View"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestPanicRestoresTheTerminal$")
		cmd.Env = append(os.Environ(), told+"="+where, "TERM=xterm-256color")
		term, err := terminal.Start(cmd, terminal.Options{Columns: 120, Rows: 36})
		if err != nil {
			t.Fatal(err)
		}
		_, status, err := term.End(10 * time.Second)
		if wrong := term.Restored(); err != nil || status != 1 || len(wrong) > 0 {
			t.Errorf("a panic in %s: status %d, %v, %v", where, status, err, wrong)
		}
		if text := term.Text(); !strings.Contains(text, "told to, in "+where) || !strings.Contains(text, "goroutine") {
			t.Errorf("a panic in %s: the screen is\n%s", where, text)
		}
		term.Close()
	}
}

// A terminal that says it is larger than any is not believed.
func TestSizeIsPlausible(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	s := &stage{out: tty}
	for _, c := range []struct {
		columns, rows uint16
		want          sizeMsg
		ok            bool
	}{{120, 36, sizeMsg{Width: 120, Height: 36}, true}, {4096, 256, sizeMsg{Width: 4096, Height: 256}, true}, {4096, 257, sizeMsg{}, false}, {20000, 4, sizeMsg{}, false}} {
		if err := pty.Setsize(master, &pty.Winsize{Cols: c.columns, Rows: c.rows}); err != nil {
			t.Fatal(err)
		}
		if got, ok := s.size(); ok != c.ok || ok && got != c.want {
			t.Errorf("%d x %d: %+v, %v", c.columns, c.rows, got, ok)
		}
	}
	t.Setenv("COLUMNS", "100")
	t.Setenv("LINES", "x")
	if err := pty.Setsize(master, &pty.Winsize{}); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.size(); !ok || got != (sizeMsg{Width: 100, Height: 24}) {
		t.Errorf("a terminal without a size: %+v, %v", got, ok)
	}
}
