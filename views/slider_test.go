package views

import (
	"math"
	"testing"
)

func TestSlider(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	for _, tc := range []struct {
		name string
		s    Slider
		w    int
		want string
	}{
		{"in the middle", Slider{Label: "T", Text: "1.0", Value: 1, Scale: Scale{0, 2, false}}, 15, "T ━━━━●──── 1.0"},
		{"at the ends", Slider{Value: 0, Scale: Scale{0, 2, false}}, 5, "●────"},
		{"beyond the ends", Slider{Value: 99, Scale: Scale{0, 2, false}}, 5, "━━━━●"},
		{"logarithmic", Slider{Value: 1e-2, Scale: Scale{1e-4, 1, true}}, 5, "━━●──"},
		{"off a logarithmic scale", Slider{Value: 0, Scale: Scale{1e-4, 1, true}}, 5, "─────"},
		{"columns that line up", Slider{Label: "温度", LabelWidth: 8, Text: "1", TextWidth: 3, Value: 1, Scale: Scale{0, 2, false}}, 18, "温度     ━━●──   1"},
		{"no room", Slider{Label: "temperature", Text: "1", Value: 1, Scale: Scale{0, 2, false}}, 5, "tempe"},
	} {
		c := NewCanvas(tc.w, 1)
		tc.s.Draw(c, c.Bounds(), th)
		if got := picture(c); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// A click on the knob changes nothing, and a click elsewhere brings it there.
func TestSliderValueAt(t *testing.T) {
	th := NewTheme(DarkBackground, Options{})
	area := Rect{3, 1, 40, 1}
	for _, scale := range []Scale{{0, 2, false}, {1e-5, 1, true}} {
		s := Slider{Label: "温度", Text: "0.8", Scale: scale}
		track := s.Track(area)
		for x := track.X; x < track.X+track.W; x++ {
			s.Value = s.ValueAt(area, x)
			c := NewCanvas(50, 3)
			s.Draw(c, area, th)
			if got := c.Cell(x, 1).Text; got != "●" {
				t.Fatalf("%+v: value %v is not at column %d: %q", scale, s.Value, x, picture(c))
			}
		}
		if lo, hi := s.ValueAt(area, -9), s.ValueAt(area, 99); math.Abs(lo/scale.Max-scale.Min/scale.Max) > 1e-12 || math.Abs(hi/scale.Max-1) > 1e-12 {
			t.Errorf("beyond the track: %v and %v", lo, hi)
		}
	}
}
