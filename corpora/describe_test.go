package corpora

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestGrammarChanged: what the grammar knows stays with the tokens it made, and
// goes when they are changed or replaced.
func TestGrammarChanged(t *testing.T) {
	plain, err := Open("recall", Options{})
	if err != nil {
		t.Fatal(err)
	}
	few := strings.Repeat("aBcAbC?\n", 10)
	known := func(s Split) bool { return !math.IsNaN(s.FloorNats) }
	for _, c := range []struct {
		name        string
		opt         Options
		valid, test bool // are known
	}{
		{"as it is", Options{}, true, true},
		{"the vocabulary of a model trained on it", Options{Vocab: plain.Vocab}, true, true},
		{"other words of the command line", Options{MinCount: 3, Lines: true}, true, true},
		{"lower case", Options{Lowercase: true}, false, false},
		{"a vocabulary without some of it", Options{Vocab: vocabulary(t, Char, Space, false, "A", "b")}, false, false},
		{"other validation text", Options{Valid: write(t, "few", few)}, false, false},
		{"its own validation split", Options{Valid: "recall"}, true, false},
		{"its own test split", Options{Test: "recall"}, false, true},
		{"another grammar", Options{Valid: "recall:20", Test: "recall"}, false, true},
	} {
		got, err := Open("recall", c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if known(got.Valid) != c.valid || known(got.Test) != c.test {
			t.Errorf("%s: floors %v and %v", c.name, got.Valid.FloorNats, got.Test.FloorNats)
		}
		if (len(got.Valid.Scored) > 0) != c.valid || (len(got.Test.Scored) > 0) != c.test {
			t.Errorf("%s: %d and %d scored positions", c.name, len(got.Valid.Scored), len(got.Test.Scored))
		}
		if (got.Phenomenon != nil) != (known(got.Train) || c.valid || c.test) {
			t.Errorf("%s: phenomenon %v", c.name, got.Phenomenon)
		}
		for _, s := range got.Test.Scored {
			id := int32(got.Test.IDs.At(s.Pos))
			if set := got.Phenomenon.Choices[s.Choice][s.Right]; !slices.Contains(set, id) {
				t.Fatalf("%s: token %d is %q, and not right", c.name, s.Pos, got.Vocab.Token(int(id)))
			}
		}
	}
}

// TestBuiltinsAsOtherSplits: a grammar stands for its split of the kind asked
// for, a text for all of itself.
func TestBuiltinsAsOtherSplits(t *testing.T) {
	grammar, err := Open("recall", Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := write(t, "text", "some text of a user\n")
	c, err := Open(text, Options{Valid: "recall", Test: "fables"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Valid.IDs.Len(), grammar.Valid.IDs.Len(); got != want {
		t.Errorf("validation has %d tokens, recall's has %d", got, want)
	}
	if got, want := c.Vocab.Decode(ids(c.Test.IDs)), fablesText; got != want {
		t.Errorf("the test split is %d bytes, the fables are %d", len(got), len(want))
	}
	if c.Train.IDs.Len() != 20 || c.Builtin || c.Phenomenon != nil {
		t.Errorf("%d tokens to train on, builtin %v, phenomenon %v", c.Train.IDs.Len(), c.Builtin, c.Phenomenon)
	}
}
