// Package core_test holds the import table of the project: which package may
// know which. Somebody who adds an import that the table does not have is
// stopped here and either finds another way or changes the table on purpose.
package core_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// all stands for every package of the module.
const all = "*"

// allowed lists what each package may import from this module besides
// core/task and core/say, which everybody may. Test files and generators are free.
var allowed = map[string][]string{
	"core/say":        {},
	"core/task":       {},
	"core/lock":       {},
	"core/kernel":     {},
	"core/scope":      {},
	"core/sample":     {"core/kernel"},
	"core/ngram":      {"core/sample"},
	"corpora":         {},
	"core/rnn":        {"core/kernel", "core/sample"},
	"core/window":     {"core/kernel", "core/sample"},
	"core/train":      {"core/rnn", "core/window", "core/kernel", "core/scope"},
	"core/probe":      {"core/rnn", "core/kernel", "core/scope", "core/sample"},
	"core/lag":        {"core/lock", "core/kernel", "core/rnn", "core/train", "core/probe", "core/scope", "corpora"},
	"core/store":      {"core/lock", "core/rnn", "core/kernel", "core/train", "core/scope", "corpora"},
	"core/session":    {"core/kernel", "core/rnn", "core/window", "core/ngram", "core/train", "core/probe", "core/lag", "core/sample", "core/scope", "core/store", "corpora"},
	"views":           {"core/scope"},
	"views/picture":   {"core/scope", "views"},
	"tui/words":       {},
	"tui":             {"core/scope", "core/session", "views", "views/picture", "tui/words"},
	"tui/terminal":    {},
	"tui/budget":      {"tui/terminal"},
	"cmd/rnnscope":    {all},
	"core/kernel/gen": {},
}

func TestImportTable(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "rnnscope/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], "rnnscope/")
		if pkg == "core" {
			continue
		}
		rule, ok := allowed[pkg]
		if !ok {
			t.Errorf("%s is not in the import table", pkg)
		}
		seen++
		for _, imported := range words[1:] {
			other, ours := strings.CutPrefix(imported, "rnnscope/")
			if ours && !slices.Contains([]string{"core/task", "core/say"}, other) && !slices.Contains(rule, other) && !slices.Contains(rule, all) {
				t.Errorf("%s imports %s; it may import %v", pkg, other, rule)
			}
		}
	}
	if seen < 8 {
		t.Fatalf("go list found only %d packages", seen)
	}
}
