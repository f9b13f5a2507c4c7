package picture

import "math"

// path fills a path and draws along it with a round pen.
func (c *raster) path(p *path) {
	c.fill(p.steps, p.fill)
	if p.stroke.a == 0 {
		return
	}
	var outline []step
	for _, line := range flatten(p.steps) {
		if p.dash != nil {
			for _, piece := range dashed(line, p.dash) {
				outline = append(outline, along(piece, p.width, false)...)
			}
			continue
		}
		outline = append(outline, along(line, p.width, true)...)
	}
	c.fill(outline, p.stroke)
}

// pieces of a curve: a quarter of a circle of 100 pixels stays within 0.1 of
// one.
const curvePieces = 16

// flatten returns the lines of a path, curves as short straight pieces.
func flatten(steps []step) (lines [][]point) {
	var line []point
	end := func() {
		if len(line) > 0 {
			lines = append(lines, line)
		}
		line = nil
	}
	for _, s := range steps {
		switch s.kind {
		case 'M':
			end()
			line = append(line, s.at[0])
		case 'L':
			line = append(line, s.at[0])
		case 'C':
			from := line[len(line)-1]
			for i := 1; i <= curvePieces; i++ {
				t := float64(i) / curvePieces
				u := 1 - t
				a, b, k, m := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
				line = append(line, point{
					a*from.x + b*s.at[0].x + k*s.at[1].x + m*s.at[2].x,
					a*from.y + b*s.at[0].y + k*s.at[1].y + m*s.at[2].y,
				})
			}
		case 'Z':
			if len(line) > 0 {
				line = append(line, line[0])
			}
		}
	}
	end()
	return lines
}

// dashed returns the pieces of a line that a pattern of lengths draws.
func dashed(line []point, dash []float64) (pieces [][]point) {
	period := 0.0
	for _, d := range dash {
		period += d
	}
	if !(period > 0) {
		return [][]point{line}
	}
	k, left := 0, dash[0]
	piece := []point{line[0]}
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for at := 0.0; at < length; {
			step := min(left, length-at)
			at += step
			left -= step
			q := point{a.x + (b.x-a.x)*at/length, a.y + (b.y-a.y)*at/length}
			if k%2 == 0 {
				piece = append(piece, q)
			}
			if left > 0 {
				continue
			}
			if k%2 == 0 {
				pieces = append(pieces, piece)
			}
			k++
			left = dash[k%len(dash)]
			piece = []point{q}
		}
	}
	if k%2 == 0 && len(piece) > 1 {
		pieces = append(pieces, piece)
	}
	return pieces
}

// along returns the outline of a pen that goes along a line: a rectangle a
// piece and a disc at each joint, and with round set at the ends, all turning
// the same way, so that their union is filled.
func along(line []point, width float64, round bool) []step {
	p := &path{}
	r := width / 2
	for i, b := range line {
		if i > 0 && i < len(line)-1 || round {
			p.circle(b.x, b.y, r)
		}
		if i == 0 {
			continue
		}
		a := line[i-1]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		nx, ny := -(b.y-a.y)/length*r, (b.x-a.x)/length*r
		p.polygon(point{a.x - nx, a.y - ny}, point{b.x - nx, b.y - ny}, point{b.x + nx, b.y + ny}, point{a.x + nx, a.y + ny})
	}
	return p.steps
}
