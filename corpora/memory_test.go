package corpora

import (
	"io"
	"runtime"
	"strings"
	"testing"
)

// prose is an endless English text, cut off after n bytes.
func prose(n int) io.Reader { return io.LimitReader(&repeated{text: fablesText}, int64(n)) }

type repeated struct {
	text string
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// TestMemory: all that reading ever allocates is the ids and buffers of fixed
// size. A second copy of the text, or growing by copying, would not fit.
func TestMemory(t *testing.T) {
	const size = 16 << 20
	const buffers = 4 << 20
	for _, c := range []struct {
		opt   Options
		width int64 // bytes an id
	}{
		{Options{}, 1},
		{Options{Level: Word, LevelSet: true, Tokens: Punct}, 2},
	} {
		c.opt.Stdin = prose(size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		corpus, err := Open("-", c.opt)
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if corpus.Bytes != size {
			t.Fatalf("read %d bytes of %d", corpus.Bytes, size)
		}
		got, most := int64(after.TotalAlloc-before.TotalAlloc), corpus.Tokens()*c.width+buffers
		if got > most {
			t.Errorf("%v: %d bytes allocated for %d tokens, want at most %d", corpus.Level, got, corpus.Tokens(), most)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	const size = 32 << 20
	for _, opt := range []Options{
		{},
		{Level: Word, LevelSet: true},
		{Level: Word, LevelSet: true, Tokens: Punct},
	} {
		b.Run(strings.TrimSuffix(opt.Level.String()+"-"+opt.Tokens.String(), "-space"), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				opt.Stdin = prose(size)
				if _, err := Open("-", opt); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBatcher(b *testing.B) {
	batcher, err := NewBatcher(sequence(1<<20), 32, 64)
	if err != nil {
		b.Fatal(err)
	}
	x, y := make([]int32, 32*64), make([]int32, 32*64)
	b.SetBytes(32 * 64)
	for b.Loop() {
		batcher.Next(x, y)
	}
}

// BenchmarkOpenBuiltIn is what the screen waits for at the start.
func BenchmarkOpenBuiltIn(b *testing.B) {
	for b.Loop() {
		if _, err := Open(Default, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
