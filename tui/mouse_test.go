package tui

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"rnnscope/views"
)

// presses, drags and lets are what a mouse does, at a cell of a pane.
func (a *App) presses(p *pane, x, y int) {
	a.Update(tea.MouseClickMsg{X: p.area.X + x, Y: bodyTop + p.area.Y + y, Button: tea.MouseLeft})
	a.View()
}

func (a *App) drags(p *pane, x, y int) {
	a.Update(tea.MouseMotionMsg{X: p.area.X + x, Y: bodyTop + p.area.Y + y, Button: tea.MouseLeft})
	a.View()
}

func (a *App) lets() { a.Update(tea.MouseReleaseMsg{Button: tea.MouseLeft}) }

// everywhere drags over all cells of a pane.
func (a *App) everywhere(p *pane) {
	area := p.area
	for y := range area.H {
		for x := range area.W {
			a.drags(&pane{area: area}, x, y)
		}
	}
}

// A drag that began elsewhere passes over knobs without turning them, and one that
// began on a knob turns that one until the button is released, wherever it goes.
func TestDragTurnsTheKnobItBeganOn(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	t.Cleanup(func() { live.Quit(); live.Wait() })
	a := shown(live, 100, 30)
	s := a.screens[0].(*trainScreen)
	a.settle(t, "the knobs", func() bool { return s.knobs.run > 0 })
	a.View()
	p := &s.knobs.pane
	begun := s.knobs.asked
	a.everywhere(p) // nothing was pressed
	a.presses(&s.chart.pane, 5, 3)
	a.everywhere(p)
	a.lets()
	if s.knobs.asked != begun || s.focus != onChart {
		t.Errorf("passing over the knobs made %+v of %+v, and the keys go to pane %d", s.knobs.asked, begun, s.focus)
	}
	r, at := s.knobs.slider(2, views.Rect{W: p.area.W, H: p.area.H}.Inset(1))
	track := r.Track(at)
	a.presses(p, track.X+track.W/2, at.Y)
	window := s.knobs.asked.Window
	a.drags(p, track.X+track.W-1, at.Y-2) // over the row of the rate
	if got := s.knobs.asked; got.Window <= window || got.LR != begun.LR {
		t.Errorf("a drag to the right made of the window %d %d, and of the rate %v %v", window, got.Window, begun.LR, got.LR)
	}
	a.lets()
	begun = s.knobs.asked
	a.everywhere(p)
	if s.knobs.asked != begun {
		t.Errorf("after the release the mouse made %+v of %+v", s.knobs.asked, begun)
	}
}

// A drag out of the text of screen 4 changes no slider and types no prompt.
func TestDragOutOfTheText(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	t.Cleanup(func() { live.Quit(); live.Wait() })
	a := shown(live, 100, 40)
	a.types("4")
	a.View()
	s := a.screenOf("sample").(*sampleScreen)
	temperature, topP := s.temperature, s.topP
	a.presses(&s.text, 3, 3)
	a.everywhere(&s.sliders)
	a.everywhere(&s.prompt)
	if s.temperature != temperature || s.topP != topP || s.input.on {
		t.Errorf("T=%v, top-p %v, the prompt is typed: %v", s.temperature, s.topP, s.input.on)
	}
}

// A drag is no click on what stands in front of the screen: nothing is run, nothing
// closed.
func TestDragOverAnOverlay(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	t.Cleanup(func() { live.Quit(); live.Wait() })
	a := shown(live, 100, 30)
	for _, k := range []string{"?", ":"} {
		a.presses(&a.screens[0].(*trainScreen).chart.pane, 5, 3)
		a.types(k)
		a.View()
		front := a.overlay
		a.everywhere(&pane{area: a.canvas.Bounds()})
		if a.overlay != front || front == nil {
			t.Errorf("%s: a drag closed it", k)
		}
		a.overlay = nil
	}
}

// In a window too small for a screen, what stands in front of it takes no keys.
func TestSmallWindowHidesOverlays(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	t.Cleanup(func() { live.Quit(); live.Wait() })
	a := shown(live, 100, 30)
	a.types(":")
	a.Update(tea.WindowSizeMsg{Width: 40, Height: 10})
	a.types("x")
	a.Update(tea.PasteMsg{Content: "pasted"})
	if got := a.overlay.(*palette).input.Value(); got != "" {
		t.Errorf("%q was typed where nobody sees it", got)
	}
	if _, c := a.Update(key("q")); c == nil {
		t.Error("q does not quit, as the small window says it does")
	}
}
