package tui

import (
	"fmt"
	"math"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// filmPane shows what the model wrote, one sample after another.
type filmPane struct {
	pane
	t   *trainScreen
	at  int // the sample, -1 for the newest
	top int // its first line shown
}

// differs says whether there is something new to show.
func (p *filmPane) differs(old, s *scope.Snapshot) bool {
	if len(old.Samples) != len(s.Samples) {
		return true
	}
	for i := range s.Samples {
		if old.Samples[i] != s.Samples[i] {
			return true
		}
	}
	return false
}

// turn shows an earlier or a later sample.
func (p *filmPane) turn(by int, s *scope.Snapshot) {
	if s == nil || len(s.Samples) == 0 {
		return
	}
	last := len(s.Samples) - 1
	if p.at < 0 {
		p.at = last
	}
	p.at = max(0, min(last, p.at+by))
	if p.at == last && by > 0 {
		p.at = -1
	}
	p.top, p.stale = 0, true
}

// index is the sample shown, -1 while there is none.
func (p *filmPane) index(s *scope.Snapshot) int {
	if p.at < 0 || p.at >= len(s.Samples) {
		return len(s.Samples) - 1
	}
	return p.at
}

func (p *filmPane) scroll(by int) {
	p.top = max(0, p.top+by)
	p.stale = true
}

// write lets the model write now.
func (t *trainScreen) write() tea.Cmd {
	if why := t.mute(); why != "" {
		t.a.say(why)
		return nil
	}
	t.a.live.Sample()
	t.film.at = -1
	return nil
}

// mute says why the model has nothing to write with, "" when it has.
func (t *trainScreen) mute() string {
	switch s, n := t.snap, &t.a.words.Notes; {
	case s == nil || s.Untrained && s.Watch == nil:
		return n.NothingYet
	case s.Untrained:
		return n.NoneSaved
	}
	return ""
}

func (p *filmPane) draw(c *views.Canvas, area views.Rect) {
	w, th, s := p.t.words(), p.t.a.theme, p.t.snap
	box := views.Box{Focused: p.t.focused(onFilm)}
	if s == nil || len(s.Samples) == 0 {
		box.Title = w.WritesYet
		text := w.NoSample
		if p.t.mute() == "" {
			text += w.SampleNow
		}
		views.Paragraph(c, box.Draw(c, area, th), text, th.Dim)
		return
	}
	i := p.index(s)
	sample := s.Samples[i]
	box.Title = fmt.Sprintf(w.Writes, digits(sample.Temperature, 4), thousands(sample.Update))
	lines := views.Wrap(sample.Text, area.Inset(1).W)
	p.top = max(0, min(p.top, len(lines)-area.Inset(1).H))
	box.Note = fmt.Sprintf("← "+w.Film+" →", i+1, len(s.Samples))
	if below := len(lines) - p.top - area.Inset(1).H; below > 0 {
		box.Note += "  " + fmt.Sprintf(p.t.a.words.Inspect.MoreBelow, thousands(int64(below)))
	}
	in := box.Draw(c, area, th)
	if like := sample.Likeness; like != nil {
		c.Text(in.X+1, area.Y+area.H-1, " "+inFull(p.likeness(like), " · ", in.W-4)+" ", th.Dim)
	}
	for y := range in.H {
		if n := p.top + y; n < len(lines) {
			c.Text(in.X, in.Y+y, lines[n], th.Text)
		}
	}
}

// likeness says how much of a sample is in the text, the more telling first.
func (p *filmPane) likeness(l *scope.Likeness) (parts []string) {
	w := p.t.words()
	if l.Units > 0 && !p.t.a.live.Text.Word() && math.IsNaN(p.t.a.live.Text.Floor) {
		format := w.Words
		if l.Unit == "pair" {
			format = w.Pairs
		}
		parts = append(parts, fmt.Sprintf(format, percent(float64(l.Known)/float64(l.Units)), l.Units))
	}
	if l.Line > 0 && l.TextLine > 0 {
		parts = append(parts, fmt.Sprintf(w.Lines, digits(l.Line, 2), digits(l.TextLine, 2)))
	}
	return append(parts, fmt.Sprintf(w.Copied, utf8.RuneCountInString(l.Copied), quote(l.Copied)))
}
