package corpora

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// sequence is the ids 0 … n-1, so that a window's entries are its positions.
func sequence(n int) IDs {
	var w idWriter
	for i := range n {
		w.add(int32(i))
	}
	return w.done()
}

// windowsOf writes out one epoch from the definition in the command line's
// contract, stream by stream.
func windowsOf(n, B, K int) (xs, ys [][]int32) {
	cols := (n - 1) / B
	for start := 0; start+K <= cols; start += K {
		x, y := make([]int32, K*B), make([]int32, K*B)
		for b := range B {
			for t := range K {
				x[t*B+b] = int32(b*cols + start + t)
				y[t*B+b] = int32(b*cols + start + t + 1)
			}
		}
		xs, ys = append(xs, x), append(ys, y)
	}
	return xs, ys
}

func TestBatcherAgainstDefinition(t *testing.T) {
	for _, c := range []struct{ n, B, K int }{
		{2, 1, 1}, {3, 1, 2}, {21, 4, 5}, {22, 4, 5}, {24, 4, 5}, {25, 4, 3},
		{100, 1, 7}, {101, 10, 10}, {102, 10, 10}, {blockLen + 100, 3, 1000}, {3*blockLen + 1, 5, 997},
	} {
		xs, ys := windowsOf(c.n, c.B, c.K)
		b, err := NewBatcher(sequence(c.n), c.B, c.K)
		if err != nil {
			t.Errorf("n=%d B=%d K=%d: %v", c.n, c.B, c.K, err)
			continue
		}
		if b.Windows() != len(xs) {
			t.Errorf("n=%d B=%d K=%d: %d windows, want %d", c.n, c.B, c.K, b.Windows(), len(xs))
		}
		x, y := make([]int32, c.K*c.B), make([]int32, c.K*c.B)
		for i := range 2*len(xs) + 1 {
			w := i % len(xs)
			if epoch, offset := b.Position(); epoch != int64(i/len(xs)) || offset != int64(w*c.K) {
				t.Errorf("n=%d B=%d K=%d window %d: position %d, %d", c.n, c.B, c.K, i, epoch, offset)
			}
			if reset := b.Next(x, y); reset != (w == 0) {
				t.Errorf("n=%d B=%d K=%d window %d: reset %v", c.n, c.B, c.K, i, reset)
			}
			if !slices.Equal(x, xs[w]) || !slices.Equal(y, ys[w]) {
				t.Fatalf("n=%d B=%d K=%d window %d: x %v y %v, want %v %v", c.n, c.B, c.K, i, x, y, xs[w], ys[w])
			}
		}
		if want := int64((2*len(xs) + 1) * c.K * c.B); b.Tokens() != want {
			t.Errorf("n=%d B=%d K=%d: %d tokens, want %d", c.n, c.B, c.K, b.Tokens(), want)
		}
	}
}

func TestBatcherTooShort(t *testing.T) {
	for _, c := range []struct {
		n, B, K int
		what    string
		try     string
	}{
		{312, 32, 64, "312 characters is too short for batch 32 x window 64 (needs 2,049)", "try --batch 4, or a built-in text: rnnscope corpora"},
		{2048, 32, 64, "2,048 characters is too short for batch 32 x window 64 (needs 2,049)", "try --batch 31, or a built-in text: rnnscope corpora"},
		{12, 2, 64, "12 characters is too short for batch 2 x window 64 (needs 129)", "try --batch 1 --window 11, or a built-in text: rnnscope corpora"},
		{1, 1, 1, "1 character is too short for batch 1 x window 1 (needs 2)", "try a built-in text: rnnscope corpora"},
		{0, 1, 1, "0 characters is too short for batch 1 x window 1 (needs 2)", "try a built-in text: rnnscope corpora"},
	} {
		_, err := NewBatcher(sequence(c.n), c.B, c.K)
		var short *TooShortError
		if !errors.As(err, &short) {
			t.Errorf("n=%d B=%d K=%d: error %v, want a TooShortError", c.n, c.B, c.K, err)
			continue
		}
		if short.Error() != c.what || short.Try() != c.try {
			t.Errorf("n=%d B=%d K=%d:\n got %q, %q\nwant %q, %q", c.n, c.B, c.K, short.Error(), short.Try(), c.what, c.try)
		}
		if _, err := NewBatcher(sequence(int(short.Needs())), c.B, c.K); err != nil {
			t.Errorf("n=%d, which is said to do: %v", short.Needs(), err)
		}
	}
	short := TooShortError{Name: "notes.txt", Total: 2100, Tokens: 1890, Batch: 32, Window: 64}
	if want := "notes.txt: 2,100 characters, 1,890 of them to train on, is too short for batch 32 x window 64 (needs 2,049)"; short.Error() != want {
		t.Errorf("got %q, want %q", short.Error(), want)
	}
	for _, c := range []struct{ B, K int }{{0, 5}, {-1, 5}, {5, 0}, {5, -3}} {
		if _, err := NewBatcher(sequence(1000), c.B, c.K); err == nil {
			t.Errorf("batch %d x window %d was accepted", c.B, c.K)
		}
	}
}

// TestBatcherResume stops at every window, goes on in another batcher from the
// position, and wants the same windows.
func TestBatcherResume(t *testing.T) {
	const n, B, K, steps = 203, 4, 7, 20
	ids := sequence(n)
	next := func(b *Batcher) (out []int32, reset bool) {
		k, B := b.Shape()
		x, y := make([]int32, k*B), make([]int32, k*B)
		reset = b.Next(x, y)
		return append(x, y...), reset
	}
	for stop := range steps {
		a, _ := NewBatcher(ids, B, K)
		for range stop {
			next(a)
		}
		b, _ := NewBatcher(ids, B, K)
		if err := b.SeekTo(a.Position()); err != nil {
			t.Fatal(err)
		}
		if a.Tokens() != b.Tokens() {
			t.Errorf("stopped at %d: %d tokens, want %d", stop, b.Tokens(), a.Tokens())
		}
		for i := range steps {
			wa, ra := next(a)
			wb, rb := next(b)
			if !slices.Equal(wa, wb) || ra != rb {
				t.Fatalf("stopped at %d, window %d: got %v, want %v", stop, i, wb, wa)
			}
		}
	}
}

func TestBatcherSeekRefuses(t *testing.T) {
	b, err := NewBatcher(sequence(101), 10, 3) // streams of 10, windows at 0, 3, 6
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct{ epoch, offset int64 }{{-1, 0}, {0, -1}, {0, 10}, {0, 1 << 40}} {
		if b.SeekTo(p.epoch, p.offset) == nil {
			t.Errorf("epoch %d offset %d was accepted", p.epoch, p.offset)
		}
	}
	if epoch, offset := b.Position(); epoch != 0 || offset != 0 {
		t.Errorf("a refused seek moved to %d, %d", epoch, offset)
	}
	// Where a window of another length could begin and this one cannot.
	if err := b.SeekTo(4, 8); err != nil {
		t.Fatal(err)
	}
	if epoch, offset := b.Position(); epoch != 5 || offset != 0 {
		t.Errorf("too near the end for a window: at %d, %d, want the next epoch", epoch, offset)
	}
}

// TestBatcherSetWindow changes the window at random and follows each stream by
// hand: every token of it in order, until no whole window is left.
func TestBatcherSetWindow(t *testing.T) {
	const n, B = 500, 3
	const cols = (n - 1) / B
	random := rand.New(rand.NewPCG(1, 2))
	b, err := NewBatcher(sequence(n), B, 10)
	if err != nil {
		t.Fatal(err)
	}
	K, at, epoch := 10, 0, int64(0)
	for range 300 {
		if random.IntN(3) == 0 {
			K = 1 + random.IntN(cols)
			if err := b.SetWindow(K); err != nil {
				t.Fatal(err)
			}
			if at+K > cols {
				at, epoch = 0, epoch+1
			}
		}
		if e, o := b.Position(); e != epoch || o != int64(at) {
			t.Fatalf("position %d, %d, want %d, %d", e, o, epoch, at)
		}
		x, y := make([]int32, K*B), make([]int32, K*B)
		if reset := b.Next(x, y); reset != (at == 0) {
			t.Fatalf("reset %v at %d", reset, at)
		}
		for i := range x {
			want := int32(i%B*cols + at + i/B)
			if x[i] != want || y[i] != want+1 {
				t.Fatalf("at %d, step %d of stream %d: x %d y %d, want %d %d", at, i/B, i%B, x[i], y[i], want, want+1)
			}
		}
		if at += K; at+K > cols {
			at, epoch = 0, epoch+1
		}
	}
	if err := b.SetWindow(cols + 1); err == nil {
		t.Error("a window longer than a stream was accepted")
	}
	if k, _ := b.Shape(); k != K {
		t.Errorf("a refused window changed the shape to %d", k)
	}
}

func TestBatcherAllocatesNothing(t *testing.T) {
	b, err := NewBatcher(sequence(blockLen+1000), 8, 50)
	if err != nil {
		t.Fatal(err)
	}
	x, y := make([]int32, 8*50), make([]int32, 8*50)
	if n := testing.AllocsPerRun(1000, func() { b.Next(x, y) }); n != 0 {
		t.Errorf("a window allocates %v times", n)
	}
}
