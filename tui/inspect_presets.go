package tui

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
	"rnnscope/views"
)

// presets is the list of built-in sentences, those of the user's language first.
type presets struct {
	s    *inspectScreen
	all  []session.Pair
	part []float64 // of the tokens of each that the vocabulary has
	y    int       // of the first row
	rows int
}

func newPresets(s *inspectScreen) *presets {
	p := &presets{s: s}
	for _, mine := range []bool{true, false} {
		for _, pair := range s.a.live.Text.Compared() {
			if (pair.Lang == string(s.a.lang)) == mine {
				p.all = append(p.all, pair)
			}
		}
	}
	for _, pair := range p.all {
		p.part = append(p.part, s.a.live.Text.Known(pair.A, pair.B))
	}
	s.preset = max(0, min(s.preset, len(p.all)-1))
	return p
}

func (p *presets) press(k tea.KeyPressMsg) tea.Cmd {
	n := len(p.all)
	switch k.String() {
	case "up", "k":
		p.s.preset = max(0, p.s.preset-1)
	case "down", "j":
		p.s.preset = min(n-1, p.s.preset+1)
	case "pgup":
		p.s.preset = max(0, p.s.preset-p.rows)
	case "pgdown":
		p.s.preset = min(n-1, p.s.preset+p.rows)
	case "home":
		p.s.preset = 0
	case "end":
		p.s.preset = n - 1
	case "enter", "space":
		return p.take(p.s.preset)
	default:
		p.s.a.overlay = nil
	}
	return nil
}

// take reads a pair.
func (p *presets) take(i int) tea.Cmd {
	p.s.a.overlay = nil
	if i < 0 || i >= len(p.all) {
		return nil
	}
	p.s.preset = i
	return p.s.give(p.all[i].A, p.all[i].B)
}

func (p *presets) paste(string) tea.Cmd { return nil }

func (p *presets) click(_, y, wheel int) tea.Cmd {
	if wheel != 0 {
		p.s.preset = max(0, min(len(p.all)-1, p.s.preset+wheel))
		return nil
	}
	if i := y - p.y + p.first(); y >= p.y && y < p.y+p.rows {
		return p.take(i)
	}
	p.s.a.overlay = nil
	return nil
}

// first is the row at the top.
func (p *presets) first() int {
	return max(0, min(p.s.preset-p.rows/2, len(p.all)-p.rows))
}

func (p *presets) over(frame string) string {
	const inner = 96
	a := p.s.a
	w := min(inner, a.width-4)
	p.rows = max(3, min(len(p.all), a.height-11))
	var lines []string
	for i := p.first(); i < min(len(p.all), p.first()+p.rows); i++ {
		pair := p.all[i]
		st := a.theme.Text
		switch {
		case i == p.s.preset:
			st = a.theme.Accent.With(views.Reverse)
		case p.part[i] < 1:
			st = a.theme.Dim
		}
		title := views.Pad(pair.Title, w*2/5, views.Left)
		lines = append(lines, style(st).Render(title+"  "+views.Pad(pair.A, w-w*2/5-2, views.Left)))
	}
	now := p.all[p.s.preset]
	if below := len(p.all) - p.first() - p.rows; below > 0 {
		lines = append(lines, style(a.theme.Dim).Render(fmt.Sprintf(a.words.Inspect.MoreBelow, thousands(int64(below)))))
	}
	lines = append(lines, style(a.theme.Frame).Render(strings.Repeat("─", w)))
	lines = append(lines, style(a.theme.Text).Render("A "+views.Truncate(now.A, w-2)))
	if now.B != "" {
		lines = append(lines, style(a.theme.Text).Render("B "+views.Truncate(now.B, w-2)))
	} else {
		lines = append(lines, "")
	}
	lines = append(lines, style(a.theme.Dim).Render(views.Truncate(now.Note, w)))
	known := ""
	if part := p.part[p.s.preset]; part < 1 {
		known = fmt.Sprintf(p.s.words().PresetKnown, percent(math.Floor(100*part)/100))
	}
	lines = append(lines, style(a.theme.Warn).Render(views.Truncate(known, w)))
	out, _, y := a.window(frame, p.s.words().Presets.Short, lines, inner)
	p.y = y
	return out
}
