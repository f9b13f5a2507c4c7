//go:build unix

package terminal

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// patience is how long is waited for what a shell does at once.
const patience = 30 * time.Second

// script runs a shell script in a terminal.
func script(t *testing.T, o Options, text string) *Terminal {
	t.Helper()
	term, err := Start(exec.Command("sh", "-c", text), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(term.Close)
	return term
}

// Text, colours and wide characters stand in the cells where a terminal has
// them, and what is typed arrives.
func TestCells(t *testing.T) {
	term := script(t, Options{}, `printf '\033[2;3H天\033[1;31mred\033[m|'; read x; printf "got %s" "$x"`)
	if _, err := term.Await(patience, func(s *Screen) bool { return s.Has("red|") }); err != nil {
		t.Fatal(err)
	}
	term.See(func(s *Screen) {
		if c := s.Cell(2, 1); c.Text != "天" || c.Width != 2 {
			t.Errorf("the wide character's cell is %+v", c)
		}
		if c := s.Cell(3, 1); c.Text != "" || c.Width != 0 {
			t.Errorf("its second half is %+v", c)
		}
		if c := s.Cell(4, 1); c.Text != "r" || c.FG == nil || !c.Bold {
			t.Errorf("the red letter is %+v", c)
		}
		if x, y, ok := s.Find("red"); x != 4 || y != 1 || !ok {
			t.Errorf("red is found at %d, %d, %v; it stands at 4, 1", x, y, ok)
		}
		if c := s.Cell(7, 1); c.FG != nil || c.Bold {
			t.Errorf("the bar after it is %+v", c)
		}
	})
	took, err := term.Latency(patience, func() error { return term.Press("h", "i", "enter") }, func(s *Screen) bool { return s.Has("got hi") })
	if err != nil || took <= 0 {
		t.Errorf("%v, %v", took, err)
	}
	if _, status, err := term.End(patience); status != 0 || err != nil {
		t.Errorf("status %d, %v", status, err)
	}
	if _, err := term.Await(patience, func(s *Screen) bool { return s.Has("never") }); err == nil || !strings.Contains(err.Error(), "the program ended") {
		t.Errorf("waiting for what does not come: %v", err)
	}
}

// What a program leaves behind is named, and nothing else.
func TestRestored(t *testing.T) {
	for _, c := range []struct{ script, wrong string }{
		{`printf '\033[?1049h\033[?25l\033[?2004h\033[?1002h'; printf '\033[?1002l\033[?2004l\033[?1049l\033[?25h'`, ""},
		{`printf '\033[?1049h'`, "alternate screen"},
		{`printf '\033[?25l'`, "cursor"},
		{`printf '\033[?1006h'`, "mouse"},
		{`printf '\033[?2004h'`, "paste"},
		{`stty -echo`, "line discipline"},
	} {
		term := script(t, Options{}, c.script)
		if _, _, err := term.End(patience); err != nil {
			t.Fatal(err)
		}
		wrong := term.Restored()
		if got := strings.Join(wrong, "; "); len(wrong) > 1 || (c.wrong == "") != (got == "") || !strings.Contains(got, c.wrong) {
			t.Errorf("%s: %q, want %q", c.script, got, c.wrong)
		}
	}
}

// Queries are answered, synchronized updates are seen whole, and every byte is
// counted and copied.
func TestAnswers(t *testing.T) {
	var raw bytes.Buffer
	// DECRQM for mode 2026, read back with the line discipline's help.
	term := script(t, Options{Copy: &raw}, `stty -icanon -echo min 1; printf '\033[?2026$p'; dd bs=1 count=11 2>/dev/null | od -c | head -1
		printf '\033[?2026hhalf'; printf ' whole\033[?2026l'`)
	half := false
	if _, err := term.Await(patience, func(s *Screen) bool { half = half || s.Has("half") && !s.Has("whole"); return s.Has("half whole") }); err != nil {
		t.Fatal(err)
	}
	if half {
		t.Error("half of a synchronized update was seen")
	}
	term.See(func(s *Screen) {
		if !strings.Contains(strings.Join(strings.Fields(s.Text()), ""), "?2026;2$y") {
			t.Errorf("the answer to the query is not %q:\n%s", "?2026;2$y", s.Text())
		}
	})
	if _, _, err := term.End(patience); err != nil {
		t.Fatal(err)
	}
	if n := term.Bytes(); n != int64(raw.Len()) || n == 0 {
		t.Errorf("%d bytes counted, %d copied", n, raw.Len())
	}
}

// Margins for more rows than there are end with the last, as after the terminal
// has become smaller, and lines deleted within them move up the rest.
func TestMarginsEndWithTheScreen(t *testing.T) {
	term := script(t, Options{Columns: 20, Rows: 6}, `printf '\033[6;1Hlast\033[2;60r\033[2;1H\033[3M'`)
	if _, _, err := term.End(patience); err != nil {
		t.Fatal(err)
	}
	term.See(func(s *Screen) {
		if got := s.Line(2); got != "last" {
			t.Errorf("the last line stands in:\n%s", s.Text())
		}
	})
}

// A slow link takes the time it should, at least.
func TestSlowLink(t *testing.T) {
	const n, rate = 20_000, 100e3
	began := time.Now()
	term := script(t, Options{Rate: rate}, `head -c 20000 /dev/zero | tr '\0' x; printf end`)
	at, err := term.Await(patience, func(s *Screen) bool { return s.Has("end") })
	if err != nil {
		t.Fatal(err)
	}
	if took := at.Sub(began).Seconds(); took < n/rate {
		t.Errorf("%d bytes took %.3f s over a link of %g bytes a second", n, took, float64(rate))
	}
}

// What comes while a terminal holds is shown at release, in order and with the
// times when it came.
func TestHold(t *testing.T) {
	term := script(t, Options{}, `echo ready; read x; echo one; read x; echo two; read x`)
	if _, err := term.Await(patience, func(s *Screen) bool { return s.Has("ready") }); err != nil {
		t.Fatal(err)
	}
	term.Hold()
	before := term.Bytes()
	term.Press("enter")
	for term.Bytes() < before+7 { // a newline echoed, and a line
		time.Sleep(time.Millisecond)
	}
	term.See(func(s *Screen) {
		if s.Has("one") {
			t.Error("output is shown while it is held")
		}
	})
	now := time.Now()
	var seen []time.Time
	term.Release(func(at time.Time, s *Screen) {
		if s.Has("one") {
			seen = append(seen, at)
		}
	})
	if len(seen) == 0 || seen[0].After(now) {
		t.Errorf("seen at %v, released at %v", seen, now)
	}
	term.Press("enter")
	if _, err := term.Await(patience, func(s *Screen) bool { return s.Has("two") }); err != nil {
		t.Error(err)
	}
}
