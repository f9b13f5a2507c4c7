package picture

// arms says, for U+2500 to U+257F, which lines leave the middle of a cell: up,
// right, down and left; 0 none, 1 light, 2 heavy, 3 double. They are as
// Unicode's names have it. Dashes, arcs and diagonals have none.
const arms = "0101 0202 1010 2020 ---- ---- ---- ---- ---- ---- ---- ---- 0110 0210 0120 0220 " +
	"0011 0012 0021 0022 1100 1200 2100 2200 1001 1002 2001 2002 1110 1210 2110 1120 " +
	"2120 2210 1220 2220 1011 1012 2011 1021 2021 2012 1022 2022 0111 0112 0211 0212 " +
	"0121 0122 0221 0222 1101 1102 1201 1202 2101 2102 2201 2202 1111 1112 1211 1212 " +
	"2111 1121 2121 2112 2211 1122 1221 2212 1222 2122 2221 2222 ---- ---- ---- ---- " +
	"0303 3030 0310 0130 0330 0013 0031 0033 1300 3100 3300 1003 3001 3003 1310 3130 " +
	"3330 1013 3031 3033 0313 0131 0333 1303 3101 3303 1313 3131 3333 ---- ---- ---- " +
	"---- ---- ---- ---- 0001 1000 0100 0010 0002 2000 0200 0020 0201 1020 0102 2010 "

const (
	up = iota
	right
	down
	left
)

// line draws U+2500 to U+257F.
func (g *cells) line(x, y int, r rune, fg ink) {
	if code := arms[5*(r-0x2500):]; code[0] != '-' {
		var weight [4]byte
		for i := range weight {
			weight[i] = code[i] - '0'
		}
		g.arms(x, y, weight, fg)
		return
	}
	switch {
	case r >= '╭' && r <= '╰':
		g.arc(x, y, r, fg)
	case r >= '╱' && r <= '╳':
		g.diagonal(x, y, r, fg)
	default:
		g.dashes(x, y, r, fg)
	}
}

// arms draws lines from the middle of a cell to its edges. Lines of two
// weights meet in a square as large as the heavier.
func (g *cells) arms(x, y int, weight [4]byte, fg ink) {
	for _, side := range [...]int{left, right, up, down} { // so that a line's halves join
		w := weight[side]
		before, after := weight[(side+3)%4], weight[(side+1)%4]
		if side == down || side == left { // before is then the one with the larger coordinate
			before, after = after, before
		}
		opposite := weight[(side+2)%4]
		switch w {
		case 1, 2:
			thick := float64(lightLine)
			if w == 2 {
				thick = heavyLine
			}
			start := -thick / 2 // towards the opposite side, to close corners
			switch {
			case opposite == w:
				start = 0
			case before == 3 && after == 3 && opposite == 0:
				start = apart - 0.5
			case before == 3 || after == 3:
				if opposite == 0 {
					start = -apart - 0.5
				}
			}
			g.arm(x, y, side, 0, thick, start, fg)
		case 3:
			for _, offset := range [2]float64{-apart, apart} {
				near, far := before, after // the arms on this line's side and on the other
				if offset > 0 {
					near, far = after, before
				}
				start := -0.5
				switch {
				case near == 3:
					start = apart - 0.5
				case opposite == 3:
					start = 0
				case far == 3:
					start = -apart - 0.5
				}
				g.arm(x, y, side, offset, lightLine, start, fg)
			}
		}
	}
}

// arm draws a line from start, measured from the middle towards a side, to the
// edge, offset to the right of or below the middle.
func (g *cells) arm(x, y, side int, offset, thick, start float64, fg ink) {
	switch side {
	case up:
		g.rect(x, y, middleX+offset-thick/2, 0, thick, middleY-start, fg)
	case down:
		g.rect(x, y, middleX+offset-thick/2, middleY+start, thick, cellHeight-middleY-start, fg)
	case left:
		g.rect(x, y, 0, middleY+offset-thick/2, middleX-start, thick, fg)
	case right:
		g.rect(x, y, middleX+start, middleY+offset-thick/2, cellWidth-middleX-start, thick, fg)
	}
}

// arc draws ╭ ╮ ╯ ╰.
func (g *cells) arc(x, y int, r rune, fg ink) {
	l, t := g.origin.x+float64(x)*cellWidth, g.origin.y+float64(y)*g.pitch
	cx, cy := l+middleX, t+middleY
	sx, sy := 1.0, 1.0 // where the arc goes from the middle
	edgeX, edgeY := l+cellWidth, t+cellHeight
	if r == '╮' || r == '╯' {
		sx, edgeX = -1, l
	}
	if r == '╯' || r == '╰' {
		sy, edgeY = -1, t
	}
	const radius, k = cellWidth - middleX, (cellWidth - middleX) * (1 - circleReach)
	p := g.arcs.at(fg)
	p.move(edgeX, cy)
	p.curve(point{cx + sx*k, cy}, point{cx, cy + sy*k}, point{cx, cy + sy*radius})
	p.line(cx, edgeY)
}

func (g *cells) diagonal(x, y int, r rune, fg ink) {
	l, t := g.origin.x+float64(x)*cellWidth, g.origin.y+float64(y)*g.pitch
	p := g.arcs.at(fg)
	if r != '╲' {
		p.move(l, t+cellHeight)
		p.line(l+cellWidth, t)
	}
	if r != '╱' {
		p.move(l, t)
		p.line(l+cellWidth, t+cellHeight)
	}
}

// dashes draws ┄ ┅ ┆ ┇ in three, ┈ ┉ ┊ ┋ in four and ╌ ╍ ╎ ╏ in two pieces:
// light and heavy across, then down.
func (g *cells) dashes(x, y int, r rune, fg ink) {
	n := 3.0
	switch {
	case r >= '╌':
		n = 2
	case r >= '┈':
		n = 4
	}
	thick := float64(lightLine)
	if r%2 == 1 {
		thick = heavyLine
	}
	across := r%4 < 2
	for i := range int(n) {
		if across {
			pitch := cellWidth / n
			g.rect(x, y, (float64(i)+0.2)*pitch, middleY-thick/2, 0.6*pitch, thick, fg)
		} else {
			pitch := cellHeight / n
			g.rect(x, y, middleX-thick/2, (float64(i)+0.2)*pitch, thick, 0.6*pitch, fg)
		}
	}
}
