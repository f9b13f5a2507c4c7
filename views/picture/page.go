package picture

import (
	"math"

	"rnnscope/views"
)

// Page is what pictures have in common:
//
//	Title
//	Subtitle: model, corpus, update
//	(the picture)
//	Caption
type Page struct {
	Title, Subtitle, Caption string
	Description              string       // for those who do not see the picture; empty: the subtitle
	Theme                    *views.Theme // nil: light
	Width, Height            float64      // CSS pixels, 1/96 inch; 0: see each kind. Raised to what the texts need
	Scale                    float64      // pixels of a PNG a CSS pixel; 0: 2
}

// The limits of a size, in CSS pixels, and of a scale: beyond them nothing
// could be read, or written.
const (
	narrowest, widest = 120, 16384
	coarsest, finest  = 0.1, 16
)

// Sizes of text and space, in CSS pixels.
const (
	margin       = 24
	titleSize    = 18
	subtitleSize = 13
	labelSize    = 12
	captionSize  = 11
	lineHeight   = 1.4 // of a text's size
)

// look is a theme as inks. It is made from a theme of 24 bits, whatever the
// terminal has.
type look struct {
	theme                         *views.Theme
	paper, text, dim, frame, grid ink
	accent, bad                   ink
	series                        [6]ink
}

// What a terminal draws text with by default.
var (
	textOnDark  = ink{0xd9, 0xdd, 0xe6, 0xff}
	textOnLight = ink{0x1f, 0x24, 0x2d, 0xff}
)

func (p *Page) look() look {
	t := p.Theme
	switch {
	case t == nil:
		t = views.NewTheme(views.LightBackground, views.Options{})
	case t.Profile != views.TrueColor || t.ASCII:
		t = views.NewTheme(t.Background, views.Options{})
	}
	l := look{
		theme: t, paper: inkOf(t.Background), text: textOnLight,
		dim: inkOf(t.Dim.FG), frame: inkOf(t.Frame.FG), accent: inkOf(t.Accent.FG), bad: inkOf(t.Bad.FG),
	}
	if t.Dark {
		l.text = textOnDark
	}
	l.grid = l.frame.mix(l.paper, 0.6)
	for i, s := range t.Series {
		l.series[i] = inkOf(s.FG)
	}
	return l
}

// of returns the ink of a style, or another where it has no colour.
func (l *look) of(s views.Style, otherwise ink) ink {
	if s.FG.Set() {
		return inkOf(s.FG)
	}
	return otherwise
}

// within returns v where it is a size from lo to hi, the nearer of them where
// it is another, and standard where it is none.
func within(v, standard, lo, hi float64) float64 {
	if !(v > 0) {
		v = standard
	}
	return math.Round(min(max(v, lo), hi)*100) / 100
}

// blank returns a drawing of the page's size, with standard sizes for those that
// it does not have and the least height that its texts and picture need.
func (p *Page) blank(l look, width, height, least float64) *drawing {
	d := &drawing{
		w:     math.Round(within(p.Width, width, narrowest, widest)),
		h:     math.Round(within(p.Height, height, min(least, widest), widest)),
		scale: within(p.Scale, 2, coarsest, finest),
		title: p.Title, description: p.Description, background: l.paper,
	}
	if d.description == "" {
		d.description = p.Subtitle
	}
	return d
}

// captionLines is how many lines of a caption are shown at most.
const captionLines = 3

// headHeight and footHeight return what the texts above and below a picture
// take in a page of a width, with the margins.
func (p *Page) headHeight() float64 {
	h := float64(margin)
	if p.Title != "" {
		h += titleSize * lineHeight
	}
	if p.Subtitle != "" {
		h += subtitleSize * lineHeight
	}
	if h > margin {
		h += 10
	}
	return math.Round(h)
}

func (p *Page) footHeight(width float64) float64 {
	n := len(wrap(p.Caption, sans, captionSize, width-2*margin, captionLines))
	if n == 0 {
		return margin
	}
	return math.Round(margin + 8 + float64(n)*captionSize*lineHeight)
}

// texts writes the texts of a page and returns what is left for the picture.
func (p *Page) texts(d *drawing, l look) box {
	in := box{margin, margin, d.w - 2*margin, 0}
	y := float64(margin)
	if p.Title != "" {
		d.write(in.x, y+titleSize*0.85, fit(p.Title, sansBold, titleSize, in.w), sansBold, titleSize, l.text)
		y += titleSize * lineHeight
	}
	if p.Subtitle != "" {
		d.write(in.x, y+subtitleSize, fit(p.Subtitle, sans, subtitleSize, in.w), sans, subtitleSize, l.dim)
	}
	in.y = p.headHeight()
	foot := p.footHeight(d.w)
	in.h = max(d.h-in.y-foot, 0)
	for i, line := range wrap(p.Caption, sans, captionSize, in.w, captionLines) {
		d.write(in.x, in.bottom()+8+captionSize*(1+float64(i)*lineHeight), line, sans, captionSize, l.dim)
	}
	return in
}
