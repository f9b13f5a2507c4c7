package corpora

import (
	"crypto/sha256"
	"encoding/hex"
	"math"

	"rnnscope/core/say"
)

// Open reads a text: a built-in name (with its variant, as in recall:20), the
// name of a downloaded text, a path, or "-" for standard input. A file that is
// called like a built-in text is reached as ./name.
func Open(name string, opt Options) (*Corpus, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	m, err := find(name, opt.Stdin)
	if err != nil {
		return nil, err
	}
	defer m.close()
	if !opt.LevelSet {
		opt.Level = m.level
	}
	if opt.Valid != "" || opt.Test != "" {
		if err := m.replace(name, opt); err != nil {
			return nil, err
		}
	}
	r := newReader(opt)
	for part, s := range m.sources {
		if s.r == nil {
			r.skip(part)
		} else if err := r.read(part, s); err != nil {
			return nil, err
		}
	}
	c, err := r.corpus(m.cut)
	if err != nil {
		return nil, err
	}
	c.Name, c.Builtin = name, m.builtin
	m.describe(c)
	return c, nil
}

// reader reads the parts of a corpus one after another into one sequence.
type reader struct {
	opt     Options
	tokens  tokenizer
	from    [4]int // where each part begins, and the end
	name    string
	bytes   int64
	digests []byte // of the parts, in hex
}

func newReader(opt Options) *reader {
	r := &reader{opt: opt}
	if opt.Level == Word {
		r.tokens = newWords(opt.Tokens, opt.Lowercase, opt.Lines)
	} else {
		r.tokens = newChars(opt.Lowercase)
	}
	return r
}

func (r *reader) skip(part int) { r.from[part+1] = r.tokens.len() }

func (r *reader) read(part int, s source) error {
	scan := scanner{source: s, lossy: r.opt.Lossy, progress: r.opt.Progress, buffer: bufferSize, text: r.tokens.text}
	if err := scan.run(); err != nil {
		return err
	}
	r.tokens.end()
	r.bytes += scan.bytes
	r.digests = hex.AppendEncode(r.digests, scan.hash.Sum(nil))
	r.from[part+1] = r.tokens.len()
	if part == train {
		r.name = s.name
	}
	return nil
}

// corpus gives the tokens read their final ids and cuts them into splits.
func (r *reader) corpus(cut bool) (*Corpus, error) {
	c := &Corpus{Level: r.opt.Level, Bytes: r.bytes, SHA256: r.sha256(), Options: r.opt}
	ids, symbols := r.tokens.done()
	n := r.from[train+1]
	if n < 2 {
		return nil, &Error{
			What: say.Textf("%s: %s is too short: there is nothing to predict", r.name, r.opt.Level.units(int64(n))),
			Hint: say.Textf("try a built-in text: rnnscope corpora"),
		}
	}
	if cut {
		r.from[valid], r.from[test] = cuts(n, r.opt.Split)
		r.from[test+1] = n
	}
	parts := [3]*Split{&c.Train, &c.Valid, &c.Test}
	var counts [3][]int64 // of the provisional ids in each part
	for part, split := range parts {
		split.IDs = ids.Slice(r.from[part], r.from[part+1])
		counts[part] = make([]int64, len(symbols))
		split.IDs.count(counts[part])
	}
	final, err := r.vocabulary(c, symbols, counts)
	if err != nil {
		return nil, err
	}
	ids.remap(final)
	c.Counts = make([]int64, c.Vocab.Len())
	for p, id := range final {
		if id >= 0 {
			c.Counts[id] += counts[train][p]
		}
	}
	for part, split := range parts {
		split.FloorNats = math.NaN()
		for p, id := range final {
			if id < 0 || int(id) == c.Vocab.unknown {
				split.Unknown += counts[part][p]
			}
		}
	}
	return c, nil
}

// vocabulary makes the vocabulary, or takes the one that was given, and returns
// the final id of each provisional one.
func (r *reader) vocabulary(c *Corpus, symbols []string, counts [3][]int64) (final []int32, err error) {
	if c.Vocab = r.opt.Vocab; c.Vocab != nil {
		final = make([]int32, len(symbols))
		for p, s := range symbols {
			final[p] = c.Vocab.id(s)
		}
		return final, nil
	}
	if r.opt.Level == Word {
		c.Vocab, final, err = wordVocabulary(symbols, counts, r.opt)
	} else {
		c.Vocab, final, err = charVocabulary(symbols, r.opt.Lowercase)
	}
	if err != nil {
		return nil, err
	}
	if c.Vocab.Len() < 2 {
		return nil, &Error{
			What: say.Textf("%s: nothing to predict: every token is %q", r.name, c.Vocab.Token(0)),
			Hint: say.Textf("try a built-in text: rnnscope corpora"),
		}
	}
	return final, nil
}

func (r *reader) sha256() string {
	if len(r.digests) == hex.EncodedLen(sha256.Size) {
		return string(r.digests)
	}
	sum := sha256.Sum256(r.digests)
	return hex.EncodeToString(sum[:])
}
