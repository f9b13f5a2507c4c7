package probe

import (
	"fmt"
	"strings"
	"testing"

	"rnnscope/core/scope"
)

// Features of a text written out by hand; "-" is where one is not known.
func TestTextFeatures(t *testing.T) {
	text := "(a\n[“Hi b!”\n\n我,7"
	var tokens []string
	for _, r := range text {
		tokens = append(tokens, string(r))
	}
	got := map[string]string{}
	for _, f := range TextFeatures(tokens, true) {
		var line []string
		for _, v := range f.Values {
			if v != v {
				line = append(line, "-")
			} else {
				line = append(line, fmt.Sprint(v))
			}
		}
		got[f.Name] = strings.Join(line, "")
	}
	want := map[string]string{
		//                    ( a ⏎ [ “ H i   b ! ” ⏎ ⏎ 我 , 7
		"line position":     "---0123456780012",
		"to line end":       "2108765432100---",
		"sentence position": "----------012345",
		"to sentence end":   "9876543210------",
		"inside quotes":     "0000111111000000",
		"bracket depth":     "1112222222220000",
		"position in word":  "0100012010000000",
		"letter":            "0100011010000000",
		"space":             "0010000100011000",
		"punctuation":       "1001100001100010",
	}
	for name, line := range want {
		if got[name] != line {
			t.Errorf("%-18s %s, want %s", name, got[name], line)
		}
	}
	for _, name := range []string{"CJK", "digit", "capital"} {
		if _, there := got[name]; there {
			t.Errorf("%s holds at one token only and is a feature", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("features %v", got)
	}
}

// At word level a token is a word: it has no position in one. A lone closer and
// an unknown symbol are passed over.
func TestTextFeaturesOfWords(t *testing.T) {
	tokens := []string{")", "The", "(", "key", ")", "", "<eos>", "A", "x", "y", "<eos>"}
	for _, f := range TextFeatures(tokens, false) {
		switch f.Name {
		case "position in word", "space":
			t.Errorf("%s is a feature of words", f.Name)
		case "bracket depth":
			if f.Values[0] != 0 || f.Values[3] != 1 || f.Values[4] != 0 {
				t.Errorf("depth %v", f.Values)
			}
		case "to line end":
			if f.Values[0] != 6 || f.Values[6] != 0 || f.Values[7] != 3 {
				t.Errorf("to line end %v", f.Values)
			}
		}
	}
	if f := scope.KnownIn("n", true, 5, []scope.KnownSpan{{From: 1, To: 3, Value: 1}, {From: 4, To: 9, Value: 0}}); fmt.Sprint(f.Values) != "[NaN 1 1 NaN 0]" {
		t.Errorf("known %v", f.Values)
	}
}

// No text makes a feature of another length, a binary one that is not 0 or 1,
// or a depth below 0.
func FuzzTextFeatures(f *testing.F) {
	f.Add("(a\n[“Hi b!”\n\n我,7", true)
	f.Add(")\xff\x00\"'", false)
	f.Fuzz(func(t *testing.T, text string, letters bool) {
		tokens := strings.Split(text, "")
		if !letters {
			tokens = strings.Split(text, " ")
		}
		for _, x := range TextFeatures(tokens, letters) {
			if len(x.Values) != len(tokens) {
				t.Fatalf("%s has %d values for %d tokens", x.Name, len(x.Values), len(tokens))
			}
			for i, v := range x.Values {
				if v < 0 || v > float32(len(tokens)) || x.Binary && v != 0 && v != 1 {
					t.Fatalf("%s is %v at token %d", x.Name, v, i)
				}
			}
		}
	})
}
