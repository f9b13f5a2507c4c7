package picture

import (
	"sync"

	"codeberg.org/go-fonts/liberation/liberationmonobold"
	"codeberg.org/go-fonts/liberation/liberationmonobolditalic"
	"codeberg.org/go-fonts/liberation/liberationmonoitalic"
	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"rnnscope/views"
)

// face is one of the fonts that the program brings along.
type face uint8

const (
	sans face = iota
	sansBold
	monoRegular // the attributes of a cell are added to it
	monoBold
	monoItalic
	monoBoldItalic
)

func (f face) mono() bool   { return f >= monoRegular }
func (f face) bold() bool   { return f == sansBold || f == monoBold || f == monoBoldItalic }
func (f face) italic() bool { return f == monoItalic || f == monoBoldItalic }

var embedded = [...]func() *sfnt.Font{
	sans:           parsed(liberationsansregular.TTF),
	sansBold:       parsed(liberationsansbold.TTF),
	monoRegular:    parsed(liberationmonoregular.TTF),
	monoBold:       parsed(liberationmonobold.TTF),
	monoItalic:     parsed(liberationmonoitalic.TTF),
	monoBoldItalic: parsed(liberationmonobolditalic.TTF),
}

func parsed(data []byte) func() *sfnt.Font {
	return sync.OnceValue(func() *sfnt.Font {
		f, err := sfnt.Parse(data)
		if err != nil {
			panic("picture: embedded font: " + err.Error())
		}
		return f
	})
}

// measureEm is the size at which advances are asked for: the unit of the
// fonts' own numbers, so that nothing is rounded.
const measureEm = 2048

// advance returns how wide r is in a face, in ems. What the face lacks is
// taken to be as wide as such characters usually are.
func advance(r rune, f face, buf *sfnt.Buffer) float64 {
	if hidden(r) {
		return 0
	}
	if _, ours := ownGlyphs[r]; ours {
		return ownWidth
	}
	if w, ok := glyphAdvance(embedded[f](), r, buf); ok {
		return w
	}
	switch views.Width(string(r)) {
	case 0:
		return 0
	case 1:
		return 0.6
	}
	return 1
}

func glyphAdvance(f *sfnt.Font, r rune, buf *sfnt.Buffer) (ems float64, ok bool) {
	glyph, err := f.GlyphIndex(buf, r)
	if err != nil || glyph == 0 {
		return 0, false
	}
	w, err := f.GlyphAdvance(buf, glyph, fixed.I(measureEm), font.HintingNone)
	if err != nil {
		return 0, false
	}
	return float64(w) / 64 / measureEm, true
}

// measure returns how wide a text is, in CSS pixels.
func measure(s string, f face, size float64) float64 {
	var buf sfnt.Buffer
	w := 0.0
	for _, r := range s {
		w += advance(r, f, &buf)
	}
	return w * size
}
