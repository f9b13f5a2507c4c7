package picture

import (
	"io"
	"math"
)

// WriteCSV writes one row a point: of a series, with its smallest and largest
// value, its first update, how many it covers and how many of them were not
// finite if it is a bucket of a curve; then the references and marks.
func (c *Chart) WriteCSV(w io.Writer) error {
	t := newTable(w, "kind", "name", or(c.X.Name, "x"), or(c.Y.Name, "y"), "min", "max", "first update", "updates", "not finite")
	for i := range c.Series {
		s := &c.Series[i]
		for _, b := range s.Curve {
			x := float64(b.First) + float64(b.Count-1)/2
			t.row("series", field(s.Name), exact(x), exact(b.Mean), exact(b.Min), exact(b.Max), whole(b.First), whole(b.Count), whole(b.Bad))
		}
		for k := range min(len(s.X), len(s.Y)) {
			t.row("series", field(s.Name), exact(s.X[k]), exact(s.Y[k]), "", "", "", "", "")
		}
	}
	for _, r := range c.References {
		x, y := "", exact(r.Value)
		if r.Vertical {
			x, y = y, ""
		}
		t.row("reference", field(r.Label), x, y, "", "", "", "", "")
	}
	for _, m := range c.Marks {
		t.row("mark", field(m.Label), exact(m.X), exact(m.Y), "", "", "", "", "")
	}
	return t.end()
}

// finite says whether v is a number with a place.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
