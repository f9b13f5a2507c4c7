package corpora

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// open reads text through standard input.
func open(t testing.TB, text string, opt Options) *Corpus {
	t.Helper()
	opt.Stdin = strings.NewReader(text)
	c, err := Open("-", opt)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return c
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func ids(s IDs) []int32 {
	out := make([]int32, s.Len())
	s.Fill(out, 0)
	return out
}

// all is the tokens of the three splits in order.
func all(c *Corpus) []int32 {
	return slices.Concat(ids(c.Train.IDs), ids(c.Valid.IDs), ids(c.Test.IDs))
}

var allTrain = [3]float64{1, 0, 0}

// TestWorkedExample is the one of the command line's contract.
func TestWorkedExample(t *testing.T) {
	c := open(t, "a b a c\nb a\n", Options{Level: Word, LevelSet: true, MinCount: 2, Split: allTrain})
	want := []string{"<unk>", "<eos>", "a", "b"}
	if !slices.Equal(c.Vocab.tokens, want) {
		t.Errorf("vocabulary %q, want %q", c.Vocab.tokens, want)
	}
	if got, want := ids(c.Train.IDs), []int32{2, 3, 2, 0, 1, 3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
	if c.Train.Unknown != 1 {
		t.Errorf("%d unknown, want 1", c.Train.Unknown)
	}
	for id, want := range []int64{1, 2, 3, 2} {
		if got := c.Counts[id]; got != want {
			t.Errorf("%q counted %d times, want %d", c.Vocab.Token(id), got, want)
		}
	}
}

// Counts are those of the text, also with the vocabulary of another.
func TestCountsWithAGivenVocabulary(t *testing.T) {
	other := open(t, "abcd", Options{Split: allTrain})
	c := open(t, "bcbxcb", Options{Vocab: other.Vocab, Split: allTrain})
	for id, want := range []int64{0, 3, 2, 0} {
		if got := c.Counts[id]; got != want {
			t.Errorf("%q counted %d times, want %d", c.Vocab.Token(id), got, want)
		}
	}
	if c.Counts[0] != 0 || other.Counts[0] != 1 || c.Train.Unknown != 1 {
		t.Errorf("%v, the other's are %v, %d unknown", c.Counts, other.Counts, c.Train.Unknown)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        Options
		want       string // the tokens, a space between two
	}{
		{"last line without newline", "a b\na", Options{}, "a b <eos> a <eos>"},
		{"empty lines", "a\n\n\nb\n", Options{}, "a <eos> <eos> <eos> b <eos>"},
		{"empty lines dropped", "\n a\n\n \t\nb\n\n", Options{Lines: true}, "a <eos> b <eos>"},
		{"white space", "  a\t b\u00a0c\u3000d\vb\f\x85", Options{Lossy: true}, "a b c d b \uFFFD <eos>"},
		{"a lone CR is white space", "a\rb\r\nc\r", Options{}, "a b <eos> c <eos>"},
		{"CRLF", "a\r\n\r\nb\r\n", Options{}, "a <eos> <eos> b <eos>"},
		{"byte-order mark", "\uFEFFa \uFEFFa", Options{}, "a \uFEFFa <eos>"},
		{"literal unknown", "a <unk> b\n", Options{}, "a <unk> b <eos>"},
		{"literal end of line", "a <eos> b\n", Options{}, "a <eos> b <eos>"},
		{"signs at white space", "don't stop, 3.5%\n", Options{}, "don't stop, 3.5% <eos>"},
		{"signs apart", "don't stop, 3.5%\n", Options{Tokens: Punct}, "don't stop , 3 . 5 % <eos>"},
		{"letters beside digits", "ab12cd '' x'y_z\n", Options{Tokens: Punct}, "ab 12 cd '' x'y _ z <eos>"},
		{"not ASCII, signs apart", "café 你好\u3000吗\n", Options{Tokens: Punct}, "caf é 你 好 吗 <eos>"},
		{"lower case", "The THE the ÄB\n", Options{Lowercase: true}, "the the the äb <eos>"},
		{"lower case unknown", "a <UNK>\n", Options{Lowercase: true}, "a <unk> <eos>"},
		{"rare words", "a b a c\n", Options{MinCount: 2}, "a <unk> a <unk> <eos>"},
	} {
		c.opt.Level, c.opt.LevelSet, c.opt.Split = Word, true, allTrain
		corpus := open(t, c.text, c.opt)
		var tokens []string
		for _, id := range ids(corpus.Train.IDs) {
			tokens = append(tokens, corpus.Vocab.Token(int(id)))
		}
		if got := strings.Join(tokens, " "); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// TestWordOrder: by count in the training split, ties by first appearance;
// <unk> only when it occurs, and what only the other splits have is unknown.
func TestWordOrder(t *testing.T) {
	c := open(t, "z y x y w w\n", Options{Level: Word, LevelSet: true, Split: allTrain})
	if got, want := c.Vocab.tokens, []string{"<eos>", "y", "w", "z", "x"}; !slices.Equal(got, want) {
		t.Errorf("vocabulary %q, want %q", got, want)
	}
	if c.Vocab.Unknown() != -1 || c.Vocab.EOS() != 0 || c.Vocab.Start() != 0 {
		t.Errorf("<unk> %d, <eos> %d, start %d", c.Vocab.Unknown(), c.Vocab.EOS(), c.Vocab.Start())
	}
	var text, once, twice []string // so many that a sort which is not stable shows
	for i := range 200 {
		w := strings.Repeat("x", 200-i)
		if text = append(text, w); i%3 == 0 {
			text, twice = append(text, w), append(twice, w)
		} else {
			once = append(once, w)
		}
	}
	c = open(t, strings.Join(text, " "), Options{Level: Word, LevelSet: true, Split: allTrain})
	if got := c.Vocab.tokens[1:]; !slices.Equal(got, slices.Concat(twice, once)) {
		t.Errorf("words of equal count are not in the order of the text: %q", got)
	}
	c = open(t, "a b b c c c d d d d\n", Options{Level: Word, LevelSet: true, Split: [3]float64{0.5, 0.25, 0.25}})
	// 11 tokens: a b b c c | c d d | d d <eos>
	if got, want := c.Vocab.tokens, []string{"<unk>", "<eos>", "b", "c", "a"}; !slices.Equal(got, want) {
		t.Errorf("vocabulary %q, want %q", got, want)
	}
	if got, want := all(c), []int32{4, 2, 2, 3, 3, 3, 0, 0, 0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
	if c.Train.Unknown != 0 || c.Valid.Unknown != 2 || c.Test.Unknown != 2 {
		t.Errorf("unknown %d, %d, %d, want 0, 2, 2", c.Train.Unknown, c.Valid.Unknown, c.Test.Unknown)
	}
}

func TestChars(t *testing.T) {
	c := open(t, "\uFEFFb\r\na\r水é\r\n", Options{Split: allTrain})
	if got, want := c.Vocab.tokens, []string{"\n", "\r", "a", "b", "é", "水"}; !slices.Equal(got, want) {
		t.Errorf("vocabulary %q, want %q", got, want)
	}
	if got, want := ids(c.Train.IDs), []int32{3, 0, 2, 1, 5, 4, 0}; !slices.Equal(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
	if c.Vocab.Start() != 0 || c.Vocab.Newline() != 0 || c.Vocab.EOS() != -1 || c.Vocab.Unknown() != -1 {
		t.Errorf("start %d, newline %d, <eos> %d, <unk> %d", c.Vocab.Start(), c.Vocab.Newline(), c.Vocab.EOS(), c.Vocab.Unknown())
	}
	if got, want := c.Vocab.Decode(ids(c.Train.IDs)), "b\na\r水é\n"; got != want {
		t.Errorf("decoded %q, want %q", got, want)
	}
	c = open(t, "aAÉébB", Options{Split: allTrain, Lowercase: true})
	if got, want := c.Vocab.Decode(ids(c.Train.IDs)), "aaéébb"; got != want {
		t.Errorf("in lower case %q, want %q", got, want)
	}
	c = open(t, "a\xffb\xe6\xb0c\xe6\xb0\xb4", Options{Split: allTrain, Lossy: true})
	if got, want := c.Vocab.Decode(ids(c.Train.IDs)), "a\uFFFDb\uFFFD\uFFFDc水"; got != want {
		t.Errorf("lossy %q, want %q", got, want)
	}
}

func TestSplits(t *testing.T) {
	for _, c := range []struct {
		n           int
		shares      [3]float64
		valid, test int
	}{
		{100, [3]float64{0.9, 0.05, 0.05}, 90, 95},
		{20, [3]float64{0.9, 0.05, 0.05}, 18, 19},
		{21, [3]float64{0.9, 0.05, 0.05}, 18, 19},
		{39, [3]float64{0.9, 0.05, 0.05}, 35, 37},
		{2, [3]float64{0.9, 0.05, 0.05}, 1, 1},
		{1115394, [3]float64{0.9, 0.05, 0.05}, 1003854, 1059624},
		{10, [3]float64{0.7, 0.1, 0.2}, 7, 8},
		{1000000000, [3]float64{0.7, 0.1, 0.2}, 700000000, 800000000},
		{10, [3]float64{1, 0, 0}, 10, 10},
	} {
		if valid, test := cuts(c.n, c.shares); valid != c.valid || test != c.test {
			t.Errorf("%d by %v: cut at %d and %d, want %d and %d", c.n, c.shares, valid, test, c.valid, c.test)
		}
	}
}

func TestOwnSplits(t *testing.T) {
	text, other, third := "ababab\n", "cab\n", "abd\n"
	main, valid, test := write(t, "main", text), write(t, "valid", other), write(t, "test", third)

	c, err := Open(main, Options{Valid: valid, Test: test})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Vocab.tokens, []string{"\n", "a", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Errorf("vocabulary %q, want %q", got, want)
	}
	for _, s := range []struct {
		split Split
		want  string
	}{{c.Train, text}, {c.Valid, other}, {c.Test, third}} {
		if got := c.Vocab.Decode(ids(s.split.IDs)); got != s.want {
			t.Errorf("split %q, want %q", got, s.want)
		}
	}
	hexOf := func(s string) string { sum := sha256.Sum256([]byte(s)); return hex.EncodeToString(sum[:]) }
	if want := hexOf(hexOf(text) + hexOf(other) + hexOf(third)); c.SHA256 != want {
		t.Errorf("sha256 %s, want %s", c.SHA256, want)
	}
	if want := int64(len(text) + len(other) + len(third)); c.Bytes != want {
		t.Errorf("%d bytes, want %d", c.Bytes, want)
	}

	c, err = Open(main, Options{Level: Word, LevelSet: true, Test: write(t, "words", "ababab new\n")})
	if err != nil {
		t.Fatal(err)
	}
	if c.Train.IDs.Len() != 2 || c.Valid.IDs.Len() != 0 || c.Test.IDs.Len() != 3 || c.Test.Unknown != 1 {
		t.Errorf("splits of %d, %d, %d tokens, %d unknown", c.Train.IDs.Len(), c.Valid.IDs.Len(), c.Test.IDs.Len(), c.Test.Unknown)
	}
}

func TestGivenVocabulary(t *testing.T) {
	chars, err := NewVocabulary(Char, Space, false, []string{"b", "a", "\n"})
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, "abxb\n", Options{Vocab: chars, Split: allTrain})
	if got, want := ids(c.Train.IDs), []int32{1, 0, -1, 0, 2}; !slices.Equal(got, want) || c.Train.Unknown != 1 {
		t.Errorf("ids %v with %d unknown, want %v with 1", got, c.Train.Unknown, want)
	}
	words, err := NewVocabulary(Word, Punct, true, []string{"<eos>", "the", ",", "<unk>"})
	if err != nil {
		t.Fatal(err)
	}
	c = open(t, "The, cat\n", Options{Vocab: words, Split: allTrain})
	if got, want := ids(c.Train.IDs), []int32{1, 2, 3, 0}; !slices.Equal(got, want) || c.Train.Unknown != 1 {
		t.Errorf("ids %v with %d unknown, want %v with 1", got, c.Train.Unknown, want)
	}
	if _, err := Open("-", Options{Vocab: words, LevelSet: true, Stdin: strings.NewReader("ab")}); err == nil {
		t.Error("a word vocabulary was accepted at char level")
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name, path string
		opt        Options
		what, try  string
	}{
		{"missing", "no-such-file", Options{}, "no-such-file: no such file, and no built-in text has this name", "the built-in texts: rnnscope corpora"},
		{"directory", dir, Options{}, dir + ": is a directory", "name a text file in it"},
		{"empty", write(t, "empty", ""), Options{}, "PATH: is empty", "try a built-in text: rnnscope corpora"},
		{"one character", write(t, "one", "a"), Options{}, "PATH: 1 character is too short: there is nothing to predict", "try a built-in text: rnnscope corpora"},
		{"a byte-order mark alone", write(t, "bom", "\uFEFF"), Options{}, "PATH: 0 characters is too short: there is nothing to predict", "try a built-in text: rnnscope corpora"},
		{"one symbol", write(t, "same", "aaaa"), Options{}, `PATH: nothing to predict: every token is "a"`, "try a built-in text: rnnscope corpora"},
		{"lines alone", write(t, "lines", "\n\n\n"), Options{Level: Word, LevelSet: true}, `PATH: nothing to predict: every token is "<eos>"`, "try a built-in text: rnnscope corpora"},
		{"no lines", write(t, "none", "\n\n\n"), Options{Level: Word, LevelSet: true, Lines: true}, "PATH: 0 tokens is too short: there is nothing to predict", "try a built-in text: rnnscope corpora"},
		{"binary", write(t, "binary", "some\x00thing\xff"), Options{Lossy: true}, "PATH: is not a text: a NUL byte at offset 4", "try a built-in text: rnnscope corpora"},
		{"not UTF-8", write(t, "latin1", strings.Repeat("x", 1234)+"\xe9t\xe9"), Options{}, "PATH: not UTF-8: byte 0xE9 at offset 1,234", "try --lossy to read such bytes as U+FFFD"},
		{"cut short", write(t, "cut", "ab\xe6\xb0"), Options{}, "PATH: not UTF-8: byte 0xE6 at offset 2", "try --lossy to read such bytes as U+FFFD"},
		{"UTF-16", write(t, "utf16", "\xff\xfea\x00"), Options{}, "PATH: is UTF-16, not UTF-8", "convert it: iconv -f UTF-16 -t UTF-8"},
		{"negative share", "-", Options{Split: [3]float64{1.5, -0.5, 0}}, "a share of the split must be between 0 and 1, not 1.5", ""},
		{"shares of nothing", "-", Options{Split: [3]float64{0, 0.5, 0.5}}, "the shares of the split must sum to 1 and leave some to train on, not [0 0.5 0.5]", ""},
		{"standard input twice", "-", Options{Valid: "-"}, "standard input can be read only once", ""},
		{"missing validation text", write(t, "text", "ab"), Options{Valid: "nowhere"}, "nowhere: no such file, and no built-in text has this name", "the built-in texts: rnnscope corpora"},
	} {
		_, err := Open(c.path, c.opt)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want an *Error", c.name, err)
			continue
		}
		if what := strings.Replace(c.what, "PATH", c.path, 1); e.Error() != what || e.Try() != c.try {
			t.Errorf("%s:\n got %q, %q\nwant %q, %q", c.name, e.Error(), e.Try(), what, c.try)
		}
	}
	if _, err := Open("no-such-file", Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the cause is not told: %v", err)
	}
	broken := errors.New("broken pipe")
	if _, err := Open("-", Options{Stdin: io.MultiReader(strings.NewReader("ab"), failing{broken})}); !errors.Is(err, broken) {
		t.Errorf("a read that failed gave %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestBatchesNamesTheText(t *testing.T) {
	path := write(t, "notes.txt", strings.Repeat("ab", 156))
	c, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Batches(32, 64)
	if want := path + ": 312 characters is too short for batch 32 x window 64 (needs 2,049)"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
