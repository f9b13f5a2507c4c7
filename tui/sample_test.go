package tui

import (
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"rnnscope/tui/words"
	"rnnscope/views"
)

// The temperature of the one text is not turned while five stand side by side.
func TestTemperatureBesideColumns(t *testing.T) {
	live := explore(t, 12)
	live.Start(true)
	defer func() { live.Quit(); live.Wait() }()
	a := shown(live, 120, 36)
	press := func(r rune) {
		if _, cmd := a.Update(tea.KeyPressMsg{Code: r, Text: string(r)}); cmd != nil {
			a.Update(cmd())
		}
	}
	press('4')
	press('v')
	s := a.screenOf("sample").(*sampleScreen)
	before := s.temperature
	press('l')
	text := ansi.Strip(a.View().Content)
	if s.temperature != before || !strings.Contains(text, "temperatures 0.2 to 1.5") || !strings.Contains(text, a.words.Sample.Together) {
		t.Errorf("temperature %v, before %v, on\n%s", s.temperature, before, text)
	}
	press('v')
	press('l')
	if s.temperature == before {
		t.Error("with one text again, the key does nothing")
	}
}

// The slider of the temperature has a place for each that the arrows reach, the last
// at its end, and a press there is the way to it.
func TestTemperaturesHavePlaces(t *testing.T) {
	a := shownRun(t, 120, 36, words.English, Dark, views.Options{}, 1)
	s := a.showPage(recorded(t).Page)
	a.View()
	in := views.Rect{W: s.sliders.area.W, H: s.sliders.area.H}.Inset(1)
	row := views.Rect{X: in.X, Y: in.Y, W: in.W, H: 1}
	last := -1.0
	for _, v := range temperatures {
		s.temperature = v
		slider := s.rowsOf(in)[0]
		if at := slider.Scale.At(slider.Value); !(at > last) {
			t.Errorf("the needle of T=%v is at %v, that of the one before at %v", v, at, last)
		} else {
			last = at
		}
		s.temperature = 0.8
		track := slider.Track(row)
		x := track.X + int(math.Round(last*float64(track.W-1)))
		if s.slide(x, 0, 0, in); math.Abs(placeOf(temperatures, s.temperature)-placeOf(temperatures, v)) > 1 {
			t.Errorf("a press on the needle of T=%v makes it %v", v, s.temperature)
		}
	}
	if last != 1 || s.temperature != 5 {
		t.Errorf("the highest has its needle at %v of the slider, and a press there makes T=%v", last, s.temperature)
	}
	if between := placeOf(temperatures, 0.85); !(between > 8 && between < 9) {
		t.Errorf("0.85 stands at %v", between)
	}
}
