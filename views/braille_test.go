package views

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The eight dots of a cell, as the Unicode standard (chapter 21.1) numbers them.
func TestDotsOfACell(t *testing.T) {
	for y, row := range [4]string{"⠁⠈", "⠂⠐", "⠄⠠", "⡀⢀"} {
		for x, want := range []rune(row) {
			var d dots
			d.reset(1, 1)
			d.set(x, y, 0)
			c := NewCanvas(1, 1)
			d.draw(c, 0, 0, []Style{{}})
			if got := c.Cell(0, 0).Text; got != string(want) {
				t.Errorf("dot (%d, %d) is %s, want %c", x, y, got, want)
			}
		}
	}
}

// lit returns the dots of d.
func lit(d *dots) map[[2]int]bool {
	on := map[[2]int]bool{}
	w, h := d.size()
	for x := range w {
		for y := range h {
			if d.mask[y/4*d.w+x/2]&dotBit[y%4][x%2] != 0 {
				on[[2]int{x, y}] = true
			}
		}
	}
	return on
}

// A line has a dot in each column (or row, if it is steep) between its ends and
// no dot farther than half a dot from it.
func TestLine(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 1))
	var d dots
	for range 2000 {
		d.reset(1+g.IntN(20), 1+g.IntN(10))
		w, h := d.size()
		x0, y0, x1, y1 := float64(g.IntN(w)), float64(g.IntN(h)), float64(g.IntN(w)), float64(g.IntN(h))
		d.line(x0, y0, x1, y1, 0, solid)
		dx, dy := x1-x0, y1-y0
		on := lit(&d)
		if want := int(max(math.Abs(dx), math.Abs(dy))) + 1; len(on) != want {
			t.Fatalf("(%v, %v) to (%v, %v): %d dots, want %d", x0, y0, x1, y1, len(on), want)
		}
		for p := range on {
			x, y := float64(p[0]), float64(p[1])
			off := math.Abs(y0 + (x-x0)*dy/dx - y)
			if math.Abs(dy) > math.Abs(dx) {
				off = math.Abs(x0 + (y-y0)*dx/dy - x)
			}
			if off > 0.5+1e-9 {
				t.Fatalf("(%v, %v) to (%v, %v): dot %v is %v off", x0, y0, x1, y1, p, off)
			}
		}
	}
}

// The dots of a line that leaves the raster are those that the whole line has
// inside of it, give or take one where it crosses the border.
func TestLineFromOutside(t *testing.T) {
	g := rand.New(rand.NewPCG(2, 2))
	var d, wide dots
	for range 2000 {
		const w, h, margin = 20, 10, 40 // cells
		coordinate := func(n int) float64 { return float64(g.IntN(n+2*margin) - margin) }
		x0, y0, x1, y1 := coordinate(2*w), coordinate(4*h), coordinate(2*w), coordinate(4*h)
		d.reset(w, h)
		d.line(x0, y0, x1, y1, 0, solid)
		wide.reset(w+2*margin, h+2*margin)
		wide.line(x0+2*margin, y0+4*margin, x1+2*margin, y1+4*margin, 0, solid)
		all := lit(&wide)
		for p := range lit(&d) {
			if !near(all, p[0]+2*margin, p[1]+4*margin) {
				t.Fatalf("(%v, %v) to (%v, %v): dot %v is not on it", x0, y0, x1, y1, p)
			}
		}
		part := lit(&d)
		for p := range all {
			x, y := p[0]-2*margin, p[1]-4*margin
			if x > 0 && y > 0 && x < 2*w-1 && y < 4*h-1 && !near(part, x, y) {
				t.Fatalf("(%v, %v) to (%v, %v): dot (%d, %d) is missing", x0, y0, x1, y1, x, y)
			}
		}
	}
}

func near(on map[[2]int]bool, x, y int) bool {
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			if on[[2]int{x + dx, y + dy}] {
				return true
			}
		}
	}
	return false
}

func TestLineOfAbsurdLength(t *testing.T) {
	var d dots
	for _, far := range []float64{1e9, 1e18, 1e300, math.MaxFloat64, math.Inf(1), math.NaN()} {
		d.reset(10, 5)
		d.line(3, 10, far, 10, 0, solid)
		d.line(-far, -far, far, far, 0, solid)
		d.line(far, 3, far, 3, 0, solid)
		for p := range lit(&d) {
			if p[1] != 10 && math.Abs(float64(p[0]-p[1])) > 1 {
				t.Errorf("a line to %v has dot %v", far, p)
			}
		}
	}
}
