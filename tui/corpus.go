package tui

import (
	"fmt"
	"math"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/core/task"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// corpusScreen shows the text, its vocabulary and its batches.
type corpusScreen struct {
	a        *App
	snap     *scope.Snapshot
	split    int
	from     int // the token at the top of the text
	batch    bool
	list     bool // keys act on the vocabulary
	first    int  // its row at the top
	counts   []session.Counted
	measures *session.Measures
	asked    bool
	once     int
	never    int // symbols that the training split does not have

	text, vocabulary, facts, lines pane
	strip                          views.Strip
	passed                         []int // tokens at which lines above the top begin, as far as they are known
	passedAt                       int   // the columns they were broken for
	drawn                          time.Time
	read                           int64 // the update whose batch is shown
}

func corpusTab() tab {
	return tab{
		name: "corpus", key: "7", frame: time.Second / 4,
		text: func(w *words.Screen) words.Tab { return w.Corpus.Tab },
		make: func(a *App) screen {
			s := &corpusScreen{a: a}
			s.restyle()
			return s
		},
		actions: func() []action {
			row := func(hint bool, text func(*words.Corpus) words.Action, do func(s *corpusScreen), keys ...string) action {
				return action{
					keys: keys, hint: hint,
					text: func(w *words.Screen) words.Action { return text(&w.Corpus) },
					do:   func(a *App) tea.Cmd { do(a.screenOf("corpus").(*corpusScreen)); return nil },
				}
			}
			return []action{
				row(true, func(w *words.Corpus) words.Action { return w.Up }, func(s *corpusScreen) { s.scroll(-1) }, "up", "k"),
				row(true, func(w *words.Corpus) words.Action { return w.Down }, func(s *corpusScreen) { s.scroll(1) }, "down", "j"),
				row(false, func(w *words.Corpus) words.Action { return w.PageUp }, func(s *corpusScreen) { s.scroll(-s.page()) }, "pgup"),
				row(false, func(w *words.Corpus) words.Action { return w.PageDown }, func(s *corpusScreen) { s.scroll(s.page()) }, "pgdown", "space"),
				row(false, func(w *words.Corpus) words.Action { return w.Home }, func(s *corpusScreen) { s.jump(0) }, "home", "g"),
				row(false, func(w *words.Corpus) words.Action { return w.End }, func(s *corpusScreen) { s.jump(math.MaxInt) }, "end", "G"),
				row(true, func(w *words.Corpus) words.Action { return w.Split }, func(s *corpusScreen) { s.otherSplit() }, "s"),
				row(true, func(w *words.Corpus) words.Action { return w.Batches }, func(s *corpusScreen) { s.batch = !s.batch; s.text.stale = true }, "b"),
				row(true, func(w *words.Corpus) words.Action { return w.Focus }, func(s *corpusScreen) { s.list = !s.list; s.restyle() }, "tab"),
			}
		},
	}
}

func (s *corpusScreen) tab() tab { return corpusTab() }
func (s *corpusScreen) leave()   {}

func (s *corpusScreen) restyle() {
	for _, p := range []*pane{&s.text, &s.vocabulary, &s.facts, &s.lines} {
		p.stale = true
	}
	s.strip.Palette = nil
	s.a.stale = true
}

// measuresMsg is what counting through the text found.
type measuresMsg struct{ m *session.Measures }

// enter counts through the text when the screen is opened first.
func (s *corpusScreen) enter() tea.Cmd {
	s.restyle()
	if s.counts == nil {
		s.counts = s.a.live.Text.Counts()
		for _, c := range s.counts {
			switch c.Count {
			case 0:
				s.never++
			case 1:
				s.once++
			}
		}
	}
	if s.asked {
		return nil
	}
	s.asked = true
	found := make(chan *session.Measures, 1)
	live := s.a.live
	task.Go("measures", func() { found <- live.Text.Measure(live.Ended) })
	return func() tea.Msg { return measuresMsg{<-found} }
}

func (s *corpusScreen) take(v *scope.Snapshot) { s.snap = v }

func (s *corpusScreen) tick(now time.Time) tea.Cmd {
	if s.batch && s.snap != nil && now.Sub(s.drawn) > time.Second && s.snap.Stream.Update != s.read {
		s.read = s.snap.Stream.Update
		s.drawn, s.text.stale, s.a.stale = now, true, true
	}
	return nil
}

func (s *corpusScreen) answer(msg tea.Msg) tea.Cmd {
	if m, ok := msg.(measuresMsg); ok {
		s.measures = m.m
		s.restyle()
	}
	return nil
}

func (s *corpusScreen) typing(tea.KeyPressMsg) (tea.Cmd, bool) { return nil, false }
func (s *corpusScreen) paste(string) (tea.Cmd, bool)           { return nil, false }

func (s *corpusScreen) otherSplit() {
	for range 3 {
		s.split = (s.split + 1) % 3
		if s.a.live.Text.Splits[s.split].Tokens > 0 {
			break
		}
	}
	s.from, s.passed, s.batch, s.text.stale = 0, nil, false, true
}

// factsWidth is what the figures need to stand in full.
const factsWidth = 30

func (s *corpusScreen) draw(c *views.Canvas, area views.Rect) {
	side := 34
	switch {
	case area.W >= 150:
		side = 50
	case area.W < 72:
		side = 26
	}
	bottom := 8
	if area.H >= 40 {
		bottom = 11
	}
	cols := columns(area, 0, side)
	left := rows(cols[0], 0, bottom)
	s.text.show(c, left[0], s.drawText)
	low := []views.Rect{left[1], {}} // without room for the lengths of lines
	if left[1].W >= factsWidth+12 {
		low = columns(left[1], 0, min(left[1].W/2, max(16, left[1].W-factsWidth)))
	}
	s.facts.show(c, low[0], s.drawFacts)
	s.lines.show(c, low[1], s.drawLines)
	s.vocabulary.show(c, cols[1], s.drawVocabulary)
}

func (s *corpusScreen) drawText(c *views.Canvas, area views.Rect) {
	if s.batch {
		s.drawBatch(c, area)
		return
	}
	w, th, text := &s.a.words.Corpus, s.a.theme, s.a.live.Text
	n := text.Splits[s.split].Tokens
	box := views.Box{Title: fmt.Sprintf(w.Text, w.Splits[s.split], thousands(int64(s.from)), thousands(int64(n))), Focused: !s.list}
	in := box.Draw(c, area, th)
	v := &s.strip
	v.Tokens, v.Values, v.Top = v.Tokens[:0], v.Values[:0], 0
	v.Palette = th.Sequential
	for _, t := range text.Read(s.split, s.from, in.W*in.H) {
		value := math.NaN()
		if t.Unknown {
			value = 1
		}
		v.Tokens, v.Values = append(v.Tokens, s.piece(t)), append(v.Values, value)
	}
	v.Draw(c, in, th)
}

// drawBatch shows the streams of the batch in the window that was trained on
// last.
func (s *corpusScreen) drawBatch(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Corpus, s.a.theme
	if s.snap == nil || len(s.snap.Stream.IDs) == 0 {
		views.Paragraph(c, views.Box{Title: w.NoWindow, Focused: !s.list}.Draw(c, area, th), w.BatchWait, th.Dim)
		return
	}
	text, st, B := s.a.live.Text, s.snap.Stream, s.snap.Shape.Batch
	cols := (text.Splits[0].Tokens - 1) / B
	title := fmt.Sprintf(w.Batch, B, len(st.IDs), thousands(st.Offset), thousands(int64(cols)))
	in := views.Box{Title: title, Focused: !s.list}.Draw(c, area, th)
	// What comes before and after the window is dim.
	const before = 8
	from := max(0, int(st.Offset)-before)
	streams := make([][]session.Token, min(B, in.H))
	for b := range streams {
		streams[b] = text.Stream(b, B, from, in.W)
	}
	columns := 1 // of a character: all alike, so that what is read at once stands one below the other
	if !text.Word() && mostlyWide(streams) {
		columns = 2
	}
	for b, stream := range streams {
		y := in.Y + b
		x := c.Text(in.X, y, fmt.Sprintf("%3d ", b), th.Dim)
		for i, t := range stream {
			style := th.Text
			if k := from + i - int(st.Offset); k < 0 || k >= len(st.IDs) {
				style = th.Frame
			} else if t.Unknown {
				style = th.Warn
			}
			piece := visible(t.Text)
			if text.Word() {
				piece += " "
			}
			piece += strings.Repeat(" ", max(0, columns-views.Width(piece)))
			if x+views.Width(piece) > in.X+in.W {
				break
			}
			x = c.Text(x, y, piece, style)
		}
	}
}

// mostlyWide says whether most tokens take two columns, as Chinese characters do.
func mostlyWide(streams [][]session.Token) bool {
	wide, all := 0, 0
	for _, stream := range streams {
		for _, t := range stream {
			if all++; views.Width(visible(t.Text)) == 2 {
				wide++
			}
		}
	}
	return 2*wide > all
}

func (s *corpusScreen) drawFacts(c *views.Canvas, area views.Rect) {
	w, th, text := &s.a.words.Corpus, s.a.theme, s.a.live.Text
	in := views.Box{Title: w.Facts}.Draw(c, area, th)
	y := in.Y
	say := func(label, value string, st views.Style) {
		if y >= in.Y+in.H {
			return
		}
		x := c.Text(in.X, y, views.Truncate(label, in.W), th.Dim)
		c.Text(x+1, y, views.Truncate(value, in.X+in.W-x-1), st)
		y++
	}
	for i, p := range text.Splits {
		value := fmt.Sprintf(w.Tokens, thousands(int64(p.Tokens)))
		if p.Unknown > 0 {
			value += "  " + fmt.Sprintf(w.UnknownRate, percent(float64(p.Unknown)/float64(p.Tokens)))
		}
		say(w.Splits[i], value, th.Text)
	}
	level := w.CharLevel
	if text.Word() {
		level = w.WordLevel
	}
	say(w.Level, level, th.Text)
	entropy := func(label string, nats float64) {
		text := fmt.Sprintf(w.Nats, fmt.Sprintf("%.3f", nats), fmt.Sprintf("%.3f", nats/math.Ln2), pplText(math.Exp(nats)))
		if views.Width(label)+1+views.Width(text) > in.W {
			text = fmt.Sprintf(w.NatsShort, fmt.Sprintf("%.2f", nats), pplText(math.Exp(nats)))
		}
		if views.Width(label)+1+views.Width(text) > in.W {
			text = fmt.Sprintf(w.NatsOnly, fmt.Sprintf("%.2f", nats))
		}
		say(label, text, th.Text)
	}
	if s.measures == nil {
		say(w.Counting, "", th.Dim)
	} else {
		entropy(w.Unigram, s.measures.Unigram)
		if math.IsNaN(s.measures.Bigram) {
			say(w.Bigram, w.TooMany, th.Dim)
		} else {
			entropy(w.Bigram, s.measures.Bigram)
		}
	}
	if !math.IsNaN(text.Floor) {
		entropy(w.Floor, text.Floor)
	}
}

func (s *corpusScreen) drawLines(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Corpus, s.a.theme
	in := views.Box{Title: w.LinesTitle}.Draw(c, area, th)
	m := s.measures
	if m == nil || m.Lines == 0 {
		return
	}
	note := []string{fmt.Sprintf(w.LineCount, thousands(int64(m.Lines))), fmt.Sprintf(w.LineTop, thousands(int64(m.LineTop))), fmt.Sprintf(w.LineMean, digits(m.LineMean, 3))}
	c.Text(in.X, in.Y, inFull(note, " · ", in.W), th.Dim)
	var values []float64
	for _, n := range m.Lengths {
		values = append(values, float64(n))
	}
	h := max(1, in.H-2)
	width := min(in.W, len(values))
	views.Spark{Values: values, Zero: true, Style: th.Series[2]}.Draw(c, views.Rect{X: in.X, Y: in.Y + 1, W: width, H: h}, th)
	end := thousands(int64(len(values) * m.LineWidth))
	c.Text(in.X, in.Y+1+h, "0", th.Dim)
	c.Text(in.X+max(2, width-len(end)), in.Y+1+h, end, th.Dim)
}

func (s *corpusScreen) drawVocabulary(c *views.Canvas, area views.Rect) {
	w, th, text := &s.a.words.Corpus, s.a.theme, s.a.live.Text
	in := views.Box{Title: w.Vocabulary, Note: fmt.Sprintf(w.SymbolCount, thousands(int64(text.Vocab()))), Focused: s.list}.Draw(c, area, th)
	foot := 0
	var rare []string
	if s.once > 0 {
		rare = append(rare, fmt.Sprintf(w.Once, thousands(int64(s.once))))
	}
	if s.never > 0 {
		rare = append(rare, fmt.Sprintf(w.Never, thousands(int64(s.never))))
	}
	if len(rare) > 0 {
		foot = 1
		c.Text(in.X, in.Y+in.H-1, inFull(rare, " · ", in.W), th.Dim)
	}
	if len(s.counts) == 0 {
		return
	}
	total := float64(max(1, text.Splits[0].Tokens))
	s.first = max(0, min(s.first, len(s.counts)-(in.H-foot)))
	bars := views.Bars{Min: 0, Max: float64(s.counts[0].Count) / total, LabelWidth: 4}
	if text.Word() {
		bars.LabelWidth = min(14, in.W/3)
	}
	for _, n := range s.counts[s.first:min(len(s.counts), s.first+in.H)] {
		share := float64(n.Count) / total
		bars.Rows = append(bars.Rows, views.Bar{Label: visible(n.Text), Value: share, Note: fmt.Sprintf("%8s %6s", thousands(n.Count), percent(share)), Style: th.Series[0]})
	}
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: in.H - foot}, th)
}

func (s *corpusScreen) click(m click) tea.Cmd {
	if m.drag {
		return nil
	}
	list := s.list
	if _, _, ok := s.vocabulary.at(m.x, m.y); ok {
		list = true
	} else if _, _, ok := s.text.at(m.x, m.y); ok {
		list = false
	}
	if list != s.list {
		s.list = list
		s.restyle()
	}
	if m.wheel != 0 {
		s.scroll(3 * m.wheel)
	}
	return nil
}
