package corpora

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestIDs writes ids around the limits of each width, in lengths around those
// of a block, and reads them back every way there is.
func TestIDs(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, largest := range []int32{0, 1, 254, 255, 256, 65534, 65535, 65536, 1<<31 - 1} {
		for _, n := range []int{0, 1, 17, blockLen - 1, blockLen, blockLen + 1, 2*blockLen + 5} {
			want := make([]int32, n)
			var w idWriter
			for i := range want {
				want[i] = int32(random.Int64N(int64(largest)+2)) - 1
				w.add(want[i])
			}
			if w.len() != n {
				t.Errorf("%d ids written, the writer says %d", n, w.len())
			}
			s := w.done()
			if s.Len() != n {
				t.Fatalf("length %d, want %d", s.Len(), n)
			}
			got := make([]int32, n)
			s.Fill(got, 0)
			if !slices.Equal(got, want) {
				t.Fatalf("largest %d, n %d: ids differ", largest, n)
			}
			for range min(n, 200) {
				i := random.IntN(n)
				if got := s.At(i); got != int(want[i]) {
					t.Fatalf("largest %d: At(%d) = %d, want %d", largest, i, got, want[i])
				}
				j := i + random.IntN(n-i+1)
				part := s.Slice(i, j)
				k := random.IntN(j - i + 1)
				got := make([]int32, j-i-k)
				part.Fill(got, k)
				if !slices.Equal(got, want[i+k:j]) {
					t.Fatalf("largest %d: Slice(%d, %d) from %d differs", largest, i, j, k)
				}
				if k < j-i && part.At(k) != int(want[i+k]) {
					t.Fatalf("largest %d: Slice(%d, %d).At(%d) differs", largest, i, j, k)
				}
			}
		}
	}
}

func TestIDsWidth(t *testing.T) {
	for _, c := range []struct {
		largest int32
		width   int64
	}{{254, 1}, {255, 2}, {65534, 2}, {65535, 4}} {
		var w idWriter
		w.add(c.largest)
		for w.len() < blockLen+1 {
			w.add(0)
		}
		s := w.done()
		if got, want := s.Slice(0, blockLen).Bytes(), c.width*blockLen; got != want {
			t.Errorf("a block of ids up to %d takes %d bytes, want %d", c.largest, got, want)
		}
		if got, want := s.Bytes(), c.width*blockLen+1; got != want {
			t.Errorf("two blocks, the first of ids up to %d, take %d bytes, want %d", c.largest, got, want)
		}
	}
}

func TestIDsRemap(t *testing.T) {
	const n, V = blockLen + 77, 300
	var w idWriter
	final := make([]int32, V)
	for p := range final {
		final[p] = int32(V - 1 - p)
	}
	final[7] = -1
	for i := range n {
		w.add(int32(i % V))
	}
	s := w.done()
	counts := make([]int64, V)
	s.Slice(5, 5+2*V+1).count(counts)
	for id, c := range counts {
		want := int64(2)
		if id == 5 {
			want = 3
		}
		if c != want {
			t.Errorf("id %d counted %d times, want %d", id, c, want)
		}
	}
	s.remap(final)
	for i := range n {
		if got, want := s.At(i), int(final[i%V]); got != want {
			t.Fatalf("token %d is %d, want %d", i, got, want)
		}
	}
}

func TestIDsOutside(t *testing.T) {
	s := sequence(10).Slice(2, 8)
	for name, f := range map[string]func(){
		"At(-1)":     func() { s.At(-1) },
		"At(6)":      func() { s.At(6) },
		"Slice(3,2)": func() { s.Slice(3, 2) },
		"Slice(0,7)": func() { s.Slice(0, 7) },
		"Fill at 4":  func() { s.Fill(make([]int32, 3), 4) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s of 6 tokens did not panic", name)
				}
			}()
			f()
		}()
	}
}

// 255 is an id that a byte does not hold: there it would say that there is none.
func TestIDsRemapToTheLastOfAByte(t *testing.T) {
	for _, last := range []int32{254, 255} {
		var w idWriter
		for i := range 3 * blockLen {
			w.add(int32(i % 100))
		}
		final := make([]int32, 100)
		for p := range final {
			final[p] = int32(p)
		}
		final[99] = last
		s := w.done()
		s.remap(final)
		if got := s.At(99); got != int(last) {
			t.Errorf("id %d reads as %d", last, got)
		}
	}
}
