package corpora

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rnnscope/core/say"
)

// Vocabulary is the ordered list of tokens that a model knows, and how text is
// cut into them. It does not change once it is made.
type Vocabulary struct {
	level     Level
	cut       Tokens
	lowercase bool
	tokens    []string
	ids       map[string]int32

	unknown, eos, newline int // -1 where there is none
}

// NewVocabulary is the vocabulary of tokens in the given order, which must
// differ. Tokens that no text yields, such as <pad>, are allowed.
func NewVocabulary(level Level, cut Tokens, lowercase bool, tokens []string) (*Vocabulary, error) {
	v := &Vocabulary{level: level, cut: cut, lowercase: lowercase, tokens: tokens}
	v.ids = make(map[string]int32, len(tokens))
	for id, t := range tokens {
		switch other, twice := v.ids[t]; {
		case t == "":
			return nil, &Error{What: say.Textf("token %d of the vocabulary is empty", id)}
		case !utf8.ValidString(t):
			return nil, &Error{What: say.Textf("token %d of the vocabulary is not UTF-8", id)}
		case twice:
			return nil, &Error{What: say.Textf("tokens %d and %d of the vocabulary are both %q", other, id, t)}
		}
		v.ids[t] = int32(id)
	}
	if len(tokens) == 0 {
		return nil, &Error{What: say.Textf("the vocabulary is empty")}
	}
	v.unknown, v.eos, v.newline = -1, -1, -1
	if level == Word {
		v.unknown, v.eos = v.find(Unknown), v.find(EndOfLine)
	} else {
		v.newline = v.find("\n")
	}
	return v, nil
}

func (v *Vocabulary) find(token string) int {
	if id, ok := v.ids[token]; ok {
		return int(id)
	}
	return -1
}

// Len is V, the number of tokens.
func (v *Vocabulary) Len() int { return len(v.tokens) }

// Token is the token with an id.
func (v *Vocabulary) Token(id int) string { return v.tokens[id] }

// ID is the id of a token.
func (v *Vocabulary) ID(token string) (id int, ok bool) {
	n, ok := v.ids[token]
	return int(n), ok
}

func (v *Vocabulary) Level() Level    { return v.level }
func (v *Vocabulary) Tokens() Tokens  { return v.cut }
func (v *Vocabulary) Lowercase() bool { return v.lowercase }

// Unknown is the id of <unk> at word level, -1 where there is none. At char
// level there never is: what a character vocabulary lacks has no id.
func (v *Vocabulary) Unknown() int { return v.unknown }

// EOS is the id of <eos> at word level, -1 where there is none.
func (v *Vocabulary) EOS() int { return v.eos }

// Newline is the id of the newline at char level, -1 where there is none.
func (v *Vocabulary) Newline() int { return v.newline }

// Start is what a sentence begins after: <eos> or newline, by level; -1 where
// the vocabulary has none.
func (v *Vocabulary) Start() int {
	if v.level == Word {
		return v.eos
	}
	return v.newline
}

// id is the id that a text's token gets: its own, that of <unk>, or -1.
func (v *Vocabulary) id(token string) int32 {
	if id, ok := v.ids[token]; ok {
		return id
	}
	return int32(v.unknown)
}

// Encode cuts text as the corpus was cut. At word level a newline is <eos>; the
// end of text adds none. What the vocabulary lacks is <unk>, or -1 where the
// vocabulary has no <unk>.
func (v *Vocabulary) Encode(text string) []int32 {
	if v.level == Char {
		ids := make([]int32, 0, len(text))
		for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
			if v.lowercase {
				r = unicode.ToLower(r)
			}
			ids = append(ids, v.id(string(r)))
		}
		return ids
	}
	var ids []int32
	cut := newCutter(v.cut, func(word []byte) {
		s := string(word)
		if v.lowercase {
			s = lowercase(s)
		}
		ids = append(ids, v.id(s))
	}, func() { ids = append(ids, v.id(EndOfLine)) })
	cut.text([]byte(string([]rune(text)))) // a bad byte is U+FFFD
	cut.end()
	return ids
}

// Cut is what Encode makes ids of, a token for each: the symbols of the text
// itself, also those that the vocabulary lacks, lowercased where it is.
func (v *Vocabulary) Cut(text string) []string {
	var out []string
	if v.level == Char {
		for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
			if v.lowercase {
				r = unicode.ToLower(r)
			}
			out = append(out, string(r))
		}
		return out
	}
	cut := newCutter(v.cut, func(word []byte) {
		s := string(word)
		if v.lowercase {
			s = lowercase(s)
		}
		out = append(out, s)
	}, func() { out = append(out, EndOfLine) })
	cut.text([]byte(string([]rune(text)))) // a bad byte is U+FFFD
	cut.end()
	return out
}

// Decode writes ids as text.
func (v *Vocabulary) Decode(ids []int32) string {
	var text strings.Builder
	j := v.Joiner()
	for _, id := range ids {
		text.WriteString(j.Next(id))
	}
	return text.String()
}

// Joiner writes tokens as text, one after another.
type Joiner struct {
	v      *Vocabulary
	inLine bool
}

// Joiner begins a text, at the start of a line.
func (v *Vocabulary) Joiner() *Joiner { return &Joiner{v: v} }

// Next is what the token adds to the text: at word level a space if it does
// not begin a line, then the word; for <eos>, a newline. A token that the
// vocabulary does not have is U+FFFD or <unk>.
func (j *Joiner) Next(id int32) string {
	if j.v.level == Char {
		if id < 0 {
			return string(utf8.RuneError)
		}
		return j.v.tokens[id]
	}
	if id >= 0 && int(id) == j.v.eos {
		j.inLine = false
		return "\n"
	}
	word := Unknown
	if id >= 0 {
		word = j.v.tokens[id]
	}
	if j.inLine {
		return " " + word
	}
	j.inLine = true
	return word
}

// stored is a vocabulary in run.json.
type stored struct {
	Level     Level    `json:"level"`
	Cut       Tokens   `json:"tokenizer"`
	Lowercase bool     `json:"lowercase"`
	Tokens    []string `json:"tokens"`
}

func (v *Vocabulary) MarshalJSON() ([]byte, error) {
	return json.Marshal(stored{v.level, v.cut, v.lowercase, v.tokens})
}

func (v *Vocabulary) UnmarshalJSON(b []byte) error {
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	read, err := NewVocabulary(s.Level, s.Cut, s.Lowercase, s.Tokens)
	if err != nil {
		return err
	}
	*v = *read
	return nil
}

// charVocabulary is the symbols of a text by code point, and where each
// provisional id goes.
func charVocabulary(symbols []string, lower bool) (*Vocabulary, []int32, error) {
	order := make([]int32, len(symbols))
	for i := range order {
		order[i] = int32(i)
	}
	// UTF-8 sorts as the code points do.
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(symbols[a], symbols[b]) })
	final := make([]int32, len(symbols))
	tokens := make([]string, len(symbols))
	for id, p := range order {
		final[p], tokens[id] = int32(id), symbols[p]
	}
	v, err := NewVocabulary(Char, Space, lower, tokens)
	return v, final, err
}

// wordVocabulary keeps the words that stand at least opt.MinCount times in the
// training split, most frequent first and ties by first appearance, after <unk>
// (if one occurs) and <eos>. counts has the provisional ids of each split.
func wordVocabulary(symbols []string, counts [3][]int64, opt Options) (*Vocabulary, []int32, error) {
	occurs := func(p int) bool { return counts[train][p]+counts[valid][p]+counts[test][p] > 0 }
	unknown := occurs(provisionalUnknown)
	var kept []int32
	for p := provisionalUnknown + 1; p < len(symbols); p++ {
		if counts[train][p] >= int64(max(1, opt.MinCount)) {
			kept = append(kept, int32(p))
		} else {
			unknown = unknown || occurs(p)
		}
	}
	slices.SortStableFunc(kept, func(a, b int32) int { return cmp.Compare(counts[train][b], counts[train][a]) })

	order := []int32{provisionalEOS}
	if unknown {
		order = []int32{provisionalUnknown, provisionalEOS}
	}
	order = append(order, kept...)
	final := make([]int32, len(symbols)) // 0 is <unk> wherever one occurs
	tokens := make([]string, len(order))
	for id, p := range order {
		final[p], tokens[id] = int32(id), symbols[p]
	}
	v, err := NewVocabulary(Word, opt.Tokens, opt.Lowercase, tokens)
	return v, final, err
}
