package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"rnnscope/core/say"
)

// mostPixels is how large a PNG may be: 64 million are 256 MB while it is
// drawn.
const mostPixels = 64 << 20

// doubleStrike is how far apart a glyph is drawn twice to look bold, in ems.
const doubleStrike = 0.04

// writePNG draws a drawing as a PNG with d.scale pixels a CSS pixel.
func writePNG(d *drawing, w io.Writer) error {
	width, height := int(math.Round(d.w*d.scale)), int(math.Round(d.h*d.scale))
	if width*height > mostPixels {
		return &Error{
			What: say.Textf("a PNG of %d x %d pixels is too large (at most %d million)", width, height, mostPixels>>20),
			Hint: say.Textf("choose fewer pixels, or write SVG, which has no limit"),
		}
	}
	c := &raster{
		img:   image.NewRGBA(image.Rect(0, 0, width, height)),
		scale: d.scale, fonts: newFonts(),
	}
	defer c.fonts.close()
	draw.Draw(c.img, c.img.Rect, d.background.uniform(), image.Point{}, draw.Src)
	for _, s := range d.shapes {
		switch s := s.(type) {
		case *rects:
			for _, b := range s.boxes {
				c.fillRect(b.x, b.y, b.right(), b.bottom(), s.fill)
			}
		case *path:
			c.path(s)
		case *dots:
			for _, at := range s.at {
				p := &path{}
				p.circle(s.origin.x+float64(at[0])*s.pitch, s.origin.y+float64(at[1])*s.pitch, s.radius)
				c.fill(p.steps, s.fill)
			}
		case *lattice:
			c.lattice(s)
		case *text:
			c.text(s)
		default:
			panic(fmt.Sprintf("picture: png: shape %T", s))
		}
	}
	return png.Encode(w, c.img)
}

func (i ink) uniform() *image.Uniform { return image.NewUniform(color.NRGBA{i.r, i.g, i.b, i.a}) }

// raster is an image that shapes are drawn on.
type raster struct {
	img   *image.RGBA
	scale float64
	fonts *fonts
	z     vector.Rasterizer
}

// fillRect fills a rectangle whose edges snap to pixels; it never gets lost.
func (c *raster) fillRect(x0, y0, x1, y1 float64, fill ink) {
	px := func(v float64) int { return int(math.Round(v * c.scale)) }
	r := image.Rect(px(x0), px(y0), max(px(x1), px(x0)+1), max(px(y1), px(y0)+1))
	draw.Draw(c.img, r.Intersect(c.img.Rect), fill.uniform(), image.Point{}, draw.Over)
}

func (c *raster) lattice(l *lattice) {
	cw, ch := l.at.w/float64(l.cols), l.at.h/float64(l.rows())
	for i, color := range l.colors {
		if color.a > 0 {
			x, y := l.at.x+float64(i%l.cols)*cw, l.at.y+float64(i/l.cols)*ch
			c.fillRect(x, y, x+cw, y+ch, color)
		}
	}
}

// fill fills the inside of closed paths, antialiased. It works in the smallest
// rectangle of pixels around them.
func (c *raster) fill(steps []step, fill ink) {
	if fill.a == 0 || len(steps) == 0 {
		return
	}
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, s := range steps {
		for _, q := range s.points() {
			lo.x, lo.y = min(lo.x, q.x*c.scale), min(lo.y, q.y*c.scale)
			hi.x, hi.y = max(hi.x, q.x*c.scale), max(hi.y, q.y*c.scale)
		}
	}
	bounds := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1)
	if bounds = bounds.Intersect(c.img.Rect); bounds.Empty() {
		return
	}
	at := func(q point) (x, y float32) {
		return float32(q.x*c.scale - float64(bounds.Min.X)), float32(q.y*c.scale - float64(bounds.Min.Y))
	}
	c.z.Reset(bounds.Dx(), bounds.Dy())
	for _, s := range steps {
		x, y := at(s.at[0])
		switch s.kind {
		case 'M':
			c.z.ClosePath()
			c.z.MoveTo(x, y)
		case 'L':
			c.z.LineTo(x, y)
		case 'C':
			x1, y1 := at(s.at[1])
			x2, y2 := at(s.at[2])
			c.z.CubeTo(x, y, x1, y1, x2, y2)
		case 'Z':
			c.z.ClosePath()
		}
	}
	c.z.ClosePath()
	c.z.Draw(c.img, bounds, fill.uniform(), image.Point{})
}

func (s *step) points() []point {
	switch s.kind {
	case 'Z':
		return nil
	case 'C':
		return s.at[:]
	}
	return s.at[:1]
}

// text draws one glyph after another; where no font has one, a box with its
// number.
func (c *raster) text(t *text) {
	var steps []step
	x := 0.0 // from the start of the text, in CSS pixels
	place := func(dx, dy float64) point {
		if t.upwards {
			return point{t.x + dy, t.y - dx}
		}
		return point{t.x + dx, t.y + dy}
	}
	for _, r := range t.s {
		w := advance(r, t.face, &c.fonts.buf) * t.size
		if t.cell > 0 && w > 0 {
			if w = t.cell; x+w > t.width+1 {
				break // what a viewer that knows the cluster draws as one
			}
		}
		if r == ' ' || hidden(r) {
			x += w
			continue
		}
		if lines, ours := ownGlyphs[r]; ours {
			for _, line := range lines {
				at := make([]point, len(line))
				for i, q := range line {
					at[i] = place(x+q.x*w, -q.y*t.size)
				}
				steps = append(steps, along(at, ownPen*t.size, true)...)
			}
			x += w
			continue
		}
		f, glyph, ok := c.fonts.glyph(r, t.face)
		if !ok {
			steps = append(steps, numberBox(r, t, x, max(w, t.size/2), place, c.fonts)...)
			x += w
			continue
		}
		steps = append(steps, outline(c.fonts, f, glyph, t.size, x, w, place)...)
		if t.face.bold() && f != embedded[t.face]() { // one weight is all that there is: struck twice
			steps = append(steps, outline(c.fonts, f, glyph, t.size, x+doubleStrike*t.size, w, place)...)
		}
		x += w
	}
	c.fill(steps, t.fill)
}

// outline returns a glyph's shape with its origin at x on the baseline. One
// from another font is centred in the width that was measured, and narrowed if
// it is wider.
func outline(fonts *fonts, f *sfnt.Font, glyph sfnt.GlyphIndex, size, x, w float64, place func(dx, dy float64) point) []step {
	unit := size / (64 * measureEm)
	narrow := 1.0
	if own, err := f.GlyphAdvance(&fonts.buf, glyph, fixed.I(measureEm), 0); err == nil && w > 0 {
		ownWidth := float64(own) * unit
		if ownWidth > w*1.02 {
			narrow = w / ownWidth
		} else {
			x += (w - ownWidth) / 2
		}
	}
	segments, err := f.LoadGlyph(&fonts.buf, glyph, fixed.I(measureEm), nil)
	if err != nil {
		return nil // it did load, so the file has changed under our hands
	}
	steps := make([]step, 0, len(segments)+1)
	at := func(p fixed.Point26_6) point { return place(x+float64(p.X)*unit*narrow, float64(p.Y)*unit) }
	var pen point
	for _, s := range segments {
		a := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			steps = append(steps, step{kind: 'M', at: [3]point{a}})
			pen = a
		case sfnt.SegmentOpLineTo:
			steps = append(steps, step{kind: 'L', at: [3]point{a}})
			pen = a
		case sfnt.SegmentOpQuadTo: // as a cubic
			to := at(s.Args[1])
			steps = append(steps, step{kind: 'C', at: [3]point{
				{pen.x + 2*(a.x-pen.x)/3, pen.y + 2*(a.y-pen.y)/3},
				{to.x + 2*(a.x-to.x)/3, to.y + 2*(a.y-to.y)/3},
				to,
			}})
			pen = to
		case sfnt.SegmentOpCubeTo:
			pen = at(s.Args[2])
			steps = append(steps, step{kind: 'C', at: [3]point{a, at(s.Args[1]), pen}})
		}
	}
	return steps
}

// numberBox returns the shape of a box with the hexadecimal number of r, in two
// rows.
func numberBox(r rune, t *text, x, w float64, place func(dx, dy float64) point, fonts *fonts) []step {
	h, pen := 0.8*t.size, max(t.size/16, 0.5)
	left, right := x+0.05*t.size, x+w-0.05*t.size
	frame := func(inset float64, back bool) []step {
		corners := []point{
			place(left+inset, -h+inset), place(right-inset, -h+inset), place(right-inset, -inset), place(left+inset, -inset),
		}
		if back { // the other way round, so that it is a hole
			corners[1], corners[3] = corners[3], corners[1]
		}
		p := &path{}
		p.polygon(corners...)
		return p.steps
	}
	steps := append(frame(0, false), frame(pen, true)...)
	digits := fmt.Sprintf("%04X", r)
	half := (len(digits) + 1) / 2
	size := min(0.42*t.size, (right-left-2*pen)/(float64(half)*0.62))
	f := embedded[monoBold]()
	for i, digit := range digits {
		glyph, ok := fonts.in(f, digit)
		if !ok {
			continue
		}
		row, col := i/half, i%half
		dx := left + (right-left-float64(half)*0.6*size)/2 + float64(col)*0.6*size
		dy := -h/2 - 0.06*t.size
		if row == 1 {
			dy = -0.12 * t.size
		}
		steps = append(steps, outline(fonts, f, glyph, size, dx, 0.6*size, func(gx, gy float64) point {
			return place(gx, gy+dy)
		})...)
	}
	return steps
}
