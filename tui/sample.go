package tui

import (
	"time"

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
	input  entry // the prompt

	temperature float64
	topK        int
	topP        float64
	speed       float64
	weights     session.Weights
	ngram       bool // an n-gram is to write
	marked      int  // of the candidates
	follow      bool
	compare     bool
	awaits      bool // the weights that were asked to be looked at, before there are columns
	failures    int  // that there were by then
	picked      int  // the token of the text that figures are shown of, -1 for the last
	seed        uint64

	text, next, sliders, prompt pane
	strip                       views.Strip
	width, height               int // of the text
	strips                      []views.Strip
}

func sampleTab() tab {
	return tab{
		name: "sample", key: "4", frame: time.Second / 3,
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
	// The bottom line has no keys of the one text while several stand side by side.
	alone := func(k action) action {
		k.now = func(a *App) string {
			if a.screenOf("sample").(*sampleScreen).compare {
				return ""
			}
			return k.text(a.words).Short
		}
		return k
	}
	compare := row(true, func(w *words.Sample) words.Action { return w.Compare }, func(s *sampleScreen) tea.Cmd { return s.side() }, "v")
	compare.now = func(a *App) string {
		if a.screenOf("sample").(*sampleScreen).compare {
			return a.words.Sample.OneText
		}
		return a.words.Sample.Compare.Short
	}
	return []action{
		row(true, func(w *words.Sample) words.Action { return w.Run }, func(s *sampleScreen) tea.Cmd { return s.write() }, "space"),
		row(true, func(w *words.Sample) words.Action { return w.One }, func(s *sampleScreen) tea.Cmd { return s.wait(s.author.One()) }, "n"),
		row(false, func(w *words.Sample) words.Action { return w.BackToken }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.wait(s.author.Back()) })
		}, "backspace"),
		alone(row(true, func(w *words.Sample) words.Action { return w.Cooler }, func(s *sampleScreen) tea.Cmd { return s.heat(-1) }, "left", "h")),
		alone(row(true, func(w *words.Sample) words.Action { return w.Warmer }, func(s *sampleScreen) tea.Cmd { return s.heat(1) }, "right", "l")),
		row(false, func(w *words.Sample) words.Action { return w.Up }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.mark(-1) })
		}, "up"),
		row(false, func(w *words.Sample) words.Action { return w.Down }, func(s *sampleScreen) tea.Cmd {
			return s.one(func() tea.Cmd { return s.mark(1) })
		}, "down"),
		alone(row(true, func(w *words.Sample) words.Action { return w.Choose }, func(s *sampleScreen) tea.Cmd { return s.one(s.choose) }, "enter")),
		compare,
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
		row(false, func(w *words.Sample) words.Action { return w.Writer }, func(s *sampleScreen) tea.Cmd { return s.otherWriter() }, "g"),
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
	s := &sampleScreen{a: a, temperature: 0.8, topP: 1, speed: 20, seed: 1, follow: true, picked: -1, input: newEntry(mostPrompt)}
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
	if s.page != nil && s.page.Counting && s.ngram {
		if why := s.a.live.Ladder().Failure(); why != nil {
			return s.uncounted(why)
		}
	}
	if s.awaits && (s.arrived() || s.a.snap.Failures != s.failures) {
		return s.columns()
	}
	return nil
}

// turn shows a page, unless a newer one came before it: answers come by
// goroutines of their own, in any order.
func (s *sampleScreen) turn(p *scope.Page) {
	if s.page != nil && p.Seq < s.page.Seq {
		return
	}
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

// mark goes to another of the candidates for the next token.
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

// arrived says that the weights of the update that was asked for are looked at.
func (s *sampleScreen) arrived() bool { return looking(s.a.snap) == s.a.time }

// side shows five temperatures side by side, or one text again.
func (s *sampleScreen) side() tea.Cmd {
	s.compare, s.picked, s.awaits = !s.compare, -1, false
	switch {
	case !s.compare:
		on := s.page != nil && s.page.Writing
		s.author.Compare(false)
		return s.wait(s.author.Write(on))
	case !s.arrived():
		s.awaits, s.failures = true, s.a.snap.Failures
		return nil
	}
	return s.columns()
}

// columns begins the texts side by side. They keep their weights: those that the
// screen says it looks at, which the author may not have read yet.
func (s *sampleScreen) columns() tea.Cmd {
	s.awaits = false
	if s.weights == session.Newest && !s.ngram {
		s.author.SetWeights(s.weights)
	}
	return s.wait(s.author.Compare(true))
}

func (s *sampleScreen) begin(seed uint64) tea.Cmd {
	s.seed, s.compare, s.awaits, s.follow, s.picked = seed, false, false, true, -1
	return s.wait(s.author.Begin(s.beginning(), seed))
}

func (s *sampleScreen) otherWeights() tea.Cmd {
	s.weights = (s.weights + 1) % 3
	return s.wait(s.author.SetWeights(s.weights))
}

// otherWriter lets an n-gram write, or the network again.
func (s *sampleScreen) otherWriter() tea.Cmd {
	s.ngram = !s.ngram
	return s.wait(s.author.SetNgram(s.ngram))
}

// uncounted says why no n-gram can write; the network goes on.
func (s *sampleScreen) uncounted(why error) tea.Cmd {
	s.a.say(words.Say(s.a.lang, why))
	s.ngram = false
	return s.wait(s.author.SetNgram(false))
}

func (s *sampleScreen) scroll(by int) tea.Cmd {
	lines := s.strip.Layout(max(1, s.width))
	s.strip.Top = max(0, min(lines-s.height, s.strip.Top+by))
	s.follow = s.strip.Top >= lines-s.height
	s.text.stale = true
	return nil
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
	if x, y, ok := m.onRow(&s.sliders); ok {
		in := views.Rect{W: s.sliders.area.W, H: s.sliders.area.H}.Inset(1)
		return s.slide(x, y-in.Y, m.wheel, in)
	}
	if _, y, ok := m.on(&s.next); ok {
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
	if _, _, ok := m.on(&s.prompt); ok && m.wheel == 0 && !m.drag {
		return s.edit()
	}
	if x, y, ok := m.on(&s.text); ok {
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
