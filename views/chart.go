package views

import (
	"math"

	"rnnscope/core/scope"
)

// LineChart draws quantities over a common axis, two by four dots a cell:
//
//	   ── train 1.62   ╌╌ valid 1.73        legend, with values at the crosshair
//	4 ┤⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂ uniform      reference
//	  │⢣
//	2 ┤⠈⠢⣀⣀⡀
//	  │     ⠈⠉⠒⠒⠤⠤⠤◆⠤⠤⠤⠤                   mark
//	  └┬───────┬───────┬──
//	   0      500    1,000 update
//
// Where several points share a column of dots all of their range is drawn, so
// that a spike is never lost; where a line crosses a cell with the points of
// another series, the cell is the line's. NaN and infinities are gaps and widen no axis; so
// are values that are not above zero on a logarithmic one. The same chart drawn
// again allocates nothing but its labels.
type LineChart struct {
	X, Y       Axis
	Series     []Series // later ones on top
	References []Reference
	Marks      []Mark
	Crosshair  *float64 // a value of X; nil for none
	Empty      string   // what is said where there is no point to draw

	lines, points, guides dots
	styles                []Style
	letters               []rune // of lines that share a shape, else 0
	taken                 []bool // cells of the plot that no label may cover
}

// Axis is an axis of a chart.
type Axis struct {
	Name     string  // with its unit
	Min, Max float64 // the window that is shown; when equal, all there is
	Log      bool
	Whole    bool // a count: labelled with whole numbers only
}

// Series is one quantity: Y[i] at X[i], X ascending, or the buckets of a Curve
// at the middle of their updates.
type Series struct {
	Name  string
	X, Y  []float64
	Curve []scope.Bucket
	Shape Shape
	Style Style // the zero Style: the theme's for its place among the series
}

// Shape is how the points of a series are drawn.
type Shape uint8

// The shapes.
const (
	Solid Shape = iota
	Dashed
	Dotted
	DashDotted
	Points // not connected; a bucket of several updates is its range
)

// Reference is a value to compare with: a horizontal line, or a vertical one.
type Reference struct {
	Label    string
	Value    float64
	Vertical bool
	Loose    bool  // widens no axis: drawn when its value happens to be shown
	Style    Style // the zero Style: dim
}

// Mark is a point that stands out.
type Mark struct {
	Label string
	X, Y  float64
	Style Style // the zero Style: the theme's accent
}

// Plot is where a chart has drawn its points: the way from cells to values.
type Plot struct {
	Area Rect
	X, Y Scale
}

// Values returns what the middle of a cell stands for.
func (p Plot) Values(x, y int) (vx, vy float64) {
	w, h := float64(2*p.Area.W-1), float64(4*p.Area.H-1)
	return p.X.Value((2*float64(x-p.Area.X) + 0.5) / max(w, 1)), p.Y.Value(1 - (4*float64(y-p.Area.Y)+1.5)/max(h, 1))
}

// Column returns the column of cells where a value of X is drawn, and whether
// it is shown at all.
func (p Plot) Column(vx float64) (x int, ok bool) {
	at := p.dotX(vx)
	return p.Area.X + int(at)/2, at >= 0 && at < float64(2*p.Area.W)
}

// Row returns the row of cells where a value of Y is drawn, and whether it is
// shown at all.
func (p Plot) Row(vy float64) (y int, ok bool) {
	at := p.dotY(vy)
	return p.Area.Y + int(at)/4, at >= 0 && at < float64(4*p.Area.H)
}

// dotX and dotY return the column and row of dots where a value is drawn, in
// whole dots from the plot's upper left corner, NaN if it has no place.
func (p Plot) dotX(v float64) float64 { return math.Round(p.X.At(v) * float64(2*p.Area.W-1)) }
func (p Plot) dotY(v float64) float64 { return math.Round((1 - p.Y.At(v)) * float64(4*p.Area.H-1)) }

// Draw draws the chart in an area and returns where its points are.
func (v *LineChart) Draw(c *Canvas, area Rect, t *Theme) Plot {
	defer c.SetClip(c.Clip(area))
	p := Plot{Area: area}
	var any bool
	p.X, p.Y, any = v.Scales()
	if area.W <= 0 || area.H <= 0 {
		return p
	}
	if !any {
		rows := len(Wrap(v.Empty, area.W))
		Paragraph(c, Rect{area.X, area.Y + max(area.H-rows, 0)/2, area.W, area.H}, v.Empty, t.Dim)
		return p
	}
	v.findLetters(t)
	legend := v.legend(nil, area, area.H/rowsForLegend, t)
	v.legend(c, area, legend, t)
	p.Area = v.frame(c, area, t, p, legend)
	if p.Area.W <= 0 || p.Area.H <= 0 {
		return p
	}
	v.styles = v.styles[:0]
	v.lines.reset(p.Area.W, p.Area.H)
	v.points.reset(p.Area.W, p.Area.H)
	for i := range v.Series {
		s := &v.Series[i]
		v.styles = append(v.styles, s.style(i, t))
		if s.Shape == Points {
			s.drawPoints(&v.points, p, uint8(i))
		} else {
			s.drawLine(&v.lines, p, v.shape(i, t), uint8(i))
		}
	}
	v.taken = v.taken[:0]
	for i, mask := range v.lines.mask {
		v.taken = append(v.taken, mask|v.points.mask[i] != 0)
	}
	v.lines.under(&v.points)
	v.drawGuides(c, p, t)
	v.points.draw(c, p.Area.X, p.Area.Y, v.styles)
	v.lines.draw(c, p.Area.X, p.Area.Y, v.styles)
	v.drawLetters(c, p)
	v.drawMarks(c, p, t)
	v.drawLabels(c, p, t)
	return p
}

func (s *Series) style(i int, t *Theme) Style {
	if s.Style != (Style{}) {
		return s.Style
	}
	return t.Series[i%len(t.Series)]
}

// shape is how a series is drawn. Without colours no two lines look alike, as far
// as there are shapes, and beyond that letters tell them apart: the first that asks for one has it, the others take turns
// with those that nobody asks for.
func (v *LineChart) shape(i int, t *Theme) Shape {
	want := v.Series[i].Shape
	if want == Points || t.Profile != NoColor {
		return want
	}
	var asked [Points + 1]bool
	waiting := 0 // lines before this one that have no shape of their own
	for _, s := range v.Series[:i] {
		if s.Shape != Points && asked[s.Shape] {
			waiting++
		}
		asked[s.Shape] = true
	}
	if !asked[want] {
		return want
	}
	for _, s := range v.Series[i:] {
		asked[s.Shape] = true
	}
	var free [Points]Shape
	n := 0
	for s := range Points {
		if !asked[s] {
			free[n] = s
			n++
		}
	}
	if n == 0 {
		return want
	}
	return free[waiting%n]
}

// Scales returns the axes and whether any point of a series is shown. Without
// a window of its own the vertical axis shows what is in the horizontal one's.
func (v *LineChart) Scales() (x, y Scale, any bool) {
	var ex, ey extent
	for i := range v.Series {
		for p := range v.Series[i].points {
			if !math.IsNaN(p.mid) && !(v.Y.Log && p.hi <= 0) {
				ex.add(p.x, v.X.Log)
			}
		}
	}
	for _, r := range v.References {
		if r.Vertical && !r.Loose {
			ex.add(r.Value, v.X.Log)
		}
	}
	x = v.X.scale(ex)
	for i := range v.Series {
		for p := range v.Series[i].points {
			if at := x.At(p.x); at >= 0 && at <= 1 {
				ey.add(p.lo, v.Y.Log)
				ey.add(p.mid, v.Y.Log)
				ey.add(p.hi, v.Y.Log)
			}
		}
	}
	any = ey.any
	for _, r := range v.References {
		if !r.Vertical && !r.Loose {
			ey.add(r.Value, v.Y.Log)
		}
	}
	return x, v.Y.scale(ey), any
}

func (a Axis) scale(e extent) Scale {
	if a.Min < a.Max && (!a.Log || a.Min > 0) {
		return Scale{a.Min, a.Max, a.Log}
	}
	return e.scale(a.Log)
}
