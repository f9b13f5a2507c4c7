package corpora

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func vocabulary(t testing.TB, level Level, cut Tokens, lower bool, tokens ...string) *Vocabulary {
	t.Helper()
	v, err := NewVocabulary(level, cut, lower, tokens)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEncodeDecode(t *testing.T) {
	chars := vocabulary(t, Char, Space, false, "\n", "a", "水")
	lower := vocabulary(t, Char, Space, true, "a", "b")
	words := vocabulary(t, Word, Space, false, "<unk>", "<eos>", "the", "cat")
	punct := vocabulary(t, Word, Punct, true, "<eos>", "the", "cat", ".")
	broken := vocabulary(t, Word, Space, false, "\uFFFD\uFFFD", "a\uFFFD\uFFFD")
	for _, c := range []struct {
		v       *Vocabulary
		text    string
		ids     []int32
		decoded string
	}{
		{chars, "a水\na", []int32{1, 2, 0, 1}, "a水\na"},
		{chars, "a\r\nxa", []int32{1, 0, -1, 1}, "a\n\uFFFDa"},
		{chars, "", []int32{}, ""},
		{lower, "aBA", []int32{0, 1, 0}, "aba"},
		{words, "the cat", []int32{2, 3}, "the cat"},
		{words, "the cat\n", []int32{2, 3, 1}, "the cat\n"},
		{words, " the  dog\n\ncat", []int32{2, 0, 1, 1, 3}, "the <unk>\n\ncat"},
		{words, "<unk> <eos>", []int32{0, 1}, "<unk>\n"},
		{words, "", nil, ""},
		{broken, "a\xff\xfe \xe6\xb0", []int32{1, 0}, "a\uFFFD\uFFFD \uFFFD\uFFFD"},
		{punct, "The cat, the CAT.", []int32{1, 2, -1, 1, 2, 3}, "the cat <unk> the cat ."},
	} {
		ids := c.v.Encode(c.text)
		if !slices.Equal(ids, c.ids) {
			t.Errorf("%q is %v, want %v", c.text, ids, c.ids)
		}
		if got := c.v.Decode(ids); got != c.decoded {
			t.Errorf("%v is %q, want %q", ids, got, c.decoded)
		}
	}
}

func TestSpecialTokens(t *testing.T) {
	type special struct{ unknown, eos, newline, start int }
	for _, c := range []struct {
		v    *Vocabulary
		want special
	}{
		{vocabulary(t, Char, Space, false, "a", "\n", "<eos>"), special{-1, -1, 1, 1}},
		{vocabulary(t, Char, Space, false, "a", "b"), special{-1, -1, -1, -1}},
		{vocabulary(t, Word, Space, false, "\n", "<eos>", "<unk>"), special{2, 1, -1, 1}},
		{vocabulary(t, Word, Space, false, "a", "b"), special{-1, -1, -1, -1}},
	} {
		if got := (special{c.v.Unknown(), c.v.EOS(), c.v.Newline(), c.v.Start()}); got != c.want {
			t.Errorf("%v %q: %+v, want %+v", c.v.Level(), c.v.tokens, got, c.want)
		}
	}
}

func TestVocabularyRefused(t *testing.T) {
	for _, tokens := range [][]string{nil, {"a", ""}, {"a", "b", "a"}, {"a", "\xff"}} {
		if _, err := NewVocabulary(Char, Space, false, tokens); err == nil {
			t.Errorf("%q was accepted", tokens)
		}
	}
}

func TestVocabularyJSON(t *testing.T) {
	for _, want := range []*Vocabulary{
		vocabulary(t, Char, Space, false, "\n", "\"", "\u2028", "\x7f", "水", "😀"),
		vocabulary(t, Word, Punct, true, "<unk>", "<eos>", "a<b", "&"),
	} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Vocabulary
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if !slices.Equal(got.tokens, want.tokens) || got.level != want.level || got.cut != want.cut || got.lowercase != want.lowercase || got.eos != want.eos {
			t.Errorf("%s came back as %+v", b, got)
		}
	}
	for _, bad := range []string{
		`{"level":"char","tokenizer":"space","tokens":["a","a"]}`, `{"level":"char","tokenizer":"space","tokens":[]}`,
		`{"level":"byte","tokenizer":"space","tokens":["a"]}`, `{"level":"char","tokenizer":"","tokens":["a"]}`, `[]`,
	} {
		if err := json.Unmarshal([]byte(bad), new(Vocabulary)); err == nil {
			t.Errorf("%s was accepted", bad)
		}
	}
}

func TestReadVocabulary(t *testing.T) {
	for _, c := range []struct {
		text  string
		opt   Options
		level Level
		want  []string
	}{
		{`["\n", "a", "水"]`, Options{}, Char, []string{"\n", "a", "水"}},
		{`{"b": 1, "a": 0, "<pad>": 2}`, Options{}, Char, []string{"a", "b", "<pad>"}},
		{`{"the": 1, "a": 0}`, Options{}, Word, []string{"a", "the"}},
		{"a\nb\n", Options{}, Char, []string{"a", "b"}},
		{"a\nb\n", Options{Level: Word, LevelSet: true}, Word, []string{"a", "b"}},
		{"\uFEFF\"\\n\"\r\n \r\n\"\n\"\"\"\r\na", Options{}, Word, []string{"\n", " ", "\"", "\"\"\"", "a"}},
		{"\"\\\"\"\n[\n{\n", Options{}, Char, []string{"\"", "[", "{"}},
		{"[\n", Options{}, Char, []string{"["}},
		{"1\n2", Options{}, Char, []string{"1", "2"}},
		{`{"a": 2, "b": 1}`, Options{}, Char, []string{"b", "a"}}, // as Lua counts
		{`{"idx_to_token": {"1": "b", "2": "a"}, "token_to_idx": {"a": 2, "b": 1}}`, Options{}, Char, []string{"b", "a"}},
		{`{"vocab_size": 2, "itos": {"0": "x", "1": "\n"}}`, Options{}, Char, []string{"x", "\n"}},
		{`{"idx_to_word": ["<unk>", "cat"]}`, Options{}, Word, []string{"<unk>", "cat"}},
		{`{"format": 1, "vocabulary": {"level": "word", "tokenizer": "punct", "lowercase": true, "tokens": ["a", "b"]}}`, Options{}, Word, []string{"a", "b"}},
		{"<unk>\n<eos>\nthe cat\n", Options{}, Word, []string{"<unk>", "<eos>", "the cat"}},
	} {
		v, err := ReadVocabulary(write(t, "vocab", c.text), c.opt)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if !slices.Equal(v.tokens, c.want) || v.Level() != c.level {
			t.Errorf("%q is %v %q, want %v %q", c.text, v.Level(), v.tokens, c.level, c.want)
		}
	}
	for _, c := range []struct{ text, what string }{
		{"", "PATH: is empty"},
		{"[]", "PATH: the vocabulary is empty"},
		{`["a", "a"]`, `PATH: tokens 0 and 1 of the vocabulary are both "a"`},
		{`["a", 1]`, "PATH: this JSON is no vocabulary"},
		{`{"a": 0, "b": 2}`, `PATH: token "b" has id 2, outside 0 to 1`},
		{`{"a": 0, "b": 0}`, `PATH: tokens "a" and "b" both have id 0`},
		{`{"a": 0.5}`, "PATH: this JSON is no vocabulary"},
		{"a\n\nb", `PATH: line 2 is empty; a newline is written "\n", in quotes`},
		{"a\xffb", "PATH: not UTF-8: byte 0xFF at offset 1"},
	} {
		path := write(t, "vocab", c.text)
		_, err := ReadVocabulary(path, Options{})
		if want := strings.Replace(c.what, "PATH", path, 1); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", c.text, err, want)
		}
	}
	if _, err := ReadVocabulary("no-such-file", Options{}); err == nil || err.Error() != "no-such-file: no such file" {
		t.Errorf("missing: %v", err)
	}
}
