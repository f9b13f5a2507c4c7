package tui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// inspectScreen steps through a sentence with a copy of the model. It has one
// head (sentence, tokens, the two cursors) and several views below it:
//
//	head   sentence A, B · views · surprisal · tokens · what is at the cursor
//	view   one of inspectViews
//
// The token cursor is a token of one of the sentences, the unit cursor a unit of
// the layer; all views share them.
type inspectScreen struct {
	a         *App
	inspector *session.Inspector // made when the screen is first opened
	page      *scope.Inspection
	views     []inspectView
	view      int

	inputs    [2]entry
	editing   int // which of them is being typed, -1 for none
	preset    int
	passage   int
	sentence  int // the cursor is in
	token     [2]int
	apart     bool // the cursor of the second sentence was moved by itself
	toLast    bool // the cursor goes to the last token of what is being read
	unit      int
	layer     int
	quantity  int
	order     int // of orders
	feature   string
	global    bool // the scale is the quantity's range
	zoom      bool
	weights   session.Weights
	held      bool // the weights stay while the view lasts
	follows   bool // they were asked to move on in this view
	changes   []scope.UnitChange
	swap      *scope.Swap
	marked    int // where a span begins, -1 for none
	span      [2]int
	threshold float64

	head, body pane
	ruler      ruler
	cache      inspectCache
}

// inspectView is one of the views below the head.
type inspectView interface {
	name(w *words.Inspect) string
	subject() session.Subject
	// act is what space does, and enter what the enter key does.
	act() tea.Cmd
	enter() tea.Cmd
	// vertical moves the unit cursor, or what the view has in its place.
	vertical(by int, page bool) tea.Cmd
	draw(c *views.Canvas, area views.Rect)
	figure() figure
}

func inspectTab() tab {
	return tab{
		name: "inspect", key: "2", frame: time.Second / 10,
		text:    func(w *words.Screen) words.Tab { return w.Inspect.Tab },
		make:    func(a *App) screen { return newInspect(a) },
		actions: inspectActions,
	}
}

func newInspect(a *App) *inspectScreen {
	s := &inspectScreen{a: a, editing: -1, marked: -1, threshold: 0.3}
	for i := range s.inputs {
		s.inputs[i] = newEntry(mostTyped)
	}
	s.views = []inspectView{
		&mapView{s: s}, &equationView{s: s, shown: allOperations}, &unitView{s: s}, &findView{s: s},
		&influenceView{s}, &compareView{s}, &changeView{s}, &unrolledView{s: s},
	}
	s.restyle()
	return s
}

func (s *inspectScreen) tab() tab              { return inspectTab() }
func (s *inspectScreen) words() *words.Inspect { return &s.a.words.Inspect }
func (s *inspectScreen) shown() inspectView    { return s.views[s.view] }
func (s *inspectScreen) take(*scope.Snapshot)  {}

// leave: pages are taken no more, so that no sentence is traced anew.
func (s *inspectScreen) leave() {}

// open makes sure that there is an inspector, with a piece of the text to look
// at.
func (s *inspectScreen) open() tea.Cmd {
	if s.inspector != nil {
		return nil
	}
	s.inspector = s.a.live.NewInspector()
	s.inputs[0].SetValue(s.excerpt(0))
	return tea.Batch(s.read(false), s.wait(s.inspector.Look(s.shown().subject())))
}

// excerpt is a piece of the text in one line: the first of its lines where the text
// has no space to take the place of a line's end.
func (s *inspectScreen) excerpt(n int) string {
	piece := s.a.live.Text.Passage(n, passageTokens)
	if s.a.live.Text.Known(" ") == 0 {
		piece, _, _ = strings.Cut(strings.TrimLeft(piece, "\n"), "\n")
	}
	return oneLine(piece)
}

// passageTokens is how long a piece of the corpus is.
const passageTokens = 60

func (s *inspectScreen) enter() tea.Cmd {
	s.restyle()
	return s.open()
}

func (s *inspectScreen) restyle() {
	s.head.stale, s.body.stale = true, true
	s.a.stale = true
}

// inspectionMsg is an inspection that was asked for.
type inspectionMsg struct{ page *scope.Inspection }

// wait brings the inspection that an inspector answers with.
func (s *inspectScreen) wait(answer <-chan *scope.Inspection) tea.Cmd {
	done := s.a.live.Done()
	return func() tea.Msg {
		select {
		case p := <-answer:
			return inspectionMsg{p}
		case <-done:
			return nil
		}
	}
}

func (s *inspectScreen) answer(msg tea.Msg) tea.Cmd {
	if p, ok := msg.(inspectionMsg); ok {
		s.turn(p.page)
	}
	return nil
}

func (s *inspectScreen) tick(time.Time) tea.Cmd {
	if s.inspector != nil {
		if p := s.inspector.Pages.Take(); p != nil {
			s.turn(p)
		}
	}
	return nil
}

// turn shows an inspection, unless a newer one came by the other way before it.
// A model of another run has other units.
func (s *inspectScreen) turn(p *scope.Inspection) {
	if s.page != nil && p.Seq < s.page.Seq {
		return
	}
	if s.page != nil && s.page.Run != p.Run {
		s.changes, s.swap, s.quantity, s.marked = nil, nil, 0, -1
	}
	s.page = p
	s.layer = max(0, min(s.layer, p.Model.Layers-1))
	s.unit = max(0, min(s.unit, p.Model.Hidden-1))
	if s.toLast && p.Sentences[0].Text == s.inputs[0].Value() && p.Sentences[1].Text == s.inputs[1].Value() {
		s.toLast, s.token = false, [2]int{lastToken, p.Sentences[0].Len() - 1}
	}
	for n := range s.token {
		s.token[n] = max(0, min(s.token[n], p.Sentences[n].Len()-1))
	}
	if p.Sentences[1].Len() == 0 {
		s.sentence = 0
	}
	if s.quantity >= len(s.quantities()) {
		s.quantity = 0
	}
	s.restyle()
}

// lastToken is the last of any sentence.
const lastToken = 1 << 30

// read asks for traces of the sentences that are typed, with the cursor on the
// first token, or on the last of what was given to be asked about: what stands
// before it is what influence, compare and change are about.
func (s *inspectScreen) read(toLast bool) tea.Cmd {
	s.swap, s.marked, s.span = nil, -1, [2]int{}
	for n := range s.inputs {
		s.inputs[n].CursorStart() // what is not typed is shown from its beginning
	}
	s.token, s.sentence, s.apart, s.toLast = [2]int{}, 0, false, toLast
	answer := s.inspector.Read(s.inputs[0].Value(), s.inputs[1].Value())
	if toLast {
		answer = s.inspector.Point(scope.Point{Token: lastToken})
	}
	return s.wait(answer)
}

// long waits for a question that takes the place of another long one, and says
// so: there is one at a time.
func (s *inspectScreen) long(what string, answer <-chan *scope.Inspection) tea.Cmd {
	if s.page != nil && s.page.Busy != nil {
		switch old := s.page.Busy.What; old {
		case what: // it begins anew
		case "search", "match", "read":
			s.a.say(fmt.Sprintf(s.words().Replaced, s.words().Busy[old]))
		}
	}
	return s.wait(answer)
}

// of says which update an answer is of, when the page is of another.
func (s *inspectScreen) of(update int64) string {
	if update == s.page.Update {
		return ""
	}
	return fmt.Sprintf(" "+s.words().OfUpdate, thousands(update))
}

// waiting stands in the place of an answer that is not there.
func (s *inspectScreen) waiting() string {
	if s.page.Stopped {
		return s.words().Stopped
	}
	return s.words().Wait
}

func (s *inspectScreen) stop() tea.Cmd { return s.wait(s.inspector.Stop()) }

// draw draws the head, and a view below it.
func (s *inspectScreen) draw(c *views.Canvas, area views.Rect) {
	s.ruler = s.rule(area.W)
	parts := rows(area, s.headHeight(area), 0)
	s.head.show(c, parts[0], s.drawHead)
	s.body.show(c, parts[1], s.drawBody)
}

// drawBody draws the view, or says why there is nothing to see.
func (s *inspectScreen) drawBody(c *views.Canvas, area views.Rect) {
	w, th := s.words(), s.a.theme
	switch {
	case s.page == nil:
		views.Paragraph(c, area.Inset(1), w.Wait, th.Dim)
	case s.page.Failure != nil:
		views.Paragraph(c, area.Inset(1), words.Say(s.a.lang, s.page.Failure), th.Bad)
	case s.reading().Len() == 0:
		views.Paragraph(c, area.Inset(1), w.Empty, th.Dim)
	default:
		s.shown().draw(c, area)
	}
}

func (s *inspectScreen) click(m click) tea.Cmd {
	if s.page == nil {
		return nil
	}
	if m.wheel != 0 {
		return tea.Batch(s.hold(), s.vertical(m.wheel, false))
	}
	if x, y, ok := m.onRow(&s.head); ok {
		return s.clickHead(x, y, m.drag)
	}
	if x, y, ok := m.on(&s.body); ok && s.ready() {
		c := s.hold()
		if token, ok := s.ruler.at(x); ok && s.shown().subject() != session.AtEquation {
			c = tea.Batch(c, s.to(token))
		}
		if v, ok := s.shown().(interface{ click(x, y int) tea.Cmd }); ok {
			c = tea.Batch(c, v.click(x, y))
		}
		return c
	}
	return nil
}

// pictured is the update of the weights that are asked.
func (s *inspectScreen) pictured() int64 {
	if s.page == nil {
		return s.a.update()
	}
	return s.page.Update
}

// pageOf is the page of a picture of those weights.
func (s *inspectScreen) pageOf(title string) picture.Page { return s.a.pageAt(title, s.pictured()) }

func (s *inspectScreen) pictures() []figure {
	if s.ready() {
		if f := s.shown().figure(); f.what != nil {
			return []figure{f}
		}
	}
	return nil
}
