package tui

import (
	"fmt"
	"math"
	"slices"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// raceChart is the validation loss of the networks, with the best n-gram to beat.
func (s *ladderScreen) raceChart() (series []views.Series, references []views.Reference) {
	for _, r := range s.now.Rungs {
		if r.Kind != scope.WindowRung && r.Kind != scope.NetworkRung {
			continue
		}
		one := views.Series{Name: s.shortName(r), Style: s.rungStyle(r)}
		for _, v := range r.Scores {
			one.X, one.Y = append(one.X, float64(v.Update)), append(one.Y, v.Loss)
		}
		series = append(series, one)
	}
	if gram := s.best(scope.NgramRung); gram >= 0 {
		r := s.now.Rungs[gram]
		references = append(references, views.Reference{Label: s.words().BestGram + " " + fmt.Sprintf("%.3f", r.Loss), Value: r.Loss, Style: s.rungStyle(r)})
	}
	for _, r := range s.now.Rungs {
		if r.Kind == scope.Unigram && !math.IsNaN(r.Loss) {
			references = append(references, views.Reference{Label: s.words().Unigram, Value: r.Loss, Style: s.a.theme.Dim})
		}
	}
	return series, references
}

func (s *ladderScreen) drawRace(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	in := views.Box{Title: w.Race}.Draw(c, area, th)
	if s.now.Updates == 0 {
		views.Paragraph(c, in, w.RaceEmpty, th.Dim)
		return
	}
	chart := views.LineChart{X: views.Axis{Name: s.a.words.Train.AxisUpdate, Whole: true}, Y: views.Axis{}}
	chart.Series, chart.References = s.raceChart()
	chart.Draw(c, in, th)
}

// gridColumns are the smoothings of the n-grams, in order.
func (s *ladderScreen) gridColumns() []string {
	var out []string
	for _, r := range s.now.Rungs {
		if r.Kind == scope.NgramRung && !slices.Contains(out, r.Smoothing) {
			out = append(out, r.Smoothing)
		}
	}
	return out
}

// gridHeads are the heads of their columns: the names of the smoothings where all
// have room, and short ones where not.
func (s *ladderScreen) gridHeads(names []string, room int) []string {
	heads, short := make([]string, len(names)), make([]string, len(names))
	full := true
	for i, name := range names {
		heads[i] = s.smoothingName(name)
		full = full && views.Width(heads[i]) <= room
		short[i] = heads[i]
		if head, ok := s.words().SmoothingHeads[name]; ok {
			short[i] = head
		}
	}
	if full {
		return heads
	}
	return short
}

// drawGrid shows the perplexity of every n-gram: orders down, smoothings across.
func (s *ladderScreen) drawGrid(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	in := views.Box{Title: w.Grid}.Draw(c, area, th)
	names := s.gridColumns()
	if len(names) == 0 {
		return
	}
	const label = 8
	wide := (in.W - label) / len(names)
	best := s.best(scope.NgramRung)
	for j, head := range s.gridHeads(names, wide-1) {
		c.Text(in.X+label+j*wide, in.Y, views.Pad(head, wide, views.Right), th.Dim)
	}
	for i, r := range s.now.Rungs {
		if r.Kind != scope.NgramRung {
			continue
		}
		y := in.Y + r.Order - 1
		if y >= in.Y+in.H {
			continue
		}
		c.Text(in.X, y, fmt.Sprintf(w.Order, r.Order), th.Dim)
		text, st := "…", th.Dim
		switch {
		case math.IsInf(r.Loss, 1):
			text, st = "∞", th.Bad
		case !math.IsNaN(r.Loss):
			text, st = pplText(math.Exp(r.Loss)), th.Text
		}
		if i == best {
			st = th.Good.With(views.Bold)
		}
		if i == s.rungs.cursor {
			st = th.Cursor
		}
		x := in.X + label + slices.Index(names, r.Smoothing)*wide
		c.Text(x+wide-views.Width(text), y, text, st)
	}
}
