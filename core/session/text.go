package session

import (
	"math"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"rnnscope/corpora"
)

// Text is the corpus of an exploration as a screen reads it. It never changes:
// any goroutine may ask.
type Text struct {
	Name           string
	Title, TitleZH string // of a built-in text, else ""
	Level          string // char or word
	Splits         [3]Part
	Floor, Forgets float64 // nats per token of the validation split; NaN when not known
	Phenomenon     string
	corpus         *corpora.Corpus
}

// Part is a split of a text.
type Part struct {
	Name    string // train, valid, test
	Tokens  int
	Unknown int64
}

// Token is a token of a text: its id, and what it is called.
type Token struct {
	ID      int
	Text    string // as it is written in a vocabulary: <eos>, newline as itself
	Unknown bool
}

func newText(c *corpora.Corpus) *Text {
	t := &Text{Name: c.Name, Level: c.Level.String(), Floor: c.Valid.FloorNats, Forgets: math.NaN(), corpus: c}
	for i, s := range [3]*corpora.Split{&c.Train, &c.Valid, &c.Test} {
		t.Splits[i] = Part{[3]string{"train", "valid", "test"}[i], s.IDs.Len(), s.Unknown}
	}
	if c.Phenomenon != nil {
		t.Phenomenon, t.Forgets = c.Phenomenon.Title, c.Phenomenon.Forgets
	}
	if c.Builtin {
		family, _, _ := strings.Cut(c.Name, ":")
		for _, e := range corpora.List() {
			if family == e.Name || slices.Contains(e.Aliases, family) {
				t.Title, t.TitleZH = e.Title, e.TitleZH
			}
		}
	}
	switch {
	case t.Name == "-":
		t.Name = "stdin"
	case !c.Builtin:
		t.Name = filepath.Base(t.Name)
	}
	return t
}

// StandIn says that this is not the text of the run that is watched.
func (t *Text) StandIn() bool { return t.corpus.StandIn }

// Vocab is V.
func (t *Text) Vocab() int { return t.corpus.Vocab.Len() }

// Word says that tokens are words.
func (t *Text) Word() bool { return t.corpus.Level == corpora.Word }

// Token names an id; -1 is a symbol that the vocabulary does not have.
func (t *Text) Token(id int) string {
	if id < 0 {
		return "\uFFFD"
	}
	return t.corpus.Vocab.Token(id)
}

// Read is tokens from … from+n-1 of a split (0 train, 1 validation, 2 test), as
// many as there are.
func (t *Text) Read(split, from, n int) []Token {
	s := [3]*corpora.Split{&t.corpus.Train, &t.corpus.Valid, &t.corpus.Test}[split]
	from = max(0, min(from, s.IDs.Len()))
	n = max(0, min(n, s.IDs.Len()-from))
	ids := make([]int32, n)
	s.IDs.Fill(ids, from)
	out := make([]Token, n)
	for i, id := range ids {
		out[i] = Token{int(id), t.Token(int(id)), id < 0 || int(id) == t.corpus.Vocab.Unknown()}
	}
	return out
}

// Stream is n tokens from offset on of stream b of B, as the trainer reads
// them.
func (t *Text) Stream(b, B, offset, n int) []Token {
	cols := (t.corpus.Train.IDs.Len() - 1) / B
	return t.Read(0, b*cols+offset, min(n, cols-offset))
}

// Counted is a token of the vocabulary and how often the training split has it.
type Counted struct {
	Token
	Count int64
}

// Counts lists the vocabulary, most frequent first.
func (t *Text) Counts() []Counted {
	v := t.corpus.Vocab
	out := make([]Counted, v.Len())
	for id := range out {
		out[id] = Counted{Token{ID: id, Text: v.Token(id), Unknown: id == v.Unknown()}, t.corpus.Counts[id]}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Count > out[j].Count })
	return out
}

// training is the beginning of the training text, at most so many bytes.
func (t *Text) training(most int) string {
	var out []byte
	j := t.corpus.Vocab.Joiner()
	const piece = 1 << 14
	ids := make([]int32, piece)
	for from := 0; from < t.corpus.Train.IDs.Len(); from += piece {
		part := ids[:min(piece, t.corpus.Train.IDs.Len()-from)]
		t.corpus.Train.IDs.Fill(part, from)
		for _, id := range part {
			out = append(out, j.Next(id)...)
			if len(out) >= most {
				return string(out)
			}
		}
	}
	return string(out)
}

// Measures are what counting says of a text.
type Measures struct {
	Unigram   float64 // entropy of a token, nats
	Bigram    float64 // entropy of a token given the one before it; NaN when there are too many pairs to count
	Pairs     int     // distinct ones
	Lines     int
	LineMean  float64 // of those that are not empty, tokens
	LineTop   int     // the longest, tokens
	Lengths   []int64 // lines by length: a histogram of LineWidth tokens a bar
	LineWidth int
}

// mostPairs is how many distinct pairs are counted.
const mostPairs = 1 << 20

// Measure counts through the training split; stop ends it early (nil).
func (t *Text) Measure(stop func() bool) *Measures {
	ids, v := t.corpus.Train.IDs, t.corpus.Vocab
	end := v.Start() // <eos> or newline
	m := &Measures{LineWidth: 1}
	single := make([]int64, v.Len())
	pairs := map[uint64]int64{}
	var lengths []int64
	const piece = 1 << 14
	part := make([]int32, piece)
	last, line, written := int32(-1), 0, 0
	for from := 0; from < ids.Len(); from += piece {
		if stop() {
			return nil
		}
		p := part[:min(piece, ids.Len()-from)]
		ids.Fill(p, from)
		for _, id := range p {
			if id < 0 {
				last = -1
				continue
			}
			single[id]++
			if last >= 0 && pairs != nil {
				pairs[uint64(last)<<32|uint64(id)]++
				if len(pairs) > mostPairs {
					pairs = nil
				}
			}
			last = id
			if int(id) != end {
				line++
				continue
			}
			for len(lengths) <= min(line, mostLengths) {
				lengths = append(lengths, 0)
			}
			lengths[min(line, mostLengths)]++
			m.Lines++
			if line > 0 {
				m.LineMean += float64(line)
				written++
			}
			m.LineTop = max(m.LineTop, line)
			line = 0
		}
	}
	if written > 0 {
		m.LineMean /= float64(written)
	}
	m.Unigram = entropy(single)
	m.Bigram, m.Pairs = math.NaN(), len(pairs)
	if pairs != nil {
		counts := make([]int64, 0, len(pairs))
		before := make([]int64, v.Len())
		for pair, n := range pairs {
			counts = append(counts, n)
			before[pair>>32] += n
		}
		m.Bigram = entropy(counts) - entropy(before) // H(x,y) - H(x)
	}
	for len(lengths) > 60 {
		half := lengths[:0]
		for i := 0; i < len(lengths); i += 2 {
			n := lengths[i]
			if i+1 < len(lengths) {
				n += lengths[i+1]
			}
			half = append(half, n)
		}
		lengths = half
		m.LineWidth *= 2
	}
	m.Lengths = lengths
	return m
}

// mostLengths is the length of line from which on lengths are not told apart.
const mostLengths = 1 << 16

// entropy of what was counted, in nats.
func entropy(counts []int64) float64 {
	total, sum := 0.0, 0.0
	for _, n := range counts {
		if n > 0 {
			total += float64(n)
			sum += float64(n) * math.Log(float64(n))
		}
	}
	if total == 0 {
		return 0
	}
	return math.Log(total) - sum/total
}

// Known is the share of a text's tokens that the vocabulary has.
func (t *Text) Known(texts ...string) float64 {
	n, all := 0, 0
	for _, text := range texts {
		ids := t.corpus.Vocab.Encode(text)
		all += len(ids)
		for _, id := range ids {
			if id >= 0 && int(id) != t.corpus.Vocab.Unknown() {
				n++
			}
		}
	}
	return float64(n) / float64(max(1, all))
}

// Backwards is a text with its tokens in the other order.
func (t *Text) Backwards(text string) string {
	ids := t.corpus.Vocab.Encode(text)
	slices.Reverse(ids)
	return strings.TrimSpace(t.join(ids))
}

// join writes tokens as text.
func (t *Text) join(ids []int32) string {
	var b strings.Builder
	j := t.corpus.Vocab.Joiner()
	for _, id := range ids {
		b.WriteString(j.Next(id))
	}
	return b.String()
}

// Phrase is n tokens from the middle of the validation split, or else of the
// training split, that begin a word and hold no end of a line: something to
// begin with where a text is typed.
func (t *Text) Phrase(n int) string {
	split := &t.corpus.Valid
	if split.IDs.Len() < 10*n {
		split = &t.corpus.Train
	}
	ids := make([]int32, min(split.IDs.Len(), 4000))
	split.IDs.Fill(ids, (split.IDs.Len()-len(ids))/2)
	v := t.corpus.Vocab
	letters := func(id int32) bool { return id >= 0 && int(id) != v.Start() && int(id) != v.Unknown() }
	spaced := slices.ContainsFunc(ids, func(id int32) bool { return id >= 0 && v.Token(int(id)) == " " })
	for from := 1; from+n <= len(ids); from++ {
		before := ids[from-1]
		if !t.Word() && spaced && !(before >= 0 && v.Token(int(before)) == " ") {
			continue
		}
		first, _ := utf8.DecodeRuneInString(t.Token(int(ids[from])))
		if part := ids[from : from+n]; unicode.IsLetter(first) && !slices.ContainsFunc(part, func(id int32) bool { return !letters(id) }) {
			return strings.TrimSpace(t.join(part))
		}
	}
	return ""
}

// Unknown says that an id is of <unk>, or of no token.
func (t *Text) Unknown(id int) bool { return id < 0 || id == t.corpus.Vocab.Unknown() }

// Compared are the built-in pairs of sentences.
func (t *Text) Compared() []Pair { return corpora.Pairs() }

// Pair is two sentences to look at side by side, or one.
type Pair = corpora.Pair
