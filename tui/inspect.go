package tui

import (
	"fmt"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
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

	inputs    [2]textinput.Model
	editing   int  // which of them is being typed, -1 for none
	chosen    bool // all of it is selected: what is typed takes its place
	preset    int
	passage   int
	sentence  int // the cursor is in
	token     [2]int
	apart     bool // the cursor of the second sentence was moved by itself
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
		s.inputs[i] = textinput.New()
		s.inputs[i].Prompt = ""
		s.inputs[i].CharLimit = mostTyped
	}
	s.views = []inspectView{
		&mapView{s: s}, &equationView{s: s, shown: allOperations}, &unitView{s: s}, &findView{s: s},
		&influenceView{s}, &compareView{s}, &changeView{s}, &unrolledView{s: s},
	}
	s.restyle()
	return s
}

// mostTyped is how many characters of a typed or pasted sentence are taken.
const mostTyped = 4000

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
	s.inputs[0].SetValue(oneLine(s.a.live.Text.Passage(0, passageTokens)))
	return tea.Batch(s.read(), s.wait(s.inspector.Look(s.shown().subject())))
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

// read asks for traces of the sentences that are typed.
func (s *inspectScreen) read() tea.Cmd {
	s.swap, s.marked, s.span = nil, -1, [2]int{}
	for n := range s.inputs {
		s.inputs[n].CursorStart() // what is not typed is shown from its beginning
	}
	s.token, s.sentence, s.apart = [2]int{}, 0, false
	return s.wait(s.inspector.Read(s.inputs[0].Value(), s.inputs[1].Value()))
}

// at is the token under the cursor.
func (s *inspectScreen) at() scope.Point {
	return scope.Point{Sentence: s.sentence, Token: s.token[s.sentence]}
}

// reading is the sentence that the cursor is in.
func (s *inspectScreen) reading() *scope.Sentence { return &s.page.Sentences[s.sentence] }

// ready says that there is a token to look at.
func (s *inspectScreen) ready() bool {
	return s.page != nil && s.page.Failure == nil && s.reading().Len() > s.token[s.sentence]
}

// step is what the model did at the cursor.
func (s *inspectScreen) step() *scope.Step { return &s.reading().Trace.Steps[s.token[s.sentence]] }

// move moves the token cursor.
func (s *inspectScreen) move(by int) tea.Cmd {
	if s.page == nil {
		return nil
	}
	return s.to(s.token[s.sentence] + by)
}

// besides puts the cursor of the second sentence where that of the first is,
// until it is moved by itself.
func (s *inspectScreen) besides() {
	if s.page != nil && !s.apart {
		s.token[1] = max(0, min(s.token[0], s.page.Sentences[1].Len()-1))
	}
}

func (s *inspectScreen) to(token int) tea.Cmd {
	if s.page == nil {
		return nil
	}
	token = max(0, min(token, s.reading().Len()-1))
	if token == s.token[s.sentence] {
		return nil
	}
	s.token[s.sentence] = token
	if s.sentence == 1 {
		s.apart = true
	} else {
		s.besides()
	}
	s.restyle()
	return s.wait(s.inspector.Point(s.at()))
}

// open another view.
func (s *inspectScreen) turnTo(view int) tea.Cmd {
	n := len(s.views)
	s.view = ((view % n) + n) % n
	s.restyle()
	return tea.Batch(s.letGo(), s.wait(s.inspector.Look(s.shown().subject())))
}

// vertical moves what the view has, or the unit cursor.
func (s *inspectScreen) vertical(by int, page bool) tea.Cmd {
	if s.page == nil {
		return nil
	}
	s.restyle()
	return s.shown().vertical(by, page)
}

// moveUnit moves the unit cursor along the order of units.
func (s *inspectScreen) moveUnit(by int, page bool) tea.Cmd {
	order := s.ordered()
	if len(order) == 0 {
		return nil
	}
	if page {
		by *= max(1, min(16, len(order)/8))
	}
	at := s.position(order)
	s.unit = order[max(0, min(len(order)-1, at+by))]
	return nil
}

// position is where the unit cursor is in an order.
func (s *inspectScreen) position(order []int) int {
	for i, u := range order {
		if u == s.unit {
			return i
		}
	}
	return 0
}

func (s *inspectScreen) otherSentence() tea.Cmd {
	if s.page == nil || s.page.Sentences[1].Len() == 0 {
		s.a.say(s.words().NoSecond)
		return nil
	}
	s.sentence = 1 - s.sentence
	s.restyle()
	return tea.Batch(s.wait(s.inspector.Point(s.at())), s.arrange())
}

// otherWeights follows the newest weights where they are held, and goes on to
// the next kind elsewhere.
func (s *inspectScreen) otherWeights() tea.Cmd {
	s.weights = (s.weights + 1) % 3
	if s.held {
		s.held, s.weights = false, session.Newest
	}
	s.follows = s.weights == session.Newest
	s.restyle()
	return s.wait(s.inspector.SetWeights(s.weights))
}

// hold keeps the weights as soon as something is done in a view where numbers
// are compared from one key to the next: newer ones would move all of them.
func (s *inspectScreen) hold() tea.Cmd {
	if !s.holds() || s.page == nil || s.follows || s.weights != session.Newest {
		return nil
	}
	s.held, s.weights = true, session.Fixed
	s.restyle()
	return s.wait(s.inspector.SetWeights(s.weights))
}

// holds says that the view is one of those.
func (s *inspectScreen) holds() bool { return s.view == equationAt || s.view == changeAt }

// letGo follows the newest weights again where the view does not hold them.
func (s *inspectScreen) letGo() tea.Cmd {
	if s.holds() {
		return nil
	}
	s.follows = false
	if !s.held {
		return nil
	}
	s.held, s.weights = false, session.Newest
	return s.wait(s.inspector.SetWeights(s.weights))
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

// edit begins to type a sentence.
func (s *inspectScreen) edit(which int) tea.Cmd {
	s.editing, s.chosen = which, s.inputs[which].Value() != ""
	s.head.stale = true
	s.a.say(s.a.words.Notes.Typing)
	s.inputs[which].CursorEnd()
	return s.inputs[which].Focus()
}

func (s *inspectScreen) typing(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if s.editing < 0 {
		return nil, false
	}
	s.head.stale = true
	input := &s.inputs[s.editing]
	switch k.String() {
	case "esc":
		input.SetValue(s.typed(s.editing))
		s.endTyping()
		return nil, true
	case "enter":
		s.endTyping()
		return s.read(), true
	case "f1":
		return nil, false
	}
	switch {
	case s.chosen && (k.Text != "" || k.Code == tea.KeyBackspace || k.Code == tea.KeyDelete):
		input.SetValue("")
	case k.Text != "" && len([]rune(input.Value())) >= mostTyped:
		s.a.say(fmt.Sprintf(s.words().Full, thousands(mostTyped)))
	}
	s.chosen = false
	var c tea.Cmd
	*input, c = input.Update(k)
	return c, true
}

// typed is a sentence as it was read last.
func (s *inspectScreen) typed(n int) string {
	if s.page == nil {
		return ""
	}
	return s.page.Sentences[n].Text
}

func (s *inspectScreen) endTyping() {
	s.inputs[s.editing].Blur()
	s.editing, s.chosen = -1, false
	s.a.say("")
}

// paste takes a text as the sentence that is typed, or as the first one, at
// once.
func (s *inspectScreen) paste(text string) (tea.Cmd, bool) {
	open := s.open()
	r := []rune(oneLine(text))
	which, had := max(0, s.editing), ""
	if s.editing >= 0 && !s.chosen {
		had = s.inputs[which].Value()
	}
	if room := mostTyped - len([]rune(had)); len(r) > room {
		s.a.say(sayCut(s.words(), len(r), room))
		r = r[:room]
	}
	s.chosen = false
	s.inputs[which].SetValue(had + string(r))
	s.inputs[which].CursorEnd()
	s.head.stale = true
	if s.editing >= 0 {
		return open, true
	}
	return tea.Batch(open, s.read()), true
}

// set takes two sentences.
func (s *inspectScreen) set(a, b string) tea.Cmd {
	s.inputs[0].SetValue(oneLine(a))
	s.inputs[1].SetValue(oneLine(b))
	s.restyle()
	return s.read()
}

// otherPassage takes the next piece of the corpus.
func (s *inspectScreen) otherPassage() tea.Cmd {
	s.passage++
	return s.set(s.a.live.Text.Passage(s.passage, passageTokens), "")
}

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
	if x, y, ok := s.head.at(m.x, m.y); ok {
		return s.clickHead(x, y, m.drag)
	}
	if x, y, ok := s.body.at(m.x, m.y); ok && s.ready() {
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

func (s *inspectScreen) pictures() []figure {
	if s.ready() {
		if f := s.shown().figure(); f.what != nil {
			return []figure{f}
		}
	}
	return nil
}
