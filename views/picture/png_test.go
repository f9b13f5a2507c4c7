package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/png"
	"math"
	"runtime"
	"slices"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"rnnscope/views"
)

func decode(t *testing.T, f Figure) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPNGHasTheStatedSize(t *testing.T) {
	w, th := languages["en"], themes()["light"]
	for _, scale := range []float64{0, 1, 1.5, 3} {
		chart := lossChart(w, 100, th)
		chart.Width, chart.Height, chart.Scale = 640, 360, scale
		want := image.Pt(1280, 720)
		if scale > 0 {
			want = image.Pt(int(640*scale), int(360*scale))
		}
		if got := decode(t, chart).Bounds().Size(); got != want {
			t.Errorf("scale %v: %v, want %v", scale, got, want)
		}
	}
	s := &Screen{Canvas: views.NewCanvas(80, 24)}
	if got, want := decode(t, s).Bounds().Size(), image.Pt(2*(80*9+24), 2*(24*18+24)); got != want {
		t.Errorf("screen: %v, want %v", got, want)
	}
	chart := lossChart(w, 100, th)
	chart.Width, chart.Height, chart.Scale = widest, widest, finest
	checkError(t, chart.WritePNG(&bytes.Buffer{}), "too large", "SVG")
}

// hideSystemFonts makes this computer one without any font.
func hideSystemFonts(t testing.TB) {
	t.Helper()
	old := systemFonts[runtime.GOOS]
	systemFonts[runtime.GOOS] = []string{"/no/such/font.ttc"}
	t.Cleanup(func() { systemFonts[runtime.GOOS] = old })
}

// A character that no font has is never left out silently: it is listed, and a
// box is drawn where it would be.
func TestMissingCharactersAreBoxesAndListed(t *testing.T) {
	hideSystemFonts(t)
	b := &Bars{Rows: []views.Bar{{Label: "a狗", Value: 1}, {Label: "狐é", Value: 2}}}
	if got, want := b.Missing(), []rune{'狐', '狗'}; !slices.Equal(got, want) {
		t.Errorf("missing %q, want %q", got, want)
	}
	c := views.NewCanvas(4, 1)
	c.Text(0, 0, "狗", views.Style{})
	img := decode(t, &Screen{Canvas: c, Page: Page{Scale: 4}})
	inked, blank := 0, img.At(0, 0)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if img.At(x, y) == blank {
				continue
			}
			inked++
			if x < windowMargin*4 || x >= (windowMargin+18)*4 {
				t.Fatalf("ink at %d, %d, outside of the character's two cells", x, y)
			}
		}
	}
	if inked < 200 {
		t.Errorf("%d pixels of a box", inked)
	}
	for _, label := range []string{" the", "\n", "", "h = f⊙c ‖∇L‖ …"} { // what labels here are made of
		if got := (&Bars{Rows: []views.Bar{{Label: label, Value: 1}}}).Missing(); len(got) != 0 {
			t.Errorf("missing %q of %q", got, label)
		}
	}
	if got := (&Bars{Rows: []views.Bar{{Label: "plain", Value: 1}}}).Missing(); len(got) != 0 {
		t.Errorf("missing %q of plain text", got)
	}
}

// misaligned returns a font whose tables begin at odd offsets.
func misaligned(font []byte) []byte {
	n := int(binary.BigEndian.Uint16(font[4:]))
	out := slices.Clone(font[:12+16*n])
	for i := range n {
		record := out[12+16*i : 28+16*i]
		offset, size := binary.BigEndian.Uint32(record[8:]), binary.BigEndian.Uint32(record[12:])
		for len(out)%4 != 1 {
			out = append(out, 0)
		}
		binary.BigEndian.PutUint32(record[8:], uint32(len(out)))
		out = append(out, font[offset:offset+size]...)
	}
	return out
}

func TestFontWithUnalignedTablesIsRead(t *testing.T) {
	odd := misaligned(liberationsansregular.TTF)
	if _, err := sfnt.Parse(odd); err == nil {
		t.Fatal("sfnt reads it by itself: font_repack.go is not needed any more")
	}
	got, err := openFont(bytes.NewReader(odd))
	if err != nil {
		t.Fatal(err)
	}
	want := embedded[sans]()
	var buf, buf2 sfnt.Buffer
	for _, r := range "Aé…λ9" {
		glyph, err := got.GlyphIndex(&buf, r)
		wantGlyph, err2 := want.GlyphIndex(&buf2, r)
		if err != nil || err2 != nil || glyph != wantGlyph || glyph == 0 {
			t.Fatalf("%q: glyph %d, want %d (%v)", r, glyph, wantGlyph, err)
		}
		a, err := got.LoadGlyph(&buf, glyph, fixed.I(measureEm), nil)
		b, err2 := want.LoadGlyph(&buf2, glyph, fixed.I(measureEm), nil)
		if err != nil || err2 != nil || !slices.Equal(a, b) {
			t.Errorf("%q: another outline (%v)", r, err)
		}
	}
}

func FuzzFont(f *testing.F) {
	f.Add([]byte("ttcf\x00\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10"))
	f.Add([]byte{})
	f.Add(misaligned(liberationsansregular.TTF)[:4096])
	f.Fuzz(func(t *testing.T, data []byte) {
		font, err := openFont(bytes.NewReader(data))
		if err == nil {
			(&fonts{}).in(font, 'a')
		}
	})
}

// A curve becomes pieces that stay on it: here a quarter of a circle.
func TestFlattenedCircleStaysRound(t *testing.T) {
	const radius, tolerance = 100.0, 0.1 // CSS pixels
	p := &path{}
	p.circle(0, 0, radius)
	for _, line := range flatten(p.steps) {
		for _, q := range line {
			if d := math.Hypot(q.x, q.y); math.Abs(d-radius) > tolerance {
				t.Fatalf("%+v is %v from the middle", q, d)
			}
		}
	}
}

// The pieces of a dashed line are as long as its pattern says.
func TestDashesAddUp(t *testing.T) {
	line := []point{{0, 0}, {30, 0}, {30, 40}, {33, 44}} // 75 long
	total := 0.0
	for _, piece := range dashed(line, []float64{7, 3}) {
		for i := 1; i < len(piece); i++ {
			total += math.Hypot(piece[i].x-piece[i-1].x, piece[i].y-piece[i-1].y)
		}
	}
	if want := 7*7 + 5.0; math.Abs(total-want) > 1e-9 { // seven periods of ten, then five more
		t.Errorf("%v drawn of 75, want %v", total, want)
	}
}
