package picture

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"rnnscope/core/scope"
	"rnnscope/views"
)

// hostile are labels that break files which are not careful.
var hostile = []string{
	"", " ", "a,b", `quote " and '`, "line\nbreak", "\r\n", "tab\t", "]]>", "<script>alert(1)</script>", "&amp;", "\x00\x01\x1b[31m",
	"invalid \xff\xfe\xe4\xb8", "e\u0301\u0302\u0303", "\u0301", "\u202eright to left", "\ufffe\uffff\ufeff", "狗咬人", "👩‍👩‍👧 ✓", "العربية", "=1+1",
	strings.Repeat("long ", 200), "\u200b\u200d", "\U0010ffff", "\u0085\u2028",
}

func numbers(n int) []float64 {
	g := rand.New(rand.NewPCG(3, 3))
	out := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0 / 3, 1e21, 1e-7}
	for len(out) < n {
		out = append(out, math.Float64frombits(g.Uint64()))
	}
	return out
}

func readCSV(t *testing.T, f Figure) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := f.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatalf("%T: %v", f, err)
	}
	return rows
}

func same(t *testing.T, where, field string, want float64) {
	t.Helper()
	got, err := strconv.ParseFloat(field, 64)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if math.Float64bits(got) != math.Float64bits(want) {
		t.Errorf("%s: %s, want %v", where, field, want)
	}
}

func TestCSVHoldsTheNumbersExactly(t *testing.T) {
	values := numbers(400)
	labels := make([]string, len(values))
	for i := range labels {
		labels[i] = hostile[i%len(hostile)]
	}
	curve := scope.NewCurve(64)
	for i, v := range values {
		curve.Add(int64(i), v)
	}
	chart := &Chart{
		X: views.Axis{Name: "update"}, Y: views.Axis{Name: "loss (nats)"},
		Series:     []views.Series{{Name: "s", X: values, Y: values}, {Name: "c", Curve: curve.Buckets}},
		References: []views.Reference{{Label: "r", Value: values[20]}, {Label: "v", Value: values[21], Vertical: true}},
		Marks:      []views.Mark{{Label: "m", X: values[22], Y: values[23]}},
	}
	rows := readCSV(t, chart)
	if want := 1 + len(values) + len(curve.Buckets) + 3; len(rows) != want {
		t.Fatalf("%d rows, want %d", len(rows), want)
	}
	if rows[0][3] != "loss (nats)" {
		t.Errorf("header %q", rows[0])
	}
	for i, v := range values {
		same(t, "chart x", rows[1+i][2], v)
		same(t, "chart y", rows[1+i][3], v)
	}
	for i, b := range curve.Buckets {
		row := rows[1+len(values)+i]
		same(t, "curve mean", row[3], b.Mean)
		same(t, "curve min", row[4], b.Min)
		same(t, "curve max", row[5], b.Max)
		same(t, "curve first", row[6], float64(b.First))
		same(t, "curve count", row[7], float64(b.Count))
		same(t, "curve bad", row[8], float64(b.Bad))
	}
	rows = rows[1+len(values)+len(curve.Buckets):]
	same(t, "reference", rows[0][3], values[20])
	same(t, "vertical reference", rows[1][2], values[21])
	same(t, "mark x", rows[2][2], values[22])
	same(t, "mark y", rows[2][3], values[23])

	bars := &Bars{}
	for i, v := range values {
		bars.Rows = append(bars.Rows, views.Bar{Label: labels[i], Value: v, Ghost: -v, Note: labels[i]})
	}
	for i, row := range readCSV(t, bars)[1:] {
		same(t, "bar", row[1], values[i])
		same(t, "ghost", row[2], -values[i])
		sameLabel(t, row[0], labels[i])
	}
	for i, row := range readCSV(t, &Tokens{Tokens: labels, Values: values})[1:] {
		sameLabel(t, row[1], labels[i])
		same(t, "token", row[2], values[i])
	}
}

// sameLabel compares a label with what it must be. The format has one kind of
// line break, and bytes that are not UTF-8 are escaped.
func sameLabel(t *testing.T, got, want string) {
	t.Helper()
	want = strings.ReplaceAll(field(want), "\r\n", "\n")
	if got != want {
		t.Errorf("label %q, want %q", got, want)
	}
}

func TestHeatmapCSVHoldsTheMatrixInTheOrderShown(t *testing.T) {
	g := rand.New(rand.NewPCG(4, 4))
	data := make([]float32, 5*7)
	for i := range data {
		data[i] = math.Float32frombits(g.Uint32())
	}
	data[3] = float32(math.Inf(1))
	h := &Heatmap{Matrix: views.TimeMajor(data, 5), Order: []int{4, 0, 2}, From: 2, To: 6, Origin: 100, ColumnLabels: hostile, RowName: "unit", ValueName: "h (no unit)"}
	rows := readCSV(t, h)
	if len(rows) != 1+3*4 || rows[0][0] != "unit" || rows[0][4] != "h (no unit)" {
		t.Fatalf("%d rows, header %q", len(rows), rows[0])
	}
	i := 1
	for _, r := range h.Order {
		for c := 2; c < 6; c++ {
			row := rows[i]
			i++
			if row[0] != strconv.Itoa(r) || row[2] != strconv.Itoa(c+100) {
				t.Errorf("row %q, want unit %d step %d", row, r, c+100)
			}
			sameLabel(t, row[3], hostile[c])
			v, err := strconv.ParseFloat(row[4], 32)
			if want := data[c*5+r]; err != nil || float32(v) != want && want == want {
				t.Errorf("unit %d step %d: %s (%v), want %v", r, c, row[4], err, want)
			}
		}
	}
}

func TestScreenCSVHoldsEveryCell(t *testing.T) {
	s := screen(languages["zh"], 90, 24, themes()["dark"])
	var got, want strings.Builder
	for _, row := range readCSV(t, s)[1:] {
		got.WriteString(row[3])
	}
	for y := range 24 {
		for x := range 90 {
			want.WriteString(s.Canvas.Cell(x, y).Text)
		}
	}
	if got.String() != want.String() {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want.String())
	}
}
