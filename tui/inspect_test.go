package tui

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// inspecting is an App on its second screen in front of a paused model of a few
// updates.
type inspecting struct {
	t testing.TB
	*App
	s *inspectScreen
}

func inspect(t testing.TB, text, cell string, layers, hidden int, o views.Options) *inspecting {
	t.Helper()
	c := session.Defaults()
	c.Model.Cell, c.Model.Embed, c.Model.Hidden, c.Model.Layers, c.Model.Dropout = cell, 8, hidden, layers, 0
	if cell == "rnn" {
		c.Model.Activation = "relu" // the one that is not bounded
	}
	c.Train.Dropout = 0
	c.Batch, c.Window, c.Threads = 4, 12, 1
	a := New(Config{Live: started(t, text, corpora.Options{}, c, true), Lang: words.English, Options: o, Theme: Dark, Folder: t.TempDir()})
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	i := &inspecting{t, a, a.screenOf("inspect").(*inspectScreen)}
	i.keys("2")
	i.settle("a trace", func() bool { return i.s.ready() })
	return i
}

// run does what a command asks for, at once.
func (i *inspecting) run(c tea.Cmd) {
	if c == nil {
		return
	}
	switch m := c().(type) {
	case nil, tea.QuitMsg:
	case tea.BatchMsg:
		for _, c := range m {
			i.run(c)
		}
	default:
		_, next := i.Update(m)
		i.run(next)
	}
}

// keys presses keys as Bubble Tea names them.
func (i *inspecting) keys(names ...string) {
	for _, name := range names {
		i.run(i.press(key(name)))
		i.View()
	}
}

// key is the message of a key.
func key(name string) tea.KeyPressMsg {
	codes := map[string]rune{
		"left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "tab": tea.KeyTab, "enter": tea.KeyEnter, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace,
	}
	k := tea.Key{}
	name, shifted := strings.CutPrefix(name, "shift+")
	if shifted {
		k.Mod = tea.ModShift
	}
	switch code, ok := codes[name]; {
	case ok:
		k.Code = code
	case name == "space":
		k.Code, k.Text = tea.KeySpace, " "
	default:
		r := []rune(name)[0]
		k.Code, k.Text = r, name
	}
	return tea.KeyPressMsg(k)
}

// The bars of surprisal have a scale: what the highest is worth, in nats.
func TestSurprisalHasAScale(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 12, views.Options{})
	top := 0.0
	for _, step := range i.s.reading().Trace.Steps {
		if n := step.Surprisal; n != nil {
			top = max(top, *n)
		}
	}
	for height, want := range map[int][]string{
		24: {"0-" + digits(top, 3)},
		36: {"   " + digits(top, 3), "   nats"},
	} {
		i.Update(tea.WindowSizeMsg{Width: 80, Height: height})
		lines := strings.Split(i.text(), "\n")
		for n, text := range want {
			if line := lines[5+n]; !strings.Contains(views.Truncate(line, inspectGutter), text) {
				t.Errorf("at %d rows there is no %q in %q", height, text, line)
			}
		}
	}
}

// settle lets frames pass until the screen is as it must be.
func (i *inspecting) settle(what string, ok func() bool) {
	i.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		i.run(i.tick(time.Now()))
		if ok() {
			return
		}
	}
	i.t.Fatalf("the screen never showed %s:\n%s", what, i.text())
}

// text is the screen without colours.
func (i *inspecting) text() string {
	return ansi.Strip(i.compose())
}

// shows says that a text stands on the screen.
func (i *inspecting) shows(wanted ...string) {
	i.t.Helper()
	text := i.text()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			i.t.Errorf("the screen does not say %q:\n%s", want, text)
		}
	}
}

// Whatever is pressed, in any view, at any size, with any cell, colours and
// language: the screen is drawn, no wider than the terminal, and pictures can be
// written.
func TestInspectDrawsWhateverIsPressed(t *testing.T) {
	var pressed []string
	for _, k := range inspectActions() {
		for _, name := range k.keys {
			if name != "e" && name != "E" { // text is typed below
				pressed = append(pressed, name)
			}
		}
	}
	pressed = append(pressed, "down", "right", "right", "tab", "space", "enter", "ctrl+t", "ctrl+l")
	sizes := [][2]int{{80, 24}, {120, 36}, {200, 60}, {60, 16}, {61, 17}}
	steps := 150
	if testing.Short() {
		steps = 40
	}
	for n, c := range []struct {
		text, cell string
		layers     int
		o          views.Options
		a, b       string
	}{
		{"fables", "lstm", 2, views.Options{Profile: views.TrueColor}, "The keys to the cabinet are here.", "The keys to the cabinet is here."},
		{"zh", "gru", 1, views.Options{Profile: views.ANSI256}, "狗咬人。", "人咬狗。"},
		{"agreement", "rnn", 3, views.Options{Profile: views.NoColor}, "the keys to the wardrobe are here .", ""},
		{"zh", "lstm", 1, views.Options{Profile: views.ANSI16, ASCII: true}, "e\u0301👩‍👩‍👧x", "乱\x00\x1b[31m"},
		{"brackets", "lstm", 4, views.Options{Profile: views.TrueColor}, strings.Repeat("([{", 300), "("},
	} {
		draws := rand.New(rand.NewPCG(uint64(n), 7))
		i := inspect(t, c.text, c.cell, c.layers, 12, c.o)
		i.run(i.s.set(c.a, c.b))
		for range steps {
			if draws.IntN(8) == 0 {
				size := sizes[draws.IntN(len(sizes))]
				i.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			}
			name := pressed[draws.IntN(len(pressed))]
			if name == "ctrl+t" || name == "ctrl+l" {
				map[string]func(*App) tea.Cmd{"ctrl+t": (*App).otherTheme, "ctrl+l": (*App).otherLanguage}[name](i.App)
			} else {
				i.keys(name)
			}
			if draws.IntN(6) == 0 {
				i.run(i.mouse(tea.Mouse{X: draws.IntN(i.width), Y: draws.IntN(i.height)}, draws.IntN(3)-1))
			}
			i.run(i.tick(time.Now()))
			for y, line := range strings.Split(i.View().Content, "\n") {
				if w := width(strings.TrimRight(ansi.Strip(line), " ")); w > i.width {
					t.Fatalf("%s: line %d is %d columns wide after %q:\n%s", c.text, y, w, name, line)
				}
			}
		}
		i.overlay = nil
		for view := range i.s.views {
			i.run(i.s.turnTo(view))
			i.run(i.tick(time.Now()))
			i.View()
			for _, f := range i.App.shown().pictures() {
				for _, format := range []string{picture.SVG, picture.CSV} { // a PNG takes its time, and is the SVG
					if err := picture.Write(f.what, format, io.Discard); err != nil {
						t.Errorf("%s: the picture of view %d as %s: %v", c.text, view, format, err)
					}
				}
			}
		}
	}
}

// Every view says what it is there for.
func TestInspectViews(t *testing.T) {
	i := inspect(t, "fables", "lstm", 2, 16, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The keys to the cabinet are here.", "The keys to the cabinet is here."))
	i.keys("right", "right", "right", "right", "down", "down", "down")
	step := i.s.page.Sentences[0].Trace.Steps[4]
	i.shows("A ▸ The keys to the cabinet are here.", "token 5 of 33: “k”", fmt.Sprintf("unit 3  h %+.4f", step.Layers[0].H[3]), "hidden state", "layer 1 of 2")
	// Another quantity and layer of the same place.
	i.keys("v", "L")
	i.shows(fmt.Sprintf("unit 3  c %+.4f", step.Layers[1].C[3]), "cell state", "layer 2 of 2")
	i.keys("V", "o", "o", "o")
	i.settle("units by similarity", func() bool { return i.s.arranged() != nil })
	i.shows("by similarity")
	i.keys("o")
	i.settle("units by correlation", func() bool { return i.s.arranged() != nil })
	i.shows("by correlation with position in word r=")
	i.keys("o", "g")
	i.shows("fixed scale")

	// The equation: one operation at a time, with the trace's own numbers.
	i.keys("tab")
	i.shows("LSTM, layer 2 of 2, unit 3, after token 5", fmt.Sprintf("= %+.5f", step.Layers[1].Gates["f"][3]), fmt.Sprintf("= %+.5f", step.Layers[1].H[3]))
	i.keys("space")
	i.shows("operation 1 of 24")
	if strings.Contains(i.text(), fmt.Sprintf("= %+.5f", step.Layers[1].H[3])) {
		t.Error("h is shown before its operation")
	}
	for range 23 {
		i.keys("space")
	}
	i.shows("operation 24 of 24", "softmax(logits)")
	i.keys("space")
	i.shows("token 6 of 33", "operation 1 of 24")
	i.keys("enter")

	// One unit, through the text.
	i.keys("tab", "space")
	i.settle("the unit read", func() bool { return i.s.page.UnitText != nil })
	i.shows("unit 3 of layer 2 of 2", "tokens of the validation text: mean")

	// Units are found, sorted by what ablating them costs.
	i.keys("tab")
	i.shows("space searches layer 2")
	i.keys("space")
	i.settle("units found", func() bool { return i.s.page.Found != nil && i.s.page.Busy == nil })
	i.shows("position in word", "AUC", "p corr.")
	low := slices.ContainsFunc(i.s.page.Found.Found, func(u scope.FoundUnit) bool { return u.Binary && u.Score < 0.5 })
	if said := strings.Contains(i.text(), "AUC near 0"); said != low {
		t.Errorf("what an AUC near 0 means is said: %v; there are such: %v", said, low)
	}
	cost := 1e9
	for _, f := range i.s.page.Found.Found {
		if f.Effect == nil {
			break
		}
		if f.Effect.Holds > cost {
			t.Error("the table is not sorted by the cost")
		}
		cost = f.Effect.Holds
	}
	first := i.s.page.Found.Found[0].Unit
	i.keys("down", "up", "enter")
	if i.s.view != unitAt || i.s.unit != first {
		t.Errorf("enter shows unit %d in view %d, the row is of unit %d", i.s.unit, i.s.view, first)
	}
	// A span is marked, and others found where the same units are on.
	i.keys("home", "m", "right", "m", "<", "<", "<", "<", "<", "M")
	i.settle("spans", func() bool { return i.s.page.Matched != nil && i.s.page.Busy == nil })
	i.shows("marked: Th", "|h| ≥ 0.05")

	// Influence, of all kinds.
	i.keys("tab", "end", "left")
	i.settle("an influence", func() bool { return i.s.views[influenceAt].(*influenceView).influence() != nil })
	i.shows("what speaks for “.” after token 32", "left out", "zeroed", "gradient · input", "gradient norm")

	// Two sentences.
	i.keys("tab")
	i.settle("odds", func() bool { return i.s.page.Odds != nil })
	i.shows("log p of \" are \" less that of \" is \"", "likelier by", "A-B")

	// Interventions move the distribution.
	i.keys("tab", "home", "right", "right", "right", "space")
	i.settle("a continuation", func() bool { return i.s.page.GoingOn != nil && i.s.page.GoingOn.Changed != nil })
	i.shows("ablated", "log p of the sentence", "as trained", "as changed", "KL ")
	if got := i.s.page.Changed.Steps[5].Layers[i.s.layer].H[i.s.unit]; got != 0 {
		t.Errorf("an ablated unit is %v", got)
	}
	i.keys("c", "+", "t")
	i.shows("clamped at", "from token 4 on")
	i.keys("s", "right", "s", "y")
	i.shows("after token 4 of A stands the state after token 5 of B")
	i.keys("X")
	i.shows("a ablates unit")

	// The drawing.
	i.keys("home", "tab")
	i.shows("W_hh₁", "W_hx₂", "W_hy", "h₀=0", "h₁")
	i.keys("space")
	i.shows("the same network as one step")
}

// Bad input is taken as far as it goes, and what was left out is said.
func TestInspectTakesBadInput(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	_, c := i.Update(tea.PasteMsg{Content: strings.Repeat("ab cd\n", 20_000)})
	i.run(c)
	if n := len([]rune(i.s.inputs[0].Value())); n != mostTyped {
		t.Errorf("%d characters of 120,000 are taken", n)
	}
	i.shows("119,999 characters are too many: the first 4,000 are taken", "the first 2,000 of 4,000 tokens")
	i.keys("end")
	i.shows("token 2000 of 2,000"[:10])

	i.keys("e", "end")
	i.run(i.paste(strings.Repeat("x", 10))) // no room is left
	i.keys("x")
	i.shows("4,000 characters are the most")
	i.keys("esc")

	i.run(i.s.set("狗 bites 人", ""))
	i.shows("2 unknown tokens", "not in the vocabulary")

	i.run(i.s.set("", ""))
	i.shows("There is no sentence")
	for range len(i.s.views) {
		i.keys("tab", "space", "enter", "right", "down", "a", "c", "x", "m", "M", "y", "F", "w")
	}
	i.keys("X")
	i.run(i.s.set("", "only the second"))
	i.keys("right", "s", "tab")

	// Typing: every key is text until it is taken.
	i.run(i.s.set("", ""))
	i.keys("e", "q", "2", "?", "space", "a", "enter")
	if got := i.s.page.Sentences[0].Text; got != "q2? a" {
		t.Errorf("%q was typed", got)
	}
	i.keys("e", "z")
	if got := i.s.inputs[0].Value(); got != "z" {
		t.Errorf("%q stands where the old sentence is typed over", got)
	}
	i.keys("esc")
	if got := i.s.inputs[0].Value(); got != "q2? a" {
		t.Errorf("what was left stays as %q", got)
	}
	i.keys("e", "end", "b", "enter")
	if got := i.s.page.Sentences[0].Text; got != "q2? ab" {
		t.Errorf("%q is read where the old sentence is added to", got)
	}
}

// A restart with another cell shows that one, while a search is under way.
func TestInspectAfterARestart(t *testing.T) {
	i := inspect(t, "fables", "lstm", 2, 16, views.Options{Profile: views.TrueColor})
	i.keys("v", "L", "a", "F")
	i.live.Restart(session.Restart{Cell: "rnn"})
	i.settle("a plain RNN", func() bool { return i.s.page.Model.Cell == "rnn" })
	if len(i.s.changes) > 0 || len(i.s.page.Changes.Units) > 0 {
		t.Error("interventions in units that there are no more")
	}
	for range len(i.s.views) {
		i.keys("tab", "right", "down", "v")
	}
	i.shows("RNN")
}

// Pictures of the views are written under their names.
func TestInspectWritesPictures(t *testing.T) {
	i := inspect(t, "zh", "lstm", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("狗咬人。", "人咬狗。"))
	for range len(i.s.views) {
		i.keys("w", "tab")
	}
	for _, name := range []string{"map", "equation", "unit", "difference", "change", "unrolled"} {
		found, err := filepath.Glob(filepath.Join(i.folder, "*inspect-"+name+"*"))
		if err != nil || len(found) != len(picture.Formats) {
			all, _ := os.ReadDir(i.folder)
			t.Errorf("the picture of %s is %v; there are %v", name, found, all)
		}
	}
}

// large is an App with a sentence of 200 tokens and 512 units.
func large(b *testing.B) *inspecting {
	i := inspect(b, "fables", "lstm", 1, 512, views.Options{Profile: views.TrueColor})
	i.Update(tea.WindowSizeMsg{Width: 200, Height: 60})
	i.run(i.s.set(strings.Repeat("The keys to the cabinet. ", 8), ""))
	if n := i.s.page.Sentences[0].Len(); n < 199 {
		b.Fatalf("the sentence has %d tokens", n)
	}
	return i
}

// A move of the token cursor and the frame after it, without what is computed
// elsewhere meanwhile.
func BenchmarkInspectCursor(b *testing.B) {
	i := large(b)
	for _, view := range []int{mapAt, unitAt, compareAt, unrolledAt} {
		b.Run(i.s.views[view].name(&i.words.Inspect), func(b *testing.B) {
			i.run(i.s.turnTo(view))
			for n := 0; b.Loop(); n++ {
				i.s.token[0] = n % 199
				i.s.page.Point = scope.Point{Token: i.s.token[0]}
				i.s.restyle()
				i.View()
			}
		})
	}
}

// A page that comes late, by the other way, does not take the place of a newer
// one; and what esc stops says so.
func TestInspectStopsAndKeepsTheNewest(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 16, views.Options{Profile: views.TrueColor})
	i.run(i.s.set(strings.Repeat("The fox and the crow. ", 80), ""))
	i.keys("end")
	i.run(i.s.turnTo(influenceAt))
	i.keys("esc")
	i.shows("stopped: the next move or change asks again")
	newest := i.s.page
	late := *newest
	late.Seq--
	i.s.turn(&late)
	if i.s.page != newest {
		t.Error("an older page is shown")
	}
	i.keys("home", "right")
	i.settle("an influence", func() bool { return i.s.views[influenceAt].(*influenceView).influence() != nil })
}

// No sentence is likelier for its unknown tokens.
func TestInspectGivesNoVerdictOnUnknownTokens(t *testing.T) {
	i := inspect(t, "fables", "gru", 1, 8, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("狗咬人狗咬人", "The fox"))
	i.run(i.s.turnTo(compareAt))
	i.shows("cannot be weighed", "log p: A 0.00 (0 tokens)", "place by place")
	if strings.Contains(i.text(), "likelier") {
		t.Error("a sentence of unknown tokens is compared")
	}
	i.run(i.s.set("The dog", "The fox"))
	i.shows("is likelier by")
}

// What stands above the spans found is what they were asked with; and what was
// worked out with other weights says so.
func TestInspectSaysWhatAnswersAreOf(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 16, views.Options{Profile: views.TrueColor})
	i.run(i.s.set("The fox", ""))
	i.keys("m", "right", "m", "<", "<", "<", "<", "<", "M")
	i.settle("spans", func() bool { return i.s.page.Matched != nil })
	i.shows("marked: Th", "|h| ≥ 0.05")
	if strings.Contains(i.text(), "M searches anew") {
		t.Error("what was just searched is to be searched anew")
	}
	i.keys(">")
	i.shows("M searches anew", "|h| ≥ 0.05")
	i.keys("<", "right", "m", "right", "m")
	i.shows("M searches anew   marked: Th")

	i.run(i.s.turnTo(influenceAt))
	i.settle("an influence", func() bool { return i.s.views[influenceAt].(*influenceView).influence() != nil })
	if strings.Contains(i.text(), "(update ") {
		t.Error("an answer of the page's own update is marked")
	}
	newer := *i.s.page
	newer.Update += 1000
	i.s.turn(&newer)
	i.shows("(update 0)")
}

// A cost that nothing is known of is not a number on the screen.
func TestInspectShowsNoNaN(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 16, views.Options{Profile: views.TrueColor})
	i.run(i.s.turnTo(findAt))
	page := *i.s.page
	page.Found = &scope.UnitsFound{UnitSearch: &scope.UnitSearch{Tokens: 100, Units: 16, Shifts: 100, Found: []scope.FoundUnit{
		{Unit: 3, Feature: "digit", Binary: true, Score: 0.75, Effect: &scope.Effect{Loss: 0.5, Holds: math.NaN()}},
	}}}
	i.s.turn(&page)
	i.shows("AUC 0.750", "+0.5000", "100 shifts, corrected for the number of units, not of features", "on 0 of these tokens")
	searched := *page.Found.UnitSearch
	searched.Permutations, searched.EffectFrom = 2000, 100
	page.Found = &scope.UnitsFound{UnitSearch: &searched}
	i.s.turn(&page)
	i.shows("known in spans: 2,000 permutations", "tokens behind them")
	if strings.Contains(i.text(), "NaN") {
		t.Error("NaN is shown")
	}
}

// A question that ends a long one says so.
func TestInspectSaysWhatItReplaces(t *testing.T) {
	i := inspect(t, "fables", "lstm", 1, 16, views.Options{Profile: views.TrueColor})
	for _, c := range []struct {
		what string
		said bool
	}{{"search", true}, {"match", true}, {"read", false}, {"influence", false}} {
		page := *i.s.page
		page.Busy = &scope.Busy{What: c.what}
		i.s.turn(&page)
		i.say("")
		i.s.long("read", nil)
		if said := strings.Contains(i.text(), "one long question at a time"); said != c.said {
			t.Errorf("a read in the place of %s: said %v", c.what, said)
		}
	}
}

// Where only ASCII can be drawn, bounds to both sides are written out, and their
// columns stay as they are.
func TestBoundsInASCII(t *testing.T) {
	for _, o := range []views.Options{{Profile: views.NoColor}, {Profile: views.NoColor, ASCII: true}} {
		i := inspect(t, "fables", "rnn", 1, 12, o)
		want, other := "±", "+-"
		if o.ASCII {
			want, other = other, want
		}
		if got := i.clipText(scope.Knobs{ClipAt: 5}); got != want+"5" {
			t.Errorf("clipping by value is %q", got)
		}
		i.run(i.s.set("The keys are here.", "The keys is here."))
		for _, view := range []int{unitAt, influenceAt, compareAt} {
			i.run(i.s.turnTo(view))
			i.run(i.s.to(5))
			i.settle("a bound", func() bool { return strings.Contains(plainText(i.body()), want) })
			for _, line := range strings.Split(plainText(i.body()), "\n") {
				if at := strings.Index(line, want); strings.Contains(line, other) || at >= 0 && strings.ContainsAny(line[:min(len(line), inspectGutter+8)], "~…") {
					t.Errorf("view %d: %q", view, line)
				}
			}
		}
	}
}
