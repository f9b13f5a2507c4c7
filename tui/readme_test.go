package tui

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"rnnscope/tui/words"
)

// keyReference is the list of keys as the README has it: a table a screen.
func keyReference(w *words.Screen) string {
	var b strings.Builder
	table := func(title string, keep func(k action) bool) {
		fmt.Fprintf(&b, "\n**%s**\n\n| %s | |\n|---|---|\n", title, w.Keys.Key)
		for _, k := range actions() {
			if keep(k) {
				var names []string
				for _, key := range k.keys {
					names = append(names, "`"+(&App{}).keyName(key)+"`")
				}
				fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(names, " "), k.text(w).Long)
			}
		}
	}
	for _, t := range tabs() {
		text := t.text(w)
		table(t.key+" "+text.Title, func(k action) bool { return k.tab == t.name })
	}
	table(w.Keys.Everywhere, func(k action) bool { return k.tab == "" })
	return b.String()
}

// The READMEs list the keys of the table:
//
//	go test ./tui -run TestReadmeListsTheKeys -update
func TestReadmeListsTheKeys(t *testing.T) {
	const from, to = "<!-- keys -->\n", "<!-- end of keys -->\n"
	for path, lang := range map[string]words.Lang{"../README.md": words.English, "../README.zh.md": words.Chinese} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := strings.Cut(string(text), from)
		got, after, ok2 := strings.Cut(rest, to)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for the keys", path)
		}
		want := keyReference(words.For(lang)) + "\n"
		if got == want {
			continue
		}
		if !*update {
			t.Errorf("%s lists other keys than the program has; go test ./tui -run TestReadmeListsTheKeys -update", path)
			continue
		}
		if err := os.WriteFile(path, []byte(before+from+want+to+after), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
