package corpora

import (
	"fmt"

	"rnnscope/core/say"
)

// Batcher cuts n tokens into B parallel streams of cols = ⌊(n-1)/B⌋ tokens and
// each stream into windows of K steps. Stream b is tokens b·cols … (b+1)·cols-1,
// its targets are the tokens one later. Windows start at 0, K, 2K, … while a
// whole one fits; then the next epoch begins. The order is never shuffled.
type Batcher struct {
	ids     IDs
	b, k    int
	cols    int
	epoch   int64
	offset  int // into each stream, of the next window; one always fits there
	trained int64
	row     []int32 // a stream's window and the token after it
}

// NewBatcher is the batcher of B streams and windows of K. Tokens that do not
// fill one window are a *TooShortError.
func NewBatcher(ids IDs, B, K int) (*Batcher, error) {
	if B < 1 {
		return nil, &Error{What: say.Textf("batch must be 1 or more, not %d", B)}
	}
	t := &Batcher{ids: ids, b: B, cols: (ids.Len() - 1) / B}
	if err := t.SetWindow(K); err != nil {
		return nil, err
	}
	return t, nil
}

// Shape is the window's: K steps of B streams.
func (t *Batcher) Shape() (K, B int) { return t.k, t.b }

// Windows is the number of windows in an epoch.
func (t *Batcher) Windows() int { return t.cols / t.k }

// Tokens is the number of targets handed out so far. After SeekTo it is what
// windows of the present size would have handed out up to there.
func (t *Batcher) Tokens() int64 { return t.trained }

// Next fills the next window, inputs x and targets y, [K,B] time-major each,
// and says whether the state is to be zeroed before it: an epoch begins.
func (t *Batcher) Next(x, y []int32) (reset bool) {
	if len(x) != t.k*t.b || len(y) != len(x) {
		panic(fmt.Sprintf("corpora: window buffers of %d and %d, want %d", len(x), len(y), t.k*t.b))
	}
	reset = t.offset == 0
	for b := range t.b {
		t.ids.Fill(t.row, b*t.cols+t.offset)
		for s, i := 0, b; s < t.k; s, i = s+1, i+t.b {
			x[i], y[i] = t.row[s], t.row[s+1]
		}
	}
	t.trained += int64(len(x))
	t.offset += t.k
	t.wrap()
	return reset
}

// wrap begins the next epoch when no whole window is left in this one.
func (t *Batcher) wrap() {
	if t.offset+t.k > t.cols {
		t.epoch, t.offset = t.epoch+1, 0
	}
}

// Position is where the next window starts: its epoch and its offset into each
// stream, in tokens.
func (t *Batcher) Position() (epoch, offset int64) { return t.epoch, int64(t.offset) }

// SeekTo goes to a position that Position returned with the same streams. Where
// the window has become longer since, and no longer fits there, that is the
// beginning of the next epoch.
func (t *Batcher) SeekTo(epoch, offset int64) error {
	if offset > int64(t.cols-t.k) && offset < int64(t.cols) && epoch >= 0 {
		epoch, offset = epoch+1, 0
	}
	if epoch < 0 || offset < 0 || offset > int64(t.cols-t.k) {
		return &Error{What: say.Textf("no window starts at token %s of epoch %s: streams have %s tokens, windows %d", grouped(offset), grouped(epoch), grouped(int64(t.cols)), t.k)}
	}
	t.epoch, t.offset = epoch, int(offset)
	t.trained = (epoch*int64(t.Windows()*t.k) + offset) * int64(t.b)
	return nil
}

// SetWindow makes windows K steps long from the present position on.
func (t *Batcher) SetWindow(K int) error {
	if K < 1 {
		return &Error{What: say.Textf("window must be 1 or more, not %d", K)}
	}
	if K > t.cols {
		return &TooShortError{Tokens: int64(t.ids.Len()), Batch: t.b, Window: K}
	}
	t.k, t.row = K, make([]int32, K+1)
	t.wrap()
	return nil
}
