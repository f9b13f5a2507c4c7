package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// Config says what an App shows and how.
type Config struct {
	Live    *session.Live
	Lang    words.Lang
	Options views.Options // what the terminal can show
	Theme   Background
	Output  *Output // what the governor watches; nil for none
	Folder  string  // where pictures are written; "" is the present one
}

// Background says whether the theme is made for a dark or a light terminal.
type Background uint8

// The backgrounds. Auto asks the terminal, and is dark until it answers.
const (
	Auto Background = iota
	Dark
	Light
)

// App is the Bubble Tea model of the whole screen.
type App struct {
	live    *session.Live
	time    int64 // the update that was asked to be looked at, -1 for the newest
	lang    words.Lang
	words   *words.Screen
	options views.Options
	theme   *views.Theme
	ask     bool // the terminal's background is asked for
	painted bool // the background is drawn, as the terminal's own is of the other kind
	folder  string
	writing map[string]bool // names of pictures under way

	width, height int
	keys          []action
	screens       []screen
	at            int     // the screen shown
	overlay       overlay // in front of it, nil for none
	snap          *scope.Snapshot
	note          note
	hold          hold // of the mouse
	governor      governor

	canvas views.Canvas // the body
	chrome chrome
	empty  time.Time // until when nothing is drawn if there are no figures
	frame  string    // what View returned last
	stale  bool      // it no longer holds
}

// screen is what a tab shows. All methods are called from Update, but draw,
// which View calls.
type screen interface {
	tab() tab
	// enter is called when the screen comes into view.
	enter() tea.Cmd
	// leave is called when another screen comes into view.
	leave()
	// take shows a newer snapshot; tick is called once a frame while the screen
	// is in view. Both mark what has changed.
	take(s *scope.Snapshot)
	tick(now time.Time) tea.Cmd
	// answer takes a message that is no key of the table.
	answer(msg tea.Msg) tea.Cmd
	// typing is called with a key before the table is asked; true means it was
	// typed into a text.
	typing(k tea.KeyPressMsg) (tea.Cmd, bool)
	// paste takes pasted text, true if there is a place for it.
	paste(text string) (tea.Cmd, bool)
	click(m click) tea.Cmd
	draw(c *views.Canvas, area views.Rect)
	// restyle forgets what was drawn in another theme, language or size.
	restyle()
	// pictures are what the focused pane shows, as pictures; none while it is empty.
	pictures() []figure
}

// New returns the App of an exploration that has been started.
func New(c Config) *App {
	a := &App{
		live: c.Live, lang: c.Lang, words: words.For(c.Lang), options: c.Options, folder: c.Folder,
		ask: c.Theme == Auto, width: 80, height: 24, stale: true, keys: actions(), time: -1, writing: map[string]bool{},
	}
	background := views.DarkBackground
	if c.Theme == Light {
		background = views.LightBackground
	}
	a.theme = views.NewTheme(background, c.Options)
	a.governor.output = c.Output
	if c.Live.Watching() {
		a.keys = slices.DeleteFunc(a.keys, func(k action) bool { return k.acts })
	}
	for _, t := range tabs() {
		a.screens = append(a.screens, t.make(a))
	}
	return a
}

// frameMsg is the one tick of the screen.
type frameMsg time.Time

// Init asks for the first tick and the terminal's background.
func (a *App) Init() tea.Cmd {
	a.empty = time.Now().Add(emptyTime)
	commands := []tea.Cmd{a.next(), a.screens[a.at].enter()}
	if a.ask {
		commands = append(commands, tea.RequestBackgroundColor)
	}
	return tea.Batch(commands...)
}

// next is the next tick.
func (a *App) next() tea.Cmd {
	wanted := a.shown().tab().frame
	if a.live.Watching() { // there is no trainer here to be kept from its work
		wanted = min(wanted, watchFrame)
	}
	every := a.governor.interval(wanted)
	switch {
	case a.snap == nil:
		every = firstEvery
	case a.snap.Update == 0 && a.snap.Phase < scope.Paused:
		every = 4 * firstEvery
	}
	return tea.Tick(every, func(t time.Time) tea.Msg { return frameMsg(t) })
}

// Update does what a message says.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case frameMsg:
		return a, tea.Batch(a.tick(time.Time(msg)), a.next())
	case tea.KeyPressMsg:
		return a, a.press(msg)
	case tea.PasteMsg:
		return a, a.paste(msg.Content)
	case tea.MouseClickMsg:
		return a, a.mouse(msg.Mouse(), 0)
	case tea.MouseMotionMsg:
		if msg.Button != tea.MouseLeft {
			return a, nil
		}
		return a, a.drag(msg.Mouse())
	case tea.MouseReleaseMsg:
		a.hold = hold{}
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return a, a.mouse(msg.Mouse(), -1)
		case tea.MouseWheelDown:
			return a, a.mouse(msg.Mouse(), 1)
		}
		return a, nil
	case tea.WindowSizeMsg:
		a.width, a.height, a.hold = max(1, msg.Width), max(1, msg.Height), hold{}
		a.restyle()
	case tea.BackgroundColorMsg:
		if a.ask {
			a.setBackground(msg)
		}
	case wroteMsg:
		a.wrote(msg)
	case tea.ResumeMsg:
		a.stale = true
	case tea.EnvMsg, tea.ColorProfileMsg, tea.ModeReportMsg, tea.KeyReleaseMsg:
	default:
		var commands []tea.Cmd
		for _, s := range a.screens {
			commands = append(commands, s.answer(msg))
		}
		return a, tea.Batch(commands...)
	}
	return a, nil
}

// setBackground takes the theme of a background that the terminal told.
func (a *App) setBackground(msg tea.BackgroundColorMsg) {
	r, g, b, _ := msg.RGBA()
	a.theme = views.NewTheme(views.RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8)), a.options)
	a.restyle()
}

// restyle makes everything be drawn anew.
func (a *App) restyle() {
	for _, s := range a.screens {
		s.restyle()
	}
	a.chrome = chrome{}
	a.stale = true
}

// watching says that another program trains what is shown, and that nothing
// can be done to it here.
func (a *App) watching() bool {
	if a.live.Watching() {
		a.say(a.words.Notes.Watched)
		return true
	}
	return false
}

// tick takes the newest snapshot and lets the screen in view move on.
func (a *App) tick(now time.Time) tea.Cmd {
	a.governor.look(now)
	if s := a.live.Snapshots.Take(); s != nil {
		a.heed(s)
		a.snap = s
		for _, screen := range a.screens {
			screen.take(s)
		}
	}
	// The last snapshot of a pause must be shown too, though it may come at once
	// after another and nothing follows it.
	if a.snap != a.chrome.shown && (now.Sub(a.chrome.drawn) >= numbersEvery || a.chrome.shown == nil || a.chrome.shown.Update == 0 || a.snap.Phase != a.chrome.phase()) {
		a.chrome.stale, a.stale = true, true
	}
	if a.note.text != "" && now.After(a.note.until) {
		a.say("")
	}
	return a.screens[a.at].tick(now)
}

// heed tells of what happened between the last snapshot and this one.
func (a *App) heed(s *scope.Snapshot) {
	old := a.snap
	if s.Failure != nil && (old == nil || old.Failure == nil || old.Failures != s.Failures || old.Failure.Error() != s.Failure.Error()) {
		a.complain(s.Failure)
	}
	if old == nil {
		return
	}
	if s.Run != old.Run {
		a.time = -1
		kept := a.words.Notes.NotKept
		if old.Kept != "" {
			kept = fmt.Sprintf(a.words.Train.Kept, old.Kept)
		}
		begun := fmt.Sprintf(a.words.Notes.Restarted, strings.ToUpper(s.Shape.Cell), s.Shape.Seed)
		if s.Before != nil {
			begun = fmt.Sprintf(a.words.Notes.Forked, thousands(s.Before.Update))
		}
		a.say(begun + "; " + kept)
		return
	}
	if s.Kept != old.Kept {
		a.say(fmt.Sprintf(a.words.Train.Kept, s.Kept))
	}
	for _, c := range changesSince(old, s) {
		switch c.What {
		case "window":
			a.say(fmt.Sprintf(a.words.Notes.Window, int(c.To)))
		case "heal":
			a.say(a.words.Gradients.Healed)
		}
	}
}

// changesSince are the changes that a snapshot has and an older one had not. Of a
// story that was shortened meanwhile that is the last.
func changesSince(old, s *scope.Snapshot) []scope.Change {
	from := len(old.Changes)
	if n := len(s.Changes); n < from {
		from = max(0, n-1)
	}
	return s.Changes[from:]
}

// watchFrame is the longest time between two frames of a run that another process
// trains: with what lies before it, its figures are a second old at most.
const watchFrame = time.Second / 3

// firstEvery is how often the screen looks for the first figures.
const firstEvery = 2 * time.Millisecond

// numbersEvery is how often figures that change all the time are drawn anew:
// nobody can read them faster.
const numbersEvery = 250 * time.Millisecond

// note is a message at the bottom.
type note struct {
	text  string
	bad   bool
	since time.Time
	until time.Time
}

// noteTime is how long a message stands there.
const noteTime = 5 * time.Second

// noteRows is how many rows a message may take: those above the bottom line are
// the body's, for as long as the message stands there.
const noteRows = 3

// lines breaks a message into rows of a width.
func (n *note) lines(width int) []string {
	all := views.Wrap(n.text, width)
	if len(all) > noteRows {
		all[noteRows-1] = views.Truncate(all[noteRows-1]+"…", width)
		all = all[:noteRows]
	}
	return all
}

// style is green, or red for what went wrong.
func (n *note) style(th *views.Theme) views.Style {
	if n.bad {
		return th.Bad
	}
	return th.Good
}

// noteWidth is the columns of a message: one is left free on both sides.
func (a *App) noteWidth() int { return a.width - 2 }

// drawNote puts all rows of a message but the last over the end of the body.
func (a *App) drawNote() {
	if a.note.text == "" {
		return
	}
	lines := a.note.lines(a.noteWidth())
	w, h := a.canvas.Size()
	for i, line := range lines[:len(lines)-1] {
		y := h - len(lines) + 1 + i
		a.canvas.Fill(views.Rect{Y: y, W: w, H: 1}, ' ', a.theme.Text)
		a.canvas.Text(1, y, line, a.note.style(a.theme))
	}
}

// say shows a message for some seconds.
func (a *App) say(text string) {
	now := time.Now()
	a.note = note{text: text, since: now, until: now.Add(noteTime)}
	a.chrome.stale, a.stale = true, true
}

// complain shows what went wrong.
func (a *App) complain(err error) {
	text := words.Say(a.lang, err)
	if try := words.Try(a.lang, err); try != "" {
		text += "; " + strings.ReplaceAll(try, "\n", "; ")
	}
	a.say(text)
	a.note.bad, a.note.until = true, time.Now().Add(15*time.Second)
}

// shown is the screen in view.
func (a *App) shown() screen { return a.screens[a.at] }

// open brings a screen into view.
func (a *App) open(i int) tea.Cmd {
	if i < 0 || i >= len(a.screens) || i == a.at {
		return nil
	}
	a.shown().leave()
	a.at, a.hold = i, hold{}
	if !a.note.bad { // it is of the screen before, and stands where the keys of this one do
		a.note = note{}
	}
	a.chrome.stale, a.stale = true, true
	return a.shown().enter()
}

// screenOf is the screen of a name.
func (a *App) screenOf(name string) screen {
	for _, s := range a.screens {
		if s.tab().name == name {
			return s
		}
	}
	panic("tui: no screen is called " + name)
}

// quit ends the program. What there is to save is saved after the terminal is
// restored.
func (a *App) quit() tea.Cmd {
	a.live.Quit()
	return tea.Quit
}

// small says that the terminal has no room for a screen.
func (a *App) small() bool { return a.width < leastWidth || a.height < leastHeight }

// The least size that a screen is drawn at.
const (
	leastWidth  = 60
	leastHeight = 16
	bodyTop     = 2 // rows above the body: the state of training, and the tabs
)

// emptyTime is how long the first figures are waited for. A screen without them,
// drawn first, would make them come later.
const emptyTime = 50 * time.Millisecond

// View returns the whole screen, drawn anew only if something has changed.
func (a *App) View() tea.View {
	if a.snap == nil && time.Now().Before(a.empty) {
		return tea.View{AltScreen: true}
	}
	if a.stale {
		a.frame = a.compose()
		a.stale = false
	}
	v := tea.NewView(a.frame)
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "rnnscope"
	if a.painted && a.theme.Profile != views.NoColor {
		v.BackgroundColor = a.theme.Background
	}
	return v
}

// compose draws the frame.
func (a *App) compose() string {
	if a.small() {
		return a.chrome.tooSmall(a)
	}
	// The last column stays empty: what is written there makes some terminals
	// wrap.
	a.canvas.Reset(a.width-1, a.height-bodyTop-1)
	a.shown().draw(&a.canvas, a.canvas.Bounds())
	a.drawNote()
	frame := a.chrome.around(a, a.canvas.Render(a.options))
	if a.overlay != nil {
		return a.overlay.over(frame)
	}
	return frame
}
