package tui

import (
	"fmt"
	"math"

	"rnnscope/core/scope"
	"rnnscope/views"
)

func (s *ladderScreen) drawSentences(c *views.Canvas, area views.Rect) {
	w, v := s.words(), s.pair.answer
	models := 7
	if v != nil {
		models = len(v.Models)
	}
	parts := rows(area, 3, 0, models+3)
	half := columns(parts[0], 0, parts[0].W/2)
	s.panes[6].show(c, half[0], func(c *views.Canvas, r views.Rect) {
		s.drawField(c, r, fieldFirst, w.First, s.unknownNote(0), w.SentenceHint)
	})
	s.panes[7].show(c, half[1], func(c *views.Canvas, r views.Rect) {
		s.drawField(c, r, fieldSecond, w.Second, s.unknownNote(1), w.SentenceHint)
	})
	half = columns(parts[1], 0, parts[1].W/2)
	s.panes[0].show(c, half[0], func(c *views.Canvas, r views.Rect) { s.drawTokens(c, r, 0) })
	s.panes[1].show(c, half[1], func(c *views.Canvas, r views.Rect) { s.drawTokens(c, r, 1) })
	s.panes[2].show(c, parts[2], s.drawVerdict)
}

// unknownNote says how many symbols of a sentence the vocabulary does not have.
func (s *ladderScreen) unknownNote(i int) string {
	if v := s.pair.answer; v != nil && len(v.Scores[i]) > 0 && v.Scores[i][0].Unknown > 0 {
		return fmt.Sprintf(s.words().Unknown, v.Scores[i][0].Unknown)
	}
	return ""
}

// modelName is what a model of a verdict is called.
func (s *ladderScreen) modelName(i int) string {
	r := s.pair.answer.Models[i]
	if i == 0 && s.snap != nil { // the main model
		return s.mainName()
	}
	return s.rungName(r)
}

// logText writes a log probability.
func logText(x float64) string {
	switch {
	case math.IsInf(x, -1):
		return "-∞"
	case math.IsNaN(x):
		return "-"
	}
	return fmt.Sprintf("%.2f", x)
}

// drawTokens lists a sentence token by token with the running sum, under the
// chosen model.
func (s *ladderScreen) drawTokens(c *views.Canvas, area views.Rect, i int) {
	w, th, v := s.words(), s.a.theme, s.pair.answer
	if v == nil {
		s.sayWhy(c, views.Box{}.Draw(c, area, th), w.NotCounted)
		return
	}
	s.pair.model = max(0, min(s.pair.model, len(v.Models)-1))
	score := v.Scores[i][s.pair.model]
	in := views.Box{Title: fmt.Sprintf(w.TokenByToken, s.modelName(s.pair.model)), Focused: true}.Draw(c, area, th)
	const column = 11
	label := max(6, min(16, in.W-2*column))
	bar := in.W - label - 2*column
	c.Text(in.X, in.Y, views.Pad(w.TokenName, label, views.Left), th.Dim)
	c.Text(in.X+label, in.Y, views.Pad(w.LogP, column, views.Right), th.Dim)
	c.Text(in.X+label+column, in.Y, views.Pad(w.Running, column, views.Right), th.Dim)
	sum := 0.0
	s.pair.first = max(0, min(s.pair.first, max(len(v.Scores[0][s.pair.model].Tokens), len(v.Scores[1][s.pair.model].Tokens))-1))
	s.a.drawMore(c, area, min(s.pair.first, len(score.Tokens)), len(score.Tokens)-s.pair.first-(in.H-1))
	for n, t := range score.Tokens {
		if !math.IsNaN(t.LogP) {
			sum += t.LogP
		}
		y := in.Y + 1 + n - s.pair.first
		if y <= in.Y || y >= in.Y+in.H {
			continue
		}
		name, st := visible(t.Text), th.Text
		if t.Unknown {
			name, st = name+" ?", th.Warn
		}
		value := th.Text
		if math.IsInf(t.LogP, -1) {
			value = th.Bad.With(views.Bold)
		}
		c.Text(in.X, y, views.Truncate(name, label-1), st)
		c.Text(in.X+label, y, views.Pad(logText(t.LogP), column, views.Right), value)
		c.Text(in.X+label+column, y, views.Pad(logText(sum), column, views.Right), th.Dim)
		if bar >= 8 && !math.IsNaN(t.LogP) {
			views.Bars{Min: 0, Max: 12, LabelWidth: 1, Rows: []views.Bar{{Value: math.Min(12, -t.LogP), Style: value}}}.Draw(c, views.Rect{X: in.X + label + 2*column + 1, Y: y, W: bar - 1, H: 1}, th)
		}
	}
}

// drawVerdict shows the sums of all models side by side, and whom each prefers.
func (s *ladderScreen) drawVerdict(c *views.Canvas, area views.Rect) {
	w, th, v := s.words(), s.a.theme, s.pair.answer
	const frame = 7 // columns around the title and the note
	note := inFull(s.scoring(), " · ", area.W-views.Width(w.Verdict)-frame)
	in := views.Box{Title: w.Verdict, Note: note}.Draw(c, area, th)
	if v == nil {
		return
	}
	const column = 16
	label := 16
	for i := range v.Models {
		label = max(label, views.Width(s.modelName(i))+1)
	}
	label = min(label, max(16, in.W-2*column-20))
	s.a.drawMore(c, area, 0, len(v.Models)-(in.H-1))
	c.Text(in.X+label, in.Y, views.Pad(w.First, column, views.Right), th.Dim)
	c.Text(in.X+label+column, in.Y, views.Pad(w.Second, column, views.Right), th.Dim)
	for i := range v.Models {
		y := in.Y + 1 + i
		if y >= in.Y+in.H {
			return
		}
		name := th.Text
		if i == s.pair.model {
			name = th.Cursor
		}
		c.Text(in.X, y, views.Truncate(s.modelName(i), label-1), name)
		a, b := v.Scores[0][i], v.Scores[1][i]
		for j, sum := range []float64{a.Sum, b.Sum} {
			st := th.Text
			if math.IsInf(sum, -1) {
				st = th.Bad.With(views.Bold)
			}
			c.Text(in.X+label+j*column, y, views.Pad(logText(sum), column, views.Right), st)
		}
		st := th.Accent
		if s.untrained(i) {
			st = th.Dim
		}
		c.Text(in.X+label+2*column+2, y, s.prefers(i, max(0, in.W-label-2*column-2)), st)
	}
}

// scoring says how tokens are scored that have nothing before them, or that the
// vocabulary does not have.
func (s *ladderScreen) scoring() (rules []string) {
	w, v := s.words(), s.pair.answer
	if v == nil {
		return nil
	}
	switch {
	case v.Scores[0][0].Unknown+v.Scores[1][0].Unknown == 0:
	case s.a.live.Text.Word():
		rules = append(rules, w.UnknownAs)
	default:
		rules = append(rules, w.UnknownOut)
	}
	for _, sentence := range v.Scores {
		if len(sentence[0].Tokens) == 0 || sentence[0].Tokens[0].Unknown {
			continue
		}
		if math.IsNaN(sentence[0].Tokens[0].LogP) {
			return append(rules, w.FirstOut)
		}
		return append(rules, w.FirstAfter)
	}
	return rules
}

// untrained says whether a model of a verdict is a network that has learned nothing
// yet: what it prefers is chance.
func (s *ladderScreen) untrained(i int) bool {
	r := s.pair.answer.Models[i]
	if i == 0 {
		return s.snap == nil || s.snap.Untrained
	}
	return (r.Kind == scope.NetworkRung || r.Kind == scope.WindowRung) && r.Updates == 0
}

// prefers names the sentence that a model gives the higher probability, by its
// place where it has no room; and the other, where that is the likelier per token:
// the longer sentence has more to lose.
func (s *ladderScreen) prefers(i, room int) string {
	w, v := s.words(), s.pair.answer
	one, two := v.Scores[0][i], v.Scores[1][i]
	if s.untrained(i) {
		return views.Truncate(w.NotTrained, room)
	}
	best := 0
	switch {
	case two.Sum > one.Sum:
		best = 1
	case !(one.Sum > two.Sum):
		return views.Truncate(w.Neither, room)
	}
	other, places := 1-best, [2]string{w.First, w.Second}
	if perToken(v.Scores[other][i]) > perToken(v.Scores[best][i]) {
		return fitting(room, fmt.Sprintf(w.Torn, v.Sentences[best], v.Sentences[other]),
			fmt.Sprintf(w.Torn, places[best], places[other]), fmt.Sprintf(w.TornShort, w.Places[best], w.Places[other]))
	}
	return fitting(room, fmt.Sprintf(w.Prefers, v.Sentences[best]), fmt.Sprintf(w.Prefers, places[best]), places[best])
}

// perToken is the mean ln p of a sentence.
func perToken(l scope.SentenceLine) float64 { return l.Sum / float64(l.Scored) }
