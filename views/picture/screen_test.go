package picture

import (
	"bytes"
	"image"
	"math/bits"
	"strings"
	"testing"

	"rnnscope/views"
)

const testScale = 2

// pixel returns the colour of a cell's point, given in CSS pixels.
func pixelAt(img image.Image, column, row int, dx, dy float64) views.Color {
	x := int((windowMargin + float64(column*cellWidth) + dx) * testScale)
	y := int((windowMargin + float64(row*cellHeight) + dy) * testScale)
	r, g, b, _ := img.At(x, y).RGBA()
	return views.RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8))
}

// Every half block has the colours of its cell, at its place.
func TestHalfBlocksHaveTheirColours(t *testing.T) {
	th := themes()["dark"]
	c := views.NewCanvas(60, 20)
	wave(40, 55).Draw(c, c.Bounds(), th)
	img := decode(t, &Screen{Canvas: c, Page: Page{Theme: th, Scale: testScale}})
	checked := 0
	for y := range 20 {
		for x := range 60 {
			at := c.Cell(x, y)
			if at.Text != "▀" {
				continue
			}
			checked++
			for i, want := range []views.Color{at.Style.FG, at.Style.BG} {
				if got := pixelAt(img, x, y, 4, 4+9*float64(i)); got != want {
					t.Fatalf("cell %d, %d, half %d: %x, want %x", x, y, i, got, want)
				}
			}
		}
	}
	if checked < 500 {
		t.Fatalf("%d half blocks", checked)
	}
}

// Frames of every kind are one line without gaps: from a corner all of their
// ink can be reached.
func TestFramesAreSeamless(t *testing.T) {
	for _, frame := range []string{
		"┌─┬─┐\n│ │ │\n├─┼─┤\n│ │ │\n└─┴─┘", "┏━┳━┓\n┃ ┃ ┃\n┣━╋━┫\n┃ ┃ ┃\n┗━┻━┛", "╭─┬─╮\n│ │ │\n├─┼─┤\n│ │ │\n╰─┴─╯",
		"┍━┯━┑\n│ │ │\n┝━┿━┥\n│ │ │\n┕━┷━┙", "┎─┰─┒\n┃ ┃ ┃\n┠─╂─┨\n┃ ┃ ┃\n┖─┸─┚", "╒═╤═╕\n│ │ │\n╞═╪═╡\n│ │ │\n╘═╧═╛",
		"┲━╾─┐\n┃   ╽\n┡╼━╸│\n╿   │\n└─╼━┛",
	} {
		lines := strings.Split(frame, "\n")
		c := views.NewCanvas(5, len(lines))
		for y, line := range lines {
			c.Text(0, y, line, views.Style{})
		}
		img := decode(t, &Screen{Canvas: c, Page: Page{Scale: testScale}})
		size := img.Bounds().Size()
		blank := img.At(0, 0)
		seen := map[image.Point]bool{}
		var queue []image.Point
		inked := 0
		for y := range size.Y {
			for x := range size.X {
				if img.At(x, y) != blank {
					if inked++; len(queue) == 0 {
						queue = append(queue, image.Pt(x, y))
						seen[queue[0]] = true
					}
				}
			}
		}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			for dx := -1; dx <= 1; dx++ {
				for dy := -1; dy <= 1; dy++ {
					if q := at.Add(image.Pt(dx, dy)); q.In(img.Bounds()) && !seen[q] && img.At(q.X, q.Y) != blank {
						seen[q] = true
						queue = append(queue, q)
					}
				}
			}
		}
		if strings.Contains(frame, "╸") { // which ends on purpose
			continue
		}
		if len(seen) != inked || inked == 0 {
			t.Errorf("%d of %d pixels hang together:\n%s", len(seen), inked, frame)
		}
	}
}

// Lines reach the edge of their cell where Unicode's name says so, and nowhere
// else; the reference is written out by hand.
func TestLinesLeaveTheirCellWhereTheirNameSays(t *testing.T) {
	reaches := map[string]string{
		"up":    "│┃└┗┘┛├┣┤┫┴┻┼╋║╚╝╠╣╩╬╵╹╯╰╘╛╙╜╞╟╡╢╧╨╪╫╽╿",
		"right": "─━┌┏└┗├┣┬┳┴┻┼╋═╔╚╠╦╩╬╶╺╭╰╒╘╓╙╞╟╤╥╧╨╪╫╼╾",
		"down":  "│┃┌┏┐┓├┣┤┫┬┳┼╋║╔╗╠╣╦╬╷╻╭╮╒╕╓╖╞╟╡╢╤╥╪╫╽╿",
		"left":  "─━┐┓┘┛┤┫┬┳┴┻┼╋═╗╝╣╦╩╬╴╸╮╯╕╛╖╜╡╢╤╥╧╨╪╫╼╾",
	}
	all := ""
	for _, s := range reaches {
		all += s
	}
	for r := range runes(all) {
		c := views.NewCanvas(3, 3)
		c.Set(1, 1, r, views.Style{})
		img := decode(t, &Screen{Canvas: c, Page: Page{Scale: testScale}})
		blank := pixelAt(img, 0, 0, 1, 1)
		edge := func(dx0, dy0, dx1, dy1 float64) bool {
			for i := range 101 {
				f := float64(i) / 100
				if pixelAt(img, 1, 1, dx0+f*(dx1-dx0), dy0+f*(dy1-dy0)) != blank {
					return true
				}
			}
			return false
		}
		const w, h, in = cellWidth - 0.1, cellHeight - 0.1, 0.1
		for side, got := range map[string]bool{
			"up": edge(in, in, w, in), "right": edge(w, in, w, h), "down": edge(in, h, w, h), "left": edge(in, in, in, h),
		} {
			if want := strings.ContainsRune(reaches[side], r); got != want {
				t.Errorf("%c reaches %s: %v, want %v", r, side, got, want)
			}
		}
	}
}

func runes(s string) map[rune]bool {
	out := map[rune]bool{}
	for _, r := range s {
		out[r] = true
	}
	return out
}

func TestBrailleHasItsDots(t *testing.T) {
	c := views.NewCanvas(256, 1)
	want := 0
	for i := range 256 {
		c.Set(i, 0, 0x2800+rune(i), views.Style{})
		want += bits.OnesCount(uint(i))
	}
	d := drawingOf(&Screen{Canvas: c})
	got := map[[2]int]bool{}
	for _, s := range d.shapes {
		if s, ok := s.(*dots); ok {
			for _, at := range s.at {
				got[at] = true
			}
		}
	}
	if len(got) != want {
		t.Errorf("%d dots, want %d", len(got), want)
	}
	for i, dot := range map[int][2]int{1: {0, 0}, 2: {0, 1}, 4: {0, 2}, 8: {1, 0}, 16: {1, 1}, 32: {1, 2}, 64: {0, 3}, 128: {1, 3}} {
		if !got[[2]int{2*i + dot[0], dot[1]}] {
			t.Errorf("U+%X lacks its dot at %v", 0x2800+i, dot)
		}
	}
}

// Each text of a screen begins at the column of its first character and is as
// wide as its cells.
func TestTextKeepsItsColumns(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		s := screen(languages[language], 100, 30, themes()["dark"])
		s.Window = false
		found := 0
		for _, shape := range drawingOf(s).shapes {
			text, ok := shape.(*text)
			if !ok || !text.face.mono() { // the name of a control character
				continue
			}
			found++
			column, row := (text.x-windowMargin)/cellWidth, (text.y-windowMargin-cellBase)/cellHeight
			if column != float64(int(column)) || row != float64(int(row)) {
				t.Fatalf("%q is at column %v, row %v", text.s, column, row)
			}
			x := int(column)
			var cells strings.Builder
			for x < int(column)+int(text.width/cellWidth) {
				at := s.Canvas.Cell(x, int(row))
				cells.WriteString(at.Text)
				x += max(at.Width, 1)
			}
			if cells.String() != text.s {
				t.Errorf("%q stands over cells %q", text.s, cells.String())
			}
		}
		if found < 40 {
			t.Errorf("%d texts", found)
		}
	}
}

func TestScreensAreSmallFiles(t *testing.T) {
	const most = 150 << 10 // bytes, at 120 by 36 with a heatmap
	var b bytes.Buffer
	if err := screen(languages["en"], 120, 36, themes()["dark"]).WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > most {
		t.Errorf("%d bytes, at most %d", b.Len(), most)
	}
}

// What a canvas asks of text is in the picture.
func TestAttributes(t *testing.T) {
	c := views.NewCanvas(40, 1)
	th := themes()["dark"]
	c.Text(0, 0, "bold", th.Text.With(views.Bold))
	c.Text(5, 0, "slanted", th.Text.With(views.Italic))
	c.Text(13, 0, "both", th.Text.With(views.Bold|views.Italic))
	c.Text(18, 0, "turned", views.Style{FG: views.RGB(1, 2, 3), BG: views.RGB(4, 5, 6), Attr: views.Reverse})
	d := drawingOf(&Screen{Canvas: c, Page: Page{Theme: th}})
	want := map[string]face{"bold": monoBold, "slanted": monoItalic, "both": monoBoldItalic, "turned": monoRegular}
	for _, s := range d.shapes {
		s, ok := s.(*text)
		if !ok {
			continue
		}
		if s.face != want[s.s] {
			t.Errorf("%q has face %d", s.s, s.face)
		}
		if s.s == "turned" && s.fill != (ink{4, 5, 6, 255}) {
			t.Errorf("reversed text is %+v", s.fill)
		}
		delete(want, s.s)
	}
	if len(want) > 0 {
		t.Errorf("no %v", want)
	}
	img := decode(t, &Screen{Canvas: c, Page: Page{Theme: th, Scale: testScale}})
	if got := pixelAt(img, 18, 0, 0.5, 0.5); got != views.RGB(1, 2, 3) {
		t.Errorf("the ground of reversed text is %x", got)
	}
}
