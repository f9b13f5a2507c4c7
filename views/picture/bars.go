package picture

import (
	"io"
	"math"

	"rnnscope/views"
)

// Bars is a labelled value a row, each with a second one to compare with, as
// views.Bars draws them. Without a size it is 720 wide and 24 a row high.
type Bars struct {
	Page
	Rows     []views.Bar // a Ghost of 0 or NaN is none; Note stands at the right
	Min, Max float64     // the scale; when equal, from zero to what the rows hold

	// Table is what WriteCSV writes in the rows' place, its header first: where the
	// picture shows a part of what there is.
	Table [][]string

	// What the labels, values and second values are, with their units.
	LabelName, ValueName, GhostName string
}

// Sizes of bars, in CSS pixels.
const (
	barRow    = 24
	barThick  = 15
	ghostPen  = 1.5
	barLegend = 26
	barAxis   = 26
)

// WriteSVG writes the bars with their text as text.
func (b *Bars) WriteSVG(w io.Writer) error { return writeSVG(b.draw(), w) }

// WritePNG writes the bars.
func (b *Bars) WritePNG(w io.Writer) error { return writePNG(b.draw(), w) }

// Missing returns the characters that no font at hand has.
func (b *Bars) Missing() []rune { return b.draw().missing() }

// WriteCSV writes one row a bar, or the table.
func (b *Bars) WriteCSV(w io.Writer) error {
	if len(b.Table) > 0 {
		t := newTable(w, b.Table[0]...)
		for _, row := range b.Table[1:] {
			t.row(row...)
		}
		return t.end()
	}
	t := newTable(w, or(b.LabelName, "label"), or(b.ValueName, "value"), or(b.GhostName, "second value"), "note")
	for _, r := range b.Rows {
		t.row(field(r.Label), exact(r.Value), exact(r.Ghost), field(r.Note))
	}
	return t.end()
}

// scale returns the axis that all bars share; it contains zero.
func (b *Bars) scale() views.Scale {
	chart := views.LineChart{}
	if finite(b.Max - b.Min) {
		chart.Y = views.Axis{Min: b.Min, Max: b.Max}
	}
	values := make([]float64, 0, 2*len(b.Rows)+1)
	for _, r := range b.Rows {
		values = append(values, r.Value, r.Ghost)
	}
	values = append(values, 0)
	chart.Series = []views.Series{{X: make([]float64, len(values)), Y: values}}
	_, s, _ := chart.Scales()
	if s.Max == -s.Min { // around a single value there is room on both sides
		negative, positive := false, false
		for _, v := range values {
			negative, positive = negative || finite(v) && v < 0, positive || finite(v) && v > 0
		}
		if !negative && !positive {
			s.Min, s.Max = 0, 1
		}
	}
	s.Min, s.Max = min(s.Min, 0), max(s.Max, 0)
	return s
}

func (b *Bars) draw() *drawing {
	l := b.look()
	width := within(b.Width, 720, narrowest, widest)
	legend := 0.0
	if b.ValueName != "" || b.GhostName != "" {
		legend = barLegend
	}
	texts := b.headHeight() + legend + barAxis + b.footHeight(width)
	d := b.blank(l, width, texts+float64(len(b.Rows))*barRow, texts+barRow)
	in := b.texts(d, l)
	if legend > 0 {
		b.legend(d, l, in)
	}
	in.y += legend
	in.h -= legend + barAxis
	if len(b.Rows) == 0 || in.h <= 0 {
		return d
	}
	label, note := 0.0, 0.0
	for _, r := range b.Rows {
		label = max(label, measure(plain(token(r.Label)), sans, labelSize))
		note = max(note, measure(plain(r.Note), sans, labelSize))
	}
	label = math.Ceil(min(label, in.w/3)) + 8
	note = math.Ceil(min(note, in.w/4)) + 8
	track := box{in.x + label, in.y, max(in.w-label-note, 1), in.h}
	p := plot{box: track, xs: b.scale()}
	ticks := (&chartDrawing{plot: p}).below(p.xs.Ticks(max(int(track.w/perNumberX), 1), false))
	for _, k := range ticks {
		d.rect(box{math.Round(k.at), track.y, 1, track.h}, l.grid)
	}
	pitch := math.Min(track.h/float64(len(b.Rows)), barRow)
	every := max(int(math.Ceil(labelSize*1.15/pitch)), 1) // rows that are labelled
	for i := range b.Rows {
		y := track.y + float64(i)*pitch
		b.bar(d, l, &p, i, y, pitch)
		if i%every != 0 {
			continue
		}
		r := &b.Rows[i]
		f, color := sans, l.text
		if r.Marked {
			f, color = sansBold, l.accent
		}
		base := y + pitch/2 + labelSize*0.36
		d.writeRight(track.x-8, base, fit(token(r.Label), f, labelSize, label-8), f, labelSize, color)
		d.writeRight(in.right(), base, fit(r.Note, sans, labelSize, note-8), sans, labelSize, l.text)
	}
	d.rect(box{math.Round(p.px(0)), track.y, 1, track.h}, l.dim)
	for i, k := range ticks {
		if i == 0 || k.x > ticks[i-1].x+ticks[i-1].w+8 {
			d.write(k.x, track.bottom()+6+labelSize, k.label, sans, labelSize, l.dim)
		}
	}
	return d
}

// bar draws a value and around it an outline of the second one. What is not
// finite is said in words, where the bar would be.
func (b *Bars) bar(d *drawing, l look, p *plot, i int, y, pitch float64) {
	r := &b.Rows[i]
	thick := math.Round(min(barThick, pitch*0.75))
	y = math.Round(y + (pitch-thick)/2)
	color := l.of(r.Style, l.series[0])
	zero := p.px(0)
	span := func(v float64) (x, w float64) {
		to := min(max(p.px(v), p.x), p.right())
		return min(zero, to), math.Abs(to - zero)
	}
	if finite(r.Value) {
		x, w := span(r.Value)
		if r.Value != 0 {
			w = max(w, 1)
		}
		d.rect(box{x, y, w, thick}, color)
	} else {
		d.write(zero+6, y+thick/2+labelSize*0.36, fit(exact(r.Value), sansBold, labelSize, p.right()-zero-6), sansBold, labelSize, l.bad)
	}
	if finite(r.Ghost) && r.Ghost != 0 {
		x, w := span(r.Ghost)
		d.outline(box{x, y - 2, max(w, ghostPen), thick + 4}, ghostPen, l.text)
	}
}

func (b *Bars) legend(d *drawing, l look, in box) {
	x := in.x
	const side = 12
	if b.ValueName != "" {
		d.rect(box{x, in.y + 1, side, side}, l.series[0])
		name := fit(b.ValueName, sans, labelSize, in.w/2-side-30)
		d.write(x+side+7, in.y+labelSize, name, sans, labelSize, l.text)
		x += side + 7 + measure(plain(name), sans, labelSize) + 20
	}
	if b.GhostName != "" {
		d.outline(box{x, in.y + 1, side, side}, ghostPen, l.text)
		d.write(x+side+7, in.y+labelSize, fit(b.GhostName, sans, labelSize, in.right()-x-side-7), sans, labelSize, l.text)
	}
}
