package tui

import (
	"fmt"
	"math"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// sampleScreen lets a copy of the model write, one token after another.
type sampleScreen struct {
	a      *App
	author *session.Author // made when the screen is first opened
	page   *scope.Page
	input  textinput.Model
	edits  bool // the prompt is being typed

	temperature float64
	topK        int
	topP        float64
	speed       float64
	weights     session.Weights
	marked      int // of the candidates
	follow      bool
	compare     bool
	picked      int // the token of the text that figures are shown of, -1 for the last
	seed        uint64

	text, next, sliders, prompt pane
	strip                       views.Strip
	width, height               int // of the text
	strips                      []views.Strip
}

func sampleTab() tab {
	return tab{
		name: "sample", key: "4", frame: time.Second / 12,
		text:    func(w *words.Screen) words.Tab { return w.Sample.Tab },
		make:    func(a *App) screen { return newSample(a) },
		actions: sampleActions,
	}
}

func sampleActions() []action {
	row := func(hint bool, text func(*words.Sample) words.Action, do func(s *sampleScreen) tea.Cmd, keys ...string) action {
		return action{
			keys: keys, hint: hint,
			text: func(w *words.Screen) words.Action { return text(&w.Sample) },
			do: func(a *App) tea.Cmd {
				s := a.screenOf("sample").(*sampleScreen)
				s.open()
				return do(s)
			},
		}
	}
	return []action{
		row(true, func(w *words.Sample) words.Action { return w.Run }, func(s *sampleScreen) tea.Cmd { return s.write() }, "space"),
		row(true, func(w *words.Sample) words.Action { return w.One }, func(s *sampleScreen) tea.Cmd { return s.wait(s.author.One()) }, "n"),
		row(false, func(w *words.Sample) words.Action { return w.BackToken }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.wait(s.author.Back()) })
		}, "backspace"),
		row(true, func(w *words.Sample) words.Action { return w.Cooler }, func(s *sampleScreen) tea.Cmd { return s.heat(-1) }, "left", "h"),
		row(true, func(w *words.Sample) words.Action { return w.Warmer }, func(s *sampleScreen) tea.Cmd { return s.heat(1) }, "right", "l"),
		row(false, func(w *words.Sample) words.Action { return w.Up }, func(s *sampleScreen) tea.Cmd { return s.mark(-1) }, "up"),
		row(false, func(w *words.Sample) words.Action { return w.Down }, func(s *sampleScreen) tea.Cmd { return s.mark(1) }, "down"),
		row(true, func(w *words.Sample) words.Action { return w.Choose }, func(s *sampleScreen) tea.Cmd { return s.choose() }, "enter"),
		row(true, func(w *words.Sample) words.Action { return w.Compare }, func(s *sampleScreen) tea.Cmd { return s.side() }, "v"),
		row(true, func(w *words.Sample) words.Action { return w.Edit }, func(s *sampleScreen) tea.Cmd { return s.edit() }, "e"),
		row(false, func(w *words.Sample) words.Action { return w.Begin }, func(s *sampleScreen) tea.Cmd { return s.begin(s.seed) }, "r"),
		row(false, func(w *words.Sample) words.Action { return w.Reseed }, func(s *sampleScreen) tea.Cmd { return s.begin(s.seed + 1) }, "R"),
		row(false, func(w *words.Sample) words.Action { return w.Split }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.wait(s.author.Split()) })
		}, "b"),
		row(false, func(w *words.Sample) words.Action { return w.Switch }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.wait(s.author.Switch(1)) })
		}, "tab"),
		row(false, func(w *words.Sample) words.Action { return w.WeightsKey }, func(s *sampleScreen) tea.Cmd { return s.otherWeights() }, "f"),
		row(false, func(w *words.Sample) words.Action { return w.KLess }, func(s *sampleScreen) tea.Cmd { return s.cutK(-1) }, "k"),
		row(false, func(w *words.Sample) words.Action { return w.KMore }, func(s *sampleScreen) tea.Cmd { return s.cutK(1) }, "K"),
		row(false, func(w *words.Sample) words.Action { return w.PLess }, func(s *sampleScreen) tea.Cmd { return s.cutP(-1) }, "o"),
		row(false, func(w *words.Sample) words.Action { return w.PMore }, func(s *sampleScreen) tea.Cmd { return s.cutP(1) }, "O"),
		row(false, func(w *words.Sample) words.Action { return w.Slower }, func(s *sampleScreen) tea.Cmd { return s.pace(0.5) }, "-"),
		row(false, func(w *words.Sample) words.Action { return w.Faster }, func(s *sampleScreen) tea.Cmd { return s.pace(2) }, "+", "="),
		row(false, func(w *words.Sample) words.Action { return w.PageUp }, func(s *sampleScreen) tea.Cmd { return s.scroll(-s.height / 2) }, "pgup"),
		row(false, func(w *words.Sample) words.Action { return w.PageDown }, func(s *sampleScreen) tea.Cmd { return s.scroll(s.height / 2) }, "pgdown"),
	}
}

func newSample(a *App) *sampleScreen {
	s := &sampleScreen{a: a, temperature: 0.8, topP: 1, speed: 20, seed: 1, follow: true, picked: -1, input: textinput.New()}
	s.input.Prompt, s.input.CharLimit = "", mostPrompt
	s.restyle()
	return s
}

func (s *sampleScreen) tab() tab { return sampleTab() }

// open makes sure that there is an author.
func (s *sampleScreen) open() {
	if s.author == nil {
		s.author = s.a.live.NewAuthor()
	}
}

func (s *sampleScreen) enter() tea.Cmd {
	s.open()
	s.author.Show(true)
	s.restyle()
	return nil
}

// leave lets the author rest.
func (s *sampleScreen) leave() {
	if s.author != nil {
		s.author.Show(false)
	}
}

func (s *sampleScreen) restyle() {
	for _, p := range []*pane{&s.text, &s.next, &s.sliders, &s.prompt} {
		p.stale = true
	}
	s.strip.Palette = nil
	s.a.stale = true
}

// pageMsg is a page that was asked for.
type pageMsg struct{ page *scope.Page }

// wait brings the page that an author answers with.
func (s *sampleScreen) wait(answer <-chan *scope.Page) tea.Cmd {
	done := s.a.live.Done()
	return func() tea.Msg {
		select {
		case p := <-answer:
			return pageMsg{p}
		case <-done:
			return nil
		}
	}
}

func (s *sampleScreen) take(*scope.Snapshot) {}

func (s *sampleScreen) answer(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(pageMsg); ok {
		s.turn(p.page)
	}
	return nil
}

func (s *sampleScreen) tick(now time.Time) tea.Cmd {
	if s.author != nil {
		if p := s.author.Pages.Take(); p != nil {
			s.turn(p)
		}
	}
	return nil
}

// turn shows a page.
func (s *sampleScreen) turn(p *scope.Page) {
	if p.Run != 0 && s.page != nil && p.Run != s.page.Run {
		s.marked = 0
	}
	s.page = p
	s.marked = max(0, min(s.marked, len(p.Next)-1))
	s.restyle()
}

func (s *sampleScreen) write() tea.Cmd {
	on := s.page == nil || !s.page.Writing
	s.follow, s.picked = true, -1
	return s.wait(s.author.Write(on))
}

// Temperatures that the key goes through.
var temperatures = []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.7, 2, 2.5, 3, 4, 5}

// beside is the value next to v in a list, in a direction.
func beside(list []float64, v float64, by int) float64 {
	best := v
	for _, x := range list {
		if by > 0 && x > v+1e-9 {
			return x
		}
		if by < 0 && x < v-1e-9 {
			best = x
		}
	}
	return best
}

func (s *sampleScreen) heat(by int) tea.Cmd {
	return s.setTemperature(beside(temperatures, s.temperature, by))
}

func (s *sampleScreen) setTemperature(t float64) tea.Cmd {
	s.temperature = t
	return s.options()
}

func (s *sampleScreen) options() tea.Cmd {
	s.sliders.stale = true
	return s.wait(s.author.SetOptions(s.temperature, s.topK, s.topP))
}

var topKs = []float64{1, 2, 3, 5, 10, 20, 50, 100, 200, 500}
var topPs = []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1}

// cutK changes top-k; beyond the vocabulary it is off.
func (s *sampleScreen) cutK(by int) tea.Cmd {
	k := float64(s.topK)
	if k == 0 {
		k = math.Inf(1)
	}
	k = beside(topKs, k, by)
	if by > 0 && k == float64(s.topK) || int(k) >= s.a.live.Text.Vocab() || math.IsInf(k, 1) {
		k = 0
	}
	if by < 0 && s.topK == 0 {
		k = topKs[0]
		for _, x := range topKs {
			if int(x) < s.a.live.Text.Vocab() {
				k = x
			}
		}
	}
	s.topK = int(k)
	return s.options()
}

func (s *sampleScreen) cutP(by int) tea.Cmd {
	s.topP = beside(topPs, s.topP, by)
	return s.options()
}

func (s *sampleScreen) pace(by float64) tea.Cmd {
	s.speed = math.Min(640, math.Max(1.25, s.speed*by))
	s.sliders.stale = true
	return s.wait(s.author.SetSpeed(s.speed))
}

func (s *sampleScreen) mark(by int) tea.Cmd {
	if s.page != nil {
		s.marked = max(0, min(len(s.page.Next)-1, s.marked+by))
		s.next.stale = true
	}
	return nil
}

// choose writes the marked candidate.
func (s *sampleScreen) choose() tea.Cmd {
	if s.page == nil || len(s.page.Next) == 0 || s.compare {
		return nil
	}
	id := s.page.Next[s.marked].ID
	s.marked, s.follow = 0, true
	return s.wait(s.author.Choose(id))
}

// side shows five temperatures side by side, or one text again.
func (s *sampleScreen) side() tea.Cmd {
	s.compare, s.picked = !s.compare, -1
	return s.wait(s.author.Compare(s.compare))
}

func (s *sampleScreen) begin(seed uint64) tea.Cmd {
	s.seed, s.compare, s.follow, s.picked = seed, false, true, -1
	return s.wait(s.author.Begin(s.input.Value(), seed))
}

func (s *sampleScreen) otherWeights() tea.Cmd {
	s.weights = (s.weights + 1) % 3
	return s.wait(s.author.SetWeights(s.weights))
}

func (s *sampleScreen) scroll(by int) tea.Cmd {
	lines := s.strip.Layout(max(1, s.width))
	s.strip.Top = max(0, min(lines-s.height, s.strip.Top+by))
	s.follow = s.strip.Top >= lines-s.height
	s.text.stale = true
	return nil
}

// edit begins to type the prompt.
func (s *sampleScreen) edit() tea.Cmd {
	s.edits = true
	s.prompt.stale = true
	s.a.say(s.a.words.Notes.Typing)
	return s.input.Focus()
}

func (s *sampleScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if !s.edits {
		return nil, false
	}
	s.prompt.stale = true
	switch k.String() {
	case "esc":
		s.edits = false
		s.input.Blur()
		s.a.say("")
		return nil, true
	case "enter":
		s.edits = false
		s.input.Blur()
		s.a.say("")
		return s.begin(s.seed), true
	case "f1":
		return nil, false
	}
	var c tea.Cmd
	s.input, c = s.input.Update(k)
	return c, true
}

// mostPrompt is how long a prompt may be, characters.
const mostPrompt = 10_000

func (s *sampleScreen) paste(text string) (tea.Cmd, bool) {
	s.open()
	if !s.edits {
		s.edit()
	}
	s.input.SetValue(s.input.Value() + text)
	s.input.CursorEnd()
	s.prompt.stale = true
	return nil, true
}

func (s *sampleScreen) draw(c *views.Canvas, area views.Rect) {
	side := 38
	if area.W >= 150 {
		side = 50
	}
	left := columns(area, 0, side)
	if s.compare && s.page != nil && len(s.page.Columns) > 0 {
		left = columns(area, 0, 30)
	}
	main := rows(left[0], 0, 3)
	right := rows(left[1], 6, 0)
	s.text.show(c, main[0], s.drawText)
	s.prompt.show(c, main[1], s.drawPrompt)
	s.sliders.show(c, right[0], s.drawSliders)
	s.next.show(c, right[1], s.drawNext)
}

// state says what the text is written with.
func (s *sampleScreen) state() string {
	w, p := &s.a.words.Sample, s.page
	format := w.WeightsNewest
	switch {
	case p.Best:
		format = w.WeightsBest
	case p.Frozen:
		format = w.WeightsFrozen
	}
	return fmt.Sprintf(format, thousands(p.Update))
}

func (s *sampleScreen) drawText(c *views.Canvas, area views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	box := views.Box{Title: w.Page, Focused: !s.edits}
	if p == nil {
		box.Draw(c, area, th)
		return
	}
	box.Note = s.state()
	if p.Branches > 1 {
		box.Title = fmt.Sprintf(w.Branch, string(rune('A'+p.Branch)), p.Branches)
	}
	if len(p.Columns) > 0 {
		box.Title = w.Columns
		s.drawColumns(c, box.Draw(c, area, th))
		return
	}
	in := box.Draw(c, area, th)
	legend := views.Rect{X: in.X, Y: in.Y + in.H - 1, W: in.W, H: 1}
	in.H--
	s.width, s.height = in.W, in.H
	if p.Failure != nil {
		views.Paragraph(c, in, words.Say(s.a.lang, p.Failure), th.Bad)
		return
	}
	if len(p.Tokens) == 0 {
		views.Paragraph(c, in, w.Empty, th.Dim)
		return
	}
	fillStrip(&s.strip, p.Tokens)
	s.strip.Cursor = nil
	if s.picked >= 0 && s.picked < len(p.Tokens) {
		s.strip.Cursor = &s.picked
	}
	if s.follow {
		s.strip.Top = max(0, s.strip.Layout(in.W)-in.H)
	}
	s.strip.Draw(c, in, th)
	s.drawScale(c, legend)
}

// fillStrip gives a strip the tokens of a text and their probabilities.
func fillStrip(v *views.Strip, tokens []scope.Written) {
	v.Tokens, v.Values = v.Tokens[:0], v.Values[:0]
	for _, t := range tokens {
		v.Tokens, v.Values = append(v.Tokens, t.Piece), append(v.Values, t.P)
	}
}

// drawScale says what the colours of the text mean, and what the text is like.
func (s *sampleScreen) drawScale(c *views.Canvas, r views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	x := c.Text(r.X, r.Y, w.Scale+" "+w.Low+" ", th.Dim)
	const swatches = 12
	for i := range swatches {
		share := float64(i) / (swatches - 1)
		if th.Profile == views.NoColor {
			ramp := views.Strip{Tokens: []string{"a"}, Values: []float64{share}}
			ramp.Draw(c, views.Rect{X: x + i, Y: r.Y, W: 1, H: 1}, th)
			continue
		}
		c.Set(x+i, r.Y, ' ', views.Style{BG: th.Sequential.At(share)})
	}
	x = c.Text(x+swatches, r.Y, " "+w.High, th.Dim)
	note := ""
	if p.Full {
		note = w.Full
	} else if n := len(p.Tokens); n > 0 {
		i := n - 1
		if s.picked >= 0 && s.picked < n {
			i = s.picked
		}
		note = s.figures(p.Tokens[i], r.W-(x-r.X)-2)
	}
	c.Text(r.X+max(x-r.X+2, r.W-views.Width(note)), r.Y, note, th.Text)
}

// figures are those of a written token, as many as fit.
func (s *sampleScreen) figures(t scope.Written, room int) string {
	w := &s.a.words.Sample
	note := fmt.Sprintf("%q", t.Text)
	if t.Prompt || math.IsNaN(t.P) {
		return note + " " + w.Given
	}
	note += " p=" + digits(t.P, 2)
	if t.Hand {
		note += " " + w.Hand
	}
	if more := note + fmt.Sprintf("  T=1: %s  "+w.EntropyShort, digits(t.PAt1, 2), digits(t.Entropy, 2)); views.Width(more) <= room {
		return more
	}
	return note
}

// drawColumns shows the texts of several temperatures.
func (s *sampleScreen) drawColumns(c *views.Canvas, in views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	for len(s.strips) < len(p.Columns) {
		s.strips = append(s.strips, views.Strip{})
	}
	n := len(p.Columns)
	for i, col := range p.Columns {
		x0, x1 := in.X+i*in.W/n, in.X+(i+1)*in.W/n
		r := views.Rect{X: x0, Y: in.Y, W: x1 - x0 - 1, H: in.H}
		st := th.Series[i%len(th.Series)]
		head := "T=" + digits(col.Temperature, 4)
		if col.Wrote > 0 && in.W/n > views.Width(fmt.Sprintf(w.Column, "0.5", "0.55")) {
			head = fmt.Sprintf(w.Column, digits(col.Temperature, 4), digits(col.MeanEntropy, 2))
		}
		c.Text(r.X, r.Y, head, st.With(views.Bold))
		v := &s.strips[i]
		v.Palette = nil
		fillStrip(v, col.Tokens)
		body := views.Rect{X: r.X, Y: r.Y + 1, W: r.W, H: r.H - 1}
		v.Top = max(0, v.Layout(body.W)-body.H)
		v.Draw(c, body, th)
	}
}

func (s *sampleScreen) drawPrompt(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	note := ""
	if s.page != nil && s.page.Unknown > 0 {
		note = fmt.Sprintf(w.Unknown, s.page.Unknown)
	}
	in := views.Box{Title: w.Prompt, Note: note, Focused: s.edits}.Draw(c, area, th)
	drawInput(c, in, &s.input, s.edits, w.PromptHint, th)
}

// drawInput shows a line of text that can be typed, with its cursor.
func drawInput(c *views.Canvas, in views.Rect, input *textinput.Model, edits bool, hint string, th *views.Theme) {
	value := []rune(input.Value())
	if len(value) == 0 && !edits {
		c.Text(in.X, in.Y, views.Truncate(hint, in.W), th.Dim)
		return
	}
	at := input.Position()
	from := at // as far to the left as there is room: a pasted prompt may be long
	for room := in.W - 2; from > 0; from-- {
		if room -= views.Width(visibles(value[from-1 : from])); room < 0 {
			break
		}
	}
	x := c.Text(in.X, in.Y, visibles(value[from:at]), th.Text)
	if !edits {
		c.Text(x, in.Y, views.Truncate(visibles(value[at:]), in.X+in.W-x), th.Text)
		return
	}
	under, rest := " ", ""
	if at < len(value) {
		under, rest = visibles(value[at:at+1]), visibles(value[at+1:])
	}
	x = c.Text(x, in.Y, under, th.Cursor)
	c.Text(x, in.Y, views.Truncate(rest, in.X+in.W-x), th.Text)
}

// visibles writes a text in one line.
func visibles(value []rune) string {
	out := make([]rune, len(value))
	for i, r := range value {
		switch r {
		case '\n':
			r = '↵'
		case '\t':
			r = '⇥'
		}
		out[i] = r
	}
	return string(out)
}

// sampleSliders are the rows of the pane of sliders.
func (s *sampleScreen) rowsOf(in views.Rect) []views.Slider {
	w := &s.a.words.Sample
	labels := 0
	for _, l := range []string{w.Temperature, w.TopK, w.TopP, w.Speed} {
		labels = max(labels, views.Width(l))
	}
	vocab := float64(max(2, s.a.live.Text.Vocab()))
	k, kText := float64(s.topK), fmt.Sprint(s.topK)
	if s.topK == 0 {
		k, kText = vocab, w.All
	}
	pText := digits(s.topP, 4)
	if s.topP == 1 {
		pText = w.All
	}
	one := func(label, text string, v float64, scale views.Scale) views.Slider {
		return views.Slider{Label: label, Text: text, LabelWidth: labels, TextWidth: 6, Value: v, Scale: scale}
	}
	out := []views.Slider{
		one(w.Temperature, fmt.Sprintf("%.2f", s.temperature), s.temperature, views.Scale{Min: 0, Max: 2}),
		one(w.TopK, kText, k, views.Scale{Min: 1, Max: vocab, Log: true}),
		one(w.TopP, pText, s.topP, views.Scale{Min: 0, Max: 1}),
		one(w.Speed, fmt.Sprintf(w.PerSecond, digits(s.speed, 3)), s.speed, views.Scale{Min: 1, Max: 640, Log: true}),
	}
	out[0].Focused = !s.edits
	return out
}

func (s *sampleScreen) drawSliders(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	state := w.Still
	if s.page != nil && s.page.Writing {
		state = w.Writing
	}
	in := views.Box{Title: state}.Draw(c, area, th)
	for i, v := range s.rowsOf(in) {
		v.Draw(c, views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}, th)
	}
}

func (s *sampleScreen) drawNext(c *views.Canvas, area views.Rect) {
	w, th, p := &s.a.words.Sample, s.a.theme, s.page
	if p != nil && len(p.Columns) > 0 {
		s.drawEntropies(c, area)
		return
	}
	in := views.Box{Title: w.Next}.Draw(c, area, th)
	if p == nil || len(p.Next) == 0 {
		return
	}
	foot := []string{fmt.Sprintf(w.Entropy, digits(p.Entropy, 3), digits(p.AtOne, 3))}
	switch {
	case s.temperature == 0:
		foot = append(foot, w.Argmax)
	default:
		foot = append(foot, fmt.Sprintf(w.Kept, thousands(int64(p.Kept)), thousands(int64(s.a.live.Text.Vocab()))))
	}
	for i, line := range foot {
		c.Text(in.X, in.Y+in.H-len(foot)+i, views.Truncate(line, in.W), th.Dim)
	}
	bars := views.Bars{Min: 0, Max: 1, LabelWidth: 3}
	if s.a.live.Text.Word() {
		bars.LabelWidth = min(14, in.W/3)
	}
	for i, n := range p.Next {
		b := views.Bar{Label: visible(n.Text), Value: n.P, Ghost: n.PAt1, Note: fmt.Sprintf("%.3f", n.P), Marked: i == s.marked, Style: th.Series[0]}
		bars.Rows = append(bars.Rows, b)
	}
	if room := max(0, in.H-len(foot)); s.marked >= room {
		bars.First = s.marked - room + 1
	}
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: max(0, in.H-len(foot))}, th)
}

// drawEntropies compares the columns: the mean entropy of what their tokens were
// drawn from.
func (s *sampleScreen) drawEntropies(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	in := views.Box{Title: w.Entropies}.Draw(c, area, th)
	var bars views.Bars
	for i, col := range s.page.Columns {
		bars.Rows = append(bars.Rows, views.Bar{Label: "T=" + digits(col.Temperature, 3), Value: col.MeanEntropy, Note: fmt.Sprintf("%.2f", col.MeanEntropy), Style: th.Series[i%len(th.Series)]})
	}
	bars.Draw(c, views.Rect{X: in.X, Y: in.Y, W: in.W, H: min(in.H, len(bars.Rows))}, th)
	if rest := in.H - len(bars.Rows) - 1; rest > 0 {
		views.Paragraph(c, views.Rect{X: in.X, Y: in.Y + len(bars.Rows) + 1, W: in.W, H: rest}, w.Together, th.Dim)
	}
}

// one does what concerns the one text; where several stand side by side it says
// how to get back.
func (s *sampleScreen) one(do func() tea.Cmd) tea.Cmd {
	if s.compare {
		s.a.say(s.a.words.Sample.Together)
		return nil
	}
	return do()
}

func (s *sampleScreen) click(m click) tea.Cmd {
	s.open()
	if x, y, ok := s.sliders.at(m.x, m.y); ok {
		in := views.Rect{W: s.sliders.area.W, H: s.sliders.area.H}.Inset(1)
		return s.slide(x, y-in.Y, m.wheel, in)
	}
	if _, y, ok := s.next.at(m.x, m.y); ok {
		if m.wheel != 0 {
			return s.mark(m.wheel)
		}
		room := s.next.area.H - 4
		first := max(0, s.marked-room+1)
		if i := first + y - 1; !m.drag && s.page != nil && y >= 1 && y <= room && i < len(s.page.Next) {
			if i == s.marked {
				return s.choose()
			}
			s.marked, s.next.stale = i, true
		}
		return nil
	}
	if _, _, ok := s.prompt.at(m.x, m.y); ok && m.wheel == 0 {
		return s.edit()
	}
	if x, y, ok := s.text.at(m.x, m.y); ok {
		if m.wheel != 0 {
			return s.scroll(2 * m.wheel)
		}
		s.picked = -1
		if i, ok := s.strip.At(x, y); ok && !s.compare {
			s.picked, s.follow = i, false
		}
		s.text.stale = true
	}
	return nil
}

// slide takes a press or a turn of the wheel on a slider.
func (s *sampleScreen) slide(x, i, wheel int, in views.Rect) tea.Cmd {
	all := s.rowsOf(in)
	if i < 0 || i >= len(all) {
		return nil
	}
	if wheel != 0 {
		return []func() tea.Cmd{
			func() tea.Cmd { return s.heat(-wheel) }, func() tea.Cmd { return s.cutK(-wheel) },
			func() tea.Cmd { return s.cutP(-wheel) }, func() tea.Cmd { return s.pace(math.Pow(2, float64(-wheel))) },
		}[i]()
	}
	r := views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}
	if track := all[i].Track(r); x < track.X-1 || x > track.X+track.W {
		return nil
	}
	v := all[i].ValueAt(r, x)
	switch i {
	case 0:
		return s.setTemperature(math.Round(v*20) / 20)
	case 1:
		if s.topK = int(math.Round(v)); s.topK >= s.a.live.Text.Vocab() {
			s.topK = 0
		}
		return s.options()
	case 2:
		s.topP = math.Max(0.01, math.Round(v*100)/100)
		return s.options()
	}
	s.speed = round(v, 2)
	s.sliders.stale = true
	return s.wait(s.author.SetSpeed(s.speed))
}
