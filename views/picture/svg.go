package picture

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// The fonts that are asked for: those with Liberation's widths first, then
// what systems have for Chinese.
const (
	sansFamily = `'Liberation Sans',Arial,Helvetica,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','WenQuanYi Micro Hei',sans-serif`
	monoFamily = `ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono','PingFang SC','Microsoft YaHei','Noto Sans Mono CJK SC','WenQuanYi Micro Hei Mono',monospace`
)

// svg appends the drawing as an SVG 1.1 document. Numbers have at most two
// decimals.
func (d *drawing) svg(dst []byte) []byte {
	dst = append(dst, `<svg xmlns="http://www.w3.org/2000/svg" width="`...)
	dst = append(number(dst, d.w), `" height="`...)
	dst = append(number(dst, d.h), `" viewBox="0 0 `...)
	dst = append(number(dst, d.w), ' ')
	dst = append(number(dst, d.h), `" role="img" aria-label="`...)
	dst = append(escape(dst, plain(d.title)), "\">\n<title>"...)
	dst = append(escape(dst, plain(d.title)), "</title>\n"...)
	if d.description != "" {
		dst = append(dst, "<desc>"...)
		dst = append(escape(dst, plain(d.description)), "</desc>\n"...)
	}
	if d.background.a > 0 {
		dst = append(dst, `<rect width="100%" height="100%"`...)
		dst = append(paint(dst, "fill", d.background), "/>\n"...)
	}
	for i := 0; i < len(d.shapes); i++ {
		switch s := d.shapes[i].(type) {
		case *rects:
			dst = s.svg(dst)
		case *path:
			dst = s.svg(dst)
		case *dots:
			dst = s.svg(dst)
		case *lattice:
			dst = s.svg(dst)
		case *text:
			last := i
			for last+1 < len(d.shapes) {
				if next, ok := d.shapes[last+1].(*text); !ok || next.face != s.face || next.size != s.size || next.fill != s.fill {
					break
				}
				last++
			}
			dst = s.open(dst)
			for ; i < last; i++ {
				dst = d.shapes[i].(*text).svg(dst)
			}
			dst = append(d.shapes[i].(*text).svg(dst), "</g>\n"...)
		default:
			panic(fmt.Sprintf("picture: svg: shape %T", s))
		}
	}
	return append(dst, "</svg>\n"...)
}

// number appends v with at most two decimals. What is not finite has no place
// in a drawing; should it get here it becomes 0 and not a broken file.
func number(dst []byte, v float64) []byte {
	v = math.Round(v*100) / 100
	if math.IsNaN(v) || math.IsInf(v, 0) || v == 0 {
		return append(dst, '0')
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'f', -1, 64)
	if i := bytes.Index(dst[start:], []byte("0.")); i == 0 || i == 1 && dst[start] == '-' {
		dst = slices.Delete(dst, start+i, start+i+1)
	}
	return dst
}

// pair appends x and y, apart from what is before only where they must be.
func pair(dst []byte, x, y float64) []byte {
	dst = number(dst, x)
	before := len(dst)
	dst = number(append(dst, ' '), y)
	if dst[before+1] == '-' {
		dst = slices.Delete(dst, before, before+1)
	}
	return dst
}

func escape(dst []byte, s string) []byte {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("picture: svg: " + err.Error()) // a Buffer takes everything
	}
	return append(dst, b.Bytes()...)
}

// paint appends an attribute of a colour, and its opacity.
func paint(dst []byte, attribute string, i ink) []byte {
	if i.a == 0 {
		return fmt.Appendf(dst, ` %s="none"`, attribute)
	}
	dst = fmt.Appendf(dst, ` %s="#%02x%02x%02x"`, attribute, i.r, i.g, i.b)
	if i.a < 0xff {
		dst = fmt.Appendf(dst, ` %s-opacity="`, attribute)
		dst = append(number(dst, float64(i.a)/255), '"')
	}
	return dst
}

func (r *rects) svg(dst []byte) []byte {
	dst = append(dst, `<path shape-rendering="crispEdges"`...)
	dst = append(paint(dst, "fill", r.fill), ` d="`...)
	for _, b := range r.boxes {
		dst = pair(append(dst, 'M'), b.x, b.y)
		dst = number(append(dst, 'h'), b.w)
		dst = number(append(dst, 'v'), b.h)
		dst = number(append(dst, 'h'), -b.w)
		dst = append(dst, 'z')
	}
	return append(dst, "\"/>\n"...)
}

func (p *path) svg(dst []byte) []byte {
	dst = append(dst, "<path"...)
	dst = paint(dst, "fill", p.fill)
	if p.stroke.a > 0 {
		dst = paint(dst, "stroke", p.stroke)
		dst = append(dst, ` stroke-width="`...)
		dst = append(number(dst, p.width), `" stroke-linejoin="round"`...)
		if p.dash == nil {
			dst = append(dst, ` stroke-linecap="round"`...)
		} else {
			dst = append(dst, ` stroke-dasharray="`...)
			for i, length := range p.dash {
				if i > 0 {
					dst = append(dst, ' ')
				}
				dst = number(dst, length)
			}
			dst = append(dst, '"')
		}
	}
	dst = append(dst, ` d="`...)
	last := byte(0)
	for _, s := range p.steps {
		switch s.kind {
		case 'Z':
			dst = append(dst, 'z')
		case 'C':
			dst = pair(append(dst, 'C'), s.at[0].x, s.at[0].y)
			dst = pair(append(dst, ' '), s.at[1].x, s.at[1].y)
			dst = pair(append(dst, ' '), s.at[2].x, s.at[2].y)
		case last: // of several lines one letter is enough
			dst = pair(append(dst, ' '), s.at[0].x, s.at[0].y)
		default:
			dst = pair(append(dst, s.kind), s.at[0].x, s.at[0].y)
		}
		last = s.kind
		if last != 'L' {
			last = 0
		}
	}
	return append(dst, "\"/>\n"...)
}

// svg writes dots as lines of no length with round ends.
func (p *dots) svg(dst []byte) []byte {
	if len(p.at) == 0 {
		return dst
	}
	dst = append(dst, `<path fill="none"`...)
	dst = append(paint(dst, "stroke", p.fill), ` stroke-linecap="round" stroke-width="`...)
	dst = append(number(dst, 2*p.radius/p.pitch), `" transform="translate(`...)
	dst = pair(dst, p.origin.x, p.origin.y)
	dst = append(dst, `)scale(`...)
	dst = append(number(dst, p.pitch), `)" d="`...)
	last := [2]int{}
	for i, at := range p.at {
		command := byte('m')
		if i == 0 {
			command = 'M'
		}
		dst = pair(append(dst, command), float64(at[0]-last[0]), float64(at[1]-last[1]))
		dst = append(dst, "h0"...)
		last = at
	}
	return append(dst, "\"/>\n"...)
}

// svg writes the cells of each colour as lines as thick as a row, in units of
// cells: about seven bytes a run of equal ones.
func (l *lattice) svg(dst []byte) []byte {
	type run struct{ x, y, n int }
	runs := map[ink][]run{}
	var order []ink
	for y := range l.rows() {
		row := l.colors[y*l.cols : (y+1)*l.cols]
		for x := 0; x < len(row); {
			n := 1
			for x+n < len(row) && row[x+n] == row[x] {
				n++
			}
			if row[x].a > 0 {
				if runs[row[x]] == nil {
					order = append(order, row[x])
				}
				runs[row[x]] = append(runs[row[x]], run{x, y, n})
			}
			x += n
		}
	}
	if len(order) == 0 {
		return dst
	}
	slices.SortFunc(order, func(a, b ink) int {
		return cmp.Or(cmp.Compare(a.r, b.r), cmp.Compare(a.g, b.g), cmp.Compare(a.b, b.b), cmp.Compare(a.a, b.a))
	})
	dst = append(dst, `<g fill="none" shape-rendering="crispEdges" transform="translate(`...)
	dst = pair(dst, l.at.x, l.at.y)
	// Not rounded to two decimals: the error grows with the column.
	dst = fmt.Appendf(dst, ")scale(%.7g %.7g)\">\n", l.at.w/float64(l.cols), l.at.h/float64(l.rows()))
	for _, color := range order {
		dst = append(paint(append(dst, "<path"...), "stroke", color), ` d="`...)
		x, y := 0, 0
		for i, r := range runs[color] {
			if i == 0 {
				dst = pair(append(dst, 'M'), float64(r.x), float64(r.y)+0.5)
			} else {
				dst = pair(append(dst, 'm'), float64(r.x-x), float64(r.y-y))
			}
			dst = number(append(dst, 'h'), float64(r.n))
			x, y = r.x+r.n, r.y
		}
		dst = append(dst, "\"/>\n"...)
	}
	return append(dst, "</g>\n"...)
}

// open begins a group of texts that look alike.
func (t *text) open(dst []byte) []byte {
	family := sansFamily
	if t.face.mono() {
		family = monoFamily
	}
	dst = fmt.Appendf(dst, `<g font-family="%s" font-size="`, family)
	dst = append(number(dst, t.size), '"')
	dst = paint(dst, "fill", t.fill)
	if t.face.bold() {
		dst = append(dst, ` font-weight="bold"`...)
	}
	if t.face.italic() {
		dst = append(dst, ` font-style="italic"`...)
	}
	return append(dst, ">\n"...)
}

func (t *text) svg(dst []byte) []byte {
	dst = append(dst, "<text "...)
	if t.upwards {
		dst = append(dst, `transform="translate(`...)
		dst = append(pair(dst, t.x, t.y), `)rotate(-90)"`...)
	} else {
		dst = append(number(append(dst, `x="`...), t.x), `" y="`...)
		dst = append(number(dst, t.y), '"')
	}
	if len(t.s) > 1 {
		dst = append(number(append(dst, ` textLength="`...), t.width), `" lengthAdjust="spacingAndGlyphs"`...)
	}
	dst = append(dst, '>')
	return append(escape(dst, t.s), "</text>\n"...)
}
