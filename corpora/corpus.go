package corpora

import (
	"io"
	"math"

	"rnnscope/core/say"
)

// Options says how a text becomes tokens. The zero value reads characters and
// keeps 0.9 for training, 0.05 for validation and 0.05 for test.
type Options struct {
	Level    Level
	LevelSet bool // the level was asked for; otherwise a built-in text has its own
	Tokens   Tokens
	MinCount int // words of the training split rarer than this are <unk>
	// Lowercase reads code point by code point in lower case, Lossy reads bytes
	// that are not UTF-8 as U+FFFD, Lines drops blank lines at word level.
	Lowercase, Lossy, Lines bool
	Split                   [3]float64
	// Valid and Test name texts of their own for these splits; the text opened
	// is then all training text.
	Valid, Test string
	// Vocab, when not nil, holds instead of the text's own vocabulary, and its
	// level, tokens and lower case with it.
	Vocab *Vocabulary `json:"-"`

	Stdin io.Reader `json:"-"` // what "-" reads; os.Stdin when nil
	// Progress is called about ten times a second while a text is read; total
	// is -1 when it is not known.
	Progress func(read, total int64) `json:"-"`
}

// Corpus is a text as token ids, with its vocabulary and its three splits.
type Corpus struct {
	Name    string // as the user called it
	Builtin bool
	Level   Level
	Vocab   *Vocabulary
	Counts  []int64 // of each token of the vocabulary in the training split

	Train, Valid, Test Split
	// Bytes and SHA256 identify what was read: of one text its own sha256, of
	// several that of the sha256 of each, in hex, in the order of the splits.
	Bytes   int64
	SHA256  string
	Options Options // as used

	Phenomenon *Phenomenon // nil unless generated

	// StandIn says that this is not the text a run was trained on but one in its
	// place, to read states with: what is counted in it says nothing.
	StandIn bool
}

// Tokens is the number of tokens in all splits.
func (c *Corpus) Tokens() int64 {
	return int64(c.Train.IDs.Len()) + int64(c.Valid.IDs.Len()) + int64(c.Test.IDs.Len())
}

// Batches cuts the training split for B streams and windows of K.
func (c *Corpus) Batches(B, K int) (*Batcher, error) {
	t, err := NewBatcher(c.Train.IDs, B, K)
	if short, ok := err.(*TooShortError); ok {
		short.Name, short.Level, short.Total = c.Name, c.Level, c.Tokens()
	}
	return t, err
}

// check refuses options that make no sense, and fills in the defaults.
func (o *Options) check() error {
	if o.Split == [3]float64{} {
		o.Split = [3]float64{0.9, 0.05, 0.05}
	}
	sum := 0.0
	for _, share := range o.Split {
		if !(share >= 0 && share <= 1) {
			return &Error{What: say.Textf("a share of the split must be between 0 and 1, not %v", share)}
		}
		sum += share
	}
	if math.Abs(sum-1) > 1e-9 || o.Split[0] == 0 {
		return &Error{What: say.Textf("the shares of the split must sum to 1 and leave some to train on, not %v", o.Split)}
	}
	if v := o.Vocab; v != nil {
		if o.LevelSet && o.Level != v.level {
			return &Error{What: say.Textf("the vocabulary is one of the %v level, not %v", v.level, o.Level)}
		}
		o.Level, o.LevelSet, o.Tokens, o.Lowercase = v.level, true, v.cut, v.lowercase
	}
	return nil
}
