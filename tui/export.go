package tui

import (
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// figure is a picture with the name of its files.
type figure struct {
	name string // loss, hidden, next …
	what picture.Figure
}

// wroteMsg says which files were written, or why not.
type wroteMsg struct {
	bases   []string   // the names that were taken for them
	figures [][]string // the files of each
	missing int
	err     error
}

// writeFigure writes the focused pane as SVG, PNG and CSV, away from the screen's
// own goroutine: text in a PNG takes its time.
func writeFigure(a *App) tea.Cmd {
	all := a.shown().pictures()
	if len(all) == 0 {
		a.say(a.words.Notes.NothingYet)
		return nil
	}
	return a.write(a.pictured(), all...)
}

// pictured is the update that the pictures of the focused pane are of: most screens
// show the newest, others say what they show.
func (a *App) pictured() int64 {
	if s, ok := a.shown().(interface{ pictured() int64 }); ok {
		return s.pictured()
	}
	return a.update()
}

// update is the newest one.
func (a *App) update() int64 {
	if a.snap == nil {
		return 0
	}
	return a.snap.Update
}

// writeScreen writes the whole screen as it is.
func writeScreen(a *App) tea.Cmd {
	frame := a.wholeCanvas()
	theme := *a.theme
	if theme.Profile == views.NoColor { // a picture has them all
		theme.Profile = views.TrueColor
	}
	return a.write(a.update(), figure{"screen", &picture.Screen{
		Page:   picture.Page{Title: "rnnscope " + a.live.Text.Name, Description: a.caption(), Theme: &theme},
		Canvas: frame, Window: true,
	}})
}

// write saves figures of an update under names that are still free. They are chosen
// here, on the screen's own goroutine: two keys may write at the same time.
func (a *App) write(update int64, all ...figure) tea.Cmd {
	name := strings.TrimSuffix(a.live.Text.Name, filepath.Ext(a.live.Text.Name))
	bases := make([]string, len(all))
	for i, f := range all {
		bases[i] = a.free(filepath.Join(a.folder, fmt.Sprintf("rnnscope-%s-%s-u%d", clean(name), f.name, update)))
		a.writing[bases[i]] = true
	}
	return func() tea.Msg {
		m := wroteMsg{bases: bases}
		for i, f := range all {
			paths, err := picture.Save(f.what, bases[i])
			if err != nil {
				m.err = err
				break
			}
			m.figures, m.missing = append(m.figures, paths), m.missing+len(f.what.Missing())
		}
		return m
	}
}

// free is a name that no file has, nor one that is being written.
func (a *App) free(base string) string {
	name := base
	for n := 2; a.writing[name] || taken(name); n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name
}

// clean makes a text part of a file's name.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) || r < ' ' {
			return '-'
		}
		return r
	}, s)
}

func taken(base string) bool {
	for _, format := range picture.Formats {
		if _, err := os.Lstat(base + "." + format); err == nil {
			return true
		}
	}
	return false
}

// wrote says what came of a picture.
func (a *App) wrote(m wroteMsg) {
	for _, name := range m.bases {
		delete(a.writing, name)
	}
	if m.err != nil && len(m.figures) == 0 {
		a.complain(m.err)
		return
	}
	var names, formats []string
	for _, paths := range m.figures {
		names, formats = append(names, strings.TrimSuffix(paths[0], filepath.Ext(paths[0]))), formats[:0]
		for _, p := range paths {
			formats = append(formats, filepath.Ext(p))
		}
	}
	files := strings.Join(names, ", ") + " " + strings.Join(formats, " ")
	if len(names) == 1 {
		files = names[0] + strings.Join(formats, " ")
	}
	text := fmt.Sprintf(a.words.Notes.Wrote, files)
	if m.missing > 0 {
		text += "; " + fmt.Sprintf(a.words.Notes.Missing, m.missing)
	}
	if a.say(text); m.err != nil {
		a.complain(say.Errorf("%w; %s", m.err, say.Phrase(text)))
	}
}

// page is what all pictures of this run say of themselves.
func (a *App) page(title string) picture.Page { return a.pageOf(title, a.caption()) }

// pageAt is the page of a picture that shows another update than the newest.
func (a *App) pageAt(title string, update int64) picture.Page {
	return a.pageOf(title, a.captionAt(fmt.Sprintf(a.words.Top.Update, thousands(update))))
}

func (a *App) pageOf(title, caption string) picture.Page {
	return picture.Page{Title: title, Subtitle: caption, Theme: a.pageTheme(), Width: 900, Height: 420}
}

// pageTheme is the theme of pictures: the screen's, with all colours.
func (a *App) pageTheme() *views.Theme {
	return views.NewTheme(a.theme.Background, views.Options{Profile: views.TrueColor})
}

// caption names the model, the text and the update.
func (a *App) caption() string {
	if a.snap == nil {
		return a.live.Text.Name
	}
	return a.captionAt(fmt.Sprintf(a.words.Top.Update, thousands(a.update())))
}

// captionAt names the model, the text and the weights.
func (a *App) captionAt(weights string) string {
	s := a.snap
	if s == nil {
		return a.live.Text.Name + " · " + weights
	}
	return fmt.Sprintf("%s · %s %d×%d · %s", a.live.Text.Name, strings.ToUpper(s.Shape.Cell), s.Shape.Layers, s.Shape.Hidden, weights)
}

// pictured is the update of a frozen chart, of the window that the sweep reads, or
// of the sample in view.
func (t *trainScreen) pictured() int64 {
	s := t.chart.shown()
	switch {
	case s == nil:
		return 0
	case t.focus == onSweep:
		return t.sweep.now.Update
	case t.focus == onFilm && len(t.snap.Samples) > 0:
		return t.snap.Samples[t.film.index(t.snap)].Update
	}
	return s.Update
}

// pictures are the focused pane: the loss, the hidden state, or a sample.
func (t *trainScreen) pictures() []figure {
	a, s := t.a, t.snap
	if s == nil || s.Update == 0 {
		return nil
	}
	switch t.focus {
	case onSweep:
		return t.sweep.pictures()
	case onFilm:
		if i := t.film.index(s); i >= 0 {
			sample := s.Samples[i]
			title := fmt.Sprintf(t.words().Writes, digits(sample.Temperature, 3), thousands(sample.Update))
			return []figure{{"sample", &picture.Tokens{Page: a.pageAt(title, sample.Update), Tokens: []string{sample.Text}, TokenName: t.words().TokenName}}}
		}
		return nil
	}
	p := &t.chart
	p.chart.Series, p.chart.References, p.chart.Marks = nil, nil, nil
	p.x, p.y, p.vx, p.vy, p.buckets = nil, nil, nil, nil, nil // the picture keeps them
	shown := p.shown()
	p.series(shown)
	p.references(shown)
	x := views.Axis{Name: t.words().AxisUpdate, Log: p.logX, Whole: true}
	if p.to > 0 {
		x.Min, x.Max = p.from, p.to
	}
	c := &picture.Chart{Page: a.pageAt(p.title(), shown.Update), X: x, Y: views.Axis{Name: p.title(), Log: p.logY}, Series: p.chart.Series, References: p.chart.References, Marks: p.chart.Marks, Empty: t.waiting()}
	p.chart.Series, p.chart.References, p.chart.Marks = nil, nil, nil
	p.x, p.y, p.vx, p.vy, p.buckets = nil, nil, nil, nil, nil
	p.stale = true
	return []figure{{"loss", c}}
}

// pictures are the window that the sweep reads, whole and in order.
func (p *sweepPane) pictures() []figure {
	stream := p.now
	values := p.states(&stream)
	if values == nil {
		return nil
	}
	a, w := p.t.a, p.t.words()
	labels := make([]string, len(stream.IDs))
	for i, id := range stream.IDs {
		labels[i] = visible(a.live.Text.Token(int(id)))
	}
	format, name, least, most := w.Hidden, "h", -1.0, 1.0
	if p.cell {
		format, name, least, most = w.CellState, "c", -3, 3
	}
	page := a.pageAt(fmt.Sprintf(format, min(p.layer, len(stream.H)-1)+1, len(stream.H), 0, stream.Hidden-1, stream.Hidden), stream.Update)
	page.Height = 640
	return []figure{{"hidden", &picture.Heatmap{
		Page: page, Matrix: views.TimeMajor(values, stream.Hidden), ColumnLabels: labels,
		RowName: w.UnitName, ColumnName: w.TokenName, ValueName: name, Min: least, Max: most,
		Words: a.heatWords(),
	}}}
}

// pictured is the update of the weights that write; an n-gram has none.
func (s *sampleScreen) pictured() int64 {
	if s.page == nil || s.page.Ngram > 0 {
		return s.a.update()
	}
	return s.page.Update
}

// pictures are the text, or those of several temperatures, with the probability
// of each token, and what may come next.
func (s *sampleScreen) pictures() []figure {
	if s.page == nil {
		return nil
	}
	w, name := &s.a.words.Sample, s.a.words.Train.TokenName
	caption := s.a.captionAt(s.state())
	if s.page.Ngram > 0 {
		caption = s.a.live.Text.Name + " · " + s.state()
	}
	tokens := func(title string, text []scope.Written) picture.Figure {
		pieces, values := written(text)
		return &picture.Tokens{Page: s.a.pageOf(title, caption), Tokens: pieces, Values: values, TokenName: name, ValueName: w.Scale, Max: 1}
	}
	var out []figure
	for _, c := range s.page.Columns {
		t := digits(c.Temperature, 3)
		out = append(out, figure{"text-T" + t, tokens(fmt.Sprintf(w.Column, t, digits(c.MeanEntropy, 2)), c.Tokens)})
	}
	if len(out) > 0 {
		return out
	}
	if len(s.page.Tokens) > 0 {
		out = append(out, figure{"text", tokens(w.Page, s.page.Tokens)})
	}
	bars := &picture.Bars{Page: s.a.pageOf(w.Next, caption), LabelName: name, ValueName: fmt.Sprintf("p, T=%s", digits(s.temperature, 3)), GhostName: "p, T=1"}
	for _, n := range s.page.Next[:min(20, len(s.page.Next))] {
		bars.Rows = append(bars.Rows, views.Bar{Label: visible(n.Text), Value: n.P, Ghost: n.PAt1, Note: fmt.Sprintf("%.3f", n.P)})
	}
	bars.Height = 0 // as many rows as there are
	if len(bars.Rows) > 0 {
		out = append(out, figure{"next", bars})
	}
	return out
}

// written are the tokens of a text and their probabilities.
func written(text []scope.Written) (tokens []string, values []float64) {
	for _, t := range text {
		tokens, values = append(tokens, t.Piece), append(values, t.P)
	}
	return tokens, values
}

// pictures are what keys act on: the text that is shown, or the vocabulary.
func (s *corpusScreen) pictures() []figure {
	w, name := &s.a.words.Corpus, s.a.words.Train.TokenName
	if !s.list {
		t := &picture.Tokens{Page: s.a.page(w.Splits[s.split]), TokenName: name, ValueName: w.Unknown, Max: 1}
		for _, token := range s.a.live.Text.Read(s.split, s.from, s.page()*s.columns()) {
			value := math.NaN()
			if token.Unknown {
				value = 1
			}
			t.Tokens, t.Values = append(t.Tokens, s.piece(token)), append(t.Values, value)
		}
		return []figure{{"text", t}}
	}
	bars := &picture.Bars{Page: s.a.page(w.Vocabulary), LabelName: name, ValueName: w.Vocabulary}
	for _, n := range s.counts[s.first:min(len(s.counts), s.first+40)] {
		bars.Rows = append(bars.Rows, views.Bar{Label: visible(n.Text), Value: float64(n.Count), Note: thousands(n.Count)})
	}
	bars.Height = 0 // as many rows as there are
	return []figure{{"vocabulary", bars}}
}

// wholeCanvas is the frame as it is on the screen, read back cell by cell.
func (a *App) wholeCanvas() *views.Canvas {
	said := a.note // a message of a moment ago is no part of the picture
	a.note, a.chrome.stale = note{}, true
	defer func() { a.note, a.chrome.stale = said, true }()
	grid := lipgloss.NewCanvas(a.width, a.height)
	grid.Compose(lipgloss.NewCompositor(lipgloss.NewLayer(a.compose())))
	out := views.NewCanvas(a.width, a.height)
	for y := range a.height {
		for x := 0; x < a.width; x++ {
			if cell := grid.CellAt(x, y); cell != nil && cell.Content != "" {
				out.Text(x, y, cell.Content, styleOf(cell.Style))
			}
		}
	}
	return out
}

// styleOf is the style of a cell that Lip Gloss drew.
func styleOf(s uv.Style) views.Style {
	one := func(c color.Color) views.Color {
		if c == nil {
			return 0
		}
		r, g, b, _ := c.RGBA()
		return views.RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8))
	}
	out := views.Style{FG: one(s.Fg), BG: one(s.Bg)}
	for _, attr := range []struct {
		theirs uint8
		ours   views.Attr
	}{{uv.AttrBold, views.Bold}, {uv.AttrFaint, views.Dim}, {uv.AttrItalic, views.Italic}, {uv.AttrReverse, views.Reverse}} {
		if s.Attrs&attr.theirs != 0 {
			out = out.With(attr.ours)
		}
	}
	if s.Underline != uv.UnderlineNone {
		out = out.With(views.Underline)
	}
	return out
}
