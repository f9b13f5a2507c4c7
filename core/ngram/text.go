package ngram

import "fmt"

// Tokens is a text as ids; corpora.IDs is one. An id of -1 is a symbol without
// an id: nothing is counted across it.
type Tokens interface {
	Len() int
	Fill(dst []int32, from int) // copies the tokens from … from+len(dst)-1
}

// IDs is a text in a slice.
type IDs []int32

func (s IDs) Len() int                   { return len(s) }
func (s IDs) Fill(dst []int32, from int) { copy(dst, s[from:]) }

// block is how many tokens are asked of a text at once.
const block = 1 << 16

// sequence copies the text, with a V before each sentence where lines are
// sentences. An n-gram ends before any id that is not in [0, V).
func sequence(text Tokens, o Options) []int32 {
	n, boundaries := text.Len(), 0
	if o.Lines {
		boundaries = n/8 + 1
	}
	seq := make([]int32, 0, n+boundaries)
	begins := true
	each(text, 0, func(id int32) {
		if id < -1 || id >= int32(o.Vocab) {
			panic(fmt.Sprintf("ngram: token %d is outside the vocabulary of %d", id, o.Vocab))
		}
		if o.Lines && begins {
			seq = append(seq, int32(o.Vocab))
		}
		begins = id == int32(o.EOS)
		seq = append(seq, id)
	})
	return seq
}

// each visits the tokens from a position on.
func each(text Tokens, from int, visit func(id int32)) {
	var buffer [block]int32
	for n := text.Len(); from < n; from += block {
		ids := buffer[:min(block, n-from)]
		text.Fill(ids, from)
		for _, id := range ids {
			visit(id)
		}
	}
}
