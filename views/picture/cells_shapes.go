package picture

// The lines and dots of a cell of 9 by 18, in CSS pixels. All edges are whole
// numbers, so that they are sharp at every whole scale.
const (
	lightLine = 1
	heavyLine = 3
	middleX   = 4.5
	middleY   = 9.5
	apart     = 2 // a double line's halves from the middle
	dotPitch  = 4.5
	dotRadius = 1.55
)

// shape draws a character that is a drawing, and says whether r is one.
func (g *cells) shape(x, y int, r rune, fg, bg ink) bool {
	switch {
	case r >= 0x2500 && r < 0x2580:
		g.line(x, y, r, fg)
	case r >= 0x2580 && r < 0x25a0:
		g.block(x, y, r, fg, bg)
	case r >= 0x2800 && r < 0x2900:
		g.braille(x, y, uint8(r), fg)
	case r >= 0x2400 && r < 0x2400+rune(len(controlNames)):
		g.controlName(x, y, controlNames[r-0x2400], fg)
	default:
		return g.symbol(x, y, r, fg)
	}
	return true
}

// controlNames are what is in the pictures of control characters, U+2400 on.
var controlNames = [...]string{
	"NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI",
	"DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
	"SP", "DEL",
}

// controlName draws a name of two or three letters down across a cell: few
// fonts have these pictures.
func (g *cells) controlName(x, y int, name string, fg ink) {
	const size, top, bottom = 6.5, 6.5, 15.0
	step := 1 / float64(len(name)-1)
	for i, letter := range name {
		s := string(letter)
		w := measure(s, sansBold, size)
		f := float64(i) * step
		g.texts = append(g.texts, &text{
			x: g.origin.x + float64(x)*cellWidth + f*(cellWidth-w), y: g.origin.y + float64(y)*g.pitch + top + f*(bottom-top),
			size: size, width: w, face: sansBold, fill: fg, s: s,
		})
	}
}

// block draws U+2580 to U+259F.
func (g *cells) block(x, y int, r rune, fg, bg ink) {
	const w, h = cellWidth, cellHeight
	quarter := func(left, top bool) {
		dx, dy := w/2.0, h/2.0
		if left {
			dx = 0
		}
		if top {
			dy = 0
		}
		g.rect(x, y, dx, dy, w/2.0, h/2, fg)
	}
	switch {
	case r == '▀':
		g.half(x, y, 0, fg)
	case r == '▄':
		g.half(x, y, 1, fg)
	case r == '█':
		g.half(x, y, 0, fg)
		g.half(x, y, 1, fg)
	case r > '▀' && r < '█': // eighths from below
		n := float64(r-'▀') * h / 8
		g.rect(x, y, 0, h-n, w, n, fg)
	case r > '█' && r <= '▏': // eighths from the left, fewer and fewer
		g.rect(x, y, 0, 0, float64('▐'-r)*w/8, h, fg)
	case r == '▐':
		g.rect(x, y, w/2.0, 0, w/2.0, h, fg)
	case r >= '░' && r <= '▓': // a quarter, a half, three quarters of ink
		shade := fg.faint(float64(r-'░'+1) / 4)
		g.rect(x, y, 0, 0, w, h, shade)
	case r == '▔':
		g.rect(x, y, 0, 0, w, h/8.0, fg)
	case r == '▕':
		g.rect(x, y, w*7/8.0, 0, w/8.0, h, fg)
	default: // U+2596 to U+259F: quarters
		// Bits: upper left, upper right, lower left, lower right.
		mask := [...]uint8{4, 8, 1, 13, 9, 7, 11, 2, 6, 14}[r-0x2596]
		for i := range 4 {
			if mask>>i&1 != 0 {
				quarter(i%2 == 0, i < 2)
			}
		}
	}
}

// braille draws the dots of U+2800 + mask.
func (g *cells) braille(x, y int, mask uint8, fg ink) {
	rows := int(g.pitch / dotPitch)
	at := g.dots.at(fg)
	for bit, d := range [8][2]int{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}} {
		if mask>>bit&1 != 0 {
			*at = append(*at, [2]int{2*x + d[0], rows*y + d[1]})
		}
	}
}

// symbol draws the geometric characters that fonts lack, draw in sizes of their
// own, or replace by coloured pictures.
func (g *cells) symbol(x, y int, r rune, fg ink) bool {
	left, top := g.origin.x+float64(x)*cellWidth, g.origin.y+float64(y)*g.pitch
	cx, cy := left+middleX, top+middleY
	polygon := func(points ...point) {
		for i := range points {
			points[i].x += cx
			points[i].y += cy
		}
		g.solids.at(fg).polygon(points...)
	}
	size := 4.0
	switch r {
	case '▴', '▾', '◂', '▸':
		size = 3
	}
	switch r {
	case '▲', '▴':
		polygon(point{-size, size * 0.8}, point{0, -size}, point{size, size * 0.8})
	case '▼', '▾':
		polygon(point{-size, -size * 0.8}, point{0, size}, point{size, -size * 0.8})
	case '◀', '◂', '◄':
		polygon(point{size * 0.8, -size}, point{-size, 0}, point{size * 0.8, size})
	case '▶', '▸', '►':
		polygon(point{-size * 0.8, -size}, point{size, 0}, point{-size * 0.8, size})
	case '◆':
		polygon(point{-4.2, 0}, point{0, -5}, point{4.2, 0}, point{0, 5})
	case '■':
		polygon(point{-3.5, -3.5}, point{3.5, -3.5}, point{3.5, 3.5}, point{-3.5, 3.5})
	case '▪':
		polygon(point{-2, -2}, point{2, -2}, point{2, 2}, point{-2, 2})
	case '●':
		g.solids.at(fg).circle(cx, cy, 3.8)
	case '•':
		g.solids.at(fg).circle(cx, cy, 2.4)
	case '·', '⋅':
		g.solids.at(fg).circle(cx, cy, 1.2)
	case '○':
		g.arcs.at(fg).circle(cx, cy, 3.5)
	case '◇':
		g.arcs.at(fg).polygon(point{cx - 4, cy}, point{cx, cy - 4.8}, point{cx + 4, cy}, point{cx, cy + 4.8})
	case '□':
		g.arcs.at(fg).polygon(point{cx - 3.5, cy - 3.5}, point{cx + 3.5, cy - 3.5}, point{cx + 3.5, cy + 3.5}, point{cx - 3.5, cy + 3.5})
	case '␣':
		p := g.arcs.at(fg)
		p.move(cx-3.5, cy+3)
		p.line(cx-3.5, cy+5.5)
		p.line(cx+3.5, cy+5.5)
		p.line(cx+3.5, cy+3)
	case '↵', '⏎':
		p := g.arcs.at(fg)
		p.move(cx+3.5, cy-4)
		p.line(cx+3.5, cy+1.5)
		p.line(cx-3.5, cy+1.5)
		p.move(cx-1, cy-1.5)
		p.line(cx-3.5, cy+1.5)
		p.line(cx-1, cy+4.5)
	case '⇥':
		p := g.arcs.at(fg)
		p.move(cx-4, cy)
		p.line(cx+2.5, cy)
		p.move(cx, cy-3)
		p.line(cx+2.5, cy)
		p.line(cx, cy+3)
		p.move(cx+4, cy-3.5)
		p.line(cx+4, cy+3.5)
	case '✓':
		p := g.arcs.at(fg)
		p.move(cx-3.5, cy)
		p.line(cx-1, cy+3.5)
		p.line(cx+3.5, cy-4)
	case '✗':
		p := g.arcs.at(fg)
		p.move(cx-3, cy-3.5)
		p.line(cx+3, cy+3.5)
		p.move(cx+3, cy-3.5)
		p.line(cx-3, cy+3.5)
	default:
		return false
	}
	return true
}
