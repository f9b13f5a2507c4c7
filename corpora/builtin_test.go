package corpora

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct {
		name, canonical string
		grammar         grammar
	}{
		{"recall", "recall", recall{lag: 10}},
		{"recall:20", "recall:20", recall{lag: 20}},
		{"recall:mixed:7", "recall:mixed:7", recall{lag: 7, mixed: true}},
		{"recall:same:1000", "recall:same:1000", recall{lag: 1000, same: true}},
		{"brackets", "brackets", brackets{8, 2, 2}},
		{"brackets:4", "brackets:4", brackets{4, 2, 2}},
		{"sums:reversed", "sums:reversed", sums{reversed: true}},
		{"reber", "reber", reber{}},
		{"agreement", "agreement", agreement{3}},
		{"story", "story", story{}},
	} {
		b, err := lookup(c.name)
		if err != nil || b == nil || b.name != c.canonical || b.grammar != c.grammar {
			t.Errorf("%s: %+v, %v", c.name, b, err)
		}
	}
	for _, alias := range []string{"measure", "liangci", "量词"} {
		if b, err := lookup(alias); err != nil || b == nil || b.name != "measure" {
			t.Errorf("%s: %+v, %v", alias, b, err)
		}
	}
	for _, other := range []string{"", "fable", "notes.txt", "./recall", "C:\\recall", "Recall"} {
		if b, err := lookup(other); b != nil || err != nil {
			t.Errorf("%q is %+v, %v", other, b, err)
		}
	}
	for _, text := range []string{"fables", "zh"} {
		if b, err := lookup(text); err != nil || b == nil || b.grammar != nil || b.text() == "" {
			t.Errorf("%s: %+v, %v", text, b, err)
		}
	}
}

func TestUnknownVariants(t *testing.T) {
	const recalls = "try recall, recall:20, recall:50, recall:mixed:20, recall:same:10; a lag from 1 to 1000, as in recall:30, recall:mixed:30 or recall:same:30"
	for _, c := range []struct{ name, what, try string }{
		{"recall:", `recall:: recall has no variant ""`, recalls},
		{"recall:0", `recall:0: recall has no variant "0"`, recalls},
		{"recall:1001", `recall:1001: recall has no variant "1001"`, recalls},
		{"recall:+5", `recall:+5: recall has no variant "+5"`, recalls},
		{"recall:mixed", `recall:mixed: recall has no variant "mixed"`, recalls},
		{"recall:other:5", `recall:other:5: recall has no variant "other:5"`, recalls},
		{"brackets:101", `brackets:101: brackets has no variant "101"`, "try brackets, brackets:4; a depth from 1 to 100, as in brackets:6"},
		{"sums:backwards", `sums:backwards: sums has no variant "backwards"`, "try sums, sums:reversed"},
		{"reber:2", `reber:2: reber has no variant "2"`, "try reber"},
		{"量词:2", `量词:2: measure has no variant "2"`, "try measure"},
		{"fables:2", `fables:2: fables has no variant "2"`, "try fables"},
		{"pairs", "pairs: pairs of sentences, not a text to read", "look at them: rnnscope corpora show pairs"},
	} {
		b, err := lookup(c.name)
		var e *Error
		if b != nil || !errors.As(err, &e) || e.Error() != c.what || e.Try() != c.try {
			t.Errorf("%s: %v, %+v", c.name, b, err)
		}
	}
}

// Every row of the table says what it must, in both languages, and leads back
// to itself.
func TestList(t *testing.T) {
	names, streams := map[string]bool{}, map[uint64]bool{}
	for i, e := range List() {
		for _, name := range append([]string{e.Name}, e.Aliases...) {
			if b, err := named(name); names[name] || err != nil || b == nil || b.name != e.Name {
				t.Errorf("%s: leads to %+v, %v", name, b, err)
			}
			names[name] = true
		}
		han := func(s string) bool {
			return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		}
		if e.Title == "" || e.About == "" || han(e.Title) || han(e.About) || !han(e.TitleZH) || !han(e.AboutZH) {
			t.Errorf("%s: titles and descriptions %+v", e.Name, e)
		}
		if (e.Kind == Grammar) != (len(e.Variants) > 0) || (e.Kind == Grammar) != (e.Seeds == [3]uint64{1, 2, 3}) {
			t.Errorf("%s: %v with %d variants and seeds %v", e.Name, e.Kind, len(e.Variants), e.Seeds)
		}
		if e.Kind != Grammar {
			continue
		}
		if f := families[i]; streams[f.stream] || f.stream == 0 || f.forgets == "" || e.Variants[0].Name != e.Name {
			t.Errorf("%s: stream %x, forgets %q, first variant %q", e.Name, f.stream, f.forgets, e.Variants[0].Name)
		}
		streams[families[i].stream] = true
		for _, v := range e.Variants {
			if b, err := lookup(v.Name); err != nil || b == nil || b.name != v.Name {
				t.Errorf("%s: %v", v.Name, err)
			}
		}
	}
	if !names[Default] {
		t.Errorf("the default, %s, is not in the list", Default)
	}
	syntax := regexp.MustCompile(`[a-z]+:[a-z0-9:]+`)
	for _, e := range List() {
		for _, example := range syntax.FindAllString(e.Syntax, -1) {
			if b, err := lookup(example); err != nil || b == nil {
				t.Errorf("%s: %q suggests %s: %v", e.Name, e.Syntax, example, err)
			}
		}
	}
}

func written(t *testing.T, name, split string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, name, split); err != nil {
		t.Fatalf("%s %s: %v", name, split, err)
	}
	return out.String()
}

// What Write writes is what Open reads.
func TestWrite(t *testing.T) {
	for _, e := range List() {
		if e.Kind == SentencePairs {
			if text := written(t, e.Name, ""); text == "" || !strings.HasPrefix(text, "#") {
				t.Errorf("%s begins with %.20q", e.Name, text)
			}
			if err := Write(new(bytes.Buffer), e.Name, "train"); err == nil {
				t.Errorf("%s has a training split", e.Name)
			}
			continue
		}
		c, err := Open(e.Name, Options{})
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		all := ""
		for part, split := range []Split{c.Train, c.Valid, c.Test} {
			text := written(t, e.Name, partNames[part])
			all += text
			ids := make([]int32, split.IDs.Len())
			split.IDs.Fill(ids, 0)
			if read := c.Vocab.Decode(ids); read != text {
				t.Errorf("%s %s: wrote %.60q…, read %.60q…", e.Name, partNames[part], text, read)
			}
		}
		want := all
		if e.Kind == Grammar {
			want = written(t, e.Name, "train")
		}
		if written(t, e.Name, "") != want {
			t.Errorf("%s without a split is something else", e.Name)
		}
	}
	for _, c := range []struct{ name, split, what string }{
		{"nothing", "", "nothing: no built-in text has this name"},
		{"recall:x", "", `recall:x: recall has no variant "x"`},
		{"fables", "dev", `fables: no split is called "dev"`},
		{"pairs", "train", "pairs: pairs of sentences have no splits"},
	} {
		if err := Write(new(bytes.Buffer), c.name, c.split); err == nil || err.Error() != c.what {
			t.Errorf("%s %s: %v, want %s", c.name, c.split, err, c.what)
		}
	}
	full := errors.New("disk full")
	if err := Write(failingWriter{full}, "recall", "test"); !errors.Is(err, full) {
		t.Errorf("a write that failed gave %v", err)
	}
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

func TestShow(t *testing.T) {
	d, err := Show("recall:mixed:20")
	if err != nil {
		t.Fatal(err)
	}
	if d.Entry.Name != "recall" || d.Variant == nil || d.Variant.Name != "recall:mixed:20" || d.Phenomenon == "" ||
		!slices.Equal(d.Classes, []string{"lag 1-5", "lag 6-10", "lag 11-15", "lag 16-20"}) || len(d.Parts) != 3 {
		t.Errorf("%+v", d)
	}
	if p := d.Parts[test]; p.Name != "test" || p.Lines != 2000 || p.Scored != 2000 || p.Bytes != p.Tokens ||
		math.Abs(p.Floor-d.Variant.Floor) > 0.01 {
		t.Errorf("test: %+v", p)
	}
	if n := strings.Count(d.Beginning, "\n"); n != beginningLines || !strings.HasPrefix(written(t, "recall:mixed:20", "train"), d.Beginning) {
		t.Errorf("begins with %q", d.Beginning)
	}
	if d, err = Show("zh"); err != nil || d.Variant != nil || len(d.Parts) != 3 || !math.IsNaN(d.Parts[0].Floor) || d.Parts[0].Tokens >= d.Parts[0].Bytes {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err = Show("agreement-pairs"); err != nil || len(d.Parts) != 1 || d.Parts[0].Name != "all" || d.Parts[0].Lines != len(AgreementPairs())+1 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err = Show("notes.txt"); err == nil {
		t.Error("showed a file")
	}
}
