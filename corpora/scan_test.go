package corpora

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// scanned is what a scanner makes of a source delivered by r, buffer bytes at
// a time.
func scanned(r io.Reader, buffer int, lossy bool) (string, *scanner, error) {
	var text []byte
	s := &scanner{source: source{"text", r, -1}, lossy: lossy, buffer: buffer}
	s.text = func(piece []byte) {
		if !utf8.Valid(piece) {
			panic("a piece is not UTF-8")
		}
		text = append(text, piece...)
	}
	err := s.run()
	return string(text), s, err
}

// cleaned is the contract of the scanner, done to a whole text.
func cleaned(text string) string {
	var out strings.Builder
	for _, r := range text { // a bad byte is U+FFFD
		out.WriteRune(r)
	}
	return strings.ReplaceAll(strings.TrimPrefix(out.String(), "\uFEFF"), "\r\n", "\n")
}

var awkward = []string{
	"", "a", "\r\n", "\r\r\n", "\r\n\r\r\n\n\r", "\uFEFF", "\uFEFF\uFEFFa", "a\uFEFF",
	"ab\r\ncd\r\nef\rgh\r", "水\r\n水😀é\r\n", "\xff", "a\xe6", "a\xe6\xb0", "\xe6\xb0a\xf0\x9f\x98", "\x80\x80\x80\x80\x80",
	"\xed\xa0\x80 surrogate", "\xc0\xaf overlong", "\xf4\x90\x80\x80 beyond",
	strings.Repeat("水é😀\r\n", 40), strings.Repeat("a\r", 40) + "\n",
	strings.Repeat("\uFEFF", 20),
}

// TestScanBorders puts every border of a buffer at every place of awkward texts.
func TestScanBorders(t *testing.T) {
	for _, text := range awkward {
		sum := sha256.Sum256([]byte(text))
		for buffer := 8; buffer < 24; buffer++ {
			for name, r := range map[string]io.Reader{
				"whole":     strings.NewReader(text),
				"bytewise":  iotest.OneByteReader(strings.NewReader(text)),
				"data, EOF": iotest.DataErrReader(strings.NewReader(text)),
			} {
				got, s, err := scanned(r, buffer, true)
				if text == "" {
					if err == nil {
						t.Error("an empty text was accepted")
					}
					continue
				}
				if err != nil || got != cleaned(text) {
					t.Errorf("%q, buffer %d, %s: %q, %v, want %q", text, buffer, name, got, err, cleaned(text))
				}
				if !bytes.Equal(s.hash.Sum(nil), sum[:]) || s.bytes != int64(len(text)) {
					t.Errorf("%q, buffer %d, %s: sha256 %x of %d bytes", text, buffer, name, s.hash.Sum(nil), s.bytes)
				}
			}
		}
	}
}

// TestScanOffset: the byte that is named is the first bad one, wherever the
// buffer's border lies and whatever was dropped before it.
func TestScanOffset(t *testing.T) {
	for _, text := range awkward {
		want := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError })
		if want < 0 {
			continue
		}
		for buffer := 8; buffer < 24; buffer++ {
			_, _, err := scanned(strings.NewReader("\uFEFFx\r\n"+text), buffer, false)
			at := "offset " + grouped(int64(want+6))
			if err == nil || !strings.HasSuffix(err.Error(), at) {
				t.Errorf("%q, buffer %d: %v, want %s", text, buffer, err, at)
			}
		}
	}
}

func TestScanReadError(t *testing.T) {
	broken := errors.New("broken")
	for n := range 20 {
		r := io.MultiReader(strings.NewReader(strings.Repeat("x", n)), iotest.ErrReader(broken))
		if _, _, err := scanned(r, 8, false); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v, want the reader's error", n, err)
		}
	}
}

// drip delivers a byte every 30 ms.
type drip struct{ left int }

func (d *drip) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	time.Sleep(30 * time.Millisecond)
	d.left--
	p[0] = 'x'
	return 1, nil
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type call struct{ read, total int64 }
		var calls []call
		s := scanner{source: source{"text", &drip{10}, 10}, buffer: bufferSize, text: func([]byte) {}}
		s.progress = func(read, total int64) { calls = append(calls, call{read, total}) }
		if err := s.run(); err != nil {
			t.Fatal(err)
		}
		if want := []call{{4, 10}, {8, 10}, {10, 10}}; !slices.Equal(calls, want) {
			t.Errorf("told %v, want %v", calls, want)
		}
	})
}

func TestIdentity(t *testing.T) {
	text := "\uFEFFone\r\ntwo\r\n"
	sum := sha256.Sum256([]byte(text))
	c := open(t, text, Options{})
	if c.SHA256 != hex.EncodeToString(sum[:]) || c.Bytes != int64(len(text)) {
		t.Errorf("sha256 %s of %d bytes, want %x of %d: the file as it is", c.SHA256, c.Bytes, sum, len(text))
	}
}

// tokenized reads data as one text, in buffers of a size.
func tokenized(data []byte, buffer int, lossy bool, tokens tokenizer) ([]int32, []string, error) {
	s := scanner{source: source{"text", iotest.OneByteReader(bytes.NewReader(data)), -1}, lossy: lossy, buffer: buffer, text: tokens.text}
	if err := s.run(); err != nil {
		return nil, nil, err
	}
	tokens.end()
	ids, symbols := tokens.done()
	all := make([]int32, ids.Len())
	ids.Fill(all, 0)
	return all, symbols, nil
}

func FuzzChars(f *testing.F) {
	for _, text := range awkward {
		f.Add([]byte(text), uint8(0), false)
		f.Add([]byte(text), uint8(3), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, buffer uint8, lower bool) {
		want, symbols, err := tokenized(data, 1<<14, true, newChars(lower))
		if err != nil {
			return
		}
		got, _, err := tokenized(data, 8+int(buffer), true, newChars(lower))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("in buffers of %d: %v, %v, want %v", 8+int(buffer), got, err, want)
		}
		text := cleaned(string(data))
		if lower {
			text = lowercase(text)
		}
		if len(want) == 0 {
			return
		}
		v, final, err := charVocabulary(symbols, lower)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i] = final[want[i]]
		}
		if got := v.Decode(want); got != text {
			t.Fatalf("decoded %q, want %q", got, text)
		}
		if got := v.Encode(strings.TrimPrefix(string(data), "\uFEFF")); !slices.Equal(got, want) {
			t.Fatalf("encoded %v, want %v", got, want)
		}
		if !slices.IsSortedFunc(v.tokens, func(a, b string) int { return int([]rune(a)[0]) - int([]rune(b)[0]) }) {
			t.Fatalf("not in the order of code points: %q", v.tokens)
		}
	})
}

func FuzzWords(f *testing.F) {
	for _, text := range awkward {
		f.Add([]byte(text), uint8(0), false, false, false)
	}
	f.Add([]byte("The keys' 12 doors, a3b4.\r\n\n \t\n<unk> <eos> <UNK>"), uint8(5), true, true, true)
	f.Fuzz(func(t *testing.T, data []byte, buffer uint8, punct, lower, lines bool) {
		cut := Space
		if punct {
			cut = Punct
		}
		want, symbols, err := tokenized(data, 1<<14, true, newWords(cut, lower, lines))
		if err != nil {
			return
		}
		got, _, err := tokenized(data, 8+int(buffer), true, newWords(cut, lower, lines))
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("in buffers of %d: %v, %v, want %v", 8+int(buffer), got, err, want)
		}
		var counts [3][]int64
		for part := range counts {
			counts[part] = make([]int64, len(symbols))
		}
		for _, id := range want {
			counts[train][id]++
		}
		v, final, err := wordVocabulary(symbols, counts, Options{Tokens: cut, Lowercase: lower})
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i] = final[want[i]]
		}
		// Decoded and cut again, the tokens are the same, but for a sign of its
		// own: <unk> is one token only where words are cut at white space.
		if !punct || v.unknown < 0 {
			if got := v.Encode(v.Decode(want)); !slices.Equal(got, want) {
				t.Fatalf("%q read again is %v, want %v", v.Decode(want), got, want)
			}
		}
		// Encoding the text itself gives the same, but for the end of the last line.
		text := cleaned(string(data))
		if text == "" || lines {
			return
		}
		if text[len(text)-1] != '\n' {
			text += "\n"
		}
		if got := v.Encode(text); !slices.Equal(got, want) {
			t.Fatalf("%q encoded is %v, want %v", text, got, want)
		}
	})
}
