package corpora

import (
	"encoding/json"
	"testing"
)

// A vocabulary file that is read gives tokens with ids of their own, and they
// come back from JSON.
func FuzzVocabularyFile(f *testing.F) {
	for _, s := range []string{`["a","\n"]`, `{"a":1,"b":0}`, "a\n\"\\n\"\n\"quoted\n", `{"vocabulary":{"level":"char","tokens":["x","y"]}}`, `{"vocab_size":2,"itos":{"0":"a"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := vocabularyOf(b, Options{})
		if err != nil {
			return
		}
		for id := range v.Len() {
			if got, ok := v.ID(v.Token(id)); !ok || got != id {
				t.Fatalf("token %d, %q, has id %d", id, v.Token(id), got)
			}
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := vocabularyOf([]byte(`{"vocabulary":`+string(text)+`}`), Options{})
		if err != nil || again.Len() != v.Len() || again.Level() != v.Level() {
			t.Fatalf("%s: %v", text, err)
		}
	})
}
