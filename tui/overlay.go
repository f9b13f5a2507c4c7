package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// overlay is a window in front of a screen that takes all keys.
type overlay interface {
	press(k tea.KeyPressMsg) tea.Cmd
	paste(text string) tea.Cmd
	click(x, y, wheel int) tea.Cmd
	over(frame string) string
}

// window draws a box over the middle of a frame and returns where its first
// inner line is.
func (a *App) window(frame, title string, lines []string, inner int) (out string, x, y int) {
	inner = min(inner, a.width-4)
	border := lipgloss.RoundedBorder()
	if a.options.ASCII {
		border = lipgloss.ASCIIBorder()
	}
	for i, l := range lines {
		lines[i] = ansi.Truncate(l, inner, "…")
	}
	box := lipgloss.NewStyle().Border(border).BorderForeground(terminalColor(a.theme.Accent.FG)).Padding(0, 1).Width(inner + 4).
		Render(strings.Join(lines, "\n"))
	rows := strings.Split(box, "\n")
	head := style(a.theme.Accent.With(views.Bold)).Render(" " + title + " ")
	if width(head)+4 < inner {
		edge := lipgloss.NewStyle().Foreground(terminalColor(a.theme.Accent.FG))
		rest := inner + 4 - 3 - width(head)
		rows[0] = edge.Render(border.TopLeft+border.Top) + head + edge.Render(strings.Repeat(border.Top, rest)+border.TopRight)
	}
	if box = strings.Join(rows, "\n"); a.options.ASCII {
		box = views.ASCII(box)
	}
	x, y = max(0, (a.width-inner-4)/2), max(0, (a.height-len(rows))/2)
	under := lipgloss.NewLayer(frame)
	over := lipgloss.NewLayer(box).X(x).Y(y).Z(1)
	canvas := lipgloss.NewCanvas(a.width, a.height)
	canvas.Compose(lipgloss.NewCompositor(under, over))
	return canvas.Render(), x + 2, y + 1
}

// help shows what the screen in view shows, how to read it, and all keys.
type help struct {
	a     *App
	top   int
	lines []string
	rows  int // that fit
}

func newHelp(a *App) *help { return &help{a: a} }

const helpWidth = 76

func (h *help) build() {
	a := h.a
	inner := min(helpWidth, a.width-4)
	h.lines = h.lines[:0]
	t := a.shown().tab().text(a.words)
	for _, sentence := range t.About {
		for _, l := range views.Wrap(sentence, inner-2) {
			h.lines = append(h.lines, "  "+l)
		}
		h.lines = append(h.lines, "")
	}
	section := ""
	keys := 0
	for _, k := range a.here() {
		keys = max(keys, width(a.allKeys(k)))
	}
	for _, k := range a.here() {
		title := t.Name
		if k.tab == "" {
			title = a.words.Keys.Everywhere
		}
		if title != section {
			section = title
			h.lines = append(h.lines, style(a.theme.Title).Render(title))
			if k.tab == "" {
				for _, l := range views.Wrap(a.words.Keys.Timeline, inner-2) {
					h.lines = append(h.lines, "  "+l)
				}
			}
		}
		name := a.allKeys(k)
		long := views.Wrap(k.text(a.words).Long, max(10, inner-keys-5))
		for i, l := range long {
			if i > 0 {
				name = ""
			}
			h.lines = append(h.lines, "  "+style(a.theme.Accent).Render(name)+strings.Repeat(" ", keys-width(name)+2)+l)
		}
	}
}

// allKeys writes all keys of an action.
func (a *App) allKeys(k *action) string {
	var names []string
	for _, key := range k.keys {
		names = append(names, a.keyName(key))
	}
	return strings.Join(names, " ")
}

func (h *help) press(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "up", "k":
		h.top--
	case "down", "j":
		h.top++
	case "pgup":
		h.top -= h.rows
	case "pgdown", "space":
		h.top += h.rows
	case "home":
		h.top = 0
	case "end":
		h.top = len(h.lines)
	default:
		h.a.overlay = nil
	}
	return nil
}

func (h *help) paste(string) tea.Cmd { return nil }

func (h *help) click(_, _, wheel int) tea.Cmd {
	if wheel == 0 {
		h.a.overlay = nil
	}
	h.top += 3 * wheel
	return nil
}

func (h *help) over(frame string) string {
	h.build()
	h.rows = max(3, h.a.height-6)
	h.top = max(0, min(h.top, len(h.lines)-h.rows))
	end := min(len(h.lines), h.top+h.rows)
	lines := append([]string(nil), h.lines[h.top:end]...)
	foot := h.a.words.Keys.Close
	if len(h.lines) > h.rows {
		foot = fmt.Sprintf("%d-%d / %d   ↑ ↓ PgDn   %s", h.top+1, end, len(h.lines), foot)
	}
	lines = append(lines, style(h.a.theme.Dim).Render(foot))
	out, _, _ := h.a.window(frame, h.a.shown().tab().text(h.a.words).Title, lines, helpWidth)
	return out
}

// palette finds an action by what it is called.
type palette struct {
	a     *App
	input textinput.Model
	found []*action
	at    int
	y     int // of the first row found
	rows  int
}

// mostSearch is how much can be typed to find a command, characters.
const mostSearch = 100

func newPalette(a *App) *palette {
	p := &palette{a: a, input: textinput.New()}
	p.input.Prompt, p.input.CharLimit = ": ", mostSearch
	p.input.SetStyles(textinput.Styles{Focused: textinput.StyleState{Prompt: style(a.theme.Accent), Text: style(a.theme.Text)}})
	p.input.Focus()
	p.find()
	return p
}

// find lists the actions that what was typed fits, the best first: those whose name
// it is or begins, those whose name has it, then those whose description has it. Its
// characters apart are looked for only where nothing has it. A name is one in any
// language, as lectures and the README call a command by another than is shown.
func (p *palette) find() {
	type scored struct {
		k     *action
		name  int // how well the name fits
		whole bool
		score int
	}
	typed := p.input.Value()
	var all []scored
	for i := range p.a.keys {
		one, fits := scored{k: &p.a.keys[i]}, false
		for _, lang := range words.Langs() {
			w := words.For(lang)
			text := one.k.text(w)
			name := text.Long
			if one.k.tab != "" { // as the list has it
				name = tabOf(one.k.tab).text(w).Name + " " + name
			}
			name += " " + text.Short
			if s, ok := fuzzy(typed, name); ok {
				fits = true
				one.name, one.score = max(one.name, called(typed, text.Short)), max(one.score, s)
				one.whole = one.whole || whole(typed, name)
			}
		}
		if one.k.tab == p.a.shown().tab().name {
			one.score++
		}
		if fits {
			all = append(all, one)
		}
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Or(cmp.Compare(b.name, a.name), cmp.Compare(b.score, a.score)) })
	some := slices.ContainsFunc(all, func(s scored) bool { return s.whole })
	p.found = p.found[:0]
	for _, s := range all {
		if s.whole || !some {
			p.found = append(p.found, s.k)
		}
	}
	p.at = 0
}

func tabOf(name string) tab {
	for _, t := range tabs() {
		if t.name == name {
			return t
		}
	}
	panic("tui: no screen is called " + name)
}

func (p *palette) press(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		p.a.overlay = nil
	case "enter":
		return p.run(p.at)
	case "up", "ctrl+p":
		p.at = max(0, p.at-1)
	case "down", "ctrl+n":
		p.at = max(0, min(len(p.found)-1, p.at+1))
	default:
		before := p.input.Value()
		edit(&p.input, k)
		if p.input.Value() != before {
			p.find()
		}
	}
	return nil
}

// run does an action; one of another screen opens that first.
func (p *palette) run(i int) tea.Cmd {
	p.a.overlay = nil
	if i < 0 || i >= len(p.found) {
		return nil
	}
	k := p.found[i]
	var open tea.Cmd
	if k.tab != "" {
		for n, s := range p.a.screens {
			if s.tab().name == k.tab {
				open = p.a.open(n)
			}
		}
	}
	return tea.Batch(open, k.do(p.a))
}

func (p *palette) paste(text string) tea.Cmd {
	p.input.SetValue(p.input.Value() + strings.Join(strings.Fields(text), " "))
	p.input.CursorEnd()
	p.find()
	return nil
}

func (p *palette) click(_, y, wheel int) tea.Cmd {
	if wheel != 0 {
		p.at = max(0, min(len(p.found)-1, p.at+wheel))
		return nil
	}
	if i := y - p.y + p.first(); y >= p.y && y < p.y+p.rows {
		return p.run(i)
	}
	p.a.overlay = nil
	return nil
}

// first is the row at the top of the list.
func (p *palette) first() int { return max(0, p.at-p.rows+1) }

func (p *palette) over(frame string) string {
	const inner = 66
	p.rows = max(3, min(12, p.a.height-8))
	w := min(inner, p.a.width-4)
	p.input.SetWidth(w - 4)
	lines := []string{p.input.View(), ""}
	for i := p.first(); i < p.first()+p.rows; i++ {
		if i >= len(p.found) {
			lines = append(lines, "")
			continue
		}
		k := p.found[i]
		text := k.text(p.a.words).Long
		if k.tab != "" {
			text = tabOf(k.tab).text(p.a.words).Name + p.a.words.Colon + text
		}
		st := p.a.theme.Text
		if i == p.at {
			st = p.a.theme.Accent.With(views.Reverse)
		}
		keys := p.a.allKeys(k)
		lines = append(lines, style(st).Render(views.Pad(text, w-width(keys)-2, views.Left))+"  "+style(p.a.theme.Dim).Render(keys))
	}
	if len(p.found) == 0 {
		lines[2] = style(p.a.theme.Dim).Render(p.a.words.Keys.NothingFound)
	}
	out, _, y := p.a.window(frame, p.a.words.Keys.Palette.Short, lines, inner)
	p.y = y + 2
	return out
}
