package tui

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// RunsConfig says which runs a list shows, and how.
type RunsConfig struct {
	Dir     string
	Lang    words.Lang
	Options views.Options
	Theme   Background
	Chosen  string // the run under the cursor at first, "" for the first
}

// ChooseRun lists the runs of a directory, as other programs write them, until
// one is chosen, whose directory it returns, or the user quits: then "". Keys
// come from in, or where that is nil from the terminal.
func ChooseRun(ctx context.Context, c RunsConfig, in, out *os.File) (string, error) {
	list := newRunList(c)
	err := show(ctx, list, NewOutput(out), in, out)
	if ctx.Err() != nil {
		return "", err
	}
	return list.opened, err
}

// runList is the list: a table, and below it the losses of the runs that are
// marked, or of the one under the cursor.
type runList struct {
	dir           string
	runs          *session.Runs
	words         *words.Runs
	lang          words.Lang
	options       views.Options
	theme         *views.Theme
	ask           bool // the theme goes by the terminal's answer
	width, height int

	lines      []session.RunLine
	polled     bool
	failure    error  // of the last poll
	at         string // the name of the run under the cursor
	marked     map[string]bool
	column     int // that the runs are sorted by
	descending bool
	opened     string
	top        int        // the first run in view
	rows       views.Rect // where the runs stand, for the mouse
	chart      views.LineChart
}

func newRunList(c RunsConfig) *runList {
	background := views.DarkBackground
	if c.Theme == Light {
		background = views.LightBackground
	}
	return &runList{
		dir: c.Dir, runs: session.RunsIn(c.Dir), words: &words.For(c.Lang).Runs, lang: c.Lang, options: c.Options,
		theme: views.NewTheme(background, c.Options), ask: c.Theme == Auto, width: 80, height: 24,
		marked: map[string]bool{}, at: c.Chosen,
	}
}

// pollEvery is how often the runs are asked.
const pollEvery = time.Second

// runsMsg is what a poll found.
type runsMsg struct {
	lines []session.RunLine
	err   error
}

func (l *runList) poll() tea.Msg {
	lines, err := l.runs.Poll()
	return runsMsg{lines, err}
}

func (l *runList) Init() tea.Cmd {
	if l.ask {
		return tea.Batch(l.poll, tea.RequestBackgroundColor)
	}
	return l.poll
}

func (l *runList) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case runsMsg:
		// A directory that goes away may come back: what was there stays in view.
		if l.failure, l.polled = msg.err, true; msg.err == nil {
			l.lines = msg.lines
			l.sort()
		}
		return l, tea.Tick(pollEvery, func(time.Time) tea.Msg { return l.poll() })
	case tea.WindowSizeMsg:
		l.width, l.height = max(1, msg.Width), max(1, msg.Height)
	case tea.BackgroundColorMsg:
		if l.ask {
			r, g, b, _ := msg.RGBA()
			l.theme = views.NewTheme(views.RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8)), l.options)
		}
	case tea.MouseClickMsg:
		if m := msg.Mouse(); l.rows.Contains(m.X, m.Y) {
			l.move(l.top + m.Y - l.rows.Y - l.index())
		}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			l.move(-1)
		case tea.MouseWheelDown:
			l.move(1)
		}
	case tea.KeyPressMsg:
		return l, l.press(msg.String())
	}
	return l, nil
}

func (l *runList) press(key string) tea.Cmd {
	switch key {
	case "up", "k":
		l.move(-1)
	case "down", "j":
		l.move(1)
	case "pgup":
		l.move(-max(1, l.rows.H))
	case "pgdown":
		l.move(max(1, l.rows.H))
	case "home":
		l.move(-len(l.lines))
	case "end":
		l.move(len(l.lines))
	case "space":
		if l.at != "" {
			l.marked[l.at] = !l.marked[l.at]
		}
	case "s":
		l.column, l.descending = (l.column+1)%len(runColumns), false
		l.sort()
	case "S":
		l.descending = !l.descending
		l.sort()
	case "enter":
		if i := l.index(); i < len(l.lines) {
			l.opened = l.lines[i].Dir
			return tea.Quit
		}
	case "q", "esc", "ctrl+c":
		return tea.Quit
	}
	return nil
}

// index is the place of the run under the cursor.
func (l *runList) index() int {
	return max(0, slices.IndexFunc(l.lines, func(r session.RunLine) bool { return r.Name == l.at }))
}

func (l *runList) move(by int) {
	if n := len(l.lines); n > 0 {
		l.at = l.lines[max(0, min(n-1, l.index()+by))].Name
	}
}

// sort sorts the runs by the chosen column. The cursor stays on its run.
func (l *runList) sort() {
	slices.SortStableFunc(l.lines, func(a, b session.RunLine) int {
		by := runColumns[l.column].compare(&a, &b)
		if l.descending {
			by = -by
		}
		return by
	})
	if !slices.ContainsFunc(l.lines, func(r session.RunLine) bool { return r.Name == l.at }) {
		l.at = ""
		if len(l.lines) > 0 {
			l.at = l.lines[0].Name
		}
	}
}

func (l *runList) View() tea.View {
	c := views.NewCanvas(max(1, l.width-1), l.height)
	l.draw(c, c.Bounds())
	v := tea.NewView(c.Render(l.options))
	v.AltScreen, v.MouseMode, v.WindowTitle = true, tea.MouseModeCellMotion, "rnnscope"
	return v
}

func (l *runList) draw(c *views.Canvas, area views.Rect) {
	w, th := l.words, l.theme
	x := c.Text(1, 0, "rnnscope", th.Accent.With(views.Bold))
	c.Text(x, 0, " · "+views.Truncate(fmt.Sprintf(w.Title, l.dir, len(l.lines)), area.W-x-4), th.Text)
	body := rows(views.Rect{X: 0, Y: 1, W: area.W, H: area.H - 2}, max(5, min(len(l.lines)+3, area.H/2)), 0)
	l.table(c, views.Box{Title: w.Runs, Focused: true}.Draw(c, body[0], th))
	if body[1].H >= 6 {
		l.curves(c, views.Box{Title: w.Losses}.Draw(c, body[1], th))
	}
	x = 1
	for _, k := range [][2]string{{"↑↓", w.Move}, {"space", w.Mark}, {"s S", w.Sort}, {"⏎", w.Open}, {"q", w.Quit}} {
		x = c.Text(x, area.H-1, k[0], th.Accent)
		x = c.Text(x, area.H-1, " "+k[1]+"  ", th.Dim)
	}
}

// compared are the runs whose losses are drawn: those that are marked, or the
// one under the cursor.
func (l *runList) compared() []*session.RunLine {
	var out []*session.RunLine
	for i := range l.lines {
		if l.marked[l.lines[i].Name] {
			out = append(out, &l.lines[i])
		}
	}
	if len(out) == 0 && len(l.lines) > 0 {
		out = append(out, &l.lines[l.index()])
	}
	return out
}

// series is the style of a run's curve.
func (l *runList) series(name string) views.Style {
	for i, r := range l.compared() {
		if r.Name == name {
			return l.theme.Series[i%len(l.theme.Series)]
		}
	}
	return l.theme.Dim
}

func (l *runList) curves(c *views.Canvas, in views.Rect) {
	l.chart.X = views.Axis{Name: l.words.Update, Whole: true}
	l.chart.Y = views.Axis{Name: l.words.Nats}
	l.chart.Empty = l.words.NoLoss
	l.chart.Series = l.chart.Series[:0]
	for _, r := range l.compared() {
		s := views.Series{Name: r.Name, Style: l.series(r.Name)}
		s.X, s.Y = views.Smooth(r.Losses.Buckets, scope.AverageOver, nil, nil)
		l.chart.Series = append(l.chart.Series, s)
	}
	l.chart.Draw(c, in, l.theme)
}

func means(buckets []scope.Bucket) []float64 {
	out := make([]float64, len(buckets))
	for i, b := range buckets {
		out[i] = b.Mean
	}
	return out
}
