package views

import (
	"unicode"
	"unicode/utf8"
)

// Where there are no colours and more lines than shapes, a line whose shape another
// one has already bears a letter, in the legend and here and there on the line:
//
//	╌╌ at the start   ╌R RNN   ┈G GRU
//
//	⠒⠒⠤⠤⢄⣀R⡀
//	      ⠈⠉⠑⠒R⠤⠤⣀

// spare are the letters of lines whose names begin with none of their own.
const spare = "abcdefghijklmnopqrstuvwxyz"

// findLetters finds the letters of the lines, 0 for those that need none.
func (v *LineChart) findLetters(t *Theme) {
	v.letters = v.letters[:0]
	var had [Points + 1]bool
	for i := range v.Series {
		shape, letter := v.shape(i, t), rune(0)
		if t.Profile == NoColor && shape != Points && had[shape] {
			letter = v.freeLetter(v.Series[i].Name)
		}
		had[shape] = true
		v.letters = append(v.letters, letter)
	}
}

// freeLetter is the first of a name if it is a letter that no line has, else one
// that is left.
func (v *LineChart) freeLetter(name string) rune {
	free := func(r rune) bool {
		for _, used := range v.letters {
			if used == r {
				return false
			}
		}
		return true
	}
	if r, _ := utf8.DecodeRuneInString(name); r < utf8.RuneSelf && unicode.IsLetter(r) && free(r) {
		return r
	}
	for _, r := range spare {
		if free(r) {
			return r
		}
	}
	return '?'
}

// lettered is the sample of a line in the legend.
func (v *LineChart) lettered(sample string, i int) string {
	if v.letters[i] == 0 {
		return sample
	}
	_, first := utf8.DecodeRuneInString(sample)
	return sample[:first] + string(v.letters[i])
}

// letterGap is how many columns are between two letters of a line at least.
const letterGap = 10

// drawLetters puts the letters on their lines, where no other line is in front.
func (v *LineChart) drawLetters(c *Canvas, p Plot) {
	gap, turn := max(letterGap, p.Area.W/4), 0
	for i, letter := range v.letters {
		if letter == 0 {
			continue
		}
		turn++
		drawn := false
		for x := 3 * turn % gap; x < p.Area.W; x += gap {
			drawn = v.drawLetter(c, p, i, x, min(x+gap, p.Area.W)) || drawn
		}
		if !drawn {
			v.drawLetter(c, p, i, 0, p.Area.W)
		}
	}
}

// drawLetter puts the letter of a line on its first cell within some columns.
func (v *LineChart) drawLetter(c *Canvas, p Plot, i, from, to int) bool {
	for x := from; x < to; x++ {
		for y := range p.Area.H {
			at := y*p.Area.W + x
			if v.lines.mask[at] != 0 && int(v.lines.pen[at]) == i {
				c.Set(p.Area.X+x, p.Area.Y+y, v.letters[i], v.styles[i].With(Bold))
				return true
			}
		}
	}
	return false
}
