package picture

import "math"

// ownGlyphs are the stand-ins for what cannot be seen and a few signs of
// equations, as lines: the embedded fonts lack them, and where others have them
// they differ in size. X is from 0 to 1 across the character, which is ownWidth
// ems wide, y in ems above the baseline.
var ownGlyphs = map[rune][][]point{
	'␣': {{{0.12, 0.1}, {0.12, -0.1}, {0.88, -0.1}, {0.88, 0.1}}},
	'↵': {{{0.88, 0.62}, {0.88, 0.25}, {0.12, 0.25}}, {{0.4, 0.43}, {0.12, 0.25}, {0.4, 0.07}}},
	'⇥': {{{0.08, 0.33}, {0.74, 0.33}}, {{0.48, 0.5}, {0.74, 0.33}, {0.48, 0.16}}, {{0.92, 0.54}, {0.92, 0.12}}},
	'∅': {ring(0.26), {{0.14, 0.03}, {0.86, 0.63}}},
	'⊙': {ring(0.26), ring(0.03)},
	'∇': {{{0.06, 0.64}, {0.94, 0.64}, {0.5, 0.03}, {0.06, 0.64}}},
}

// In ems.
const (
	ownWidth = 0.6
	ownPen   = 0.07
)

// ring returns a circle of a radius in ems in the middle of a character.
func ring(radius float64) (line []point) {
	const pieces = 24
	for i := range pieces + 1 {
		s, c := math.Sincos(2 * math.Pi * float64(i) / pieces)
		line = append(line, point{0.5 + radius/ownWidth*c, 0.33 + radius*s})
	}
	return line
}
