package picture

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"rnnscope/core/scope"
	"rnnscope/views"
)

var notANumber = regexp.MustCompile(`(?i)nan|inf|e[+-]?\d{2}`)

// checkSVG reads an SVG as XML, finds no coordinate that is no number and
// nothing that a viewer would run or fetch, and returns its texts.
func checkSVG(t *testing.T, f Figure) (texts []string) {
	t.Helper()
	var b bytes.Buffer
	if err := f.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	var text strings.Builder
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatalf("%T: %v\n%.2000s", f, err, b.String())
		}
		switch token := token.(type) {
		case xml.StartElement:
			text.Reset()
			switch token.Name.Local {
			case "svg", "title", "desc", "g", "path", "rect", "text":
			default:
				t.Errorf("%T: element %s", f, token.Name.Local)
			}
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "aria-label", "font-family", "xmlns", "fill", "stroke":
				default:
					if notANumber.MatchString(a.Value) {
						t.Errorf("%T: %s=%q", f, a.Name.Local, a.Value)
					}
				}
			}
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			if token.Name.Local == "text" || token.Name.Local == "title" {
				texts = append(texts, text.String())
			}
		}
	}
}

// kinds returns a figure of each kind with given labels and numbers everywhere.
func kinds(labels []string, values []float64, size float64) []Figure {
	at := func(i int) string { return labels[i%len(labels)] }
	v := func(i int) float64 { return values[i%len(values)] }
	page := Page{Title: at(0), Subtitle: at(1), Caption: at(2), Description: at(3), Width: size, Height: v(0), Scale: 0.1}
	curve := scope.NewCurve(8)
	for i, x := range values {
		curve.Add(int64(i), x)
	}
	var bars []views.Bar
	var data []float32
	for i := range values {
		bars = append(bars, views.Bar{Label: at(i), Value: v(i), Ghost: v(i + 1), Note: at(i + 1)})
		data = append(data, float32(v(i)))
	}
	c := views.NewCanvas(30, 6)
	for i := range 12 {
		c.Text(i%3*9, i/2, at(i), views.Style{FG: views.RGB(uint8(i), 200, 3), Attr: views.Attr(i)})
	}
	return []Figure{
		&Chart{
			Page: page, X: views.Axis{Name: at(4), Min: v(1), Max: v(2)}, Y: views.Axis{Name: at(5), Min: v(3), Max: v(4), Log: len(values)%2 == 0},
			Series:     []views.Series{{Name: at(6), X: values, Y: values}, {Name: at(7), Curve: curve.Buckets}, {Name: at(8), X: values, Y: values, Shape: views.Points}},
			References: []views.Reference{{Label: at(9), Value: v(5)}, {Label: at(10), Value: v(6), Vertical: true}},
			Marks:      []views.Mark{{Label: at(11), X: v(7), Y: v(8)}}, Empty: at(12),
		},
		&Chart{Page: page, X: views.Axis{Log: true}, Series: []views.Series{{Name: at(0), X: values, Y: values, Shape: views.Dashed}}},
		&Heatmap{
			Page: page, Matrix: views.TimeMajor(data, 1), Min: v(0), Max: v(1), ColumnLabels: labels, RowLabels: labels,
			RowName: at(0), ColumnName: at(1), ValueName: at(2), Sequential: len(labels)%2 == 0,
		},
		&Bars{Page: page, Rows: bars, Min: v(0), Max: v(1), LabelName: at(0), ValueName: at(1), GhostName: at(2)},
		&Tokens{Page: page, Tokens: labels, Values: values, Min: v(2), Max: v(3), TokenName: at(0), ValueName: at(1), Diverging: true},
		&Screen{Page: page, Canvas: c, Window: true},
		&Screen{Page: page},
	}
}

func TestHostileLabelsAndNumbersMakeWellFormedPictures(t *testing.T) {
	for i := range hostile {
		labels := append(append([]string{}, hostile[i:]...), hostile[:i]...)
		values := numbers(24 + i)
		for _, f := range kinds(labels, append(values[i:], values[:i]...), 400) {
			texts := checkSVG(t, f)
			if want := plain(labels[0]); len(texts) == 0 || texts[0] != want {
				t.Errorf("%T: title %.60q, want %q", f, texts, want)
			}
			if err := f.WritePNG(io.Discard); err != nil {
				t.Errorf("%T: %v", f, err)
			}
		}
	}
}

func TestEmptyFiguresArePictures(t *testing.T) {
	for _, f := range []Figure{&Chart{}, &Heatmap{}, &Bars{}, &Tokens{}, &Screen{}, &Chart{Empty: "nothing yet"}} {
		checkSVG(t, f)
		for _, format := range Formats {
			if err := Write(f, format, io.Discard); err != nil {
				t.Errorf("%T as %s: %v", f, format, err)
			}
		}
	}
}

func FuzzFigures(f *testing.F) {
	hideSystemFonts(f) // which are slow to open
	for i, s := range hostile {
		f.Add(s, hostile[(i+1)%len(hostile)], math.NaN(), math.Inf(1), 1e300, -1e-300, 100*float64(i))
	}
	f.Fuzz(func(t *testing.T, a, b string, v1, v2, v3, v4, size float64) {
		values := []float64{v1, v2, v3, v4, v1 - v2, v3 * v4, v1 / v2, 0, 1, 2, 3}
		size = math.Mod(size, 600) // a figure in a page; larger ones take longer to draw than to get wrong
		for _, fig := range kinds([]string{a, b, a + b, "x"}, values, size) {
			checkSVG(t, fig)
			if err := fig.WritePNG(io.Discard); err != nil {
				t.Errorf("%T: %v", fig, err)
			}
			if err := fig.WriteCSV(io.Discard); err != nil {
				t.Errorf("%T: %v", fig, err)
			}
		}
	})
}

// bounds returns where a text is, from its ascenders to its baseline.
func (t *text) bounds() box {
	h := 0.72 * t.size
	if t.upwards {
		return box{t.x - h, t.y - t.width, h, t.width}
	}
	return box{t.x, t.y - h, t.width, h}
}

func drawingOf(f Figure) *drawing { return f.(interface{ draw() *drawing }).draw() }

// Texts never cover each other nor leave the picture, at any size.
func TestTextsStandApart(t *testing.T) {
	sizes := []float64{0, 130, 240, 420, 700, 1300}
	check := func(name string, f Figure) {
		d := drawingOf(f)
		var texts []*text
		for _, s := range d.shapes {
			if s, ok := s.(*text); ok {
				texts = append(texts, s)
			}
		}
		for i, a := range texts {
			if b := a.bounds(); b.x < -0.5 || b.right() > d.w+0.5 || b.y < -0.5 || b.bottom() > d.h+0.5 {
				t.Errorf("%s (%v x %v): %q leaves the picture: %+v", name, d.w, d.h, a.s, b)
			}
			for _, c := range texts[:i] {
				if a.bounds().overlaps(c.bounds()) {
					t.Errorf("%s (%v x %v): %q covers %q: %+v %+v", name, d.w, d.h, a.s, c.s, a.bounds(), c.bounds())
				}
			}
		}
	}
	for _, size := range sizes {
		for language, w := range languages {
			th := themes()["dark"]
			chart, gradient, heat, bars, tokens := lossChart(w, 600, th), gradientChart(w, th), stateMap(w, 24, th), nextToken(w, th), coloured(w, th)
			for _, p := range []*Page{&chart.Page, &gradient.Page, &heat.Page, &bars.Page, &tokens.Page} {
				p.Width, p.Height = size, 0
			}
			check("chart "+language, chart)
			check("gradient "+language, gradient)
			check("heatmap "+language, heat)
			check("bars "+language, bars)
			check("tokens "+language, tokens)
			chart.Height = size * 0.6
			check("chart "+language, chart)
		}
	}
}

// A line thinned to the pixels of its columns keeps its extremes.
func TestThinnedLineKeepsItsExtremes(t *testing.T) {
	line := make([]point, 5000)
	for i := range line {
		line[i] = point{float64(i) / 100, math.Sin(float64(i) * 1.7)}
	}
	line[3210].y = 99
	thin := thinned(line)
	if len(thin) > 4*51*pointsPerPixel {
		t.Errorf("%d points of %d", len(thin), len(line))
	}
	found := false
	for _, q := range thin {
		found = found || q.y == 99
	}
	if !found || thin[0] != line[0] || thin[len(thin)-1] != line[len(line)-1] {
		t.Error("the spike or an end is lost")
	}
}
