package tui

import (
	"fmt"
	"math"
	"strings"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// ruler says where the tokens of a sentence stand: tokens from … to-1, each in
// wide columns from column x on. All views place what belongs to a token below
// it.
type ruler struct{ x, wide, from, to int }

// at is the token at a column.
func (r ruler) at(x int) (token int, ok bool) {
	if r.wide == 0 || x < r.x {
		return 0, false
	}
	token = r.from + (x-r.x)/r.wide
	return token, token < r.to
}

// column is where a token begins.
func (r ruler) column(token int) int { return r.x + (token-r.from)*r.wide }

// width is the columns of all tokens shown.
func (r ruler) width() int { return (r.to - r.from) * r.wide }

// inspectGutter is the columns before the first token: the numbers of units, the
// names of lines.
const inspectGutter = 8

// Widths of a token: a character, and a word.
const (
	widestChar = 6
	widestWord = 11
	roomyWord  = 18 // where a sentence is short
)

// rule places the tokens of the sentence under the cursor in an area, around the
// cursor when they are more than fit.
func (s *inspectScreen) rule(width int) ruler {
	r := ruler{x: inspectGutter, wide: 1}
	if s.page == nil {
		return r
	}
	n := s.reading().Len()
	if s.view == compareAt { // both sentences have the same columns
		n = max(s.page.Sentences[0].Len(), s.page.Sentences[1].Len())
	}
	room := max(1, width-inspectGutter)
	least, most := s.pieceWidth()
	r.wide = max(least, min(most, room/max(1, n)))
	fit := max(1, room/r.wide)
	r.to = min(n, fit)
	if n > fit {
		// The window moves by halves, so that most steps redraw little.
		half := max(1, fit/2)
		r.from = max(0, min(n-fit, s.token[s.sentence]/half*half-half/2))
		r.to = r.from + fit
	}
	return r
}

// pieceWidth is the least and the most columns that a token takes.
func (s *inspectScreen) pieceWidth() (least, most int) {
	s.cache.forget(s.page)
	if s.cache.least > 0 {
		return s.cache.least, s.cache.most
	}
	wide := 1
	for n := range s.page.Sentences {
		for _, p := range s.page.Sentences[n].Pieces {
			wide = max(wide, views.Width(visible(p)))
		}
	}
	least, most = wide, widestChar
	if s.a.live.Text.Word() {
		least = min(wide+1, widestWord)
		most = roomyWord
	}
	s.cache.least, s.cache.most = least, max(least, most)
	return s.cache.least, s.cache.most
}

// headHeight is the rows of the head: sentences, views, surprisal, tokens, the
// cursor.
func (s *inspectScreen) headHeight(area views.Rect) int {
	h := 5 + s.sparkRows(area.H)
	if s.two() {
		h++
	}
	return h
}

// sparkRows is how high the surprisal is drawn.
func (s *inspectScreen) sparkRows(height int) int {
	switch {
	case height >= 50:
		return 3
	case height >= 28:
		return 2
	}
	return 1
}

// two says that the second sentence is shown.
func (s *inspectScreen) two() bool { return s.editing == 1 || s.inputs[1].Value() != "" }

func (s *inspectScreen) drawHead(c *views.Canvas, area views.Rect) {
	y := 0
	s.drawSentence(c, y, area.W, 0)
	y++
	if s.two() {
		s.drawSentence(c, y, area.W, 1)
		y++
	}
	s.drawViews(c, y, area.W)
	y++
	c.Fill(views.Rect{Y: y, W: area.W, H: 1}, '─', s.a.theme.Frame)
	s.drawIntervened(c, y, area.W)
	y++
	s.drawTokens(c, y, area)
}

// drawIntervened says in the rule above all views that the model is changed, and
// whether the view shows that.
func (s *inspectScreen) drawIntervened(c *views.Canvas, y, width int) {
	lines := s.interventions()
	if len(lines) == 0 {
		return
	}
	w, th := s.words(), s.a.theme
	shows := w.ShowsUnchanged
	switch s.view {
	case changeAt: // lists them itself
		lines, shows = nil, w.ShowsBoth
	case compareAt:
		shows = w.ShowsOdds
	}
	tail := w.UndoHint + " · " + shows + " "
	text := " ● "
	if len(lines) > 0 {
		text += views.Truncate(strings.Join(lines, ", "), max(8, width-views.Width(tail)-10)) + " · "
	}
	c.Text(2, y, views.Truncate(text+tail, width-3), th.Warn)
}

// drawSentence shows one of the inputs with what is to be said of it.
func (s *inspectScreen) drawSentence(c *views.Canvas, y, w, n int) {
	th, text := s.a.theme, s.words()
	st := th.Dim
	if s.sentence == n {
		st = th.Accent.With(views.Bold)
	}
	x := c.Text(1, y, string(rune('A'+n)), st)
	x = c.Text(x, y, " ▸ ", st)
	var notes []string
	st = th.Dim
	if s.page != nil {
		p := &s.page.Sentences[n]
		if p.Unknown > 0 {
			notes, st = append(notes, fmt.Sprintf(text.Unknown, p.Unknown)), th.Warn
		}
		if p.Cut > 0 {
			notes, st = append(notes, fmt.Sprintf(text.Cut, thousands(int64(p.Kept)), thousands(int64(p.Kept+p.Cut)))), th.Warn
		}
		if n == 0 {
			notes = append(notes, s.state())
		}
	}
	note := strings.Join(notes, " · ")
	room := w - x - 1
	if views.Width(note)+24 > room {
		note = views.Truncate(note, max(0, room-24))
	}
	in := views.Rect{X: x, Y: y, W: room - views.Width(note) - 1, H: 1}
	s.inputs[n].draw(c, in, text.SentenceHint, th)
	c.Text(w-views.Width(note)-1, y, note, st)
}

// state says which weights are asked.
func (s *inspectScreen) state() string {
	w, p := &s.a.words.Sample, s.page
	if s.held {
		return fmt.Sprintf(s.words().Held, thousands(p.Update))
	}
	format := w.WeightsNewest
	switch {
	case p.Best:
		format = w.WeightsBest
	case p.Frozen:
		format = w.WeightsFrozen
	case looking(s.a.snap) == p.Update:
		format = w.WeightsPast
	}
	return fmt.Sprintf(format, thousands(p.Update))
}

// drawViews is the line of views.
func (s *inspectScreen) drawViews(c *views.Canvas, y, w int) {
	th := s.a.theme
	s.cache.tabs = s.cache.tabs[:0]
	x := 1
	for i, v := range s.views {
		st := th.Dim
		if i == s.view {
			st = th.Accent.With(views.Bold | views.Reverse)
		}
		from := x
		x = c.Text(x, y, " "+v.name(s.words())+" ", st)
		s.cache.tabs = append(s.cache.tabs, span{from, x})
	}
	if s.page == nil {
		return
	}
	note, st := "", th.Dim
	switch b := s.page.Busy; {
	case b != nil:
		note, st = s.progress(b), th.Accent
	case s.page.Background != nil:
		note, st = words.Say(s.a.lang, s.page.Background), th.Bad
	}
	if room := w - x - 2; views.Width(note) > room {
		note = views.Truncate(note, max(0, room))
	}
	c.Text(w-views.Width(note)-1, y, note, st)
}

// progress says how far a long question is.
func (s *inspectScreen) progress(b *scope.Busy) string {
	w := s.words()
	share := 0.0
	if b.Total > 0 {
		share = float64(b.Done) / float64(b.Total)
	}
	text := fmt.Sprintf("%s %s", w.Busy[b.What], percent(share))
	if b.Left > 0 {
		text += fmt.Sprintf(" "+w.Left, clock(b.Left))
	}
	return text + " " + w.StopHint
}

// drawTokens shows the surprisal above the tokens, and what is at the cursor.
func (s *inspectScreen) drawTokens(c *views.Canvas, y int, area views.Rect) {
	if s.page == nil || s.page.Failure != nil || s.reading().Len() == 0 {
		return
	}
	th, w, p := s.a.theme, s.words(), s.reading()
	rows := max(1, area.H-y-2)
	top := 0.0
	for i := range p.Trace.Steps {
		if n := p.Trace.Steps[i].Surprisal; n != nil {
			top = math.Max(top, *n)
		}
	}
	label := func(y int, text string) { c.Text(0, y, views.Pad(text, inspectGutter-1, views.Right), th.Dim) }
	switch {
	case top == 0:
		label(y+rows-1, w.Nats)
	case rows == 1:
		label(y, "0-"+digits(top, 3))
	default:
		label(y, digits(top, 3))
		label(y+rows-1, w.Nats)
	}
	for i := s.ruler.from; i < min(s.ruler.to, p.Len()); i++ {
		if n := p.Trace.Steps[i].Surprisal; n != nil && top > 0 {
			st := th.Series[1]
			if i == s.token[s.sentence] {
				st = views.Style{FG: th.Cursor.FG}
			}
			bar(c, views.Rect{X: s.ruler.column(i), Y: y, W: barWidth(s.ruler.wide), H: rows}, *n/top, st)
		}
	}
	y += rows
	s.drawPieces(c, y, s.sentence)
	s.drawCursor(c, y+1, area.W)
}

// barWidth leaves a gap between bars where there is room.
func barWidth(wide int) int {
	if wide > 2 {
		return wide - 1
	}
	return wide
}

// drawPieces writes the tokens of a sentence in their columns. Unknown ones are
// marked.
func (s *inspectScreen) drawPieces(c *views.Canvas, y, n int) {
	th, p := s.a.theme, &s.page.Sentences[n]
	for i := s.ruler.from; i < min(s.ruler.to, p.Len()); i++ {
		st := th.Text
		if s.unknown(n, i) {
			st = th.Warn.With(views.Underline)
		}
		if n == 0 && s.inSpan(i) {
			st = st.With(views.Bold | views.Underline)
		}
		text := visible(p.Pieces[i])
		room := s.ruler.wide
		if s.a.live.Text.Word() {
			room--
		}
		if i == s.token[n] && n == s.sentence {
			st = th.Cursor
		}
		c.Text(s.ruler.column(i), y, views.Truncate(text, max(1, room)), st)
	}
	if s.ruler.from > 0 {
		c.Text(inspectGutter-1, y, "‹", th.Dim)
	}
	if s.ruler.to < p.Len() {
		c.Text(s.ruler.x+s.ruler.width(), y, "›", th.Dim)
	}
}

// unknown says that a token is not in the vocabulary.
func (s *inspectScreen) unknown(n, token int) bool {
	p := &s.page.Sentences[n]
	step := &p.Trace.Steps[token]
	return step.ID < 0 || s.a.live.Text.Unknown(step.ID)
}

// drawCursor says in figures what is at the cursors.
func (s *inspectScreen) drawCursor(c *views.Canvas, y, width int) {
	th, w, p, step := s.a.theme, s.words(), s.reading(), s.step()
	x := c.Text(1, y, fmt.Sprintf(w.TokenAt, s.token[s.sentence]+1, p.Len(), views.Truncate(quote(step.Token), 18)), th.Title)
	switch {
	case step.Surprisal != nil:
		x = c.Text(x+2, y, fmt.Sprintf(w.Surprised, digits(math.Exp(-*step.Surprisal), 3), digits(*step.Surprisal, 3)), th.Text)
	case s.unknown(s.sentence, s.token[s.sentence]):
		x = c.Text(x+2, y, w.IsUnknown, th.Warn)
	default:
		x = c.Text(x+2, y, w.FirstToken, th.Dim)
	}
	unit := ""
	if q := s.at0(); q != "" {
		if v := s.value(s.unit); v == v {
			unit = fmt.Sprintf(w.UnitAt, s.unit, symbol(q), fmt.Sprintf("%+.4f", v))
		}
	}
	at := width - views.Width(unit) - 1
	if unit != "" && at > x+1 {
		c.Text(at, y, unit, th.Accent)
	}
	if step.Entropy != nil {
		text := fmt.Sprintf(w.EntropyAfter, digits(*step.Entropy, 3))
		if x+3+views.Width(text) < at {
			c.Text(x+3, y, text, th.Dim)
		}
	}
}

// clickHead takes a press in the head.
func (s *inspectScreen) clickHead(x, y int, drag bool) tea.Cmd {
	lines := 1
	if s.two() {
		lines = 2
	}
	switch {
	case y < lines && !drag:
		return s.edit(y)
	case y == lines && !drag:
		if i := at(s.cache.tabs, x); i >= 0 {
			return s.turnTo(i)
		}
	case y > lines+1:
		if token, ok := s.ruler.at(x); ok {
			return tea.Batch(s.hold(), s.to(token))
		}
	}
	return nil
}

// oneLine makes one line of a text: the screen has one for it.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " ")
}

// sayCut says that a text was too long.
func sayCut(w *words.Inspect, had, kept int) string {
	return fmt.Sprintf(w.CutPaste, thousands(int64(had)), thousands(int64(kept)))
}
