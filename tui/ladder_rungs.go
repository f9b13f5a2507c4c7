package tui

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"rnnscope/core/scope"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// shownRungs are the rungs of the table, the best first: of each smoothing the
// best order, or all.
func (s *ladderScreen) shownRungs() []int {
	if s.now == nil {
		return nil
	}
	best := map[string]int{}
	for i, r := range s.now.Rungs {
		if r.Kind != scope.NgramRung {
			continue
		}
		j, ok := best[r.Smoothing]
		if !ok || r.Loss < s.now.Rungs[j].Loss || math.IsNaN(s.now.Rungs[j].Loss) {
			best[r.Smoothing] = i
		}
	}
	var out []int
	for i, r := range s.now.Rungs {
		if j := best[r.Smoothing]; r.Kind != scope.NgramRung || s.rungs.all || i == j || i == s.rungs.marked {
			out = append(out, i)
		}
	}
	// What is not measured comes last.
	key := func(i int) float64 {
		if l := s.now.Rungs[i].Loss; !math.IsNaN(l) {
			return l
		}
		return math.MaxFloat64
	}
	slices.SortStableFunc(out, func(i, j int) int {
		x, y := key(i), key(j)
		if math.IsInf(x, 1) != math.IsInf(y, 1) { // ∞ stands before what is not known
			return cmp.Compare(min(x, 1e300), min(y, 1e300))
		}
		return cmp.Compare(x, y)
	})
	return out
}

// smoothingName is what a smoothing is called.
func (s *ladderScreen) smoothingName(smoothing string) string {
	w := s.words()
	name, k, added := strings.Cut(smoothing, ":")
	if added {
		return fmt.Sprintf(w.AddK, k)
	}
	return w.Smoothings[name]
}

// rungName is what a rung is called.
func (s *ladderScreen) rungName(r scope.Rung) string {
	w := s.words()
	switch r.Kind {
	case scope.Uniform:
		return w.Uniform
	case scope.Unigram:
		return w.Unigram
	case scope.NgramRung:
		return fmt.Sprintf(w.Ngram, r.Order, s.smoothingName(r.Smoothing))
	case scope.WindowRung:
		return fmt.Sprintf(w.Window, s.windowLength())
	case scope.Published:
		return fmt.Sprintf(w.Published, r.Name)
	}
	return fmt.Sprintf(w.Network, strings.ToUpper(r.Cell))
}

func (s *ladderScreen) windowLength() int {
	if s.now != nil && s.now.Length > 0 {
		return s.now.Length
	}
	return 5
}

// shortName is a name for a dial.
func (s *ladderScreen) shortName(r scope.Rung) string {
	switch r.Kind {
	case scope.NgramRung:
		return fmt.Sprintf(s.words().Order, r.Order)
	case scope.WindowRung:
		return fmt.Sprintf("N=%d", s.windowLength())
	case scope.NetworkRung:
		return strings.ToUpper(r.Cell)
	}
	return s.rungName(r)
}

// rungStyle is the colour of a rung.
func (s *ladderScreen) rungStyle(r scope.Rung) views.Style {
	th := s.a.theme
	switch r.Kind {
	case scope.NgramRung:
		return th.Series[3]
	case scope.WindowRung:
		return th.Series[5]
	case scope.NetworkRung:
		return th.Series[map[string]int{"rnn": 0, "gru": 1, "lstm": 2}[r.Cell]]
	}
	return th.Dim
}

// memory writes a number of bytes.
func memory(n int64) string {
	switch x := float64(n); {
	case n == 0:
		return ""
	case x >= 1e9:
		return digits(x/1e9, 3) + " GB"
	case x >= 1e6:
		return digits(x/1e6, 3) + " MB"
	case x >= 1e3:
		return digits(x/1e3, 3) + " kB"
	}
	return fmt.Sprintf("%d B", n)
}

// seconds writes a time.
func seconds(t float64) string {
	switch {
	case t == 0:
		return ""
	case t < 1:
		return fmt.Sprintf("%.0f ms", 1000*t)
	case t < 100:
		return fmt.Sprintf("%.1f s", t)
	}
	return fmt.Sprintf("%.0f s", t)
}

func (s *ladderScreen) drawRungs(c *views.Canvas, area views.Rect) {
	dial := 5
	if area.H >= 40 {
		dial = 9
	}
	parts := rows(area, 0, 3, dial)
	top := parts[0]
	if area.W >= 150 {
		const table = 79 // columns that the rungs need for their names
		side := min(78, area.W-table)
		grid := 4 + s.topOrder()
		if top.H >= 32 {
			stack := rows(top, max(grid, min(top.H/2, len(s.shownRungs())+3)), 0)
			s.panes[3].show(c, stack[1], s.drawRace)
			cols := columns(stack[0], 0, side)
			s.panes[4].show(c, cols[1], s.drawGrid)
			top = cols[0]
		} else {
			cols := columns(top, 0, side)
			right := rows(cols[1], 0, min(14, grid))
			s.panes[3].show(c, right[0], s.drawRace)
			s.panes[4].show(c, right[1], s.drawGrid)
			top = cols[0]
		}
	}
	s.panes[0].show(c, top, s.drawTable)
	s.panes[1].show(c, parts[1], s.drawState)
	s.panes[2].show(c, parts[2], s.drawLadderDial)
}

func (s *ladderScreen) topOrder() int {
	top := 1
	if s.now == nil {
		return top
	}
	for _, r := range s.now.Rungs {
		top = max(top, r.Order)
	}
	return top
}

// drawTable lists the rungs.
func (s *ladderScreen) drawTable(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	title := w.Table
	if s.rungs.all {
		title = w.All
	}
	note := fmt.Sprintf(w.Scored, thousands(int64(s.now.Tokens)), thousands(int64(s.now.Of)))
	in := views.Box{Title: title, Note: note, Focused: true}.Draw(c, area, th)
	if s.now.Tokens == 0 {
		views.Paragraph(c, in, w.NoValid, th.Warn)
		return
	}
	widths := []int{0, 9, 8, 7, 12, 9, 9, 8}
	if in.W < 90 {
		widths[3], widths[4] = 0, 10 // bits are nats
	}
	track := 0
	if in.W >= 110 {
		track = in.W - 102
	}
	widths[0] = in.W - track
	for _, n := range widths[1:] {
		widths[0] -= n
	}
	put := func(y int, texts []string, styles []views.Style) {
		x := in.X
		for i, t := range texts {
			if widths[i] == 0 {
				continue
			}
			align := views.Right
			if i == 0 {
				align = views.Left
			}
			c.Text(x, y, views.Pad(t, widths[i], align), styles[i])
			x += widths[i]
		}
	}
	dim := slices.Repeat([]views.Style{th.Dim}, len(widths))
	put(in.Y, w.Columns[:], dim)
	if track > 0 {
		s.drawStepHead(c, views.Rect{X: in.X + in.W - track + 2, Y: in.Y, W: track - 2, H: 1})
	}
	all := s.shownRungs()
	room := in.H - 1
	at := max(0, slices.Index(all, s.rungs.cursor))
	s.rungs.first = max(0, min(max(min(s.rungs.first, at), at-room+1), len(all)-room))
	s.a.drawMore(c, area, s.rungs.first, len(all)-s.rungs.first-max(0, room))
	for n, i := range all[s.rungs.first:min(len(all), s.rungs.first+max(0, room))] {
		r, y := s.now.Rungs[i], in.Y+1+n
		st := s.rungStyle(r)
		mark := "  "
		if i == s.rungs.marked {
			mark = "A "
		}
		name := st
		if i == s.rungs.cursor {
			name = th.Cursor
		}
		styles := slices.Repeat([]views.Style{th.Text}, len(widths))
		texts := []string{mark + s.rungName(r), "", "", "", "", memory(r.Bytes), seconds(r.Seconds), ""}
		if r.Size > 0 {
			texts[4] = thousands(r.Size)
		}
		styles[0], styles[1], styles[5], styles[6], styles[7] = name, st.With(views.Bold), th.Dim, th.Dim, th.Dim
		switch {
		case math.IsNaN(r.Loss):
			texts[1] = "…"
		case math.IsInf(r.Loss, 1):
			texts[1], texts[2], texts[3] = "∞", "∞", "∞"
			styles[1], styles[2], styles[3] = th.Bad, th.Bad, th.Bad
		default:
			texts[1], texts[2], texts[3] = pplText(math.Exp(r.Loss)), fmt.Sprintf("%.3f", r.Loss), fmt.Sprintf("%.3f", r.Loss/math.Ln2)
		}
		if r.Updates > 0 {
			texts[7] = thousands(r.Updates)
		}
		if r.Diverged {
			texts[7], styles[7] = w.Diverged, th.Bad
		}
		put(y, texts, styles)
		if track > 0 && !math.IsNaN(r.Loss) && !math.IsInf(r.Loss, 1) {
			s.drawStep(c, views.Rect{X: in.X + in.W - track + 2, Y: y, W: track - 2, H: 1}, r, st)
		}
	}
}

// drawStepHead says what the marks of drawStep stand on: the scale of perplexity, of
// which the ends are written out.
func (s *ladderScreen) drawStepHead(c *views.Canvas, r views.Rect) {
	const left, right = "V", "1"
	th, name := s.a.theme, s.words().Columns[1]
	c.Text(r.X, r.Y, left, th.Dim)
	c.Text(r.X+r.W-1, r.Y, right, th.Dim)
	if n := views.Width(name); n+4 <= r.W { // a space to either side
		c.Text(r.X+(r.W-n)/2, r.Y, name, th.Dim)
	}
}

// drawStep shows where between V (left) and 1 (right) a rung is.
func (s *ladderScreen) drawStep(c *views.Canvas, r views.Rect, rung scope.Rung, st views.Style) {
	share := 1 - rung.Loss/math.Log(float64(s.now.Vocab))
	n := int(math.Round(math.Max(0, math.Min(1, share)) * float64(r.W-1)))
	for i := range n {
		c.Set(r.X+i, r.Y, '─', s.a.theme.Frame)
	}
	mark := '●'
	if rung.Kind == scope.Published {
		mark = '○'
	}
	c.Set(r.X+n, r.Y, mark, st)
}

// drawState says what the ladder is doing, how it shares the machine, and who is
// ahead.
func (s *ladderScreen) drawState(c *views.Canvas, area views.Rect) {
	w, th, v := s.words(), s.a.theme, s.now
	line := func(y int, text string, st views.Style) {
		c.Text(area.X+1, area.Y+y, views.Truncate(text, area.W-2), st)
	}
	if v.Failure != nil {
		views.Paragraph(c, area, words.Say(s.a.lang, v.Failure), th.Bad)
		return
	}
	st := th.Text
	state := w.Phases[v.Phase]
	switch v.Phase {
	case scope.LadderCounting:
		state = fmt.Sprintf(w.Counting, percent(v.Counted))
	case scope.LadderTraining:
		state, st = fmt.Sprintf(w.Racing, thousands(v.Updates), v.Epoch, short(v.Rate)), th.Good
	case scope.LadderPaused, scope.LadderReady:
		st = th.Accent
	}
	x := c.Text(area.X+1, area.Y, state, st)
	c.Text(x+2, area.Y, inFull([]string{fmt.Sprintf(w.Share, v.Threads, v.Beside), w.LowPriority}, " · ", area.X+area.W-x-3), th.Dim)
	gram, net := s.best(scope.NgramRung), s.best(scope.WindowRung, scope.NetworkRung)
	if gram >= 0 && net >= 0 && v.Rungs[net].Updates > 0 {
		g, n := v.Rungs[gram], v.Rungs[net]
		ahead, style := w.Behind, th.Warn
		p, q := math.Exp(g.Loss), math.Exp(n.Loss)
		if n.Loss < g.Loss {
			ahead, style, p, q = w.Ahead, th.Good, q, p
		}
		line(1, fmt.Sprintf(ahead, s.rungName(n), pplText(p), pplText(q)), style)
	} else if v.Hidden > 0 && v.Updates == 0 {
		line(1, w.RaceEmpty, th.Dim)
	}
	r := v.Rungs[s.rungs.cursor]
	switch {
	case r.Kind == scope.Published:
		line(2, w.Source+" "+r.Source, th.Dim)
	case r.Zero > 0:
		line(2, s.rungName(r)+s.a.words.Colon+fmt.Sprintf(w.Zeros, thousands(int64(r.Zero))), th.Bad)
	case r.Updates > 0 && r.Best < r.Loss:
		line(2, s.rungName(r)+s.a.words.Colon+fmt.Sprintf(w.Overfit, pplText(math.Exp(r.Best)), thousands(r.BestUpdate)), th.Warn)
	case v.Hidden > 0:
		line(2, fmt.Sprintf(w.Alike, v.Hidden, v.Embed, v.Batch, v.Window, digits(v.LR, 3)), th.Dim)
	}
}

// drawLadderDial shows the rungs that matter between perplexity 1 and V.
func (s *ladderScreen) drawLadderDial(c *views.Canvas, area views.Rect) {
	d := views.Dial{Min: 1, Max: float64(s.now.Vocab)}
	add := func(i int) {
		if r := s.now.Rungs[i]; !math.IsNaN(r.Loss) && !math.IsInf(r.Loss, 1) {
			d.Needles = append(d.Needles, views.Needle{Label: s.shortName(r) + " " + pplText(math.Exp(r.Loss)), Value: math.Exp(r.Loss), Style: s.rungStyle(r)})
		}
	}
	for i, r := range s.now.Rungs {
		if r.Kind == scope.Unigram || r.Kind == scope.WindowRung || r.Kind == scope.NetworkRung {
			add(i)
		}
	}
	if gram := s.best(scope.NgramRung); gram >= 0 {
		add(gram)
	}
	if ppl, ok := s.mainPerplexity(); ok {
		d.Needles = append(d.Needles, views.Needle{Label: s.mainName() + " " + pplText(ppl), Value: ppl, Style: s.a.theme.Text.With(views.Bold)}) // no colour of a rung
	}
	scale := views.Rect{X: area.X + 1, Y: area.Y + 1, W: area.W - 2, H: area.H - 1}
	d.Draw(c, scale, s.a.theme)
	s.drawDialHead(c, views.Rect{X: scale.X, Y: area.Y, W: scale.W, H: 1}, nameless(c, scale, d.Needles))
}

// mainPerplexity is the newest on the validation split of the network that the other
// screens show, if there is one yet.
func (s *ladderScreen) mainPerplexity() (ppl float64, ok bool) {
	if s.snap == nil || len(s.snap.Valid) == 0 {
		return 0, false
	}
	loss := s.snap.Valid[len(s.snap.Valid)-1].Loss
	return math.Exp(loss), !math.IsNaN(loss) && !math.IsInf(loss, 0)
}

// mainName is what that network is called.
func (s *ladderScreen) mainName() string {
	shape := s.snap.Shape
	return fmt.Sprintf("%s %d×%d", strings.ToUpper(shape.Cell), shape.Layers, shape.Hidden)
}

// nameless are the needles of a dial whose names had no room on it, from left to
// right.
func nameless(c *views.Canvas, dial views.Rect, needles []views.Needle) (out []views.Needle) {
	var names strings.Builder
	for y := range dial.H {
		for x := range dial.W {
			names.WriteString(c.Cell(dial.X+x, dial.Y+y).Text)
		}
		names.WriteByte('\n')
	}
	for _, n := range needles {
		if !strings.Contains(names.String(), n.Label) {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b views.Needle) int { return cmp.Compare(a.Value, b.Value) })
	return out
}

// drawDialHead says what the scale is, and at the right which needles are those
// without a name.
func (s *ladderScreen) drawDialHead(c *views.Canvas, area views.Rect, needles []views.Needle) {
	w, th := s.words(), s.a.theme
	room := area.W
	for _, n := range needles {
		room -= views.Width(n.Label) + 4 // a gap, and the mark
	}
	c.Text(area.X, area.Y, fitting(max(0, room), w.Dial, w.DialShort), th.Dim)
	x := area.X + max(0, room)
	for _, n := range needles {
		x = c.Text(x+2, area.Y, "▲ "+n.Label, n.Style.With(views.Bold))
	}
}
