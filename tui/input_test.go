package tui

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/session"
	"rnnscope/core/task"
	"rnnscope/corpora"
	"rnnscope/tui/words"
	"rnnscope/views"
)

// slid is what a drag may move, and what it may not.
type slid struct {
	knobs       scope.Knobs
	probe       [5]float64
	sample      [4]float64
	at          int
	front       overlay
	typed, lags int
	field       bool
}

// slides reads them.
func (a *App) slides() slid {
	s, g, l := a.screenOf("sample").(*sampleScreen), a.screenOf("gradients").(*gradientsScreen), a.screenOf("ladder").(*ladderScreen)
	k := &g.knobs
	return slid{
		a.screenOf("train").(*trainScreen).knobs.asked,
		[5]float64{float64(k.steps), float64(k.wall), k.radius, k.forget, float64(k.rule)},
		[4]float64{s.temperature, float64(s.topK), s.topP, s.speed},
		a.at, a.overlay, l.edits, a.screenOf("laglab").(*lagLabScreen).setup.at, s.input.on,
	}
}

// onSliders says whether a cell of the window is one of a slider.
func (a *App) onSliders(x, y int) bool {
	if a.overlay != nil || a.small() {
		return false
	}
	for name, p := range map[string]*pane{
		"train": &a.screenOf("train").(*trainScreen).knobs.pane, "gradients": &a.screenOf("gradients").(*gradientsScreen).knobs.pane,
		"sample": &a.screenOf("sample").(*sampleScreen).sliders,
	} {
		if _, _, ok := p.at(x, y-bodyTop); ok && name == a.shown().tab().name {
			return true
		}
	}
	return false
}

// Whatever is pressed, clicked, dragged, pasted or resized, on a screen whose model
// trains, nothing panics, and a drag that did not begin on a slider changes nothing
// that is set. What is random comes from the seed, what has been answered meanwhile
// does not.
func TestRandomInput(t *testing.T) {
	seeds := uint64(3)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 77))
		c := session.Defaults()
		c.Model = rnn.Config{Cell: []string{"lstm", "gru", "rnn"}[seed%3], Embed: 8, Hidden: 16, Layers: 1 + int(seed%2)}
		c.Batch, c.Window = 4, 12
		corpus, err := corpora.Open([]string{"fables", "recall", "zh"}[seed%3], corpora.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := session.New(c, corpus, nil)
		if err != nil {
			t.Fatal(err)
		}
		l := session.NewLive(s, nil)
		l.Start(false)
		a := New(Config{Live: l, Lang: words.English, Theme: Dark, Options: views.Options{}, Folder: t.TempDir()})
		msgs := make(chan tea.Msg, 1000)
		var run func(c tea.Cmd)
		run = func(c tea.Cmd) {
			if c == nil {
				return
			}
			task.Go("command", func() {
				m := c()
				if b, ok := m.(tea.BatchMsg); ok {
					for _, c := range b {
						run(c)
					}
					return
				}
				if m != nil {
					select {
					case msgs <- m:
					default:
					}
				}
			})
		}
		var last []string
		func() {
			defer func() {
				if p := recover(); p != nil {
					fmt.Fprintf(os.Stderr, "seed %d: PANIC %v\n%s\nlast %q\n", seed, p, debug.Stack(), last)
					t.Fail()
				}
			}()
			a.Update(tea.WindowSizeMsg{Width: 100, Height: 30})
			keys := strings.Fields("up down left right shift+left shift+right tab shift+tab enter space backspace pgup pgdown home end delete f1 esc ctrl+s ctrl+t ctrl+l ctrl+a ctrl+k 1 2 3 4 5 6 7 p . ? u c r R a x y + - = [ ] f L s b B h j k l n v e K o O m M F X t g z w W E V < > i I H G 天 é 🦊 %")
			codes := map[string]tea.KeyPressMsg{"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "tab": {Code: tea.KeyTab}, "enter": {Code: tea.KeyEnter}, "space": {Code: ' ', Text: " "}, "backspace": {Code: tea.KeyBackspace}, "pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd}, "delete": {Code: tea.KeyDelete}, "f1": {Code: tea.KeyF1}, "esc": {Code: tea.KeyEscape},
				"shift+left": {Code: tea.KeyLeft, Mod: tea.ModShift}, "shift+right": {Code: tea.KeyRight, Mod: tea.ModShift}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "ctrl+s": {Code: 's', Mod: tea.ModCtrl}, "ctrl+t": {Code: 't', Mod: tea.ModCtrl}, "ctrl+l": {Code: 'l', Mod: tea.ModCtrl}, "ctrl+a": {Code: 'a', Mod: tea.ModCtrl}, "ctrl+k": {Code: 'k', Mod: tea.ModCtrl}}
			end := time.Now().Add(2 * time.Second)
			held := false // a slider
			for n := 0; time.Now().Before(end); n++ {
				drain := true
				for drain {
					select {
					case m := <-msgs:
						_, c := a.Update(m)
						if _, frame := m.(frameMsg); !frame {
							run(c)
						}
					default:
						drain = false
					}
				}
				switch r.IntN(14) {
				case 12:
					_, c := a.Update(tea.MouseReleaseMsg{X: r.IntN(a.width), Y: r.IntN(a.height), Button: tea.MouseLeft})
					run(c)
					held = false
				case 13:
					for range 5 {
						x, y, before := r.IntN(a.width), r.IntN(a.height), a.slides()
						last = append(last, fmt.Sprintf("drag %d %d", x, y))
						_, c := a.Update(tea.MouseMotionMsg{X: x, Y: y, Button: tea.MouseLeft})
						run(c)
						if after := a.slides(); !held && after != before {
							t.Fatalf("seed %d: the drag that ends %q made %+v of %+v", seed, last, after, before)
						}
					}
				case 0:
					x, y := r.IntN(a.width), r.IntN(a.height)
					held = a.onSliders(x, y)
					last = append(last, fmt.Sprintf("click %d %d", x, y))
					_, c := a.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
					run(c)
				case 1:
					b := []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}[r.IntN(2)]
					_, c := a.Update(tea.MouseWheelMsg{X: r.IntN(a.width), Y: r.IntN(a.height), Button: b})
					run(c)
				case 2:
					if r.IntN(6) == 0 {
						w, h := 1+r.IntN(220), 1+r.IntN(70)
						last = append(last, fmt.Sprintf("size %dx%d", w, h))
						a.Update(tea.WindowSizeMsg{Width: w, Height: h})
					}
				case 3:
					if r.IntN(5) == 0 {
						_, c := a.Update(tea.PasteMsg{Content: "a paste, 天地玄黄\n"})
						run(c)
					}
				default:
					k := keys[r.IntN(len(keys))]
					last = append(last, k)
					msg, ok := codes[k]
					if !ok {
						rr := []rune(k)
						msg = tea.KeyPressMsg{Code: rr[0], Text: k}
					}
					_, c := a.Update(msg)
					run(c)
				}
				if len(last) > 40 {
					last = last[1:]
				}
				a.tick(time.Now())
				a.View()
				if n%20 == 0 {
					time.Sleep(2 * time.Millisecond)
				}
			}
		}()
		l.Quit()
		l.Wait()
	}
}
