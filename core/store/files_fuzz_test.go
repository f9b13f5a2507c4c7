package store

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A run.json that is read agrees with itself, and is read again as it is
// written.
func FuzzRunJSON(f *testing.F) {
	info := infoOf(f, small)
	info.Format = Format
	text, err := json.Marshal(info)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":1,"model":{"cell":"gru","vocab":2,"embed":1,"hidden":1,"layers":1,"dropout":0},"vocabulary":{"level":"word","tokenizer":"punct","lowercase":true,"tokens":["<unk>","a"]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		i, err := parseInfo("run.json", b)
		if err != nil {
			return
		}
		if i.Vocabulary.Len() != i.Model.Vocab || i.Model.Validate() != nil {
			t.Fatalf("%+v", i)
		}
		text, err := json.Marshal(i)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseInfo("run.json", text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

// What stands beside an exported model agrees with itself, and is read again as
// it is written.
func FuzzCompanion(f *testing.F) {
	info := infoOf(f, small)
	f.Add(encode(companion{info.Model, info.Vocabulary, info.Corpus}))
	f.Add([]byte(`{"model":{"cell":"rnn","vocab":2,"embed":1,"hidden":1,"layers":1},"vocabulary":null}`))
	f.Add([]byte(`{"model":{"cell":"rnn","vocab":3,"embed":1,"hidden":1,"layers":1},"vocabulary":["a","b"]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := parseCompanion(b)
		if c == nil {
			return
		}
		if c.Model.Validate() != nil || c.Vocabulary != nil && c.Vocabulary.Len() != c.Model.Vocab {
			t.Fatalf("%+v", c)
		}
		if again := parseCompanion(encode(*c)); again == nil {
			t.Fatalf("%s is not read again", encode(*c))
		}
	})
}

// Metrics: rows are lines of the file, by update but for what has none, and no
// event of an update is there twice unless one leg of the run has it twice.
func FuzzHistory(f *testing.F) {
	f.Add([]byte("{\"event\":\"update\",\"update\":1}\n{\"event\":\"update\",\"update\":2}\n{\"event\":\"valid\",\"update\":2}\n{\"event\":\"update\",\"update\":2}\n{\"ev"))
	f.Add([]byte("{\"event\":\"done\"}\n{\"update\":-3}\n{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := collected(history("metrics.jsonl", bytes.NewReader(b)))
		if err != nil {
			return
		}
		if n := bytes.Count(b, []byte{'\n'}); len(rows) > n {
			t.Fatalf("%d rows of %d lines", len(rows), n)
		}
		before := int64(0)
		for _, r := range rows {
			if !json.Valid(r.JSON) {
				t.Fatalf("%q is a row", r.JSON)
			}
			if r.Update >= 0 && r.Update < before {
				t.Fatalf("update %d comes after %d", r.Update, before)
			}
			before = max(before, r.Update)
		}
	})
}
