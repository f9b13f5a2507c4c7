package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
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
