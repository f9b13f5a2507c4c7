package tui

import (
	"fmt"
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"rnnscope/core/session"
	"rnnscope/views"
)

// temperatures are the places of the slider, evenly apart: the small ones, where a
// tenth is much, have half of it.
var temperatures = []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.7, 2, 2.5, 3, 4, 5}

func beside(list []float64, v float64, by int) float64 {
	best := v
	for _, x := range list {
		if by > 0 && x > v+1e-9 {
			return x
		}
		if by < 0 && x < v-1e-9 {
			best = x
		}
	}
	return best
}

// placeOf is where a value stands among ascending ones: at i the i-th, and between two
// in proportion.
func placeOf(list []float64, v float64) float64 {
	i, exact := slices.BinarySearch(list, v)
	switch {
	case exact || i == 0:
		return float64(i)
	case i == len(list):
		return float64(i - 1)
	}
	return float64(i-1) + (v-list[i-1])/(list[i]-list[i-1])
}

func (s *sampleScreen) heat(by int) tea.Cmd {
	return s.setTemperature(beside(temperatures, s.temperature, by))
}

// setTemperature changes the temperature of the one text; columns have their own.
func (s *sampleScreen) setTemperature(t float64) tea.Cmd {
	return s.one(func() tea.Cmd {
		s.temperature = t
		return s.options()
	})
}

func (s *sampleScreen) options() tea.Cmd {
	s.sliders.stale = true
	return s.wait(s.author.SetOptions(s.temperature, s.topK, s.topP))
}

var topKs = []float64{1, 2, 3, 5, 10, 20, 50, 100, 200, 500}

var topPs = []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1}

func (s *sampleScreen) cutK(by int) tea.Cmd {
	k := float64(s.topK)
	if k == 0 {
		k = math.Inf(1)
	}
	k = beside(topKs, k, by)
	if by > 0 && k == float64(s.topK) || int(k) >= s.a.live.Text.Vocab() || math.IsInf(k, 1) {
		k = 0
	}
	if by < 0 && s.topK == 0 {
		k = topKs[0]
		for _, x := range topKs {
			if int(x) < s.a.live.Text.Vocab() {
				k = x
			}
		}
	}
	s.topK = int(k)
	return s.options()
}

func (s *sampleScreen) cutP(by int) tea.Cmd {
	s.topP = beside(topPs, s.topP, by)
	return s.options()
}

func (s *sampleScreen) pace(by float64) tea.Cmd {
	s.speed = math.Min(640, math.Max(1.25, s.speed*by))
	s.sliders.stale = true
	return s.wait(s.author.SetSpeed(s.speed))
}

func (s *sampleScreen) rowsOf(in views.Rect) []views.Slider {
	w := &s.a.words.Sample
	labels := 0
	for _, l := range []string{w.Temperature, w.TopK, w.TopP, w.Speed} {
		labels = max(labels, views.Width(l))
	}
	vocab := float64(max(2, s.a.live.Text.Vocab()))
	k, kText := float64(s.topK), fmt.Sprint(s.topK)
	if s.topK == 0 {
		k, kText = vocab, w.All
	}
	pText := digits(s.topP, 4)
	if s.topP == 1 {
		pText = w.All
	}
	one := func(label, text string, v float64, scale views.Scale) views.Slider {
		return views.Slider{Label: label, Text: text, LabelWidth: labels, TextWidth: 6, Value: v, Scale: scale}
	}
	out := []views.Slider{
		one(w.Temperature, fmt.Sprintf("%.2f", s.temperature), placeOf(temperatures, s.temperature), views.Scale{Min: 0, Max: float64(len(temperatures) - 1)}),
		one(w.TopK, kText, k, views.Scale{Min: 1, Max: vocab, Log: true}),
		one(w.TopP, pText, s.topP, views.Scale{Min: 0, Max: 1}),
		one(w.Speed, fmt.Sprintf(w.PerSecond, digits(s.speed, 3)), s.speed, views.Scale{Min: 1, Max: 640, Log: true}),
	}
	out[0].Focused = !s.input.on
	return out
}

func (s *sampleScreen) drawSliders(c *views.Canvas, area views.Rect) {
	w, th := &s.a.words.Sample, s.a.theme
	state := w.Still
	if s.page != nil && s.page.Writing {
		state = w.Writing
	}
	in := views.Box{Title: state}.Draw(c, area, th)
	for i, v := range s.rowsOf(in) {
		if i == 0 && s.compare {
			t := session.Temperatures
			c.Text(in.X, in.Y, views.Truncate(fmt.Sprintf(w.Temperatures, digits(t[0], 2), digits(t[len(t)-1], 2)), in.W), th.Dim)
			continue
		}
		v.Draw(c, views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}, th)
	}
}

func (s *sampleScreen) slide(x, i, wheel int, in views.Rect) tea.Cmd {
	all := s.rowsOf(in)
	if i < 0 || i >= len(all) {
		return nil
	}
	if wheel != 0 {
		return []func() tea.Cmd{
			func() tea.Cmd { return s.heat(-wheel) }, func() tea.Cmd { return s.cutK(-wheel) },
			func() tea.Cmd { return s.cutP(-wheel) }, func() tea.Cmd { return s.pace(math.Pow(2, float64(-wheel))) },
		}[i]()
	}
	r := views.Rect{X: in.X, Y: in.Y + i, W: in.W, H: 1}
	if track := all[i].Track(r); x < track.X-1 || x > track.X+track.W {
		return nil
	}
	v := all[i].ValueAt(r, x)
	switch i {
	case 0:
		return s.setTemperature(temperatures[int(math.Round(v))])
	case 1:
		if s.topK = int(math.Round(v)); s.topK >= s.a.live.Text.Vocab() {
			s.topK = 0
		}
		return s.options()
	case 2:
		s.topP = math.Max(0.01, math.Round(v*100)/100)
		return s.options()
	}
	s.speed = round(v, 2)
	s.sliders.stale = true
	return s.wait(s.author.SetSpeed(s.speed))
}
