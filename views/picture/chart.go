package picture

import (
	"io"
	"math"

	"rnnscope/views"
)

// Chart is quantities over a common axis, as views.LineChart draws them: gaps
// at what is not finite, bands from the smallest to the largest of a bucket of
// several updates, references, marks. Without a size it is 960 by 540.
type Chart struct {
	Page
	X, Y       views.Axis // names with their units
	Series     []views.Series
	References []views.Reference
	Marks      []views.Mark
	Empty      string // what is said where there is no point to draw
}

// The smallest room, in CSS pixels, that points have from top to bottom, and
// that one number takes along an axis.
const (
	leastPlot  = 60
	perNumberX = 70
	perNumberY = 44
)

// WriteSVG writes the chart with its text as text.
func (c *Chart) WriteSVG(w io.Writer) error { return writeSVG(c.draw(), w) }

// WritePNG writes the chart.
func (c *Chart) WritePNG(w io.Writer) error { return writePNG(c.draw(), w) }

// Missing returns the characters that no font at hand has.
func (c *Chart) Missing() []rune { return c.draw().missing() }

// sample is a value, or the range and mean of several, at a place of X.
type sample struct{ x, lo, mid, hi float64 }

func samples(s *views.Series) []sample {
	out := make([]sample, 0, len(s.Curve)+min(len(s.X), len(s.Y)))
	for _, b := range s.Curve {
		out = append(out, sample{float64(b.First) + float64(b.Count-1)/2, b.Min, b.Mean, b.Max})
	}
	for i := range min(len(s.X), len(s.Y)) {
		out = append(out, sample{s.X[i], s.Y[i], s.Y[i], s.Y[i]})
	}
	return out
}

// plot is where points are drawn: the way from values to CSS pixels.
type plot struct {
	box
	xs, ys views.Scale
}

// beyond is how many axes away a value can be at most. It stands for what is
// farther, so that no coordinate is infinite.
const beyond = 1e3

// px and py return where a value is drawn, NaN if it has no place.
func (p *plot) px(v float64) float64 {
	return p.x + p.w*min(max(p.xs.At(v), -beyond), beyond)
}
func (p *plot) py(v float64) float64 {
	return p.y + p.h*(1-min(max(p.ys.At(v), -beyond), beyond))
}

// chartDrawing is a chart being laid out.
type chartDrawing struct {
	*Chart
	*drawing
	look
	plot
	taken []box   // where texts and marks are
	ink   []point // where lines go, densely
}

func (c *Chart) draw() *drawing {
	l := c.look()
	width := within(c.Width, 960, narrowest, widest)
	g := &chartDrawing{Chart: c, drawing: &drawing{}, look: l}
	legend := g.legend(box{0, 0, width - 2*margin, 0}).y // how high it is
	const frame = 4*labelSize*lineHeight + 10            // the names of the axes and the numbers
	g.drawing = c.blank(l, 960, 540, c.headHeight()+legend+frame+leastPlot+c.footHeight(width))
	in := c.texts(g.drawing, l)
	lines := views.LineChart{X: c.X, Y: c.Y, Series: c.Series, References: c.References}
	var any bool
	g.xs, g.ys, any = lines.Scales()
	if !any {
		for i, line := range wrap(c.Empty, sans, subtitleSize, in.w, 5) {
			g.writeCenter(in.x+in.w/2, in.y+in.h/2+float64(i)*subtitleSize*lineHeight, line, sans, subtitleSize, l.dim)
		}
		return g.drawing
	}
	if !(c.Y.Min < c.Y.Max) {
		g.ys = roomy(g.ys)
	}
	in = g.legend(in)
	if c.Y.Name != "" {
		g.write(in.x, in.y+labelSize, fit(c.Y.Name, sans, labelSize, in.w), sans, labelSize, l.dim)
		in.y += labelSize * lineHeight
		in.h -= labelSize * lineHeight
	}
	g.frame(in)
	for i := range c.Series {
		g.band(i)
	}
	for i := range c.Series {
		g.series(i)
	}
	for i := range c.References {
		g.reference(&c.References[i])
	}
	for i := range c.Marks {
		g.mark(&c.Marks[i])
	}
	for i := range c.Marks {
		g.markLabel(&c.Marks[i])
	}
	for i := range c.References {
		g.referenceLabel(&c.References[i])
	}
	return g.drawing
}

// roomy returns an axis with some room at its ends, but none beyond zero.
func roomy(s views.Scale) views.Scale {
	const room = 0.04
	if s.Log {
		factor := math.Pow(s.Max/s.Min, room)
		return views.Scale{Min: s.Min / factor, Max: s.Max * factor, Log: true}
	}
	pad := room * (s.Max - s.Min)
	out := views.Scale{Min: s.Min - pad, Max: s.Max + pad}
	if s.Min >= 0 {
		out.Min = max(out.Min, 0)
	}
	if s.Max <= 0 {
		out.Max = min(out.Max, 0)
	}
	return out
}

func (g *chartDrawing) color(i int) ink {
	return g.of(g.Series[i].Style, g.look.series[i%len(g.look.series)])
}

// legend names the series, lines before points, in as many rows as they take,
// and returns the room below.
func (g *chartDrawing) legend(in box) box {
	const swatch, gap, row, longest = 26, 20, labelSize * 1.6, 260
	x, y, rows := in.x, in.y, 0
	for k := range 2 * len(g.Series) {
		i := k % len(g.Series)
		s := &g.Series[i]
		if s.Name == "" || (s.Shape == views.Points) != (k >= len(g.Series)) {
			continue
		}
		name := fit(s.Name, sans, labelSize, min(longest, in.w-swatch))
		w := swatch + measure(name, sans, labelSize)
		if rows == 0 {
			rows = 1
		} else if x+w > in.right() {
			x, y = in.x, y+row
			rows++
		}
		color, middle := g.color(i), y+labelSize*0.62
		if s.Shape == views.Points {
			p := &path{fill: color}
			for j := range 3 {
				p.circle(x+3+7*float64(j), middle, pointRadius)
			}
			g.add(p)
		} else {
			g.segment(x, middle, x+18, middle, lineWidth, color, dashOf(s.Shape)...)
		}
		g.write(x+swatch, y+labelSize, name, sans, labelSize, g.look.text)
		x += w + gap
	}
	used := 0.0
	if rows > 0 {
		used = math.Round(float64(rows)*row + 6)
	}
	return box{in.x, in.y + used, in.w, max(in.h-used, 0)}
}

// frame draws the axes with as many numbers as stand apart, and keeps where the
// points go.
func (g *chartDrawing) frame(in box) {
	below := labelSize * lineHeight
	if g.X.Name != "" {
		below += labelSize * lineHeight
	}
	p := &g.plot
	p.box = box{in.x, in.y + 6, in.w, max(math.Floor(in.h-6-below-4), 1)}
	ticks := p.ys.Ticks(max(int(p.h/perNumberY), 2), g.Y.Whole)
	gutter := 0.0
	for _, k := range ticks {
		gutter = max(gutter, measure(k.Label, sans, labelSize))
	}
	p.x = math.Ceil(in.x + gutter + 8)
	p.w = max(math.Floor(in.right()-p.x), 1)
	for _, k := range ticks {
		y := p.py(k.Value)
		if !(y >= p.y-0.5 && y <= p.bottom()+0.5) {
			continue
		}
		g.rect(box{p.x, math.Round(y), p.w, 1}, g.grid)
		g.writeRight(p.x-8, y+labelSize*0.36, k.Label, sans, labelSize, g.dim)
	}
	g.rect(box{p.x, p.bottom(), p.w, 1}, g.look.frame)
	n := max(int(p.w/perNumberX), 1)
	var labels []placed
	for ; n >= 1; n-- {
		if labels = g.below(p.xs.Ticks(n, g.X.Whole)); apartBy(labels, 14) {
			break
		}
	}
	for _, k := range labels {
		g.rect(box{math.Round(k.at), p.bottom(), 1, 5}, g.look.frame)
		g.write(k.x, p.bottom()+6+labelSize, k.label, sans, labelSize, g.dim)
	}
	if g.X.Name != "" {
		name := fit(g.X.Name, sans, labelSize, p.w)
		g.writeCenter(p.x+p.w/2, p.bottom()+6+labelSize*(1+lineHeight), name, sans, labelSize, g.dim)
	}
}

// placed is a label of the horizontal axis: where its value and it are.
type placed struct {
	at, x, w float64
	label    string
}

// below returns the labels that are within the plot, moved into the picture.
func (g *chartDrawing) below(ticks []views.Tick) (out []placed) {
	for _, k := range ticks {
		at := g.px(k.Value)
		if !(at >= g.plot.x-0.5 && at <= g.plot.right()+0.5) {
			continue
		}
		w := measure(k.Label, sans, labelSize)
		x := min(max(at-w/2, margin/2), g.plot.right()+margin/2-w)
		out = append(out, placed{at, x, w, k.Label})
	}
	return out
}

func apartBy(labels []placed, gap float64) bool {
	for i := 1; i < len(labels); i++ {
		if labels[i].x < labels[i-1].x+labels[i-1].w+gap {
			return false
		}
	}
	return true
}
