package views

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// nasty holds texts that break naive layout.
var nasty = []string{
	"", "plain words, and more", "床前明月光，疑是地上霜。", "e\u0301 o\u0308\u0323", "\u0301alone", "👩‍🚀👨‍👩‍👧🇨🇳🏽", "a\ufe0f",
	"tab\tnew\nline\r\nend\r", "\x1b[31mred\x1b[m\x00\x7f", "\u0085\u009b1m", "\xff\xc2\xe5\xba", "\xff\u0301", "\u202eabc\u200b\u200d\ufeff\u2028",
	"가각\u1100\u1161", "क्षि", "ﷺ", "a-b-c well-known", "（甲）「乙」", "\u3000　", strings.Repeat("long", 40),
	"\u093f", "\ufe0f0", "\u0601", "\u0604\x83\xfa", "\x90\t\xb7",
}

func FuzzWrap(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width = width%100 + 1
		if width < 1 {
			width += 99
		}
		want := 0
		for range s {
			want += 2
		}
		c := NewCanvas(want+2, 1)
		if end := c.Text(0, 0, s, Style{}); Width(s) != end {
			t.Errorf("Width(%q) = %d, a canvas draws %d cells", s, Width(s), end)
		}
		cut := Truncate(s, width)
		if w := Width(cut); w > width || Width(s) <= width && cut != s {
			t.Errorf("Truncate(%q, %d) = %q, %d cells", s, width, cut, w)
		}
		for _, align := range []Align{Left, Right, Center} {
			if w := Width(Pad(s, width, align)); w != width {
				t.Errorf("Pad(%q, %d) takes %d cells", s, width, w)
			}
		}
		lines := Wrap(s, width)
		for _, line := range lines {
			if w := Width(line); w > width {
				t.Errorf("Wrap(%q, %d) has a line of %d cells: %q", s, width, w, line)
			}
		}
		if width > 1 {
			if got, want := inked(lines), inked(strings.Split(strings.NewReplacer("\r\n", "\n", "\t", " ").Replace(s), "\n")); got != want {
				t.Errorf("Wrap(%q, %d) changed the text:\n got %q\nwant %q", s, width, got, want)
			}
		}
	})
}

// inked returns what a canvas draws of lines, without spaces.
func inked(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		for cluster := range clusters(line) {
			b.WriteString(strings.Trim(cluster, " "))
		}
	}
	return b.String()
}

func TestTruncate(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  string
	}{
		{"hello", 5, "hello"}, {"hello", 4, "hel…"}, {"hello", 1, "…"}, {"hello", 0, ""}, {"hello", -3, ""}, {"", 0, ""},
		{"明月光", 6, "明月光"}, {"明月光", 5, "明月…"}, {"明月光", 4, "明…"}, {"明月光", 2, "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"}, {"👩‍🚀👩‍🚀", 3, "👩‍🚀…"},
	} {
		if got := Truncate(tc.in, tc.width); got != tc.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", tc.in, tc.width, got, tc.want)
		}
	}
}

func TestPad(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		align Align
		want  string
	}{
		{"ab", 4, Left, "ab  "}, {"ab", 4, Right, "  ab"}, {"ab", 5, Center, " ab  "},
		{"明月", 5, Right, " 明月"}, {"明月光", 5, Left, "明月…"}, {"明月光", 4, Left, "明… "},
	} {
		if got := Pad(tc.in, tc.width, tc.align); got != tc.want {
			t.Errorf("Pad(%q, %d, %d) = %q, want %q", tc.in, tc.width, tc.align, got, tc.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		width    int
		want     []string
	}{
		{"words", "the keys to the cabinet", 8, []string{"the keys", "to the", "cabinet"}},
		{"a word longer than a line", "a cabinetmaker", 5, []string{"a", "cabin", "etmak", "er"}},
		{"newlines", "a\n\nb\r\nc", 9, []string{"a", "", "b", "c"}},
		{"hyphens", "well-known 2-3", 6, []string{"well-", "known", "2-3"}},
		{"no spaces between Han", "床前明月光", 4, []string{"床前", "明月", "光"}},
		{"no comma begins a line", "床前，明月光", 4, []string{"床", "前，", "明月", "光"}},
		{"no bracket ends a line", "床前「明」月", 6, []string{"床前", "「明」", "月"}},
		{"mixed", "用LSTM写诗", 5, []string{"用", "LSTM", "写诗"}},
		{"closing marks only", "，，，，", 4, []string{"，，", "，，"}},
		{"wide in one column", "a明b", 1, []string{"a", "…", "b"}},
		{"a wide mark after a hyphen", "-abcd，", 5, []string{"-", "abcd", "，"}},
		{"no room", "a", 0, nil},
	} {
		if got := Wrap(tc.in, tc.width); !slices.Equal(got, tc.want) {
			t.Errorf("%s: Wrap(%q, %d) = %q, want %q", tc.name, tc.in, tc.width, got, tc.want)
		}
	}
}

func TestParagraphEndsInAnEllipsisWhenRowsAreFew(t *testing.T) {
	for _, tc := range []struct {
		in   string
		h    int
		want []string
	}{
		{"the keys to the cabinet", 4, []string{"the keys", "to the  ", "cabinet ", "        "}},
		{"the keys to the cabinet", 2, []string{"the keys", "to the… "}},
		{"the keys to the cabinet", 1, []string{"the key…"}},
		{"床前明月光疑是地上霜", 1, []string{"床前明… "}},
	} {
		c := NewCanvas(8, tc.h)
		if rows := Paragraph(c, c.Bounds(), tc.in, Style{}); rows > tc.h {
			t.Errorf("%q takes %d rows of %d", tc.in, rows, tc.h)
		}
		for y, want := range tc.want {
			if got := rowText(c, y); got != want {
				t.Errorf("%q in %d rows: row %d is %q, want %q", tc.in, tc.h, y, got, want)
			}
		}
	}
}

func TestClustersAreValid(t *testing.T) {
	for _, s := range nasty {
		for cluster, w := range clusters(s) {
			if !utf8.ValidString(cluster) || w < 1 || w > 2 {
				t.Errorf("%q yields %q, %d cells", s, cluster, w)
			}
		}
	}
}

func BenchmarkTruncate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Truncate("训练集（平滑）, train (smoothed)", 12)
	}
}
