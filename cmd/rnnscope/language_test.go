package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rnnscope/core/say"
	"rnnscope/corpora"
	"rnnscope/tui/words"
)

// tree visits every command of the program in a language.
func tree(lang words.Lang, visit func(c *cobra.Command)) {
	p := newProgram(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	p.lang = lang
	var all func(c *cobra.Command)
	all = func(c *cobra.Command) {
		visit(c)
		for _, sub := range c.Commands() {
			all(sub)
		}
	}
	all(p.root())
}

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// comments are the parts of an example that are no commands.
func comments(example string) []string {
	var out []string
	for line := range strings.SplitSeq(example, "\n") {
		if at := strings.LastIndex(line, "  "); at > 0 && strings.TrimSpace(line[:at]) != "" {
			out = append(out, line[at+2:])
		}
	}
	return out
}

// Help has no text that only English readers can read.
func TestHelpIsChinese(t *testing.T) {
	seen := 0
	tree(words.Chinese, func(c *cobra.Command) {
		seen++
		path := c.CommandPath()
		if !han(c.Short) {
			t.Errorf("%s: short text %q", path, c.Short)
		}
		if c.Long != "" && !han(c.Long) {
			t.Errorf("%s: long text %q", path, c.Long)
		}
		for _, comment := range comments(c.Example) {
			if !han(comment) {
				t.Errorf("%s: example %q", path, comment)
			}
		}
		c.LocalFlags()
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !han(f.Usage) {
				t.Errorf("%s --%s: %q", path, f.Name, f.Usage)
			}
			if strings.Contains(f.DefValue, " ") && !han(f.DefValue) {
				t.Errorf("%s --%s: default %q", path, f.Name, f.DefValue)
			}
		})
	})
	if seen < 15 {
		t.Errorf("only %d commands", seen)
	}
}

// dataPhrases are what corpora and formats keep in English, to be looked up.
func dataPhrases(t *testing.T) map[string]bool {
	used := map[string]bool{}
	for _, s := range []string{
		"train", "valid", "test", "all", "char", "word", "download", "the model's output is not finite",
		"Usage:", "[flags]", "Examples:", "Commands:", "Flags:", "string", "int", "float", "uint",
	} {
		used[s] = true
	}
	for _, g := range flagGroups {
		used[string(g.heading)] = true
	}
	used[string(otherFlags)] = true
	for _, d := range corpora.Catalogue() {
		used[d.Notice] = true
	}
	for _, e := range corpora.List() {
		used[string(e.Kind)] = true
		used[e.Syntax] = true
		variants := e.Variants
		if len(variants) == 0 {
			variants = []corpora.Variant{{Name: e.Name}}
		}
		for _, v := range variants {
			d, err := corpora.Show(v.Name)
			if err != nil {
				t.Fatal(err)
			}
			used[v.Forgotten] = true
			used[d.Phenomenon] = true
			for _, class := range d.Classes {
				used[class] = true
			}
		}
	}
	delete(used, "")
	return used
}

// numbered is the entry of a phrase that ends in a number.
func numbered(phrase string) string {
	if at := strings.LastIndexByte(phrase, ' '); at > 0 {
		return phrase[:at] + " …"
	}
	return phrase
}

// Every phrase that is looked up has an entry, and every entry is looked up.
func TestPhrasesAreComplete(t *testing.T) {
	used := dataPhrases(t)
	for phrase := range used {
		if !han(words.Say(words.Chinese, say.Phrase(phrase))) {
			t.Errorf("no Chinese for %q", phrase)
		}
	}
	tree(words.English, func(c *cobra.Command) {
		used[c.Short], used[c.Long] = true, true
		for _, comment := range comments(c.Example) {
			used[comment] = true
		}
		c.Flags().VisitAll(func(f *pflag.Flag) { used[f.Usage], used[f.DefValue] = true, true })
	})
	for _, name := range []string{"help", "flags", "names", "formats_help"} {
		for _, english := range keys(t, filepath.Join("..", "..", "tui", "words", "zh_"+name+".go")) {
			found := used[english]
			for phrase := range used {
				found = found || numbered(phrase) == english
			}
			if !found {
				t.Errorf("zh_%s.go: nothing uses %q", name, english)
			}
		}
	}
}

// keys are those of the map literals in a file.
func keys(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			if lit, ok := kv.Key.(*ast.BasicLit); ok {
				key, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, key)
			}
		}
		return true
	})
	if len(out) == 0 {
		t.Errorf("%s has no entries", path)
	}
	return out
}

// No line of help is wider than a terminal, in either language.
func TestHelpFitsTheTerminal(t *testing.T) {
	for _, lang := range words.Langs() {
		tree(lang, func(c *cobra.Command) {
			out, errs, status := call(t, "", append(strings.Fields(c.CommandPath())[1:], "--help", "--lang", string(lang))...)
			if status != 0 || errs != "" {
				t.Errorf("%s --help: status %d, %q", c.CommandPath(), status, errs)
			}
			for line := range strings.Lines(out) {
				if n := ansi.StringWidth(strings.TrimRight(line, "\n")); n > 80 {
					t.Errorf("%s --help in %s: a line of %d columns: %s", c.CommandPath(), lang, n, line)
				}
			}
			if han(out) != (lang == words.Chinese) {
				t.Errorf("%s --help in %s: %s", c.CommandPath(), lang, out)
			}
		})
	}
}

// Commands with many flags list each of them under a heading that says what it
// is about.
func TestManyFlagsAreGrouped(t *testing.T) {
	grouped := 0
	tree(words.English, func(c *cobra.Command) {
		all := groups(c)
		if len(all) == 1 {
			return
		}
		grouped++
		listed := map[string]bool{}
		for _, g := range all {
			for _, f := range g.flags {
				listed[f.Name] = true
				if g.heading == otherFlags && f.Name != "help" && f.Name != "version" {
					t.Errorf("%s --%s has no heading; see flagGroups", c.CommandPath(), f.Name)
				}
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !listed[f.Name] {
				t.Errorf("%s --%s is not listed", c.CommandPath(), f.Name)
			}
		})
	})
	if grouped < 2 {
		t.Errorf("%d commands have headings", grouped)
	}
}

// Where --lang stands, and what goes wrong beside it, does not matter.
func TestLangActsOnWrongCalls(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"--lang zh --nothing", "没有这个选项：--nothing"},
		{"--nothing --lang zh", "没有这个选项：--nothing"},
		{"train --nothing --lang=zh", "没有这个选项：--nothing"},
		{"train --lr fast --lang zh", `--lr 不能是 "fast"`},
		{"train --lang zh --lr", "选项缺少值：--lr"},
		{"-q --lang zh", "没有这个短选项：-q 中的 'q'"},
		{"train --=3 --lang zh", "选项的写法不对：--=3"},
		{"--lang zh help nothing", `没有名为 "nothing" 的命令`},
		{"train --nothing -- --lang zh", "unknown flag: --nothing"},
		{"train --lang fr", `lang must be en or zh, not "fr"`},
		{"train --lang zh --lang fr", `lang 只能是 en 或 zh，不能是 "fr"`},
		{"train --lang zh --lang en --nothing", "unknown flag: --nothing"},
	} {
		out, errs, status := call(t, "", strings.Fields(c.args)...)
		if status != exitUsage || out != "" || !strings.HasPrefix(errs, "rnnscope: "+c.want+"\n") {
			t.Errorf("%s: status %d, %q, %q; want %q", c.args, status, out, errs, c.want)
		}
	}
}

// The environment chooses the language, a flag over it.
func TestEnvironmentChoosesTheLanguage(t *testing.T) {
	for _, c := range []struct {
		env, args string
		chinese   bool
	}{
		{"zh_CN.UTF-8", "--version", true},
		{"zh_CN.UTF-8", "--version --lang en", false},
		{"en_US.UTF-8", "--version", false},
		{"en_US.UTF-8", "--lang=zh --version", true},
	} {
		p := process(strings.Fields(c.args)...)
		p.Env = append(p.Env, "LC_ALL="+c.env)
		out, err := p.CombinedOutput()
		if err != nil || han(string(out)) != c.chinese {
			t.Errorf("LC_ALL=%s rnnscope %s: %v, %s", c.env, c.args, err, out)
		}
	}
}

// times are what differs between two runs of the same training.
var volatile = regexp.MustCompile(`"(seconds|tokens_per_s|train_tokens_per_s|ms_per_update|sample_us_per_token|gflops|peak_gflops|sustained_gflops|out)":("[^"]*"|[0-9.e+-]+)`)

// JSON is the same in every language, and so are the files of a run.
func TestJSONHasNoLanguage(t *testing.T) {
	dir := t.TempDir()
	run := map[words.Lang]string{}
	all := map[words.Lang]string{}
	for _, lang := range words.Langs() {
		run[lang] = filepath.Join(dir, string(lang))
		for _, args := range [][]string{
			append([]string{"train", "agreement", "--updates", "30", "--eval-every", "10", "--json", "--out", run[lang]}, small...),
			append([]string{"train", "agreement", "--updates", "60", "--lr", "1e9", "--clip", "0", "--json", "--out", run[lang] + "-broken"}, small...),
			{"eval", run[lang], "--json"},
			{"sample", run[lang], "--json", "--length", "20"},
			{"trace", run[lang], "the dog walks", "--json"},
			{"trace", run[lang], "the dog walks", "--influence", "--json"},
			{"score", run[lang], "the dog walks", "the dog walk", "--json"},
			{"ngram", "reber", "--smoothing", "mle,katz,mkn", "--order", "1..3", "--json"},
			{"corpora", "list", "--json"},
			{"corpora", "show", "story", "--json"},
			{"corpora", "write", "story", "--split", "test"},
		} {
			out, _, _ := call(t, "", append(args, "--lang", string(lang))...)
			all[lang] += volatile.ReplaceAllString(out, `"$1":`)
		}
		metrics, err := os.ReadFile(filepath.Join(run[lang], "metrics.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		all[lang] += volatile.ReplaceAllString(string(metrics), `"$1":`)
		all[lang] = strings.ReplaceAll(all[lang], run[lang], "RUN")
	}
	en, zh := strings.Split(all[words.English], "\n"), strings.Split(all[words.Chinese], "\n")
	if len(en) < 1000 || len(en) != len(zh) {
		t.Fatalf("%d and %d lines", len(en), len(zh))
	}
	for i := range en {
		if en[i] != zh[i] {
			t.Fatalf("line %d:\n%s\n%s", i, en[i], zh[i])
		}
	}
}

// Tables keep their columns with Chinese words in them.
func TestColumnsInChinese(t *testing.T) {
	out, _, _ := call(t, "", "corpora", "--lang", "zh")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	column := func(line, word string) int {
		before, _, found := strings.Cut(line, word)
		if !found {
			t.Fatalf("%q has no %q", line, word)
		}
		return ansi.StringWidth(before)
	}
	kind, level := column(lines[0], "种类"), column(lines[0], "级别")
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, " ") {
			continue
		}
		rest := strings.TrimLeft(line[strings.IndexByte(line, ' '):], " ")
		if ansi.StringWidth(line)-ansi.StringWidth(rest) != kind {
			t.Errorf("kind not at column %d: %s", kind, line)
		}
		rest = strings.TrimLeft(rest[strings.IndexByte(rest, ' '):], " ")
		if ansi.StringWidth(line)-ansi.StringWidth(rest) != level {
			t.Errorf("level not at column %d: %s", level, line)
		}
	}
}

// Every line that training and evaluation print to people is Chinese, but for
// what the model writes and the names of its parts.
func TestTrainingIsChinese(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	args := append([]string{"train", "agreement", "--updates", "30", "--eval-every", "10", "--out", dir, "--lang", "zh"}, small...)
	out, errs, status := call(t, "", args...)
	if status != 0 || errs != "" {
		t.Fatal(errs)
	}
	evaluated, _, _ := call(t, "", "eval", dir, "--lang", "zh")
	for line := range strings.Lines(out + evaluated) {
		if !han(line) && !strings.HasPrefix(line, "  ") {
			t.Errorf("%q", line)
		}
		if strings.Contains(line, "%!") {
			t.Errorf("%q", line)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		s       string
		columns int
		whole   string
		want    string
	}{
		{"one two three", 7, "", "one two|three"},
		{"one two three", 80, " (default 3)", "one two three (default 3)"},
		{"one two three", 20, " (default 3)", "one two three|(default 3)"},
		{"隐藏状态的门", 6, "", "隐藏状|态的门"},
		{"隐藏，状态", 4, "", "隐|藏，|状态"},
		{"隐藏（状态）", 6, "", "隐藏|（状|态）"},
		{"输出 logit。", 8, "", "输出|logit。"},
		{"层数", 10, "（默认 2）", "层数|（默认 2）"},
		{"unbreakable", 4, "", "unbreakable"},
		{"", 10, "", ""},
	} {
		if got := strings.Join(wrap(c.s, c.columns, c.whole), "|"); got != c.want {
			t.Errorf("%q in %d columns: %q, want %q", c.s, c.columns, got, c.want)
		}
	}
}

// A paragraph is wrapped to the terminal, whatever it was broken for; lists and
// empty lines stand.
func TestParagraphs(t *testing.T) {
	got := paragraphs("one\ntwo\n\nthree:\n  a  1\n  b  2\n\nfour")
	want := []string{"one two", "", "three:", "  a  1", "  b  2", "", "four"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
