package tui

import (
	"fmt"
	"image/color"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// chrome is the two lines above the body and the one below: what is trained and
// how far it is, the tabs, the keys. It keeps where they are for the mouse.
type chrome struct {
	stale     bool
	drawn     time.Time
	shown     *scope.Snapshot // that the lines were drawn from
	top, help string
	taken     [3]int // the most columns of the top line that state, epoch and rate have taken at this size
	tabs      []span // of the tab line, by screen
	times     []int  // columns of the tab line where the snapshots stand
	helps     []span // of the help line
	acts      []*action
}

// span is columns from … to-1 of a line.
type span struct{ from, to int }

func at(spans []span, x int) int {
	for i, s := range spans {
		if x >= s.from && x < s.to {
			return i
		}
	}
	return -1
}

// phase is what training was doing in the lines as they are.
func (c *chrome) phase() scope.Phase {
	if c.shown == nil {
		return scope.Starting
	}
	return c.shown.Phase
}

// tabAt is the screen whose tab is at a column, -1 for none.
func (c *chrome) tabAt(x int) int { return at(c.tabs, x) }

// timeAt is the snapshot that stands nearest to a column of the timeline, -1
// beside it.
func (c *chrome) timeAt(x int) int {
	const reach = 2
	best := -1
	for i, at := range c.times {
		if d := max(at-x, x-at); d <= reach && (best < 0 || d < max(c.times[best]-x, x-c.times[best])) {
			best = i
		}
	}
	return best
}

// helpAt is the action whose key is shown at a column.
func (c *chrome) helpAt(x int) *action {
	if i := at(c.helps, x); i >= 0 {
		return c.acts[i]
	}
	return nil
}

// style is a style of the theme for Lip Gloss.
func style(s views.Style) lipgloss.Style {
	out := lipgloss.NewStyle().Inline(true)
	if s.FG.Set() {
		out = out.Foreground(terminalColor(s.FG))
	}
	if s.BG.Set() {
		out = out.Background(terminalColor(s.BG))
	}
	return out.Bold(s.Attr&views.Bold != 0).Faint(s.Attr&views.Dim != 0).Italic(s.Attr&views.Italic != 0).
		Underline(s.Attr&views.Underline != 0).Reverse(s.Attr&views.Reverse != 0)
}

// terminalColor is a colour for Lip Gloss: of the terminal's table where it is
// one of those.
func terminalColor(c views.Color) color.Color {
	switch i, indexed := c.Index(); {
	case !c.Set():
		return lipgloss.NoColor{}
	case indexed && i < 16:
		return ansi.BasicColor(i)
	case indexed:
		return ansi.IndexedColor(i)
	}
	return c
}

// around puts the lines around a body.
func (c *chrome) around(a *App, body string) string {
	if c.stale || c.top == "" {
		c.top = c.topLine(a) + "\n" + c.tabLine(a)
		c.help = c.helpLine(a)
		if a.options.ASCII {
			c.top, c.help = views.ASCII(c.top), views.ASCII(c.help)
		}
		c.stale, c.drawn, c.shown = false, time.Now(), a.snap
	}
	return c.top + "\n" + body + "\n" + c.help
}

// topLine says what is trained, on what, and how far it is.
func (c *chrome) topLine(a *App) string {
	w, t := a.words, a.theme
	left := []string{style(t.Accent.With(views.Bold)).Render(" rnnscope ")}
	named := 3 // parts on the left: the program, the text and the model
	right, tail := "", ""
	var more [2]string // epoch and rate
	if s := a.snap; s != nil {
		model := fmt.Sprintf("%s %d×%d", strings.ToUpper(s.Shape.Cell), s.Shape.Layers, s.Shape.Hidden)
		level := w.Top.Char
		if a.live.Text.Word() {
			level = w.Top.Word
		}
		left = append(left,
			style(t.Title).Render(a.live.Text.Name),
			style(t.Text).Render(model),
			style(t.Dim).Render(fmt.Sprintf("%s V=%s", level, thousands(int64(s.Shape.Vocab)))),
			style(t.Dim).Render(fmt.Sprintf(w.Top.Weights, thousands(int64(s.Shape.Weights)))),
		)
		mark, st := "●", t.Good
		phase := w.Top.Phases[s.Phase]
		switch s.Phase {
		case scope.Paused, scope.Interrupted:
			mark, st = "‖", t.Warn
		case scope.Silent:
			mark, st = "‖", t.Warn
			phase = fmt.Sprintf(phase, clock(time.Since(s.Watch.Heard)))
		case scope.Diverged, scope.Gone:
			mark, st = "✖", t.Bad
		case scope.Finished:
			mark, st = "■", t.Accent
		}
		if st == t.Bad && a.options.ASCII {
			mark = "x"
		}
		if at := looking(s); at >= 0 {
			right = style(t.Warn.With(views.Bold)).Render(fmt.Sprintf(w.Top.LookingAt, thousands(at))) + style(t.Dim).Render(" · ")
		}
		right += style(st).Render(mark+" "+phase) + " " +
			style(t.Text).Render(fmt.Sprintf(w.Top.Update, thousands(lastUpdate(s))))
		more[0] = style(t.Dim).Render(fmt.Sprintf(" "+w.Top.Epoch, s.Epoch))
		if s.Phase == scope.Training && s.Rate > 0 {
			more[1] = style(t.Dim).Render(fmt.Sprintf(" "+w.Top.Rate, short(s.Rate)))
		}
		if s.Watch != nil {
			weights := w.Top.NoWeights
			if s.Watch.Weights >= 0 {
				weights = fmt.Sprintf(w.Top.WeightsOf, thousands(s.Watch.Weights))
			}
			left = slices.Insert(left, 1, style(t.Accent).Render(fmt.Sprintf(w.Top.Watching, filepath.Base(s.Watch.Dir))))
			tail = style(t.Dim).Render(" · " + weights)
			named++
		}
	}
	// What does not fit is left out whole: the model's figures first, then those of
	// the training, then the model and the text. Once left out it does not come and
	// go with the digits of the figures.
	for i, part := range [...]string{right + tail, more[0], more[1]} {
		c.taken[i] = max(c.taken[i], width(part))
	}
	taken := c.taken
	full := func() bool {
		return width(strings.Join(left, " · "))+taken[0]+taken[1]+taken[2]+3 > a.width
	}
	for len(left) > named && full() {
		left = left[:len(left)-1]
	}
	for i := len(more) - 1; i >= 0 && full(); i-- {
		more[i], taken[1+i] = "", 0
	}
	for len(left) > 1 && full() {
		left = left[:len(left)-1]
	}
	line := strings.Join(left, style(t.Dim).Render(" · "))
	if right != "" {
		right += strings.Join(more[:], "") + tail + " "
	}
	return fill(line, right, a.width)
}

// lastUpdate is the last update that is known of. The metrics of a long run that is
// watched have not every one; when it has ended, its weights are those of the last.
func lastUpdate(s *scope.Snapshot) int64 {
	if s.Watch != nil && (s.Phase == scope.Finished || s.Phase == scope.Interrupted) {
		return max(s.Update, s.Watch.Weights)
	}
	return s.Update
}

// fill puts a gap between left and right so that they take width columns.
func fill(left, right string, columns int) string {
	gap := columns - width(left) - width(right)
	if gap == 0 && right == "" {
		return left
	}
	if gap < 1 {
		return ansi.Truncate(left+" "+right, columns, "…")
	}
	return left + strings.Repeat(" ", gap) + right
}

func width(s string) int { return ansi.StringWidth(s) }

// tabLine shows the screens.
func (c *chrome) tabLine(a *App) string {
	// Where there is no room for all names, those of the screens that are not in
	// view give way to their keys.
	names, gap := make([]string, len(a.screens)), " "
	room := a.width
	for i, s := range a.screens {
		t := s.tab()
		names[i] = fmt.Sprintf(" %s %s ", t.key, t.text(a.words).Name)
		room -= width(names[i])
	}
	switch {
	case room >= len(names)-1:
	case room >= 0:
		gap = ""
	default:
		for i, s := range a.screens {
			if i != a.at {
				names[i] = fmt.Sprintf(" %s ", s.tab().key)
			}
		}
	}
	c.tabs = c.tabs[:0]
	line := ""
	for i, name := range names {
		st := a.theme.Dim
		if i == a.at {
			st = a.theme.Accent.With(views.Bold | views.Reverse)
		}
		if i > 0 {
			line += gap
		}
		from := width(line)
		line += style(st).Render(name)
		c.tabs = append(c.tabs, span{from, width(line)})
	}
	times, columns := a.timeline(a.width - width(line) - 2)
	c.times = c.times[:0]
	for _, x := range columns {
		c.times = append(c.times, a.width-width(times)+x)
	}
	return fill(line, times, a.width)
}

// helpLine shows the last row of a message, or the keys that matter here.
func (c *chrome) helpLine(a *App) string {
	c.helps, c.acts = c.helps[:0], c.acts[:0]
	if a.note.text != "" {
		lines := a.note.lines(a.noteWidth())
		return fill(" "+style(a.note.style(a.theme)).Render(lines[len(lines)-1]), "", a.width)
	}
	var hints, always []*action
	for _, k := range a.here() {
		switch {
		case k.hint && k.short(a) == "":
		case k.hint && k.tab == "":
			always = append(always, k)
		case k.hint:
			hints = append(hints, k)
		}
	}
	one := func(k *action) string {
		key, text := a.keyName(k.keys[0]), k.short(a)
		if key == text { // as up and down where keys have no signs, and the first of a pair
			return style(a.theme.Accent).Render(key)
		}
		return style(a.theme.Accent).Render(key) + " " + style(a.theme.Dim).Render(text)
	}
	room := a.width // a column is free on either side, and the last key has no gap behind it
	for _, k := range always {
		room -= width(one(k)) + 2
	}
	line := " "
	put := func(k *action) {
		from := width(line)
		line += one(k)
		c.helps, c.acts = append(c.helps, span{from, width(line)}), append(c.acts, k)
		line += "  "
	}
	// Of a pair that comes late the second names what both do: it gets room first, and
	// without it the first has none.
	fits := map[*action]bool{}
	fit := func(k *action) bool {
		n := width(one(k)) + 2
		if n <= room {
			room -= n
			fits[k] = true
		}
		return fits[k]
	}
	for _, k := range hints {
		if !k.late {
			fit(k)
		}
	}
	for _, k := range slices.Backward(hints) {
		if k.late && !fit(k) {
			break
		}
	}
	for _, k := range hints {
		if fits[k] {
			put(k)
		}
	}
	for _, k := range always {
		put(k)
	}
	return fill(strings.TrimRight(line, " "), "", a.width)
}

// tooSmall is all that is shown where there is no room.
func (c *chrome) tooSmall(a *App) string {
	canvas := views.NewCanvas(a.width, a.height)
	views.Paragraph(canvas, canvas.Bounds(), fmt.Sprintf(a.words.Top.TooSmall, a.width, a.height, leastWidth, leastHeight), a.theme.Text)
	return canvas.Render(a.options)
}
