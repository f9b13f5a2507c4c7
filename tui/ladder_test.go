package tui

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/rnn"
	"rnnscope/core/say"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
	"rnnscope/views/picture"
)

// awaiting is how long a test waits for what must come.
const awaiting = 60 * time.Second

// ladderApp is an App on a paused run with the ladder open.
func ladderApp(t *testing.T, name string, w, h int, lang words.Lang) (*App, *ladderScreen) {
	t.Helper()
	c := session.Defaults()
	c.Model = rnn.Config{Cell: "gru", Embed: 6, Hidden: 10, Layers: 1}
	c.Train.Dropout, c.Batch, c.Window, c.Threads = 0, 4, 12, 2
	a := New(Config{Live: started(t, name, corpora.Options{}, c, true), Lang: lang, Theme: Dark})
	a.Update(tea.WindowSizeMsg{Width: w, Height: h})
	a.open(tabIndex("ladder"))
	return a, a.screenOf("ladder").(*ladderScreen)
}

// settle lets frames pass, with their answers, until something holds.
func (a *App) settle(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if c := a.tick(time.Now()); c != nil {
			if msg := c(); msg != nil {
				a.Update(msg)
			}
		}
		if ok() {
			return
		}
	}
	t.Fatalf("there never was %s", what)
}

// raced is the ladder after its networks have made some updates, at rest.
func (s *ladderScreen) raced(t *testing.T) {
	t.Helper()
	s.race()
	s.a.settle(t, "a race", func() bool { return s.now != nil && s.now.Updates >= 30 && s.now.Rungs[s.rungs.marked].Updates >= 20 })
	s.race()
	s.a.settle(t, "a pause", func() bool { return s.now.Phase == scope.LadderPaused })
}

// framed checks that a frame fills the window, and nothing more.
func framed(t *testing.T, a *App, where string) string {
	t.Helper()
	frame := a.View().Content
	lines := strings.Split(frame, "\n")
	if len(lines) != a.height {
		t.Fatalf("%s: %d lines in a window of %d", where, len(lines), a.height)
	}
	for _, l := range lines {
		if w := width(l); w > a.width {
			t.Fatalf("%s: a line of %d columns in a window of %d: %q", where, w, a.width, l)
		}
	}
	if strings.Contains(frame, "NaN") || strings.Contains(frame, "%!") {
		t.Errorf("%s: a figure is not a number, or a format is wrong:\n%s", where, frame)
	}
	return frame
}

// Every view shows what it is for, at three sizes and in both languages.
func TestLadderViews(t *testing.T) {
	a, s := ladderApp(t, "fables", 80, 24, words.English)
	s.raced(t)
	for lang, want := range map[words.Lang][ladderViews][]string{
		words.English: {
			{"mod. Kneser-Ney", "LSTM", "feed-forward, N=5", "the best n-gram is ahead", "unigram", "13,146 validation tokens"},
			{"against", "nats a token for", "10–99", "won most by"},
			{"history", "ML", "Katz", "KN", "mass moved", "to unseen", "V^n, seen"},
			{"exactly 0", "cut off", "200", "RNN", "by slot"},
			{"recognize speech", "wreck a nice beach", "-∞", "second sentence", "sum"},
		},
		words.Chinese: {
			{"Kneser-Ney", "LSTM", "前馈网络", "领先", "一元模型"},
			{"nat", "赢得最多的"},
			{"历史", "似然", "Katz", "移走的概率"},
			{"恰好为 0", "被截去", "长度"},
			{"第一句", "-∞", "偏好", "累计"},
		},
	} {
		a.lang, a.words = lang, words.For(lang)
		for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			for view := range ladderViews {
				s.view = view
				s.restyle()
				s.inputs[fieldText].SetValue("a long text of the fables")
				s.inputs[fieldHistory].SetValue("qu")
				a.settle(t, "an answer", func() bool {
					return [ladderViews]bool{true, s.wins.answer != nil, s.bench.answer != nil && len(s.bench.answer.History) == 2, s.demo.answer != nil && len(s.demo.answer.Tokens) == 25, s.pair.answer != nil}[view]
				})
				if view == onWindow { // the cut tokens are at the top
					s.demo.marked = 0
					a.settle(t, "another mark", func() bool { return s.demo.answer.Marked == 0 })
				}
				where := fmt.Sprintf("%s at %dx%d", s.words().Views[view], size[0], size[1])
				frame := framed(t, a, where)
				plain := plainText(frame)
				for _, text := range want[view] {
					if view == onWindow && text == "200" && size[1] == 24 {
						continue // the longest histories have no room there
					}
					if view == onRungs && size[1] == 24 && (text == "unigram" || text == "一元模型") {
						continue // the tenth row; the dial has it where there is room
					}
					if !strings.Contains(plain, text) {
						t.Errorf("%s: no %q in\n%s", where, text, plain)
					}
				}
			}
		}
	}
}

// plainText is a frame without its colours.
func plainText(frame string) string {
	var b strings.Builder
	for i := 0; i < len(frame); i++ {
		if frame[i] != 0x1b {
			b.WriteByte(frame[i])
			continue
		}
		for i++; i < len(frame) && !('a' <= frame[i] && frame[i] <= 'z' || 'A' <= frame[i] && frame[i] <= 'Z'); i++ {
		}
	}
	return b.String()
}

// No order of keys, clicks, texts and sizes breaks the screen.
func TestLadderBearsAnyKeys(t *testing.T) {
	presses := 400
	if testing.Short() {
		presses = 100
	}
	for _, name := range []string{"fables", "agreement"} {
		a, s := ladderApp(t, name, 80, 24, words.English)
		a.settle(t, "a view", func() bool { return s.now != nil })
		g := rand.New(rand.NewPCG(5, 6))
		var keys []string
		for _, k := range ladderActions() {
			keys = append(keys, k.keys...)
		}
		sizes := [][2]int{{80, 24}, {120, 36}, {200, 60}, {60, 16}, {61, 50}, {240, 17}, {20, 5}}
		texts := []string{"a", "the", " ", "狗", "\n", "zzzz", "é", "日本語", strings.Repeat("word ", 200)}
		done := ""
		for i := range presses {
			switch g.IntN(12) {
			case 0:
				size := sizes[g.IntN(len(sizes))]
				done = fmt.Sprint("size ", size)
				a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			case 1:
				done = "paste"
				a.Update(tea.PasteMsg{Content: texts[g.IntN(len(texts))]})
			case 2:
				done = "esc"
				a.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
			case 3:
				done = "click"
				a.Update(tea.MouseClickMsg{X: g.IntN(a.width), Y: 2 + g.IntN(max(1, a.height-2)), Button: tea.MouseLeft})
			case 4:
				done = "wheel"
				a.Update(tea.MouseWheelMsg{X: g.IntN(a.width), Y: 2 + g.IntN(max(1, a.height-3)), Button: tea.MouseWheelDown})
			default:
				done = keys[g.IntN(len(keys))]
				if s.edits >= 0 {
					a.Update(tea.KeyPressMsg{Code: 'x', Text: texts[g.IntN(3)]})
				} else if k := a.actionOf(done); k != nil {
					k.do(a)
				}
			}
			a.overlay = nil
			if a.shown() != screen(s) {
				a.open(tabIndex("ladder"))
			}
			if c := a.tick(time.Now()); c != nil {
				if msg := c(); msg != nil {
					a.Update(msg)
				}
			}
			a.stale = true
			framed(t, a, fmt.Sprintf("%s, press %d (%s), view %d at %dx%d", name, i, done, s.view, a.width, a.height))
		}
	}
}

// Leaving the screen pauses the networks, coming back lets them go on.
func TestLeavingPausesTheLadder(t *testing.T) {
	a, s := ladderApp(t, "fables", 80, 24, words.English)
	s.race()
	a.settle(t, "a race", func() bool { return s.now != nil && s.now.Updates > 3 })
	a.open(tabIndex("train"))
	await := func(what string, ok func(v *scope.Ladder) bool) {
		t.Helper()
		for end := time.Now().Add(awaiting); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if v := s.ladder.Views.Take(); v != nil && ok(v) {
				return
			}
		}
		t.Fatalf("the ladder was not %s", what)
	}
	await("paused", func(v *scope.Ladder) bool { return v.Phase == scope.LadderPaused })
	a.open(tabIndex("ladder"))
	await("racing", func(v *scope.Ladder) bool { return v.Phase == scope.LadderTraining })
}

// Every view can be written as a picture and as data.
func TestLadderFigures(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	if f := s.pictures(); len(f) > 0 {
		t.Error("there is a picture before there is anything to show")
	}
	a.settle(t, "the start", func() bool { return s.now != nil && s.now.Phase == scope.LadderReady })
	before := s.pictures()
	s.raced(t)
	for view := range ladderViews {
		s.view = view
		a.settle(t, "an answer", func() bool {
			return [ladderViews]bool{true, s.wins.answer != nil, s.bench.answer != nil, s.demo.answer != nil, s.pair.answer != nil}[view]
		})
		all := s.pictures()
		if len(all) == 0 {
			t.Errorf("no picture of view %d", view)
		}
		for _, f := range all {
			for _, format := range []string{"svg", "csv"} {
				var b bytes.Buffer
				if err := picture.Write(f.what, format, &b); err != nil || b.Len() < 150 {
					t.Errorf("%s as %s: %d bytes, %v", f.name, format, b.Len(), err)
				}
			}
		}
	}
	if len(before) != 1 || before[0].name != "ladder" {
		t.Errorf("before the race the pictures are %v", before)
	}
}

// The rows of the ladder: the best first, each smoothing once, what is infinite
// or not measured last; all of them with all.
func TestRungsAreSorted(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	a.settle(t, "the start", func() bool { return s.now != nil && s.now.Phase == scope.LadderReady })
	seen := map[string]int{}
	last := 0.0
	for _, i := range s.shownRungs() {
		r := s.now.Rungs[i]
		if r.Loss < last {
			t.Errorf("%s with %v stands below %v", s.rungName(r), r.Loss, last)
		}
		last = r.Loss
		if r.Kind == scope.NgramRung {
			seen[r.Smoothing]++
		}
	}
	if len(seen) != 6 {
		t.Errorf("smoothings %v", seen)
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s stands there %d times", name, n)
		}
	}
	s.rungs.all = true
	if got := len(s.shownRungs()); got != len(s.now.Rungs) {
		t.Errorf("%d rows of %d rungs", got, len(s.now.Rungs))
	}
	if w := views.Width(s.rungName(s.now.Rungs[2])); w == 0 {
		t.Error("a rung has no name")
	}
}

// What a network that has learned nothing prefers is chance, and is not called a
// preference.
func TestUntrainedNetworksPreferNothing(t *testing.T) {
	a := shown(explore(t, 12), 80, 24)
	s := a.screenOf("ladder").(*ladderScreen)
	s.snap = &scope.Snapshot{Update: 100, Shape: tinyShape}
	sentences := [2]string{"recognize speech", "wreck a nice beach"}
	score := func(a, b float64) (out [2]scope.SentenceLine) {
		out[0].Sum, out[1].Sum = a, b
		return out
	}
	v := &scope.Verdict{Sentences: sentences}
	for _, c := range []struct {
		rung scope.Rung
		a, b float64
		room int
		want string
	}{
		{scope.Rung{Kind: scope.NetworkRung, Cell: "rnn"}, -3, -2, 40, "prefers wreck a nice beach"}, // the main model
		{scope.Rung{Kind: scope.NetworkRung, Cell: "gru"}, -3, -2, 40, "untrained"},
		{scope.Rung{Kind: scope.WindowRung}, -3, -2, 40, "untrained"},
		{scope.Rung{Kind: scope.NetworkRung, Cell: "lstm", Updates: 1}, -2, -3, 40, "prefers recognize speech"},
		{scope.Rung{Kind: scope.NgramRung, Order: 3, Smoothing: "mkn"}, -2, -3, 22, "prefers first sentence"},
		{scope.Rung{Kind: scope.NgramRung, Order: 2, Smoothing: "mkn"}, -3, -2, 18, "second sentence"},
		{scope.Rung{Kind: scope.NgramRung, Order: 6, Smoothing: "mle"}, math.Inf(-1), math.Inf(-1), 40, "neither"},
	} {
		v.Models = append(v.Models, c.rung)
		two := score(c.a, c.b)
		v.Scores[0], v.Scores[1] = append(v.Scores[0], two[0]), append(v.Scores[1], two[1])
		s.pair.answer = v
		if got := s.prefers(len(v.Models)-1, c.room); got != c.want {
			t.Errorf("%+v: %q, want %q", c.rung, got, c.want)
		}
	}
	s.snap.Update = 0 // a fork, or a run from a model file, begins there too
	if got := s.prefers(0, 40); got != "prefers wreck a nice beach" {
		t.Errorf("a main model that was trained elsewhere: %q", got)
	}
	s.snap.Untrained = true
	if got := s.prefers(0, 40); got != "untrained" {
		t.Errorf("the main model before its first update: %q", got)
	}
}

// The network that the other screens show is on the scale beside the others, and in
// the picture, as soon as it has a validation loss.
func TestMainNetworkIsOnTheScale(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}, {200, 60}} {
		a, s := ladderApp(t, "fables", size[0], size[1], words.English)
		a.settle(t, "the n-grams", func() bool { return s.now != nil && s.now.Phase == scope.LadderReady })
		snap := *a.snap
		for _, c := range []struct {
			loss float64
			want string
		}{{2.5, "GRU 1×10 12.18"}, {1.25, "GRU 1×10 3.490"}, {math.NaN(), ""}} {
			next := snap
			next.Valid = []scope.Validation{{Update: 100, Tokens: s.now.Tokens, Loss: c.loss}}
			s.take(&next)
			frame := plainText(a.View().Content)
			if strings.Contains(frame, "GRU 1×10 1") != (c.loss == 2.5) || c.want != "" && !strings.Contains(frame, c.want) {
				t.Errorf("%v, loss %g: %q is not on the scale:\n%s", size, c.loss, c.want, frame)
			}
			var b bytes.Buffer
			if err := picture.Write(s.pictures()[0].what, "csv", &b); err != nil || strings.Contains(b.String(), "GRU 1×10") != (c.want != "") {
				t.Errorf("loss %g: %v, the picture's data\n%s", c.loss, err, b.String())
			}
		}
	}
}

// While A is a network that has not been trained, the view of wins says so in place
// of panes with nothing in them, and which keys help.
func TestWinsOfUntrainedNetworksSayWhy(t *testing.T) {
	for lang, want := range map[words.Lang][]string{
		words.English: {"feed-forward, N=5: not trained yet", "Press space", "[ and ] choose another A"},
		words.Chinese: {"前馈网络，N=5：尚未训练", "按空格键", "[ 和 ] 换一个 A"},
	} {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		a.settle(t, "the n-grams", func() bool { return s.now != nil && s.now.Phase == scope.LadderReady })
		s.turnTo(onWins)
		s.restyle()
		frame := plainText(a.View().Content)
		joined := strings.Join(strings.Fields(strings.ReplaceAll(frame, "│", " ")), " ")
		for _, text := range want {
			if !strings.Contains(joined, text) {
				t.Errorf("%s: %q is not said:\n%s", lang, text, frame)
			}
		}
		if n := strings.Count(frame, "╭"); n != 1 {
			t.Errorf("%s: %d panes where there is nothing to show:\n%s", lang, n, frame)
		}
		s.otherA(-1) // an n-gram
		a.settle(t, "an answer", func() bool { return s.won() != nil })
		s.restyle()
		if frame := plainText(a.View().Content); strings.Count(frame, "╭") != 4 {
			t.Errorf("%s: two n-grams:\n%s", lang, frame)
		}
	}
}

// The table of the workbench has every token, and the probabilities of each
// smoothing sum to 1.
func TestWorkbenchTableIsWhole(t *testing.T) {
	a, s := ladderApp(t, "zh", 120, 36, words.English)
	s.view = onBench
	a.settle(t, "an answer", func() bool { return s.bench.answer != nil })
	var b bytes.Buffer
	if err := picture.Write(s.pictures()[0].what, "csv", &b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if V := a.live.Text.Vocab(); len(rows) != V+1 || V <= 200 {
		t.Fatalf("%d rows below the head, of %d tokens", len(rows)-1, V)
	}
	for column := 2; column < len(rows[0]); column++ {
		sum := 0.0
		for _, row := range rows[1:] {
			p, err := strconv.ParseFloat(row[column], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += p
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s sums to %v", rows[0][column], sum)
		}
	}
}

// Screen 5 says how it scores what has no token before it, and what the vocabulary
// does not have, in both languages and at every size that has room.
func TestSentencesSayHowTheyAreScored(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		for _, lang := range words.Langs() {
			a, s := ladderApp(t, "fables", size[0], size[1], lang)
			s.open()
			w := s.words()
			s.turnTo(onSentences)
			for _, c := range []struct {
				first        string
				want, absent []string
			}{
				{"the fox", []string{w.FirstAfter}, []string{w.UnknownOut}},
				{"the 狗", []string{w.UnknownOut, w.FirstAfter}, []string{w.UnknownAs}},
				{"狗", []string{w.UnknownOut, w.FirstAfter}, nil}, // of the second sentence, then
			} {
				s.inputs[fieldFirst].SetValue(c.first)
				a.settle(t, "a verdict", func() bool { return s.pair.answer != nil && s.pair.answer.Sentences[0] == c.first })
				frame := plainText(framed(t, a, c.first))
				for _, text := range c.want {
					if !strings.Contains(frame, text) {
						t.Errorf("%v %s: %q does not say %q:\n%s", size, lang, c.first, text, frame)
					}
				}
				for _, text := range c.absent {
					if strings.Contains(frame, text) {
						t.Errorf("%v %s: %q says %q", size, lang, c.first, text)
					}
				}
			}
		}
	}
}

// A vocabulary without a line's start cannot score the first token, and one of words
// scores what it does not have as <unk>.
func TestSentencesWithoutStartOrWord(t *testing.T) {
	a, s := ladderApp(t, "agreement", 80, 24, words.English)
	verdict := func(first float64, unknown int) *scope.Verdict {
		line := []scope.SentenceLine{{Tokens: []scope.ScoredToken{{Text: "a", LogP: first}}, Unknown: unknown}}
		return &scope.Verdict{Scores: [2][]scope.SentenceLine{line, line}}
	}
	s.pair.answer = verdict(math.NaN(), 0)
	if got := s.scoring(); !slices.Equal(got, []string{a.words.Ladder.FirstOut}) {
		t.Errorf("without a start it says %q", got)
	}
	s.pair.answer = verdict(-1, 1)
	if got := s.scoring(); !a.live.Text.Word() || !slices.Equal(got, []string{a.words.Ladder.UnknownAs, a.words.Ladder.FirstAfter}) {
		t.Errorf("with an unknown symbol it says %q", got)
	}
}

// Two rungs are compared, never one with itself: whatever marks them, and m where no
// cursor is seen lets A and B change places.
func TestWinsAreOfTwoRungs(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	s.raced(t)
	s.turnTo(onWins)
	one, two := s.rungs.marked, s.wins.other
	a.types("m")
	if s.rungs.marked != two || s.wins.other != one {
		t.Errorf("m makes rungs %d and %d of %d and %d", s.rungs.marked, s.wins.other, one, two)
	}
	a.settle(t, "the answer", func() bool { return s.wins.answer != nil && s.wins.answer.A == two && s.wins.answer.B == one })
	if w := s.wins.answer; len(w.ForA) == 0 || len(w.ForB) == 0 {
		t.Errorf("%d and %d tokens are won", len(w.ForA), len(w.ForB))
	}
	rungs := map[int]bool{}
	keys := strings.Fields("m ] ] ] [ [ [ [ [ [ right right right left left left left left")
	for _, view := range []int{onRungs, onWins, onRungs} {
		s.turnTo(view)
		for range len(s.shownRungs()) {
			a.types("k")
		}
		for range len(s.shownRungs()) {
			for _, k := range append(keys, "j") {
				a.Update(key(k))
				if rungs[s.rungs.marked] = true; s.rungs.marked == s.wins.other {
					t.Fatalf("view %d, %s: rung %d is compared with itself", view, k, s.wins.other)
				}
			}
		}
	}
	if len(rungs) < 6 {
		t.Errorf("only %d rungs were A", len(rungs))
	}
}

// A key that acts in other views says in which, and one that opens another view says
// that: neither changes what nobody sees.
func TestLadderKeysSayWhereTheyAct(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		s.raced(t)
		w := s.words()
		for _, c := range []struct {
			view int
			key  string
			acts string
		}{
			{onRungs, "left", strings.Join(w.Views[onWins:], " · ")},
			{onRungs, "t", w.Views[onBench]},
			{onWins, "+", w.Views[onBench]},
			{onWins, "-", w.Views[onBench]},
			{onBench, "m", w.Views[onRungs] + " · " + w.Views[onWins]},
			{onBench, "enter", w.Views[onRungs]},
			{onWindow, "a", w.Views[onRungs]},
			{onSentences, "]", w.Views[onWins]},
			{onSentences, "c", w.Views[onWindow]},
		} {
			s.turnTo(c.view)
			before := a.body()
			a.Update(key(c.key))
			if want := fmt.Sprintf(w.Elsewhere, a.keyName(c.key), c.acts); a.note.text != want || s.view != c.view {
				t.Errorf("%s in view %d: it says %q in view %d, want %q", c.key, c.view, a.note.text, s.view, want)
			}
			if a.body() != before {
				t.Errorf("%s changes view %d", c.key, c.view)
			}
		}
		for k, view := range map[string]int{"e": onBench, "E": onSentences} {
			s.turnTo(onRungs)
			a.types(k)
			if !strings.HasPrefix(a.note.text, w.Views[view]) || s.view != view {
				t.Errorf("%s opens view %d and says %q", k, s.view, a.note.text)
			}
			a.Update(key("esc"))
		}
	}
}

// The part is turned, and hinted at, where not all have room.
func TestPartsAreTurnedWhereNotAllHaveRoom(t *testing.T) {
	a, s := ladderApp(t, "fables", 120, 36, words.English)
	s.turnTo(onBench)
	a.settle(t, "an answer", func() bool { return s.bench.answer != nil })
	for _, height := range []int{24, 36, 42, 43, 44, 45, 60} {
		a.Update(tea.WindowSizeMsg{Width: 120, Height: height})
		hinted, before := slices.Contains(a.hinted(), "t"), a.body()
		shown := 0
		for i := range benchParts {
			if s.panes[1+i].canvas != nil {
				shown++
			}
		}
		if hinted != (shown < benchParts) {
			t.Errorf("%d rows show %d parts, and t is hinted: %v", height, shown, hinted)
		}
		a.types("t")
		note := a.note.text
		if turned := a.body() != before; turned != hinted || turned == (note == s.words().AllParts) {
			t.Errorf("%d rows: t turns the parts: %v, and says %q", height, turned, note)
		}
	}
}

// What is possible, seen and stored is written for every order, each in a column of
// its own, in the narrowest pane too, and small numbers in full.
func TestStorageHasItsColumns(t *testing.T) {
	for n, want := range map[float64]string{65: "65", 4225: "4,225", 99_999: "99,999", 100_000: "1.0e+05", 2.1e16: "2.1e+16"} {
		if got := possibleText(n); got != want {
			t.Errorf("%v is written as %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{892: "892 B", 1000: "1 kB", 12_345: "12.3 kB", 6_440_000: "6.44 MB"} {
		if got := memory(n); got != want {
			t.Errorf("%d bytes are written as %q, want %q", n, got, want)
		}
	}
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		s.turnTo(onBench)
		a.settle(t, "an answer", func() bool { return s.bench.answer != nil })
		s.bench.answer.Meter = append(s.bench.answer.Meter, scope.Storage{N: 10, Possible: 1e50, Seen: 123_456_789, Bytes: 999_999_999})
		for _, width := range []int{28, 32, 33, 47, 80} {
			c := views.NewCanvas(width, 14)
			s.drawStorage(c, c.Bounds())
			lines := strings.Split(plainText(c.Render(views.Options{})), "\n")
			if !strings.Contains(lines[0], s.words().Storage) {
				t.Errorf("%s: the title in %d columns is %q", lang, width, lines[0])
			}
			for i, m := range s.bench.answer.Meter {
				seen := thousands(m.Seen)
				if width < 33 && m.N == 10 {
					seen = "123.46M"
				}
				want := append([]string{fmt.Sprint(m.N), possibleText(m.Possible), seen}, strings.Fields(memory(m.Bytes))...)
				if got := strings.Fields(strings.Trim(lines[1+i], "│")); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
					t.Errorf("%s, %d columns: %q, want %q", lang, width, got, want)
				}
			}
		}
	}
}

// In larger windows nothing of screen 5 is cut either, and what is compared is said
// in whole sentences.
func TestLargerLadderIsNotCut(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 100, 30, lang)
		s.raced(t)
		for _, size := range [][2]int{{100, 30}, {120, 36}, {151, 40}, {200, 60}} {
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			for _, view := range []int{onRungs, onBench, onWindow, onSentences} {
				s.turnTo(view)
				a.settle(t, "an answer", func() bool {
					return [ladderViews]bool{true, true, s.bench.answer != nil, s.demo.answer != nil && len(s.demo.answer.Tokens) > 0, s.pair.answer != nil}[view]
				})
				for part := range benchParts {
					s.bench.part = part
					s.restyle()
					a.uncut(t, fmt.Sprintf("%s at %v, view %d, part %d", lang, size, view, part))
				}
			}
			s.turnTo(onBench)
			s.bench.part = partFrancisco
			s.restyle()
			w, b, frame := s.words(), s.bench.answer, plainText(a.body())
			for _, want := range []string{
				fmt.Sprintf(w.After, thousands(b.Fickle[0].Count), thousands(b.Fickle[0].Contexts)),
				fmt.Sprintf(w.After, thousands(b.Typed.Count), thousands(b.Typed.Contexts)),
			} {
				if !strings.Contains(frame, want) {
					t.Errorf("%s at %v: no %q in\n%s", lang, size, want, frame)
				}
			}
		}
	}
}

// The fixed window names what its figures measure and what moves, and how many tokens
// lie above those that have room.
func TestWindowSaysWhatItMeasures(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		s.raced(t)
		s.turnTo(onWindow)
		moves := map[words.Lang][]string{words.English: {"moves p by", "moves the prediction"}, words.Chinese: {"预测移动"}}[lang]
		for text, above := range map[string]int{"the fox": 0, "twelve foxes": 1, "a fox and the grapes": 9} {
			s.inputs[fieldText].SetValue(text)
			a.settle(t, "an answer", func() bool { return s.demo.answer != nil && len(s.demo.answer.Tokens) == len(text) })
			for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 36}, {160, 40}} {
				a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				frame := plainText(a.body())
				says := func(what string) bool { return strings.Contains(frame, what) }
				if !says("½Σ|p-q|") || !slices.ContainsFunc(moves, says) {
					t.Errorf("%s at %v: the measure or what moves is not in\n%s", lang, size, frame)
				}
				more := fmt.Sprintf(a.words.Inspect.MoreAbove, thousands(int64(above)))
				if size[1] == 24 && says(more) != (above > 0) {
					t.Errorf("%s: %d tokens lie above, and %q stands there: %v", lang, above, more, says(more))
				}
			}
		}
	}
}

// Every needle of the scale has its name, on it or where the scale is said, at each
// size; and the marks beside the table have a head.
func TestLadderNamesItsMarks(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		s.raced(t)
		for i := range s.now.Rungs { // as close to each other as after a race of minutes
			switch r := &s.now.Rungs[i]; {
			case r.Kind == scope.WindowRung:
				r.Loss = math.Log(5.6)
			case r.Kind == scope.NetworkRung:
				r.Loss = math.Log(map[string]float64{"rnn": 5.7, "gru": 5.5, "lstm": 5.6}[r.Cell])
			}
		}
		legends := 0
		for _, size := range [][2]int{{80, 24}, {100, 30}, {120, 36}, {145, 40}} {
			a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			s.restyle()
			frame := plainText(a.body())
			lines := strings.Split(frame, "\n")
			foot := strings.Join(lines[len(lines)-5:], "\n")
			if _, legend, ok := strings.Cut(strings.SplitN(foot, "\n", 2)[0], "▲ "); ok {
				legends++
				last := 0.0
				for _, name := range strings.Split(legend, "▲ ") {
					name := strings.TrimSpace(name)
					ppl, err := strconv.ParseFloat(name[strings.LastIndex(name, " ")+1:], 64)
					if err != nil || ppl < last {
						t.Errorf("%s at %v: %q stands after %v, %v", lang, size, name, last, err)
					}
					last = ppl
				}
			}
			shown := []int{s.best(scope.NgramRung)}
			for i, r := range s.now.Rungs {
				if r.Kind == scope.Unigram || r.Kind == scope.WindowRung || r.Kind == scope.NetworkRung {
					shown = append(shown, i)
				}
			}
			for _, i := range shown {
				if name := s.shortName(s.now.Rungs[i]) + " " + pplText(math.Exp(s.now.Rungs[i].Loss)); !strings.Contains(foot, name) {
					t.Errorf("%s at %v: %q is not named in\n%s", lang, size, name, foot)
				}
			}
			head := regexp.MustCompile(`V +` + s.words().Columns[1] + ` +1 *│`)
			if wide := size[0] > 112; head.MatchString(frame) != wide {
				t.Errorf("%s at %v: the scale beside the table has a head: %v\n%s", lang, size, !wide, lines[2])
			}
		}
		if legends == 0 {
			t.Errorf("%s: every needle has room for its name, so that nothing was tried", lang)
		}
	}
}

// Where the sum and the mean per token speak for different sentences the verdict says
// both, as the command score does.
func TestVerdictIsSaidPerTokenToo(t *testing.T) {
	a, s := ladderApp(t, "fables", 80, 24, words.English)
	s.turnTo(onSentences)
	a.settle(t, "a verdict", func() bool { return s.pair.answer != nil })
	v := s.pair.answer
	const kn = 2 // the model with a name of the usual length
	for _, c := range []struct {
		sums   [2]float64
		scored [2]int
		room   int
		want   string
	}{
		{[2]float64{-33.6, -35}, [2]int{16, 18}, 60, "prefers recognize speech, per token wreck a nice beach"},
		{[2]float64{-33.6, -35}, [2]int{16, 18}, 50, "prefers first sentence, per token second sentence"},
		{[2]float64{-33.6, -35}, [2]int{16, 18}, 20, "1st; per token 2nd"},
		{[2]float64{-35, -33.6}, [2]int{18, 16}, 20, "2nd; per token 1st"},
		{[2]float64{-33.6, -35}, [2]int{16, 16}, 60, "prefers recognize speech"},
		{[2]float64{-33.6, -38.7}, [2]int{16, 18}, 60, "prefers recognize speech"},
		{[2]float64{-33.6, math.Inf(-1)}, [2]int{16, 18}, 60, "prefers recognize speech"},
		{[2]float64{math.NaN(), -3}, [2]int{0, 18}, 60, "neither"},
	} {
		for i := range v.Scores {
			v.Scores[i][kn].Sum, v.Scores[i][kn].Scored = c.sums[i], c.scored[i]
		}
		if got := s.prefers(kn, c.room); got != c.want {
			t.Errorf("%v of %v tokens in %d columns: %q, want %q", c.sums, c.scored, c.room, got, c.want)
		}
	}
	for i := range v.Scores {
		v.Scores[i][kn].Sum, v.Scores[i][kn].Scored = []float64{-33.6, -35}[i], []int{16, 18}[i]
	}
	for _, lang := range words.Langs() {
		a.lang, a.words = lang, words.For(lang)
		s.restyle()
		w := s.words()
		if want := fmt.Sprintf(w.TornShort, w.Places[0], w.Places[1]); !strings.Contains(plainText(a.body()), want) {
			t.Errorf("%s at 80x24: no %q in\n%s", lang, want, plainText(a.body()))
		}
	}
}

// The tokens that a rung wins by most stand one below the other, whatever their
// figures, and of one that had not stood there before nothing is said of tokens
// since.
func TestTokensWonStandInAColumn(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 200, 60, lang)
		s.raced(t)
		s.turnTo(onWins)
		a.settle(t, "an answer", func() bool { return s.won() != nil })
		v := *s.won()
		v.ForA = nil
		for i, difference := range []float64{1.5, 12.5, 3.5} {
			v.ForA = append(v.ForA, scope.WinToken{Token: scope.Token{Text: "§"}, Before: "狗咬人，人咬狗", After: "!", A: -1, B: -1 - difference, Count: 4, Distance: 20*i - 1})
		}
		s.wins.answer = &v
		s.restyle()
		frame := plainText(a.body())
		places := map[int]int{}
		for _, line := range strings.Split(frame, "\n") {
			if before, _, ok := strings.Cut(line, "§"); ok {
				places[views.Width(before)]++
			}
		}
		if len(places) != 1 {
			t.Errorf("%s: the tokens stand in columns %v:\n%s", lang, places, frame)
		}
		a.Update(tea.WindowSizeMsg{Width: 120, Height: 60})
		narrow := plainText(a.body())
		for want, frame := range map[string]string{
			fmt.Sprintf(s.words().TokenNew, "4"): frame, fmt.Sprintf(s.words().TokenLine, "4", "19"): frame,
			fmt.Sprintf(s.words().TokenShort, "4", "39"): narrow,
		} {
			if !strings.Contains(frame, want) {
				t.Errorf("%s: no %q in\n%s", lang, want, frame)
			}
		}
	}
}

// Where the n-grams cannot be counted, what is asked of the ladder is answered by
// what failed, in every view.
func TestLadderThatCannotCountSaysSo(t *testing.T) {
	for _, lang := range words.Langs() {
		a, s := ladderApp(t, "fables", 80, 24, lang)
		a.settle(t, "the rungs", func() bool { return s.now != nil })
		failed := *s.now
		failed.Phase, failed.Tokens = scope.LadderCounting, 13_146
		failed.Failure = say.Errorf("%d tokens are too many to count: at most %d", 3_000_000_000, 2_147_483_647)
		s.now = &failed
		for view := range ladderViews {
			s.turnTo(view)
			s.restyle()
			if s.ask() != nil {
				t.Errorf("%s: view %d asks what nobody answers", lang, view)
			}
			frame, want := plainText(framed(t, a, "a failure")), words.Say(lang, failed.Failure)
			if !strings.Contains(unbroken(strings.NewReplacer("│", "").Replace(frame)), unbroken(want)) || strings.Contains(frame, s.words().NotCounted) {
				t.Errorf("%s: view %d does not say %q:\n%s", lang, view, want, frame)
			}
		}
	}
}
