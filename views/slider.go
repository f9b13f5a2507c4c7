package views

import "math"

// Slider shows and sets a value on a scale:
//
//	temperature ━━━━━━━━●──────────── 0.80
type Slider struct {
	Label, Text           string // what it is called and what its value is, with the unit
	LabelWidth, TextWidth int    // columns for both, so that sliders line up; 0: their own width
	Value                 float64
	Scale                 Scale
	Focused               bool
}

// Track returns the cells of an area where the knob can be.
func (s Slider) Track(area Rect) Rect {
	label, text := s.widths()
	if label > 0 {
		area.X += label + 1
		area.W -= label + 1
	}
	if text > 0 {
		area.W -= text + 1
	}
	area.W, area.H = max(area.W, 0), min(area.H, 1)
	return area
}

func (s Slider) widths() (label, text int) {
	label, text = s.LabelWidth, s.TextWidth
	if label == 0 {
		label = Width(s.Label)
	}
	if text == 0 {
		text = Width(s.Text)
	}
	return label, text
}

// Draw draws the slider in the first row of an area.
func (s Slider) Draw(c *Canvas, area Rect, t *Theme) {
	defer c.SetClip(c.Clip(Rect{area.X, area.Y, area.W, min(area.H, 1)}))
	track := s.Track(area)
	label, text := s.widths()
	name, knob := t.Text, t.Accent
	if s.Focused {
		name, knob = t.Accent.With(Bold), t.Cursor
	}
	c.Text(area.X, area.Y, Pad(s.Label, label, Left), name)
	c.Fill(track, '─', t.Frame)
	if at := s.Scale.At(s.Value); !math.IsNaN(at) && track.W > 0 {
		x := int(math.Round(min(max(at, 0), 1) * float64(track.W-1)))
		c.Fill(Rect{track.X, track.Y, x, 1}, '━', t.Accent)
		c.Set(track.X+x, track.Y, '●', knob)
	}
	if text > 0 {
		c.Text(track.X+track.W+1, area.Y, Pad(s.Text, text, Right), t.Text.With(Bold))
	}
}

// ValueAt returns the value whose knob is in column x, for a slider drawn in an
// area; beyond the track, the value at its end.
func (s Slider) ValueAt(area Rect, x int) float64 {
	track := s.Track(area)
	if track.W < 2 {
		return s.Value
	}
	return s.Scale.Value(min(max(float64(x-track.X)/float64(track.W-1), 0), 1))
}
